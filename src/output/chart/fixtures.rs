//! Plausible and extreme rows, for tests and for looking at the figures.

use std::sync::Arc;

use chrono::{Days, NaiveDate};

mod knowledge;
mod models;
mod orders;

pub use orders::order;

use super::{ChartInput, Look, Marker, Named, NamedOrder};
use crate::exposure::{
    DailyRow, DifferenceRow, ExceedanceDay, ExceedanceRow, ExposureRow, FigureValue, FirstExposureRow, KnowledgeRow,
    Spread,
};
use crate::simulate::FilterSpeed;
use crate::utility::UtilityRow;

/// Everything a [`ChartInput`] borrows.
pub struct Fixture {
    /// Name of the scenario.
    pub scenario: String,
    /// People.
    pub people: u64,
    /// Days.
    pub days: u32,
    policies: Vec<Named>,
    purposes: Vec<Named>,
    jurisdictions: Vec<Named>,
    categories: Vec<Named>,
    markers: Vec<Marker>,
    exposure: Vec<ExposureRow>,
    daily: Vec<DailyRow>,
    filter: Vec<FilterSpeed>,
    orders: Vec<NamedOrder>,
    resolutions: Vec<Named>,
    exceedance: Vec<ExceedanceRow>,
    exceedance_daily: Vec<ExceedanceDay>,
    utility: Vec<UtilityRow>,
    first_exposure: Vec<FirstExposureRow>,
    differences: Vec<DifferenceRow>,
    knowledge: Vec<KnowledgeRow>,
    users_millions: Vec<f64>,
    replicates: u32,
}

const CATEGORIES: [&str; 13] = [
    "phone number",
    "device id",
    "operating system",
    "app version",
    "mobile network",
    "IP prefix",
    "registration date",
    "last seen",
    "feature usage",
    "profile name",
    "profile photo",
    "contacts",
    "group membership",
];

fn named(ids: &[&str]) -> Vec<Named> {
    ids.iter()
        .map(|id| {
            let mut title = id.replace(['-', '_'], " ");
            if let Some(first) = title.get(..1).map(str::to_uppercase) {
                title.replace_range(..1, &first);
            }
            Named { id: Arc::from(*id), title }
        })
        .collect()
}

/// A repeatable number in [0, 1).
fn noise(a: u64, b: u64, c: u64) -> f64 {
    let mut z =
        a.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ b.wrapping_mul(0xbf58_476d_1ce4_e5b9) ^ c.wrapping_add(0x94d0_49bb);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
}

impl Fixture {
    /// The seed case: three policies, three purposes, 60 days.
    pub fn plausible() -> Self {
        let policies = named(&["full-sharing", "security-only", "opt-out"]);
        let purposes = named(&["targeted_advertising", "business_intelligence", "security"]);
        let mut s = Self::build("cnil-2017", 1_000_000, 60, policies, purposes, 6);
        s.fill(&|policy, purpose, population| match (policy, purpose, population) {
            (1, 0 | 1, _) => 0.0,
            (1, 2, 2) => 0.0,
            (2, 0, 1) => 0.0,
            (_, 2, 2) => 0.31,
            (_, _, 2) => 0.58,
            (_, 2, _) => 0.993,
            _ => 0.987,
        });
        s
    }

    /// One policy, one day, and nothing happens.
    pub fn nothing() -> Self {
        let mut s = Self::build("nothing", 1000, 1, named(&["closed"]), named(&["security"]), 1);
        s.fill(&|_, _, _| 0.0);
        s.filter.clear();
        s
    }

    /// Names, and not a single row.
    pub fn no_rows() -> Self {
        let mut s = Self::plausible();
        s.exposure.clear();
        s.daily.clear();
        s.filter.clear();
        s.people = 0;
        s.days = 0;
        s
    }

    /// No policy, no purpose, no category.
    pub fn empty() -> Self {
        let mut s = Self::no_rows();
        (s.policies, s.purposes, s.categories) = (Vec::new(), Vec::new(), Vec::new());
        s
    }

    /// One policy, one day, something happens.
    pub fn one_day() -> Self {
        let mut s = Self::build("one-day", 50_000, 1, named(&["full-sharing"]), named(&["security"]), 1);
        s.fill(&|_, _, population| 0.9 - 0.3 * population as f64);
        s
    }

    /// More of everything than figures draw, and titles in other scripts.
    pub fn crowded() -> Self {
        let mut policies: Vec<Named> = (0..40)
            .map(|i| Named {
                id: Arc::from(format!("p{i}")),
                title: format!("Policy {i} of forty, which share more and more"),
            })
            .collect();
        for (policy, title) in
            policies.iter_mut().zip(["Πολιτική κοινοποίησης", "Съгласие", "東京の方針", "😀", "țară ∞"])
        {
            policy.title = title.to_owned();
        }
        let purposes =
            (0..16).map(|i| Named { id: Arc::from(format!("q{i}")), title: format!("Purpose {i}") }).collect();
        let mut s = Self::build("crowded", 10_000, 4, policies, purposes, 64);
        s.fill(&|policy, purpose, population| noise(policy as u64, purpose as u64, population as u64));
        let first = NaiveDate::from_ymd_opt(2017, 11, 27).unwrap_or_default();
        s.markers = (0..2000)
            .map(|i| Marker { date: first + Days::new(i % 8), label: format!("Notice of regulator number {i}") })
            .collect();
        s
    }

