//! Policies, their rules and tests, and orders, as they are written.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Day, Quality};

/// A sharing policy.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Policy")]
pub struct PolicyEntry {
    /// Name used in tables and options.
    pub id: String,
    /// What it is, in words.
    pub title: String,
    /// Where the policy is documented.
    pub source: String,
    /// Policy whose rules apply as well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extends: Option<String>,
    /// Rules; nothing flows that no rule permits, and a forbid always wins.
    #[serde(rename = "rule", default)]
    pub rules: Vec<RuleEntry>,
    /// Flows with the outcome that they must have: `outflow policy test`.
    #[serde(rename = "test", default, skip_serializing_if = "Vec::is_empty")]
    pub tests: Vec<TestEntry>,
}

/// What a matching rule does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// The flow may be disclosed, unless a rule forbids it.
    Permit,
    /// The flow is not disclosed.
    Forbid,
}

/// Part that a subject plays in an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "Role")]
pub enum RoleWord {
    /// The one who acts.
    Actor,
    /// Another person concerned.
    Counterparty,
}

/// Whether a subject has an account with the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "Subject")]
pub enum UserWord {
    /// Has an account.
    User,
    /// Has none, but may stand in address books.
    NonUser,
}

/// A user's choice about the purpose of the flow at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// Objects to the purpose.
    Objects,
    /// Agrees to the purpose.
    Agrees,
}

/// Whose choice counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChoiceOf {
    /// The one who acts.
    Actor,
    /// The one whom the data are about.
    #[default]
    Subject,
    /// One of the two at least.
    Either,
    /// Both of them.
    Both,
}

/// How a permit coarsens what it lets out. One of the keys.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Transform {
    /// Hash without a key, cut to so many bits: whoever can list all values can compute it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 256))]
    pub hash_bits: Option<u32>,
    /// Hash under a key that the parent does not have: a stable pseudonym.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keyed_hash: Option<bool>,
    /// A point in time, rounded down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round: Option<Round>,
    /// Only in counts over groups of at least so many people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 2))]
    pub aggregate_k: Option<u32>,
}

/// To what a point in time is rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Round {
    /// The hour.
    Hour,
    /// The day.
    Day,
    /// The week.
    Week,
    /// The month.
    Month,
}

/// One rule: what it does, and to which flows. A constraint that is left out matches all.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Rule")]
pub struct RuleEntry {
    /// What the rule does: permit or forbid.
    pub effect: Effect,
    /// One line that says why the rule exists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Article or section that the rule comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Only coarsened: what a permit lets out, and how (exactly as it is if left out).
    #[serde(rename = "as", default, skip_serializing_if = "Option::is_none")]
    pub transform: Option<Transform>,
    /// Purposes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purposes: Option<Vec<String>>,
    /// Categories of data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub categories: Option<Vec<String>>,
    /// Kinds of event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kinds: Option<Vec<String>>,
    /// Roles of the subject in the event: actor, counterparty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<RoleWord>>,
    /// Jurisdictions of the subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jurisdictions: Option<Vec<String>>,
    /// Jurisdictions of the one who acts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor_jurisdictions: Option<Vec<String>>,
    /// Users, non-users.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subjects: Option<Vec<UserWord>>,
    /// Whether the subject has an account with the parent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_account: Option<bool>,
    /// Whether the subject is a minor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minor: Option<bool>,
    /// Choice about the purpose of the flow: objects or agrees; a non-user has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choice: Option<Choice>,
    /// Whose choice counts: actor, subject, either or both (subject if left out).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choice_of: Option<ChoiceOf>,
    /// First day on which the rule holds (midnight UTC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Day>,
    /// First day on which it no longer holds (midnight UTC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
}

/// A user's choice in a test: `none` is a user who neither objects nor agrees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Chosen {
    /// Objects to the purpose.
    Objects,
    /// Agrees to the purpose.
    Agrees,
    /// Neither.
    None,
}

/// What a policy must decide about a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Expected {
    /// Some permit matches and no forbid does.
    Permitted,
    /// A forbid matches.
    Forbidden,
    /// No rule matches.
    NotPermitted,
    /// The kind does not collect the category for the role, or the purpose does not request it.
    NoFlow,
}

/// A flow with the outcome that the policy must give it. What is left out is tried in every way.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Test")]
pub struct TestEntry {
    /// One line that says what the case shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Purpose of the flow.
    pub purpose: String,
    /// Category of the flow.
    pub category: String,
    /// Kind of event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Role of the subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<RoleWord>,
    /// Whether the subject has an account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<UserWord>,
    /// Jurisdiction of the subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jurisdiction: Option<String>,
    /// Jurisdiction of the one who acts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor_jurisdiction: Option<String>,
    /// Whether the subject has an account with the parent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_account: Option<bool>,
    /// Whether the subject is a minor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minor: Option<bool>,
    /// Choice of the subject about the purpose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choice: Option<Chosen>,
    /// Choice of the one who acts about the purpose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor_choice: Option<Chosen>,
    /// Day of the event (UTC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Day>,
    /// What the policy must decide.
    pub expect: Expected,
    /// The rules that must decide it, by title or as "rule 1"; empty if none does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Vec<String>>,
}

/// A regulator's decision.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Order")]
pub struct OrderEntry {
    /// Name used in tables.
    pub id: String,
    /// What it is, in words.
    pub title: String,
    /// Who decided.
    pub regulator: String,
    /// Jurisdictions whose people it protects.
    pub jurisdictions: Vec<String>,
    /// Purposes for which it prohibits sharing.
    pub prohibits: Vec<String>,
    /// Categories that it prohibits sharing; all if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub categories: Option<Vec<String>>,
    /// Day of the notice.
    pub notice: Day,
    /// Day from which it must be obeyed, or the time that the notice gives: "1 month".
    pub deadline: Deadline,
    /// Law that it rests on.
    pub regime: String,
    /// What became of it.
    pub status: String,
    /// Where it is documented.
    pub source: String,
    /// How well that is known: found, derived or assumed.
    pub quality: Quality,
}

/// A day, or a span of time after the notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deadline {
    /// The day itself.
    Day(Day),
    /// A span: `"1 month"`, `"30 days"`; checked where its text has a place.
    Span(String),
}

impl JsonSchema for Deadline {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Deadline".into()
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let day = generator.subschema_for::<Day>();
        schemars::json_schema!({
            "description": "A calendar day such as 2017-11-27, without quotes, or a span such as \"1 month\".",
            "anyOf": [day, { "type": "string", "description": "A span such as \"1 month\" or \"30 days\"." }]
        })
    }
}

impl Serialize for Deadline {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            Deadline::Day(day) => day.serialize(s),
            Deadline::Span(text) => text.serialize(s),
        }
    }
}

impl<'de> Deserialize<'de> for Deadline {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        use serde::de::Error;
        let value = toml::Value::deserialize(d)?;
        // Between deserialisers of `toml` a day may travel as its text.
        let day = value.as_str().and_then(|text| text.parse::<toml::value::Datetime>().ok());
        match (day, value) {
            (Some(day), _) => Day::deserialize(toml::Value::Datetime(day)).map(Deadline::Day).map_err(D::Error::custom),
            (None, toml::Value::String(text)) => Ok(Deadline::Span(text)),
            (None, value) => value.try_into().map(Deadline::Day).map_err(D::Error::custom),
        }
    }
}
