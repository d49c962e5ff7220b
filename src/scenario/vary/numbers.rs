//! The numbers of a scenario by their paths: what can be varied.

use toml::Value;
use toml_edit::Key;

use crate::scenario::diagnostic::{list, nearest};
use crate::scenario::schema::File;
use crate::scenario::validate_meaning::LIMITS;

/// A number of a scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct Number {
    /// Its path, as `--set` takes it: a part that is no bare key of TOML is in quotes.
    pub key: String,
    /// The parts of the path, without quotes.
    pub parts: Vec<String>,
    /// The number.
    pub value: f64,
    /// Whether it is a whole one.
    pub whole: bool,
}

/// All numbers of a scenario, in its order. The value of a quantity goes by the name of the quantity.
#[derive(Clone, Debug, Default)]
pub struct Numbers(Vec<Number>);

impl Numbers {
    /// Those of a scenario in which everything is filled in.
    pub fn of(file: &File) -> Self {
        let mut all = Numbers::default();
        // What can't be written as TOML was never read from it.
        if let Ok(value) = Value::try_from(file) {
            all.collect(&mut Vec::new(), &value);
        }
        all
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Number> {
        self.0.iter()
    }

    /// Those that a path stands for, in which `*` is any part, or any letters of one.
    ///
    /// # Errors
    /// If there is none; names the nearest.
    pub fn find(&self, key: &str) -> Result<Vec<&Number>, String> {
        let wanted = parts(key);
        let begins = |number: &Number, n: usize| {
            number.parts.len() >= n
                && wanted[..n].iter().zip(&number.parts).all(|(wanted, part)| stands_for(wanted, part))
        };
        let found: Vec<&Number> =
            self.iter().filter(|number| number.parts.len() == wanted.len() && begins(number, wanted.len())).collect();
        if !found.is_empty() {
            return Ok(found);
        }
        // What is wrong is told where a word first leads nowhere.
        let depth = (1..=wanted.len()).find(|&n| !self.iter().any(|number| begins(number, n)));
        let n = depth.unwrap_or(wanted.len());
        let known = self.iter().filter(|number| number.parts.len() >= n && begins(number, n - 1));
        let mut known: Vec<&str> = known.map(|number| number.parts[n - 1].as_str()).collect();
        known.sort_unstable();
        known.dedup();
        let what = format!("there is no number `{key}` in this scenario");
        let help = match (depth, nearest(&wanted[n - 1], known.iter().copied())) {
            (None, _) => {
                let below = self.iter().find(|number| begins(number, wanted.len()));
                below.map_or_else(String::new, |number| {
                    format!("\n  help: it is a table; name a number in it, such as {}", number.key)
                })
            }
            (Some(_), Some(near)) => {
                let mut path = wanted.clone();
                path[n - 1] = near.to_owned();
                format!("\n  help: did you mean `{}`?", written(&path))
            }
            (Some(_), None) => {
                let known: Vec<String> = known.iter().take(30).map(|k| (*k).to_owned()).collect();
                format!("\n  help: known there are {}", list(&known, "and"))
            }
        };
        Err(what + &help)
    }

    fn collect(&mut self, path: &mut Vec<String>, value: &Value) {
        match value {
            Value::Table(table) => match table.get("value").and_then(number) {
                Some((value, _)) => {
                    let of_limits =
                        path.last().and_then(|name| LIMITS.iter().find(|limit| limit.0 == name)).is_some_and(|l| l.3);
                    let whole = of_limits || path.last().is_some_and(|name| name == "within_days");
                    self.push(path, value, whole);
                }
                None => table.iter().for_each(|(key, value)| self.below(path, key, value)),
            },
            Value::Array(entries) => {
                for entry in entries.iter().filter(|entry| entry.is_table()) {
                    let name = ["id", "code"].iter().find_map(|key| entry.get(key)?.as_str());
                    name.into_iter().for_each(|name| self.below(path, name, entry));
                }
            }
            other => {
                if let Some((value, whole)) = number(other) {
                    self.push(path, value, whole);
                }
            }
        }
    }

    fn below(&mut self, path: &mut Vec<String>, key: &str, value: &Value) {
        path.push(key.to_owned());
        self.collect(path, value);
        path.pop();
    }

    fn push(&mut self, path: &[String], value: f64, whole: bool) {
        self.0.push(Number { key: written(path), parts: path.to_vec(), value, whole });
    }
}

/// A number, and whether it is written as a whole one.
fn number(value: &Value) -> Option<(f64, bool)> {
    let whole = value.as_integer().map(|n| (n as f64, true));
    whole.or_else(|| value.as_float().map(|x| (x, false)))
}

/// Whether a part of a path as somebody types it stands for a part of a number's: `*` for any, `attitude_*` for any that begins so.
fn stands_for(wanted: &str, part: &str) -> bool {
    match wanted.split_once('*') {
        Some((begin, end)) => part.len() >= begin.len() + end.len() && part.starts_with(begin) && part.ends_with(end),
        None => wanted == part,
    }
}

/// The parts of a path as somebody types it: between dots that are not in quotes.
pub fn parts(path: &str) -> Vec<String> {
    let (mut parts, mut quote) = (vec![String::new()], None);
    for c in path.chars() {
        match (quote, c) {
            (None, '.') => parts.push(String::new()),
            (None, '"' | '\'') => quote = Some(c),
            (Some(q), c) if q == c => quote = None,
            (_, c) => parts.last_mut().into_iter().for_each(|part| part.push(c)),
        }
    }
    parts
}

/// A path as TOML writes it, but for `*`.
fn written(path: &[String]) -> String {
    let part =
        |part: &String| if part.contains('*') { part.clone() } else { Key::new(part).display_repr().into_owned() };
    path.iter().map(part).collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_letters() {
        for (wanted, part, fits) in [
            ("*", "FR", true),
            ("attitude_*", "attitude_friends", true),
            ("attitude_*", "age_friends", false),
            ("*_friends", "attitude_friends", true),
            ("ab*ba", "aba", false),
            ("FR", "FRA", false),
        ] {
            assert_eq!(stands_for(wanted, part), fits, "{wanted} {part}");
        }
    }

    #[test]
    fn paths_are_split_at_dots_outside_of_quotes() {
        assert_eq!(parts("a.\"b.c\".*"), ["a", "b.c", "*"]);
        assert_eq!(parts("a..b"), ["a", "", "b"]);
        assert_eq!(written(&parts("a.'50+'.*.b-1")), "a.\"50+\".*.b-1");
    }
}
