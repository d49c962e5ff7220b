//! What a text may have at most: levels of nesting, keys and values.

use crate::scenario::diagnostic::Diagnostic;
use crate::scenario::place::Place;

/// Deepest nesting. Every walk over a document recurses, and a scenario needs about six.
pub const MOST_DEPTH: usize = 48;

/// The error of what is nested too deeply.
pub fn nested(place: &Place) -> Diagnostic {
    Diagnostic::error("nested too deeply")
        .at(place, "one level too deep")
        .help(format!("a value may be nested {MOST_DEPTH} levels deep"))
}

/// Most keys and values: each takes some hundred bytes, and a file of 4 MiB may have two million.
pub const MOST_VALUES: usize = 250_000;

/// What a text has too much of.
pub enum Bound {
    /// Levels of nesting.
    Depth,
    /// Keys and values.
    Values,
}

/// Where brackets and dotted keys nest too deeply, or there are too many of them, if it is so.
///
/// The parser bounds the brackets and the dots of one key, each by itself; their product still overflows the stack
/// when what it built is freed, so that depth is bounded before it runs.
pub fn too_much(text: &str) -> Option<(usize, Bound)> {
    let bytes = text.as_bytes();
    // Per open bracket: the dots since its last comma or line.
    let mut dots = vec![0_usize];
    let mut at = 0;
    let mut values = 0;
    while let Some(&byte) = bytes.get(at) {
        values += usize::from(matches!(byte, b'=' | b'[' | b'{' | b'.' | b','));
        if values > MOST_VALUES {
            return Some((at, Bound::Values));
        }
        let level = dots.len() - 1;
        match byte {
            b'#' => {
                at += bytes[at..].iter().position(|b| *b == b'\n').unwrap_or(bytes.len() - at);
                continue;
            }
            b'"' | b'\'' => {
                at = after_string(bytes, at);
                continue;
            }
            b'[' | b'{' => dots.push(0),
            b']' | b'}' if level > 0 => {
                dots.pop();
            }
            b'.' => dots[level] += 1,
            b',' | b'\n' => dots[level] = 0,
            _ => {}
        }
        if matches!(byte, b'[' | b'{' | b'.') && dots.len() - 1 + dots.iter().sum::<usize>() > MOST_DEPTH {
            return Some((at, Bound::Depth));
        }
        at += 1;
    }
    None
}

/// The byte after the string that starts at `at`.
fn after_string(bytes: &[u8], at: usize) -> usize {
    let quote = bytes[at];
    let rest = &bytes[at..];
    let long = rest.starts_with(&[quote, quote, quote]);
    let mut i = at + if long { 3 } else { 1 };
    while let Some(&byte) = bytes.get(i) {
        match byte {
            b'\\' if quote == b'"' => i += 1,
            b'\n' if !long => return i,
            b if b == quote && !long => return i + 1,
            b if b == quote && bytes[i..].starts_with(&[quote, quote, quote]) => return i + 3,
            _ => {}
        }
        i += 1;
    }
    i
}
