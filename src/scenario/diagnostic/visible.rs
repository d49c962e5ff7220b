//! Texts of users on a terminal: what could steer it, or reorder what it shows, is shown as what it is.

use crate::scenario::letters::hidden;

/// A text on one line: characters that a terminal would obey, or nobody would see, are written as `\u{1b}`.
pub fn one_line(text: &str) -> String {
    escaped(text, false)
}

/// The same of a text that may have lines.
pub fn lines(text: &str) -> String {
    escaped(text, true)
}

fn escaped(text: &str, lines: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match hidden(c) && !(lines && c == '\n') {
            true => out.extend(c.escape_unicode()),
            false => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_is_shown() {
        assert_eq!(one_line("a\u{1b}[31mred\nb"), "a\\u{1b}[31mred\\u{a}b");
        assert_eq!(lines("a\u{9b}\nb\u{202e}c\u{7f}"), "a\\u{9b}\nb\\u{202e}c\\u{7f}");
        assert_eq!(one_line("Été, Ελληνικά, 👩‍👩‍👧, 日本"), "Été, Ελληνικά, 👩‍👩‍👧, 日本");
    }
}
