//! What a rule matches, and what a policy decides about one flow: the semantics, in the plainest form.

use chrono::NaiveDate;

use crate::population::PersonClass;
use crate::scenario::{Choice, ChoiceOf, Collects, Effect, Kind, Policy, Purpose, Rule};

/// The part that the subject of a flow plays in its event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The one who acts.
    Actor,
    /// Another person concerned.
    Counterparty,
}

impl Role {
    /// The word in tables.
    pub fn word(self) -> &'static str {
        match self {
            Role::Actor => "actor",
            Role::Counterparty => "counterparty",
        }
    }
}

/// What all flows of one event to one purpose about one subject have in common.
#[derive(Clone, Copy, Debug)]
pub struct Setting<'a> {
    /// Index of the purpose.
    pub purpose: usize,
    /// Kind of the event.
    pub kind: Kind,
    /// Part of the subject.
    pub role: Role,
    /// Whom the data are about.
    pub subject: &'a PersonClass,
    /// Who acts; the subject itself if `role` is actor.
    pub actor: &'a PersonClass,
    /// UTC date of the event.
    pub date: NaiveDate,
}

/// Whether a rule matches, its categories aside.
pub fn matches(rule: &Rule, s: &Setting) -> bool {
    let choice = |who: &PersonClass, what: Choice| {
        let mask = match what {
            Choice::Objects => who.objects,
            Choice::Agrees => who.agrees,
        };
        // A non-user's masks are empty, and who left has no choice any more: neither choice matches.
        who.has_account() && mask >> s.purpose & 1 == 1
    };
    rule.purposes >> s.purpose & 1 == 1
        && rule.kinds >> s.kind as u32 & 1 == 1
        && match s.role {
            Role::Actor => rule.actor,
            Role::Counterparty => rule.counterparty,
        }
        && rule.jurisdictions >> s.subject.jurisdiction & 1 == 1
        && rule.actor_jurisdictions >> s.actor.jurisdiction & 1 == 1
        && if s.subject.has_account() { rule.users } else { rule.non_users }
        && rule.parent_account.is_none_or(|p| p == s.subject.parent_account)
        && rule.minor.is_none_or(|m| m == s.subject.minor)
        && rule.choice.is_none_or(|(what, whose)| match whose {
            ChoiceOf::Actor => choice(s.actor, what),
            ChoiceOf::Subject => choice(s.subject, what),
            ChoiceOf::Either => choice(s.actor, what) || choice(s.subject, what),
            ChoiceOf::Both => choice(s.actor, what) && choice(s.subject, what),
        })
        && rule.from.is_none_or(|from| s.date >= from)
        && rule.until.is_none_or(|until| s.date < until)
}

/// Mask of the categories that a policy lets out in a setting: collected, requested, permitted and not forbidden.
pub fn disclosed(policy: &Policy, collects: &Collects, purpose: &Purpose, s: &Setting) -> u32 {
    let collected = match s.role {
        Role::Actor => collects.actor,
        Role::Counterparty => collects.counterparty,
    };
    let (mut permitted, mut forbidden) = (0, 0);
    for rule in policy.rules.iter().filter(|r| matches(r, s)) {
        match rule.effect {
            Effect::Permit => permitted |= rule.categories,
            Effect::Forbid => forbidden |= rule.categories,
        }
    }
    collected & purpose.requests & permitted & !forbidden
}
