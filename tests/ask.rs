//! Questions about policies against the plain semantics, cell by cell.

mod common;
mod rules;

use common::cnil;
use outflow::policy::analysis::{Answer, Asked, Line, Space, Strictness, check, diff, explain};
use outflow::policy::{Decision, Outcome, Role, Setting, Status, SubjectState, decide};
use outflow::population::PersonClass;
use outflow::scenario::{Chosen, Kind, Policy, Query, Resolution, Scenario};
use proptest::prelude::*;
use rules::{policies, small};

/// A person whom rules see so, about a purpose.
fn person(state: &SubjectState, purpose: usize) -> PersonClass {
    let mask = |status| if state.status == status { 1 << purpose } else { 0 };
    PersonClass {
        jurisdiction: state.jurisdiction,
        user: state.status != Status::NonUser,
        left: false,
        parent_account: state.parent_account,
        minor: state.minor,
        objects: mask(Status::Objects),
        agrees: mask(Status::Agrees),
        attitude: 0,
    }
}

/// A cell of the decision space.
#[derive(Clone, Copy, Debug)]
struct Point {
    purpose: usize,
    category: usize,
    kind: usize,
    acting: bool,
    subject: usize,
    actor: usize,
    day: i64,
}

impl Point {
    /// Some point for some number; the actor of a flow about an actor is its subject.
    fn new(scenario: &Scenario, mut n: u64) -> Option<Self> {
        let mut take = |of: usize| {
            n = outflow::random::mix(n.wrapping_add(0x9E37_79B9_7F4A_7C15));
            (n % of as u64) as usize
        };
        let places = scenario.jurisdictions.len();
        let acting = take(2) == 1;
        let subject = take(places * 16);
        let actor = match acting {
            true => SubjectState::of(subject).as_actor()?,
            false => take(places * 3),
        };
        Some(Point {
            purpose: take(scenario.purposes.len()),
            category: take(scenario.categories.len()),
            kind: take(Kind::COUNT),
            acting,
            subject,
            actor,
            day: take(30) as i64 - 10,
        })
    }

    fn decision(&self, scenario: &Scenario, policy: &Policy) -> Decision {
        let state = SubjectState::of(self.subject);
        let subject = person(&state, self.purpose);
        let status = Status::ALL[self.actor % 3];
        let actor = SubjectState { jurisdiction: self.actor / 3, status, parent_account: false, minor: false };
        let actor = person(&actor, self.purpose);
        let setting = Setting {
            purpose: self.purpose,
            kind: Kind::ALL[self.kind],
            role: if self.acting { Role::Actor } else { Role::Counterparty },
            subject: &subject,
            actor: if self.acting { &subject } else { &actor },
            date: self.date(scenario),
        };
        decide(scenario, policy, &setting, self.category)
    }

    fn date(&self, scenario: &Scenario) -> chrono::NaiveDate {
        scenario.start + chrono::Duration::days(self.day)
    }

    fn is_in<L>(&self, space: &Space, scenario: &Scenario, line: &Line<L>) -> bool {
        let state = SubjectState::of(self.subject);
        line.purposes.contains(&self.purpose)
            && line.categories.contains(&self.category)
            && line.kinds.contains(&self.kind)
            && line.roles.contains(&usize::from(self.acting))
            && line.spans.contains(&space.span_of(self.date(scenario)))
            && line.subjects.jurisdictions.contains(&state.jurisdiction)
            && line.subjects.statuses.contains(&(state.status as usize))
            && line.subjects.parent_accounts.contains(&usize::from(state.parent_account))
            && line.subjects.minors.contains(&usize::from(state.minor))
            && line.actors.jurisdictions.contains(&(self.actor / 3))
            && line.actors.choices.contains(&(self.actor % 3))
    }
}