    /// Twelve policies, eight purposes, thirty jurisdictions, 400 days, long titles.
    pub fn huge() -> Self {
        let mut policies: Vec<Named> = (0..12)
            .map(|i| Named {
                id: Arc::from(format!("policy-{i}")),
                title: match i % 3 {
                    0 => format!("Policy {i}"),
                    1 => format!("Sharing after the notice of regulator number {i} & its <appeal>"),
                    _ => format!("Everything that the terms of 25 August 2016 announced, for new users who never had a choice, variant {i}"),
                },
            })
            .collect();
        policies[7].title =
            "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftspolicy".to_owned();
        let purposes = (0..8)
            .map(|i| Named {
                id: Arc::from(format!("purpose-{i}")),
                title: if i % 2 == 0 {
                    format!("Purpose {i}")
                } else {
                    format!("Improving infrastructure and delivery systems and understanding how services are used, part {i}")
                },
            })
            .collect();
        let mut s = Self::build(
            "a-scenario-with-quite-a-long-name-that-somebody-chose-in-a-hurry",
            1_500_000_000,
            400,
            policies,
            purposes,
            30,
        );
        s.fill(&|policy, purpose, population| {
            if policy % 4 == 3 { 0.4 } else { noise(policy as u64 / 2, purpose as u64, population as u64).powf(1.5) }
        });
        s
    }

    fn build(name: &str, people: u64, days: u32, policies: Vec<Named>, purposes: Vec<Named>, countries: usize) -> Self {
        let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap_or_default();
        Self {
            scenario: name.to_owned(),
            people,
            days,
            filter: policies
                .iter()
                .enumerate()
                .map(|(i, p)| FilterSpeed {
                    policy: p.id.clone(),
                    events_per_s: 4.1e8 - 2.3e7 * i as f64,
                    events_per_s_lo: 4.0e8 - 2.3e7 * i as f64,
                    events_per_s_hi: 4.15e8 - 2.3e7 * i as f64,
                    repetitions: 31,
                    values_per_s: 2.9e9 - 1.1e8 * i as f64,
                    gb_per_s: 11.7 - 0.4 * i as f64,
                })
                .collect(),
            policies,
            purposes,
            jurisdictions: (0..countries)
                .map(|i| Named { id: Arc::from(format!("C{i}")), title: format!("Country {i}") })
                .collect(),
            categories: CATEGORIES.iter().map(|c| named(&[&c.replace(' ', "_")]).remove(0)).collect(),
            markers: vec![
                Marker { date: day(2017, 11, 27), label: "CNIL notice, 27 Nov 2017".to_owned() },
                Marker { date: day(2017, 12, 18), label: "made public, 18 Dec 2017".to_owned() },
                Marker { date: day(2018, 1, 18), label: "deadline, 18 Jan 2018".to_owned() },
                Marker { date: day(2018, 5, 25), label: "GDPR applies, 25 May 2018".to_owned() },
            ],
            exposure: Vec::new(),
            daily: Vec::new(),
            orders: Vec::new(),
            resolutions: Vec::new(),
            exceedance: Vec::new(),
            exceedance_daily: Vec::new(),
            utility: Vec::new(),
            first_exposure: Vec::new(),
            differences: Vec::new(),
            knowledge: Vec::new(),
            users_millions: Vec::new(),
            replicates: 1,
        }
    }

    /// As means of five worlds: every figure with an interval of a tenth of it to both sides.
    pub fn over_worlds(mut self) -> Self {
        self.replicates = 5;
        let spread = |value: FigureValue| {
            let x = value.as_f64();
            Spread { interval: Some((0.9 * x, 1.1 * x)), replicates: 5 }
        };
        for row in &mut self.exposure {
            row.spread = spread(row.value);
            if row.unit == "share" {
                row.spread.interval = row.spread.interval.map(|(lo, hi)| (lo, hi.min(1.0)));
            }
        }
        self.daily.iter_mut().for_each(|row| row.spread = spread(row.value));
        self.exceedance.iter_mut().for_each(|row| row.spread = spread(row.value));
        self.exceedance_daily.iter_mut().for_each(|row| row.spread = spread(row.value));
        self.utility.iter_mut().for_each(|row| row.spread = spread(row.value));
        self.first_exposure.iter_mut().for_each(|row| row.spread = spread(row.value));
        self.knowledge.iter_mut().for_each(|row| row.spread = spread(row.value));
        for row in &mut self.differences {
            let ends = row.percent.map(|x| (x - 2.0, x + 2.0));
            row.percent_spread = Spread { interval: ends, replicates: 5 };
        }
        self
    }

