//! Advertising: what it is worth to the parent to know whose account is whose, a range and never a point.
//!
//! Of users who have an account with the parent, those whose identifier a policy lets out for the purpose are matched. Published estimates of what advertisements lose without data about the person
//! lie between a twenty-fifth (Marotta, Abhishek and Acquisti 2019: publishers) and a half (Johnson, Shriver and Du 2020: exchanges); what matching with a messenger adds to what the parent knows
//! already was never published, and is no more than that. So the value of a policy is *at most* the share times the revenue of those whom it matches: a bound, at either end of the range.

use super::let_out::{LetOut, by_class};
use super::table::{RowsOf, UtilityRow};
use crate::exposure::{ALL, FigureValue};
use crate::scenario::Advertising;
use crate::simulate::Simulation;

/// Word of the model.
pub const MODEL: &str = "advertising";

/// Users who have an account with the parent, and by policy how many of them are matched.
#[derive(Clone, Debug, PartialEq)]
pub struct Matched {
    both: u64,
    by_policy: Vec<u64>,
}

impl Matched {
    /// From the users of each class of people.
    pub fn new(world: &Simulation, asked: &Advertising, users: &[u64]) -> Self {
        let with_account = || {
            let classes = world.population.classes.all().iter().zip(users);
            classes.enumerate().filter(|(_, (class, _))| class.parent_account).map(|(number, (_, &n))| (number, n))
        };
        let matched = |policy| {
            let let_out = by_class(&world.compiled, (policy, asked.purpose), asked.identifiers);
            let merged = |class: usize| usize::from(world.compiled.merged[class]);
            with_account().filter(|(class, _)| let_out[merged(*class)] <= LetOut::Pseudonymous).map(|(_, n)| n).sum()
        };
        Matched {
            both: with_account().map(|(_, n)| n).sum(),
            by_policy: (0..world.compiled.policies).map(matched).collect(),
        }
    }

    /// Share of the users with an account with the parent who are matched, by policy.
    pub fn kept(&self) -> Vec<f64> {
        self.by_policy.iter().map(|&n| if self.both == 0 { 0.0 } else { n as f64 / self.both as f64 }).collect()
    }

    /// Rows of a world, policy by policy.
    pub fn rows(&self, world: &Simulation, asked: &Advertising) -> Vec<UtilityRow> {
        let scenario = &world.scenario;
        let mut rows = Vec::new();
        let before = self.by_policy[scenario.baseline];
        for (policy, &matched) in scenario.policies.iter().zip(&self.by_policy) {
            let mut to = RowsOf::new(&mut rows, &policy.id, &scenario.purposes[asked.purpose].id, MODEL);
            to.add(ALL, "users_matched", "", (FigureValue::Count(matched), "people"));
            // Whoever is matched under the baseline and not under this policy.
            let lost = before.saturating_sub(matched);
            to.add(ALL, "users_no_longer_matched", "", (FigureValue::Count(lost), "people"));
            for (end, share) in [("least", asked.lost[0]), ("most", asked.lost[1])] {
                let of = |people: u64| (FigureValue::Ratio(share * asked.revenue * people as f64), "usd_per_year");
                to.add(ALL, "value_at_most", end, of(matched));
                to.add(ALL, "cost_per_person_at_most", end, of(lost.min(1)));
            }
        }
        rows
    }
}

/// How many rows a policy has.
pub const ROWS: u64 = 6;
