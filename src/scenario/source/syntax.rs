//! From TOML text to a document with places.

use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::explain::{explain, runs_on};
use super::{Entry, Node, Place, Text, Value};
use crate::scenario::diagnostic::Diagnostic;

/// Deepest nesting. Every walk over a document recurses, and a scenario needs about six.
const MOST_DEPTH: usize = 48;

/// Most errors of syntax that are shown: what follows is often only the echo of the first.
const MOST_ERRORS: usize = 5;

/// Parses a document. There is at least one error if it fails, one a line.
pub fn parse(source: Arc<Text>) -> Result<Node, Vec<Diagnostic>> {
    match too_much(&source.text) {
        Some((at, Bound::Depth)) => return Err(vec![nested(&Place { source, span: at..at + 1 })]),
        Some((at, Bound::Values)) => {
            let place = Place { source, span: at..at + 1 };
            return Err(vec![
                Diagnostic::error("the file has too many values")
                    .at(&place, "one too many")
                    .help(format!("split it: a scenario has at most {MOST_VALUES} keys and values"))
                    .hint("dots in keys and empty elements count too"),
            ]);
        }
        None => {}
    }
    let (table, errors) = DeTable::parse_recoverable(&source.text);
    if errors.is_empty() {
        let span = table.span();
        return table_node(&source, table.get_ref(), span, 0).map_err(|d| vec![d]);
    }
    let mut told: Vec<Diagnostic> = Vec::new();
    let mut repeated = false;
    for error in &errors {
        let duplicate = error.message().starts_with("duplicate key");
        // One a line, and where a header stands twice, so do the keys below it. What is not told is not explained either:
        // there may be as many errors as bytes.
        let start = |d: &Diagnostic| d.place.as_ref().map(|p| p.span.start);
        let again = error
            .span()
            .is_some_and(|span| told.iter().filter_map(start).any(|other| same_line(&source.text, span.start, other)));
        let echo = duplicate && repeated;
        if !again && !echo {
            let one = explain(&source, error);
            // The place that is shown may be another than the parser's.
            let line = |d: &Diagnostic| d.place.as_ref().map(|p| p.line_column().0);
            if told.iter().all(|d| line(d) != line(&one)) {
                told.push(one);
            }
        }
        repeated |= duplicate && !repeated && in_header(&source.text, error);
        // After an open bracket or quote nothing means what it says.
        if told.len() >= MOST_ERRORS || runs_on(error.message()) {
            break;
        }
    }
    Err(told)
}

/// Whether no line ends between two places.
fn same_line(text: &str, a: usize, b: usize) -> bool {
    let between = text.as_bytes().get(a.min(b)..a.max(b)).unwrap_or_default();
    !between.contains(&b'\n')
}

fn in_header(text: &str, error: &toml::de::Error) -> bool {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    before.rsplit('\n').next().is_some_and(|line| line.trim_start().starts_with('['))
}

pub(super) fn nested(place: &Place) -> Diagnostic {
    Diagnostic::error("nested too deeply")
        .at(place, "one level too deep")
        .help(format!("a value may be nested {MOST_DEPTH} levels deep"))
}

/// Most keys and values: each takes some hundred bytes, and a file of 4 MiB may have two million.
const MOST_VALUES: usize = 250_000;

/// What a text has too much of.
enum Bound {
    /// Levels of nesting.
    Depth,
    /// Keys and values.
    Values,
}

/// Where brackets and dotted keys nest too deeply, or there are too many of them, if it is so.
///
/// The parser bounds the brackets and the dots of one key, each by itself; their product still overflows the stack
/// when what it built is freed, so that depth is bounded before it runs.
fn too_much(text: &str) -> Option<(usize, Bound)> {
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

fn table_node(source: &Arc<Text>, table: &DeTable<'_>, span: Range<usize>, depth: usize) -> Result<Node, Diagnostic> {
    let mut entries = Vec::with_capacity(table.len());
    for (key, value) in table {
        let key_place = Place { source: source.clone(), span: key.span() };
        let node = node(source, value, depth + 1)?;
        entries.push(Entry { key: key.get_ref().to_string(), key_place, node });
    }
    // The parser sorts by name; errors and merged documents read better in the order of the file.
    entries.sort_by_key(|e| e.key_place.span.start);
    Ok(Node { value: Value::Table(entries), place: Place { source: source.clone(), span } })
}

fn node(source: &Arc<Text>, value: &Spanned<DeValue<'_>>, depth: usize) -> Result<Node, Diagnostic> {
    let place = Place { source: source.clone(), span: value.span() };
    if depth > MOST_DEPTH {
        return Err(nested(&place));
    }
    let value = match value.get_ref() {
        DeValue::String(s) => Value::String(s.to_string()),
        DeValue::Integer(i) => match i64::from_str_radix(i.as_str(), i.radix()) {
            Ok(i) => Value::Integer(i),
            Err(_) => {
                return Err(Diagnostic::error("the number is too large")
                    .at(&place, "does not fit 64 bits")
                    .help(format!("whole numbers go from {} to {}", i64::MIN, i64::MAX)));
            }
        },
        DeValue::Float(f) => match f.as_str().parse::<f64>() {
            Ok(number) if number.is_finite() || f.as_str().contains("inf") || f.as_str().contains("nan") => {
                Value::Float(number)
            }
            _ => {
                return Err(Diagnostic::error("the number is too large")
                    .at(&place, "beyond the largest number")
                    .help("numbers go up to 1.7e308"));
            }
        },
        DeValue::Boolean(b) => Value::Boolean(*b),
        DeValue::Datetime(d) => Value::Datetime(*d),
        DeValue::Array(values) => {
            Value::Array(values.iter().map(|v| node(source, v, depth + 1)).collect::<Result<_, _>>()?)
        }
        DeValue::Table(table) => return table_node(source, table, place.span, depth),
    };
    Ok(Node { value, place })
}
