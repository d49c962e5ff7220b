//! Checks a document against the JSON Schema of the types that it is to become, and reports everything at once.
//!
//! Serde stops at the first problem and cannot say where it stands; this walk does not, and has the schema's own
//! words for what belongs where. It understands what `schemars` writes for structs, enums, maps, arrays and numbers.

mod advice;
mod expect;
mod keys;
#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::diagnostic::{Diagnostic, clip, nearest};
use super::place::Place;
use super::source::{Node, Value};
use advice::{line_for, mistake};
use expect::{allowed, found, phrase, range_error, type_matches};
use keys::Homes;

/// Enough to see what is wrong with a file; the rest would only cost time.
const MOST_PROBLEMS: usize = 500;

/// Everything in which `root` differs from `schema`, as `schemars::schema_for!` writes it.
///
/// Names in messages are those of `--set`: `policy.opt-out.rule.0.effect`.
pub fn check(root: &Node, schema: &Json) -> Vec<Diagnostic> {
    let checker = ShapeChecker { schema, homes: Homes::of(schema), misplaced: RefCell::default() };
    let root = Examined { node: root, name: String::new(), key: None };
    let mut problems = Vec::new();
    checker.visit(&root, schema, &mut problems);
    if !checker.misplaced.borrow().is_empty() {
        // Again, now that it is known which of the keys that are missing stand elsewhere: one mistake, one error.
        problems.clear();
        checker.visit(&root, schema, &mut problems);
    }
    problems
}

/// A value under examination.
struct Examined<'a> {
    node: &'a Node,
    /// How messages call it; empty for the document.
    name: String,
    /// Where its key was written.
    key: Option<&'a Place>,
}

impl<'a> Examined<'a> {
    fn child(&self, step: &str, node: &'a Node, key: Option<&'a Place>) -> Examined<'a> {
        let step = clip(step, 60);
        let name = if self.name.is_empty() { step } else { format!("{}.{step}", self.name) };
        Examined { node, name, key }
    }

    /// The name in backquotes.
    fn quoted(&self) -> String {
        if self.name.is_empty() { "the file".to_owned() } else { format!("`{}`", self.name) }
    }
}

struct ShapeChecker<'s> {
    schema: &'s Json,
    homes: Homes<'s>,
    /// Keys that stand where they are unknown, but belong elsewhere.
    misplaced: RefCell<BTreeSet<String>>,
}

