//! What a preset holds is an offer: of its jurisdictions, policies and orders only those stay that the scenario mentions.

use std::collections::BTreeSet;

use super::diagnostic::Diagnostic;
use super::source::{Node, Value};

/// Lists of which only those elements stay that the scenario mentions.
pub const OFFERS: [&str; 3] = ["jurisdiction", "policy", "order"];

/// The presets without what the scenario `own` does not choose.
///
/// A jurisdiction, policy or order is chosen by an element with its code or id; the bases of a chosen policy come along.
/// Lists of jurisdictions in what is chosen lose those that the presets offer and the scenario does not simulate; a rule
/// or test that was only about such ones goes, an order's list is left as it is, so that the scenario has to say whom it
/// protects.
///
/// Gives a warning for each rule that goes: without it the policy may be just like another.
pub fn chosen(mut base: Node, own: &Node) -> (Node, Vec<Diagnostic>) {
    let mut gone = Vec::new();
    let offered = names(&base, "jurisdiction", "code");
    let simulated = names(own, "jurisdiction", "code");
    let mut policies = names(own, "policy", "id");
    let mut frontier: Vec<String> = policies.iter().cloned().collect();
    frontier.extend(elements(own, "policy").iter().filter_map(|p| text(p, "extends")));
    while let Some(id) = frontier.pop() {
        policies.insert(id.clone());
        let bases = elements(&base, "policy").iter().filter(|p| text(p, "id").as_deref() == Some(&id));
        frontier.extend(bases.filter_map(|p| text(p, "extends")).filter(|b| !policies.contains(b)));
    }
    let orders = names(own, "order", "id");
    retain(&mut base, "jurisdiction", |j| text(j, "code").is_some_and(|c| simulated.contains(&c)));
    retain(&mut base, "policy", |p| text(p, "id").is_some_and(|id| policies.contains(&id)));
    retain(&mut base, "order", |o| text(o, "id").is_some_and(|id| orders.contains(&id)));
    let absent: BTreeSet<String> = offered.difference(&simulated).cloned().collect();
    for policy in array(&mut base, "policy").into_iter().flatten() {
        let id = text(policy, "id").unwrap_or_default();
        retain(policy, "test", |test| still_somewhere(test, &absent));
        retain(policy, "rule", |rule| {
            let stays = still_somewhere(rule, &absent);
            if !stays {
                gone.push(
                    Diagnostic::warning(format!("a rule of the preset's policy `{id}` is left out"))
                        .at(&rule.place, "about jurisdictions that this scenario does not simulate")
                        .help("add one of them with [[jurisdiction]], or compare without this policy"),
                );
            }
            stays
        });
        for rule in array(policy, "rule").into_iter().flatten() {
            for list in LISTS {
                retain(rule, list, |code| code.as_str().is_none_or(|c| !absent.contains(c)));
            }
        }
    }
    for order in array(&mut base, "order").into_iter().flatten() {
        if still_somewhere(order, &absent) {
            retain(order, "jurisdictions", |code| code.as_str().is_none_or(|c| !absent.contains(c)));
        }
    }
    (base, gone)
}

/// Keys of lists of jurisdictions.
const LISTS: [&str; 2] = ["jurisdictions", "actor_jurisdictions"];

/// Whether a rule, test or order can concern somebody: no list of its jurisdictions consists of absent ones alone.
fn still_somewhere(part: &Node, absent: &BTreeSet<String>) -> bool {
    let lists = LISTS.iter().filter_map(|key| part.get(key)).map(Node::elements);
    let all_absent =
        |list: &[Node]| !list.is_empty() && list.iter().all(|c| c.as_str().is_some_and(|c| absent.contains(c)));
    let single = ["jurisdiction", "actor_jurisdiction"].iter().filter_map(|key| text(part, key));
    !lists.into_iter().any(all_absent) && !single.into_iter().any(|code| absent.contains(&code))
}

fn elements<'a>(node: &'a Node, table: &str) -> &'a [Node] {
    node.get(table).map(Node::elements).unwrap_or_default()
}

fn text(node: &Node, key: &str) -> Option<String> {
    node.get(key).and_then(Node::as_str).map(Into::into)
}

fn names(node: &Node, table: &str, by: &str) -> BTreeSet<String> {
    elements(node, table).iter().filter_map(|e| text(e, by)).collect()
}

fn array<'a>(node: &'a mut Node, key: &str) -> Option<&'a mut Vec<Node>> {
    let Value::Table(entries) = &mut node.value else { return None };
    let entry = entries.iter_mut().find(|e| e.key == key)?;
    match &mut entry.node.value {
        Value::Array(nodes) => Some(nodes),
        _ => None,
    }
}

fn retain(node: &mut Node, key: &str, keep: impl FnMut(&Node) -> bool) {
    if let Some(nodes) = array(node, key) {
        nodes.retain(keep);
    }
}
