//! What a run's page says in words.

use crate::report::{OrderText, PolicyText};
use crate::scenario::{RuleWords, Scenario};

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

/// The orders of regulators.
pub fn orders(scenario: &Scenario) -> Vec<OrderText> {
    scenario
        .file
        .orders
        .iter()
        .enumerate()
        .map(|(i, o)| OrderText {
            title: format!("{}: {}", o.regulator, o.title),
            text: format!(
                "Prohibits {} about people in {} under {}; notice {}, deadline {}. Status: {}.",
                o.prohibits.join(", "),
                o.jurisdictions.join(", "),
                o.regime,
                scenario.orders[i].notice,
                scenario.orders[i].deadline,
                o.status
            ),
            source: o.source.clone(),
        })
        .collect()
}

/// How the model works.
pub fn method() -> Vec<String> {
    include_str!("../report/method.txt").lines().filter(|l| !l.is_empty()).map(Into::into).collect()
}

/// What the model cannot say.
pub fn limits() -> Vec<String> {
    include_str!("../report/limits.txt").lines().filter(|l| !l.is_empty()).map(Into::into).collect()
}
