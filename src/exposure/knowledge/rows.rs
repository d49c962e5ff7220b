//! From counters of the parent's knowledge to rows.

use std::sync::Arc;

use super::cell::Cell;
use crate::exposure::grouping::PopulationGroup;
use crate::exposure::tables::{ALL, FigureValue, KnowledgeRow, Risk, Spread};
use crate::scenario::{MetricFamily, Scenario};

/// Some people: of one population, or all of them.
pub(super) type Whom = Option<PopulationGroup>;

/// All people, then each population.
pub(super) const WHOM: [Whom; 4] =
    [None, Some(PopulationGroup::NotObjecting), Some(PopulationGroup::Objecting), Some(PopulationGroup::NonUser)];

/// The populations that some people are of, as places of counters.
pub(super) fn places(whom: Whom) -> std::ops::Range<usize> {
    whom.map_or(0..PopulationGroup::ALL.len(), |population| population as usize..population as usize + 1)
}

/// Makes rows of a family.
pub(super) struct RowMaker<'a> {
    scenario: &'a Scenario,
    family: MetricFamily,
    risk: Risk,
    policy: Arc<str>,
    purpose: Arc<str>,
    population: Arc<str>,
    rows: &'a mut Vec<KnowledgeRow>,
}

impl<'a> RowMaker<'a> {
    /// For rows of a family, which is about a risk, behind the rows that are there.
    pub fn new(scenario: &'a Scenario, family: MetricFamily, risk: Risk, rows: &'a mut Vec<KnowledgeRow>) -> Self {
        let all: Arc<str> = ALL.into();
        RowMaker { scenario, family, risk, policy: all.clone(), purpose: all.clone(), population: all, rows }
    }

    /// Turns to a cell.
    pub fn turn_to(&mut self, cell: Cell) {
        self.policy = self.scenario.policies[cell.policy].id.clone();
        self.purpose = cell.purpose.map_or_else(|| ALL.into(), |purpose| self.scenario.purposes[purpose].id.clone());
    }

    /// Turns to some people.
    pub fn about(&mut self, whom: Whom) {
        self.population = whom.map_or(ALL, PopulationGroup::word).into();
    }

    /// Adds a count.
    pub fn count(&mut self, metric: &'static str, parameter: &str, value: u64, unit: &'static str) {
        self.add(metric, parameter, FigureValue::Count(value), unit);
    }

    /// Adds a figure that is no count.
    pub fn figure(&mut self, metric: &'static str, parameter: &str, value: f64, unit: &'static str) {
        self.add(metric, parameter, FigureValue::Ratio(value), unit);
    }

    /// Adds a ratio of counts; over nobody it is 0.
    pub fn ratio(&mut self, metric: &'static str, parameter: &str, (some, all): (u64, u64), unit: &'static str) {
        let value = if all == 0 { 0.0 } else { some as f64 / all as f64 };
        self.figure(metric, parameter, value, unit);
    }

    fn add(&mut self, metric: &'static str, parameter: &str, value: FigureValue, unit: &'static str) {
        self.rows.push(KnowledgeRow {
            policy: self.policy.clone(),
            purpose: self.purpose.clone(),
            population: self.population.clone(),
            risk: self.risk,
            family: self.family.id(),
            metric,
            parameter: parameter.into(),
            value,
            spread: Spread::default(),
            unit,
        });
    }
}
