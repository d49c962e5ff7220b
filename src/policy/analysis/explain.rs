//! Explain: what a policy decides about the flows of a query, by which rules.

use super::decision_space::Space;
use super::question::{Answer, Asked};
use crate::policy::decide::Decision;
use crate::policy::rule_index::TooMuch;
use crate::scenario::{Policy, Query, Scenario};

/// A decision, and the flows that it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explained {
    /// The decision.
    pub decision: Decision,
    /// What it depends on, of what the query leaves open; in words.
    pub when: String,
}

/// All decisions about the flows of a query; what is left open is tried in every way.
///
/// # Errors
/// If the rules tell too much apart.
pub fn explain(scenario: &Scenario, policy: &Policy, query: &Query) -> Result<Vec<Explained>, TooMuch> {
    let space = Space::new(scenario, &[policy], &[]);
    let lines = space.lines(&Asked::by(query), false, |matching, _| {
        Answer::Is(match matching {
            Some(rules) => Decision::of_matching(policy, rules.iter().copied()),
            None => Decision::no_flow(),
        })
    })?;
    let explained = lines.iter().map(|l| Explained { decision: l.label.clone(), when: space.words(l, query) });
    Ok(explained.collect())
}
