//! What all engines are given, and what they are asked.
//!
//! The events with one actor and one counterparty of the first day of the shipped scenario, all people, in the order in
//! which they are made. Asked is, for each of three policies and three purposes, how many values, events and bytes are let
//! out, and about how many distinct people: whoever acts is a subject, and so is the counterparty. Nobody is given anything that
//! was worked out before: the same columns are laid out for ours by community, and for everybody else with people numbered through.

use outflow::policy::{Compiled, DecisionIndex};
use outflow::population::{Community, split_id};
use outflow::scenario::{Kind, Overrides, Scenario, load};
use outflow::simulate::Simulation;
use outflow::traffic::{Batch, Shape, Sink, Traffic};

pub const KINDS: usize = Kind::COUNT;

/// What is let out under one policy for one purpose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    pub values: u64,
    pub events: u64,
    pub bytes: u64,
    pub people: u64,
}

/// The figures of each policy and, within, purpose.
pub type Answer = Vec<Figures>;

/// A community with its batches, for our own engine: it takes events as they are made, community by community.
pub struct Part {
    pub community: Community,
    /// A batch of its events, and one of those that only say of our people that somebody elsewhere wrote to them: our engine
    /// counts people where they live. The latter are work that nobody else has, and no events.
    pub batches: Vec<Batch>,
    pub events: usize,
}

/// Events in flat columns, for everybody else.
#[derive(Default)]
pub struct Given {
    /// Number of the person, from 0.
    pub actor: Vec<u32>,
    pub target: Vec<u32>,
    pub kind: Vec<u8>,
    /// Class of each person.
    pub class: Vec<u8>,
}

/// All of it.
pub struct Data {
    pub scenario: Scenario,
    pub run: Simulation,
    pub given: Given,
    pub parts: Vec<Part>,
    pub masks: Masks,
}

/// The compiled policies as plain tables. Compiling is not measured, for nobody.
pub struct Masks {
    /// Policies by purposes.
    pub cells: usize,
    pub classes: usize,
    /// What is let out about an actor: kind, class, cell.
    pub actor: Vec<Mask>,
    /// About a counterparty: kind, class, cell. No policy of the scenario looks at who acts.
    pub counterparty: Vec<Mask>,
}

/// Categories that are let out, how many, and their bytes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mask {
    pub categories: u32,
    pub values: u32,
    pub bytes: u32,
}

impl Masks {
    fn new(scenario: &Scenario, compiled: &Compiled) -> Self {
        assert_eq!(compiled.actor_groups(), 1, "a policy tells actors apart: the tables lack a dimension");
        let (cells, classes) = (compiled.policies * compiled.purposes, compiled.classes.len());
        let mask = |categories: u32| {
            let of = |c: &usize| categories >> c & 1 == 1;
            let bytes = (0..scenario.categories.len()).filter(of).map(|c| scenario.categories[c].bytes).sum();
            Mask { categories, values: categories.count_ones(), bytes }
        };
        let (mut actor, mut counterparty) = (Vec::new(), Vec::new());
        for kind in 0..KINDS {
            for class in 0..classes {
                for cell in 0..cells {
                    let (policy, purpose) = (cell / compiled.purposes, cell % compiled.purposes);
                    let at = DecisionIndex { period: 0, policy, purpose, kind };
                    actor.push(mask(compiled.actor_mask(at, class, 0)));
                    counterparty.push(mask(compiled.counterparty_mask(at, 0, class, 0)));
                }
            }
        }
        Masks { cells, classes, actor, counterparty }
    }

    /// The masks of all cells.
    pub fn of_actor(&self, kind: u8, class: u8) -> &[Mask] {
        &self.actor[(usize::from(kind) * self.classes + usize::from(class)) * self.cells..][..self.cells]
    }

    /// The masks of all cells.
    pub fn of_counterparty(&self, kind: u8, class: u8) -> &[Mask] {
        &self.counterparty[(usize::from(kind) * self.classes + usize::from(class)) * self.cells..][..self.cells]
    }
}

/// The shipped scenario with so many people, and one day.
pub fn scenario(people: u64) -> Scenario {
    let path = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../scenarios/cnil-2017.toml"));
    let overrides = Overrides { people: Some(people), days: Some(1), ..Overrides::default() };
    match load(path, &overrides) {
        Ok((scenario, _)) => scenario,
        Err(problems) => panic!("{problems}"),
    }
}

