//! How soon: days until half of those whom the run reaches were reached; and what the rules reach that a policy ends with.

use super::super::row::FigureValue;
use super::{CellRows, Tabulation};
use crate::exposure::cube::Cube;
use crate::exposure::first::rules_since;

/// Whether a metric of `exposure` follows from what is counted day by day.
pub fn needs_days(metric: &str) -> bool {
    metric.starts_with("half_time") || metric.ends_with("_since_rules")
}

impl CellRows<'_, '_> {
    /// Rows of half-times; and of people since the rules that a policy ends with, if rules of any policy change in the run.
    pub(super) fn half_time(&mut self) {
        let Tabulation { scenario, totals, scopes, .. } = self.tabulation;
        let since = scenario.policies.iter().map(|policy| rules_since(scenario, policy)).collect::<Vec<_>>();
        let from_start = self.by_day(&totals.first.people, 0);
        for scope in scopes.all() {
            let days = half_time(from_start.iter().map(|day| day[scope.0]));
            self.add(scope, None, "half_time", FigureValue::Count(days), "days");
        }
        if since.iter().all(|day| *day == 0) {
            return;
        }
        let own = since[self.policy];
        let by_day = if own == 0 { from_start } else { self.by_day(&totals.first.since_rules, own) };
        let people: Vec<u64> = (0..scopes.count()).map(|scope| by_day.iter().map(|day| day[scope]).sum()).collect();
        self.add_counts("people_exposed_since_rules", &people, "people");
        let population = self.population();
        self.add_ratios("coverage_of_group_since_rules", &people, &population, "share");
        for scope in scopes.all() {
            let days = half_time(by_day.iter().map(|day| day[scope.0]));
            self.add(scope, None, "half_time_since_rules", FigureValue::Count(days), "days");
        }
    }

    /// People by scope who were first exposed on each day from one on.
    fn by_day(&self, first: &Cube<4>, from: u32) -> Vec<Vec<u64>> {
        let Tabulation { scenario, scopes, .. } = self.tabulation;
        let days = if first.is_empty() { 0..0 } else { from as usize..scenario.days as usize };
        days.map(|day| scopes.sums(first.under([day, self.policy, self.purpose]))).collect()
    }
}

/// The day, from 1, by whose end half of all were reached; 0 if nobody ever is.
fn half_time(first_by_day: impl Iterator<Item = u64> + Clone) -> u64 {
    let all: u64 = first_by_day.clone().sum();
    let mut reached = 0;
    let day = first_by_day.into_iter().position(|n| {
        reached += n;
        all > 0 && 2 * reached >= all
    });
    day.map_or(0, |day| day as u64 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_are_reached_by_the_end_of_a_day() {
        let of = |days: &[u64]| half_time(days.iter().copied());
        assert_eq!(of(&[10, 0, 0]), 1);
        assert_eq!(of(&[4, 0, 1, 5]), 3);
        assert_eq!(of(&[0, 0, 7]), 3);
        assert_eq!(of(&[0, 0]), 0);
        assert_eq!(of(&[]), 0);
    }
}
