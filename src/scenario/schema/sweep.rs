//! What a scenario says that its sweeps vary.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A number of the scenario that a sweep varies, over a list of values or a range.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Sweep")]
pub struct SweepEntry {
    /// Path of the number, such as `traffic.reply_share`; `*` stands for any entry, as in `jurisdiction.*.objects.security`.
    pub key: String,
    /// Values that it takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 100_000))]
    pub values: Option<Vec<f64>>,
    /// Smaller end of a range.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<f64>,
    /// Larger end of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<f64>,
    /// Number of values in the range, both ends among them (left out: only for samples, `--sample`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 2, max = 100_000))]
    pub steps: Option<u32>,
    /// On which scale values are spread evenly (default: linear).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale: Option<Spacing>,
}

/// How values are spread over a range.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Spacing {
    /// Evenly.
    #[default]
    Linear,
    /// Evenly by their logarithms: from 0.01 to 1 by way of 0.1.
    Log,
    /// Evenly by the logarithms of their odds: shares, from 0.1 to 0.9 by way of 0.5.
    Logit,
}
