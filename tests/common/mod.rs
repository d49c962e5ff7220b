//! What several tests share: scenarios with options, and events in memory.
#![allow(dead_code)]

use std::collections::HashMap;
use std::path::Path;

use outflow::population::Community;
use outflow::scenario::{Kind, Overrides, Scenario, load};
use outflow::simulate::{Counters, RunOutcome, Simulation};
use outflow::traffic::{Batch, Shape, Sink};

/// The shipped scenario with changes.
pub fn cnil(people: u64, days: u32, set: &[&str]) -> Scenario {
    let overrides = Overrides {
        people: Some(people),
        days: Some(days),
        set: set.iter().map(|s| (*s).to_string()).collect(),
        ..Overrides::default()
    };
    scenario(Path::new("scenarios/cnil-2017.toml"), &overrides)
}

/// The scenario in which people who object leave, before, during and after the run.
pub fn leaving(people: u64, days: u32, set: &[&str]) -> Scenario {
    let set = set.iter().map(|s| (*s).to_string()).collect();
    let overrides = Overrides { people: Some(people), days: Some(days), set, ..Overrides::default() };
    scenario(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/uninstall.toml")), &overrides)
}

/// The same where nobody leaves.
pub fn staying(people: u64, days: u32, set: &[&str]) -> Scenario {
    Scenario { uninstall: None, ..leaving(people, days, set) }
}

/// A scenario that must load.
pub fn scenario(path: &Path, overrides: &Overrides) -> Scenario {
    match load(path, overrides) {
        Ok((scenario, _)) => scenario,
        Err(problems) => panic!("{problems}"),
    }
}

/// Runs a scenario on so many threads.
pub fn execute(scenario: &Scenario, threads: usize) -> (Simulation, RunOutcome) {
    let run = Simulation::new(scenario);
    let outcome = run.run(threads, &Counters::default());
    (run, outcome)
}

/// Digest of all figures of a run.
pub fn digest(scenario: &Scenario, run: &Simulation, outcome: &RunOutcome) -> String {
    assert_eq!(scenario.digest, run.scenario.digest);
    outflow::bench::results_digest(run, outcome)
}

/// An event with everything resolved to ids, comparable and sortable.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Record {
    pub day: u32,
    pub time: u32,
    pub kind: u8,
    pub actor: u64,
    pub counterparties: Vec<u64>,
    pub bytes: u32,
    pub conversation: u64,
}

/// Collects the events that belong to the communities simulated.
#[derive(Default)]
pub struct Collector(pub Vec<Record>);

impl Sink for Collector {
    fn batch(&mut self, community: &Community, day: u32, batch: &Batch) {
        if batch.shape == Shape::Incoming {
            return;
        }
        for i in 0..batch.len() {
            let e = batch.event(i);
            let counterparties = match batch.shape {
                Shape::Pair => vec![community.id(e.target)],
                Shape::Audience => {
                    batch.audience(e.target).iter().filter(|&&m| m != e.actor).map(|&m| community.id(m)).collect()
                }
                _ => Vec::new(),
            };
            self.0.push(Record {
                day,
                time: e.time,
                kind: e.kind,
                actor: community.id(e.actor),
                counterparties,
                bytes: e.bytes,
                conversation: e.conversation,
            });
        }
    }
}

/// All events of some communities on some days, as records.
pub fn events(run: &Simulation, communities: impl IntoIterator<Item = u32>, days: std::ops::Range<u32>) -> Vec<Record> {
    let mut collector = Collector::default();
    feed(run, communities, days, &mut collector);
    collector.0
}

/// Hands all batches of some communities on some days to a sink.
pub fn feed(
    run: &Simulation,
    communities: impl IntoIterator<Item = u32>,
    days: std::ops::Range<u32>,
    sink: &mut impl Sink,
) {
    run.replay(communities, days, sink);
}

/// What is said over weak ties: by the actor's community, and by that of the other side.
#[derive(Default)]
pub struct Sides {
    /// (actor, counterparty, day, kind, time and conversation) and how often.
    pub said: HashMap<(u64, u64, u32, u8, u64), u32>,
    pub heard: HashMap<(u64, u64, u32, u8, u64), u32>,
}

