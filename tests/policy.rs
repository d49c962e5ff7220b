//! Compiled tables against a plain evaluator, on random policies.

mod common;

use chrono::{Days, NaiveDate};
use common::cnil;
use outflow::policy::{At, Compiled};
use outflow::scenario::{Choice, ChoiceOf, Effect, Kind, Policy, Resolution, Round, Rule, Scenario, Uninstall};
use outflow::world::{Classes, PersonClass};
use proptest::prelude::*;

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

fn mask(bits: u32) -> impl Strategy<Value = u32> {
    prop_oneof![Just(u32::MAX), 1u32..(1u32 << bits)]
}

fn rule() -> impl Strategy<Value = Rule> {
    let what = prop_oneof![2 => Just(Effect::Permit), 1 => Just(Effect::Forbid)];
    let masks = (mask(3), mask(15), mask(16), mask(6), mask(6));
    let roles = prop_oneof![Just((true, true)), Just((true, false)), Just((false, true))];
    let subjects = prop_oneof![Just((true, true)), Just((true, false)), Just((false, true))];
    let choice = proptest::option::of((
        prop_oneof![Just(Choice::Objects), Just(Choice::Agrees)],
        prop_oneof![Just(ChoiceOf::Actor), Just(ChoiceOf::Subject), Just(ChoiceOf::Either), Just(ChoiceOf::Both)],
    ));
    let flags = (proptest::option::of(any::<bool>()), proptest::option::of(any::<bool>()));
    let days = (proptest::option::of(0u64..12), proptest::option::of(0u64..12));
    let resolution = prop_oneof![
        4 => Just(Resolution::Exact),
        1 => prop_oneof![Just(12u32), Just(39)].prop_map(Resolution::HashBits),
        1 => Just(Resolution::KeyedHash),
        1 => prop_oneof![Just(Round::Hour), Just(Round::Day), Just(Round::Month)].prop_map(Resolution::Round),
        1 => prop_oneof![Just(5u32), Just(50)].prop_map(Resolution::Aggregate),
    ];
    (what, masks, roles, subjects, choice, flags, days, resolution).prop_map(
        |(effect, masks, roles, subjects, choice, flags, days, resolution)| {
            let date = |d: u64| NaiveDate::from_ymd_opt(2017, 11, 25).expect("a date") + Days::new(d);
            Rule {
                effect,
                resolution: if effect == Effect::Permit { resolution } else { Resolution::Exact },
                purposes: masks.0,
                categories: masks.1,
                kinds: masks.2,
                jurisdictions: u64::from(masks.3),
                actor_jurisdictions: u64::from(masks.4),
                actor: roles.0,
                counterparty: roles.1,
                users: subjects.0,
                non_users: subjects.1,
                choice,
                parent_account: flags.0,
                minor: flags.1,
                from: days.0.map(date),
                until: days.1.map(date),
            }
        },
    )
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
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn tables_decide_as_the_rules_do(rules in proptest::collection::vec(proptest::collection::vec(rule(), 1..5), 1..4)) {
        let mut scenario = cnil(1_000, 10, &[]);
        // Those who object to some of the purposes may leave: more classes.
        scenario.uninstall = Some(Uninstall { purposes: 0b110, from: scenario.start, within: 5 });
        let base = scenario.policies[0].clone();
        scenario.policies = rules
            .into_iter()
            .enumerate()
            .map(|(i, rules)| Policy { id: format!("random-{i}").into(), rules, ..base.clone() })
            .collect();
        let classes = Classes::new(&scenario);
        let compiled = Compiled::new(&scenario, &classes);
        let all = classes.all();
        for (q, policy) in scenario.policies.iter().enumerate() {
            for day in [0u32, 3, 9] {
                let (period, date) = (compiled.period_of(day), scenario.date(day));
                for purpose in 0..scenario.purposes.len() {
                    for kind in Kind::ALL {
                        let at = At { period, policy: q, purpose, kind: kind as usize };
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
