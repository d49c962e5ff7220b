//! Abusive accounts: how many there are of each class, and what they do.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Quality, is_one, is_zero, one};

fn is_none(value: &u32) -> bool {
    *value == 0
}

fn alone() -> u32 {
    1
}

fn is_alone(value: &u32) -> bool {
    *value == 1
}

/// A class of abusive accounts: a share of users, and what they do beyond what everybody does.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AbuseClass {
    /// Name used in tables.
    pub id: String,
    /// Share of users.
    #[schemars(range(min = 0, max = 1))]
    pub share: f64,
    /// Strangers whom such an account writes to on a day on which it is active, a mean: one message each.
    #[schemars(range(min = 0, max = 10_000))]
    #[serde(default, skip_serializing_if = "is_zero")]
    pub strangers: f64,
    /// Share of these who answer, of those who are there that day.
    #[schemars(range(min = 0, max = 1))]
    #[serde(default, skip_serializing_if = "is_zero")]
    pub answered: f64,
    /// Share of its active days on which it does so, then as much more and, if below 1, in one go.
    #[schemars(range(min = 0.01, max = 1))]
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub burst_days: f64,
    /// Groups that it makes on an active day, a mean.
    #[schemars(range(min = 0, max = 10))]
    #[serde(default, skip_serializing_if = "is_zero")]
    pub groups: f64,
    /// Strangers in each of these groups.
    #[schemars(range(min = 0, max = 1024))]
    #[serde(default, skip_serializing_if = "is_none")]
    pub group_members: u32,
    /// Messages to each of these groups, a mean.
    #[schemars(range(min = 0, max = 1000))]
    #[serde(default, skip_serializing_if = "is_zero")]
    pub posts: f64,
    /// Accounts of one hand, which share device, network and block of numbers.
    #[schemars(range(min = 1, max = 10_000))]
    #[serde(default = "alone", skip_serializing_if = "is_alone")]
    pub farm: u32,
    /// Share of such accounts that were registered within the last month.
    #[schemars(range(min = 0, max = 1))]
    #[serde(default, skip_serializing_if = "is_zero")]
    pub new_accounts: f64,
    /// Where the share comes from, and what it does.
    pub source: String,
    /// How well it is known: found, derived or assumed.
    pub quality: Quality,
}
