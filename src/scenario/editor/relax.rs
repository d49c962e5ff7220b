//! Required keys: only those that no preset can fill in.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use crate::scenario::preset_selection::OFFERS;
use crate::scenario::presets::{PRESETS, identity};
use crate::scenario::source::{Node, Value};

/// Takes from `required` what some preset has at the same place.
pub fn relax(schema: &mut Json) {
    let presets: Vec<Node> = PRESETS.iter().filter_map(|p| p.parse().ok()).collect();
    let mut free = BTreeMap::new();
    let all: Vec<&Node> = presets.iter().collect();
    collect(schema, schema, &all, &mut free);
    // Of what presets only offer something has to stand in the file.
    retain(schema, |key| OFFERS.contains(&key) || all.iter().all(|p| p.get(key).is_none()));
    for (name, keys) in free {
        let Some(definition) = schema.pointer_mut(&format!("/definitions/{name}")) else { continue };
        let before = definition["required"].clone();
        retain(definition, |key| !keys.contains(key));
        if definition["required"] != before
            && let Some(about) = definition["description"].as_str()
        {
            definition["description"] = format!("{about}\n\nWhat a preset has may be left out.").into();
        }
    }
}

fn retain(schema: &mut Json, keep: impl Fn(&str) -> bool) {
    let Some(required) = schema.get_mut("required").and_then(Json::as_array_mut) else { return };
    required.retain(|key| key.as_str().is_some_and(&keep));
    if required.is_empty()
        && let Some(keys) = schema.as_object_mut()
    {
        keys.remove("required");
    }
}

/// For each definition that describes a table which is laid over one of presets, the keys that presets have there. `nodes`
/// are the tables of presets at this place; the key by which elements are matched has to stand in the file all the same.
fn collect(root: &Json, schema: &Json, nodes: &[&Node], free: &mut BTreeMap<String, BTreeSet<String>>) {
    for (key, property) in schema["properties"].as_object().into_iter().flatten() {
        let values: Vec<&Node> = nodes.iter().filter_map(|n| n.get(key)).collect();
        let (target, by, values) = match (reference(property), reference(&property["items"]), identity(key)) {
            (Some(table), ..) => (table, "", values),
            (None, Some(element), Some(by)) => (element, by, values.iter().flat_map(|v| v.elements()).collect()),
            _ => continue,
        };
        let keys = free.entry(target.to_owned()).or_default();
        for value in &values {
            if let Value::Table(entries) = &value.value {
                keys.extend(entries.iter().map(|e| e.key.clone()).filter(|k| k != by));
            }
        }
        if !values.is_empty() {
            collect(root, &root["definitions"][target], &values, free);
        }
    }
}

/// The definition that a schema refers to, if it does.
fn reference(schema: &Json) -> Option<&str> {
    let part = schema["allOf"].as_array().and_then(|all| all.first()).unwrap_or(schema);
    part["$ref"].as_str().or(schema["$ref"].as_str())?.strip_prefix("#/definitions/")
}
