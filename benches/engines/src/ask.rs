//! A question about one flow, the answer to it, and our own answer.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use outflow::policy::{self, Outcome, Role, Setting};
use outflow::population::PersonClass;
use outflow::scenario::{Choice, Kind, Policy, Scenario};

/// What a policy is asked about.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    pub purpose: usize,
    pub category: usize,
    pub kind: Kind,
    pub role: Role,
    pub date: NaiveDate,
    pub subject: Person,
    /// The subject if the role is actor.
    pub actor: Person,
}

/// All that a policy may know of a person.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Person {
    pub jurisdiction: usize,
    pub user: bool,
    pub parent_account: bool,
    pub minor: bool,
    /// About the purpose of the flow.
    pub choice: Option<Choice>,
}

impl Person {
    /// Everybody there may be.
    pub fn all(scenario: &Scenario) -> Vec<Person> {
        let mut all = Vec::new();
        for jurisdiction in 0..scenario.jurisdictions.len() {
            for (parent_account, minor) in [(false, false), (false, true), (true, false), (true, true)] {
                let person = |user, choice| Person { jurisdiction, user, parent_account, minor, choice };
                all.push(person(false, None));
                all.extend([None, Some(Choice::Objects), Some(Choice::Agrees)].map(|choice| person(true, choice)));
            }
        }
        all
    }

    /// The word for the choice.
    pub fn choice_word(&self) -> &'static str {
        match self.choice {
            None => "none",
            Some(Choice::Objects) => "objects",
            Some(Choice::Agrees) => "agrees",
        }
    }

    /// As our own rules see the person. About other purposes a user chooses everything at once: it must not matter.
    pub fn class(&self, purpose: usize) -> PersonClass {
        let others = if self.user { !(1 << purpose) } else { 0 };
        let mask = |what| others | u32::from(self.choice == Some(what)) << purpose;
        PersonClass {
            jurisdiction: self.jurisdiction,
            user: self.user,
            left: false,
            parent_account: self.parent_account,
            minor: self.minor,
            objects: mask(Choice::Objects),
            agrees: mask(Choice::Agrees),
            attitude: 0,
        }
    }
}

/// What an engine answers.
#[derive(Debug, PartialEq)]
pub struct Answer {
    pub outcome: Outcome,
    /// Ids of the rules that decide.
    pub rules: BTreeSet<String>,
    pub resolution: Option<String>,
}

/// Our own answer.
pub fn ours(scenario: &Scenario, policy: &Policy, q: &Question) -> Answer {
    let (subject, actor) = (q.subject.class(q.purpose), q.actor.class(q.purpose));
    let decide = |subject: &PersonClass| {
        let setting = Setting { purpose: q.purpose, kind: q.kind, role: q.role, subject, actor: &actor, date: q.date };
        policy::decide(scenario, policy, &setting, q.category)
    };
    let decision = decide(&subject);
    if !subject.user {
        // Who had an account and left is to rules as who never had one.
        let left = PersonClass { user: true, left: true, objects: u32::MAX, agrees: u32::MAX, ..subject };
        assert_eq!(decide(&left), decision, "{q:?}");
    }
    Answer {
        outcome: decision.outcome,
        rules: decision.rules.iter().map(|&r| rule_id(policy, r)).collect(),
        resolution: decision.resolution.map(|r| r.id()),
    }
}

/// The id of a rule in exports.
pub fn rule_id(policy: &Policy, rule: usize) -> String {
    format!("{}/{}", policy.texts[rule].policy, policy.texts[rule].number)
}
