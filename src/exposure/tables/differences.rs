//! The table `differences`: every policy beside the baseline, in the same worlds.

use std::sync::Arc;

use super::exposure::ExposureRow;
use super::row::{ALL, Spread, TableColumn, TableRow, Values};
use crate::statistics::{Estimate, Scale};

/// What a policy discloses more than the baseline does: a row of `tables/differences`.
///
/// Both policies see the same people and the same events, so that a difference within a world is caused by the policies; its mean and interval are over
/// worlds. Equal policies differ by exactly zero.
#[derive(Clone, Debug, PartialEq)]
pub struct DifferenceRow {
    /// The row of the policy.
    pub of: ExposureRow,
    /// Id of the policy that it is compared with.
    pub baseline: Arc<str>,
    /// Policy minus baseline, in the unit of the metric: mean over replicates.
    pub absolute: f64,
    /// How far it varies.
    pub spread: Spread,
    /// The same in percent of the baseline: mean over replicates; none if the baseline is 0 in one of them.
    pub percent: Option<f64>,
    /// How far that varies.
    pub percent_spread: Spread,
}

impl TableRow for DifferenceRow {
    const TABLE: &'static str = "differences";
    const IN_DIGEST: bool = false;
    const COLUMNS: &'static [TableColumn<Self>] = &[
        TableColumn::plain("policy", Values::Name(|r| &r.of.policy)),
        TableColumn::plain("baseline", Values::Name(|r| &r.baseline)),
        TableColumn::plain("purpose", Values::Name(|r| &r.of.purpose)),
        TableColumn::plain("jurisdiction", Values::Name(|r| &r.of.jurisdiction)),
        TableColumn::plain("population", Values::Name(|r| &r.of.population)),
        TableColumn::plain("category", Values::Name(|r| &r.of.category)),
        TableColumn::plain("metric", Values::Name(|r| &r.of.metric)),
        TableColumn::plain("split", Values::Split),
        TableColumn::plain("absolute", Values::Maybe(|r| Some(r.absolute))),
        TableColumn::plain("lo", Values::Maybe(|r| r.spread.lo())),
        TableColumn::plain("hi", Values::Maybe(|r| r.spread.hi())),
        TableColumn::plain("percent", Values::Maybe(|r| r.percent)),
        TableColumn::plain("percent_lo", Values::Maybe(|r| r.percent_spread.lo())),
        TableColumn::plain("percent_hi", Values::Maybe(|r| r.percent_spread.hi())),
        TableColumn::plain("replicates", Values::Number(|r| r.spread.replicates)),
        TableColumn::plain("unit", Values::Word(|r| r.of.unit)),
    ];
}

impl DifferenceRow {
    /// Whether findings are read from it: it is about all purposes, jurisdictions, populations and categories, and of a metric that they are about.
    pub fn is_found_from(&self) -> bool {
        let all = [&self.of.purpose, &self.of.jurisdiction, &self.of.population, &self.of.category];
        all.iter().all(|of| &***of == ALL) && matches!(&*self.of.metric, "disclosed_values" | "people_exposed")
    }

    /// Of a policy's row and the baseline's in each replicate, in the same order.
    pub fn new(of: ExposureRow, baseline: Arc<str>, policy_and_baseline: &[(f64, f64)]) -> Self {
        let replicates = policy_and_baseline.len() as u32;
        let spread = |of: Estimate| Spread { interval: of.interval, replicates };
        let differences: Vec<f64> = policy_and_baseline.iter().map(|(policy, baseline)| policy - baseline).collect();
        let absolute = Estimate::of(&differences, Scale::Difference);
        let whole = policy_and_baseline.iter().all(|(_, baseline)| *baseline != 0.0);
        let shares: Vec<f64> = policy_and_baseline.iter().map(|(p, b)| 100.0 * (p - b) / b).collect();
        let percent = whole.then(|| Estimate::of(&shares, Scale::Difference));
        DifferenceRow {
            of,
            baseline,
            absolute: absolute.mean,
            spread: spread(absolute),
            percent: percent.map(|p| p.mean),
            percent_spread: percent.map_or(Spread { interval: None, replicates }, spread),
        }
    }
}
