//! What a schema expects and what was found instead, in words.

use serde_json::Value as Json;

use super::{quote, resolve};
use crate::scenario::diagnostic::{clip, list};
use crate::scenario::source::{Node, Value};

/// The strings that a schema allows; none if it allows any.
pub fn allowed(schema: &Json) -> Vec<&str> {
    let one = schema["const"].as_str();
    one.into_iter().chain(schema["enum"].as_array().into_iter().flatten().filter_map(Json::as_str)).collect()
}

/// The strings that a schema allows, those of its alternatives included.
pub fn words<'s>(root: &'s Json, schema: &'s Json) -> Vec<&'s str> {
    let schema = resolve(root, schema);
    let branches = ["oneOf", "anyOf"].iter().filter_map(|k| schema[*k].as_array()).flatten();
    branches.flat_map(|b| allowed(resolve(root, b))).chain(allowed(schema)).collect()
}

/// The types of a schema without `null`; none if it does not say.
pub fn types(schema: &Json) -> Vec<&str> {
    let named: Vec<&str> = match &schema["type"] {
        Json::String(one) => vec![one.as_str()],
        Json::Array(many) => many.iter().filter_map(Json::as_str).filter(|t| *t != "null").collect(),
        _ if schema["properties"].is_object() => vec!["object"],
        _ if !allowed(schema).is_empty() => vec!["string"],
        _ => Vec::new(),
    };
    named
}

/// Whether a value has a type that the schema allows. Dates are strings with a format in a schema, but not in TOML.
pub fn type_matches(node: &Node, schema: &Json) -> bool {
    let types = types(schema);
    let format = schema["format"].as_str();
    let has = |name: &str| types.contains(&name);
    types.is_empty()
        || match &node.value {
            Value::String(_) => has("string") && !matches!(format, Some("date" | "date-time" | "time")),
            Value::Integer(_) => has("integer") || has("number"),
            Value::Float(_) => has("number"),
            Value::Boolean(_) => has("boolean"),
            Value::Array(_) => has("array"),
            Value::Table(_) => has("object"),
            Value::Datetime(d) => {
                has("string")
                    && match format {
                        Some("date") => d.date.is_some() && d.time.is_none(),
                        Some("date-time") => d.date.is_some() && d.time.is_some(),
                        Some("time") => d.date.is_none(),
                        _ => false,
                    }
            }
        }
}

/// A number, or a length, out of its bounds.
pub struct RangeError {
    /// What would be within.
    pub expected: String,
    /// What was probably meant.
    pub help: Option<String>,
}

/// Whether a value of the right type is out of the bounds of the schema.
pub fn range_error(node: &Node, schema: &Json) -> Option<RangeError> {
    let number = match &node.value {
        Value::Integer(i) => *i as f64,
        Value::Float(f) => *f,
        Value::String(s) => {
            let least = schema["minLength"].as_u64().filter(|n| (s.chars().count() as u64) < *n)?;
            let expected = if least == 1 {
                "a string that is not empty".into()
            } else {
                format!("a string of {least} or more characters")
            };
            return Some(RangeError { expected, help: None });
        }
        _ => return None,
    };
    let bounds = Bounds::of(schema);
    if !number.is_finite() {
        return Some(RangeError { expected: format!("{}, not infinite", bounds.phrase()), help: None });
    }
    if bounds.contain(number) {
        // Too large for the type in which it is kept, though nobody says so in the schema.
        let most = match schema["format"].as_str() {
            Some("uint8") => f64::from(u8::MAX),
            Some("uint16") => f64::from(u16::MAX),
            Some("uint32" | "uint") => f64::from(u32::MAX),
            Some("int32") => f64::from(i32::MAX),
            _ => f64::INFINITY,
        };
        return (number > most)
            .then(|| RangeError { expected: format!("a whole number of at most {most}"), help: None });
    }
    let share = bounds.least == Some(0.0) && bounds.most == Some(1.0) && (2.0..=100.0).contains(&number);
    let help = share.then(|| format!("write a share as a fraction: {} for {number} %", decimal(number / 100.0)));
    Some(RangeError { expected: bounds.phrase(), help })
}

struct Bounds {
    whole: bool,
    least: Option<f64>,
    most: Option<f64>,
    above: Option<f64>,
    below: Option<f64>,
}

impl Bounds {
    fn of(schema: &Json) -> Self {
        Self {
            whole: !types(schema).contains(&"number"),
            least: schema["minimum"].as_f64(),
            most: schema["maximum"].as_f64(),
            above: schema["exclusiveMinimum"].as_f64(),
            below: schema["exclusiveMaximum"].as_f64(),
        }
    }

    fn contain(&self, number: f64) -> bool {
        self.least.is_none_or(|b| number >= b)
            && self.most.is_none_or(|b| number <= b)
            && self.above.is_none_or(|b| number > b)
            && self.below.is_none_or(|b| number < b)
    }