impl Sink for Sides {
    fn batch(&mut self, community: &Community, day: u32, batch: &Batch) {
        if !matches!(batch.shape, Shape::Pair | Shape::Incoming) {
            return;
        }
        for i in 0..batch.len() {
            let e = batch.event(i);
            if batch.shape == Shape::Pair && community.is_local(e.target) || e.kind == Kind::ContactSync as u8 {
                continue;
            }
            let key = (community.id(e.actor), community.id(e.target), day, e.kind, u64::from(e.time) ^ e.conversation);
            let side = if batch.shape == Shape::Pair { &mut self.said } else { &mut self.heard };
            *side.entry(key).or_default() += 1;
        }
    }
}

/// All communities of a run.
pub fn all(run: &Simulation) -> std::ops::Range<u32> {
    0..run.population.layout.communities()
}

/// A thousand rules over thirty countries: in each the purposes, kinds, categories, choices and dates that a regulator
/// there might name; the same with one rule fewer, and only the first of them. With `by_actor`, also the country of the one who acts.
pub fn thousand(by_actor: bool) -> Scenario {
    use outflow::scenario::{Choice, ChoiceOf, Effect, Jurisdiction, Policy, Resolution, Rule};
    let base = cnil(30_000, 60, &[]);
    let places = 30;
    let jurisdictions: Vec<Jurisdiction> = (0..places)
        .map(|i| Jurisdiction {
            bands: Vec::new(),
            code: format!("C{i:02}").into(),
            share: 1.0 / f64::from(places),
            ..base.jurisdictions[i as usize % base.jurisdictions.len()].clone()
        })
        .collect();
    let everything = Rule {
        effect: Effect::Permit,
        resolution: Resolution::Exact,
        purposes: u32::MAX,
        categories: u32::MAX,
        kinds: u32::MAX,
        actor: true,
        counterparty: true,
        jurisdictions: u64::MAX,
        actor_jurisdictions: u64::MAX,
        users: true,
        non_users: true,
        parent_account: None,
        minor: None,
        choice: None,
        from: None,
        until: None,
    };
    let mut rules = vec![everything.clone()];
    for n in 1..1_000u64 {
        let r = |part: u64, of: u64| outflow::random::mix(n * 64 + part) % of;
        let place = 1 << r(0, 30);
        rules.push(Rule {
            effect: if r(1, 4) == 0 { Effect::Permit } else { Effect::Forbid },
            purposes: 1 << r(2, 3),
            categories: 1 << r(3, 15) | 1 << r(4, 15),
            kinds: if r(5, 2) == 0 { u32::MAX } else { 1 << r(6, 16) | 1 << r(7, 16) },
            jurisdictions: place,
            actor_jurisdictions: if by_actor && r(8, 3) == 0 { 1 << r(9, 30) } else { u64::MAX },
            users: r(10, 5) != 0,
            minor: [None, None, Some(true), Some(false)][r(11, 4) as usize],
            choice: match r(12, 3) {
                0 => Some((Choice::Objects, ChoiceOf::Subject)),
                1 => Some((Choice::Agrees, if by_actor { ChoiceOf::Both } else { ChoiceOf::Subject })),
                _ => None,
            },
            from: (r(13, 3) == 0).then(|| base.date([0, 10, 30, 45][r(14, 4) as usize])),
            ..everything.clone()
        });
    }
    let policy =
        |id: &str, rules: Vec<Rule>| Policy { id: id.into(), own: rules.len(), rules, ..base.policies[0].clone() };
    let (fewer, one) = (rules[..rules.len() - 1].to_vec(), vec![everything]);
    let policies = vec![policy("thousand", rules), policy("fewer", fewer), policy("one", one)];
    Scenario { jurisdictions, policies, ..base }
}

/// A table as rows by column; only `split` has commas in its cells, and is quoted.
pub fn table(path: &Path) -> Vec<std::collections::BTreeMap<String, String>> {
    let text = std::fs::read_to_string(path).expect("the table");
    let cells = |line: &str| -> Vec<String> {
        let (mut cells, mut quoted) = (vec![String::new()], false);
        for letter in line.chars() {
            match letter {
                '"' => quoted = !quoted,
                ',' if !quoted => cells.push(String::new()),
                _ => cells.last_mut().expect("a cell").push(letter),
            }
        }
        cells
    };
    let mut lines = text.lines();
    let head = cells(lines.next().expect("a header"));
    lines.map(|line| head.iter().cloned().zip(cells(line)).collect()).collect()
}
