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
pub enum Format {
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

impl Format {
    /// All formats.
    pub const ALL: [Format; 5] = [Format::Json, Format::Cedar, Format::Rego, Format::Sql, Format::Odrl];

    /// The word on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Format::Json => "json",
            Format::Cedar => "cedar",
            Format::Rego => "rego",
            Format::Sql => "sql",
            Format::Odrl => "odrl",
        }
    }
}

/// The policy of this index as text in another language, ending in a newline. The same scenario gives the same text.
///
/// # Panics
/// If the scenario has no policy of this index.
pub fn export(scenario: &Scenario, policy: usize, format: Format) -> String {
    let policy = &scenario.policies[policy];
    match format {
        Format::Json => json::export(scenario, policy),
        Format::Cedar => cedar::export(scenario, policy),
        Format::Rego => rego::export(scenario, policy),
        Format::Sql => sql::export(scenario, policy),
        Format::Odrl => odrl::export(scenario, policy),
    }
}
