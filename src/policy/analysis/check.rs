//! Check: what a policy lets out that an order prohibits from its deadline.

use super::decision_space::Space;
use super::question::{Answer, Asked};
use crate::policy::decide::Decision;
use crate::policy::rule_index::TooMuch;
use crate::scenario::{Order, Policy, Query, Scenario};

/// Flows that an order prohibits and a policy lets out after the deadline.
#[derive(Clone, Debug)]
pub struct Breach {
    /// How, and by which rules.
    pub decision: Decision,
    /// Which flows, in words.
    pub flows: String,
}

/// Every flow in the order's scope, from its deadline on, that the policy lets out; on all days, not those of a run alone.
///
/// # Errors
/// If the rules tell too much apart.
pub fn check(scenario: &Scenario, policy: &Policy, order: &Order) -> Result<Vec<Breach>, TooMuch> {
    let space = Space::new(scenario, &[policy], &[order.deadline]);
    let query = Query::default();
    let asked = Asked {
        purposes: order.prohibits,
        jurisdictions: order.jurisdictions,
        from: Some(order.deadline),
        ..Asked::by(&query)
    };
    let lines = space.lines(&asked, true, |matching, category| {
        let decision = Decision::of_matching(policy, matching.unwrap_or_default().iter().copied());
        match decision.resolution {
            Some(_) if order.categories >> category & 1 == 1 => Answer::Is(decision),
            _ => Answer::No,
        }
    })?;
    Ok(lines.iter().map(|l| Breach { decision: l.label.clone(), flows: space.words(l, &query) }).collect())
}
