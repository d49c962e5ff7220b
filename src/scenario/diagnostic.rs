//! Errors and warnings that point at the text they are about.
//!
//! A diagnostic says what is wrong (`message`), where (`place` and `label`), what to write instead (`help`), and why, or
//! where else to look (`hint`). `render` draws many of them for a terminal, `nearest` finds the word that was probably
//! meant. docs/DIAGNOSTICS.md says what a good one is.

mod nearest;
mod render;
#[cfg(test)]
mod tests;
mod visible;

use std::error::Error;
use std::fmt;

use super::place::Place;

pub use nearest::{nearest, same_meaning};
pub use render::render;
pub use visible::{lines, one_line};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The scenario cannot be run.
    Error,
    /// The scenario can be run, but probably does not say what was meant.
    Warning,
}

/// One thing that is wrong.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// What is wrong, in one line without a final dot. Boxed, as the others, so that the whole can be returned by value.
    pub message: Box<str>,
    /// What stands at `place`, in a few words.
    pub label: Box<str>,
    /// The text that is wrong, if it is about one.
    pub place: Option<Place>,
    /// Other places that matter, such as the first definition of something defined twice.
    pub also: Vec<(Place, String)>,
    /// What to write instead; may have several lines.
    pub help: Option<Box<str>>,
    /// Why it is so, or where else to look.
    pub hint: Option<Box<str>>,
    /// Error or warning.
    pub severity: Severity,
    /// How many more there are like it, in the same file and no milder, that are not worth telling one by one.
    pub untold: u32,
}

impl Diagnostic {
    /// An error without a place.
    pub fn error(message: impl Into<String>) -> Self {
        Self {
            message: message.into().into_boxed_str(),
            label: Box::default(),
            place: None,
            also: Vec::new(),
            help: None,
            hint: None,
            severity: Severity::Error,
            untold: 0,
        }
    }

    /// A warning without a place.
    pub fn warning(message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(message) }
    }

    /// Points at a place and says what stands there.
    pub fn at(mut self, place: &Place, label: impl Into<String>) -> Self {
        self.place = Some(place.clone());
        self.label = label.into().into_boxed_str();
        self
    }

    /// Points at one more place.
    pub fn also(mut self, place: &Place, label: impl Into<String>) -> Self {
        self.also.push((place.clone(), label.into()));
        self
    }

    /// Says what to write instead.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into().into_boxed_str());
        self
    }

    /// Says why, or where else to look.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into().into_boxed_str());
        self
    }
}

/// One line: `scenarios/x.toml:3:5: unknown key`.
impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            let (line, column) = place.line_column();
            write!(f, "{}:{line}:{column}: ", place.source.name)?;
        }
        f.write_str(&self.message)
    }
}

impl Error for Diagnostic {}

/// Everything that is wrong.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics(pub Vec<Diagnostic>);

impl Diagnostics {
    /// Whether one of them is an error, not a warning.
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|d| d.severity == Severity::Error)
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(one: Diagnostic) -> Self {
        Self(vec![one])
    }
}

impl From<Vec<Diagnostic>> for Diagnostics {
    fn from(all: Vec<Diagnostic>) -> Self {
        Self(all)
    }
}

/// All of them drawn without colour; `render` draws them with.
impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&render(&self.0, false))
    }
}

impl Error for Diagnostics {}

/// A user's text short enough for a message: at most `most` characters, on one line.
pub fn clip(text: &str, most: usize) -> String {
    let line = text.split(['\n', '\r']).next().unwrap_or_default();
    let mut short: String = line.chars().take(most).collect();
    if short.len() < text.trim_end().len() {
        short.push_str("...");
    }
    short
}

/// Most words of a list in a message.
const MOST_LISTED: usize = 40;

/// ``"`a`, `b` and `c`"``, for messages; of very many only the first.
pub fn list<S: AsRef<str>>(words: &[S], last: &str) -> String {
    let quoted: Vec<String> = words.iter().take(MOST_LISTED).map(|w| format!("`{}`", clip(w.as_ref(), 60))).collect();
    if words.len() > MOST_LISTED {
        return format!("{} {last} {} more", quoted.join(", "), words.len() - MOST_LISTED);
    }
    match quoted.split_last() {
        Some((end, rest)) if !rest.is_empty() => format!("{} {last} {end}", rest.join(", ")),
        Some((end, _)) => end.clone(),
        None => "nothing".to_owned(),
    }
}
