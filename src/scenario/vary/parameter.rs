//! A parameter whose effect is asked for: what it is called, how well it is known, and its range.

use std::sync::LazyLock;

use super::numbers::parts;
use super::range::ValueRange;
use crate::scenario::schema::{self, File, Quality};

/// A number of a scenario, or several that move together, with the range that it is varied over.
#[derive(Clone, Debug, PartialEq)]
pub struct RangedParameter {
    /// Its path, in which `*` stands for any entry.
    pub key: String,
    /// What it is, in words.
    pub title: String,
    /// How well it is known; none of what is no parameter of the model, such as the number of people.
    pub quality: Option<Quality>,
    /// From where to where.
    pub range: ValueRange,
}

/// What the number at a path is in words, and how well it is known.
pub fn about_key(file: &File, key: &str) -> (String, Option<Quality>) {
    let parts = parts(key);
    let names: Vec<&str> = parts.iter().map(String::as_str).collect();
    let whose = |id: &str, title: Option<&str>| match id {
        "*" => String::new(),
        id => format!(" ({})", title.unwrap_or(id)),
    };
    match names[..] {
        [table @ ("world" | "likeness" | "traffic" | "uninstall" | "exposure"), name] => {
            let of = match table {
                "world" => file.world.quantities(),
                "likeness" => file.likeness.quantities(),
                "traffic" => file.traffic.quantities(),
                "exposure" => file.exposure.iter().map(|e| ("phone_numbers", &e.phone_numbers)).collect(),
                _ => file.uninstall.iter().map(|u| ("within_days", &u.within_days)).collect(),
            };
            let quality = of.iter().find(|(n, _)| *n == name).map(|(_, q)| q.quality);
            (described(table, name).unwrap_or_else(|| key.to_owned()), quality)
        }
        ["jurisdiction", code, field, ..] => {
            let found = file.jurisdictions.iter().find(|j| code == "*" || j.code == code);
            let whose = whose(code, found.map(|j| j.title.as_str()));
            match names.get(3) {
                Some(purpose) if matches!(field, "objects" | "agrees") => {
                    let title = file.purposes.iter().find(|p| p.id == **purpose).map_or(*purpose, |p| &p.title);
                    let does = if field == "objects" { "object" } else { "agree" };
                    (
                        format!("Users who would {does} to {}{whose}", lower_first(title)),
                        found.map(|j| j.choice_quality),
                    )
                }
                _ => {
                    let what = described("jurisdiction", field).unwrap_or_else(|| field.to_owned());
                    (format!("{what}{whose}"), found.map(|j| j.quality))
                }
            }
        }
        [table @ ("age_band" | "abuse_class" | "category"), id, field] => {
            let quality = match table {
                "age_band" => file.age_bands.iter().find(|x| id == "*" || x.id == id).map(|x| x.quality),
                "abuse_class" => file.abuse_classes.iter().find(|x| id == "*" || x.id == id).map(|x| x.quality),
                _ => file.categories.iter().find(|x| id == "*" || x.id == id).map(|x| x.quality),
            };
            let what = described(table, field).unwrap_or_else(|| field.to_owned());
            (format!("{what}{}", whose(id, None)), quality)
        }
        ["scenario", name] => (described("scenario", name).unwrap_or_else(|| key.to_owned()), None),
        _ => (key.to_owned(), None),
    }
}

/// The first sentence that the schema says of a key of a table.
fn described(table: &str, key: &str) -> Option<String> {
    static SCHEMA: LazyLock<serde_json::Value> = LazyLock::new(|| schemars::schema_for!(schema::File).to_value());
    let definition = match table {
        "scenario" => "Header",
        "world" => "World",
        "likeness" => "Likeness",
        "traffic" => "Traffic",
        "uninstall" => "Uninstall",
        "exposure" => "Exposure",
        "jurisdiction" => "Jurisdiction",
        "age_band" => "AgeBand",
        "abuse_class" => "AbuseClass",
        "category" => "Category",
        _ => return None,
    };
    let text = SCHEMA["$defs"][definition]["properties"][key]["description"].as_str()?;
    let first = text.split(['.', ';', ':']).next().unwrap_or(text);
    Some(first.replace('\n', " ").trim().to_owned())
}

/// A title in the middle of a sentence. A word in capitals stays.
fn lower_first(title: &str) -> String {
    let mut chars = title.chars();
    match (chars.next(), chars.next()) {
        (Some(first), Some(second)) if first.is_uppercase() && second.is_lowercase() => {
            first.to_lowercase().chain([second]).chain(chars).collect()
        }
        _ => title.to_owned(),
    }
}
