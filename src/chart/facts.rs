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
    /// By metric, order, policy, phase.
    exceedance: HashMap<[&'a str; 4], (f64, u32)>,
    /// Disclosed values by order and policy.
    exceedance_daily: HashMap<(&'a str, &'a str), Vec<Day>>,
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
        daily.values_mut().for_each(order);
        let mut exceedance: HashMap<_, (f64, u32)> = HashMap::new();
        for row in input.exceedance {
            let x = row.value.as_f64();
            if &*row.purpose == ALL && &*row.population == ALL && x.is_finite() {
                let cell = exceedance.entry([&*row.metric, &*row.order, &*row.policy, &*row.phase]).or_default();
                cell.0 += x;
                cell.1 += 1;
            }
        }
        let mut exceedance_daily: HashMap<_, Vec<Day>> = HashMap::new();
        for row in input.exceedance_daily {
            if &*row.metric == "disclosed_values" && &*row.purpose == ALL && &*row.population == ALL {
                exceedance_daily.entry((&*row.order, &*row.policy)).or_default().push((row.day, row.value as f64));
            }
        }
        exceedance_daily.values_mut().for_each(order);
        Self { input, replicates: replicates.len().max(1), total, daily, exceedance, exceedance_daily }
    }

    /// A figure of the whole run, the mean over replicates; `None` if no row has it.
    pub fn get(&self, metric: &str, policy: &str, purpose: &str, population: &str, category: &str) -> Option<f64> {
        self.total.get(&(metric, policy, purpose, population, category)).map(|(sum, n)| sum / f64::from(*n))
    }

    /// The days of a metric in order.
    pub fn days<'s>(&'s self, metric: &'s str, policy: &'s str, purpose: &'s str) -> &'s [Day] {
        self.daily.get(&(metric, policy, purpose)).map_or(&[], Vec::as_slice)
    }

    /// A figure of a policy against an order in a phase, the mean over replicates; `None` if no row has it.
    pub fn exceedance(&self, metric: &str, order: &str, policy: &str, phase: &str) -> Option<f64> {
        self.exceedance.get(&[metric, order, policy, phase]).map(|(sum, n)| sum / f64::from(*n))
    }

    /// The values that a policy discloses in the scope of an order, by day.
    pub fn exceedance_days<'s>(&'s self, order: &'s str, policy: &'s str) -> &'s [Day] {
        self.exceedance_daily.get(&(order, policy)).map_or(&[], Vec::as_slice)
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

/// Sorts days. One figure a day: of a day that a table repeats the last is drawn.
fn order(days: &mut Vec<Day>) {
    days.sort_by_key(|d| d.0);
    days.reverse();
    days.dedup_by_key(|d| d.0);
    days.reverse();
}
