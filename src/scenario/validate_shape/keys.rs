//! Keys of tables: those that nothing knows, and those that are missing.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::advice::{first_sentence, line_for};
use super::expect::{phrase, words};
use super::{Examined, ShapeChecker, resolve};
use crate::scenario::diagnostic::{Diagnostic, clip, list, nearest, same_meaning};
use crate::scenario::presets::{offered, preset_with};
use crate::scenario::source::Entry;

/// A key that so many tables have belongs to none of them in particular.
const MOST_HOMES: usize = 5;
/// Missing keys that are explained; more are only named.
const MOST_EXPLAINED: usize = 6;
/// Keys that name elements of lists.
const NAMES: [&str; 3] = ["id", "code", "name"];
/// Names of presets' elements that are listed.
const MOST_OFFERED: usize = 20;
/// Columns of a line of help; a longer explanation is cut, so that the line can still be pasted.
const MOST_COLUMNS: usize = 96;

/// For each key of the schema, the headers of the tables that have it.
pub struct Homes<'s>(BTreeMap<&'s str, Vec<String>>);

impl<'s> Homes<'s> {
    /// Collects the keys of all tables that a document can have.
    pub fn of(schema: &'s Json) -> Self {
        let mut homes = Self(BTreeMap::new());
        homes.collect(schema, schema, "", false, 0);
        // Whoever misplaces a size means that of the run, not one at which results are known.
        for list in homes.0.values_mut().filter(|list| list.iter().any(|home| home == "in [scenario]")) {
            list.retain(|home| home != "in [[expect]]");
        }
        homes
    }

    fn collect(&mut self, root: &'s Json, schema: &'s Json, path: &str, list: bool, depth: usize) {
        // A scenario has three levels; the bound ends types that contain themselves.
        if depth > 6 {
            return;
        }
        let schema = resolve(root, schema);
        for branch in ["oneOf", "anyOf", "allOf"].iter().filter_map(|k| schema[*k].as_array()).flatten() {
            self.collect(root, branch, path, list, depth + 1);
        }
        if let Some(items) = schema.get("items") {
            self.collect(root, items, path, true, depth + 1);
        }
        for (key, value) in schema["properties"].as_object().into_iter().flatten() {
            let header = match (path, list) {
                ("", _) => match line_for(root, value, key, "") {
                    line if line.starts_with('[') => format!("at the top of the file, as {line}"),
                    _ => "at the top of the file, above all tables".to_owned(),
                },
                (path, true) => format!("in [[{path}]]"),
                (path, false) => format!("in [{path}]"),
            };
            let homes = self.0.entry(key).or_default();
            if !homes.contains(&header) {
                homes.push(header);
            }
            let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            self.collect(root, value, &path, false, depth + 1);
        }
    }

    fn get(&self, key: &str) -> Option<&[String]> {
        self.0.get(key).map(Vec::as_slice).filter(|h| h.len() <= MOST_HOMES)
    }
}

impl<'s> ShapeChecker<'s> {
    pub(super) fn table(&self, at: &Examined<'_>, entries: &[Entry], schema: &'s Json, out: &mut Vec<Diagnostic>) {
        let properties = schema["properties"].as_object();
        let others = schema.get("additionalProperties");
        let mut missing: Vec<&str> = schema["required"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Json::as_str)
            .filter(|key| at.node.get(key).is_none() && !self.misplaced.borrow().contains(*key))
            .collect();
        // By table, not by key: both may be many.
        let keys: Vec<&str> = properties.into_iter().flat_map(|p| p.keys()).map(String::as_str).collect();
        let absent: Vec<&str> = match others {
            Some(Json::Bool(false)) => keys.iter().copied().filter(|k| at.node.get(k).is_none()).collect(),
            _ => Vec::new(),
        };
        for entry in entries {
            let known = properties.and_then(|p| p.get(&entry.key));
            match (known, others) {
                (Some(known), _) => self.visit(&at.child(&entry.key, &entry.node, Some(&entry.key_place)), known, out),
                (None, Some(Json::Bool(false))) => {
                    let problem = self.unknown(at, entry, [&keys, &absent], &mut missing);
                    out.push(problem);
                }
                (None, Some(other)) if other.is_object() => {
                    self.visit(&at.child(&entry.key, &entry.node, Some(&entry.key_place)), other, out);
                }
                (None, _) => {}
            }
            if out.len() >= super::MOST_PROBLEMS {
                return;
            }
        }
        if !missing.is_empty() {
            out.push(self.missing(at, &missing, schema));
        }
    }

