//! `--policy`: a scenario with some of its policies.

use std::collections::{HashMap, HashSet};

use super::diagnostic::{Diagnostic, list, nearest};
use super::source::{Node, Path};
use super::validate_meaning::resolve;
use super::{Scenario, schema};

/// Keeps the policies that are wanted, all if none is named. Rules of a base that is left out are copied to those that
/// extend it. A baseline that is left out is none any more: the first policy that is left takes its place.
///
/// # Errors
/// If there is no such policy.
pub fn narrow(scenario: &mut Scenario, root: &Node, wanted: &[String]) -> Result<(), Vec<Diagnostic>> {
    if wanted.is_empty() {
        return Ok(());
    }
    let known: Vec<String> = scenario.file.policies.iter().map(|p| p.id.clone()).collect();
    let ids: HashSet<&str> = known.iter().map(String::as_str).collect();
    let unknown: Vec<Diagnostic> = wanted
        .iter()
        .filter(|id| !ids.contains(id.as_str()))
        .map(|id| {
            let help = match nearest(id, known.iter().map(String::as_str)) {
                Some(near) => format!("did you mean `--policy {near}`?"),
                None => format!("policies of this scenario are {}", list(&known, "and")),
            };
            let mut d = Diagnostic::error(format!("there is no policy `{id}` in this scenario")).help(help);
            if let Some(place) = root.key_place(&Path::root().key("policy")) {
                d = d.at(place, "policies are defined here");
            }
            d
        })
        .collect();
    if !unknown.is_empty() {
        return Err(unknown);
    }
    let wanted: HashSet<&str> = wanted.iter().map(String::as_str).collect();
    let all = scenario.file.policies.clone();
    let by_id: HashMap<&str, &schema::PolicyEntry> = all.iter().map(|p| (p.id.as_str(), p)).collect();
    for policy in scenario.file.policies.iter_mut().filter(|p| wanted.contains(p.id.as_str())) {
        // Bases are known and lead nowhere twice: that was checked.
        while let Some(base) = policy.extends.as_ref().and_then(|id| by_id.get(id.as_str())) {
            if wanted.contains(base.id.as_str()) {
                break;
            }
            policy.rules.extend(base.rules.iter().cloned());
            policy.extends.clone_from(&base.extends);
        }
    }
    let keep: Vec<bool> = known.iter().map(|id| wanted.contains(id.as_str())).collect();
    fn retain<T>(items: &mut Vec<T>, keep: &[bool]) {
        let mut kept = keep.iter();
        items.retain(|_| kept.next().copied().unwrap_or(true));
    }
    retain(&mut scenario.file.policies, &keep);
    retain(&mut scenario.policies, &keep);
    let baseline = scenario.file.scenario.baseline.take().filter(|id| wanted.contains(id.as_str()));
    scenario.baseline = scenario.policies.iter().position(|p| baseline.as_deref() == Some(&*p.id)).unwrap_or(0);
    scenario.file.scenario.baseline = baseline;
    scenario.titles.retain(|t| t.table != "policy" || wanted.iter().any(|id| **id == *t.id));
    (scenario.resolved, scenario.digest) = resolve(&scenario.file).map_err(|d| vec![d])?;
    Ok(())
}
