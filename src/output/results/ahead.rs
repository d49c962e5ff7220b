//! How many rows a run's tables will have: known before it begins, so that one that would write for hours says so.

use std::collections::BTreeMap;

use crate::exposure::{Phase, PopulationGroup, knowledge_rows, rules_since};
use crate::policy::Compiled;
use crate::scenario::Scenario;
use crate::utility::utility_rows;

/// Most rows that a run writes: 250 million, some 30 GB as CSV.
pub const MOST_ROWS: u64 = 250_000_000;

/// Rows by table, as [`super::write`] will write them.
pub fn rows_ahead(scenario: &Scenario, compiled: &Compiled) -> BTreeMap<&'static str, u64> {
    let (policies, categories, days) =
        (scenario.policies.len() as u64, scenario.categories.len() as u64, u64::from(scenario.days));
    let resolutions = if compiled.layers() > 1 { compiled.resolutions.len() as u64 } else { 0 };
    // Each population, and all of them; each jurisdiction, and all of them; each purpose, and all of them.
    let populations = PopulationGroup::ALL.len() as u64 + 1;
    let scopes = populations * (scenario.jurisdictions.len() as u64 + 1);
    let cells = policies * (scenario.purposes.len() as u64 + 1);
    let dated = scenario.policies.iter().any(|policy| rules_since(scenario, policy) > 0);
    let leaving = if scenario.uninstall.is_some() { 3 } else { 0 };
    let by_scope = 29 + if dated { 3 } else { 0 } + leaving;
    // What objections are worth.
    let objecting = 8 * (scenario.jurisdictions.len() as u64 + 1);
    let resolved = resolutions * 2 * (scopes + categories);
    let of_cell = by_scope * scopes + populations * categories + objecting + resolved + 3 * categories;
    // What a purpose needs is no question to all of them.
    let exposure = cells * of_cell + policies * scenario.purposes.len() as u64;
    let days_since = |policy| match rules_since(scenario, policy) {
        0 => 0,
        day => days - u64::from(day),
    };
    let since_rules: u64 = scenario.policies.iter().map(days_since).sum();
    let first =
        2 * (days * cells * (scopes + categories) + since_rules * (scenario.purposes.len() as u64 + 1) * scopes);
    let mut rows = BTreeMap::from([
        ("exposure", exposure),
        ("replicates", exposure * u64::from(scenario.replicates)),
        ("differences", exposure / policies.max(1) * policies.saturating_sub(1)),
        ("daily", days * cells * 4 * scopes),
        ("first_exposure", first),
    ]);
    if !scenario.orders.is_empty() {
        let prohibited: u64 = scenario.orders.iter().map(|o| u64::from(o.prohibits.count_ones()) + 1).sum();
        let phases = Phase::ALL.len() as u64 + 1;
        let orders = scenario.orders.len() as u64;
        rows.insert("exceedance", policies * phases * (prohibited * 4 * populations + orders * 2));
        rows.insert("exceedance_daily", days * policies * prohibited * 3 * populations);
    }
    if scenario.utility.is_some() {
        rows.insert("utility", utility_rows(scenario));
    }
    if scenario.knowledge.is_some() {
        rows.insert("knowledge", knowledge_rows(scenario));
    }
    rows
}
