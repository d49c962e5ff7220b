//! The decision space of some policies: their rules, and all flows that there can be.

use chrono::NaiveDate;

use super::alike::Alike;
use crate::policy::decide::flows;
use crate::policy::rule_index::RuleIndex;
use crate::scenario::{Policy, Rule, Scenario};

/// Some policies and all flows that there can be.
pub struct Space<'a> {
    /// The scenario that they are of.
    pub scenario: &'a Scenario,
    pub(super) kernel: RuleIndex,
    /// The rules of all policies, one policy after the other.
    pub(super) rules: Vec<&'a Rule>,
    /// First rule of each policy, and the end.
    pub(super) first: Vec<usize>,
}

/// All but the people: values that are alike as one.
pub(super) struct ContextClasses {
    pub spans: Alike,
    pub purposes: Alike,
    pub categories: Alike,
    pub kinds: Alike,
    pub roles: Alike,
}

impl ContextClasses {
    /// Whether there is any flow in a context: span, purpose, category, kind, role.
    pub fn flows(&self, scenario: &Scenario, at: [usize; 5]) -> bool {
        let actor = self.roles.first(at[4]) == 1;
        self.purposes.members[at[1]].iter().any(|&p| {
            self.kinds.members[at[3]]
                .iter()
                .any(|&k| self.categories.members[at[2]].iter().any(|&c| flows(scenario, p, k, actor) >> c & 1 == 1))
        })
    }
}

impl<'a> Space<'a> {
    /// The space of some policies; spans of days begin on `boundaries` besides.
    pub fn new(scenario: &'a Scenario, policies: &[&'a Policy], boundaries: &[NaiveDate]) -> Self {
        let rules: Vec<&Rule> = policies.iter().flat_map(|p| &p.rules).collect();
        let mut first = vec![0];
        for policy in policies {
            first.push(first[first.len() - 1] + policy.rules.len());
        }
        let kernel = RuleIndex::new(&rules, scenario.purposes.len(), scenario.jurisdictions.len(), boundaries);
        Space { scenario, kernel, rules, first }
    }

    /// The span that a day lies in.
    pub fn span_of(&self, day: NaiveDate) -> usize {
        self.kernel.span_of(day)
    }
}

/// Coordinates of a cell; the last one varies fastest.
pub(super) fn unravel<const N: usize>(index: usize, dims: &[usize; N]) -> [usize; N] {
    let mut rest = index;
    let mut at = [0; N];
    for d in (0..N).rev() {
        at[d] = rest % dims[d];
        rest /= dims[d];
    }
    at
}
