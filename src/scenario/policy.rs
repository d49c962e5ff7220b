//! Policies, orders and leaving the service, with names resolved to masks.

use std::sync::Arc;

use chrono::NaiveDate;

use super::kind::Kind;
use super::place::Place;
use super::resolution::Resolution;
use super::rule_text::RuleWords;
use super::schema::{Choice, ChoiceOf, Chosen, Effect, Expected};

/// A policy: rules, those of `extends` included.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Id.
    pub id: Arc<str>,
    /// In words.
    pub title: String,
    /// Where documented.
    pub source: String,
    /// Number of own rules, which come first; the others are those of the policies that it extends.
    pub own: usize,
    /// Rules; their order does not matter.
    pub rules: Vec<Rule>,
    /// What each rule says of itself. Policies share the texts of those that they extend.
    pub texts: Vec<Arc<RuleText>>,
    /// Flows with the outcome that they must have.
    pub tests: Vec<PolicyTest>,
}

impl Policy {
    /// Index of the rule that goes by "rule 1" (own rules first, from 1).
    pub fn rule_numbered(&self, name: &str) -> Option<usize> {
        let number: usize = name.strip_prefix("rule ")?.trim().parse().ok()?;
        number.checked_sub(1).filter(|&i| i < self.rules.len())
    }
}

/// What a rule says of itself, and where it is written.
#[derive(Clone, Debug)]
pub struct RuleText {
    /// The policy that it is written in, of those that the policy extends or itself.
    pub policy: Arc<str>,
    /// Its number there, from 1.
    pub number: usize,
    /// One line that says why it exists.
    pub title: Option<String>,
    /// Article or section.
    pub source: Option<String>,
    /// Where it is written.
    pub place: Place,
    /// What it does, in plain words.
    pub words: RuleWords,
}

impl RuleText {
    /// A short name: the policy, the number there, and the title.
    pub fn name(&self) -> String {
        match &self.title {
            Some(title) => format!("rule {} of {} ({title})", self.number, self.policy),
            None => format!("rule {} of {}", self.number, self.policy),
        }
    }

    /// File and line.
    pub fn line(&self) -> String {
        format!("{}:{}", self.place.source.name, self.place.line_column().0)
    }
}

/// A rule with its constraints as masks; a constraint left out is a full mask.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Rule {
    /// Permit or forbid.
    pub effect: Effect,
    /// How exactly a permit lets values out.
    pub resolution: Resolution,
    /// Mask of purposes.
    pub purposes: u32,
    /// Mask of categories.
    pub categories: u32,
    /// Mask of kinds.
    pub kinds: u32,
    /// Whether it matches the role of actor.
    pub actor: bool,
    /// Whether it matches the role of counterparty.
    pub counterparty: bool,
    /// Mask of the subject's jurisdictions.
    pub jurisdictions: u64,
    /// Mask of the actor's jurisdictions.
    pub actor_jurisdictions: u64,
    /// Whether it matches users.
    pub users: bool,
    /// Whether it matches non-users.
    pub non_users: bool,
    /// Parent account of the subject.
    pub parent_account: Option<bool>,
    /// Minority of the subject.
    pub minor: Option<bool>,
    /// Choice, and whose.
    pub choice: Option<(Choice, ChoiceOf)>,
    /// First day.
    pub from: Option<NaiveDate>,
    /// First day after.
    pub until: Option<NaiveDate>,
}

/// Flows that a question is about: what is `None` is left open.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Query {
    /// Index of the purpose.
    pub purpose: Option<usize>,
    /// Index of the category.
    pub category: Option<usize>,
    /// Kind of event.
    pub kind: Option<Kind>,
    /// Whether the subject acts; otherwise it is a counterparty.
    pub actor: Option<bool>,
    /// Index of the subject's jurisdiction.
    pub jurisdiction: Option<usize>,
    /// Index of the actor's jurisdiction.
    pub actor_jurisdiction: Option<usize>,
    /// Whether the subject is a user.
    pub user: Option<bool>,
    /// Whether the subject has an account with the parent.
    pub parent_account: Option<bool>,
    /// Whether the subject is a minor.
    pub minor: Option<bool>,
    /// The subject's choice about the purpose.
    pub choice: Option<Chosen>,
    /// The actor's choice about the purpose.
    pub actor_choice: Option<Chosen>,
    /// UTC date of the event.
    pub date: Option<NaiveDate>,
}

/// A flow with the outcome that it must have.
#[derive(Clone, Debug)]
pub struct PolicyTest {
    /// What the case shows.
    pub title: Option<String>,
    /// The flow.
    pub query: Query,
    /// What must be decided.
    pub expect: Expected,
    /// Indices of the rules that must decide it; `None` if the test does not say.
    pub by: Option<Vec<usize>>,
    /// Where it is written.
    pub place: Place,
}

/// A regulator's order.
#[derive(Clone, Debug)]
pub struct Order {
    /// Id.
    pub id: Arc<str>,
    /// In words.
    pub title: String,
    /// Who decided.
    pub regulator: String,
    /// Law that it rests on.
    pub regime: String,
    /// What became of it.
    pub status: String,
    /// Where documented.
    pub source: String,
    /// Mask of the jurisdictions whose people it protects.
    pub jurisdictions: u64,
    /// Mask of prohibited purposes.
    pub prohibits: u32,
    /// Mask of prohibited categories.
    pub categories: u32,
    /// Day of the notice.
    pub notice: NaiveDate,
    /// Day from which it must be obeyed.
    pub deadline: NaiveDate,
}

/// Leaving the service as the only way to object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Uninstall {
    /// Mask of purposes: who objects to any of them leaves.
    pub purposes: u32,
    /// First day on which somebody leaves.
    pub from: NaiveDate,
    /// Days over which they leave, evenly.
    pub within: u32,
}
