//! The table `daily`: what each policy discloses on each day.

use std::sync::Arc;

use chrono::NaiveDate;

use super::row::{FigureRow, FigureValue, Spread, TableColumn, TableRow, Values};
use super::tabulation::Tabulation;
use crate::exposure::Cube;
use crate::statistics::Scale;

/// One figure of one UTC day: a row of `tables/daily`.
#[derive(Clone, Debug, PartialEq)]
pub struct DailyRow {
    /// UTC date of the events.
    pub day: NaiveDate,
    /// Policy id.
    pub policy: Arc<str>,
    /// Purpose id or `all`.
    pub purpose: Arc<str>,
    /// Jurisdiction code of the subject, or `all`.
    pub jurisdiction: Arc<str>,
    /// `not_objecting`, `objecting`, `non_user`, or `all`.
    pub population: Arc<str>,
    /// Name of the metric.
    pub metric: Arc<str>,
    /// The count: the mean over replicates, exact if there is one.
    pub value: FigureValue,
    /// How far it varies over replicates.
    pub spread: Spread,
}

impl TableRow for DailyRow {
    const TABLE: &'static str = "daily";
    const COLUMNS: &'static [TableColumn<Self>] = &[
        TableColumn::digested("day", Values::Day(|r| r.day)),
        TableColumn::digested("policy", Values::Name(|r| &r.policy)),
        TableColumn::digested("purpose", Values::Name(|r| &r.purpose)),
        TableColumn::digested("jurisdiction", Values::Name(|r| &r.jurisdiction)),
        TableColumn::digested("population", Values::Name(|r| &r.population)),
        TableColumn::digested("metric", Values::Name(|r| &r.metric)),
        TableColumn::plain("split", Values::Split),
        TableColumn::digested("value", Values::Figure(|r| r.value)),
        TableColumn::plain("lo", Values::Maybe(|r| r.spread.lo())),
        TableColumn::plain("hi", Values::Maybe(|r| r.spread.hi())),
        TableColumn::plain("replicates", Values::Number(|r| r.spread.replicates)),
    ];
}

impl FigureRow for DailyRow {
    fn figure(&self) -> FigureValue {
        self.value
    }

    fn scale(&self) -> Scale {
        Scale::Amount
    }

    fn over(self, value: FigureValue, spread: Spread) -> Self {
        DailyRow { value, spread, ..self }
    }
}

impl Tabulation<'_> {
    /// Rows of `tables/daily` of one day: a run of years has more of them than fit in memory.
    pub fn daily(&self, day: u32) -> Vec<DailyRow> {
        (0..self.compiled.policies).flat_map(|policy| self.daily_of(day, policy)).collect()
    }

    /// Those of one policy.
    pub fn daily_of(&self, day: u32, policy: usize) -> Vec<DailyRow> {
        let mut rows = Vec::new();
        for purpose in 0..=self.compiled.purposes {
            self.daily_rows(day, policy, purpose, &mut rows);
        }
        rows
    }

    fn daily_rows(&self, day: u32, policy: usize, purpose: usize, rows: &mut Vec<DailyRow>) {
        let Tabulation { scenario, totals, names, scopes, .. } = self;
        let scopes = *scopes;
        let cell = [day as usize, policy, purpose];
        let sums = |counter: &Cube<4>| scopes.sums(counter.under(cell));
        let values = sums(&totals.volume.daily_values);
        let bytes = sums(&totals.volume.daily_bytes);
        let people = sums(&totals.reach.daily);
        let events = totals.volume.daily_events.under(cell);
        for scope in scopes.all() {
            let s = scope.0;
            for (metric, value) in names.daily.iter().zip([values[s], events[s], bytes[s], people[s]]) {
                rows.push(DailyRow {
                    day: scenario.date(day),
                    policy: names.policies[policy].clone(),
                    purpose: names.purposes[purpose].clone(),
                    jurisdiction: names.jurisdiction(scope),
                    population: names.population(scope),
                    metric: metric.clone(),
                    value: FigureValue::Count(value),
                    spread: Spread::default(),
                });
            }
        }
    }
}
