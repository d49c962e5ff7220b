//! Compiled tables against a plain evaluator, on random policies.

mod common;
mod rules;

use chrono::NaiveDate;
use outflow::policy::{Compiled, DecisionIndex};
use outflow::population::{Classes, PersonClass};
use outflow::scenario::{Choice, ChoiceOf, Effect, Kind, Policy, Resolution, Round, Rule, Scenario, Uninstall};
use proptest::prelude::*;
use rules::{policies, small};

/// The semantics again, one category at a time and without masks: a flow is disclosed iff the kind collects it, the
/// purpose requests it, some permit matches and no forbid does.
#[allow(clippy::too_many_arguments)]
fn plain(
    scenario: &Scenario,
    policy: &Policy,
    purpose: usize,
    kind: Kind,
    as_actor: bool,
    subject: &PersonClass,
    actor: &PersonClass,
    date: NaiveDate,
    category: usize,
) -> Option<Resolution> {
    let bit = |mask: u32, i: usize| mask & (1 << i) != 0;
    let collects = &scenario.kinds[kind as usize];
    let collected = if as_actor { collects.actor } else { collects.counterparty };
    if !bit(collected, category) || !bit(scenario.purposes[purpose].requests, category) {
        return None;
    }
    let chooses = |p: &PersonClass, what: Choice| {
        p.user && !p.left && bit(if what == Choice::Objects { p.objects } else { p.agrees }, purpose)
    };
    let hits = |r: &Rule| {
        let mut hit = bit(r.purposes, purpose) && bit(r.categories, category) && bit(r.kinds, kind as usize);
        hit &= if as_actor { r.actor } else { r.counterparty };
        hit &= r.jurisdictions & (1 << subject.jurisdiction) != 0;
        hit &= r.actor_jurisdictions & (1 << actor.jurisdiction) != 0;
        hit &= if subject.user && !subject.left { r.users } else { r.non_users };
        hit &= r.parent_account.is_none() || r.parent_account == Some(subject.parent_account);
        hit &= r.minor.is_none() || r.minor == Some(subject.minor);
        if let Some((what, whose)) = r.choice {
            let (a, s) = (chooses(actor, what), chooses(subject, what));
            hit &= match whose {
                ChoiceOf::Actor => a,
                ChoiceOf::Subject => s,
                ChoiceOf::Either => a | s,
                ChoiceOf::Both => a & s,
            };
        }
        hit &= r.from.is_none_or(|d| d <= date);
        hit & r.until.is_none_or(|d| date < d)
    };
    let with = |effect: Effect| policy.rules.iter().filter(move |r| r.effect == effect).filter(|r| hits(r));
    if with(Effect::Forbid).next().is_some() {
        return None;
    }
    // From fine to coarse; written out, so that an error in the order of the type would show.
    let fineness = |r: &Resolution| match *r {
        Resolution::Exact => 0,
        Resolution::HashBits(bits) => 1000 - u64::from(bits),
        Resolution::KeyedHash => 2000,
        Resolution::Round(Round::Hour) => 3001,
        Resolution::Round(Round::Day) => 3002,
        Resolution::Round(Round::Week) => 3003,
        Resolution::Round(Round::Month) => 3004,
        Resolution::Aggregate(k) => 4000 + u64::from(k),
    };
    with(Effect::Permit).map(|r| r.resolution).min_by_key(fineness)
}

/// Masks of all layers.
fn layers(compiled: &Compiled, mask: impl Fn(usize) -> u32) -> Vec<u32> {
    (0..compiled.layers()).map(mask).collect()
}

