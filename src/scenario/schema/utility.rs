//! What purposes achieve: which models are asked for, and what they assume.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Quality, Quantity};

/// Models of what the parent achieves for its purposes.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Utility")]
pub struct UtilityEntry {
    /// What the parent learns about the use of its services.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub business_intelligence: Option<BusinessIntelligenceEntry>,
    /// How well abusive accounts are found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub security: Option<SecurityEntry>,
    /// What matched accounts are worth to advertisers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advertising: Option<AdvertisingEntry>,
}

/// What the parent wants to know about the use of its services, and how exactly.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "BusinessIntelligence")]
pub struct BusinessIntelligenceEntry {
    /// For which purpose.
    #[serde(default = "purpose")]
    pub purpose: String,
    /// Categories by any of which a user is told to be the owner of an account with the parent.
    #[serde(default = "identifiers")]
    pub identifiers: Vec<String>,
    /// Sketches that are tried: HyperLogLog of 2^b registers.
    #[serde(default = "sketch_bits")]
    pub sketch_bits: Vec<u32>,
    /// Privacy losses of counts with noise that are tried: epsilon of differential privacy, of each indicator.
    #[serde(default = "epsilon")]
    pub epsilon: Vec<f64>,
    /// Relative error at which an indicator is of no more use.
    #[serde(default = "tolerance")]
    pub tolerance: Quantity,
    /// The same for single indicators, in place of it: `users_of_both`, `users_of_family`, `activity_of_both`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tolerances: BTreeMap<String, Quantity>,
}

fn purpose() -> String {
    "business_intelligence".into()
}

fn identifiers() -> Vec<String> {
    vec!["phone_number".into()]
}

fn sketch_bits() -> Vec<u32> {
    vec![8, 12, 16]
}

fn epsilon() -> Vec<f64> {
    vec![0.01, 0.1, 1.0]
}

fn tolerance() -> Quantity {
    Quantity {
        value: 0.05,
        source: "An indicator that is off by a twentieth still tells a service that grows from one that does not"
            .into(),
        quality: Quality::Assumed,
    }
}

/// How the service finds abusive accounts, and what the parent adds to it: a score of points, ten of which stand for ten times as likely.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Security")]
pub struct SecurityEntry {
    /// For which purpose the parent is told.
    #[serde(default = "security")]
    pub purpose: String,
    /// Share of ordinary accounts that are banned by mistake over the run, at which detectors are compared.
    pub false_bans: Quantity,
    /// Further such shares, for a curve.
    pub curve: Vec<f64>,
    /// What the service sees of an account's own doings, which never leaves it.
    pub signals: BTreeMap<SignalName, SignalEntry>,
    /// Share of ordinary accounts that were registered within the last month.
    pub new_accounts: Quantity,
    /// Points of an account that was registered within the last month.
    pub new_account_points: u32,
    /// Share of abusive accounts that are caught when they register: what others of the same hand share with them gives them away.
    pub caught_at_registration: Quantity,
    /// What accounts share with one that was caught: the service sees it, whatever the parent is told.
    pub links: BTreeMap<String, LinkEntry>,
    /// Categories that the parent may be told, twelve at most.
    pub categories: BTreeMap<String, SharedCategoryEntry>,
    /// What the parent knows of the accounts that it finds, and returns.
    pub standing: StandingEntry,
    /// How much the parent's knowledge has to do with abuse of the service: 1 as below, 0 not at all.
    pub lift: Quantity,
    /// Share of what is known about the standing of accounts that was learnt within the last week: all that keys which change by the week leave.
    pub within_a_week: Quantity,
}

/// A signal of an account's own doings, on the day on which it is strongest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SignalName {
    /// People whom it wrote to, one by one.
    PeopleWrittenTo,
    /// Those of them who wrote nothing to it on that day.
    Unanswered,
    /// Groups that it entered or made.
    GroupsEntered,
    /// Messages that it sent to groups.
    GroupMessages,
}

impl SignalName {
    /// All, in the order of their numbers.
    pub const ALL: [SignalName; 4] =
        [SignalName::PeopleWrittenTo, SignalName::Unanswered, SignalName::GroupsEntered, SignalName::GroupMessages];

    /// As it is written.
    pub fn word(self) -> &'static str {
        match self {
            SignalName::PeopleWrittenTo => "people_written_to",
            SignalName::Unanswered => "unanswered",
            SignalName::GroupsEntered => "groups_entered",
            SignalName::GroupMessages => "group_messages",
        }
    }
}

/// How many points a signal gives.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignalEntry {
    /// Numbers from which on it gives points, rising.
    pub from: Vec<u32>,
    /// Points from each of these on, rising.
    pub points: Vec<u32>,
    /// Where they come from.
    pub source: String,
    /// How well they are known: found, derived or assumed.
    pub quality: Quality,
}

/// What accounts of the same hand share.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkEntry {
    /// Chance that an account has it in common with those of the same hand.
    #[schemars(range(min = 0, max = 1))]
    pub carries: f64,
    /// Share of ordinary accounts that have it in common with one that was caught.
    #[schemars(range(min = 0, max = 1))]
    pub by_chance: f64,
    /// Points.
    pub points: u32,
    /// Where they come from.
    pub source: String,
    /// How well they are known: found, derived or assumed.
    pub quality: Quality,
}

/// What a category is worth to the parent's help.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SharedCategoryEntry {
    /// Chance that it finds the account that the same person has with the parent.
    #[schemars(range(min = 0, max = 1))]
    #[serde(default)]
    pub finds: f64,
    /// Share of ordinary accounts of which the parent returns a mark by it alone, whether they have an account with it or not.
    #[schemars(range(min = 0, max = 1))]
    #[serde(default)]
    pub marks_ordinary: f64,
    /// The same of abusive accounts.
    #[schemars(range(min = 0, max = 1))]
    #[serde(default)]
    pub marks_abusive: f64,
    /// Points of the mark.
    #[serde(default)]
    pub points: u32,
    /// Where they come from.
    pub source: String,
    /// How well they are known: found, derived or assumed.
    pub quality: Quality,
}

/// What the parent knows of an account that the same person has with it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Standing")]
pub struct StandingEntry {
    /// Share of accounts of ordinary users that it holds to be abusive.
    pub flagged_ordinary: Quantity,
    /// The same of abusive users.
    pub flagged_abusive: Quantity,
    /// Share of accounts of ordinary users that are young there.
    pub young_ordinary: Quantity,
    /// The same of abusive users.
    pub young_abusive: Quantity,
    /// Points of an account that it holds to be abusive, of a young one, and of one in good standing: these may be below 0.
    pub points: [i32; 3],
}

/// What the parent earns by matching accounts for advertising: a range of published estimates.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Advertising")]
pub struct AdvertisingEntry {
    /// For which purpose.
    #[serde(default = "advertising")]
    pub purpose: String,
    /// Categories by any of which a user is told to be the owner of an account with the parent.
    #[serde(default = "identifiers")]
    pub identifiers: Vec<String>,
    /// What the parent earns with one of its users, US dollars a year.
    pub revenue: Quantity,
    /// Share of it that is lost without data about the person, the least that was published.
    pub lost_least: Quantity,
    /// The same, the most.
    pub lost_most: Quantity,
}

fn security() -> String {
    "security".into()
}

fn advertising() -> String {
    "targeted_advertising".into()
}