    /// Rows from the share of each population (0 agrees, 1 objects, 2 never joined) that a policy reaches for a purpose.
    fn fill(&mut self, reach: &dyn Fn(usize, usize, usize) -> f64) {
        let populations = [("not_objecting", 0.42), ("objecting", 0.23), ("non_user", 0.35)];
        let people = self.people as f64;
        let all = Arc::<str>::from("all");
        for (p, policy) in self.policies.iter().enumerate() {
            let any = self.purposes.len();
            for q in 0..=any {
                let purpose = self.purposes.get(q).map_or_else(|| all.clone(), |q| q.id.clone());
                let share = |g: usize| {
                    if q < any { reach(p, q, g) } else { (0..any).map(|q| reach(p, q, g)).fold(0.0, f64::max) }
                };
                let mut row =
                    |population: &str, category: &str, metric: &str, value: FigureValue, unit: &'static str| {
                        self.exposure.push(ExposureRow {
                            policy: policy.id.clone(),
                            purpose: purpose.clone(),
                            jurisdiction: all.clone(),
                            population: Arc::from(population),
                            category: Arc::from(category),
                            metric: Arc::from(metric),
                            value,
                            spread: Spread::default(),
                            unit,
                        });
                    };
                let mut exposed = 0.0;
                for (g, (population, part)) in populations.iter().enumerate() {
                    let group = (people * part).round();
                    let n = (group * share(g)).round();
                    exposed += n;
                    row(population, "all", "people", FigureValue::Count(group as u64), "people");
                    row(population, "all", "people_exposed", FigureValue::Count(n as u64), "people");
                    row(population, "all", "coverage_of_group", FigureValue::Ratio(share(g)), "share");
                }
                let values = exposed * f64::from(self.days) * (3.0 + 18.0 * noise(q as u64, 7, 1));
                let values = if q < any { values } else { values * 2.0 };
                row("all", "all", "disclosed_values", FigureValue::Count(values as u64), "flows");
                row("all", "all", "people_exposed", FigureValue::Count(exposed as u64), "people");
                let mut held = 0.0;
                let mut sum = 0.0;
                let weights: Vec<f64> =
                    (1..=13).map(|k| (-(f64::from(k) - 4.0 - p as f64).powi(2) / 8.0).exp() + 0.01).collect();
                let total: f64 = weights.iter().sum();
                for (k, w) in weights.iter().enumerate() {
                    let n = (exposed * w / total).floor();
                    held += n;
                    sum += n * (k as f64 + 1.0);
                    row("all", "all", &format!("people_at_depth_{}", k + 1), FigureValue::Count(n as u64), "people");
                }
                row("all", "all", "depth_mean", FigureValue::Ratio(sum / held), "categories");
                for (c, category) in self.categories.iter().enumerate() {
                    let n = if p == 1 && c % 3 == 1 { 0.0 } else { exposed * (1.0 - c as f64 / 13.0).powi(2) };
                    row("all", &category.id, "people_exposed", FigureValue::Count(n as u64), "people");
                }
                for d in 0..u64::from(self.days) {
                    let week = 1.0 + 0.12 * ((d % 7) as f64 * 0.9).sin() + 0.03 * noise(d, q as u64, 3);
                    let late = if p == 2 && d > 52 { 0.6 } else { 1.0 };
                    self.daily.push(DailyRow {
                        day: NaiveDate::from_ymd_opt(2017, 11, 27).unwrap_or_default() + Days::new(d),
                        policy: policy.id.clone(),
                        purpose: purpose.clone(),
                        jurisdiction: all.clone(),
                        population: all.clone(),
                        metric: Arc::from("people_exposed"),
                        value: FigureValue::Count((exposed * 0.5 * week * if q == 0 { late } else { 1.0 }) as u64),
                        spread: Spread::default(),
                    });
                }
            }
        }
    }

    /// The input.
    pub fn input(&self) -> ChartInput<'_> {
        ChartInput {
            scenario: &self.scenario,
            title: "What WhatsApp would share with Facebook under three policies",
            look: Look::default(),
            heading: None,
            seed: 42,
            version: "0.1.0",
            command: "outflow run scenarios/cnil-2017.toml --seed 42",
            digest: "b3:5d0c5c2f1a7e4b9c8d6e0f1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e",
            people: self.people,
            users: self.people * 65 / 100,
            days: self.days,
            start: NaiveDate::from_ymd_opt(2017, 11, 27).unwrap_or_default(),
            replicates: self.replicates,
            events: self.people * u64::from(self.days) * 40,
            policies: &self.policies,
            purposes: &self.purposes,
            baseline: 0,
            jurisdictions: &self.jurisdictions,
            users_millions: &self.users_millions,
            categories: &self.categories,
            markers: &self.markers,
            orders: &self.orders,
            resolutions: &self.resolutions,
            leaving: "",
            exposure: &self.exposure,
            daily: &self.daily,
            first_exposure: &self.first_exposure,
            exceedance: &self.exceedance,
            exceedance_daily: &self.exceedance_daily,
            knowledge: &self.knowledge,
            utility: &self.utility,
            differences: &self.differences,
            findings: &[],
            filter: &self.filter,
        }
    }
}
