//! One document laid over another: what the upper one says wins, the rest shows through.

use super::node::{Entry, Identity, Node, Value};

/// Lays `over` over `base`.
///
/// Tables merge key by key. Arrays of tables whose key has an identity merge element by element: an element with the
/// same identity is laid over the first such element of `base`, others are appended. Any other value is replaced.
/// Elements of `over` that repeat an identity are all kept, each laid over the element of `base`: so that the repetition can
/// be reported, and nothing besides.
pub fn overlay(base: Node, over: Node, identity: Identity<'_>) -> Node {
    merge(base, over, None, identity)
}

fn merge(base: Node, over: Node, key: Option<&str>, identity: Identity<'_>) -> Node {
    let place = over.place;
    let value = match (base.value, over.value) {
        (Value::Table(base), Value::Table(over)) => Value::Table(merge_tables(base, over, identity)),
        (Value::Array(base), Value::Array(over)) => match key.and_then(identity) {
            Some(by) if base.iter().chain(&over).all(is_table) => Value::Array(merge_lists(base, over, by, identity)),
            _ => Value::Array(over),
        },
        (_, over) => over,
    };
    Node { value, place }
}

fn is_table(node: &Node) -> bool {
    matches!(node.value, Value::Table(_))
}

fn merge_tables(base: Vec<Entry>, over: Vec<Entry>, identity: Identity<'_>) -> Vec<Entry> {
    let mut merged: Vec<Option<Entry>> = base.into_iter().map(Some).collect();
    let mut added = Vec::new();
    for entry in over {
        match merged.iter_mut().find(|e| e.as_ref().is_some_and(|e| e.key == entry.key)) {
            Some(slot) => {
                *slot = slot.take().map(|old| {
                    let node = merge(old.node, entry.node, Some(&entry.key), identity);
                    Entry { key: entry.key, key_place: entry.key_place, node }
                });
            }
            None => added.push(entry),
        }
    }
    merged.into_iter().flatten().chain(added).collect()
}

fn merge_lists(base: Vec<Node>, over: Vec<Node>, by: &str, identity: Identity<'_>) -> Vec<Node> {
    let name = |node: &Node| node.get(by).and_then(Node::as_str).map(str::to_owned);
    let names: Vec<Option<String>> = base.iter().map(name).collect();
    let mut merged: Vec<Option<Node>> = base.iter().cloned().map(Some).collect();
    let mut taken = vec![false; base.len()];
    let mut added = Vec::new();
    for node in over {
        let id = name(&node);
        match names.iter().position(|n| n.is_some() && *n == id) {
            Some(index) if taken[index] => added.push(merge(base[index].clone(), node, None, identity)),
            Some(index) => {
                taken[index] = true;
                merged[index] = merged[index].take().map(|old| merge(old, node, None, identity));
            }
            None => added.push(node),
        }
    }
    merged.into_iter().flatten().chain(added).collect()
}
