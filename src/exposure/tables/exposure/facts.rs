//! Facts, not repetitions: the same phone number, let out a thousand times, is one fact.

use super::{CellRows, Tabulation};

impl CellRows<'_, '_> {
    /// Distinct facts of each scope: (person, category), however often disclosed.
    pub(super) fn facts_by_scope(&self) -> Vec<u64> {
        let Tabulation { compiled, totals, .. } = self.tabulation;
        let facts_of = |class| {
            let by_depth = totals.reach.depth.under([self.policy, self.purpose, class]);
            (1..).zip(by_depth).map(|(facts, people)| facts * people).sum()
        };
        self.by_scope((0..compiled.classes.len()).map(facts_of))
    }

    /// Disclosed values of each scope.
    pub(super) fn values_by_scope(&self) -> Vec<u64> {
        let Tabulation { compiled, totals, .. } = self.tabulation;
        let of_purpose = |purpose, class| totals.volume.by_way.under([self.policy, purpose, class]).iter().sum::<u64>();
        let of = |class| self.purposes().map(|purpose| of_purpose(purpose, class)).sum();
        self.by_scope((0..compiled.classes.len()).map(of))
    }

    /// Rows of facts, and of how often each was disclosed.
    pub(super) fn facts(&mut self) {
        let (facts, values, people) = (self.facts_by_scope(), self.values_by_scope(), self.population());
        self.add_counts("distinct_facts", &facts, "facts");
        self.add_ratios("values_per_fact", &values, &facts, "flows");
        self.add_ratios("values_per_person", &values, &people, "flows");
    }
}
