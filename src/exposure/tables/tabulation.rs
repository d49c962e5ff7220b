//! From counters to rows: what all tables need. Each table's file makes its rows, the only place where figures are divided, in a
//! fixed order.

use std::sync::Arc;

use super::exceedance::Exceedances;
use super::row::ALL;
use crate::exposure::grouping::{GroupingSet, GroupingSets, PopulationGroup};
use crate::exposure::{Orders, Totals};
use crate::policy::Compiled;
use crate::scenario::Scenario;

/// Names of the columns' values, shared by all rows.
pub(super) struct SplitNames {
    pub(super) all: Arc<str>,
    pub(super) policies: Vec<Arc<str>>,
    /// Purposes, then all.
    pub(super) purposes: Vec<Arc<str>>,
    pub(super) jurisdictions: Vec<Arc<str>>,
    pub(super) populations: Vec<Arc<str>>,
    pub(super) categories: Vec<Arc<str>>,
    /// Metrics of days: shared, as there are many days.
    pub(super) daily: [Arc<str>; 4],
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

    pub(super) fn jurisdiction(&self, scope: GroupingSet) -> Arc<str> {
        scope.jurisdiction().map_or(self.all.clone(), |j| self.jurisdictions[j].clone())
    }

    pub(super) fn population(&self, scope: GroupingSet) -> Arc<str> {
        scope.population().map_or(self.all.clone(), |p| self.populations[p as usize].clone())
    }
}

/// Counters by class as counters by scope, for rows of one purpose (`None`: all).
pub(super) fn by_scope(
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
    pub(super) scenario: &'a Scenario,
    pub(super) compiled: &'a Compiled,
    pub(super) totals: &'a Totals,
    pub(super) names: SplitNames,
    pub(super) scopes: GroupingSets,
}

impl<'a> Tabulation<'a> {
    /// Rows of these totals.
    pub fn new(scenario: &'a Scenario, compiled: &'a Compiled, totals: &'a Totals) -> Self {
        let scopes = GroupingSets::new(scenario.jurisdictions.len());
        Tabulation { scenario, compiled, totals, names: SplitNames::new(scenario), scopes }
    }

    /// People of each scope, in rows of one purpose (`None`: all).
    pub(super) fn population(&self, purpose: Option<usize>) -> Vec<u64> {
        let classes = 0..self.compiled.classes.len();
        by_scope(self.compiled, self.scopes, purpose, classes.map(|class| self.totals.reach.population[[class]]))
    }

    /// What was counted against the orders of the run.
    pub fn exceedances(&self, orders: &'a Orders) -> Exceedances<'a> {
        let of = |policy| self.totals.volume.values.under([policy]).iter().step_by(self.compiled.layers()).sum();
        let disclosed = (0..self.compiled.policies).map(of).collect();
        Exceedances::new(self.scenario, orders, &self.totals.exceedance, disclosed)
    }
}

/// Disclosed flows of a policy by class, category and layer: of a purpose, or summed over purposes if it is all of them.
pub(super) fn flows<'a>(
    compiled: &'a Compiled,
    policy: usize,
    purpose: usize,
    totals: &'a Totals,
) -> impl Fn(usize, usize, usize) -> u64 + 'a {
    let purposes = if purpose == compiled.purposes { 0..compiled.purposes } else { purpose..purpose + 1 };
    move |class, category, layer| {
        purposes.clone().map(|p| totals.volume.values[[policy, p, class, category, layer]]).sum()
    }
}