impl<'s> ShapeChecker<'s> {
    /// Follows `$ref`.
    fn resolve(&self, schema: &'s Json) -> &'s Json {
        resolve(self.schema, schema)
    }

    fn visit(&self, at: &Examined<'_>, schema: &'s Json, out: &mut Vec<Diagnostic>) {
        if out.len() >= MOST_PROBLEMS {
            return;
        }
        let schema = self.resolve(schema);
        for part in schema["allOf"].as_array().into_iter().flatten() {
            self.visit(at, part, out);
        }
        let branches = self.branches(schema);
        match branches.as_slice() {
            [] => self.plain(at, schema, out),
            [one] => self.visit(at, one, out),
            many => self.alternatives(at, schema, many, out),
        }
    }

    /// The alternatives of `oneOf` and `anyOf` without `null`, which TOML does not have.
    fn branches(&self, schema: &'s Json) -> Vec<&'s Json> {
        let mut flat = Vec::new();
        for branch in ["oneOf", "anyOf"].iter().filter_map(|k| schema[*k].as_array()).flatten() {
            let branch = self.resolve(branch);
            let nested = self.branches(branch);
            match nested.is_empty() {
                true if branch["type"] == "null" => {}
                true => flat.push(branch),
                false => flat.extend(nested),
            }
        }
        flat
    }

    /// A schema without alternatives.
    fn plain(&self, at: &Examined<'_>, schema: &'s Json, out: &mut Vec<Diagnostic>) {
        if !type_matches(at.node, schema) {
            return out.push(self.wrong_type(at, schema));
        }
        if let Some(error) = range_error(at.node, schema) {
            let mut problem = Diagnostic::error(format!("{} must be {}", at.quoted(), error.expected))
                .at(&at.node.place, format!("found {}", found(&at.node.value)));
            let help = error.help.unwrap_or_else(|| self.for_example(at, schema));
            problem = problem.help(help);
            return out.push(problem);
        }
        match &at.node.value {
            Value::String(word) => {
                let words = allowed(schema);
                if !words.is_empty() && !words.contains(&word.as_str()) {
                    out.push(unknown_word(at, word, &words));
                } else if word.trim().is_empty() {
                    out.push(
                        Diagnostic::error(format!("{} is empty", at.quoted()))
                            .at(&at.node.place, "nothing in the quotes")
                            .help("write something between the quotes"),
                    );
                }
            }
            Value::Array(nodes) => self.array(at, nodes, schema, out),
            Value::Table(entries) => self.table(at, entries, schema, out),
            _ => {}
        }
    }

    fn array(&self, at: &Examined<'_>, nodes: &[Node], schema: &'s Json, out: &mut Vec<Diagnostic>) {
        let (least, most) = (schema["minItems"].as_u64(), schema["maxItems"].as_u64());
        let count = nodes.len() as u64;
        if least.is_some_and(|n| count < n) || most.is_some_and(|n| count > n) {
            let wanted = match (least, most) {
                (Some(a), Some(b)) if a == b => format!("exactly {a}"),
                (Some(a), Some(b)) => format!("{a} to {b}"),
                (Some(a), None) => format!("at least {a}"),
                (_, b) => format!("at most {}", b.unwrap_or_default()),
            };
            let plural = if least.or(most) == Some(1) { "value" } else { "values" };
            out.push(
                Diagnostic::error(format!("{} must have {wanted} {plural}", at.quoted()))
                    .at(&at.node.place, format!("found {}", found(&at.node.value))),
            );
        }
        let fixed = schema["prefixItems"].as_array();
        for (index, node) in nodes.iter().enumerate() {
            let item = fixed.and_then(|f| f.get(index)).or(schema.get("items"));
            // An element that has a name goes by it.
            let named = |k: &&str| item.is_some_and(|i| self.resolve(i)["properties"].get(k).is_some());
            let by = ["id", "code", "name"].iter().filter(|k| named(k)).find_map(|k| node.get(k)?.as_str());
            let step = by.filter(|n| !n.is_empty()).map_or_else(|| index.to_string(), str::to_owned);
            if let Some(item) = item {
                self.visit(&at.child(&step, node, at.key), item, out);
            }
        }
    }

    /// A value that may be one of several things.
    fn alternatives(&self, at: &Examined<'_>, schema: &'s Json, branches: &[&'s Json], out: &mut Vec<Diagnostic>) {
        let fitting: Vec<&Json> = branches.iter().copied().filter(|b| type_matches(at.node, b)).collect();
        if let Value::String(word) = &at.node.value {
            let words: Vec<&str> = branches.iter().flat_map(|b| allowed(b)).collect();
            let free = fitting.iter().any(|b| allowed(b).is_empty());
            if words.contains(&word.as_str()) || (free && !fitting.is_empty()) {
                return;
            }
            if !words.is_empty() {
                return out.push(unknown_word(at, word, &words));
            }
        }
        if let Some(problem) = self.tagged(at, &fitting, out) {
            return problem.into_iter().for_each(|p| out.push(p));
        }
        // The alternative with the fewest problems was probably meant.
        let tried = fitting.iter().map(|branch| {
            let mut problems = Vec::new();
            self.visit(at, branch, &mut problems);
            problems
        });
        match tried.min_by_key(Vec::len) {
            Some(problems) => out.extend(problems),
            None => out.push(self.wrong_type(at, schema)),
        }
    }

    /// A table that is one of several variants of an enum: the one that its tag or only key names.
    ///
    /// `None` if these alternatives are not told apart by name; else the problem with the name, if there is one.
    fn tagged(&self, at: &Examined<'_>, tables: &[&'s Json], out: &mut Vec<Diagnostic>) -> Option<Option<Diagnostic>> {
        let Value::Table(entries) = &at.node.value else { return None };
        if tables.len() < 2 {
            return None;
        }
        // `{ type = "a", ... }`: a key that is constant in every variant.
        let tag = tables.first()?["properties"].as_object()?.iter().find_map(|(key, _)| {
            tables.iter().all(|t| t["properties"][key]["const"].is_string()).then_some(key.as_str())
        });
        if let Some(tag) = tag {
            let names: Vec<&str> = tables.iter().filter_map(|t| t["properties"][tag]["const"].as_str()).collect();
            let Some(node) = at.node.get(tag) else {
                let help = format!("one of {}", quote(&names));
                return Some(Some(
                    Diagnostic::error(format!("{} lacks the key `{tag}`", at.quoted()))
                        .at(&at.node.place, format!("`{tag}` is missing here"))
                        .help(format!("{tag} = \"{}\"   # {help}", names.first().unwrap_or(&""))),
                ));
            };
            let word = node.as_str().unwrap_or_default();
            let Some(index) = names.iter().position(|n| *n == word) else {
                return Some(Some(unknown_word(&at.child(tag, node, None), word, &names)));
            };
            self.plain(at, tables[index], out);
            return Some(None);
        }
        // `{ a = ... }`: one required key, and no other.
        let name = |t: &&'s Json| match t["required"].as_array()?.as_slice() {
            [one] if t["properties"].as_object()?.len() == 1 => one.as_str(),
            _ => None,
        };
        let names: Vec<&str> = tables.iter().map(name).collect::<Option<_>>()?;
        match names.iter().position(|n| at.node.get(n).is_some()) {
            Some(index) => {
                self.plain(at, tables[index], out);
                Some(None)
            }
            None => Some(Some(match entries.first() {
                Some(entry) => unknown_key(at, &entry.key, &entry.key_place, &names),
                None => Diagnostic::error(format!("{} is empty", at.quoted()))
                    .at(&at.node.place, "expected one key here")
                    .help(format!("one of {}", quote(&names))),
            })),
        }
    }

    fn wrong_type(&self, at: &Examined<'_>, schema: &'s Json) -> Diagnostic {
        let expected = phrase(self.schema, schema);
        let problem = Diagnostic::error(format!("{} must be {expected}", at.quoted()))
            .at(&at.node.place, format!("found {}", found(&at.node.value)));
        problem.help(mistake(self.schema, schema, at.node, &at.name).unwrap_or_else(|| self.for_example(at, schema)))
    }

    /// A line as it could be.
    fn for_example(&self, at: &Examined<'_>, schema: &Json) -> String {
        let key = at.name.rsplit('.').find(|step| step.parse::<usize>().is_err()).unwrap_or_default();
        let line = line_for(self.schema, schema, key, &at.name);
        match at.name.ends_with(key) {
            true => format!("write for example {line}"),
            // An element of a list, which has no key.
            false => format!("write for example {}", line.split_once(" = ").map_or(line.as_str(), |(_, value)| value)),
        }
    }
}

/// The schema of the elements of a list at the top of the document.
pub fn item<'s>(schema: &'s Json, table: &str) -> &'s Json {
    resolve(schema, &resolve(schema, &schema["properties"][table])["items"])
}

