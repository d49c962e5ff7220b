//! The table `exceedance`: what each policy lets out that an order prohibits.

use std::sync::Arc;

use super::row::{ALL, FigureRow, FigureValue, Spread, TableColumn, TableRow, Values};
use crate::exposure::grouping::PopulationGroup;
use crate::exposure::{ByDay, ExceedanceTotals, Orders, Phase};
use crate::scenario::Scenario;
use crate::statistics::Scale;

/// One figure of a policy against an order: a row of `tables/exceedance`.
#[derive(Clone, Debug, PartialEq)]
pub struct ExceedanceRow {
    /// Order id.
    pub order: Arc<str>,
    /// Policy id.
    pub policy: Arc<str>,
    /// Purpose id of those that the order prohibits, or `all` of them.
    pub purpose: Arc<str>,
    /// `not_objecting`, `objecting`, `non_user`, or `all`.
    pub population: Arc<str>,
    /// `before_notice`, `grace`, `after_deadline`, or `all`.
    pub phase: Arc<str>,
    /// Name of the metric (FORMAT.md).
    pub metric: Arc<str>,
    /// The figure: the mean over replicates, exact if there is one.
    pub value: FigureValue,
    /// How far it varies over replicates.
    pub spread: Spread,
    /// `flows`, `bytes`, `people`, `person-days`, `days`, `share`.
    pub unit: &'static str,
}

impl TableRow for ExceedanceRow {
    const TABLE: &'static str = "exceedance";
    const COLUMNS: &'static [TableColumn<Self>] = &[
        TableColumn::digested("order", Values::Name(|r| &r.order)),
        TableColumn::digested("policy", Values::Name(|r| &r.policy)),
        TableColumn::digested("purpose", Values::Name(|r| &r.purpose)),
        TableColumn::digested("population", Values::Name(|r| &r.population)),
        TableColumn::digested("phase", Values::Name(|r| &r.phase)),
        TableColumn::digested("metric", Values::Name(|r| &r.metric)),
        TableColumn::plain("split", Values::Split),
        TableColumn::digested("value", Values::Figure(|r| r.value)),
        TableColumn::plain("lo", Values::Maybe(|r| r.spread.lo())),
        TableColumn::plain("hi", Values::Maybe(|r| r.spread.hi())),
        TableColumn::plain("replicates", Values::Number(|r| r.spread.replicates)),
        TableColumn::plain("unit", Values::Word(|r| r.unit)),
    ];
}

impl FigureRow for ExceedanceRow {
    fn figure(&self) -> FigureValue {
        self.value
    }

    fn scale(&self) -> Scale {
        if self.unit == "share" { Scale::Share } else { Scale::Amount }
    }

    fn over(self, value: FigureValue, spread: Spread) -> Self {
        ExceedanceRow { value, spread, ..self }
    }
}

/// Makes rows of what was counted against orders.
pub struct Exceedances<'a> {
    pub(super) scenario: &'a Scenario,
    pub(super) orders: &'a Orders,
    pub(super) totals: &'a ExceedanceTotals,
    /// All values that each policy lets out in the run.
    pub(super) disclosed: Vec<u64>,
    pub(super) all: Arc<str>,
    pub(super) populations: [Arc<str>; 3],
    pub(super) phases: [Arc<str>; 3],
}

/// A purpose that an order prohibits, or all of them: name, and index in the counters.
pub(super) type ProhibitedPurpose = (Arc<str>, usize);

impl<'a> Exceedances<'a> {
    /// Rows of these totals. `disclosed` is all that each policy lets out in the run, flows.
    pub fn new(scenario: &'a Scenario, orders: &'a Orders, totals: &'a ExceedanceTotals, disclosed: Vec<u64>) -> Self {
        Exceedances {
            scenario,
            orders,
            totals,
            disclosed,
            all: ALL.into(),
            populations: PopulationGroup::ALL.map(|p| p.word().into()),
            phases: Phase::ALL.map(|p| p.word().into()),
        }
    }

    pub(super) fn purposes(&self, order: usize) -> impl Iterator<Item = ProhibitedPurpose> {
        let named = self.scenario.purposes.iter().enumerate().map(|(i, p)| (p.id.clone(), i));
        let all = (self.all.clone(), self.scenario.purposes.len());
        named.filter(move |(_, p)| self.orders.prohibits(order, *p)).chain([all])
    }

    /// All populations, then each.
    pub(super) fn by_population(&self, counts: &[u64]) -> impl Iterator<Item = (Arc<str>, u64)> {
        let all = (self.all.clone(), counts.iter().sum());
        let each: Vec<(Arc<str>, u64)> = self.populations.iter().cloned().zip(counts.iter().copied()).collect();
        std::iter::once(all).chain(each)
    }

    /// Rows of `tables/exceedance`.
    pub fn rows(&self) -> Vec<ExceedanceRow> {
        let policies = self.scenario.policies.len();
        (0..self.orders.len()).flat_map(|order| (0..policies).flat_map(move |p| self.rows_of(order, p))).collect()
    }

    /// Those of one policy against one order: many of both have more rows than fit in memory.
    pub fn rows_of(&self, order: usize, policy: usize) -> Vec<ExceedanceRow> {
        let mut rows = Vec::new();
        for purpose in self.purposes(order) {
            self.phase_rows(order, policy, &purpose, &mut rows);
        }
        rows
    }

    fn phase_rows(&self, order: usize, policy: usize, purpose: &ProhibitedPurpose, rows: &mut Vec<ExceedanceRow>) {
        let spans = Phase::ALL.map(|phase| self.orders.days(order, phase));
        let phases = self.phases.iter().cloned().zip(spans).chain([(self.all.clone(), 0..self.scenario.days)]);
        for (slice, (phase, days)) in phases.enumerate() {
            let mut row = |population: Arc<str>, metric: &str, value: FigureValue, unit: &'static str| {
                rows.push(ExceedanceRow {
                    order: self.scenario.orders[order].id.clone(),
                    policy: self.scenario.policies[policy].id.clone(),
                    purpose: purpose.0.clone(),
                    population,
                    phase: phase.clone(),
                    metric: metric.into(),
                    value,
                    spread: Spread::default(),
                    unit,
                });
            };
            let over_days = |counter: &ByDay| {
                days.clone().fold([0; 3], |sum: [u64; 3], day| {
                    std::array::from_fn(|p| sum[p] + counter[[day as usize, order, policy, purpose.1, p]])
                })
            };
            let people = self.totals.phases.under([slice, order, policy, purpose.1]);
            let values = over_days(&self.totals.values);
            for (metric, counts, unit) in [
                ("disclosed_values", values.as_slice(), "flows"),
                ("disclosed_bytes", &over_days(&self.totals.bytes), "bytes"),
                ("people_exposed", people, "people"),
                ("person_days", &over_days(&self.totals.people), "person-days"),
            ] {
                for (population, n) in self.by_population(counts) {
                    row(population, metric, FigureValue::Count(n), unit);
                }
            }
            if *purpose.0 == *ALL {
                let (part, whole) = (values.iter().sum::<u64>() as f64, self.disclosed[policy]);
                let share = if whole == 0 { 0.0 } else { part / whole as f64 };
                row(self.all.clone(), "share_of_disclosed", FigureValue::Ratio(share), "share");
                row(self.all.clone(), "days", FigureValue::Count(days.len() as u64), "days");
            }
        }
    }
}