    /// A key that the table does not have, of all its keys and those that are absent. One that was misspelt is no longer missing.
    fn unknown(
        &self,
        at: &Examined<'_>,
        entry: &Entry,
        [keys, absent]: [&[&str]; 2],
        missing: &mut Vec<&str>,
    ) -> Diagnostic {
        let key = entry.key.as_str();
        let problem = Diagnostic::error(format!("unknown key `{}` in {}", clip(key, 60), at.quoted()))
            .at(&entry.key_place, "unknown key");
        // The name of an element goes by `id` in one list and by `code` in another.
        let name = missing.iter().copied().find(|m| NAMES.contains(m) && NAMES.contains(&key));
        if let Some(name) = name.or_else(|| nearest(key, missing.iter().copied()).filter(|m| NAMES.contains(m))) {
            // Without its name nothing is filled in: what is missing besides is a consequence.
            missing.clear();
            return problem.help(format!("did you mean `{name}`?"));
        }
        let meant = same_meaning(key, absent.iter().copied());
        let close = nearest(key, missing.iter().copied()).or(meant).or_else(|| nearest(key, absent.iter().copied()));
        // What is right elsewhere is more likely misplaced than misspelt, unless it is but one letter off.
        let typo = meant.is_some() || close.is_some_and(|c| strsim::damerau_levenshtein(key, c) <= 1);
        if let Some(homes) = self.homes.get(key).filter(|_| !typo) {
            self.misplaced.borrow_mut().insert(key.to_owned());
            let homes = match homes.split_last() {
                Some((last, rest)) if !rest.is_empty() => {
                    let all_in = homes.iter().all(|h| h.starts_with("in "));
                    let joined = format!("{} or {last}", rest.join(", "));
                    if all_in { joined.replace(", in ", ", ").replace("or in ", "or ") } else { joined }
                }
                _ => homes.concat(),
            };
            return problem.help(format!("`{key}` belongs {homes}"));
        }
        if let Some(close) = close {
            missing.retain(|m| *m != close);
            return problem.help(format!("did you mean `{close}`?"));
        }
        // Nothing close is free, but perhaps the key stands here twice in two spellings.
        if let Some((close, present)) = nearest(key, keys.iter().copied()).and_then(|k| Some((k, at.node.entry(k)?))) {
            if present.key_place.source != entry.key_place.source {
                // A preset has it: there is nothing to remove.
                return problem.help(format!("did you mean `{close}`?"));
            }
            return problem
                .also(&present.key_place, format!("`{close}` stands here already"))
                .help(format!("did you mean `{close}`? It is set already: remove one of the two"));
        }
        if keys.is_empty() {
            return problem.help(format!("{} has no keys", at.quoted()));
        }
        problem.help(format!("allowed here: {}", keys.join(", ")))
    }

    /// All keys that a table lacks, with lines that can be pasted.
    fn missing(&self, at: &Examined<'_>, missing: &[&str], schema: &'s Json) -> Diagnostic {
        let names = if missing.len() > MOST_EXPLAINED {
            format!("{} keys", missing.len())
        } else {
            format!("{} {}", if missing.len() == 1 { "the key" } else { "the keys" }, list(missing, "and"))
        };
        let label = match missing {
            [one] => format!("`{one}` is missing here"),
            many => format!("{} keys are missing here", many.len()),
        };
        let mut help = vec!["add".to_owned()];
        for key in missing.iter().take(MOST_EXPLAINED) {
            let property = &schema["properties"][*key];
            let line = line_for(self.schema, property, key, &at.name);
            let about = property["description"].as_str().or(resolve(self.schema, property)["description"].as_str());
            let about = about.map(first_sentence).unwrap_or_default();
            // The example shows a string or a table; bounds and words it cannot show, but often the description does.
            let expected = phrase(self.schema, property);
            let plain = ["a string", "a table", "an array", "a date", "true"].iter().any(|t| expected.starts_with(t));
            let words = words(self.schema, property);
            let told = plain || (!words.is_empty() && words.iter().all(|w| about.contains(w)));
            help.push(match (about.is_empty(), told) {
                (true, true) => format!("  {line}"),
                (false, true) => clip(&format!("  {line}   # {about}"), MOST_COLUMNS),
                (true, false) => clip(&format!("  {line}   # {expected}"), MOST_COLUMNS),
                (false, false) => clip(&format!("  {line}   # {about} ({expected})"), MOST_COLUMNS),
            });
        }
        if missing.len() > MOST_EXPLAINED {
            help.push(format!("and {}", list(&missing[MOST_EXPLAINED..], "and")));
        }
        let problem =
            Diagnostic::error(format!("{} lacks {names}", at.quoted())).at(&at.node.place, label).help(help.join("\n"));
        // An element that lacks little was not meant to come from a preset.
        let most = schema["required"].as_array().is_some_and(|all| missing.len() * 2 >= all.len());
        match no_preset(&at.name).filter(|_| most) {
            Some(hint) => problem.hint(hint),
            None => problem,
        }
    }
}

/// Why no preset fills in what an element of a list lacks.
fn no_preset(name: &str) -> Option<String> {
    let (table, id) = name.split_once('.')?;
    let offered = offered(table);
    if offered.is_empty() || id.contains('.') {
        return None;
    }
    Some(match preset_with(table, id) {
        Some(preset) => {
            format!("the preset `{}` has {table} `{id}`, but the scenario does not name the preset", preset.name)
        }
        None => {
            let meant = nearest(id, offered.iter().map(String::as_str)).map(|n| format!(", did you mean `{n}`?"));
            let some = match meant {
                Some(meant) => meant,
                None if offered.len() <= MOST_OFFERED => format!("; they have {}", list(&offered, "and")),
                None => String::new(),
            };
            format!("no preset has a {table} `{id}`, so it has to say everything itself{some}")
        }
    })
}
