//! Every policy that ships, over its whole decision space.

use std::collections::HashMap;
use std::path::PathBuf;

use chrono::{Days, NaiveDate};
use outflow::policy::export::{PolicyLanguage, export};
use outflow::policy::{Role, Setting, matches};
use outflow::scenario::{Kind, Overrides, Policy, Rule, Scenario};
use rayon::prelude::*;

use crate::common;
use crate::json::Json;
use outflow_engines::ask::{Person, Question, ours};
use outflow_engines::cedar::{Cedar, schema, validate};
use outflow_engines::rego::Rego;

/// Questions per policy besides those of the enumeration, at random from all there are: half of them about who acts.
const RANDOM: usize = 1_000;

#[test]
fn every_policy_that_ships_is_decided_alike_everywhere() {
    compare_all(false);
}

/// Without merging what no rule tells apart: a million questions and more for each policy and day.
#[test]
#[ignore = "takes hours in a debug build; the fast test merges what no rule tells apart"]
fn every_policy_that_ships_is_decided_alike_for_all_values() {
    compare_all(true);
}

fn compare_all(unmerged: bool) {
    let mut files: Vec<PathBuf> = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../../scenarios"))
        .expect("the scenarios")
        .map(|entry| entry.expect("a file").path())
        .filter(|path| path.extension().is_some_and(|e| e == "toml"))
        .collect();
    // And every policy that the presets offer, whether a scenario has chosen it or not.
    files.push(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/scenarios/presets.toml").into());
    files.sort();
    let scenarios: Vec<Scenario> = files.iter().map(|f| common::scenario(f, &Overrides::default())).collect();
    let jobs: Vec<(&Scenario, usize)> =
        scenarios.iter().flat_map(|s| (0..s.policies.len()).map(move |p| (s, p))).collect();
    assert!(!jobs.is_empty());
    // A policy a task: some take a hundred times as long as others.
    let decisions: usize = jobs
        .par_iter()
        .with_max_len(1)
        .map(|(scenario, policy)| {
            let compared = compare(scenario, *policy, unmerged);
            println!("{} {}: {compared} decisions", scenario.name, scenario.policies[*policy].id);
            compared
        })
        .sum();
    println!("{} policies, {} decisions, no difference", jobs.len(), decisions);
}

/// Compares a policy's decisions; gives their number.
fn compare(scenario: &Scenario, index: usize, unmerged: bool) -> usize {
    let policy = &scenario.policies[index];
    let (cedar, mut rego, json) = (Cedar::new(scenario, index), Rego::new(scenario, index), Json::new(scenario, index));
    let schema = schema(&export(scenario, index, PolicyLanguage::Cedar));
    assert_eq!(validate(&cedar, &schema), Vec::<String>::new(), "{} {}", scenario.name, policy.id);
    let mut random = Random(0x9E37_79B9_7F4A_7C15 ^ index as u64);
    let mut compared = 0;
    let mut check = |q: &Question, schema: Option<_>| {
        let expected = ours(scenario, policy, q);
        assert_eq!(cedar.ask(q, schema), expected, "Cedar differs: {} {} {q:?}", scenario.name, policy.id);
        assert_eq!(rego.ask(q), expected, "Regorus differs: {} {} {q:?}", scenario.name, policy.id);
        assert_eq!(json.ask(scenario, q), expected, "JSON differs: {} {} {q:?}", scenario.name, policy.id);
        compared += 1;
    };
    let dates = dates(scenario, policy);
    let mut one_each = |n: usize, told: &dyn Fn(usize) -> Vec<u64>| match unmerged {
        true => (0..n).collect(),
        false => representatives(n, told, &mut random),
    };
    let kinds = one_each(Kind::COUNT, &|k| told_of_kind(scenario, policy, k));
    let categories = one_each(scenario.categories.len(), &|c| told_of_category(scenario, policy, c));
    let pairs = [Role::Actor, Role::Counterparty].map(|role| pairs(scenario, role));
    for (role, all) in [Role::Actor, Role::Counterparty].into_iter().zip(&pairs) {
        for purpose in 0..scenario.purposes.len() {
            let people = one_each(all.len(), &|i| told_of_people(policy, purpose, all[i]));
            for (&category, &kind) in categories.iter().flat_map(|c| kinds.iter().map(move |k| (c, k))) {
                for (&date, &i) in dates.iter().flat_map(|d| people.iter().map(move |i| (d, i))) {
                    let (subject, actor) = all[i];
                    check(&Question { purpose, category, kind: Kind::ALL[kind], role, date, subject, actor }, None);
                }
            }
        }
    }
    for _ in 0..RANDOM / 2 {
        let (subject, actor) = *random.of(&pairs[1]);
        let purpose = random.below(scenario.purposes.len());
        let q = Question {
            purpose,
            category: random.below(scenario.categories.len()),
            kind: *random.of(&Kind::ALL),
            role: Role::Counterparty,
            date: *random.of(&dates),
            subject,
            actor,
        };
        check(&q, Some(&schema));
        let (subject, actor) = *random.of(&pairs[0]);
        check(&Question { role: Role::Actor, subject, actor, ..q }, Some(&schema));
    }
    compared
}

/// Days on which the policy may decide differently: about each boundary of a rule the day before and the day itself.
pub fn dates(scenario: &Scenario, policy: &Policy) -> Vec<NaiveDate> {
    let boundaries = policy.rules.iter().flat_map(|r| [r.from, r.until]).flatten();
    let mut dates: Vec<NaiveDate> = boundaries.flat_map(|day| [day - Days::new(1), day]).collect();
    if dates.is_empty() {
        dates.push(scenario.start);
    }
    dates.sort_unstable();
    dates.dedup();
    dates
}

/// Everybody who may be the subject in a role, with everybody who may then be the actor.
pub fn pairs(scenario: &Scenario, role: Role) -> Vec<(Person, Person)> {
    let all = Person::all(scenario);
    let users = || all.iter().filter(|p| p.user);
    match role {
        Role::Actor => users().map(|p| (*p, *p)).collect(),
        // Of the actor only place and choice can matter.
        Role::Counterparty => {
            let actors: Vec<Person> = users().filter(|p| !p.parent_account && !p.minor).copied().collect();
            all.iter().flat_map(|s| actors.iter().map(|a| (*s, *a))).collect()
        }
    }
}

/// Of `n` values one of each sort that is told apart, whichever comes.
fn representatives(n: usize, told: &dyn Fn(usize) -> Vec<u64>, random: &mut Random) -> Vec<usize> {
    let mut sorts: HashMap<Vec<u64>, usize> = HashMap::new();
    let mut chosen: Vec<(usize, usize)> = Vec::new();
    for value in 0..n {
        let sort = *sorts.entry(told(value)).or_insert(chosen.len());
        match chosen.get_mut(sort) {
            None => chosen.push((value, 1)),
            Some((representative, size)) => {
                *size += 1;
                if random.below(*size) == 0 {
                    *representative = value;
                }
            }
        }
    }
    chosen.into_iter().map(|(value, _)| value).collect()
}

/// What tells a kind from others: what it collects, and the rules about it.
fn told_of_kind(scenario: &Scenario, policy: &Policy, kind: usize) -> Vec<u64> {
    let collects = [scenario.kinds[kind].actor, scenario.kinds[kind].counterparty].map(u64::from);
    collects.into_iter().chain(policy.rules.iter().map(|r| u64::from(r.kinds >> kind & 1))).collect()
}

/// What tells a category from others: the kinds that collect it, the purposes that request it, the rules about it.
fn told_of_category(scenario: &Scenario, policy: &Policy, category: usize) -> Vec<u64> {
    let kinds = scenario.kinds.iter().flat_map(|k| [k.actor, k.counterparty]);
    let masks =
        kinds.chain(scenario.purposes.iter().map(|p| p.requests)).chain(policy.rules.iter().map(|r| r.categories));
    masks.map(|mask| u64::from(mask >> category & 1)).collect()
}

/// What tells two people from others, for a purpose: the rules, but for what they say of other things.
fn told_of_people(policy: &Policy, purpose: usize, (subject, actor): (Person, Person)) -> Vec<u64> {
    let (subject, actor) = (&subject.class(purpose), &actor.class(purpose));
    let (kind, role, date) = (Kind::Call, Role::Counterparty, NaiveDate::default());
    let setting = Setting { purpose, kind, role, subject, actor, date };
    let told = |rule: &Rule| {
        let (purposes, kinds, counterparty, from, until) = (u32::MAX, u32::MAX, true, None, None);
        u64::from(matches(&Rule { purposes, kinds, counterparty, from, until, ..rule.clone() }, &setting))
    };
    policy.rules.iter().map(told).collect()
}

/// A small generator, the same on every machine.
pub struct Random(pub u64);

impl Random {
    /// A number below another.
    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % n
    }

    /// One of a list.
    pub fn of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}