/// What the masks say of a category: in one layer at most besides the first, and in the first iff in another.
fn decided(compiled: &Compiled, masks: &[u32], category: usize) -> Result<Option<Resolution>, TestCaseError> {
    let out = |mask: &u32| mask >> category & 1 == 1;
    if masks.len() == 1 {
        return Ok(out(&masks[0]).then_some(Resolution::Exact));
    }
    let at: Vec<usize> = (1..masks.len()).filter(|&l| out(&masks[l])).collect();
    prop_assert_eq!(out(&masks[0]), at.len() == 1);
    prop_assert!(at.len() <= 1);
    Ok(at.first().map(|l| compiled.resolutions[l - 1]))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn tables_decide_as_the_rules_do(rules in policies(2)) {
        let mut scenario = small(&rules);
        // Those who object to some of the purposes may leave: more classes.
        scenario.uninstall = Some(Uninstall { purposes: 0b110, from: scenario.start, within: 5 });
        let classes = Classes::new(&scenario);
        let compiled = Compiled::new(&scenario, &classes);
        let all = classes.all();
        for (q, policy) in scenario.policies.iter().enumerate() {
            for day in [0u32, 3, 9] {
                let (period, date) = (compiled.period_of(day), scenario.date(day));
                for purpose in 0..scenario.purposes.len() {
                    for kind in Kind::ALL {
                        let at = DecisionIndex { period, policy: q, purpose, kind: kind as usize };
                        // Every class as subject; every seventh as actor, from a place that varies.
                        for (s, subject) in all.iter().enumerate() {
                            let merged = usize::from(compiled.merged[s]);
                            if subject.has_account() {
                                let got = layers(&compiled, |layer| compiled.actor_mask(at, merged, layer));
                                for category in 0..scenario.categories.len() {
                                    let expected = plain(&scenario, policy, purpose, kind, true, subject, subject, date, category);
                                    prop_assert_eq!(decided(&compiled, &got, category)?, expected);
                                }
                            }
                            for (a, actor) in all.iter().enumerate().skip(s % 7).step_by(7).filter(|(_, a)| a.has_account()) {
                                let group = usize::from(compiled.actor_group[usize::from(compiled.merged[a])]);
                                let got = layers(&compiled, |layer| compiled.counterparty_mask(at, group, merged, layer));
                                for category in 0..scenario.categories.len() {
                                    let expected = plain(&scenario, policy, purpose, kind, false, subject, actor, date, category);
                                    prop_assert_eq!(decided(&compiled, &got, category)?, expected);
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Thousands of policies, at some points each: every class as subject, from places that vary.
#[test]
fn tables_decide_as_the_rules_do_for_thousands_of_policies() {
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases: 3_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let result = runner.run(&(policies(1), any::<u64>()), |(rules, seed)| {
        let scenario = small(&rules);
        let policy = &scenario.policies[0];
        let classes = Classes::new(&scenario);
        let compiled = Compiled::new(&scenario, &classes);
        let all = classes.all();
        let mut n = seed;
        let mut take = |of: usize| {
            n = outflow::random::mix(n.wrapping_add(0x9E37_79B9_7F4A_7C15));
            (n % of as u64) as usize
        };
        for _ in 0..60 {
            let day = take(10) as u32;
            let (purpose, kind) = (take(scenario.purposes.len()), take(Kind::COUNT));
            let at = DecisionIndex { period: compiled.period_of(day), policy: 0, purpose, kind };
            let (s, mut a) = (take(all.len()), take(all.len()));
            while !all[a].has_account() {
                a = take(all.len());
            }
            let merged = |class: usize| usize::from(compiled.merged[class]);
            let as_actor = take(2) == 1 && all[s].has_account();
            let actor = if as_actor { s } else { a };
            let got = layers(&compiled, |layer| match as_actor {
                true => compiled.actor_mask(at, merged(s), layer),
                false => {
                    let group = usize::from(compiled.actor_group[merged(actor)]);
                    compiled.counterparty_mask(at, group, merged(s), layer)
                }
            });
            for category in 0..scenario.categories.len() {
                let kind = Kind::ALL[kind];
                let expected = plain(
                    &scenario,
                    policy,
                    purpose,
                    kind,
                    as_actor,
                    &all[s],
                    &all[actor],
                    scenario.date(day),
                    category,
                );
                prop_assert_eq!(decided(&compiled, &got, category)?, expected);
            }
        }
        Ok(())
    });
    if let Err(e) = result {
        panic!("{e}");
    }
}
