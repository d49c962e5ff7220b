//! From counters to rows. The only place where figures are divided, in a fixed order.

use std::sync::Arc;

use super::grouping::{GroupingSet, GroupingSets};
use super::rows::{ALL, DailyRow, ExposureRow, FigureValue};
use super::{Exceedances, Orders, PopulationGroup, Totals};
use crate::policy::Compiled;
use crate::scenario::Scenario;

/// Names of the columns' values, shared by all rows.
struct SplitNames {
    all: Arc<str>,
    policies: Vec<Arc<str>>,
    /// Purposes, then all.
    purposes: Vec<Arc<str>>,
    jurisdictions: Vec<Arc<str>>,
    populations: Vec<Arc<str>>,
    categories: Vec<Arc<str>>,
    /// Metrics of days: shared, as there are many days.
    daily: [Arc<str>; 4],
}

impl SplitNames {
    fn new(scenario: &Scenario) -> Self {
        let all: Arc<str> = ALL.into();
        SplitNames {
            policies: scenario.policies.iter().map(|p| p.id.clone()).collect(),
            purposes: scenario.purposes.iter().map(|p| p.id.clone()).chain([all.clone()]).collect(),
            jurisdictions: scenario.jurisdictions.iter().map(|j| j.code.clone()).collect(),
            populations: PopulationGroup::ALL.iter().map(|p| p.word().into()).collect(),
            categories: scenario.categories.iter().map(|c| c.id.clone()).collect(),
            daily: ["disclosed_values", "disclosed_events", "disclosed_bytes", "people_exposed"].map(Into::into),
            all,
        }
    }

    fn jurisdiction(&self, scope: GroupingSet) -> Arc<str> {
        scope.jurisdiction().map_or(self.all.clone(), |j| self.jurisdictions[j].clone())
    }

    fn population(&self, scope: GroupingSet) -> Arc<str> {
        scope.population().map_or(self.all.clone(), |p| self.populations[p as usize].clone())
    }
}

/// Counters by class as counters by scope, for rows of one purpose (`None`: all).
fn by_scope(
    compiled: &Compiled,
    scopes: GroupingSets,
    purpose: Option<usize>,
    per_class: impl Iterator<Item = u64>,
) -> Vec<u64> {
    let mut sums = vec![0; scopes.count()];
    for (class, n) in compiled.classes.iter().zip(per_class) {
        for scope in scopes.of(class, purpose) {
            sums[scope.0] += n;
        }
    }
    sums
}

/// Makes rows of what was counted.
pub struct Tabulation<'a> {
    scenario: &'a Scenario,
    compiled: &'a Compiled,
    totals: &'a Totals,
    names: SplitNames,
    scopes: GroupingSets,
}

impl<'a> Tabulation<'a> {
    /// Rows of these totals.
    pub fn new(scenario: &'a Scenario, compiled: &'a Compiled, totals: &'a Totals) -> Self {
        let scopes = GroupingSets::new(scenario.jurisdictions.len());
        Tabulation { scenario, compiled, totals, names: SplitNames::new(scenario), scopes }
    }

    /// What was counted against the orders of the run.
    pub fn exceedances(&self, orders: &'a Orders) -> Exceedances<'a> {
        let per_policy = self.totals.volume.values.len() / self.compiled.policies.max(1);
        let of = |policy: &[u64]| policy.iter().step_by(self.compiled.layers()).sum();
        let disclosed = self.totals.volume.values.chunks(per_policy.max(1)).map(of).collect();
        Exceedances::new(self.scenario, orders, &self.totals.exceedance, disclosed)
    }

    /// Rows of `tables/exposure`.
    pub fn exposure(&self) -> Vec<ExposureRow> {
        (0..self.compiled.policies).flat_map(|policy| self.exposure_of(policy)).collect()
    }

    /// Those of one policy: a run of many has more of them than fit in memory.
    pub fn exposure_of(&self, policy: usize) -> Vec<ExposureRow> {
        let mut rows = Vec::new();
        for purpose in 0..=self.compiled.purposes {
            self.exposure_rows(policy, purpose, &mut rows);
        }
        rows
    }

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
}

/// Sum over purposes of a counter (policy, purpose, class...) if `purpose` is all, the counter itself otherwise.
fn flows<'a>(
    compiled: &'a Compiled,
    policy: usize,
    purpose: usize,
    width: usize,
    counter: &'a [u64],
) -> impl Fn(usize) -> u64 + 'a {
    let purposes = if purpose == compiled.purposes { 0..compiled.purposes } else { purpose..purpose + 1 };
    move |i| purposes.clone().map(|p| counter[(policy * compiled.purposes + p) * width + i]).sum()
}

