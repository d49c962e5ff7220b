//! A document: values, each with the place where it was written.

use serde::de::DeserializeOwned;
use toml::value::Datetime;

use super::path::{Path, Step};
use crate::scenario::diagnostic::Diagnostic;
use crate::scenario::place::Place;

/// Tells by which key the elements of an array of tables are known: `code` for `jurisdiction`, `id` for `policy`.
pub type Identity<'a> = &'a dyn Fn(&str) -> Option<&'static str>;

/// A value and where it was written; a table is written at its header.
#[derive(Clone, Debug)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// Its place.
    pub place: Place,
}

/// A TOML value.
#[derive(Clone, Debug)]
pub enum Value {
    /// A string.
    String(String),
    /// A whole number.
    Integer(i64),
    /// A number with a decimal point or an exponent.
    Float(f64),
    /// `true` or `false`.
    Boolean(bool),
    /// A date, a time, or both.
    Datetime(Datetime),
    /// An array, or an array of tables.
    Array(Vec<Node>),
    /// A table: its entries in the order in which they were written.
    Table(Vec<Entry>),
}

/// A key with its value.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Where the key was written.
    pub key_place: Place,
    /// The value.
    pub node: Node,
}

impl Node {
    /// The entry of a key, if this is a table that has it.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        match &self.value {
            Value::Table(entries) => entries.iter().find(|e| e.key == key),
            _ => None,
        }
    }

    /// The value of a key, if this is a table that has it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|e| &e.node)
    }

    /// The string, if this is one.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(s) => Some(s),
            _ => None,
        }
    }

    /// The elements, if this is an array; none otherwise.
    pub fn elements(&self) -> &[Node] {
        match &self.value {
            Value::Array(nodes) => nodes,
            _ => &[],
        }
    }

    /// The value at a path.
    #[cfg(test)]
    pub fn locate(&self, path: &Path) -> Option<&Node> {
        path.0.iter().try_fold(self, Node::step)
    }

    /// The value at a path or, if there is none, its deepest ancestor that exists.
    pub fn locate_nearest(&self, path: &Path) -> &Node {
        let mut node = self;
        for step in &path.0 {
            let Some(next) = node.step(step) else { break };
            node = next;
        }
        node
    }

    /// Where the last key of a path was written.
    pub fn key_place(&self, path: &Path) -> Option<&Place> {
        let (Step::Key(key), above) = path.0.split_last()? else { return None };
        above.iter().try_fold(self, Node::step)?.entry(key).map(|e| &e.key_place)
    }

    fn step(&self, step: &Step) -> Option<&Node> {
        match step {
            Step::Key(key) => self.get(key),
            Step::Index(index) => self.elements().get(*index),
        }
    }

    /// The value without places; nothing else is lost.
    pub fn to_toml(&self) -> toml::Value {
        match &self.value {
            Value::String(s) => toml::Value::String(s.clone()),
            Value::Integer(i) => toml::Value::Integer(*i),
            Value::Float(f) => toml::Value::Float(*f),
            Value::Boolean(b) => toml::Value::Boolean(*b),
            Value::Datetime(d) => toml::Value::Datetime(*d),
            Value::Array(nodes) => toml::Value::Array(nodes.iter().map(Node::to_toml).collect()),
            Value::Table(entries) => {
                toml::Value::Table(entries.iter().map(|e| (e.key.clone(), e.node.to_toml())).collect())
            }
        }
    }

    /// The value as a type of serde.
    ///
    /// After a check against the schema of the type, only what no schema can say still fails here.
    pub fn decode<T: DeserializeOwned>(&self) -> Result<T, Diagnostic> {
        T::deserialize(self.to_toml()).map_err(|e| {
            // The error names the keys that lead to the value, in its last line.
            let text = e.to_string();
            let keys = text.trim_end().rsplit_once("\nin `").map_or("", |(_, keys)| keys.trim_end_matches('`'));
            let mut node = self;
            for key in keys.split('.') {
                let Some(next) = node.get(key) else { break };
                node = next;
            }
            Diagnostic::error(e.message().trim_end()).at(&node.place, "in this value")
        })
    }
}
