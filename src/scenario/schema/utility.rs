//! What purposes achieve: which models are asked for, and what they assume.

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
