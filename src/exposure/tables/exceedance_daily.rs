//! The table `exceedance_daily`: what each policy lets out that an order prohibits, day by day.

use std::sync::Arc;

use chrono::NaiveDate;

use super::exceedance::Exceedances;
use super::row::{FigureRow, FigureValue, Spread, TableColumn, TableRow, Values};
use crate::exposure::Phase;
use crate::statistics::Scale;

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
    /// `not_objecting`, `objecting`, `non_user`, or `all`.
    pub population: Arc<str>,
    /// The phase that the day lies in.
    pub phase: Arc<str>,
    /// `disclosed_values`, `disclosed_bytes`, `people_exposed`.
    pub metric: Arc<str>,
    /// The count: the mean over replicates, exact if there is one.
    pub value: FigureValue,
    /// How far it varies over replicates.
    pub spread: Spread,
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
        TableColumn::plain("split", Values::Split),
        TableColumn::digested("value", Values::Figure(|r| r.value)),
        TableColumn::plain("lo", Values::Maybe(|r| r.spread.lo())),
        TableColumn::plain("hi", Values::Maybe(|r| r.spread.hi())),
        TableColumn::plain("replicates", Values::Number(|r| r.spread.replicates)),
    ];
}

impl FigureRow for ExceedanceDay {
    fn figure(&self) -> FigureValue {
        self.value
    }

    fn scale(&self) -> Scale {
        Scale::Amount
    }

    fn over(self, value: FigureValue, spread: Spread) -> Self {
        ExceedanceDay { value, spread, ..self }
    }
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
                            value: FigureValue::Count(value),
                            spread: Spread::default(),
                        });
                    }
                }
            }
        }
        rows
    }
}
