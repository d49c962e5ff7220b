//! Leaving: what is let out about people who have no account any more. An objection ends with the account.

use super::{CellRows, Tabulation};

impl CellRows<'_, '_> {
    /// Rows of people who left, and of what is let out about them afterwards; if the scenario has people leave.
    pub(super) fn leaving(&mut self) {
        let Tabulation { scenario, compiled, totals, .. } = self.tabulation;
        if scenario.uninstall.is_none() {
            return;
        }
        let (reach, volume) = (&totals.reach, &totals.volume);
        let classes = || 0..compiled.classes.len();
        let left = self.by_scope(classes().map(|class| reach.left[[class]]));
        let exposed = &reach.exposed_after_leaving;
        let exposed = self.by_scope(classes().map(|class| exposed[[self.policy, self.purpose, class]]));
        // Values are counted by what people are on the day.
        let values_of = |class: usize| -> u64 {
            let gone = compiled.classes[class].left;
            let of_purpose = |purpose| volume.by_way.under([self.policy, purpose, class]).iter().sum::<u64>();
            if gone { self.purposes().map(of_purpose).sum() } else { 0 }
        };
        let values = self.by_scope(classes().map(values_of));
        self.add_counts("people_left", &left, "people");
        self.add_counts("people_exposed_after_leaving", &exposed, "people");
        self.add_counts("disclosed_values_after_leaving", &values, "flows");
    }
}
