//! The table `rank_stability`: in which share of the draws one policy has less than another.

use std::sync::Arc;

use super::figure::Studied;
use crate::exposure::{TableColumn, TableRow, Values};

/// Two policies beside each other in all draws: a row of `tables/rank_stability`.
#[derive(Clone, Debug, PartialEq)]
pub struct RankRow {
    /// The policy, and the other one.
    pub policies: [Arc<str>; 2],
    /// Metric, population and purpose of the figure.
    pub figure: [Arc<str>; 3],
    /// Share of the draws in which the figure is lower under the first policy.
    pub below: f64,
    /// Share in which it is the same.
    pub ties: f64,
    /// Number of draws.
    pub draws: u32,
}

impl TableRow for RankRow {
    const TABLE: &'static str = "rank_stability";
    const IN_DIGEST: bool = false;
    const COLUMNS: &'static [TableColumn<Self>] = &[
        TableColumn::plain("policy", Values::Name(|r| &r.policies[0])),
        TableColumn::plain("other", Values::Name(|r| &r.policies[1])),
        TableColumn::plain("metric", Values::Name(|r| &r.figure[0])),
        TableColumn::plain("population", Values::Name(|r| &r.figure[1])),
        TableColumn::plain("purpose", Values::Name(|r| &r.figure[2])),
        TableColumn::plain("below", Values::Maybe(|r| Some(r.below))),
        TableColumn::plain("ties", Values::Maybe(|r| Some(r.ties))),
        TableColumn::plain("draws", Values::Number(|r| r.draws)),
    ];
}

/// Every two policies, figure by figure. `outputs` has, for each figure, its value in each draw.
pub fn rank_stability(studied: &[Studied], outputs: &[Vec<f64>]) -> Vec<RankRow> {
    let mut rows = Vec::new();
    let all = || studied.iter().zip(outputs);
    for (i, (one, values)) in all().enumerate() {
        for (other, beside) in all().skip(i + 1).filter(|(other, _)| other.figure == one.figure) {
            let draws = values.len();
            let share = |holds: fn(f64, f64) -> bool| {
                let n = values.iter().zip(beside).filter(|(a, b)| holds(**a, **b)).count();
                n as f64 / draws.max(1) as f64
            };
            rows.push(RankRow {
                policies: [one.row.policy.clone(), other.row.policy.clone()],
                figure: [one.row.metric.clone(), one.row.population.clone(), one.row.purpose.clone()],
                below: share(|a, b| a < b),
                ties: share(|a, b| a == b),
                draws: draws as u32,
            });
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exposure::{ExposureRow, FigureValue, Spread};

    #[test]
    fn policies_are_counted_draw_by_draw() {
        let studied = |policy: usize, figure: usize| Studied {
            row: ExposureRow {
                policy: format!("p{policy}").into(),
                purpose: "all".into(),
                jurisdiction: "all".into(),
                population: "all".into(),
                category: "all".into(),
                metric: format!("m{figure}").into(),
                value: FigureValue::Count(0),
                spread: Spread::default(),
                unit: "flows",
            },
            figure,
            policy,
        };
        let all = [studied(0, 0), studied(0, 1), studied(1, 0), studied(1, 1)];
        let outputs = [vec![1.0, 2.0, 3.0, 4.0], vec![1.0; 4], vec![2.0, 2.0, 2.0, 5.0], vec![1.0; 4]];
        let rows = rank_stability(&all, &outputs);
        assert_eq!(rows.len(), 2);
        assert_eq!((rows[0].below, rows[0].ties, rows[0].draws), (0.5, 0.25, 4));
        assert_eq!((&*rows[0].policies[0], &*rows[0].policies[1], &*rows[0].figure[0]), ("p0", "p1", "m0"));
        assert_eq!((rows[1].below, rows[1].ties), (0.0, 1.0));
    }
}
