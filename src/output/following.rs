//! What follows from what policies let out, in a row for each.

use serde::Serialize;

/// A figure with its interval.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Measured {
    /// The mean over replicates.
    pub value: f64,
    /// 95 % interval of the mean; none of a single replicate.
    pub interval: Option<(f64, f64)>,
}

/// What follows from what a policy lets out, to all purposes: figures that its text does not tell.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FollowingRow {
    /// Id and title of the policy.
    pub policy_id: String,
    /// See `policy_id`.
    pub policy: String,
    /// Distinct facts, (person, category).
    pub facts: Measured,
    /// How often each is let out.
    pub values_per_fact: Measured,
    /// Share of the facts about users who object that others alone told.
    pub by_others_alone: Measured,
    /// Share of the values about a user that an objection takes away.
    pub objection_efficacy: Measured,
    /// The same of facts.
    pub objection_efficacy_of_facts: Measured,
    /// Days until half of the people who never joined were reached of those who are; 0 if none is.
    pub half_time: Measured,
}
