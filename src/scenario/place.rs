//! Where something was written: a text, and a span of it.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// A named text. Its `Debug` is the name: the text is long, and stands behind every place.
#[derive(Clone, PartialEq, Eq)]
pub struct Text {
    /// The path as the user typed it, or `preset:NAME`.
    pub name: String,
    /// The text itself.
    pub text: String,
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// Where something was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// In which text.
    pub source: Arc<Text>,
    /// From which byte to which.
    pub span: Range<usize>,
}

impl Place {
    /// Line and column (in characters) of its start, both from 1.
    pub fn line_column(&self) -> (usize, usize) {
        let mut start = self.span.start.min(self.source.text.len());
        while !self.source.text.is_char_boundary(start) {
            start -= 1;
        }
        let before = &self.source.text[..start];
        let line = before.rsplit('\n').next().unwrap_or_default();
        (before.matches('\n').count() + 1, line.chars().count() + 1)
    }

    /// The text that stands there.
    pub fn snippet(&self) -> &str {
        self.source.text.get(self.span.clone()).unwrap_or_default()
    }
}