/// Points of a scenario.
fn points(scenario: &Scenario, seed: u64, n: u64) -> impl Iterator<Item = Point> {
    (0..n).filter_map(move |i| Point::new(scenario, seed.wrapping_mul(n).wrapping_add(i)))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    /// Every cell is in lines with its own decision and in none with another; in both ways of finding lines.
    #[test]
    fn lines_hold_every_cell_with_its_decision(policies in policies(1), seed: u64, whole: bool) {
        let scenario = small(&policies);
        let policy = &scenario.policies[0];
        let space = Space::new(&scenario, &[policy], &[]);
        let query = Query::default();
        let most = if whole { 30_000 } else { 0 };
        let lines = space.lines_by(most, &Asked::by(&query), false, |matching, _| {
            Answer::Is(matching.map_or_else(Decision::no_flow, |m| Decision::of_matching(policy, m.iter().copied())))
        }).expect("not too much");
        for point in points(&scenario, seed, 200) {
            let expected = point.decision(&scenario, policy);
            let holding: Vec<&Line<Decision>> =
                lines.iter().filter(|l| point.is_in(&space, &scenario, l)).collect();
            if expected.outcome == Outcome::NoFlow {
                // What is said of flows may be said where there are none.
                prop_assert!(holding.iter().any(|l| l.label == expected));
            } else {
                prop_assert!(!holding.is_empty(), "{point:?} is in no line");
                prop_assert!(holding.iter().all(|l| l.label == expected), "{point:?} {expected:?}");
            }
        }
    }

    /// A diff names every cell in which two policies differ, and no other.
    #[test]
    fn diffs_are_exact(policies in policies(2), seed: u64) {
        let scenario = small(&policies);
        let both = [&scenario.policies[0], &scenario.policies[1]];
        let compared = diff(&scenario, both).expect("not too much");
        let rank = |r: Option<Resolution>| (r.is_none(), r);
        let (mut first, mut second) = (false, false);
        for point in points(&scenario, seed, 300) {
            let [a, b] = both.map(|p| rank(point.decision(&scenario, p).resolution));
            first |= a > b;
            second |= b > a;
        }
        // What a sample shows, the whole must.
        match compared.order {
            Strictness::Equal => prop_assert!(!first && !second && compared.lines.is_empty()),
            Strictness::FirstStricter => prop_assert!(!second),
            Strictness::SecondStricter => prop_assert!(!first),
            Strictness::Neither => prop_assert!(compared.lines.len() >= 2),
        }
        prop_assert_eq!(diff(&scenario, [both[0], both[0]]).expect("not too much").order, Strictness::Equal);
        let mirrored = diff(&scenario, [both[1], both[0]]).expect("not too much").order;
        prop_assert_eq!(mirrored, match compared.order {
            Strictness::FirstStricter => Strictness::SecondStricter,
            Strictness::SecondStricter => Strictness::FirstStricter,
            same => same,
        });
    }

    /// A check finds a breach iff some flow in scope is let out from the deadline on.
    #[test]
    fn checks_are_exact(policies in policies(1), seed: u64) {
        let scenario = small(&policies);
        let (policy, order) = (&scenario.policies[0], &scenario.orders[0]);
        let found = check(&scenario, policy, order).expect("not too much");
        for point in points(&scenario, seed, 400) {
            let d = point.decision(&scenario, policy);
            let in_scope = order.prohibits >> point.purpose & 1 == 1
                && order.categories >> point.category & 1 == 1
                && order.jurisdictions >> SubjectState::of(point.subject).jurisdiction & 1 == 1
                && point.date(&scenario) >= order.deadline;
            if in_scope && d.outcome == Outcome::Permitted {
                prop_assert!(found.iter().any(|b| b.decision == d), "{point:?} is let out, and not found");
            }
        }
        for breach in found {
            prop_assert_eq!(breach.decision.outcome, Outcome::Permitted);
        }
    }
}

#[test]
fn an_explanation_names_what_is_left_open() {
    let scenario = cnil(1_000, 1, &[]);
    let policy = &scenario.policies[2];
    let ask = |query: Query| -> Vec<(Outcome, Vec<usize>, String)> {
        explain(&scenario, policy, &query)
            .expect("not too much")
            .into_iter()
            .map(|e| (e.decision.outcome, e.decision.rules, e.when))
            .collect()
    };
    let query = Query { purpose: Some(0), category: Some(0), kind: Some(Kind::TextMessage), ..Query::default() };
    assert_eq!(
        ask(query),
        [
            (Outcome::Permitted, vec![0], "before 2016-09-25".into()),
            (Outcome::Permitted, vec![0], "users who do not object and people without an account".into()),
            (Outcome::Forbidden, vec![1], "users who object; from 2016-09-25".into()),
        ]
    );
    let objects = Query { choice: Some(Chosen::Objects), date: Some(scenario.start), ..query };
    assert_eq!(ask(objects), [(Outcome::Forbidden, vec![1], "every flow asked about".into())]);
    let content = scenario.categories.iter().position(|c| &*c.id == "message_content");
    assert_eq!(ask(Query { category: content, ..query }), [(Outcome::NoFlow, vec![], "every flow asked about".into())]);
}
