//! The table `exposure`: what each policy discloses in the whole run.

use std::sync::Arc;

use super::row::{FigureRow, FigureValue, Spread, TableColumn, TableRow, Values};
use super::tabulation::{Tabulation, by_scope, flows};
use crate::exposure::grouping::GroupingSet;
use crate::statistics::Scale;

/// One figure of the whole run: a row of `tables/exposure`.
#[derive(Clone, Debug, PartialEq)]
pub struct ExposureRow {
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
    /// Name of the metric (FORMAT.md).
    pub metric: Arc<str>,
    /// The figure: the mean over replicates, exact if there is one.
    pub value: FigureValue,
    /// How far it varies over replicates.
    pub spread: Spread,
    /// `flows`, `events`, `bytes`, `people`, `share`, `categories`.
    pub unit: &'static str,
}

impl TableRow for ExposureRow {
    const TABLE: &'static str = "exposure";
    const COLUMNS: &'static [TableColumn<Self>] = &[
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
        TableColumn::plain("unit", Values::Word(|r| r.unit)),
    ];
}

impl FigureRow for ExposureRow {
    fn figure(&self) -> FigureValue {
        self.value
    }

    fn scale(&self) -> Scale {
        if self.unit == "share" { Scale::Share } else { Scale::Amount }
    }

    fn over(self, value: FigureValue, spread: Spread) -> Self {
        ExposureRow { value, spread, ..self }
    }
}

impl Tabulation<'_> {
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

    fn exposure_rows(&self, policy: usize, purpose: usize, rows: &mut Vec<ExposureRow>) {
        let Tabulation { scenario, compiled, totals, names, scopes } = self;
        let scopes = *scopes;
        let (classes, categories) = (compiled.classes.len(), scenario.categories.len());
        let split = (purpose < compiled.purposes).then_some(purpose);
        let mut row =
            |scope: GroupingSet, category: Option<usize>, metric: &str, value: FigureValue, unit: &'static str| {
                rows.push(ExposureRow {
                    policy: names.policies[policy].clone(),
                    purpose: names.purposes[purpose].clone(),
                    jurisdiction: names.jurisdiction(scope),
                    population: names.population(scope),
                    category: category.map_or(names.all.clone(), |c| names.categories[c].clone()),
                    metric: metric.into(),
                    value,
                    spread: Spread::default(),
                    unit,
                });
            };
        let ratio = |a: u64, b: u64| FigureValue::Ratio(if b == 0 { 0.0 } else { a as f64 / b as f64 });

        let values_at = flows(compiled, policy, purpose, totals);
        let bytes_of = |category: usize| u64::from(scenario.categories[category].bytes);
        let sum = |class: usize, weight: &dyn Fn(usize) -> u64| -> u64 {
            (0..categories).map(|c| values_at(class, c, 0) * weight(c)).sum()
        };
        // Purpose `all` adds the flows of purposes, each split by the objection to any.
        let values = by_scope(compiled, scopes, split, (0..classes).map(|c| sum(c, &|_| 1)));
        let bytes = by_scope(compiled, scopes, split, (0..classes).map(|c| sum(c, &bytes_of)));
        let reach = &totals.reach;
        let people_at = |layer| reach.people.under([policy, purpose, layer]).iter().copied();
        let people = by_scope(compiled, scopes, split, people_at(0));
        let population = by_scope(compiled, scopes, split, (0..classes).map(|class| reach.population[[class]]));
        let depth: Vec<Vec<u64>> = (0..categories)
            .map(|k| {
                by_scope(compiled, scopes, split, (0..classes).map(|class| reach.depth[[policy, purpose, class, k]]))
            })
            .collect();
        for scope in scopes.all() {
            let s = scope.0;
            row(scope, None, "disclosed_values", FigureValue::Count(values[s]), "flows");
            row(
                scope,
                None,
                "disclosed_events",
                FigureValue::Count(totals.volume.events[[policy, purpose, s]]),
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
        for (layer, resolution) in compiled.resolutions.iter().enumerate().filter(|_| compiled.layers() > 1) {
            let layer = layer + 1;
            let sum = |class: usize| (0..categories).map(|category| values_at(class, category, layer)).sum();
            let values = by_scope(compiled, scopes, split, (0..classes).map(sum));
            let people = by_scope(compiled, scopes, split, people_at(layer));
            let [values_as, people_as] =
                ["disclosed_values", "people_exposed"].map(|metric| format!("{metric}_as_{}", resolution.id()));
            for scope in scopes.all() {
                row(scope, None, &values_as, FigureValue::Count(values[scope.0]), "flows");
                row(scope, None, &people_as, FigureValue::Count(people[scope.0]), "people");
            }
            for category in 0..categories {
                let flows = (0..classes).map(|class| values_at(class, category, layer)).sum();
                let people = reach.by_category[[policy, purpose, layer, category]];
                row(GroupingSet(0), Some(category), &values_as, FigureValue::Count(flows), "flows");
                row(GroupingSet(0), Some(category), &people_as, FigureValue::Count(people), "people");
            }
        }
        let whole = GroupingSet(0);
        for category in 0..categories {
            let flows: u64 = (0..classes).map(|class| values_at(class, category, 0)).sum();
            let people = reach.by_category[[policy, purpose, 0, category]];
            row(whole, Some(category), "disclosed_values", FigureValue::Count(flows), "flows");
            row(whole, Some(category), "disclosed_bytes", FigureValue::Count(flows * bytes_of(category)), "bytes");
            row(whole, Some(category), "people_exposed", FigureValue::Count(people), "people");
        }
    }
}
