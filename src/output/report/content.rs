//! What the page is made from.

use serde::Serialize;

use crate::output::chart::{ChartInput, PageChart};
use crate::output::findings::Finding;
use crate::output::following::FollowingRow;
use crate::output::lang::Lang;

/// The people of one population that a policy reaches for a purpose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct PeopleReached {
    /// How many are exposed: the mean over replicates.
    pub people: f64,
    /// Divided by the people of the population; none if there are none.
    pub share: Option<f64>,
    /// 95 % interval of the share; none of a single replicate.
    pub interval: Option<(f64, f64)>,
}

/// A row of the summary table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SummaryRow {
    /// Id and title of the policy.
    pub policy_id: String,
    /// See `policy_id`.
    pub policy: String,
    /// Id and title of the purpose.
    pub purpose_id: String,
    /// See `purpose_id`.
    pub purpose: String,
    /// Values disclosed over the run: the mean over replicates.
    pub disclosed_values: f64,
    /// 95 % interval of their mean; none of a single replicate.
    pub values_interval: Option<(f64, f64)>,
    /// Users who do not object.
    pub not_objecting: PeopleReached,
    /// Users who object.
    pub objecting: PeopleReached,
    /// People who never joined.
    pub non_user: PeopleReached,
    /// People about whom at least one value arrives as it is; none if no policy of the run coarsens anything.
    pub as_they_are: Option<f64>,
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
    /// Where it differs from the baseline: how they compare, then a sentence for each difference; empty of the baseline.
    pub against: Vec<String>,
}

/// How many people of a jurisdiction use the service, for figures of the place.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct PlaceUsers {
    /// Code of the jurisdiction.
    pub code: String,
    /// Users, millions.
    pub millions: f64,
    /// `found`, `derived` or `assumed`.
    pub quality: String,
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
    /// The language that the page speaks.
    pub lang: Lang,
    /// Its figures.
    pub charts: &'a [PageChart],
    /// Colours of the charts on a light and on a dark ground; empty if they have colours of their own.
    pub tones: &'a [(String, String)],
    /// What the scenario says of itself: Markdown.
    pub analysis: &'a str,
    /// The table of results, of all policies.
    pub summary: &'a [SummaryRow],
    /// What follows from what each policy lets out.
    pub following: &'a [FollowingRow],
    /// What the run says, the strongest first.
    pub findings: &'a [Finding],
    /// The policies.
    pub policies: Vec<PolicyText>,
    /// Id of the policy that the others are compared with.
    pub baseline: &'a str,
    /// Real users by jurisdiction.
    pub users: Vec<PlaceUsers>,
    /// What each order prohibits, in the order of `input.orders`.
    pub scopes: Vec<String>,
    /// Who leaves the service when; empty if nobody does.
    pub leaving: String,
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
