//! A policy for other engines: the same decisions from other programs, so that anybody can check ours with theirs.
//!
//! Each format carries the rules, what the kinds of event collect and what the purposes request; ODRL carries the rules
//! alone. Cedar and Rego refuse a request that lacks an attribute or contradicts itself: a forbid that can't be evaluated
//! must not turn into a permission.

mod cedar;
mod clause;
mod json;
mod odrl;
mod rego;
mod sql;

use crate::scenario::letters::hidden;
use crate::scenario::{Policy, Scenario};

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

/// What the export is of, as lines of comments that begin with `mark`.
fn header(scenario: &Scenario, policy: &Policy, mark: &str, notes: &[&str]) -> String {
    let mut out = String::new();
    let mut line = |text: &str| {
        out += format!("{mark} {text}").trim_end();
        out.push('\n');
    };
    line(&format!("Policy {} of scenario {}, exported by outflow {}", policy.id, scenario.name, VERSION));
    line("");
    line(&format!("Title: {}", one_line(&policy.title)));
    line(&format!("Source: {}", one_line(&policy.source)));
    line(&format!("Scenario digest: {}", scenario.digest));
    line("");
    for note in notes {
        line(note);
    }
    out
}

/// The version that exports.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Free text on one line of a comment, which it must not end.
fn one_line(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if hidden(c) { ' ' } else { c }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A list of literals: `"a", "b"`.
fn literals(names: &[&str], quote: impl Fn(&str) -> String) -> String {
    names.iter().map(|name| quote(name)).collect::<Vec<_>>().join(", ")
}
