//! What a run found in short: values and people by policy and purpose.

use std::collections::HashMap;

use crate::exposure::{ALL, ExposureRow};
use crate::output::following::{FollowingRow, Measured};
use crate::output::report::{PeopleReached, SummaryRow};
use crate::scenario::{Policy, Resolution, Scenario};

/// What follows from what a policy lets out, from its rows of `exposure`.
pub fn following_of(policy: &Policy, exposure: &[ExposureRow]) -> FollowingRow {
    let measured = |population: &str, metric: &str| {
        let mut rows = exposure
            .iter()
            .filter(|row| [&row.purpose, &row.jurisdiction, &row.category].iter().all(|of| &***of == ALL));
        let found = rows.find(|row| &*row.population == population && &*row.metric == metric);
        found
            .map_or_else(Measured::default, |row| Measured { value: row.value.as_f64(), interval: row.spread.interval })
    };
    FollowingRow {
        policy_id: policy.id.to_string(),
        policy: policy.title.clone(),
        facts: measured(ALL, "distinct_facts"),
        values_per_fact: measured(ALL, "values_per_fact"),
        by_others_alone: measured("objecting", "share_of_facts_through_others_alone"),
        objection_efficacy: measured("objecting", "objection_efficacy"),
        objection_efficacy_of_facts: measured("objecting", "objection_efficacy_of_facts"),
        half_time: measured("non_user", "half_time"),
    }
}

/// The rows of one policy, from its rows of `exposure`.
pub fn summary_of(scenario: &Scenario, policy: &Policy, exposure: &[ExposureRow]) -> Vec<SummaryRow> {
    let index: HashMap<_, (f64, Option<(f64, f64)>)> = exposure
        .iter()
        .filter(|r| &*r.jurisdiction == ALL && &*r.category == ALL)
        .map(|r| ((&*r.purpose, &*r.population, &*r.metric), (r.value.as_f64(), r.spread.interval)))
        .collect();
    let both = |purpose: &str, population: &str, metric: &str| {
        index.get(&(purpose, population, metric)).copied().unwrap_or_default()
    };
    let get = |purpose: &str, population: &str, metric: &str| both(purpose, population, metric).0;
    // Only a run in which some policy transforms has these rows.
    let exact = format!("people_exposed_as_{}", Resolution::Exact.id());
    let transformed = exposure.iter().any(|r| *r.metric == *exact);
    let row = |purpose: &crate::scenario::Purpose| {
        let reached = |population: &str| PeopleReached {
            people: get(&purpose.id, population, "people_exposed"),
            interval: both(&purpose.id, population, "coverage_of_group").1,
            share: (get(&purpose.id, population, "people") > 0.0)
                .then(|| get(&purpose.id, population, "coverage_of_group")),
        };
        SummaryRow {
            policy_id: policy.id.to_string(),
            policy: policy.title.clone(),
            purpose_id: purpose.id.to_string(),
            purpose: purpose.title.clone(),
            disclosed_values: get(&purpose.id, ALL, "disclosed_values"),
            values_interval: both(&purpose.id, ALL, "disclosed_values").1,
            not_objecting: reached("not_objecting"),
            objecting: reached("objecting"),
            non_user: reached("non_user"),
            as_they_are: transformed.then(|| get(&purpose.id, ALL, &exact)),
        }
    };
    scenario.purposes.iter().map(row).collect()
}
