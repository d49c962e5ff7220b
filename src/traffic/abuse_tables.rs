//! What abusive accounts do beyond what everybody does, as tables: one set for each abuse class.

use crate::random::distribution::{GuideTable, threshold};
use crate::scenario::{AbuseClass, Scenario};

/// Most strangers whom an account writes to on a day: at one every [`SESSION_GAP_MS`] they fit into a day.
pub const MOST_STRANGERS: f64 = 20_000.0;
/// Most groups that an account makes on a day: their numbers have five bits.
pub const MOST_GROUPS: u32 = 30;
/// Milliseconds from one message of a burst to the next.
pub const SESSION_GAP_MS: u32 = 4_000;

/// What an account of a class does on a day on which it is active.
#[derive(Clone, Debug)]
pub struct AbuseTables {
    /// Words of 32 bits below this: it acts today.
    pub acts: u64,
    /// Whether it writes to all of a day in one go.
    pub in_bursts: bool,
    /// Strangers whom it writes to.
    pub strangers: GuideTable,
    /// Words of 32 bits below this: a stranger who is there answers.
    pub answered: u64,
    /// Groups that it makes.
    pub groups: GuideTable,
    /// Strangers in each.
    pub members: u32,
    /// Messages to each.
    pub posts: GuideTable,
}

impl AbuseTables {
    /// Those of all abuse classes; empty if none does anything of its own.
    pub fn all(scenario: &Scenario) -> Vec<AbuseTables> {
        let classes = &scenario.file.abuse_classes;
        if classes.iter().all(|class| class.strangers == 0.0 && class.groups == 0.0) {
            return Vec::new();
        }
        let table = |class: &AbuseClass| {
            let burst = class.burst_days;
            AbuseTables {
                acts: threshold(burst),
                in_bursts: burst < 1.0,
                strangers: GuideTable::poisson((class.strangers / burst).min(MOST_STRANGERS)),
                answered: threshold(class.answered),
                groups: GuideTable::poisson((class.groups / burst).min(f64::from(MOST_GROUPS))),
                members: class.group_members,
                posts: GuideTable::poisson(class.posts),
            }
        };
        classes.iter().map(table).collect()
    }
}

/// Messages that abusive accounts add to an active day of an average user: to single people, with their answers, and to groups. So much less is left to everybody's
/// conversations, and messages in all stay what the scenario says.
pub fn abusive_messages(scenario: &Scenario) -> (f64, f64) {
    let there = scenario.file.traffic.active_day_share.value;
    let sum = |of: &dyn Fn(&AbuseClass) -> f64| {
        scenario.file.abuse_classes.iter().map(|class| class.share * of(class)).sum::<f64>()
    };
    (
        sum(&|class| {
            class.burst_days * (class.strangers / class.burst_days).min(MOST_STRANGERS) * (1.0 + there * class.answered)
        }),
        sum(&|class| class.burst_days * (class.groups / class.burst_days).min(f64::from(MOST_GROUPS)) * class.posts),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Overrides, load};

    #[test]
    fn messages_add_up_over_classes() {
        let changes = Overrides { people: Some(1_000), ..Overrides::default() };
        let mut scenario = load("cnil-2017".as_ref(), &changes).expect("it ships").0;
        let there = scenario.file.traffic.active_day_share.value;
        let (to_one, to_groups) = abusive_messages(&scenario);
        let expected = 0.001 * 40.0 * (1.0 + 0.03 * there)
            + 0.0008 * 12.0 * (1.0 + 0.05 * there)
            + 0.0006 * 1.5 * (1.0 + 0.3 * there);
        assert!((to_one - expected).abs() < 1e-12, "{to_one}");
        assert!((to_groups - 0.0006 * 0.5 * 3.0).abs() < 1e-12, "{to_groups}");
        assert_eq!(AbuseTables::all(&scenario).len(), 4);
        for class in &mut scenario.file.abuse_classes {
            (class.strangers, class.groups) = (0.0, 0.0);
        }
        assert!(AbuseTables::all(&scenario).is_empty() && abusive_messages(&scenario) == (0.0, 0.0));
    }
}
