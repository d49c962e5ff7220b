//! How unequally exposure falls on people: a score a person, its mean, and how it is spread.

use super::super::row::FigureValue;
use super::{CellRows, Tabulation};
use crate::exposure::score::ScoreScale;
use crate::statistics::{gini, top_share};

/// Points of the Lorenz curve, from above, in percent of people.
const TOP: [u32; 3] = [1, 10, 50];

impl CellRows<'_, '_> {
    /// Rows of the scores of people, those about whom nothing was disclosed among them.
    pub(super) fn scores(&mut self) {
        let Tabulation { scenario, totals, scopes, .. } = self.tabulation;
        let (scale, population) = (ScoreScale::new(scenario), self.population());
        for scope in scopes.all() {
            let mut people = vec![0u64; scale.scores()];
            for group in scopes.groups_of(scope) {
                let of_group = totals.reach.score.under([self.policy, self.purpose, group]);
                for (sum, n) in people.iter_mut().zip(of_group) {
                    *sum += n;
                }
            }
            let exposed: u64 = people.iter().sum();
            people[0] += population[scope.0] - exposed;
            let sum: u128 = (0..).zip(&people).map(|(score, &n): (u128, _)| score * u128::from(n)).sum();
            let per_person = if population[scope.0] == 0 { 0.0 } else { sum as f64 / population[scope.0] as f64 };
            self.add(scope, None, "score_mean", FigureValue::Ratio(per_person * scale.weight(1)), "weight");
            self.add(scope, None, "score_gini", FigureValue::Ratio(gini(&people)), "share");
            for percent in TOP {
                let share = top_share(&people, f64::from(percent) / 100.0);
                let metric = format!("score_share_of_top_{percent}");
                self.add(scope, None, &metric, FigureValue::Ratio(share), "share");
            }
        }
    }
}
