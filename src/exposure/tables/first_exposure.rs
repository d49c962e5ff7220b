//! The table `first_exposure`: how soon people are reached.

use std::sync::Arc;

use super::row::{FigureRow, FigureValue, Spread, TableColumn, TableRow, Values};
use super::tabulation::Tabulation;
use crate::exposure::Cube;
use crate::exposure::first::rules_since;
use crate::statistics::Scale;

/// How many people were reached by the end of a day: a row of `tables/first_exposure`.
#[derive(Clone, Debug, PartialEq)]
pub struct FirstExposureRow {
    /// Days counted, this one among them.
    pub day: u32,
    /// From where they are counted: `start` of the run, or since the `rules` that the policy ends with took effect.
    pub since: Arc<str>,
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
    /// `people_reached` or `share_reached`.
    pub metric: Arc<str>,
    /// The figure: the mean over replicates, exact if there is one.
    pub value: FigureValue,
    /// How far it varies over replicates.
    pub spread: Spread,
}

impl TableRow for FirstExposureRow {
    const TABLE: &'static str = "first_exposure";
    const COLUMNS: &'static [TableColumn<Self>] = &[
        TableColumn::digested("day", Values::Number(|r| r.day)),
        TableColumn::digested("since", Values::Name(|r| &r.since)),
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
    ];
}

impl FigureRow for FirstExposureRow {
    fn figure(&self) -> FigureValue {
        self.value
    }

    fn scale(&self) -> Scale {
        match self.value {
            FigureValue::Count(_) => Scale::Amount,
            FigureValue::Ratio(_) => Scale::Share,
        }
    }

    fn over(self, value: FigureValue, spread: Spread) -> Self {
        FirstExposureRow { value, spread, ..self }
    }
}

impl Tabulation<'_> {
    /// Rows of `tables/first_exposure` of one policy and one purpose (the number of purposes: all of them): all days, by the end of which so many were reached.
    pub fn first_exposure_of(&self, policy: usize, purpose: usize) -> Vec<FirstExposureRow> {
        let first = &self.totals.first;
        let since = rules_since(self.scenario, &self.scenario.policies[policy]);
        let mut rows = Vec::new();
        self.first_rows((policy, purpose), ("start", 0), &first.people, &mut rows);
        if since > 0 {
            self.first_rows((policy, purpose), ("rules", since), &first.since_rules, &mut rows);
        }
        rows
    }

    fn first_rows(
        &self,
        (policy, purpose): (usize, usize),
        (since, from): (&str, u32),
        first: &Cube<4>,
        rows: &mut Vec<FirstExposureRow>,
    ) {
        let Tabulation { scenario, compiled, totals, names, scopes } = self;
        let split = Some(purpose).filter(|&purpose| purpose < compiled.purposes);
        let population = self.population(split);
        let [since, people_reached, share_reached]: [Arc<str>; 3] =
            [since, "people_reached", "share_reached"].map(Into::into);
        let mut by_scope = vec![0; scopes.count()];
        let mut by_category = vec![0; if from == 0 { scenario.categories.len() } else { 0 }];
        for day in from..scenario.days {
            let at = [day as usize, policy, purpose];
            let new = scopes.sums(first.under(at));
            by_scope.iter_mut().zip(&new).for_each(|(sum, n)| *sum += n);
            let new = totals.first.by_category.under(at);
            by_category.iter_mut().zip(new).for_each(|(sum, n)| *sum += n);
            let row = |jurisdiction, population, category, metric: &Arc<str>, value| FirstExposureRow {
                day: day - from + 1,
                since: since.clone(),
                policy: names.policies[policy].clone(),
                purpose: names.purposes[purpose].clone(),
                jurisdiction,
                population,
                category,
                metric: metric.clone(),
                value,
                spread: Spread::default(),
            };
            let both = |reached: u64, of: u64| {
                let share = if of == 0 { 0.0 } else { reached as f64 / of as f64 };
                [(&people_reached, FigureValue::Count(reached)), (&share_reached, FigureValue::Ratio(share))]
            };
            for scope in scopes.all() {
                for (metric, value) in both(by_scope[scope.0], population[scope.0]) {
                    let (jurisdiction, population) = (names.jurisdiction(scope), names.population(scope));
                    rows.push(row(jurisdiction, population, names.all.clone(), metric, value));
                }
            }
            for (category, &reached) in names.categories.iter().zip(&by_category) {
                for (metric, value) in both(reached, scenario.people) {
                    rows.push(row(names.all.clone(), names.all.clone(), category.clone(), metric, value));
                }
            }
        }
    }
}
