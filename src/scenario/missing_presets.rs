//! Scenarios that count on presets that they do not name: one error, not one for everything that is then missing.

use serde_json::Value as Json;

use super::diagnostic::{Diagnostic, clip, nearest};
use super::preset_selection::{OFFERS, chosen};
use super::presets::{PRESETS, Preset, identity, together};
use super::source::{Node, Value, overlay};
use super::validate_shape;

/// Problems of a scenario that lacks what presets have that it does not name: one error that names them, and what would
/// be wrong even if it did. `None` if that is not the trouble.
pub fn unnamed_presets(own: &Node, schema: &Json) -> Option<Vec<Diagnostic>> {
    let header = own.get("scenario");
    let named = header.and_then(|s| s.get("presets"));
    let names: Vec<&str> = named.map(Node::elements).unwrap_or_default().iter().filter_map(Node::as_str).collect();
    let (with, without): (Vec<&Preset>, Vec<&Preset>) = PRESETS.iter().partition(|p| names.contains(&p.name));
    let base = together(with).ok()?;
    let has = |table: &str| own.get(table).is_some() || base.as_ref().is_some_and(|b| b.get(table).is_some());

    // Of each preset that is not named: the tables and elements that count on it.
    let mut lacking: Vec<String> = Vec::new();
    let mut wanted: Vec<&str> = Vec::new();
    for preset in without.into_iter().filter(|preset| preset.whole) {
        let document = preset.parse().ok()?;
        let required = schema["required"].as_array()?.iter().filter_map(Json::as_str);
        let tables =
            required.filter(|t| document.get(t).is_some() && !has(t) && !OFFERS.contains(t)).map(str::to_owned);
        let found: Vec<String> = tables.chain(incomplete(own, base.as_ref(), &document, schema)).collect();
        if !found.is_empty() {
            wanted.push(preset.name);
        }
        lacking.extend(found);
    }
    if lacking.is_empty() {
        return None;
    }
    let all = together(PRESETS.iter().filter(|preset| preset.whole)).ok()??;
    let mut problems = validate_shape::check(&overlay(chosen(all, own).0, own.clone(), &identity), schema);
    // Where the key has another type, place or spelling, that is reported already.
    let list_of_names = named.is_some_and(|p| matches!(&p.value, Value::Array(all) if all.len() == names.len()));
    let elsewhere = !list_of_names && like_presets(own);
    if let Some(header) = header.filter(|h| matches!(h.value, Value::Table(_)) && !elsewhere) {
        let right: Vec<String> = names.iter().chain(&wanted).map(|n| format!("\"{n}\"")).collect();
        let label = if names.is_empty() { "names no presets" } else { "not all that it counts on" };
        problems.push(
            Diagnostic::error(format!("without a preset the scenario lacks {}", some(&lacking)))
                .at(&named.unwrap_or(header).place, label)
                .help(format!("write presets = [{}] in [scenario]", right.join(", ")))
                .hint("presets ship with outflow: what a scenario leaves out is theirs, what it says wins"),
        );
    }
    problems.iter().any(super::is_error).then_some(problems)
}

/// Elements of the scenario that lack keys which an element of the same name in a preset has, and none in `base`.
fn incomplete(own: &Node, base: Option<&Node>, preset: &Node, schema: &Json) -> Vec<String> {
    let mut found = Vec::new();
    let Value::Table(entries) = &own.value else { return found };
    for entry in entries {
        let Some(by) = identity(&entry.key) else { continue };
        let item = validate_shape::item(schema, &entry.key);
        let required: Vec<&str> = item["required"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
        let in_list = |n: &Node, id: &str| {
            let list = n.get(&entry.key).map(Node::elements).unwrap_or_default();
            list.iter().any(|e| e.get(by).and_then(Node::as_str) == Some(id))
        };
        for element in entry.node.elements() {
            let Some(id) = element.get(by).and_then(Node::as_str) else { continue };
            let lacks = required.iter().any(|key| element.get(key).is_none());
            if lacks && in_list(preset, id) && !base.is_some_and(|b| in_list(b, id)) {
                found.push(format!("parts of `{}.{}`", entry.key, clip(id, 60)));
            }
        }
    }
    found
}

/// Whether a key somewhere in the document is `presets`, or was meant to be.
fn like_presets(node: &Node) -> bool {
    match &node.value {
        Value::Table(entries) => {
            entries.iter().any(|e| nearest(&e.key, ["presets"]).is_some() || like_presets(&e.node))
        }
        Value::Array(nodes) => nodes.iter().any(like_presets),
        _ => false,
    }
}

/// A few of many.
fn some(lacking: &[String]) -> String {
    const MOST: usize = 6;
    match lacking.split_last() {
        _ if lacking.len() > MOST => format!("{} and {} more", lacking[..MOST].join(", "), lacking.len() - MOST),
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => lacking.concat(),
    }
}
