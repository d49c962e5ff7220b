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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Counters, Run};
    use crate::scenario::{Overrides, load};

    #[test]
    fn counters_take_what_is_said() {
        let overrides = Overrides { people: Some(300), days: Some(3), ..Overrides::default() };
        let loaded = load(std::path::Path::new("scenarios/cnil-2017.toml"), &overrides);
        let Ok((scenario, _)) = loaded else { panic!("the scenario does not load") };
        let run = Run::new(&scenario);
        let totals = run.execute(&scenario, 1, &Counters::default()).totals;
        let (v, r, e) = (&totals.volume, &totals.reach, &totals.exceedance);
        let daily = [&v.daily_values, &v.daily_bytes, &v.daily_events, &r.daily, &e.values, &e.bytes, &e.people];
        let whole = [&v.values, &r.depth, &r.people];
        let counters: usize = daily.into_iter().chain(whole).map(Vec::len).sum();
        let said = counter_bytes(&scenario, &run.compiled) / 8;
        assert!(said >= counters as u64 && said < counters as u64 * 3 / 2, "{said} for {counters}");
    }
}
