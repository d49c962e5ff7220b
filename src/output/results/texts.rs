//! What a run's page says in words.

use crate::output::report::PolicyText;
use crate::scenario::{Resolution, RuleWords, Scenario};

/// The policies, rule by rule.
pub fn policies(scenario: &Scenario) -> Vec<PolicyText> {
    scenario
        .file
        .policies
        .iter()
        .map(|p| PolicyText {
            id: p.id.clone(),
            title: p.title.clone(),
            source: p.source.clone(),
            rules: (p.extends.iter().map(|base| format!("All rules of {base}.")))
                .chain(p.rules.iter().map(|r| RuleWords::new(r).to_string()))
                .collect(),
        })
        .collect()
}

/// How the model works.
pub fn method(scenario: &Scenario) -> Vec<String> {
    lines(include_str!("../report/method.txt"), scenario)
}

/// What the model cannot say.
pub fn limits(scenario: &Scenario) -> Vec<String> {
    lines(include_str!("../report/limits.txt"), scenario)
}

/// The lines of a text. One that begins with a word in brackets is for scenarios that have what it names.
fn lines(text: &str, scenario: &Scenario) -> Vec<String> {
    let transforms = || scenario.policies.iter().flat_map(|p| &p.rules).any(|r| r.resolution != Resolution::Exact);
    let has = |what: &str| match what {
        "orders" => !scenario.orders.is_empty(),
        "uninstall" => scenario.uninstall.is_some(),
        "nobody leaves" => scenario.uninstall.is_none(),
        "transforms" => transforms(),
        _ => true,
    };
    let keep = |line: &str| match line.strip_prefix('[').and_then(|l| l.split_once("] ")) {
        Some((what, text)) => has(what).then(|| text.to_owned()),
        None => (!line.is_empty()).then(|| line.to_owned()),
    };
    text.lines().filter_map(keep).collect()
}
