//! Random policies.
#![allow(dead_code)]

use std::path::Path;

use chrono::{Days, NaiveDate};
use outflow::scenario::{Choice, ChoiceOf, Effect, Overrides, Policy, Resolution, Round, Rule, Scenario};
use proptest::prelude::*;

fn mask(bits: u32) -> impl Strategy<Value = u32> {
    prop_oneof![Just(u32::MAX), 1u32..(1u32 << bits)]
}

/// A rule with any constraints.
pub fn rule() -> impl Strategy<Value = Rule> {
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

/// So many policies of a few rules each.
pub fn policies(n: usize) -> impl Strategy<Value = Vec<Vec<Rule>>> {
    proptest::collection::vec(proptest::collection::vec(rule(), 1..5), n)
}

/// The shipped scenario with these policies instead of its own.
pub fn small(policies: &[Vec<Rule>]) -> Scenario {
    thread_local! {
        static BASE: Scenario = super::common::scenario(
            Path::new("scenarios/cnil-2017.toml"),
            &Overrides { people: Some(1_000), days: Some(10), ..Overrides::default() },
        );
    }
    BASE.with(|base| {
        let of = |(i, rules): (usize, &Vec<Rule>)| Policy {
            id: format!("random-{i}").into(),
            own: rules.len(),
            rules: rules.clone(),
            ..base.policies[0].clone()
        };
        Scenario { policies: policies.iter().enumerate().map(of).collect(), ..base.clone() }
    })
}
