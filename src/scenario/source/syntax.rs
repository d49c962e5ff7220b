//! From TOML text to a document with places.

use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::bounds::{Bound, MOST_DEPTH, MOST_VALUES, nested, too_much};
use super::explain::{explain, runs_on};
use super::node::{Entry, Node, Value};
use crate::scenario::diagnostic::{Diagnostic, Diagnostics};
use crate::scenario::place::{Place, Text};

/// Most errors of syntax that are shown: what follows is often only the echo of the first.
const MOST_ERRORS: usize = 5;

impl Node {
    /// Parses a TOML document, or says what is wrong with its syntax.
    pub fn parse(text: Text) -> Result<Self, Diagnostics> {
        parse(Arc::new(text)).map_err(Diagnostics)
    }
}

/// Parses a document. There is at least one error if it fails, one a line.
fn parse(source: Arc<Text>) -> Result<Node, Vec<Diagnostic>> {
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
