//! What the page is made from.

use serde::Serialize;

use crate::output::chart::{Chart, ChartInput};

/// The people of one population that a policy reaches for a purpose.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PeopleReached {
    /// How many are exposed.
    pub people: u64,
    /// Divided by the people of the population; none if there are none.
    pub share: Option<f64>,
}

/// A row of the summary table.
#[derive(Clone, Debug, PartialEq)]
pub struct SummaryRow {
    /// Title of the policy.
    pub policy: String,
    /// Title of the purpose.
    pub purpose: String,
    /// Values disclosed over the run.
    pub disclosed_values: u64,
    /// Users who do not object.
    pub agreed: PeopleReached,
    /// Users who object.
    pub opted_out: PeopleReached,
    /// People who never joined.
    pub non_user: PeopleReached,
    /// People about whom at least one value arrives as it is; none if no policy of the run coarsens anything.
    pub as_they_are: Option<u64>,
}

/// A policy in words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PolicyText {
    /// Id in the tables.
    pub id: String,
    /// Title.
    pub title: String,
    /// Where it comes from.
    pub source: String,
    /// Its rules, a sentence each.
    pub rules: Vec<String>,
}

/// A parameter of the scenario.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Parameter {
    /// Key, with dots; the first segment is the group.
    pub key: String,
    /// Value.
    pub value: String,
    /// Where it comes from.
    pub source: String,
    /// `found`, `derived` or `assumed`.
    pub quality: String,
}

/// What the page is made from.
#[derive(Clone, Debug)]
pub struct Report<'a> {
    /// The run.
    pub input: &'a ChartInput<'a>,
    /// Its figures.
    pub charts: &'a [Chart],
    /// Plain paragraphs, with blank lines between them.
    pub analysis: &'a str,
    /// The table of results, of all policies.
    pub summary: &'a [SummaryRow],
    /// The policies.
    pub policies: Vec<PolicyText>,
    /// Every parameter.
    pub parameters: Vec<Parameter>,
    /// How the model works, a paragraph each.
    pub method: Vec<String>,
    /// What the model cannot say, a point each.
    pub limits: Vec<String>,
    /// What could not be drawn, or is not shown as it is written, a sentence each.
    pub warnings: &'a [String],
    /// The manifest of the run.
    pub manifest: serde_json::Value,
}
