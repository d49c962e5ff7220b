//! What each policy keeps of each purpose, beside what it lets out for it.

use super::let_out::{LetOut, by_class};
use super::pareto::on_front;
use super::table::{RowsOf, UtilityRow};
use crate::exposure::{ALL, FigureValue};
use crate::simulate::Simulation;

/// Word of the model.
pub const MODEL: &str = "proportionality";
/// Figures of a policy and purpose.
pub const ROWS: u64 = 6;

/// What policies keep of a purpose: 1 is all that could be achieved, 0 nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// Index of the purpose.
    pub purpose: usize,
    /// By policy.
    pub by_policy: Vec<f64>,
}

/// Categories that a policy lets out about an average user for a purpose, so that the parent can tell whose they are; and the share of users about whom any are.
fn let_out(world: &Simulation, users: &[u64], policy: usize, purpose: usize) -> (f64, f64) {
    let (mut categories, mut told) = (vec![0u32; world.compiled.classes.len()], 0);
    for category in 0..world.scenario.categories.len() {
        let of = by_class(&world.compiled, (policy, purpose), 1 << category);
        for (n, let_out) in categories.iter_mut().zip(of) {
            *n += u32::from(let_out <= LetOut::Pseudonymous);
        }
    }
    let (mut sum, mut all) = (0, 0);
    for (class, &n) in users.iter().enumerate() {
        let categories = categories[usize::from(world.compiled.merged[class])];
        sum += n * u64::from(categories);
        told += if categories > 0 { n } else { 0 };
        all += n;
    }
    let share = |n: u64| if all == 0 { 0.0 } else { n as f64 / all as f64 };
    (share(sum), share(told))
}

/// Rows of a world: by policy and purpose what is kept, what is let out, both as differences to the baseline, and whether another policy beats it.
pub fn rows(world: &Simulation, users: &[u64], kept: &[Kept]) -> Vec<UtilityRow> {
    let scenario = &world.scenario;
    let mut by_purpose = Vec::new();
    for of in kept {
        let costs: Vec<(f64, f64)> =
            (0..scenario.policies.len()).map(|policy| let_out(world, users, policy, of.purpose)).collect();
        let points: Vec<(f64, f64)> = costs.iter().zip(&of.by_policy).map(|(cost, &kept)| (cost.0, kept)).collect();
        by_purpose.push((of, costs, on_front(&points)));
    }
    let mut rows = Vec::new();
    for (number, policy) in scenario.policies.iter().enumerate() {
        for (of, costs, front) in &by_purpose {
            let mut to = RowsOf::new(&mut rows, &policy.id, &scenario.purposes[of.purpose].id, MODEL);
            let (cost, told) = costs[number];
            let (before, kept) = (of.by_policy[scenario.baseline], of.by_policy[number]);
            let share = |x| (FigureValue::Ratio(x), "share");
            let categories = |x| (FigureValue::Ratio(x), "categories");
            to.add(ALL, "kept", "", share(kept));
            to.add(ALL, "users_told", "", share(told));
            to.add(ALL, "categories_per_user", "", categories(cost));
            to.add(ALL, "kept_difference", "", share(kept - before));
            to.add(ALL, "categories_difference", "", categories(cost - costs[scenario.baseline].0));
            to.add(ALL, "on_front", "", share(f64::from(u8::from(front[number]))));
        }
    }
    rows
}
