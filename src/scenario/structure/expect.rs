//! What a schema expects, what was found instead, and which mistake that probably is: all in words.

use serde_json::{Map, Value as Json};

use super::{quote, resolve};
use crate::scenario::diagnostic::clip;
use crate::scenario::source::{Node, Value};

/// The strings that a schema allows; none if it allows any.
pub fn allowed(schema: &Json) -> Vec<&str> {
    let one = schema["const"].as_str();
    one.into_iter().chain(schema["enum"].as_array().into_iter().flatten().filter_map(Json::as_str)).collect()
}

/// The types of a schema without `null`; none if it does not say.
fn types(schema: &Json) -> Vec<&str> {
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
    let share = bounds.least == Some(0.0) && bounds.most == Some(1.0) && number > 1.0 && number <= 100.0;
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
        "object" => "a table".to_owned(),
        "array" => match schema.get("items").filter(|_| depth < 4).map(|i| describe(root, i, depth + 1)) {
            Some(item) => format!("an array, each of it {item}"),
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
fn decimal(number: f64) -> String {
    let rounded = (number * 1e9).round() / 1e9;
    if rounded == rounded.trunc() && rounded.abs() < 1e15 { format!("{rounded:.1}") } else { format!("{rounded}") }
}

/// How to write what was probably meant by a value of the wrong type.
pub fn mistake(root: &Json, schema: &Json, node: &Node, name: &str) -> Option<String> {
    let schema = resolve(root, schema);
    let kinds = types(schema);
    let wants = |kind: &str| kinds.contains(&kind);
    let date = schema["format"] == "date";
    match &node.value {
        Value::String(s) if date => {
            let day = s.parse::<toml::value::Datetime>().ok()?;
            day.date.map(|d| format!("write {d} without quotes"))
        }
        Value::String(s) if wants("number") || wants("integer") => {
            let plain = s.trim().replace([',', '_', ' '], "");
            if let Some(percent) = plain.strip_suffix('%').and_then(|p| p.parse::<f64>().ok()) {
                return Some(format!("write a share as a number without quotes: {}", decimal(percent / 100.0)));
            }
            let whole = plain.parse::<i64>().is_ok();
            (whole || wants("number") && plain.parse::<f64>().is_ok_and(f64::is_finite))
                .then(|| format!("write {plain} without quotes"))
        }
        Value::String(s) if wants("boolean") => match s.trim().to_lowercase().as_str() {
            "true" | "yes" => Some("write true without quotes".to_owned()),
            "false" | "no" => Some("write false without quotes".to_owned()),
            _ => None,
        },
        Value::Integer(_) if wants("boolean") => Some("write true or false".to_owned()),
        Value::Float(f) if wants("integer") && f.is_finite() => Some(if *f == f.trunc() && f.abs() < 1e15 {
            format!("write {f:.0}, without decimal point or exponent")
        } else {
            "a count has no decimals".to_owned()
        }),
        Value::Datetime(d) if date => d.date.map(|day| format!("write only the day: {day}")),
        Value::Table(_) if wants("array") => Some(if node.place.snippet().starts_with('[') {
            format!("write [[{name}]] with two pairs of brackets, once for each element")
        } else {
            "put the table in brackets: [{ ... }]".to_owned()
        }),
        Value::Array(nodes) if wants("object") => nodes.first().map(|first| {
            if first.place.snippet().starts_with("[[") {
                format!("write [{name}] with one pair of brackets, and only once")
            } else {
                format!("write one table: {}", line_for(root, schema, last(name), ""))
            }
        }),
        _ if wants("object") && schema["properties"]["value"].is_object() => {
            // Numbers that carry their source are the most common table of all.
            let number = node.place.snippet();
            let line = line_for(root, schema, last(name), "");
            Some(format!(
                "write {}, or set `{name}.value`",
                line.replacen("value = 0.5", &format!("value = {number}"), 1)
            ))
        }
        Value::Integer(_) | Value::Float(_) | Value::Boolean(_) | Value::Datetime(_) if wants("string") && !date => {
            Some(format!("write it in quotes: \"{}\"", clip(node.place.snippet(), 40)))
        }
        Value::String(_) | Value::Integer(_) | Value::Float(_) | Value::Boolean(_) if wants("array") => {
            Some(format!("write it in brackets: [{}]", clip(node.place.snippet(), 40)))
        }
        _ => None,
    }
}

fn last(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// A line that adds a key with an example of its value; a header for what is long.
pub fn line_for(root: &Json, schema: &Json, key: &str, parent: &str) -> String {
    // A header needs the names of tables without the numbers and names of elements: only those at the top have it.
    let resolved = resolve(root, schema);
    let required = |s: &Json| s["required"].as_array().map_or(0, Vec::len);
    if parent.is_empty() {
        if let Some(items) = resolved.get("items").map(|i| resolve(root, i)).filter(|i| i["properties"].is_object()) {
            let keys = items["properties"].as_object().map_or(0, Map::len);
            if keys > 0 {
                return format!("[[{key}]]");
            }
        }
        if required(resolved) > 4 {
            return format!("[{key}]");
        }
    }
    format!("{key} = {}", example(root, schema, 0))
}

fn example(root: &Json, schema: &Json, depth: usize) -> String {
    let schema = resolve(root, schema);
    if let Some(word) = allowed(schema).first() {
        return format!("\"{word}\"");
    }
    let branches = ["oneOf", "anyOf"].iter().filter_map(|k| schema[*k].as_array()).flatten();
    if let Some(branch) = branches.filter(|b| b["type"] != "null").min_by_key(|b| allowed(b).is_empty()) {
        return if depth < 4 { example(root, branch, depth + 1) } else { "...".to_owned() };
    }
    match types(schema).first().copied() {
        Some("boolean") => "true".to_owned(),
        Some("integer") => schema["minimum"].as_f64().map_or(1.0, |m| m.max(1.0)).to_string(),
        Some("number") => "0.5".to_owned(),
        Some("string") if schema["format"] == "date" => "2017-11-27".to_owned(),
        Some("string") => "\"...\"".to_owned(),
        Some("array") => match schema.get("items").filter(|_| depth < 2) {
            Some(items) => format!("[{}]", example(root, items, depth + 1)),
            None => "[...]".to_owned(),
        },
        Some("object") if depth < 2 => {
            let keys = schema["required"].as_array().into_iter().flatten().filter_map(Json::as_str);
            let parts: Vec<String> =
                keys.map(|k| format!("{k} = {}", example(root, &schema["properties"][k], depth + 1))).collect();
            match (parts.is_empty(), schema.get("additionalProperties").filter(|a| a.is_object())) {
                (true, Some(other)) => format!("{{ NAME = {} }}", example(root, other, depth + 1)),
                _ => format!("{{ {} }}", parts.join(", ")),
            }
        }
        Some("object") => "{ ... }".to_owned(),
        _ => "...".to_owned(),
    }
}

/// The first sentence of a description, without its dot.
pub fn first_sentence(text: &str) -> String {
    let line = text.split("\n\n").next().unwrap_or_default().replace('\n', " ");
    let end = line.find(". ").unwrap_or(line.len());
    line[..end].trim_end_matches('.').to_owned()
}
