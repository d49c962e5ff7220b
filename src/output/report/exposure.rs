//! Figures of exposure by what they are about.

use std::collections::HashMap;

use super::cells::Figure;
use crate::exposure::ALL;
use crate::output::chart::ChartInput;

/// Rows of `exposure` that are about every category, by metric, policy, purpose, jurisdiction and population.
pub struct Exposure<'a>(HashMap<[&'a str; 5], Figure>);

impl<'a> Exposure<'a> {
    /// Indexes the rows that reach the page.
    pub fn new(input: &ChartInput<'a>) -> Self {
        let rows = input.exposure.iter().filter(|row| &*row.category == ALL && row.value.as_f64().is_finite());
        let key = |row: &'a crate::exposure::ExposureRow| {
            [&*row.metric, &*row.policy, &*row.purpose, &*row.jurisdiction, &*row.population]
        };
        Exposure(rows.map(|row| (key(row), (row.value.as_f64(), row.spread.interval))).collect())
    }

    /// A figure; none if no row has it.
    pub fn get(&self, metric: &str, policy: &str, purpose: &str, place: &str, population: &str) -> Option<Figure> {
        self.0.get(&[metric, policy, purpose, place, population]).copied()
    }

    /// A figure about all purposes everywhere.
    pub fn whole(&self, metric: &str, policy: &str, population: &str) -> Option<Figure> {
        self.get(metric, policy, ALL, ALL, population)
    }
}
