//! Tests of policies, and which rules they have decide something.

use super::decision_space::Space;
use super::question::{Answer, Asked};
use crate::policy::decide::{Decision, Outcome};
use crate::policy::redundant::matters;
use crate::policy::rule_index::{TooMuch, Work};
use crate::scenario::{Policy, PolicyTest, Scenario};

/// What became of a test: the decisions that are not as expected, with what they depend on.
#[derive(Clone, Debug)]
pub struct TestResult {
    /// Decisions other than expected, and of which flows, in words. None: the test passes.
    pub wrong: Vec<(Decision, String)>,
    /// Indices of the rules that decide about the test's flows.
    pub deciding: Vec<usize>,
    /// Whether there is any flow that the test is about, unless it expects that there is none.
    pub vacuous: bool,
}

/// Decides about all flows of a test.
///
/// # Errors
/// If the rules tell too much apart.
pub fn test(scenario: &Scenario, policy: &Policy, case: &PolicyTest) -> Result<TestResult, TooMuch> {
    let space = Space::new(scenario, &[policy], &[]);
    let lines = space.lines(&Asked::by(&case.query), false, |matching, _| {
        Answer::Is(match matching {
            Some(rules) => Decision::of_matching(policy, rules.iter().copied()),
            None => Decision::no_flow(),
        })
    })?;
    let mut result = TestResult { wrong: Vec::new(), deciding: Vec::new(), vacuous: false };
    // A test that leaves kind or role open is about the flows that there are.
    let open = case.query.kind.is_none() || case.query.actor.is_none();
    let skips = |d: &Decision| open && d.outcome == Outcome::NoFlow && !Outcome::NoFlow.is(case.expect);
    let mut any = false;
    for line in lines.iter().filter(|l| !skips(&l.label)) {
        any = true;
        let d = &line.label;
        result.deciding.extend(&d.rules);
        let by = case.by.as_ref().is_none_or(|by| {
            let mut by = by.clone();
            by.sort_unstable();
            by == d.rules
        });
        if !d.outcome.is(case.expect) || !by {
            result.wrong.push((d.clone(), space.words(line, &case.query)));
        }
    }
    result.vacuous = !any;
    result.deciding.sort_unstable();
    result.deciding.dedup();
    Ok(result)
}

/// What the tests of a policy cover.
#[derive(Clone, Debug)]
pub struct Coverage {
    /// By rule: whether it decides about a flow of some test.
    pub tested: Vec<bool>,
    /// By rule: whether some decision on some day would be another without it; none if there is too much to try.
    pub matters: Option<Vec<bool>>,
}

/// Which rules decide in tests, and which can decide at all.
pub fn coverage(scenario: &Scenario, policy: &Policy, results: &[TestResult]) -> Coverage {
    let mut tested = vec![false; policy.rules.len()];
    for &rule in results.iter().flat_map(|r| &r.deciding) {
        tested[rule] = true;
    }
    Coverage { tested, matters: matters(scenario, policy, false, &mut Work::bounded()).ok() }
}
