//! How much memory the counters of a run take: known before it begins, so that what can't end is refused.

use std::collections::HashSet;
use std::ops::Range;

use crate::exposure::{Contexts, Orders, PopulationGroup, ScoreScale, ThroughOthers, Way, rules_since};
use crate::policy::Compiled;
use crate::scenario::{Kind, Scenario};

/// Most memory for the counters of a run, whatever the machine: 4 GiB.
pub const MOST_MEMORY: u64 = 4 << 30;

/// Bytes of the counters of a run on so many threads: the large ones, of which each thread has its own.
///
/// An estimate from above for what grows with policies, orders, days and jurisdictions; what every run needs, some tens of MB, is no part
/// of it.
pub fn counters(scenario: &Scenario, compiled: &Compiled, threads: usize) -> u64 {
    let contexts = Contexts::new(compiled);
    let orders = Orders::new(scenario, compiled);
    let planes_on = |days: &Range<u32>| {
        let periods = compiled.period_of(days.start)..=compiled.period_of(days.end.saturating_sub(1).max(days.start));
        periods.flat_map(|period| contexts.planes_of(period)).collect::<HashSet<_>>().len()
    };
    let spans = orders.spans().iter().map(planes_on).sum::<usize>();
    // Policies whose rules change are looked at once more, from that day on.
    let changes = scenario.policies.iter().map(|policy| rules_since(scenario, policy)).filter(|day| *day > 0);
    let changes = changes.collect::<HashSet<_>>().len() * contexts.planes();
    let words = (contexts.words() + contexts.planes() + spans + changes) * (1 + usize::from(contexts.leaves()));
    let count = CounterSizes { scenario, compiled, contexts: contexts.count() as u64, words: words as u64 };
    let (own, shared) = (count.own(), count.shared());
    // What each replicate counted is kept until the tables are made.
    let kept = threads as u64 + u64::from(scenario.replicates.saturating_sub(1));
    own.saturating_mul(kept).saturating_add(shared)
}

/// What the sizes of counters follow from.
struct CounterSizes<'a> {
    scenario: &'a Scenario,
    compiled: &'a Compiled,
    contexts: u64,
    /// Words of marks per person: of the day, the run and the orders' spans of days.
    words: u64,
}

impl CounterSizes<'_> {
    /// Of one thread.
    fn own(&self) -> u64 {
        let s = self.scenario;
        let (days, orders, categories) = (u64::from(s.days), s.orders.len() as u64, s.categories.len() as u64);
        let (policies, purposes) = (self.compiled.policies as u64, self.compiled.purposes as u64);
        let (classes, layers) = (self.compiled.classes.len() as u64, self.compiled.layers() as u64);
        let groups = self.compiled.actor_groups() as u64;
        // A policy for a purpose, and for all.
        let (flows, cells) = (policies * purposes, policies * (purposes + 1));
        let scopes = (s.jurisdictions.len() as u64 + 1) * 4;
        let run = flows * classes * categories * layers
            + cells * (layers * (classes + categories) + classes * categories + scopes);
        let groups_of_people = s.jurisdictions.len() as u64 * PopulationGroup::ALL.len() as u64;
        let scores = ScoreScale::new(s).scores() as u64;
        let run = run + flows * classes * Way::ALL.len() as u64;
        let run = run + cells * (classes * ThroughOthers::ALL.len() as u64 + groups_of_people * scores);
        let run = run + classes * (1 + cells);
        let first = cells * (2 * groups_of_people + categories);
        let by_day = days.saturating_mul(2 * flows * classes + cells * (classes + scopes) + first);
        let against_orders = (3 * days + 4).saturating_mul(orders * cells * PopulationGroup::ALL.len() as u64);
        let kinds = Kind::COUNT as u64;
        let periods = self.compiled.periods.len() as u64;
        let decisions = periods * flows * kinds * groups * classes.div_ceil(64);
        let words = run.saturating_add(by_day).saturating_add(against_orders).saturating_add(decisions);
        // Masks of people who are alike, filters for their speed: 4 bytes each. Marks of people: 2 bytes.
        let masks = 3 * 1024 * cells * layers + policies * kinds * classes * (groups + 1);
        let marks = self.words.saturating_mul(1 << 16);
        words.saturating_mul(8).saturating_add(masks.saturating_mul(4)).saturating_add(marks.saturating_mul(2))
    }

    /// Of all threads together.
    fn shared(&self) -> u64 {
        let c = self.compiled;
        (self.contexts * (c.classes.len() * c.policies * c.purposes * c.layers()) as u64).saturating_mul(4)
    }
}

/// Bytes of memory that this machine has left for a run, as far as it says so.
pub fn available() -> Option<u64> {
    let left = std::fs::read_to_string("/proc/meminfo").ok().and_then(|text| {
        let line = text.lines().find(|l| l.starts_with("MemAvailable:"))?;
        Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? * 1024)
    });
    let granted = std::fs::read_to_string("/sys/fs/cgroup/memory.max").ok().and_then(|text| text.trim().parse().ok());
    left.into_iter().chain(granted).min()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::scenario::{Overrides, load};
    use crate::simulate::{self, Simulation};

    fn scenario(name: &str, days: u32) -> Scenario {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(name);
        let overrides = Overrides { people: Some(300), days: Some(days), replicates: Some(1), ..Overrides::default() };
        load(&path, &overrides).unwrap().0
    }

    /// The estimate is no less than what a run then has, and not so much more that it refuses what could be done.
    #[test]
    fn counters_are_as_large_as_estimated() {
        for (name, days) in [("cnil-2017.toml", 1), ("cnil-2017.toml", 400), ("hamburg-2016.toml", 90)] {
            let scenario = scenario(name, days);
            let run = Simulation::new(&scenario);
            let totals = run.run(1, &simulate::Counters::default()).totals;
            let words = totals.counters() as u64;
            let estimate = counters(&scenario, &run.compiled, 1);
            let small = 3 << 20;
            assert!(estimate >= words * 8, "{name}, {days} days: {estimate} for {} bytes", words * 8);
            assert!(estimate <= words * 8 + small, "{name}, {days} days: {estimate} for {} bytes", words * 8);
            assert!(counters(&scenario, &run.compiled, 4) > 3 * estimate);
            let more = Scenario { replicates: 4, ..scenario.clone() };
            assert_eq!(counters(&more, &run.compiled, 1), counters(&scenario, &run.compiled, 4));
        }
    }
}
