//! What differs between two resolved scenarios, key by key.

use std::collections::BTreeMap;

use serde::Serialize;
use toml::Value;

/// A parameter that differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Changed {
    /// Its path, with the name of an entry where a table has several: `jurisdiction.FR.objects.targeted_advertising`.
    pub key: String,
    /// What the first run has; none if it has no such key.
    pub before: Option<String>,
    /// What the other has.
    pub after: Option<String>,
}

/// Parameters by path.
type Leaves = BTreeMap<String, String>;

/// Keys whose values differ, in order. Where the value of a quantity differs its source goes without saying.
pub fn differences(before: &Value, after: &Value) -> Vec<Changed> {
    let [before, after] = [before, after].map(leaves);
    let mut keys: Vec<&String> = before.keys().chain(after.keys()).collect();
    keys.sort_unstable();
    keys.dedup();
    let of =
        |key: &String| Changed { key: key.clone(), before: before.get(key).cloned(), after: after.get(key).cloned() };
    let changed: Vec<Changed> = keys.into_iter().map(of).filter(|c| c.before != c.after).collect();
    let values: Vec<String> =
        changed.iter().filter_map(|c| c.key.strip_suffix(".value").map(|stem| format!("{stem}."))).collect();
    let told = |c: &Changed| {
        let about = c.key.strip_suffix("source").or_else(|| c.key.strip_suffix("quality"));
        !about.is_some_and(|stem| values.iter().any(|value| value == stem))
    };
    changed.into_iter().filter(told).collect()
}

/// Most parameters that are named in a sentence.
const MOST_NAMED: usize = 8;
/// Most letters of a value in a sentence.
const MOST_LETTERS: usize = 40;

/// What differs between two resolved scenarios, in words: each key with its two values, behind `words` such as `was` and `is`.
pub fn told(before: &str, after: &str, words: [&str; 2]) -> String {
    let parsed = |text: &str| text.parse::<toml::Table>().map(Value::Table);
    let (Ok(before), Ok(after)) = (parsed(before), parsed(after)) else {
        return "it can't be read".to_owned();
    };
    let changed = differences(&before, &after);
    let short = |value: &Option<String>| {
        value.as_deref().map_or("nothing".to_owned(), |value| value.chars().take(MOST_LETTERS).collect::<String>())
    };
    let named: Vec<String> = changed
        .iter()
        .take(MOST_NAMED)
        .map(|c| {
            let (key, [then, now]) = (c.key.trim_end_matches(".value"), words);
            format!("{key} {then} {}, {now} {}", short(&c.before), short(&c.after))
        })
        .collect();
    let more = changed.len().saturating_sub(named.len());
    if more > 0 { format!("{}; and {more} more", named.join("; ")) } else { named.join("; ") }
}

/// Whether scenarios that differ in these parameters alone have the same people and the same events: policies, choices and what is asked for do not enter a
/// world, nor does how it is called.
pub fn same_worlds(changed: &[Changed]) -> bool {
    const POLICY: [&str; 5] = ["policy.", "order.", "purpose.", "category.", "kind."];
    const NAMES: [&str; 6] = [
        "scenario.name",
        "scenario.title",
        "scenario.analysis",
        "scenario.baseline",
        "scenario.replicates",
        "scenario.presets",
    ];
    let of_choice = |key: &str| {
        let mut parts = key.split('.');
        parts.next() == Some("jurisdiction")
            && parts
                .nth(1)
                .is_some_and(|field| matches!(field, "objects" | "agrees" | "choice_source" | "choice_quality"))
    };
    let outside = |key: &str| {
        POLICY.iter().any(|table| key.starts_with(table))
            || NAMES.contains(&key)
            || of_choice(key)
            || key.ends_with(".source")
            || key.ends_with(".quality")
    };
    changed.iter().all(|c| outside(&c.key))
}

/// All values of a scenario by path. Entries of a list of tables are named by what identifies them.
fn leaves(scenario: &Value) -> Leaves {
    let mut leaves = Leaves::new();
    descend("", scenario, &mut leaves);
    leaves
}

fn descend(path: &str, value: &Value, leaves: &mut Leaves) {
    let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    match value {
        Value::Table(table) => table.iter().for_each(|(key, value)| descend(&below(key), value, leaves)),
        Value::Array(entries) if entries.iter().any(Value::is_table) => {
            for (i, entry) in entries.iter().enumerate() {
                let name = ["id", "code"].iter().find_map(|key| entry.get(key)?.as_str());
                descend(&below(&name.map_or_else(|| (i + 1).to_string(), str::to_owned)), entry, leaves);
            }
        }
        Value::String(text) => {
            leaves.insert(path.to_owned(), text.clone());
        }
        other => {
            leaves.insert(path.to_owned(), other.to_string());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(before: &str, after: &str) -> Vec<(String, String, String)> {
        let parse = |text: &str| text.parse::<toml::Table>().map(Value::Table).expect("TOML");
        let word = |value: Option<String>| value.unwrap_or_else(|| "-".into());
        differences(&parse(before), &parse(after)).into_iter().map(|c| (c.key, word(c.before), word(c.after))).collect()
    }

    #[test]
    fn entries_are_told_by_their_names_and_values_without_their_sources() {
        let before = "[traffic.a]\nvalue = 1.0\nsource = 'x'\n[[jurisdiction]]\ncode = 'FR'\nshare = 0.5\n[jurisdiction.objects]\nads = 0.1\n";
        let after = "[traffic.a]\nvalue = 2.0\nsource = 'y'\n[[jurisdiction]]\ncode = 'DE'\nshare = 1.0\n[[jurisdiction]]\ncode = 'FR'\nshare = 0.5\n[jurisdiction.objects]\nads = 0.2\n";
        let text = |a: &str, b: &str, c: &str| (a.to_owned(), b.to_owned(), c.to_owned());
        assert_eq!(
            changed(before, after),
            [
                text("jurisdiction.DE.code", "-", "DE"),
                text("jurisdiction.DE.share", "-", "1.0"),
                text("jurisdiction.FR.objects.ads", "0.1", "0.2"),
                text("traffic.a.value", "1.0", "2.0"),
            ]
        );
        assert!(changed(before, before).is_empty());
        // A source that is worded anew is told if the value is the same.
        assert_eq!(changed("[a]\nvalue = 1\nsource = 'x'", "[a]\nvalue = 1\nsource = 'y'").len(), 1);
    }

    #[test]
    fn policies_and_choices_do_not_change_worlds() {
        let change = |key: &str| Changed { key: key.into(), before: None, after: None };
        for key in [
            "policy.a.rule.1.effect",
            "jurisdiction.FR.objects.ads",
            "scenario.title",
            "category.x.bytes",
            "traffic.a.source",
        ] {
            assert!(same_worlds(&[change(key)]), "{key}");
        }
        for key in [
            "scenario.seed",
            "scenario.people",
            "jurisdiction.FR.share",
            "traffic.a.value",
            "likeness.b.value",
            "age_band.x.objection_shift",
        ] {
            assert!(!same_worlds(&[change("policy.a.id"), change(key)]), "{key}");
        }
    }
}
