//! The JSON Schema that editors read: that of the wire types in draft-07, with what only a whole scenario must have relaxed
//! and what the checks know of names and numbers added.

mod enrich;
mod relax;

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value as Json};

use super::schema;

const ABOUT: &str = "What outflow simulates: people, traffic, sharing policies and orders of regulators. What a preset may \
    fill in is not required here: `outflow validate` knows the presets of a file and says what is missing.";

/// The schema of a scenario file, for `#:schema` in its first line.
///
/// A scenario lies over presets, so that only those keys are required which no preset can fill in. What the schema
/// accepts may still be refused by `outflow validate`, which knows the presets that a file names.
pub fn editor_schema() -> Json {
    let mut schema = SchemaSettings::draft07().into_generator().into_root_schema_for::<schema::File>().to_value();
    tidy(&mut schema);
    relax::relax(&mut schema);
    enrich::enrich(&mut schema);
    // What it is comes first.
    let mut whole = Map::new();
    whole.insert("$schema".into(), schema["$schema"].take());
    whole.insert("title".into(), "outflow scenario".into());
    whole.insert("description".into(), ABOUT.into());
    for (key, value) in schema.as_object_mut().into_iter().flatten() {
        whole.entry(key.as_str()).or_insert(value.take());
    }
    whole.into()
}

/// Takes out what TOML does not have (null) and formats that no editor knows.
fn tidy(schema: &mut Json) {
    match schema {
        Json::Array(parts) => parts.iter_mut().for_each(tidy),
        Json::Object(keys) => {
            keys.values_mut().for_each(tidy);
            without_null(keys);
            words(keys);
            let most = match keys.get("format").and_then(Json::as_str) {
                Some("uint32") => Some(u64::from(u32::MAX)),
                Some("uint64" | "double" | "float" | "int64" | "int32") => None,
                _ => return,
            };
            keys.remove("format");
            if let Some(most) = most {
                keys.entry("maximum").or_insert(most.into());
            }
        }
        _ => {}
    }
}

fn without_null(keys: &mut Map<String, Json>) {
    if let Some(Json::Array(types)) = keys.get_mut("type") {
        types.retain(|t| t != "null");
        if let [one] = types.as_slice() {
            let one = one.clone();
            keys.insert("type".into(), one);
        }
    }
    if let Some(Json::Array(branches)) = keys.get_mut("anyOf") {
        branches.retain(|b| b["type"] != "null");
        // One branch with a description beside it: `allOf`, beside whose `$ref` other keys count.
        if branches.len() == 1
            && let Some(branches) = keys.remove("anyOf")
        {
            keys.insert("allOf".into(), branches);
        }
    }
    if keys.get("default").is_some_and(Json::is_null) {
        keys.remove("default");
    }
}

/// Alternatives that are one word each become a list of words, whose meanings go to the description: editors offer the words,
/// and say which there are when another stands there.
fn words(keys: &mut Map<String, Json>) {
    let Some(branches) = keys.get("oneOf").and_then(Json::as_array) else { return };
    let words: Vec<&str> = branches.iter().filter_map(|b| b["const"].as_str()).collect();
    if words.len() != branches.len() {
        return;
    }
    let meanings = branches.iter().zip(&words).filter_map(|(b, word)| Some((word, b["description"].as_str()?)));
    let meanings: Vec<String> = meanings.map(|(word, meaning)| format!("- `{word}`: {meaning}")).collect();
    let about = keys.get("description").and_then(Json::as_str).unwrap_or_default();
    let about = format!("{about}\n\n{}", meanings.join("\n"));
    let words = Json::from(words);
    keys.insert("description".into(), about.into());
    keys.insert("enum".into(), words);
    keys.insert("type".into(), "string".into());
    keys.remove("oneOf");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walk(schema: &Json, visit: &mut impl FnMut(&Json)) {
        visit(schema);
        match schema {
            Json::Array(parts) => parts.iter().for_each(|p| walk(p, visit)),
            Json::Object(keys) => keys.values().for_each(|p| walk(p, visit)),
            _ => {}
        }
    }

    #[test]
    fn is_draft_07_without_null() {
        let schema = editor_schema();
        assert_eq!(schema["$schema"], "http://json-schema.org/draft-07/schema#");
        assert!(schema["$defs"].is_null() && schema["definitions"]["Rule"].is_object());
        walk(&schema, &mut |part| {
            assert!(!part.is_null() && *part != "null" && part["format"] != "uint32", "{part}");
            let here = part["$ref"].as_str();
            assert!(here.is_none_or(|r| r.starts_with("#/definitions/")), "{part}");
        });
    }

    #[test]
    fn requires_what_no_preset_has() {
        let schema = editor_schema();
        let required = |name: &str| schema["definitions"][name]["required"].clone();
        assert_eq!(schema["required"], serde_json::json!(["scenario", "jurisdiction", "policy"]));
        assert_eq!(required("Jurisdiction"), serde_json::json!(["code", "share"]));
        assert_eq!(required("Category"), serde_json::json!(["id"]));
        assert_eq!(required("Rule"), serde_json::json!(["effect"]));
        assert!(required("Quantity").is_null() && required("Traffic").is_null());
        // Everything else about a table stays as the types have it.
        assert_eq!(schema["definitions"]["Quantity"]["additionalProperties"], false);
    }
}