    fn phrase(&self) -> String {
        let noun = if self.whole { "a whole number" } else { "a number" };
        let low = self.least.map(|b| format!("of at least {b}")).or(self.above.map(|b| format!("greater than {b}")));
        let high = self.most.map(|b| format!("at most {b}")).or(self.below.map(|b| format!("less than {b}")));
        match (self.least, self.most, low, high) {
            (Some(a), Some(b), ..) => format!("{noun} between {a} and {b}"),
            (_, _, Some(low), Some(high)) => format!("{noun} {low} and {high}"),
            (_, _, Some(low), None) => format!("{noun} {low}"),
            (_, _, None, Some(high)) => format!("{noun} of {high}").replace("of less", "less"),
            _ => noun.to_owned(),
        }
    }
}

/// What a schema expects: `a number between 0 and 1`.
pub fn phrase(root: &Json, schema: &Json) -> String {
    describe(root, schema, 0)
}

fn describe(root: &Json, schema: &Json, depth: usize) -> String {
    let schema = resolve(root, schema);
    let branches: Vec<&Json> = ["oneOf", "anyOf"]
        .iter()
        .filter_map(|k| schema[*k].as_array())
        .flatten()
        .filter(|b| b["type"] != "null")
        .collect();
    let words: Vec<&str> = branches.iter().flat_map(|b| allowed(b)).chain(allowed(schema)).collect();
    let mut parts: Vec<String> = Vec::new();
    if !words.is_empty() {
        parts.push(if words.len() == 1 { quote(&words) } else { format!("one of {}", quote(&words)) });
    }
    for branch in branches.iter().filter(|b| allowed(b).is_empty() && depth < 4) {
        let part = describe(root, branch, depth + 1);
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    if !parts.is_empty() {
        return parts.join(" or ");
    }
    let kinds = types(schema).into_iter().map(|kind| match kind {
        "boolean" => "true or false".to_owned(),
        "integer" | "number" => Bounds::of(schema).phrase(),
        "object" => table(root, schema, depth),
        "array" => match schema.get("items").filter(|_| depth < 4).map(|i| describe(root, i, depth + 1)) {
            Some(item) => format!("an array of {}", plural(&item)),
            None => "an array".to_owned(),
        },
        _ => match schema["format"].as_str() {
            Some("date") => "a date".to_owned(),
            Some("date-time") => "a date with a time".to_owned(),
            Some("time") => "a time".to_owned(),
            _ => "a string".to_owned(),
        },
    });
    let kinds: Vec<String> = kinds.collect();
    if kinds.is_empty() { "a value".to_owned() } else { kinds.join(" or ") }
}

/// A table, with its keys if they are few.
fn table(root: &Json, schema: &Json, depth: usize) -> String {
    let required: Vec<&str> = schema["required"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
    match schema.get("additionalProperties").filter(|a| a.is_object() && depth < 4) {
        Some(other) => format!("a table of {}", plural(&describe(root, other, depth + 1))),
        None if (1..=4).contains(&required.len()) => format!("a table with {}", list(&required, "and")),
        None => "a table".to_owned(),
    }
}

/// `numbers between 0 and 1` for `a number between 0 and 1`.
fn plural(one: &str) -> String {
    for noun in ["whole number", "number", "string", "table", "date", "time"] {
        if let Some(rest) = one.strip_prefix(&format!("a {noun}")) {
            return format!("{noun}s{rest}");
        }
    }
    match one.strip_prefix("one of ") {
        Some(words) => words.to_owned(),
        None => "values".to_owned(),
    }
}

/// What stands in a file: `the string "0.3"`.
pub fn found(value: &Value) -> String {
    match value {
        Value::String(s) => format!("the string \"{}\"", clip(s, 40)),
        Value::Integer(i) => format!("the number {i}"),
        Value::Float(f) => format!("the number {}", decimal(*f)),
        Value::Boolean(b) => b.to_string(),
        Value::Datetime(d) => match (d.date, d.time) {
            (Some(_), None) => format!("the date {d}"),
            (None, _) => format!("the time {d}"),
            _ => format!("the date and time {d}"),
        },
        Value::Array(nodes) => match nodes.as_slice() {
            [] => "an empty array".to_owned(),
            [Node { value: Value::Table(_), .. }, ..] => format!("{}, an array of tables", count(nodes.len(), "table")),
            nodes => format!("an array of {}", count(nodes.len(), "value")),
        },
        Value::Table(_) => "a table".to_owned(),
    }
}

fn count(n: usize, word: &str) -> String {
    format!("{n} {word}{}", if n == 1 { "" } else { "s" })
}

/// A float as TOML writes it.
pub fn decimal(number: f64) -> String {
    let rounded = (number * 1e9).round() / 1e9;
    if rounded == rounded.trunc() && rounded.abs() < 1e15 { format!("{rounded:.1}") } else { format!("{rounded}") }
}
