//! Diff: where two policies decide differently.

use super::decision_space::Space;
use super::line::Line;
use super::question::{Answer, Asked};
use super::words::DayRuns;
use crate::policy::decide::Decision;
use crate::policy::rule_index::TooMuch;
use crate::scenario::{Policy, Query, Resolution, Scenario};

/// How two policies compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strictness {
    /// Every flow is let out by both, at the same resolution, or by neither.
    Equal,
    /// The first lets out less, or coarser, and nowhere more.
    FirstStricter,
    /// The second lets out less, or coarser, and nowhere more.
    SecondStricter,
    /// Each lets out something that the other does not.
    Neither,
}

/// Where two policies differ.
#[derive(Clone, Debug)]
pub struct Diff {
    /// How they compare.
    pub order: Strictness,
    /// What each lets out (`None`: nothing), and of which flows, in words.
    pub lines: Vec<([Option<Resolution>; 2], String)>,
    /// The same lines by the numbers of their values, and the days on which they hold.
    pub flows: Vec<(Line<[Option<Resolution>; 2]>, DayRuns)>,
}

/// Compares two policies of a scenario over all flows that there can be, on all days.
///
/// # Errors
/// If the rules tell too much apart.
pub fn diff(scenario: &Scenario, policies: [&Policy; 2]) -> Result<Diff, TooMuch> {
    let space = Space::new(scenario, &policies, &[]);
    let all = Query::default();
    let middle = space.first[1];
    let lines = space.lines(&Asked::by(&all), true, |matching, _| {
        let of = |policy: &Policy, first: usize| {
            let end = first + policy.rules.len();
            let own = matching.unwrap_or_default().iter().filter(move |r| (first..end).contains(r));
            Decision::of_matching(policy, own.map(|r| r - first)).resolution
        };
        let both = [of(policies[0], 0), of(policies[1], middle)];
        if both[0] == both[1] { Answer::No } else { Answer::Is(both) }
    })?;
    // Coarser is stricter, nothing the strictest.
    let rank = |r: Option<Resolution>| (r.is_none(), r);
    let (mut first, mut second) = (false, false);
    for line in &lines {
        match rank(line.label[0]) > rank(line.label[1]) {
            true => first = true,
            false => second = true,
        }
    }
    let order = match (first, second) {
        (false, false) => Strictness::Equal,
        (true, false) => Strictness::FirstStricter,
        (false, true) => Strictness::SecondStricter,
        (true, true) => Strictness::Neither,
    };
    Ok(Diff {
        order,
        lines: lines.iter().map(|l| (l.label, space.words(l, &all))).collect(),
        flows: lines.iter().map(|l| (l.clone(), space.day_runs(&l.spans))).collect(),
    })
}
