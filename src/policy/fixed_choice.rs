//! Policies as they are for people of known choices: no rule asks any more.

use crate::scenario::{Choice, ChoiceOf, Policy, Rule, Scenario};

/// Whether what a scenario's policies let out about a person depends on that person's choices, and on nobody else's: then it can be worked out for each choice apart.
/// Who leaves by a choice changes what others do.
pub fn asks_subjects_only(scenario: &Scenario) -> bool {
    let rules = || scenario.policies.iter().flat_map(|policy| &policy.rules);
    scenario.uninstall.is_none() && rules().all(|rule| rule.choice.is_none_or(|(_, whose)| whose == ChoiceOf::Subject))
}

/// A policy as it is for people who object to the purposes of one mask and agree to those of another. Rules about the choice of an actor stay as they are.
pub fn fixed_choice(policy: &Policy, objects: u32, agrees: u32) -> Policy {
    let of = |rule: &Rule| {
        let (mask, choice) = match rule.choice {
            Some((Choice::Objects, ChoiceOf::Subject)) => (objects, None),
            Some((Choice::Agrees, ChoiceOf::Subject)) => (agrees, None),
            _ => return Some(rule.clone()),
        };
        // Those who are no users have no choice, so that such a rule is not about them.
        let purposes = rule.purposes & mask;
        (purposes != 0 && rule.users).then(|| Rule { purposes, non_users: false, choice, ..rule.clone() })
    };
    Policy {
        rules: policy.rules.iter().filter_map(of).collect(),
        own: 0,
        texts: Vec::new(),
        tests: Vec::new(),
        ..policy.clone()
    }
}
