//! The table `exceedance_daily`: what each policy lets out that an order prohibits, day by day.

use std::sync::Arc;

use chrono::NaiveDate;

use super::exceedance::Exceedances;
use super::row::{TableColumn, TableRow, Values};
use crate::exposure::Phase;

/// One figure of one UTC day against an order: a row of `tables/exceedance_daily`.
#[derive(Clone, Debug, PartialEq)]
pub struct ExceedanceDay {
    /// UTC date of the events.
    pub day: NaiveDate,
    /// Order id.
    pub order: Arc<str>,
    /// Policy id.
    pub policy: Arc<str>,
    /// Purpose id of those that the order prohibits, or `all` of them.
    pub purpose: Arc<str>,
    /// `agreed`, `opted_out`, `non_user`, or `all`.
    pub population: Arc<str>,
    /// The phase that the day lies in.
    pub phase: Arc<str>,
    /// `disclosed_values`, `disclosed_bytes`, `people_exposed`.
    pub metric: Arc<str>,
    /// The exact count.
    pub value: u64,
}

impl TableRow for ExceedanceDay {
    const TABLE: &'static str = "exceedance_daily";
    const COLUMNS: &'static [TableColumn<Self>] = &[
        TableColumn::digested("day", Values::Day(|r| r.day)),
        TableColumn::digested("order", Values::Name(|r| &r.order)),
        TableColumn::digested("policy", Values::Name(|r| &r.policy)),
        TableColumn::digested("purpose", Values::Name(|r| &r.purpose)),
        TableColumn::digested("population", Values::Name(|r| &r.population)),
        TableColumn::digested("phase", Values::Name(|r| &r.phase)),
        TableColumn::digested("metric", Values::Name(|r| &r.metric)),
        TableColumn::digested("value", Values::Count(|r| r.value)),
    ];
}

impl Exceedances<'_> {
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
                for (metric, counter) in [
                    ("disclosed_values", &self.totals.values),
                    ("disclosed_bytes", &self.totals.bytes),
                    ("people_exposed", &self.totals.people),
                ] {
                    for (population, value) in
                        self.by_population(counter.under([day as usize, order, policy, purpose.1]))
                    {
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
