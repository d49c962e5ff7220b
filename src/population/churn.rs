//! Who leaves the service, and when: the only way to object, where a scenario says so.

use super::class::Classes;
use crate::random::{Domain, Key};
use crate::scenario::Scenario;

/// When those leave who object to any of the purposes.
#[derive(Clone, Copy, Debug)]
pub struct Churn {
    key: Key,
    /// First day, counted from the first day of the run: below 0 if it is before.
    from: i64,
    /// Number of days.
    within: u32,
}

impl Churn {
    /// `None` if nobody leaves.
    pub fn new(scenario: &Scenario, key: Key) -> Option<Self> {
        let uninstall = scenario.uninstall?;
        Some(Churn { key, from: (uninstall.from - scenario.start).num_days(), within: uninstall.within })
    }

    /// First day without the person, counted from the first day of the run; `None` if they stay. `class` is the class
    /// before leaving.
    ///
    /// The date has a block of random numbers of its own: the person is the same whether anybody leaves or not.
    pub fn day(&self, classes: &Classes, class: u16, id: u64) -> Option<i64> {
        if classes.left(class) == class {
            return None;
        }
        let [word, ..] = self.key.block(Domain::Person, id, 0, 1);
        Some(self.from + ((u128::from(word) * u128::from(self.within)) >> 64) as i64)
    }
}
