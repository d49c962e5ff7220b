//! The comment at the head of an export.

use crate::scenario::letters::hidden;
use crate::scenario::{Policy, Scenario};

/// What the export is of, as lines of comments that begin with `mark`.
pub(super) fn header(scenario: &Scenario, policy: &Policy, mark: &str, notes: &[&str]) -> String {
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
pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Free text on one line of a comment, which it must not end.
pub(super) fn one_line(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if hidden(c) { ' ' } else { c }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}
