//! Exceedance as rows: every policy against every order.

use std::sync::Arc;

use super::{ExceedanceTotals, Orders, Phase};
use crate::exposure::grouping::PopulationGroup;
use crate::exposure::rows::{ALL, ExceedanceDay, ExceedanceRow, FigureValue};
use crate::scenario::Scenario;

/// Makes rows of what was counted against orders.
pub struct Exceedances<'a> {
    scenario: &'a Scenario,
    orders: &'a Orders,
    totals: &'a ExceedanceTotals,
    /// All values that each policy lets out in the run.
    disclosed: Vec<u64>,
    all: Arc<str>,
    populations: [Arc<str>; 3],
    phases: [Arc<str>; 3],
}

/// A purpose that an order prohibits, or all of them: name, and index in the counters.
type ProhibitedPurpose = (Arc<str>, usize);

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

    fn purposes(&self, order: usize) -> impl Iterator<Item = ProhibitedPurpose> {
        let named = self.scenario.purposes.iter().enumerate().map(|(i, p)| (p.id.clone(), i));
        let all = (self.all.clone(), self.scenario.purposes.len());
        named.filter(move |(_, p)| self.orders.prohibits(order, *p)).chain([all])
    }

    /// All populations, then each.
    fn by_population(&self, counts: &[u64]) -> impl Iterator<Item = (Arc<str>, u64)> {
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
                    replicate: 0,
                    order: self.scenario.orders[order].id.clone(),
                    policy: self.scenario.policies[policy].id.clone(),
                    purpose: purpose.0.clone(),
                    population,
                    phase: phase.clone(),
                    metric: metric.into(),
                    value,
                    unit,
                });
            };
            let over_days = |counter: &[u64]| {
                days.clone().fold([0; 3], |sum: [u64; 3], day| {
                    let at = self.totals.cell(day as usize, order, policy, purpose.1);
                    std::array::from_fn(|p| sum[p] + counter[at + p])
                })
            };
            let people = &self.totals.phases[self.totals.cell(slice, order, policy, purpose.1)..][..3];
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

    /// Rows of `tables/exceedance_daily` of one day.
    pub fn day(&self, day: u32) -> Vec<ExceedanceDay> {
        (0..self.orders.len()).flat_map(|order| self.day_of(day, order)).collect()
    }

    /// Those of one order.
    pub fn day_of(&self, day: u32, order: usize) -> Vec<ExceedanceDay> {
        let mut rows = Vec::new();
        let phase = Phase::ALL.iter().position(|&p| self.orders.days(order, p).contains(&day));
        let Some(phase) = phase.map(|p| &self.phases[p]) else { return rows };
        for (policy, p) in self.scenario.policies.iter().enumerate() {
            for purpose in self.purposes(order) {
                let at = self.totals.cell(day as usize, order, policy, purpose.1);
                for (metric, counter) in [
                    ("disclosed_values", &self.totals.values),
                    ("disclosed_bytes", &self.totals.bytes),
                    ("people_exposed", &self.totals.people),
                ] {
                    for (population, value) in self.by_population(&counter[at..at + 3]) {
                        rows.push(ExceedanceDay {
                            day: self.scenario.date(day),
                            order: self.scenario.orders[order].id.clone(),
                            policy: p.id.clone(),
                            purpose: purpose.0.clone(),
                            population,
                            phase: phase.clone(),
                            metric: metric.into(),
                            value,
                        });
                    }
                }
            }
        }
        rows
    }
}
