//! Rules that can never matter: shadowed by others, contradictory, or out of the run's dates.

use super::compile::{actor_groups, merge_classes, period_starts};
use super::rule::{Role, Setting, matches};
use crate::scenario::{Effect, Kind, Rule, Scenario};
use crate::world::Classes;

/// Own rules of policies (not those of `extends`) without which every decision of the run would be the same, as
/// (policy, rule). Exact, by enumeration of the decision space. Of two equal rules both are named: either could go.
pub fn idle_rules(scenario: &Scenario, classes: &Classes) -> Vec<(usize, usize)> {
    let mut idle = Vec::new();
    for (index, policy) in scenario.policies.iter().enumerate() {
        let rules: Vec<&Rule> = policy.rules.iter().collect();
        let (subjects, _) = merge_classes(&rules, classes);
        let (actors, _) = actor_groups(&rules, &subjects, scenario);
        let mut matters = vec![false; rules.len()];
        for day in period_starts(&rules, scenario) {
            let date = scenario.date(day);
            for (purpose, p) in scenario.purposes.iter().enumerate() {
                for kind in Kind::ALL {
                    let collects = &scenario.kinds[kind as usize];
                    for subject in &subjects {
                        let mut visit = |role, actor, collected: u32| {
                            let setting = Setting { purpose, kind, role, subject, actor, date };
                            note(&rules, &setting, collected & p.requests, &mut matters);
                        };
                        if subject.user {
                            visit(Role::Actor, subject, collects.actor);
                        }
                        for actor in actors.iter().filter(|a| a.user) {
                            visit(Role::Counterparty, actor, collects.counterparty);
                        }
                    }
                }
            }
        }
        idle.extend((0..policy.own).filter(|&r| !matters[r]).map(|r| (index, r)));
    }
    idle
}

/// Notes the rules without which the decisions of this setting would differ. `flows` is the mask of categories for
/// which there is a flow.
fn note(rules: &[&Rule], setting: &Setting, flows: u32, matters: &mut [bool]) {
    if flows == 0 {
        return;
    }
    let hits: Vec<bool> = rules.iter().map(|r| matches(r, setting)).collect();
    // Categories that some rule permits or forbids, and those that more than one does.
    let (mut once, mut twice) = ([0u32; 2], [0u32; 2]);
    for (rule, _) in rules.iter().zip(&hits).filter(|(_, hit)| **hit) {
        let e = (rule.effect == Effect::Forbid) as usize;
        twice[e] |= once[e] & rule.categories;
        once[e] |= rule.categories;
    }
    let [permitted, forbidden] = once;
    for ((rule, _), matters) in rules.iter().zip(&hits).zip(matters).filter(|((_, hit), _)| **hit) {
        let alone = match rule.effect {
            Effect::Permit => rule.categories & !twice[0] & !forbidden,
            Effect::Forbid => rule.categories & !twice[1] & permitted,
        };
        *matters |= alone & flows != 0;
    }
}
