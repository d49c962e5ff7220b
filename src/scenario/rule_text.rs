//! Rules in plain words.

use std::fmt;

use super::resolution::Resolution;
use super::schema::{self, Choice, ChoiceOf, Effect};

/// What a rule says, part by part, with names that a reader can look up in the scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleWords {
    /// `Permit` or `Forbid`.
    pub effect: &'static str,
    /// Which categories, and how exactly: "last_seen, rounded down to the day".
    pub what: String,
    /// Which purposes.
    pub purposes: String,
    /// From which events, about whom, if who chooses what; each may be left out.
    pub whom: Vec<String>,
    /// On which days.
    pub days: Option<String>,
}

impl RuleWords {
    /// A rule in words, from its wire form.
    pub fn new(rule: &schema::RuleEntry) -> Self {
        let mut what = rule.categories.as_ref().map_or("every category".to_string(), |c| c.join(", "));
        if let Some(t) = &rule.transform {
            what += &match *t {
                schema::Transform { hash_bits: Some(bits), .. } => format!(", as a hash of {bits} bits without a key"),
                schema::Transform { keyed_hash: Some(_), .. } => {
                    ", as a hash under a key that the parent does not have".into()
                }
                schema::Transform { round: Some(to), .. } => format!(", {}", Resolution::Round(to).words()),
                schema::Transform { aggregate_k: Some(k), .. } => format!(", only in counts over at least {k} people"),
                _ => String::new(),
            };
        }
        let days = match (rule.from, rule.until) {
            (Some(from), Some(until)) => Some(format!("from {} until before {}", from.0, until.0)),
            (Some(from), None) => Some(format!("from {}", from.0)),
            (None, Some(until)) => Some(format!("before {}", until.0)),
            (None, None) => None,
        };
        RuleWords {
            effect: match rule.effect {
                Effect::Permit => "Permit",
                Effect::Forbid => "Forbid",
            },
            what,
            purposes: rule.purposes.as_ref().map_or("every purpose".into(), |p| p.join(", ")),
            whom: whom(rule),
            days,
        }
    }
}

fn whom(rule: &schema::RuleEntry) -> Vec<String> {
    let mut parts = Vec::new();
    if let Some(kinds) = &rule.kinds {
        parts.push(format!("from events of kind {}", kinds.join(", ")));
    }
    if let Some(subjects) = &rule.subjects {
        let words = subjects.iter().map(|s| match s {
            schema::UserWord::User => "users",
            schema::UserWord::NonUser => "people without an account",
        });
        parts.push(format!("about {}", words.collect::<Vec<_>>().join(" and ")));
    }
    if let Some(roles) = &rule.roles {
        let words = roles.iter().map(|r| match r {
            schema::RoleWord::Actor => "as the one who acts",
            schema::RoleWord::Counterparty => "as somebody else's contact",
        });
        parts.push(words.collect::<Vec<_>>().join(" or "));
    }
    if let Some(j) = &rule.jurisdictions {
        parts.push(format!("of people in {}", j.join(", ")));
    }
    if let Some(j) = &rule.actor_jurisdictions {
        parts.push(format!("when the one who acts is in {}", j.join(", ")));
    }
    match rule.parent_account {
        Some(true) => parts.push("with a parent account".into()),
        Some(false) => parts.push("without a parent account".into()),
        None => {}
    }
    match rule.minor {
        Some(true) => parts.push("of minors".into()),
        Some(false) => parts.push("of adults".into()),
        None => {}
    }
    if let Some(choice) = rule.choice {
        let whose = rule.choice_of.unwrap_or_default();
        let who = match whose {
            ChoiceOf::Actor => "the one who acts",
            ChoiceOf::Subject => "the person concerned",
            ChoiceOf::Either => "either side",
            ChoiceOf::Both => "both sides",
        };
        let does = match (choice, whose) {
            (Choice::Objects, ChoiceOf::Both) => "object",
            (Choice::Agrees, ChoiceOf::Both) => "agree",
            (Choice::Objects, _) => "objects",
            (Choice::Agrees, _) => "agrees",
        };
        parts.push(format!("if {who} {does} to the purpose"));
    }
    parts
}

/// As a sentence.
impl fmt::Display for RuleWords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} for {}", self.effect, self.what, self.purposes)?;
        for part in self.whom.iter().chain(&self.days) {
            write!(f, ", {part}")?;
        }
        f.write_str(".")
    }
}
