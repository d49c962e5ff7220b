//! The table `exposure`: what each policy discloses in the whole run. A file for each family of metrics.

mod facts;
mod half_time;
mod leaving;
mod necessity;
mod objection;
mod reached;
mod scores;
mod whose_doing;

use std::sync::Arc;

use super::row::{FigureRow, FigureValue, Spread, TableColumn, TableRow, Values};
use super::tabulation::{Tabulation, by_scope};
use crate::exposure::grouping::GroupingSet;
use crate::statistics::Scale;

pub use half_time::needs_days;

/// One figure of the whole run: a row of `tables/exposure`.
#[derive(Clone, Debug, PartialEq)]
pub struct ExposureRow {
    /// Policy id.
    pub policy: Arc<str>,
    /// Purpose id or `all`.
    pub purpose: Arc<str>,
    /// Jurisdiction code of the subject, or `all`.
    pub jurisdiction: Arc<str>,
    /// `not_objecting`, `objecting`, `non_user`, or `all`.
    pub population: Arc<str>,
    /// Category id or `all`.
    pub category: Arc<str>,
    /// Name of the metric (FORMAT.md).
    pub metric: Arc<str>,
    /// The figure: the mean over replicates, exact if there is one.
    pub value: FigureValue,
    /// How far it varies over replicates.
    pub spread: Spread,
    /// `flows`, `events`, `bytes`, `people`, `share`, `categories`, `facts`, `weight`, `days`, `ratio`.
    pub unit: &'static str,
}

impl TableRow for ExposureRow {
    const TABLE: &'static str = "exposure";
    const COLUMNS: &'static [TableColumn<Self>] = &[
        TableColumn::digested("policy", Values::Name(|r| &r.policy)),
        TableColumn::digested("purpose", Values::Name(|r| &r.purpose)),
        TableColumn::digested("jurisdiction", Values::Name(|r| &r.jurisdiction)),
        TableColumn::digested("population", Values::Name(|r| &r.population)),
        TableColumn::digested("category", Values::Name(|r| &r.category)),
        TableColumn::digested("metric", Values::Name(|r| &r.metric)),
        TableColumn::plain("split", Values::Split),
        TableColumn::digested("value", Values::Figure(|r| r.value)),
        TableColumn::plain("lo", Values::Maybe(|r| r.spread.lo())),
        TableColumn::plain("hi", Values::Maybe(|r| r.spread.hi())),
        TableColumn::plain("replicates", Values::Number(|r| r.spread.replicates)),
        TableColumn::plain("unit", Values::Word(|r| r.unit)),
    ];
}

impl FigureRow for ExposureRow {
    fn figure(&self) -> FigureValue {
        self.value
    }

    fn scale(&self) -> Scale {
        match self.unit {
            "share" => Scale::Share,
            // Of either sign.
            "ratio" => Scale::Difference,
            _ => Scale::Amount,
        }
    }

    fn over(self, value: FigureValue, spread: Spread) -> Self {
        ExposureRow { value, spread, ..self }
    }
}

impl Tabulation<'_> {
    /// Rows of `tables/exposure`.
    pub fn exposure(&self) -> Vec<ExposureRow> {
        (0..self.compiled.policies).flat_map(|policy| self.exposure_of(policy)).collect()
    }

    /// Those of one policy: a run of many has more of them than fit in memory.
    pub fn exposure_of(&self, policy: usize) -> Vec<ExposureRow> {
        let mut rows = Vec::new();
        for purpose in 0..=self.compiled.purposes {
            let mut of = CellRows { tabulation: self, policy, purpose, rows: &mut rows };
            of.reached();
            of.facts();
            of.whose_doing();
            of.scores();
            of.necessity();
            of.objection();
            of.half_time();
            of.leaving();
        }
        rows
    }
}

/// The rows of one policy and one purpose, or all.
struct CellRows<'t, 'a> {
    tabulation: &'t Tabulation<'a>,
    policy: usize,
    purpose: usize,
    rows: &'t mut Vec<ExposureRow>,
}

impl<'t, 'a> CellRows<'t, 'a> {
    /// The purpose by whose objection people are split; none if any counts.
    fn split(&self) -> Option<usize> {
        Some(self.purpose).filter(|&purpose| purpose < self.tabulation.compiled.purposes)
    }

    /// Counters by class as counters by scope.
    fn by_scope(&self, per_class: impl Iterator<Item = u64>) -> Vec<u64> {
        by_scope(self.tabulation.compiled, self.tabulation.scopes, self.split(), per_class)
    }

    /// People of each scope.
    fn population(&self) -> Vec<u64> {
        self.tabulation.population(self.split())
    }

    /// Purposes whose flows the rows are about.
    fn purposes(&self) -> std::ops::Range<usize> {
        self.split().map_or(0..self.tabulation.compiled.purposes, |purpose| purpose..purpose + 1)
    }

    fn add(
        &mut self,
        scope: GroupingSet,
        category: Option<usize>,
        metric: &str,
        value: FigureValue,
        unit: &'static str,
    ) {
        let names = &self.tabulation.names;
        self.rows.push(ExposureRow {
            policy: names.policies[self.policy].clone(),
            purpose: names.purposes[self.purpose].clone(),
            jurisdiction: names.jurisdiction(scope),
            population: names.population(scope),
            category: category.map_or(names.all.clone(), |c| names.categories[c].clone()),
            metric: metric.into(),
            value,
            spread: Spread::default(),
            unit,
        });
    }

    /// A count of every scope.
    fn add_counts(&mut self, metric: &str, counts: &[u64], unit: &'static str) {
        for scope in self.tabulation.scopes.all() {
            self.add(scope, None, metric, FigureValue::Count(counts[scope.0]), unit);
        }
    }

    /// A ratio of every scope.
    fn add_ratios(&mut self, metric: &str, counts: &[u64], of: &[u64], unit: &'static str) {
        for scope in self.tabulation.scopes.all() {
            self.add(scope, None, metric, ratio(counts[scope.0], of[scope.0]), unit);
        }
    }
}

/// A ratio of counts; over nothing it is 0.
fn ratio(a: u64, b: u64) -> FigureValue {
    FigureValue::Ratio(if b == 0 { 0.0 } else { a as f64 / b as f64 })
}