/// Follows `$ref` within the schema, a few steps in case it goes round.
fn resolve<'s>(root: &'s Json, schema: &'s Json) -> &'s Json {
    let mut schema = schema;
    for _ in 0..8 {
        let Some(pointer) = schema["$ref"].as_str().and_then(|r| r.strip_prefix('#')) else { break };
        let Some(target) = root.pointer(pointer) else { break };
        schema = target;
    }
    schema
}

fn unknown_word(at: &Examined<'_>, word: &str, words: &[&str]) -> Diagnostic {
    let problem = Diagnostic::error(format!("unknown value \"{}\" for {}", clip(word, 60), at.quoted()))
        .at(&at.node.place, "unknown value");
    match nearest(word, words.iter().copied()) {
        Some(close) => problem.help(format!("did you mean \"{close}\"? Allowed are {}", quote(words))),
        None => problem.help(format!("allowed are {}", quote(words))),
    }
}

fn unknown_key(at: &Examined<'_>, key: &str, place: &Place, known: &[&str]) -> Diagnostic {
    let problem =
        Diagnostic::error(format!("unknown key `{}` in {}", clip(key, 60), at.quoted())).at(place, "unknown key");
    match nearest(key, known.iter().copied()) {
        Some(close) => problem.help(format!("did you mean `{close}`?")),
        None => problem.help(format!("allowed here: {}", known.join(", "))),
    }
}

/// `"a", "b", "c"`.
fn quote(words: &[&str]) -> String {
    words.iter().map(|w| format!("\"{w}\"")).collect::<Vec<_>>().join(", ")
}
