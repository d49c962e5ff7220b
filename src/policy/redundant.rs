//! Rules that can never matter: shadowed by others, contradictory, or out of the run's dates.

use std::collections::{BTreeMap, HashSet};

use super::compile::period_starts;
use super::decide::flows;
use super::rule_index::{RuleIndex, Sets, TooMuch, Work};
use crate::scenario::{Effect, Kind, Policy, Resolution, Rule, Scenario};

/// Rules that never matter.
#[derive(Clone, Debug, Default)]
pub struct Idle {
    /// As (policy, rule).
    pub rules: Vec<(usize, usize)>,
    /// Policies that were not looked at: there would have been too much to try.
    pub unsearched: usize,
}

/// Own rules of policies (not those of `extends`) without which every decision on every day of the run would be the same.
/// Exact, by enumeration of the decision space. Of two equal rules both are named: either could go.
pub fn idle_rules(scenario: &Scenario) -> Idle {
    let mut work = Work::bounded();
    let mut idle = Idle::default();
    for (index, policy) in scenario.policies.iter().enumerate() {
        match matters(scenario, policy, true, &mut work) {
            Ok(matters) => idle.rules.extend((0..policy.own).filter(|&r| !matters[r]).map(|r| (index, r))),
            Err(TooMuch) => idle.unsearched += 1,
        }
    }
    idle
}

/// Whether some decision would be another without each rule of a policy: on the days of the run, or on any day.
///
/// # Errors
/// If that is more work than is left.
pub fn matters(scenario: &Scenario, policy: &Policy, in_run: bool, work: &mut Work) -> Result<Vec<bool>, TooMuch> {
    let rules: Vec<&Rule> = policy.rules.iter().collect();
    work.take(RuleIndex::work(&rules, scenario.jurisdictions.len()))?;
    let kernel = RuleIndex::new(&rules, scenario.purposes.len(), scenario.jurisdictions.len(), &[]);
    let mut matters = vec![false; rules.len()];
    let spans: Vec<usize> = match in_run {
        true => period_starts(&rules, scenario).iter().map(|&d| kernel.span_of(scenario.date(d))).collect(),
        false => (0..kernel.spans()).collect(),
    };
    let mut sets = Sets::default();
    // Settings with the same rules and flows are one.
    let mut contexts = HashSet::new();
    let mut seen = HashSet::new();
    for span in spans {
        for purpose in 0..scenario.purposes.len() {
            for kind in 0..Kind::COUNT {
                for actor in [false, true] {
                    work.take(kernel.of_context())?;
                    let flow = flows(scenario, purpose, kind, actor);
                    let context = kernel.context(span, purpose, kind, actor);
                    if flow == 0 || !contexts.insert((actor, flow, context.clone())) {
                        continue;
                    }
                    for &set in &kernel.block_within(&context, actor, &mut sets, work)?.cells {
                        if seen.insert((set, flow)) {
                            let matching: Vec<usize> = kernel.rules(&sets.all[set as usize]).collect();
                            work.take(matching.len())?;
                            note(&rules, &matching, flow, &mut matters);
                        }
                    }
                }
            }
        }
    }
    Ok(matters)
}

/// Why a rule never matters in the run, and what to do about it. The plainest reason that holds.
pub fn why_idle(scenario: &Scenario, policy: &Policy, rule: usize) -> (String, String) {
    let r = &policy.rules[rule];
    let last = scenario.date(scenario.days.saturating_sub(1));
    if let Some(from) = r.from.filter(|from| *from > last) {
        let why = format!("it begins to hold on {from}, and the last day of the run is {last}");
        return (why, "write an earlier day in `from`, or run longer (`days`)".into());
    }
    if let Some(until) = r.until.filter(|until| *until <= scenario.start) {
        let why = format!("it no longer holds on {until}, and the run begins on {}", scenario.start);
        return (why, "write a later day in `until`, or take the rule out".into());
    }
    let purposes = (0..scenario.purposes.len()).filter(|p| r.purposes >> p & 1 == 1);
    let requested = purposes.clone().fold(0, |mask, p| mask | scenario.purposes[p].requests);
    let names = |mask: u32| {
        let ids = scenario.categories.iter().enumerate().filter(|(c, _)| mask >> c & 1 == 1);
        ids.map(|(_, c)| &*c.id).collect::<Vec<_>>().join(", ")
    };
    if requested & r.categories == 0 {
        let why = "no purpose that it names requests a category that it names".into();
        return (why, format!("name categories that are requested: {}", names(requested)));
    }
    let kinds = (0..Kind::COUNT).filter(|k| r.kinds >> k & 1 == 1);
    let roles = [(r.actor, true), (r.counterparty, false)].into_iter().filter(|(matches, _)| *matches);
    let mut flow = 0;
    for (kind, (_, actor)) in kinds.flat_map(|k| roles.clone().map(move |role| (k, role))) {
        flow |= purposes.clone().fold(0, |mask, p| mask | flows(scenario, p, kind, actor));
    }
    if flow & r.categories == 0 {
        let why =
            "events of the kinds that it names collect none of its categories about the subjects that it names".into();
        return (
            why,
            match flow {
                0 => "take the rule out, or widen `kinds` and `roles`".into(),
                _ => format!("name categories that are collected: {}", names(flow)),
            },
        );
    }
    let meet = |o: &Rule| {
        o.purposes & r.purposes != 0
            && o.kinds & r.kinds != 0
            && o.categories & r.categories & flow != 0
            && (o.actor && r.actor || o.counterparty && r.counterparty)
    };
    if r.effect == Effect::Forbid && !policy.rules.iter().any(|o| o.effect == Effect::Permit && meet(o)) {
        let why = "nothing flows that no rule permits, and no rule permits what this one forbids".into();
        return (why, "take the rule out, or add the permit that it was meant to limit".into());
    }
    let why = match r.effect {
        Effect::Permit => "wherever it permits, another rule permits as much, or one forbids",
        Effect::Forbid => "wherever it forbids, another rule forbids too, or none permits",
    };
    (why.into(), "take the rule out, or narrow the rules that decide the same".into())
}

/// Notes the rules of those that match without which the decisions would differ. `flow` is the mask of categories of which
/// there is a flow.
fn note(rules: &[&Rule], matching: &[usize], flow: u32, matters: &mut [bool]) {
    let (mut forbidden, mut forbidden_twice) = (0u32, 0u32);
    // Of permits at least as fine as each: categories that one of them lets out, or several.
    let mut permits: BTreeMap<Resolution, (u32, u32)> = BTreeMap::new();
    for &r in matching {
        let categories = rules[r].categories;
        match rules[r].effect {
            Effect::Permit => {
                let (once, twice) = permits.entry(rules[r].resolution).or_default();
                *twice |= *once & categories;
                *once |= categories;
            }
            Effect::Forbid => {
                forbidden_twice |= forbidden & categories;
                forbidden |= categories;
            }
        }
    }
    let (mut permitted, mut permitted_twice) = (0u32, 0u32);
    for (once, twice) in permits.values_mut() {
        permitted_twice |= permitted & *once | *twice;
        permitted |= *once;
        *twice = permitted_twice;
    }
    for &r in matching {
        let alone = match rules[r].effect {
            Effect::Forbid => rules[r].categories & permitted & !forbidden_twice,
            // Another permit at least as fine lets the same out.
            Effect::Permit => {
                let twice = permits.get(&rules[r].resolution).map_or(0, |(_, twice)| *twice);
                rules[r].categories & !(forbidden | twice)
            }
        };
        matters[r] |= alone & flow != 0;
    }
}