/// Keeps the events that are about one counterparty, of each shape in one batch, in the order in which they are made: columns
/// as whole as those that everybody else reads.
struct Keep([Batch; 2]);

impl Keep {
    fn new() -> Self {
        Keep([Shape::Pair, Shape::Incoming].map(|shape| Batch::new(shape, 0)))
    }

    /// The batches, in rooms of their size.
    fn batches(&self) -> Vec<Batch> {
        self.0.to_vec()
    }
}

impl Sink for Keep {
    fn batch(&mut self, _: &Community, _: u32, batch: &Batch) {
        let Some(keep) = self.0.iter_mut().find(|keep| keep.shape == batch.shape) else { return };
        // An upload of an address book is no event with one counterparty, though it comes in to each of them.
        for i in (0..batch.len()).filter(|&i| batch.kind[i] != Kind::ContactSync as u8) {
            keep.push(batch.event(i));
        }
    }
}

impl Data {
    /// Simulates the day.
    pub fn new(people: u64) -> Self {
        let scenario = scenario(people);
        let run = Simulation::new(&scenario);
        let masks = Masks::new(&scenario, &run.compiled);
        let mut traffic = Traffic::new(&run.population, &run.tables);
        let communities = run.population.layout.communities();
        // People are numbered through; ids leave gaps between communities.
        let mut first = Vec::new();
        let mut next = 0;
        for number in 0..communities {
            first.push(next);
            next += run.population.layout.shape(number).people;
        }
        let (mut parts, mut given) = (Vec::new(), Given::default());
        for number in 0..communities {
            let mut community = Community::empty();
            community.fill(&run.population, number);
            traffic.begin();
            let mut keep = Keep::new();
            traffic.day(&community, 0, &mut keep);
            let batches = keep.batches();
            let person = |slot: u32| {
                let (community, local) = split_id(community.id(slot));
                first[community as usize] + local
            };
            let mut events = 0;
            for batch in batches.iter().filter(|b| b.shape == Shape::Pair) {
                given.actor.extend(batch.actor.iter().map(|&slot| person(slot)));
                given.target.extend(batch.target.iter().map(|&slot| person(slot)));
                given.kind.extend_from_slice(&batch.kind);
                events += batch.len();
            }
            let own = &community.columns.class[..community.shape.people as usize];
            given.class.extend(own.iter().map(|&c| run.compiled.merged[usize::from(c)] as u8));
            parts.push(Part { community, batches, events });
        }
        assert!(run.compiled.classes.len() <= 256, "classes do not fit a byte");
        Data { scenario, run, given, parts, masks }
    }

    /// Number of events.
    pub fn events(&self) -> u64 {
        self.given.kind.len() as u64
    }

    /// In a line.
    pub fn describe(&self) -> String {
        let (people, classes) = (self.given.class.len(), self.masks.classes);
        format!("{} events among {people} people of {classes} classes, {} communities", self.events(), self.parts.len())
    }

    /// An answer as a table.
    pub fn table(&self, answer: &Answer) -> String {
        let mut text =
            String::from("\n| policy | purpose | values | events | bytes | people |\n|---|---|---:|---:|---:|---:|");
        for (cell, f) in answer.iter().enumerate() {
            let (policy, purpose) = (cell / self.run.compiled.purposes, cell % self.run.compiled.purposes);
            let (policy, purpose) = (&self.scenario.policies[policy].id, &self.scenario.purposes[purpose].id);
            text += &format!("\n| {policy} | {purpose} | {} | {} | {} | {} |", f.values, f.events, f.bytes, f.people);
        }
        text
    }
}

impl Given {
    /// Every so manieth event, `n` in all.
    pub fn sample(&self, n: usize) -> Given {
        let step = (self.kind.len() / n).max(1);
        let mut sample = Given { class: self.class.clone(), ..Given::default() };
        for i in (0..self.kind.len()).step_by(step).take(n) {
            sample.actor.push(self.actor[i]);
            sample.target.push(self.target[i]);
            sample.kind.push(self.kind[i]);
        }
        sample
    }
}
