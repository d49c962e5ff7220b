//! Whose doing: what people's own acts let out, and what the acts of others let out about them.

use super::{CellRows, Tabulation};
use crate::exposure::way::{ThroughOthers, Way};

impl CellRows<'_, '_> {
    /// Disclosed values of each scope that came by a way.
    pub(super) fn values_by_way(&self, way: Way) -> Vec<u64> {
        let Tabulation { compiled, totals, .. } = self.tabulation;
        let by_way = &totals.volume.by_way;
        let of = |class| self.purposes().map(|purpose| by_way[[self.policy, purpose, class, way as usize]]).sum();
        self.by_scope((0..compiled.classes.len()).map(of))
    }

    /// What is held about people of each scope through others.
    fn through_others(&self, what: ThroughOthers) -> Vec<u64> {
        let Tabulation { compiled, totals, .. } = self.tabulation;
        let counted = &totals.reach.through_others;
        let of = |class| counted[[self.policy, self.purpose, class, what as usize]];
        self.by_scope((0..compiled.classes.len()).map(of))
    }

    /// Rows of values by way, and of facts and people through others.
    pub(super) fn whose_doing(&mut self) {
        for way in Way::ALL {
            let values = self.values_by_way(way);
            self.add_counts(&format!("disclosed_values_by_{}", way.word()), &values, "flows");
        }
        let [facts, facts_alone, people, people_alone] = ThroughOthers::ALL.map(|what| self.through_others(what));
        self.add_counts("facts_through_others", &facts, "facts");
        self.add_counts("facts_through_others_alone", &facts_alone, "facts");
        self.add_counts("people_exposed_through_others", &people, "people");
        self.add_counts("people_exposed_through_others_alone", &people_alone, "people");
        let all = self.facts_by_scope();
        self.add_ratios("share_of_facts_through_others_alone", &facts_alone, &all, "share");
    }
}
