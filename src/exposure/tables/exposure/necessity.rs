//! Over-collection: what is let out for a purpose that does not need it, by the scenario's `needs`.

use super::super::row::FigureValue;
use super::super::tabulation::flows;
use super::{CellRows, Tabulation};
use crate::exposure::grouping::GroupingSet;
use crate::simd::ones;

impl CellRows<'_, '_> {
    /// Rows of values that their purpose does not need; of a purpose, also how much of what it needs it gets.
    pub(super) fn necessity(&mut self) {
        let Tabulation { scenario, compiled, totals, scopes, .. } = self.tabulation;
        let classes = compiled.classes.len();
        // By scope: values not needed, their weight, the weight of all.
        let (mut not_needed, mut weights) = (vec![0u64; scopes.count()], vec![[0.0; 2]; scopes.count()]);
        for purpose in self.purposes() {
            let values = flows(compiled, self.policy, purpose, totals);
            for (category, of) in scenario.categories.iter().enumerate() {
                let by_scope = self.by_scope((0..classes).map(|class| values(class, category, 0)));
                let needed = scenario.purposes[purpose].needs >> category & 1 == 1;
                for ((n, [weight, all]), values) in not_needed.iter_mut().zip(&mut weights).zip(by_scope) {
                    *all += of.weight * values as f64;
                    if !needed {
                        *n += values;
                        *weight += of.weight * values as f64;
                    }
                }
            }
        }
        self.add_counts("disclosed_values_not_needed", &not_needed, "flows");
        for scope in scopes.all() {
            let [weight, all] = weights[scope.0];
            let share = if all > 0.0 { weight / all } else { 0.0 };
            self.add(scope, None, "over_collection", FigureValue::Ratio(share), "share");
        }
        if let Some(purpose) = self.split() {
            let weight = |category: usize| scenario.categories[category].weight;
            let needs = scenario.purposes[purpose].needs;
            let reached = |category: &usize| totals.reach.by_category[[self.policy, purpose, 0, *category]] > 0;
            // A sum of no floats is -0.
            let met = 0.0 + ones(needs.into()).filter(reached).map(weight).sum::<f64>();
            let all: f64 = ones(needs.into()).map(weight).sum();
            // Whoever needs nothing has all that it needs.
            let share = if all > 0.0 { met / all } else { 1.0 };
            self.add(GroupingSet(0), None, "needs_met", FigureValue::Ratio(share), "share");
        }
    }
}
