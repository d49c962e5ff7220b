//! The rows of a run, indexed for drawing.
//!
//! Charts ask for single figures by name, some hundred of the same rows: a map answers that. A frame would be filtered once for each, with columns
//! by strings in place of fields that the compiler knows.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::hues::{self, Hue};
use super::{ChartInput, Look};
use crate::exposure::ALL;
use crate::output::lang::Lang;
use crate::output::number::grouped;

/// The three populations: id in the tables, and what a reader calls them in English and French.
pub const POPULATIONS: [(&str, &str, &str); 3] = [
    ("not_objecting", "Users who do not object", "Utilisateurs qui ne s’opposent pas"),
    ("objecting", "Users who object", "Utilisateurs qui s’opposent"),
    ("non_user", "People who never joined", "Personnes jamais inscrites"),
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
    /// How figures are dressed.
    pub look: Look,
    /// Width that they are drawn at, in units.
    pub width: f64,
    /// Colours of the policies that are drawn, in their order.
    pub hues: Vec<Hue>,
    total: HashMap<FigureKey<'a>, (f64, Interval)>,
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
        let hues = hues::of_policies(input.policies);
        let look = input.look;
        let width = look.size.widths()[0];
        Self { input, all_policies, look, width, hues, total, exceedance, exceedance_daily, exceedance_bands }
    }

    /// The language of the figures.
    pub fn lang(&self) -> Lang {
        self.look.lang
    }

    /// What the run found and the figure of this name shows, as a title; none if it found nothing of the kind.
    pub fn headline(&self, name: &str) -> Option<String> {
        if let Some(own) = self.input.heading {
            return Some(own.to_owned());
        }
        let found = self.input.findings.iter().find(|finding| finding.chart == Some(name))?;
        Some(self.lang().say(&found.sentence.en, &found.sentence.fr).trim_end_matches('.').to_owned())
    }

    /// What a reader calls an id of a column of the data; `None` of columns that have no ids, or of others.
    pub fn title(&self, column: &str, id: &str) -> Option<String> {
        let lang = self.lang();
        let named = |all: &[super::Named]| {
            all.iter().find(|named| &*named.id == id).map(|named| lang.title(&named.title).into_owned())
        };
        let any = |en: &str, fr: &str| (id == ALL).then(|| lang.say(en, fr).to_owned());
        match column {
            "policy" => named(self.input.policies),
            "purpose" => named(self.input.purposes).or_else(|| any("Any purpose", "Toutes finalités")),
            "category" => named(self.input.categories).or_else(|| any("Any category", "Toutes catégories")),
            "jurisdiction" => named(self.input.jurisdictions).or_else(|| any("Anywhere", "Partout")),
            "resolution" => named(self.input.resolutions),
            "population" => {
                POPULATIONS.iter().find(|(known, ..)| *known == id).map(|(_, en, fr)| lang.say(en, fr).to_owned())
            }
            "order" => self
                .input
                .orders
                .iter()
                .find(|order| &*order.id == id)
                .map(|order| lang.title(&order.title).into_owned()),
            _ => None,
        }
    }

    /// The title of an id, or the id if it has none.
    pub fn called(&self, column: &str, id: &str) -> String {
        self.title(column, id).unwrap_or_else(|| id.to_owned())
    }

    /// What is said where policies are left out, as a sentence; nothing if all are drawn.
    pub fn left_out(&self) -> Option<String> {
        let drawn = self.input.policies.len();
        (drawn < self.all_policies).then(|| {
            self.lang().fill(
                "Drawn: the first {0} of {1} policies, in the order of the scenario. The tables of the run have all of them.",
                "Représentées\u{a0}: les {0} premières politiques sur {1}, dans l’ordre du scénario. Les tables les contiennent toutes.",
                &[&drawn.to_string(), &grouped(self.all_policies as u64)],
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

    /// What is said of how sure the figures are.
    pub fn certainty(&self) -> String {
        match self.input.replicates {
            0 | 1 => self.lang().say("one world: no interval", "un seul monde\u{a0}: sans intervalle").to_owned(),
            n => self.lang().fill(
                "means of {0} worlds, 95 % intervals",
                "moyennes de {0} mondes, intervalles à 95 %",
                &[&n.to_string()],
            ),
        }
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

    /// How many people of a place stand for one user of it in the model: users that it has, as the scenario says, over users in the model. None where the scenario does not say, or the rows are not there.
    pub fn people_per_model_person(&self, jurisdiction: &str) -> Option<f64> {
        let at = self.input.jurisdictions.iter().position(|j| &*j.id == jurisdiction)?;
        let millions = *self.input.users_millions.get(at)?;
        let of = |population: &str| {
            let mut rows = self.input.exposure.iter().filter(|row| {
                &*row.metric == "people"
                    && &*row.jurisdiction == jurisdiction
                    && &*row.purpose == ALL
                    && &*row.population == population
            });
            rows.next().map(|row| row.value.as_f64())
        };
        let users = of("not_objecting")? + of("objecting")?;
        (millions > 0.0 && users > 0.0).then(|| millions * 1e6 / users)
    }

    /// Dates to mark, the first so many, by day; those of a day share a label.
    pub fn markers(&self, most: usize) -> Vec<(NaiveDate, String)> {
        let (first, last) = self.period();
        let mut marks: Vec<(NaiveDate, String)> = Vec::new();
        for marker in self.input.markers.iter().filter(|m| m.date >= first && m.date <= last) {
            match marks.iter_mut().find(|(day, _)| *day == marker.date) {
                Some((_, label)) => *label = format!("{label}; {}", marker.label),
                None => marks.push((marker.date, marker.label.clone())),
            }
        }
        marks.sort_by_key(|mark| mark.0);
        marks.truncate(most);
        marks
    }

    /// Purposes with their titles, led by `all`, which the tables have besides.
    pub fn purposes_and_all(&self) -> Vec<(&'a str, String)> {
        std::iter::once(ALL)
            .chain(self.input.purposes.iter().map(|p| &*p.id))
            .map(|id| (id, self.called("purpose", id)))
            .collect()
    }

    /// "27 Nov 2017 to 25 Jan 2018 (60 days)".
    pub fn span(&self) -> String {
        let (a, b) = self.period();
        let lang = self.lang();
        let days = crate::output::number::plural(
            (b - a).num_days() as u64 + 1,
            lang.say("day", "jour"),
            lang.say("days", "jours"),
        );
        let days = lang.number(days);
        if a == b {
            format!("{} ({days})", lang.date(a))
        } else {
            format!("{} {} {} ({days})", lang.date(a), lang.say("to", "au"), lang.date(b))
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