impl Tabulation<'_> {
    fn exposure_rows(&self, policy: usize, purpose: usize, rows: &mut Vec<ExposureRow>) {
        let Tabulation { scenario, compiled, totals, names, scopes } = self;
        let scopes = *scopes;
        let (classes, categories) = (compiled.classes.len(), scenario.categories.len());
        let split = (purpose < compiled.purposes).then_some(purpose);
        let mut row =
            |scope: GroupingSet, category: Option<usize>, metric: &str, value: FigureValue, unit: &'static str| {
                rows.push(ExposureRow {
                    replicate: 0,
                    policy: names.policies[policy].clone(),
                    purpose: names.purposes[purpose].clone(),
                    jurisdiction: names.jurisdiction(scope),
                    population: names.population(scope),
                    category: category.map_or(names.all.clone(), |c| names.categories[c].clone()),
                    metric: metric.into(),
                    value,
                    unit,
                });
            };
        let ratio = |a: u64, b: u64| FigureValue::Ratio(if b == 0 { 0.0 } else { a as f64 / b as f64 });

        let layers = compiled.layers();
        let width = classes * categories * layers;
        let values_at = flows(compiled, policy, purpose, width, &totals.volume.values);
        let value = |i: usize| values_at(i * layers);
        let bytes_of = |category: usize| u64::from(scenario.categories[category].bytes);
        let sum = |class: usize, weight: &dyn Fn(usize) -> u64| -> u64 {
            (0..categories).map(|c| value(class * categories + c) * weight(c)).sum()
        };
        // Purpose `all` adds the flows of purposes, each split by the objection to any.
        let values = by_scope(compiled, scopes, split, (0..classes).map(|c| sum(c, &|_| 1)));
        let bytes = by_scope(compiled, scopes, split, (0..classes).map(|c| sum(c, &bytes_of)));
        let cell = policy * (compiled.purposes + 1) + purpose;
        let people = by_scope(
            compiled,
            scopes,
            split,
            totals.reach.people[cell * layers * classes..][..classes].iter().copied(),
        );
        let population = by_scope(compiled, scopes, split, totals.reach.population.iter().copied());
        let depth: Vec<Vec<u64>> = (0..categories)
            .map(|k| {
                let per_class = (0..classes).map(|c| totals.reach.depth[(cell * classes + c) * categories + k]);
                by_scope(compiled, scopes, split, per_class)
            })
            .collect();
        for scope in scopes.all() {
            let s = scope.0;
            row(scope, None, "disclosed_values", FigureValue::Count(values[s]), "flows");
            row(
                scope,
                None,
                "disclosed_events",
                FigureValue::Count(totals.volume.events[cell * scopes.count() + s]),
                "events",
            );
            row(scope, None, "disclosed_bytes", FigureValue::Count(bytes[s]), "bytes");
            row(scope, None, "people_exposed", FigureValue::Count(people[s]), "people");
            row(scope, None, "people", FigureValue::Count(population[s]), "people");
            row(scope, None, "coverage", ratio(people[s], scenario.people), "share");
            row(scope, None, "coverage_of_group", ratio(people[s], population[s]), "share");
            let held: u64 = depth.iter().enumerate().map(|(k, by_scope)| (k as u64 + 1) * by_scope[s]).sum();
            row(scope, None, "depth_mean", ratio(held, people[s]), "categories");
            if scope.jurisdiction().is_none() {
                for (k, by_scope) in depth.iter().enumerate() {
                    row(scope, None, &format!("people_at_depth_{}", k + 1), FigureValue::Count(by_scope[s]), "people");
                }
            }
        }
        // What is let out under a transform, apart: one metric for each resolution, exact included.
        for (layer, resolution) in compiled.resolutions.iter().enumerate().filter(|_| layers > 1) {
            let layer = layer + 1;
            let sum =
                |class: usize| (0..categories).map(|c| values_at((class * categories + c) * layers + layer)).sum();
            let values = by_scope(compiled, scopes, split, (0..classes).map(sum));
            let people = &totals.reach.people[(cell * layers + layer) * classes..][..classes];
            let people = by_scope(compiled, scopes, split, people.iter().copied());
            let [values_as, people_as] =
                ["disclosed_values", "people_exposed"].map(|metric| format!("{metric}_as_{}", resolution.id()));
            for scope in scopes.all() {
                row(scope, None, &values_as, FigureValue::Count(values[scope.0]), "flows");
                row(scope, None, &people_as, FigureValue::Count(people[scope.0]), "people");
            }
            for category in 0..categories {
                let flows = (0..classes).map(|k| values_at((k * categories + category) * layers + layer)).sum();
                let people = totals.reach.by_category[(cell * layers + layer) * categories + category];
                row(GroupingSet(0), Some(category), &values_as, FigureValue::Count(flows), "flows");
                row(GroupingSet(0), Some(category), &people_as, FigureValue::Count(people), "people");
            }
        }
        let whole = GroupingSet(0);
        for category in 0..categories {
            let flows: u64 = (0..classes).map(|class| value(class * categories + category)).sum();
            let people = totals.reach.by_category[cell * layers * categories + category];
            row(whole, Some(category), "disclosed_values", FigureValue::Count(flows), "flows");
            row(whole, Some(category), "disclosed_bytes", FigureValue::Count(flows * bytes_of(category)), "bytes");
            row(whole, Some(category), "people_exposed", FigureValue::Count(people), "people");
        }
    }

    fn daily_rows(&self, day: u32, policy: usize, purpose: usize, rows: &mut Vec<DailyRow>) {
        let Tabulation { scenario, compiled, totals, names, scopes } = self;
        let scopes = *scopes;
        let cells = compiled.policies * (compiled.purposes + 1);
        let cell = day as usize * cells + policy * (compiled.purposes + 1) + purpose;
        let sums = |counter: &[u64]| scopes.sums(&counter[cell * scopes.groups()..][..scopes.groups()]);
        let values = sums(&totals.volume.daily_values);
        let bytes = sums(&totals.volume.daily_bytes);
        let people = sums(&totals.reach.daily);
        let events = &totals.volume.daily_events[cell * scopes.count()..][..scopes.count()];
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
                    value,
                });
            }
        }
    }
}
