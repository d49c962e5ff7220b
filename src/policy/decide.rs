//! The decision about one flow, with its reasons: the semantics in the plainest form.

use super::rule::{Role, Setting, matches};
use crate::scenario::{Effect, Expected, Policy, Resolution, Scenario};

/// What is decided about a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Outcome {
    /// Some permit matches and no forbid does.
    Permitted,
    /// A forbid matches.
    Forbidden,
    /// No rule matches.
    NotPermitted,
    /// There is no such flow: not collected, or not requested.
    NoFlow,
}

impl Outcome {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Outcome::Permitted => "permitted",
            Outcome::Forbidden => "forbidden",
            Outcome::NotPermitted => "not permitted",
            Outcome::NoFlow => "no flow",
        }
    }

    /// Whether it is what a test expects.
    pub fn is(self, expected: Expected) -> bool {
        matches!(
            (self, expected),
            (Outcome::Permitted, Expected::Permitted)
                | (Outcome::Forbidden, Expected::Forbidden)
                | (Outcome::NotPermitted, Expected::NotPermitted)
                | (Outcome::NoFlow, Expected::NoFlow)
        )
    }
}

/// A decision with its reasons.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Decision {
    /// What is decided.
    pub outcome: Outcome,
    /// Indices of the rules that decide: those that forbid if any does, else those that permit.
    pub rules: Vec<usize>,
    /// How exactly the value is let out, if it is: the finest of what the permits say.
    pub resolution: Option<Resolution>,
}

impl Decision {
    /// The decision if exactly these rules of a policy match, categories included, and the flow exists.
    pub fn of_matching(policy: &Policy, matching: impl Iterator<Item = usize> + Clone) -> Self {
        let having = |effect: Effect| matching.clone().filter(move |&r| policy.rules[r].effect == effect);
        let forbids: Vec<usize> = having(Effect::Forbid).collect();
        if !forbids.is_empty() {
            return Decision { outcome: Outcome::Forbidden, rules: forbids, resolution: None };
        }
        let permits: Vec<usize> = having(Effect::Permit).collect();
        let resolution = permits.iter().map(|&r| policy.rules[r].resolution).min();
        let outcome = if permits.is_empty() { Outcome::NotPermitted } else { Outcome::Permitted };
        Decision { outcome, rules: permits, resolution }
    }

    /// The decision that there is no flow.
    pub fn no_flow() -> Self {
        Decision { outcome: Outcome::NoFlow, rules: Vec::new(), resolution: None }
    }
}

/// Decides about the flow of a category in a setting, rule by rule.
pub fn decide(scenario: &Scenario, policy: &Policy, setting: &Setting, category: usize) -> Decision {
    if flows(scenario, setting.purpose, setting.kind as usize, setting.role == Role::Actor) >> category & 1 == 0 {
        return Decision::no_flow();
    }
    let hit = |&r: &usize| policy.rules[r].categories >> category & 1 == 1 && matches(&policy.rules[r], setting);
    Decision::of_matching(policy, (0..policy.rules.len()).filter(hit))
}

/// Mask of the categories of which there is a flow: collected for the role, and requested.
pub fn flows(scenario: &Scenario, purpose: usize, kind: usize, actor: bool) -> u32 {
    let collects = &scenario.kinds[kind];
    let collected = if actor { collects.actor } else { collects.counterparty };
    collected & scenario.purposes[purpose].requests
}
