//! Rules in plain words, for the report.

use super::wire::{self, Choice, ChoiceOf, Effect};

/// A rule as a sentence, from its wire form (whose names a reader can look up in the scenario).
pub fn rule_in_words(rule: &wire::Rule) -> String {
    let mut s = String::from(match rule.effect {
        Effect::Permit => "Permit",
        Effect::Forbid => "Forbid",
    });
    s += &match &rule.categories {
        Some(c) => format!(" {}", c.join(", ")),
        None => " every category".into(),
    };
    s += &match &rule.purposes {
        Some(p) => format!(" for {}", p.join(", ")),
        None => " for every purpose".into(),
    };
    if let Some(t) = &rule.transform {
        s += &match *t {
            wire::Transform { hash_bits: Some(bits), .. } => format!(", as a hash of {bits} bits without a key"),
            wire::Transform { keyed_hash: Some(_), .. } => {
                ", as a hash under a key that the parent does not have".into()
            }
            wire::Transform { round: Some(to), .. } => format!(", {}", super::Resolution::Round(to).words()),
            wire::Transform { aggregate_k: Some(k), .. } => format!(", only in counts over at least {k} people"),
            _ => String::new(),
        };
    }
    if let Some(kinds) = &rule.kinds {
        s += &format!(", from events of kind {}", kinds.join(", "));
    }
    if let Some(subjects) = &rule.subjects {
        let words: Vec<&str> = subjects
            .iter()
            .map(|s| match s {
                wire::Subject::User => "users",
                wire::Subject::NonUser => "people without an account",
            })
            .collect();
        s += &format!(", about {}", words.join(" and "));
    }
    if let Some(roles) = &rule.roles {
        let words: Vec<&str> = roles
            .iter()
            .map(|r| match r {
                wire::Role::Actor => "as the one who acts",
                wire::Role::Counterparty => "as somebody else's contact",
            })
            .collect();
        s += &format!(", {}", words.join(" or "));
    }
    if let Some(j) = &rule.jurisdictions {
        s += &format!(", of people in {}", j.join(", "));
    }
    if let Some(j) = &rule.actor_jurisdictions {
        s += &format!(", when the one who acts is in {}", j.join(", "));
    }
    match rule.parent_account {
        Some(true) => s += ", with a parent account",
        Some(false) => s += ", without a parent account",
        None => {}
    }
    match rule.minor {
        Some(true) => s += ", of minors",
        Some(false) => s += ", of adults",
        None => {}
    }
    if let Some(choice) = rule.choice {
        let who = match rule.choice_of.unwrap_or_default() {
            ChoiceOf::Actor => "the one who acts",
            ChoiceOf::Subject => "the person concerned",
            ChoiceOf::Either => "either side",
            ChoiceOf::Both => "both sides",
        };
        let does = match (choice, rule.choice_of) {
            (Choice::Objects, Some(ChoiceOf::Both)) => "object",
            (Choice::Agrees, Some(ChoiceOf::Both)) => "agree",
            (Choice::Objects, _) => "objects",
            (Choice::Agrees, _) => "agrees",
        };
        s += &format!(", if {who} {does} to the purpose");
    }
    if let Some(from) = rule.from {
        s += &format!(", from {}", from.0);
    }
    if let Some(until) = rule.until {
        s += &format!(", before {}", until.0);
    }
    s.push('.');
    s
}
