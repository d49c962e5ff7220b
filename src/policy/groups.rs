//! Counts over groups that cannot exist: `aggregate_k` beyond the number of people whom a rule can be about.

use std::collections::HashSet;

use crate::population::Layout;
use crate::scenario::{Resolution, Scenario};

/// A permit whose counts would be over more people than there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooSmall {
    /// Index of the policy.
    pub policy: usize,
    /// Index of the rule among all of the policy.
    pub rule: usize,
    /// Least number of people in a group.
    pub k: u32,
    /// People whom the rule can be about: of its jurisdictions, users, others or both.
    pub people: u64,
}

/// The permits that let out counts over at least `k` people, and can be about fewer. Each rule once, though several
/// policies may have it.
///
/// Who objects or agrees, who is a minor and who has an account with the parent is drawn, so that these do not count here.
pub fn too_small(scenario: &Scenario) -> Vec<TooSmall> {
    let layout = Layout::new(scenario);
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    for (policy, p) in scenario.policies.iter().enumerate() {
        for (rule, r) in p.rules.iter().enumerate() {
            let Resolution::Aggregate(k) = r.resolution else { continue };
            // Who acts is a user.
            let non_users = r.non_users && r.counterparty;
            let spans = layout.spans().iter().enumerate().filter(|(j, _)| r.jurisdictions >> j & 1 == 1);
            let people = spans
                .map(|(_, span)| u64::from(r.users) * span.users + u64::from(non_users) * (span.people - span.users))
                .sum();
            let known = p.texts.get(rule).is_none_or(|t| seen.insert((t.policy.clone(), t.number)));
            if u64::from(k) > people && known {
                found.push(TooSmall { policy, rule, k, people });
            }
        }
    }
    found
}
