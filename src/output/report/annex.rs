//! What stands at the end of the page: every parameter with its source, and how the run is made again.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use super::blocks::{Block, Cell, Row, Table, Text};
use super::content::{Parameter, Report};
use super::findings::quality_word;
use super::words::Words;
use crate::output::chart::ChartInput;
use crate::output::number::{MISSING, grouped};

/// Most entries of a part of the manifest that are listed.
const MOST_ENTRIES: usize = 64;

/// The id on the page of a parameter by its place.
pub fn parameter_id(place: usize) -> String {
    format!("parameter-{place}")
}

/// "12 found, 3 derived, 40 assumed".
pub fn qualities<'a>(parameters: impl Iterator<Item = &'a Parameter>, words: Words) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for p in parameters {
        *counts.entry(p.quality.as_str()).or_default() += 1;
    }
    let known = ["found", "derived", "assumed"];
    let others = counts.keys().copied().filter(|q| !known.contains(q));
    let said: Vec<String> = known
        .into_iter()
        .chain(others)
        .filter_map(|q| {
            counts.get(q).map(|&n| {
                format!(
                    "{n} {}",
                    if n > 1 && known.contains(&q) {
                        words.say(&format!("common.many_{q}"))
                    } else {
                        quality_word(words, q)
                    }
                )
            })
        })
        .collect();
    said.join(", ")
}

/// All parameters in groups by the first segment of their key, in order of first appearance.
pub fn parameters(report: &Report, words: Words) -> Vec<Block> {
    let parameters = &report.parameters;
    if parameters.is_empty() {
        return Vec::new();
    }
    let mut groups: Vec<(&str, Vec<usize>)> = Vec::new();
    let mut place: HashMap<&str, usize> = HashMap::new();
    for (i, p) in parameters.iter().enumerate() {
        let name = p.key.split(['.', '[']).next().unwrap_or_default();
        let at = *place.entry(name).or_insert_with(|| {
            groups.push((name, Vec::new()));
            groups.len() - 1
        });
        groups[at].1.push(i);
    }
    let columns = ["parameters.key", "common.value", "common.quality", "parameters.source"].map(|name| words.say(name));
    let all = qualities(parameters.iter(), words);
    let mut blocks =
        vec![Block::para(words.fill("parameters.about", &[&grouped_in(words, parameters.len() as u64), &all]))];
    for (name, members) in groups {
        let row = |&i: &usize| {
            let p = &parameters[i];
            let cells = vec![
                Cell::code(&p.key),
                Cell::new(Text::written(&p.value, words.lang)),
                Cell { quality: p.quality.clone(), ..Cell::new(Text::plain(quality_word(words, &p.quality))) },
                Cell::new(Text::written(&p.source, words.lang)),
            ];
            Row { first: false, id: parameter_id(i), cells }
        };
        let mut table = Table::new(String::new(), "params", &columns, 4);
        table.rows = members.iter().map(row).collect();
        blocks.push(Block::Fold {
            id: String::new(),
            summary: Text::plain(name),
            note: qualities(members.iter().map(|&i| &parameters[i]), words),
            blocks: vec![Block::Table(table)],
        });
    }
    blocks
}

fn grouped_in(words: Words, n: u64) -> String {
    words.lang.number(grouped(n))
}

/// The command, the run in figures, the manifest.
pub fn reproduce(report: &Report, words: Words) -> Vec<Block> {
    let input = report.input;
    let mut blocks = vec![
        Block::para(words.say("reproduce.about")),
        Block::Code { text: input.command.to_owned() },
        Block::Para { text: Text::own(words.fill("reproduce.digest", &[input.digest])), class: "any" },
        Block::Facts { pairs: facts(input, words), class: "facts" },
    ];
    let mut entries = Vec::new();
    flatten(words, "", &report.manifest, &mut entries);
    if !entries.is_empty() {
        let columns = ["reproduce.key", "common.value"].map(|name| words.say(name));
        let mut table = Table::new(String::new(), "pairs", &columns, 2);
        for (key, value) in entries {
            table.push(false, vec![Cell::code(key), Cell::new(Text::plain(value))]);
        }
        blocks.push(Block::Fold {
            id: String::new(),
            summary: Text::plain(words.say("reproduce.manifest")),
            note: String::new(),
            blocks: vec![Block::Table(table)],
        });
    }
    blocks
}

/// The run in a few pairs.
fn facts(input: &ChartInput, words: Words) -> Vec<(String, Text)> {
    let period = [&words.days(input.days.into()), &words.lang.date(input.start)];
    let mut facts = vec![
        ("people", grouped_in(words, input.people)),
        ("users", grouped_in(words, input.users)),
        ("period", words.fill("reproduce.period_is", &period.map(String::as_str))),
        ("events", grouped_in(words, input.events)),
        ("worlds", grouped_in(words, input.replicates.max(1).into())),
        ("compared", grouped_in(words, input.policies.len() as u64)),
        ("seed", input.seed.to_string()),
    ];
    if !input.orders.is_empty() {
        facts.insert(6, ("held", grouped_in(words, input.orders.len() as u64)));
    }
    facts.into_iter().map(|(name, value)| (words.say(&format!("reproduce.{name}")), Text::plain(value))).collect()
}

/// The manifest as pairs, nested keys joined by dots.
fn flatten(words: Words, key: &str, value: &Value, out: &mut Vec<(String, String)>) {
    let below = |k: &str| if key.is_empty() { k.to_owned() } else { format!("{key}.{k}") };
    let more = |entries: usize| {
        let left = entries.checked_sub(MOST_ENTRIES).filter(|n| *n > 0)?;
        Some((key.to_owned(), words.fill("reproduce.entries", &[&grouped_in(words, left as u64)])))
    };
    match value {
        Value::Null if key.is_empty() => {}
        Value::Null => out.push((key.to_owned(), MISSING.to_owned())),
        Value::Object(map) => {
            map.iter().take(MOST_ENTRIES).for_each(|(k, v)| flatten(words, &below(k), v, out));
            out.extend(more(map.len()));
        }
        Value::Array(list) => {
            let listed = list.iter().take(MOST_ENTRIES).enumerate();
            listed.for_each(|(i, v)| flatten(words, &below(&i.to_string()), v, out));
            out.extend(more(list.len()));
        }
        Value::String(s) => out.push((key.to_owned(), s.clone())),
        other => out.push((key.to_owned(), other.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::lang::Lang;

    #[test]
    fn qualities_are_counted() {
        let of = |quality: &str| Parameter { quality: quality.to_owned(), ..Parameter::default() };
        let all = [of("assumed"), of("found"), of("assumed")];
        assert_eq!(qualities(all.iter(), Words::default()), "1 found, 2 assumed");
        assert_eq!(qualities(all.iter(), Words { lang: Lang::Fr }), "1 trouvé, 2 supposés");
    }

    #[test]
    fn nested_manifests_become_pairs() {
        let mut pairs = Vec::new();
        let manifest = serde_json::json!({"wall_s": 1.5, "filter": [{"policy": "a"}], "none": null});
        flatten(Words::default(), "", &manifest, &mut pairs);
        let expected = [("wall_s", "1.5"), ("filter.0.policy", "a"), ("none", MISSING)];
        assert_eq!(pairs, expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
    }
}
