//! How much, and about whom: values, events, bytes, people, depth.

use super::super::row::FigureValue;
use super::super::tabulation::flows;
use super::{CellRows, Tabulation, ratio};
use crate::exposure::grouping::GroupingSet;

impl CellRows<'_, '_> {
    /// Rows of what is disclosed, about how many people, and of how many categories.
    pub(super) fn reached(&mut self) {
        let Tabulation { scenario, compiled, totals, scopes, .. } = self.tabulation;
        let (policy, purpose) = (self.policy, self.purpose);
        let (classes, categories) = (compiled.classes.len(), scenario.categories.len());
        let values_at = flows(compiled, policy, purpose, totals);
        let bytes_of = |category: usize| u64::from(scenario.categories[category].bytes);
        let sum = |class: usize, weight: &dyn Fn(usize) -> u64| -> u64 {
            (0..categories).map(|c| values_at(class, c, 0) * weight(c)).sum()
        };
        // Purpose `all` adds the flows of purposes, each split by the objection to any.
        let values = self.by_scope((0..classes).map(|c| sum(c, &|_| 1)));
        let bytes = self.by_scope((0..classes).map(|c| sum(c, &bytes_of)));
        let reach = &totals.reach;
        let people_at = |layer| reach.people.under([policy, purpose, layer]).iter().copied();
        let people = self.by_scope(people_at(0));
        let population = self.population();
        let depth: Vec<Vec<u64>> = (0..categories)
            .map(|k| self.by_scope((0..classes).map(|class| reach.depth[[policy, purpose, class, k]])))
            .collect();
        for scope in scopes.all() {
            let s = scope.0;
            self.add(scope, None, "disclosed_values", FigureValue::Count(values[s]), "flows");
            self.add(
                scope,
                None,
                "disclosed_events",
                FigureValue::Count(totals.volume.events[[policy, purpose, s]]),
                "events",
            );
            self.add(scope, None, "disclosed_bytes", FigureValue::Count(bytes[s]), "bytes");
            self.add(scope, None, "people_exposed", FigureValue::Count(people[s]), "people");
            self.add(scope, None, "people", FigureValue::Count(population[s]), "people");
            self.add(scope, None, "coverage", ratio(people[s], scenario.people), "share");
            self.add(scope, None, "coverage_of_group", ratio(people[s], population[s]), "share");
            let held: u64 = depth.iter().enumerate().map(|(k, by_scope)| (k as u64 + 1) * by_scope[s]).sum();
            self.add(scope, None, "depth_mean", ratio(held, people[s]), "categories");
            if scope.jurisdiction().is_none() {
                for (k, by_scope) in depth.iter().enumerate() {
                    self.add(
                        scope,
                        None,
                        &format!("people_at_depth_{}", k + 1),
                        FigureValue::Count(by_scope[s]),
                        "people",
                    );
                }
            }
        }
        // What is let out under a transform, apart: one metric for each resolution, exact included.
        for (layer, resolution) in compiled.resolutions.iter().enumerate().filter(|_| compiled.layers() > 1) {
            let layer = layer + 1;
            let sum = |class: usize| (0..categories).map(|category| values_at(class, category, layer)).sum();
            let values = self.by_scope((0..classes).map(sum));
            let people = self.by_scope(people_at(layer));
            let [values_as, people_as] =
                ["disclosed_values", "people_exposed"].map(|metric| format!("{metric}_as_{}", resolution.id()));
            for scope in scopes.all() {
                self.add(scope, None, &values_as, FigureValue::Count(values[scope.0]), "flows");
                self.add(scope, None, &people_as, FigureValue::Count(people[scope.0]), "people");
            }
            for category in 0..categories {
                let flows = (0..classes).map(|class| values_at(class, category, layer)).sum();
                let people = reach.by_category[[policy, purpose, layer, category]];
                self.add(GroupingSet(0), Some(category), &values_as, FigureValue::Count(flows), "flows");
                self.add(GroupingSet(0), Some(category), &people_as, FigureValue::Count(people), "people");
            }
        }
        let whole = GroupingSet(0);
        for category in 0..categories {
            let flows: u64 = (0..classes).map(|class| values_at(class, category, 0)).sum();
            let people = reach.by_category[[policy, purpose, 0, category]];
            self.add(whole, Some(category), "disclosed_values", FigureValue::Count(flows), "flows");
            self.add(whole, Some(category), "disclosed_bytes", FigureValue::Count(flows * bytes_of(category)), "bytes");
            self.add(whole, Some(category), "people_exposed", FigureValue::Count(people), "people");
        }
    }
}
