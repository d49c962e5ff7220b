//! What the checks know and the types do not say: names to offer, limits of numbers, lists that may not be empty.

use serde_json::{Value as Json, json};

use crate::scenario::kind::Kind;
use crate::scenario::presets::{PRESETS, offered};
use crate::scenario::validate_meaning::{LIMITS, MAX_DAYS, MAX_PEOPLE, PHONE_NUMBERS, SERIES};

/// Adds it all.
pub fn enrich(schema: &mut Json) {
    names(schema);
    limits(schema);
    rules(schema);
    for definition in schema["definitions"].as_object_mut().into_iter().flat_map(|d| d.values_mut()) {
        properties(definition).for_each(not_empty);
    }
}

/// The schemas of the keys of a table; none for what is no table. Indexing would add a key.
fn properties(definition: &mut Json) -> impl Iterator<Item = &mut Json> {
    let properties = definition.get_mut("properties").and_then(Json::as_object_mut);
    properties.into_iter().flat_map(|p| p.values_mut())
}

/// Changes the schema of a key, or of its elements if it is a list. By pointer: indexing would add what is not there.
fn at(schema: &mut Json, table: &str, key: &str, change: impl FnOnce(&mut Json)) {
    let Some(property) = schema.pointer_mut(&format!("/definitions/{table}/properties/{key}")) else {
        debug_assert!(false, "no key {key} in {table}");
        return;
    };
    match property.get("items").is_some() {
        true => change(&mut property["items"]),
        false => change(property),
    }
}

fn names(schema: &mut Json) {
    let presets: Vec<&str> = PRESETS.iter().map(|p| p.name).collect();
    at(schema, "Header", "presets", |p| p["enum"] = json!(presets));
    let kinds: Vec<&str> = Kind::ALL.iter().map(|k| k.id()).collect();
    for (table, key) in [("Kind", "id"), ("Rule", "kinds"), ("Test", "kind")] {
        at(schema, table, key, |k| k["enum"] = json!(kinds));
    }
    at(schema, "Header", "name", |name| name["pattern"] = "^[a-z0-9][a-z0-9-]{0,63}$".into());
    at(schema, "Expect", "results_digest", |digest| digest["pattern"] = "^[0-9a-f]{64}$".into());
    for (table, key) in [
        ("Category", "id"),
        ("Purpose", "id"),
        ("Jurisdiction", "code"),
        ("AgeBand", "id"),
        ("AbuseClass", "id"),
        ("Policy", "id"),
        ("Order", "id"),
    ] {
        at(schema, table, key, |id| {
            id["pattern"] = "^[A-Za-z0-9_+.-]{1,64}$".into();
            // In tables `all` stands for "not split".
            id["not"] = json!({ "const": "all" });
        });
    }
    for (list, places) in [
        (
            "purpose",
            [("Rule", "purposes"), ("Test", "purpose"), ("Order", "prohibits"), ("Uninstall", "purposes")].as_slice(),
        ),
        (
            "category",
            &[
                ("Rule", "categories"),
                ("Test", "category"),
                ("Order", "categories"),
                ("Kind", "actor"),
                ("Kind", "counterparty"),
                ("Purpose", "requests"),
                ("Purpose", "needs"),
            ],
        ),
        (
            "jurisdiction",
            &[
                ("Jurisdiction", "code"),
                ("Rule", "jurisdictions"),
                ("Rule", "actor_jurisdictions"),
                ("Test", "jurisdiction"),
                ("Test", "actor_jurisdiction"),
                ("Order", "jurisdictions"),
            ],
        ),
        ("policy", &[("Policy", "id"), ("Policy", "extends")]),
        ("order", &[("Order", "id")]),
    ] {
        // Those of presets are offered; a scenario may define others.
        let known = offered(list);
        for (table, key) in places.iter().filter(|_| !known.is_empty()) {
            at(schema, table, key, |name| name["anyOf"] = json!([{ "enum": known }, { "type": "string" }]));
        }
    }
}

fn limits(schema: &mut Json) {
    for table in ["Header", "Expect"] {
        at(schema, table, "days", |days| days["maximum"] = MAX_DAYS.into());
        at(schema, table, "people", |people| people["maximum"] = MAX_PEOPLE.into());
    }
    let days = ("within_days", 1.0, f64::from(MAX_DAYS), true);
    for table in ["World", "Traffic", "Uninstall"] {
        for (name, least, most, whole) in LIMITS.into_iter().chain([days]) {
            let mut value = json!({ "minimum": least, "maximum": most });
            if whole {
                value["multipleOf"] = 1.into();
            }
            also(schema, table, name, json!({ "properties": { "value": value } }));
        }
    }
    let (least, most) = PHONE_NUMBERS;
    let numbers = json!({ "properties": { "value": { "minimum": least, "maximum": most } } });
    also(schema, "Exposure", "phone_numbers", numbers);
    for (name, count) in SERIES {
        let values = json!({ "minItems": count, "maxItems": count, "items": { "type": "number", "minimum": 0 } });
        also(schema, "Traffic", name, json!({ "properties": { "values": values } }));
    }
    schema["definitions"]["Jurisdiction"]["properties"]["time_zones"]["minItems"] = 1.into();
    schema["definitions"]["Header"]["properties"]["presets"]["uniqueItems"] = true.into();
}

/// Adds a condition to a key whose schema is a reference, if the table has the key.
fn also(schema: &mut Json, table: &str, key: &str, condition: Json) {
    let Some(property) = schema.pointer_mut(&format!("/definitions/{table}/properties/{key}")) else { return };
    if let Some(parts) = property.get_mut("allOf").and_then(Json::as_array_mut) {
        parts.push(condition);
    }
}

fn rules(schema: &mut Json) {
    for table in ["Rule", "Order", "Uninstall"] {
        let lists = properties(&mut schema["definitions"][table]).filter(|p| p["type"] == "array");
        lists.for_each(|list| list["minItems"] = 1.into());
    }
    schema["definitions"]["Rule"]["dependencies"] = json!({ "choice_of": ["choice"] });
    let transform = &mut schema["definitions"]["Transform"];
    transform["minProperties"] = 1.into();
    transform["maxProperties"] = 1.into();
    transform["properties"]["keyed_hash"]["const"] = true.into();
    // A validator that takes `format` for a remark still tells a day from a span.
    schema["definitions"]["Day"]["pattern"] = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$".into();
    if let Some(span) = schema["definitions"]["Deadline"]["anyOf"].as_array_mut().and_then(|b| b.last_mut()) {
        span["pattern"] = "^[0-9]+ +(day|week|month|year)s?$".into();
    }
}

/// Text says something.
fn not_empty(property: &mut Json) {
    if property["type"] == "string" && ["enum", "const", "format", "pattern"].iter().all(|k| property[*k].is_null()) {
        property["minLength"] = 1.into();
    }
}
