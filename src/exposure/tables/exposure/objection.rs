//! What an objection is worth: how much less is disclosed about those who object than about those who do not.

use super::super::row::FigureValue;
use super::{CellRows, Tabulation};
use crate::exposure::grouping::PopulationGroup;
use crate::exposure::way::Way;

impl CellRows<'_, '_> {
    /// Rows of the efficacy of objections, 1 - E[x | objecting] / E[x | not objecting]: of values, split by way so that the parts add up; of facts; of people.
    pub(super) fn objection(&mut self) {
        let Tabulation { compiled, totals, scopes, .. } = self.tabulation;
        let (people, values, facts) = (self.population(), self.values_by_scope(), self.facts_by_scope());
        let by_way = Way::ALL.map(|way| self.values_by_way(way));
        let reached = totals.reach.people.under([self.policy, self.purpose, 0]).iter().copied();
        let reached = self.by_scope(reached.take(compiled.classes.len()));
        for objecting in scopes.all().filter(|scope| scope.population() == Some(PopulationGroup::Objecting)) {
            let beside = scopes.beside(objecting, PopulationGroup::NotObjecting);
            // A person's share of a count, of those who object and of those who do not.
            let means = |of: &[u64]| {
                [objecting, beside]
                    .map(|scope| if people[scope.0] == 0 { 0.0 } else { of[scope.0] as f64 / people[scope.0] as f64 })
            };
            // What an objection takes away, of what there is without one.
            let worth = |part: &[u64], all: &[u64]| {
                let ([with, without], [_, whole]) = (means(part), means(all));
                // Where nothing is disclosed, or nobody is of one of the two, there is nothing to take away.
                let none = whole == 0.0 || people[objecting.0] == 0;
                FigureValue::Ratio(if none { 0.0 } else { (without - with) / whole })
            };
            self.add(objecting, None, "objection_efficacy", worth(&values, &values), "ratio");
            for (way, part) in Way::ALL.iter().zip(&by_way) {
                let metric = format!("objection_efficacy_by_{}", way.word());
                self.add(objecting, None, &metric, worth(part, &values), "ratio");
            }
            self.add(objecting, None, "objection_efficacy_of_facts", worth(&facts, &facts), "ratio");
            self.add(objecting, None, "objection_efficacy_of_people", worth(&reached, &reached), "ratio");
        }
    }
}
