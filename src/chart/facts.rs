//! The rows of a run, indexed for drawing.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;

use super::ChartInput;
use crate::exposure::rows::ALL;

/// The three populations: id in the tables, and what a reader calls them.
pub const POPULATIONS: [(&str, &str); 3] =
    [("agreed", "Users who do not object"), ("opted_out", "Users who object"), ("non_user", "People who never joined")];

/// Names one figure of the whole run: metric, policy, purpose, population, category.
type Key<'a> = (&'a str, &'a str, &'a str, &'a str, &'a str);

/// A day and its count.
pub type Day = (NaiveDate, f64);

/// The rows of a run by what they are about; only rows that are not split by jurisdiction.
pub struct Facts<'a> {
    /// What the rows came with.
    pub input: &'a ChartInput<'a>,
    /// How many replicates the rows hold, at least 1.
    pub replicates: usize,
    total: HashMap<Key<'a>, (f64, u32)>,
    daily: HashMap<(&'a str, &'a str, &'a str), Vec<Day>>,
}

impl<'a> Facts<'a> {
    /// Indexes `input`.
    pub fn new(input: &'a ChartInput<'a>) -> Self {
        let mut total: HashMap<Key<'a>, (f64, u32)> = HashMap::new();
        let mut replicates = BTreeSet::new();
        for row in input.exposure {
            replicates.insert(row.replicate);
            let x = row.value.as_f64();
            if &*row.jurisdiction == ALL && x.is_finite() {
                let key = (&*row.metric, &*row.policy, &*row.purpose, &*row.population, &*row.category);
                let cell = total.entry(key).or_default();
                cell.0 += x;
                cell.1 += 1;
            }
        }
        let mut daily: HashMap<_, Vec<Day>> = HashMap::new();
        for row in input.daily {
            if &*row.jurisdiction == ALL && &*row.population == ALL {
                daily.entry((&*row.metric, &*row.policy, &*row.purpose)).or_default().push((row.day, row.value as f64));
            }
        }
        for days in daily.values_mut() {
            days.sort_by_key(|d| d.0);
            // One figure a day; a table that repeats a day is drawn with the last.
            days.reverse();
            days.dedup_by_key(|d| d.0);
            days.reverse();
        }
        Self { input, replicates: replicates.len().max(1), total, daily }
    }

    /// A figure of the whole run, the mean over replicates; `None` if no row has it.
    pub fn get(&self, metric: &str, policy: &str, purpose: &str, population: &str, category: &str) -> Option<f64> {
        self.total.get(&(metric, policy, purpose, population, category)).map(|(sum, n)| sum / f64::from(*n))
    }

    /// The days of a metric in order.
    pub fn days<'s>(&'s self, metric: &'s str, policy: &'s str, purpose: &'s str) -> &'s [Day] {
        self.daily.get(&(metric, policy, purpose)).map_or(&[], Vec::as_slice)
    }

    /// First and last day of the run, and of any row beyond it.
    pub fn period(&self) -> (NaiveDate, NaiveDate) {
        let start = self.input.start;
        let end = start.checked_add_days(chrono::Days::new(u64::from(self.input.days.max(1)) - 1)).unwrap_or(start);
        self.input.daily.iter().fold((start, end), |(a, b), row| (a.min(row.day), b.max(row.day)))
    }

    /// All people of the model, as a denominator: never zero.
    pub fn people(&self) -> f64 {
        (self.input.people as f64).max(1.0)
    }

    /// Purposes with their titles, led by `all`, which the tables have besides.
    pub fn purposes_and_all(&self) -> Vec<(&'a str, &'a str)> {
        std::iter::once((ALL, "Any purpose"))
            .chain(self.input.purposes.iter().map(|p| (&*p.id, p.title.as_str())))
            .collect()
    }

    /// "27 Nov 2017 to 25 Jan 2018 (60 days)".
    pub fn span(&self) -> String {
        let (a, b) = self.period();
        let days = super::number::plural((b - a).num_days() as u64 + 1, "day", "days");
        if a == b {
            format!("{} ({days})", a.format("%-d %b %Y"))
        } else {
            format!("{} to {} ({days})", a.format("%-d %b %Y"), b.format("%-d %b %Y"))
        }
    }
}
