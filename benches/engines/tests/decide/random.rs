//! Thousands of random policies, over random things collected and requested, with texts that try to break out of their place.

use outflow::policy::Role;
use outflow::policy::flows;
use outflow::scenario::{Effect, Kind, Policy, Resolution, Round, Rule, RuleText, Scenario};
use proptest::prelude::*;

use crate::json::Json;
use crate::rules;
use crate::shipped::{Random, dates, pairs};
use outflow_engines::ask::{Person, Question, ours, rule_id};
use outflow_engines::cedar::Cedar;
use outflow_engines::rego::Rego;

/// Questions per policy.
const QUESTIONS: usize = 12;

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config(2_000))]
    #[test]
    fn random_policies_are_decided_alike_everywhere(case in case()) {
        check(case, QUESTIONS);
    }
}

proptest! {
    #![proptest_config(config(20_000))]
    #[test]
    #[ignore = "minutes; the fast test takes fewer policies"]
    fn many_random_policies_are_decided_alike_everywhere(case in case()) {
        check(case, 4 * QUESTIONS);
    }
}

/// Rules with titles and sources, and a seed for the rest.
type Case = (Vec<(Rule, [Option<String>; 2])>, u64);

fn case() -> impl Strategy<Value = Case> {
    let texts = [proptest::option::of(hostile()), proptest::option::of(hostile())];
    (proptest::collection::vec((rule(), texts), 0..6), any::<u64>())
}

/// A rule that any scenario can hold, with any resolution; now and then one that matches nothing.
fn rule() -> impl Strategy<Value = Rule> {
    let resolution = prop_oneof![
        Just(Resolution::Exact),
        (1u32..=256).prop_map(Resolution::HashBits),
        Just(Resolution::KeyedHash),
        prop_oneof![Just(Round::Hour), Just(Round::Day), Just(Round::Week), Just(Round::Month)]
            .prop_map(Resolution::Round),
        (2u32..1_000).prop_map(Resolution::Aggregate),
    ];
    (rules::rule(), resolution, 0u32..100).prop_map(|(mut rule, resolution, odd)| {
        if rule.effect == Effect::Permit {
            rule.resolution = resolution;
        }
        match odd {
            0 => rule.purposes = 0,
            1 => rule.categories = 0,
            2 => rule.actor_jurisdictions = 0,
            3 => (rule.users, rule.non_users) = (false, false),
            4 => (rule.actor, rule.counterparty) = (false, false),
            _ => {}
        }
        rule
    })
}

/// Text that ends strings, comments and templates in one language or another.
pub fn hostile() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        proptest::sample::select(HOSTILE).prop_map(String::from),
        any::<char>().prop_map(String::from),
        "[a-z ]{1,8}".prop_map(String::from),
    ];
    proptest::collection::vec(part, 0..8).prop_map(|parts| parts.concat())
}

/// Ends of strings, comments and templates.
pub const HOSTILE: &[&str] = &[
    "\"",
    "'",
    "''",
    "\\",
    "\\\"",
    "\\u{0}",
    "\\n",
    "\n",
    "\r\n",
    "\r",
    "\t",
    "\0",
    "{",
    "}",
    "{}",
    "${x}",
    "{{ x }}",
    "*/",
    "/*",
    "//",
    "--",
    "#",
    "`",
    ";",
    "\");",
    "permit(principal, action, resource);",
    "\nallow := true\n",
    "'; DROP TABLE people;",
    "\u{2028}",
    "\u{2029}",
    "\u{85}",
    "\u{202e}",
    "\u{2066}",
    "\u{feff}",
    "\u{200b}",
    "é",
    "日本",
    "🙂",
    "\u{10ffff}",
    "\u{7f}",
];

fn check((rules, seed): Case, questions: usize) {
    let mut random = Random(seed);
    let scenario = scenario(&rules, &mut random);
    let policy = &scenario.policies[0];
    let (cedar, mut rego, json) = (Cedar::new(&scenario, 0), Rego::new(&scenario, 0), Json::new(&scenario, 0));
    for (i, (_, texts)) in rules.iter().enumerate() {
        let id = rule_id(policy, i);
        assert_eq!(cedar.texts(&id), *texts);
        assert_eq!(rego.texts(&id), *texts);
        assert_eq!(json.texts(&id), *texts);
    }
    let dates = dates(&scenario, policy);
    let pairs = [Role::Actor, Role::Counterparty].map(|role| (role, pairs(&scenario, role)));
    for _ in 0..questions {
        let q = question(&scenario, &dates, &pairs, &mut random);
        let expected = ours(&scenario, policy, &q);
        assert_eq!(cedar.ask(&q, None), expected, "Cedar differs: {q:?}");
        assert_eq!(rego.ask(&q), expected, "Regorus differs: {q:?}");
        assert_eq!(json.ask(&scenario, &q), expected, "JSON differs: {q:?}");
    }
}

/// A question; nearly always about a flow that exists, if any does.
fn question(
    scenario: &Scenario,
    dates: &[chrono::NaiveDate],
    pairs: &[(Role, Vec<(Person, Person)>); 2],
    random: &mut Random,
) -> Question {
    let mut tries = 0;
    loop {
        let (role, pairs) = random.of(pairs);
        let (subject, actor) = *random.of(pairs);
        let q = Question {
            purpose: random.below(scenario.purposes.len()),
            category: random.below(scenario.categories.len()),
            kind: *random.of(&Kind::ALL),
            role: *role,
            date: *random.of(dates),
            subject,
            actor,
        };
        tries += 1;
        if tries == 30 || flows(scenario, q.purpose, q.kind as usize, *role == Role::Actor) >> q.category & 1 == 1 {
            return q;
        }
    }
}

/// The shipped scenario with one policy of these rules; half of the time with other things collected and requested.
fn scenario(rules: &[(Rule, [Option<String>; 2])], random: &mut Random) -> Scenario {
    let mut scenario = rules::small(&[rules.iter().map(|r| r.0.clone()).collect()]);
    let place = scenario.policies[0].texts[0].clone();
    let text = |(i, (_, [title, source])): (usize, &(Rule, [Option<String>; 2]))| RuleText {
        // As if every other rule came from a policy that is extended.
        policy: if i % 2 == 0 { "random-0".into() } else { "b.a+s_e".into() },
        number: i / 2 + 1,
        title: title.clone(),
        source: source.clone(),
        ..RuleText::clone(&place)
    };
    let first = rules.first().and_then(|(_, texts)| texts[0].clone());
    let policy = &scenario.policies[0];
    scenario.policies[0] = Policy {
        texts: rules.iter().enumerate().map(|rule| text(rule).into()).collect(),
        title: first.unwrap_or_else(|| policy.title.clone()),
        ..policy.clone()
    };
    if random.below(2) == 0 {
        let mut mask = || [0, random.below(1 << 15), random.below(1 << 15), (1 << 15) - 1][random.below(4)] as u32;
        for purpose in &mut scenario.purposes {
            purpose.requests = mask();
        }
        for (kind, collects) in Kind::ALL.into_iter().zip(&mut scenario.kinds) {
            collects.actor = mask();
            collects.counterparty = if kind.has_counterparty() { mask() } else { 0 };
        }
    }
    scenario
}
