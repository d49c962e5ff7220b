//! The rows of a run, indexed for drawing.
//!
//! Charts ask for single figures by name, some hundred of the same rows: a map answers that. A frame would be filtered once for each, with columns
//! by strings in place of fields that the compiler knows.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::ChartInput;
use super::number::grouped;
use crate::exposure::ALL;

/// The three populations: id in the tables, and what a reader calls them.
pub const POPULATIONS: [(&str, &str); 3] = [
    ("not_objecting", "Users who do not object"),
    ("objecting", "Users who object"),
    ("non_user", "People who never joined"),
];

/// Names one figure of the whole run: metric, policy, purpose, population, category.
type FigureKey<'a> = (&'a str, &'a str, &'a str, &'a str, &'a str);

/// A 95 % interval of a mean over replicates; none of a single one.
pub type Interval = Option<(f64, f64)>;

/// A day and the 95 % interval of its count.
pub type DayBand = (NaiveDate, (f64, f64));

/// A day and its count.
pub type DayCount = (NaiveDate, f64);

/// Most policies that figures draw: as many as there are colours, and as a reader can compare.
pub const MOST_POLICIES: usize = 12;

/// The rows of a run by what they are about; only rows of what is drawn, and not split by jurisdiction.
pub struct Facts<'a> {
    /// What the rows came with; of the policies only those that are drawn, the first.
    pub input: ChartInput<'a>,
    /// How many policies the run has.
    pub all_policies: usize,
    total: HashMap<FigureKey<'a>, (f64, Interval)>,
    daily: HashMap<(&'a str, &'a str, &'a str), Vec<DayCount>>,
    /// Intervals of the days, in the same order; none of a single replicate.
    daily_bands: HashMap<(&'a str, &'a str, &'a str), Vec<DayBand>>,
    /// By metric, order, policy, phase.
    exceedance: HashMap<[&'a str; 4], (f64, Interval)>,
    /// Disclosed values by order and policy.
    exceedance_daily: HashMap<(&'a str, &'a str), Vec<DayCount>>,
    /// Their intervals, in the same order; none of a single replicate.
    exceedance_bands: HashMap<(&'a str, &'a str), Vec<DayBand>>,
}

impl<'a> Facts<'a> {
    /// Indexes `input`.
    pub fn new(input: &'a ChartInput<'a>) -> Self {
        let drawn = input.policies.len().min(MOST_POLICIES);
        let all_policies = input.policies.len();
        let input = ChartInput { policies: &input.policies[..drawn], ..*input };
        let is_drawn = |id: &str| drawn == all_policies || input.policies.iter().any(|p| &*p.id == id);
        let mut total: HashMap<FigureKey<'a>, (f64, Interval)> = HashMap::new();
        for row in input.exposure {
            let x = row.value.as_f64();
            if &*row.jurisdiction == ALL && x.is_finite() && is_drawn(&row.policy) {
                let key = (&*row.metric, &*row.policy, &*row.purpose, &*row.population, &*row.category);
                total.insert(key, (x, row.spread.interval));
            }
        }
        let mut daily: HashMap<_, Vec<DayCount>> = HashMap::new();
        let mut daily_bands: HashMap<_, Vec<DayBand>> = HashMap::new();
        for row in input.daily {
            if &*row.jurisdiction == ALL && &*row.population == ALL && is_drawn(&row.policy) {
                let key = (&*row.metric, &*row.policy, &*row.purpose);
                daily.entry(key).or_default().push((row.day, row.value.as_f64()));
                daily_bands.entry(key).or_default().extend(row.spread.interval.map(|band| (row.day, band)));
            }
        }
        daily.values_mut().for_each(order);
        daily_bands.values_mut().for_each(order);
        let mut exceedance: HashMap<_, (f64, Interval)> = HashMap::new();
        for row in input.exceedance {
            let x = row.value.as_f64();
            if &*row.purpose == ALL && &*row.population == ALL && x.is_finite() && is_drawn(&row.policy) {
                let key = [&*row.metric, &*row.order, &*row.policy, &*row.phase];
                exceedance.insert(key, (x, row.spread.interval));
            }
        }
        let mut exceedance_daily: HashMap<_, Vec<DayCount>> = HashMap::new();
        let mut exceedance_bands: HashMap<_, Vec<DayBand>> = HashMap::new();
        for row in input.exceedance_daily {
            let whole = &*row.purpose == ALL && &*row.population == ALL;
            if &*row.metric == "disclosed_values" && whole && is_drawn(&row.policy) {
                let key = (&*row.order, &*row.policy);
                exceedance_daily.entry(key).or_default().push((row.day, row.value.as_f64()));
                exceedance_bands.entry(key).or_default().extend(row.spread.interval.map(|band| (row.day, band)));
            }
        }
        exceedance_daily.values_mut().for_each(order);
        exceedance_bands.values_mut().for_each(order);
        Self { input, all_policies, total, daily, daily_bands, exceedance, exceedance_daily, exceedance_bands }
    }

    /// What a reader calls an id of a column of the data; `None` of columns that have no ids, or of others.
    pub fn title(&self, column: &str, id: &str) -> Option<String> {
        let named = |all: &[super::Named]| all.iter().find(|named| &*named.id == id).map(|named| named.title.clone());
        let any = |what: &str| (id == ALL).then(|| format!("Any {what}"));
        match column {
            "policy" => named(self.input.policies),
            "purpose" => named(self.input.purposes).or_else(|| any("purpose")),
            "category" => named(self.input.categories).or_else(|| any("category")),
            "resolution" => named(self.input.resolutions),
            "population" => POPULATIONS.iter().find(|(known, _)| *known == id).map(|(_, title)| (*title).to_owned()),
            "order" => self.input.orders.iter().find(|order| &*order.id == id).map(|order| order.title.clone()),
            _ => None,
        }
    }

    /// What is said where policies are left out, as a sentence; nothing if all are drawn.
    pub fn left_out(&self) -> Option<String> {
        let drawn = self.input.policies.len();
        (drawn < self.all_policies).then(|| {
            format!(
                "Drawn: the first {drawn} of {} policies, in the order of the scenario. The tables of the run have all of them.",
                grouped(self.all_policies as u64)
            )
        })
    }

    /// A figure of the whole run, the mean over replicates; `None` if no row has it.
    pub fn get(&self, metric: &str, policy: &str, purpose: &str, population: &str, category: &str) -> Option<f64> {
        self.total.get(&(metric, policy, purpose, population, category)).map(|(mean, _)| *mean)
    }

    /// Its 95 % interval; `None` of a single replicate.
    pub fn interval(&self, metric: &str, policy: &str, purpose: &str, population: &str, category: &str) -> Interval {
        self.total.get(&(metric, policy, purpose, population, category)).and_then(|(_, interval)| *interval)
    }

    /// The 95 % intervals of the days of a metric in order; none of a single replicate.
    pub fn bands<'s>(&'s self, metric: &'s str, policy: &'s str, purpose: &'s str) -> &'s [DayBand] {
        self.daily_bands.get(&(metric, policy, purpose)).map_or(&[], Vec::as_slice)
    }

    /// What is said of how sure the figures are.
    pub fn certainty(&self) -> String {
        match self.input.replicates {
            0 | 1 => "one world: no interval".to_owned(),
            n => format!("means of {n} worlds, 95 % intervals"),
        }
    }

    /// The days of a metric in order.
    pub fn days<'s>(&'s self, metric: &'s str, policy: &'s str, purpose: &'s str) -> &'s [DayCount] {
        self.daily.get(&(metric, policy, purpose)).map_or(&[], Vec::as_slice)
    }

    /// A figure of a policy against an order in a phase, the mean over replicates; `None` if no row has it.
    pub fn exceedance(&self, metric: &str, order: &str, policy: &str, phase: &str) -> Option<f64> {
        self.exceedance.get(&[metric, order, policy, phase]).map(|(mean, _)| *mean)
    }

    /// Its 95 % interval; `None` of a single replicate.
    pub fn exceedance_interval(&self, metric: &str, order: &str, policy: &str, phase: &str) -> Interval {
        self.exceedance.get(&[metric, order, policy, phase]).and_then(|(_, interval)| *interval)
    }

    /// The values that a policy discloses in the scope of an order, by day.
    pub fn exceedance_days<'s>(&'s self, order: &'s str, policy: &'s str) -> &'s [DayCount] {
        self.exceedance_daily.get(&(order, policy)).map_or(&[], Vec::as_slice)
    }

    /// The 95 % intervals of these days; none of a single replicate.
    pub fn exceedance_bands<'s>(&'s self, order: &'s str, policy: &'s str) -> &'s [DayBand] {
        self.exceedance_bands.get(&(order, policy)).map_or(&[], Vec::as_slice)
    }

    /// Whether figures are means of several worlds, so that they have intervals.
    pub fn has_intervals(&self) -> bool {
        self.input.replicates > 1
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
fn order<T>(days: &mut Vec<(NaiveDate, T)>) {
    days.sort_by_key(|d| d.0);
    days.reverse();
    days.dedup_by_key(|d| d.0);
    days.reverse();
}
