//! How much memory counters take: all that grows with days, jurisdictions, purposes, policies and orders.

use super::scope::{Population, Scopes};
use crate::policy::Compiled;
use crate::scenario::Scenario;

/// Bytes of the counters of a run on one thread; each thread has its own.
pub fn counter_bytes(scenario: &Scenario, compiled: &Compiled) -> u64 {
    let n = |n: usize| n as u64;
    let scopes = Scopes::new(scenario.jurisdictions.len());
    let (classes, categories, layers) = (n(compiled.classes.len()), n(scenario.categories.len()), n(compiled.layers()));
    let rows = n(compiled.policies) * n(compiled.purposes + 1);
    // Values, bytes and people of each group, events of each scope; values, bytes and people against each order.
    let day = rows * (3 * n(scopes.groups()) + n(scopes.count()))
        + rows * 3 * n(scenario.orders.len()) * n(Population::ALL.len());
    // Values and depths by class and category, people by class.
    let run = rows * classes * (categories * (layers + 1) + layers);
    8 * (u64::from(scenario.days) * day + run)
}
