//! What to write instead: the mistake that a value of the wrong type probably is, and lines that can be pasted.

use serde_json::Value as Json;

use super::expect::{allowed, decimal, types};
use super::resolve;
use crate::scenario::diagnostic::{clip, list};
use crate::scenario::source::{Node, Value, meant};

/// How to write what was probably meant by a value of the wrong type.
pub fn mistake(root: &Json, schema: &Json, node: &Node, name: &str) -> Option<String> {
    let schema = resolve(root, schema);
    let kinds = types(schema);
    let wants = |kind: &str| kinds.contains(&kind);
    let date = schema["format"] == "date";
    match &node.value {
        Value::String(s) if date && day(s).is_some() => day(s).map(|d| format!("write {d} without quotes")),
        Value::String(s) if wants("number") || wants("integer") => {
            let plain = s.trim().replace([',', '_', ' '], "");
            if let Some(percent) = plain.strip_suffix('%').and_then(|p| p.parse::<f64>().ok()) {
                return Some(format!("write a share as a number without quotes: {}", decimal(percent / 100.0)));
            }
            // As it is, if TOML reads it; else what was meant.
            let number = plain
                .parse::<toml_edit::Value>()
                .ok()
                .filter(|v| v.is_integer() || v.is_float())
                .map(|_| plain.clone());
            let number = number.or_else(|| meant(&plain))?;
            (number.parse::<i64>().is_ok() || wants("number") && number.parse::<f64>().is_ok_and(f64::is_finite))
                .then(|| format!("write {number} without quotes"))
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
        Value::Datetime(d) if date && d.date.is_some() => d.date.map(|day| format!("write only the day: {day}")),
        Value::Table(_) if wants("array") => Some(match node.place.snippet() {
            header if header.starts_with('[') => {
                format!("write [{header}] with two pairs of brackets, once for each element")
            }
            _ => "put the table in brackets: [{ ... }]".to_owned(),
        }),
        Value::Array(nodes) if wants("object") => {
            nodes.first().map(|first| match first.place.snippet().strip_prefix('[').and_then(|s| s.strip_suffix(']')) {
                Some(header) if header.starts_with('[') => {
                    format!("write {header} with one pair of brackets, and only once")
                }
                _ => format!("write one table: {}", line_for(root, schema, last(name), name)),
            })
        }
        Value::Integer(_) | Value::Float(_) | Value::String(_)
            if wants("object") && schema["properties"]["value"].is_object() && as_number(node).is_some() =>
        {
            // Numbers that carry their source are the most common table of all.
            let number = as_number(node)?;
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
        Value::Array(nodes) if nodes.len() == 1 && !wants("array") && !wants("object") => {
            Some(format!("write it without brackets: {}", clip(nodes[0].place.snippet(), 40)))
        }
        Value::Array(_) if !wants("array") && !wants("object") => Some("write one value, without brackets".to_owned()),
        _ if date || branches(root, schema).any(|b| b["format"] == "date") => {
            // What a day is, and what may stand instead, the type says itself.
            let about = schema["description"].as_str()?;
            Some(format!("write {}", lower_first(&about.replace('\n', " ")).trim_end_matches('.')))
        }
        _ if wants("object") && schema["properties"].is_null() => {
            Some(format!("write {}", line_for(root, schema, last(name), name)))
        }
        _ if wants("object") => {
            let keys: Vec<&str> = schema["properties"].as_object()?.keys().map(String::as_str).collect();
            let known = if keys.len() <= 6 { format!("; its keys are {}", list(&keys, "and")) } else { String::new() };
            Some(format!("write a table: {} = {{ KEY = VALUE }}{known}", last(name)))
        }
        _ => None,
    }
}

/// A number as it is written, or as it was meant.
fn as_number(node: &Node) -> Option<String> {
    match &node.value {
        Value::String(text) => meant(text),
        _ => Some(node.place.snippet().to_owned()),
    }
}

fn day(text: &str) -> Option<toml::value::Date> {
    text.parse::<toml::value::Datetime>().ok()?.date
}

fn branches<'s>(root: &'s Json, schema: &'s Json) -> impl Iterator<Item = &'s Json> {
    ["oneOf", "anyOf"].iter().filter_map(|k| schema[*k].as_array()).flatten().map(move |b| resolve(root, b))
}

fn lower_first(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map(|c| c.to_lowercase().chain(rest).collect()).unwrap_or_default()
}

fn last(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// A line that adds a key with an example of its value; a header for what is long.
pub fn line_for(root: &Json, schema: &Json, key: &str, parent: &str) -> String {
    // A header needs the names of tables, not those of elements that `parent` has: so only at the top of the file.
    let resolved = resolve(root, schema);
    if parent.is_empty() {
        let item = resolved.get("items").map(|items| resolve(root, items));
        if item.is_some_and(|item| item["properties"].is_object()) {
            return format!("[[{key}]]");
        }
        if resolved["required"].as_array().is_some_and(|keys| keys.len() > 4) {
            return format!("[{key}]");
        }
    }
    format!("{key} = {}", example(root, schema, 0))
}

fn example(root: &Json, schema: &Json, depth: usize) -> String {
    let schema = resolve(root, schema);
    // Of the qualities of a number the one that a new number has.
    let words = super::expect::words(root, schema);
    if let Some(word) = words.iter().find(|w| **w == "assumed").or(words.first()) {
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
