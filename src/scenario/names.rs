//! Names that a command line gives, looked up in a scenario.

use super::diagnostic::{Diagnostic, list, nearest};

/// The place of a name among those that are known.
///
/// # Errors
/// If it is not; the error names the nearest one that is.
pub fn find(what: &str, name: &str, known: &[&str]) -> Result<usize, Diagnostic> {
    known.iter().position(|k| *k == name).ok_or_else(|| unknown(what, name, known))
}

/// The error that there is no `what` of this name.
pub fn unknown(what: &str, name: &str, known: &[&str]) -> Diagnostic {
    let help = match nearest(name, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if known.is_empty() => format!("the scenario defines no {what}"),
        None => format!("defined are {}", list(known, "and")),
    };
    Diagnostic::error(format!("there is no {what} `{name}` in this scenario")).help(help)
}
