//! What a run found in short: values and people by policy and purpose.

use std::collections::HashMap;

use crate::exposure::{ALL, ExposureRow, FigureValue};
use crate::output::report::{PeopleReached, SummaryRow};
use crate::scenario::{Policy, Resolution, Scenario};

/// The rows of one policy, from its rows of `exposure`.
pub fn summary_of(scenario: &Scenario, policy: &Policy, exposure: &[ExposureRow]) -> Vec<SummaryRow> {
    let index: HashMap<_, FigureValue> = exposure
        .iter()
        .filter(|r| &*r.jurisdiction == ALL && &*r.category == ALL)
        .map(|r| ((&*r.purpose, &*r.population, &*r.metric), r.value))
        .collect();
    let get = |purpose: &str, population: &str, metric: &str| {
        index.get(&(purpose, population, metric)).map_or(0.0, |v| v.as_f64())
    };
    // Only a run in which some policy transforms has these rows.
    let exact = format!("people_exposed_as_{}", Resolution::Exact.id());
    let transformed = exposure.iter().any(|r| *r.metric == *exact);
    let row = |purpose: &crate::scenario::Purpose| {
        let reached = |population: &str| PeopleReached {
            people: get(&purpose.id, population, "people_exposed") as u64,
            share: (get(&purpose.id, population, "people") > 0.0)
                .then(|| get(&purpose.id, population, "coverage_of_group")),
        };
        SummaryRow {
            policy: policy.title.clone(),
            purpose: purpose.title.clone(),
            disclosed_values: get(&purpose.id, ALL, "disclosed_values") as u64,
            agreed: reached("agreed"),
            opted_out: reached("opted_out"),
            non_user: reached("non_user"),
            as_they_are: transformed.then(|| get(&purpose.id, ALL, &exact) as u64),
        }
    };
    scenario.purposes.iter().map(row).collect()
}
