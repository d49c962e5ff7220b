//! `--set key=value`: edits the text of a scenario, as a user would in an editor.

use std::ops::Range;
use std::sync::Arc;

use toml_edit::{ArrayOfTables, DocumentMut, InlineTable, Item, Key, Table, TableLike, Value};

use super::node::{Identity, Node};
use crate::scenario::diagnostic::{Diagnostic, Diagnostics, clip, nearest};
use crate::scenario::place::{Place, Text};
use crate::scenario::presets::preset_with;

/// Applies assignments such as `traffic.group_share.value=0.3` or `policy.opt-out.title="x"`, in order.
///
/// An element of an array of tables goes by its identity or its number from 0. What does not exist is created: an
/// element too, because a preset may have the rest of it. A value that is no TOML is a string if it is one bare word, unless it
/// is like a number: then it was meant as one.
pub fn apply_set(text: &Text, assignments: &[String], identity: Identity<'_>) -> Result<Text, Diagnostics> {
    if assignments.is_empty() {
        return Ok(text.clone());
    }
    // For an error in the file itself, in our words.
    Node::parse(text.clone())?;
    let mut document: DocumentMut =
        text.text.parse().map_err(|e: toml_edit::TomlError| Diagnostic::error(format!("{}: {e}", text.name)))?;
    for assignment in assignments {
        let assignment = Assignment::parse(assignment)?;
        assignment.in_table(document.as_table_mut(), 0, identity)?;
    }
    let note = match assignments {
        [one] => format!("with --set {}", clip(one, 60)),
        _ => "as changed by options".into(),
    };
    Ok(Text { name: format!("{} ({note})", text.name), text: document.to_string() })
}

/// Whether a value that is no TOML was meant as a number, a percentage or a day: digits and what people write between them.
fn like_a_number(raw: &str) -> bool {
    raw.contains(|c: char| c.is_ascii_digit()) && raw.chars().all(|c| c.is_ascii_digit() || " .,_'/%+-".contains(c))
}

/// A value of `--set` that is a number, as TOML writes it.
pub fn number(raw: &str) -> Option<&str> {
    let raw = raw.trim();
    matches!(raw.parse::<Value>().ok()?, Value::Integer(_) | Value::Float(_)).then_some(raw)
}

/// One `key=value`.
struct Assignment {
    /// The argument as a text, so that errors can point into it.
    source: Arc<Text>,
    keys: Vec<Key>,
    key_end: usize,
    value: Value,
}

