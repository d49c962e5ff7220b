//! From TOML text to a document with places; what is not TOML becomes an error that says how to write it.

use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Entry, Node, Place, Text, Value};
use crate::scenario::diagnostic::{Diagnostic, clip};

/// Deepest nesting. Every walk over a document recurses, and a scenario needs about six.
const MOST_DEPTH: usize = 48;

/// Parses a document.
pub fn parse(source: Arc<Text>) -> Result<Node, Diagnostic> {
    if let Some(at) = too_deep(&source.text) {
        return Err(nested(&Place { source, span: at..at + 1 }));
    }
    match DeTable::parse(&source.text) {
        Ok(table) => {
            let span = table.span();
            table_node(&source, table.get_ref(), span, 0)
        }
        Err(error) => Err(explain(&source, &error)),
    }
}

fn nested(place: &Place) -> Diagnostic {
    Diagnostic::error("nested too deeply")
        .at(place, "one level too deep")
        .help(format!("a value may be nested {MOST_DEPTH} levels deep"))
}

/// Where brackets and dotted keys nest too deeply, if they do.
///
/// The parser bounds the brackets and the dots of one key, each by itself; their product still overflows the stack
/// when what it built is freed, so that depth is bounded before it runs.
fn too_deep(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    // Per open bracket: the dots since its last comma or line.
    let mut dots = vec![0_usize];
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
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
            return Some(at);
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
            _ => return Err(Diagnostic::error("the number is too large").at(&place, "beyond the largest number")),
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

/// The parser's error in words for people who do not write TOML every day.
fn explain(source: &Arc<Text>, error: &toml::de::Error) -> Diagnostic {
    let Some(span) = error.span() else {
        // The parser gives no place for keys with too many dots, its only error without one.
        return Diagnostic::error(format!("`{}` is nested too deeply", source.name));
    };
    let place = Place { source: source.clone(), span };
    let (what, expected) = error.message().split_once(", expected ").unwrap_or((error.message(), ""));
    let after = source.text.get(place.span.start..).unwrap_or_default();
    let before = source.text.get(..place.span.start).unwrap_or_default().trim_end();
    let word = clip(place.snippet().trim(), 40);
    let said = |message: &str, label: &str| Diagnostic::error(message).at(&place, label);
    match what {
        "duplicate key" => {
            let error = said(&format!("`{word}` is defined twice"), "defined again here");
            match first_definition(&place) {
                Some(first) => error.also(&first, "first defined here"),
                None => error,
            }
            .help(format!("keep one of the two, or write [[{word}]] if it is a list of tables"))
        }
        "string values must be quoted" | "invalid boolean" if word.is_empty() => {
            said("a value is missing", "expected a value here")
                .help("strings are written \"in quotes\", numbers and true or false without")
        }
        "string values must be quoted" | "invalid boolean" | "invalid float"
            if what != "invalid float" || word.starts_with(char::is_alphabetic) =>
        {
            let help = match word.to_lowercase().as_str() {
                "true" | "yes" | "on" => "write true".to_owned(),
                "false" | "no" | "off" => "write false".to_owned(),
                "null" | "none" | "nil" => "TOML has no null: leave the key out".to_owned(),
                w if w.strip_suffix('%').is_some_and(|n| n.parse::<f64>().is_ok()) => {
                    let percent: f64 = w.trim_end_matches('%').parse().unwrap_or_default();
                    format!("write a share as a number between 0 and 1: {}", percent / 100.0)
                }
                w if w.contains(['\u{201c}', '\u{201d}', '\u{2018}', '\u{2019}']) => {
                    "use the straight quotes \" instead of typographic ones".to_owned()
                }
                _ => format!("put a string in quotes: \"{word}\""),
            };
            said(&format!("`{word}` is not a value"), "not a TOML value").help(help)
        }
        "key with no value" if before.ends_with(':') => {
            let colon = Place { source: source.clone(), span: before.len() - 1..before.len() };
            Diagnostic::error("expected `=` after the key, not `:`")
                .at(&colon, "expected `=` here")
                .help("TOML writes `key = value`")
        }
        "key with no value" => said("a key without a value", "expected `=` here").help("write `key = value`"),
        "missing escaped value" => said("`\\` starts an escape that does not exist", "not an escape")
            .help("write \\\\ for a backslash, or put the string in single quotes: 'C:\\folder'"),
        "unexpected leading zero" => said("a number starts with 0", "leading zero").help("leave out the zero"),
        "invalid mantissa" if after.starts_with('.') => {
            said("a number starts with its decimal point", "expected a digit here").help("write 0 before the point")
        }
        w if w.starts_with("invalid date") => said("this is not a date", &format!("expected {expected}"))
            .help("a day is written 2016-09-25: year, month and day with four, two and two digits"),
        "unexpected key or value" if after.starts_with(',') => {
            said("a comma after a value", "expected the end of the line").help("write a decimal point: 0.3, not 0,3")
        }
        "unexpected key or value" => said("more than one value on a line", "expected the end of the line")
            .help("write each `key = value` on a line of its own"),
        "unclosed array" => {
            let error = said("an array is not closed", "expected `]` before this");
            match open_array(&place) {
                Some(open) => error.also(&open, "the array starts here"),
                None => error,
            }
        }
        "unclosed table" => said("the header of a table is not closed", "expected `]`"),
        "invalid basic string" | "invalid literal string" if expected.len() <= 3 => {
            said("a string is not closed", &format!("expected {expected}"))
                .help("a string of several lines stands between three quotes: \"\"\"...\"\"\"")
        }
        "unquoted keys cannot be empty" => said("a key is missing", "expected a key here"),
        "invalid key-value pair" if source.text.trim_start().starts_with('{') => {
            said("this is JSON, not TOML", "here").help("in TOML, write each `key = value` on a line of its own")
        }
        "missing comma between key-value pairs" => {
            said("a comma is missing", "expected `,` before this").help("separate the entries of { ... } by commas")
        }
        "invalid float" | "invalid integer" => said("this is not a number", "not part of a number"),
        w if w.starts_with("carriage return") => {
            said("a line ends in a lone carriage return", "here").help("save the file with line ends LF or CRLF")
        }
        w if w.starts_with("cannot recurse") => nested(&place),
        _ if expected.is_empty() || expected == "nothing" => said(what, "here"),
        _ => said(what, &format!("expected {expected}")),
    }
}

/// Where the array that is still open at `place` starts: after the last `=` that a bracket follows.
fn open_array(place: &Place) -> Option<Place> {
    let before = place.source.text.get(..place.span.start)?;
    let (at, _) = before.rmatch_indices('[').find(|(at, _)| before[..*at].trim_end().ends_with('='))?;
    Some(Place { source: place.source.clone(), span: at..at + 1 })
}

/// Where the key or header that is repeated at `place` stands first, if the lines above tell.
fn first_definition(place: &Place) -> Option<Place> {
    let text = &place.source.text;
    let start = text.get(..place.span.start)?.rfind('\n').map_or(0, |i| i + 1);
    let header = |line: &str| line.trim_start().starts_with('[');
    let name = |line: &str| {
        let end = if header(line) { line.find(']').map(|i| i + 1) } else { line.find('=') };
        end.map(|i| line[..i].trim().to_owned())
    };
    let this = text[start..].lines().next()?;
    // In an inline table the line is that of another key.
    if !header(this) && this.trim_start().len() < this.len().saturating_sub(place.span.start - start) {
        return None;
    }
    let wanted = name(this)?;
    let mut end = start;
    while end > 0 {
        let line_start = text[..end - 1].rfind('\n').map_or(0, |i| i + 1);
        let line = &text[line_start..end - 1];
        if name(line).is_some_and(|n| n == wanted) {
            let indent = line.len() - line.trim_start().len();
            let from = line_start + indent;
            return Some(Place { source: place.source.clone(), span: from..from + wanted.len() });
        }
        // The keys of a table stand below its header.
        if header(line) && !header(this) {
            return None;
        }
        end = line_start;
    }
    None
}
