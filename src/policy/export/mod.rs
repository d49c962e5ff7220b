//! A policy for other engines: the same decisions from other programs, so that anybody can check ours with theirs.
//!
//! Each format carries the rules, what the kinds of event collect and what the purposes request; ODRL carries the rules
//! alone. Cedar and Rego refuse a request that lacks an attribute or contradicts itself: a forbid that can't be evaluated
//! must not turn into a permission.

mod cedar;
mod clause;
mod header;
mod json;
mod odrl;
mod rego;
mod sql;

use crate::scenario::Scenario;

/// A language that a policy can be exported to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicyLanguage {
    /// Rules, purposes and kinds as data.
    Json,
    /// Cedar policies.
    Cedar,
    /// A Rego module, for Open Policy Agent and others.
    Rego,
    /// A query over the records of `outflow export`.
    Sql,
    /// ODRL 2.2 with terms of the Data Privacy Vocabulary, as JSON-LD.
    Odrl,
}

impl PolicyLanguage {
    /// All formats.
    pub const ALL: [PolicyLanguage; 5] =
        [PolicyLanguage::Json, PolicyLanguage::Cedar, PolicyLanguage::Rego, PolicyLanguage::Sql, PolicyLanguage::Odrl];

    /// The word on the command line.
    pub fn word(self) -> &'static str {
        match self {
            PolicyLanguage::Json => "json",
            PolicyLanguage::Cedar => "cedar",
            PolicyLanguage::Rego => "rego",
            PolicyLanguage::Sql => "sql",
            PolicyLanguage::Odrl => "odrl",
        }
    }
}

/// The policy of this index as text in another language, ending in a newline. The same scenario gives the same text.
///
/// # Panics
/// If the scenario has no policy of this index.
pub fn export(scenario: &Scenario, policy: usize, format: PolicyLanguage) -> String {
    let policy = &scenario.policies[policy];
    match format {
        PolicyLanguage::Json => json::export(scenario, policy),
        PolicyLanguage::Cedar => cedar::export(scenario, policy),
        PolicyLanguage::Rego => rego::export(scenario, policy),
        PolicyLanguage::Sql => sql::export(scenario, policy),
        PolicyLanguage::Odrl => odrl::export(scenario, policy),
    }
}