impl Assignment {
    fn parse(argument: &str) -> Result<Self, Diagnostic> {
        let source = Arc::new(Text { name: "--set".to_owned(), text: argument.to_owned() });
        let wrong = |span: Range<usize>, message: &str, label: &str| {
            Diagnostic::error(message).at(&Place { source: source.clone(), span }, label)
        };
        let Some(equals) = first_equals(argument) else {
            return Err(wrong(argument.len()..argument.len(), "`--set` needs a key and a value", "expected `=` here")
                .help("write --set key=value, for example --set scenario.people=1000"));
        };
        let keys = Key::parse(argument[..equals].trim()).map_err(|_| {
            // The place of the parser is in the trimmed text, and the whole key says as much.
            wrong(0..equals, "`--set` needs a key before `=`", "not a key")
                .help("write keys with dots between them, as in --set scenario.people=1000; quote unusual ones")
        })?;
        let raw = argument[equals + 1..].trim();
        let at = equals + 1..argument.len();
        let value = match raw.parse::<Value>() {
            Ok(mut value) => {
                value.decor_mut().clear();
                value
            }
            Err(_) if raw.is_empty() => {
                return Err(wrong(at, "`--set` needs a value after `=`", "expected a value here")
                    .help("an empty string is written --set 'key=\"\"'"));
            }
            Err(_) if like_a_number(raw) => {
                // As in a file, which has the same key and value on a line.
                let as_file = Node::parse(Text { name: source.name.clone(), text: argument.to_owned() });
                let told = as_file.err().and_then(|all| all.0.into_iter().next());
                return Err(told.unwrap_or_else(|| {
                    wrong(at, "the value of `--set` is not a number", "not a number")
                        .help("write digits and at most one decimal point, as in 0.5, or put a string in quotes")
                }));
            }
            Err(_) if raw.chars().all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c)) => Value::from(raw),
            Err(e) => {
                let error = wrong(at, "the value of `--set` is not a TOML value", "not a TOML value");
                return Err(match raw.chars().next() {
                    Some('"' | '\'' | '[' | '{') => {
                        error.help(e.message().lines().next().unwrap_or_default().to_owned())
                    }
                    _ => error.help(format!(
                        "put a string in quotes: --set '{}=\"{}\"'",
                        &argument[..equals],
                        raw.replace('\\', "\\\\").replace('"', "\\\"")
                    )),
                });
            }
        };
        Ok(Self { source, keys, key_end: equals, value })
    }

    /// The value goes into `table`, under the keys from `depth`.
    fn in_table(&self, table: &mut dyn TableLike, depth: usize, identity: Identity<'_>) -> Result<(), Diagnostic> {
        let Some(key) = self.keys.get(depth).map(Key::get) else { return Ok(()) };
        if depth + 1 == self.keys.len() {
            self.put(table, key);
            return Ok(());
        }
        if table.get(key).is_none_or(Item::is_none) {
            let new = match identity(key) {
                Some(_) => Item::ArrayOfTables(ArrayOfTables::new()),
                None => {
                    let mut new = Table::new();
                    // No header for a table that only holds other tables.
                    new.set_implicit(true);
                    Item::Table(new)
                }
            };
            table.insert(key, new);
        }
        match table.get_mut(key) {
            Some(Item::ArrayOfTables(list)) => {
                let ids = |by: &str| list.iter().map(|t| name(t, by)).collect();
                match self.element(depth + 1, list.len(), identity(key), ids)? {
                    Some(index) => {
                        let Some(table) = list.get_mut(index) else { return Ok(()) };
                        self.in_element(table, depth + 2, identity)
                    }
                    None => {
                        let mut table = Table::new();
                        self.name_element(&mut table, depth + 1, identity(key));
                        self.in_element(&mut table, depth + 2, identity)?;
                        list.push(table);
                        Ok(())
                    }
                }
            }
            Some(Item::Value(Value::Array(list))) => {
                let ids =
                    |by: &str| list.iter().map(|v| v.as_inline_table().and_then(|t| name(t, by))).collect::<Vec<_>>();
                match self.element(depth + 1, list.len(), identity(key), ids)? {
                    Some(index) if depth + 2 == self.keys.len() => {
                        list.replace(index, self.value.clone());
                        Ok(())
                    }
                    Some(index) => match list.get_mut(index).and_then(Value::as_inline_table_mut) {
                        Some(table) => self.in_table(table, depth + 2, identity),
                        None => Err(self.wrong(depth + 1, "is not a table: it has no keys")),
                    },
                    None => {
                        let mut table = InlineTable::new();
                        self.name_element(&mut table, depth + 1, identity(key));
                        self.in_element(&mut table, depth + 2, identity)?;
                        list.push(table);
                        Ok(())
                    }
                }
            }
            Some(item) => match item.as_table_like_mut() {
                Some(table) => self.in_table(table, depth + 1, identity),
                None => Err(self.wrong(depth, "is not a table: it has no keys")),
            },
            None => Ok(()),
        }
    }

    fn in_element(&self, table: &mut dyn TableLike, depth: usize, identity: Identity<'_>) -> Result<(), Diagnostic> {
        if depth >= self.keys.len() {
            let keys: Vec<&str> = self.keys.iter().take(depth).map(Key::get).collect();
            return Err(self
                .wrong(depth - 1, "is a table: name the key of it that is to be set")
                .help(format!("write --set {}.KEY=VALUE", keys.join("."))));
        }
        self.in_table(table, depth, identity)
    }

    /// Sets a key; a comment after the old value stays.
    fn put(&self, table: &mut dyn TableLike, key: &str) {
        let mut value = self.value.clone();
        match table.get_mut(key) {
            Some(Item::Value(old)) => {
                *value.decor_mut() = old.decor().clone();
                *old = value;
            }
            _ => {
                table.remove(key);
                table.insert(key, Item::Value(value));
            }
        }
    }

    /// Which element the key at `depth` means; none for one that does not exist yet.
    fn element(
        &self,
        depth: usize,
        len: usize,
        by: Option<&'static str>,
        ids: impl FnOnce(&str) -> Vec<Option<String>>,
    ) -> Result<Option<usize>, Diagnostic> {
        let Some(key) = self.keys.get(depth).map(Key::get) else { return Ok(None) };
        let known: Vec<Option<String>> = by.map(ids).unwrap_or_default();
        let named = known.iter().position(|id| id.as_deref() == Some(key));
        let table = depth.checked_sub(1).and_then(|d| self.keys.get(d)).map_or("", |k| k.get());
        let near = nearest(key, known.iter().flatten().map(String::as_str));
        match (named, key.parse::<usize>()) {
            // What a preset has may be added; what nobody has is more likely misspelt than new.
            (None, Err(_)) if near.is_some() && preset_with(table, key).is_none() => Err(self
                .wrong(depth, "does not exist")
                .help(format!("did you mean `{table}.{}`?", near.unwrap_or_default()))),
            (Some(index), _) => Ok(Some(index)),
            (None, Ok(index)) if index < len => Ok(Some(index)),
            (None, Ok(_)) => Err(self
                .wrong(depth, &format!("does not exist: the file has {len} of them"))
                .help("numbers start at 0 and count what stands in the file, not in its presets")),
            (None, Err(_)) if by.is_some() => Ok(None),
            (None, Err(_)) => {
                Err(self.wrong(depth, "is not a number: these elements have no names").help("count them from 0"))
            }
        }
    }

    fn name_element(&self, table: &mut dyn TableLike, depth: usize, by: Option<&str>) {
        if let (Some(by), Some(key)) = (by, self.keys.get(depth)) {
            table.insert(by, Item::Value(Value::from(key.get())));
        }
    }

    /// An error about the keys up to `depth`.
    fn wrong(&self, depth: usize, what: &str) -> Diagnostic {
        let keys: Vec<&str> = self.keys.iter().take(depth + 1).map(Key::get).collect();
        let place = Place { source: self.source.clone(), span: 0..self.key_end };
        let problem = Diagnostic::error(format!("`{}` {what}", keys.join("."))).at(&place, "cannot be set");
        match what.contains("not a table") {
            true => problem.help(format!("write --set {}=VALUE", keys.join("."))),
            false => problem,
        }
    }
}

fn name(table: &dyn TableLike, by: &str) -> Option<String> {
    table.get(by).and_then(Item::as_str).map(str::to_owned)
}

/// The `=` that ends the keys: the first outside of quotes.
fn first_equals(argument: &str) -> Option<usize> {
    let mut quote = None;
    for (at, c) in argument.char_indices() {
        match (quote, c) {
            (None, '=') => return Some(at),
            (None, '"' | '\'') => quote = Some(c),
            (Some(q), c) if q == c => quote = None,
            _ => {}
        }
    }
    None
}
