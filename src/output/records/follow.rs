//! Simulates some people's communities and hands on every disclosure about them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::slot_id::slot_id;
use crate::policy::{Outcome, Role, Setting, decide};
use crate::population::Community;
use crate::scenario::{Kind, Policy, Resolution, Scenario};
use crate::simulate::Simulation;
use crate::traffic::{Batch, Shape, Sink};

/// A disclosed flow about a person.
#[derive(Clone, Debug)]
pub struct Disclosure {
    /// Milliseconds since 1970, UTC.
    pub time: i64,
    /// Kind of event.
    pub kind: Kind,
    /// Public id of the subject.
    pub subject: u64,
    /// Part of the subject in the event.
    pub role: Role,
    /// Public id of the one who acts; the subject itself in the role of actor.
    pub actor: u64,
    /// Index of the purpose.
    pub purpose: usize,
    /// Index of the category.
    pub category: usize,
    /// How exactly it is let out.
    pub resolution: Resolution,
    /// Indices of the rules that permit it.
    pub rules: Arc<[usize]>,
}

/// Calls `each` with every disclosure about these people (public ids) under a policy, on all days of the run: community by
/// community, day by day, by time. Stops at the first error that `each` gives.
///
/// # Errors
/// What `each` gives.
pub fn follow<E>(
    run: &Simulation,
    policy: &Policy,
    people: &BTreeSet<u64>,
    each: impl FnMut(Disclosure) -> Result<(), E>,
) -> Result<(), E> {
    let scenario = &run.scenario;
    let mut homes: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for &id in people {
        if let Some((community, local)) = run.population.public_ids.find(id) {
            homes.entry(community).or_default().push(local);
        }
    }
    let mut follower = Follower {
        scenario,
        run,
        policy,
        homes: &homes,
        wanted: Vec::new(),
        flows: Vec::new(),
        decided: HashMap::new(),
        each,
        failed: None,
    };
    run.replay(homes.keys().copied(), 0..scenario.days, &mut follower);
    follower.failed.map_or(Ok(()), Err)
}

/// Purposes and categories let out in a setting, with how and why.
type LetOut = Arc<[(usize, usize, Resolution, Arc<[usize]>)]>;

/// Period, kind, role, classes of subject and actor.
type Case = (usize, usize, bool, u16, u16);

/// An event of the day and a subject who is followed; sorts by what can be told of it outside.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Flow {
    time: u32,
    /// The same for all subjects of an event.
    tie: u64,
    /// Whether the subject is a counterparty.
    counterparty: bool,
    /// Public ids and slots.
    subject: (u64, u32),
    actor: (u64, u32),
    kind: u8,
}

struct Follower<'a, F, E> {
    scenario: &'a Scenario,
    run: &'a Simulation,
    policy: &'a Policy,
    /// Local indices of those who are followed, by community.
    homes: &'a BTreeMap<u32, Vec<u32>>,
    /// Those of the community at hand, by local index.
    wanted: Vec<bool>,
    /// Of the day at hand.
    flows: Vec<Flow>,
    decided: HashMap<Case, LetOut>,
    each: F,
    failed: Option<E>,
}

impl<E, F: FnMut(Disclosure) -> Result<(), E>> Follower<'_, F, E> {
    fn wants(&self, slot: u32) -> bool {
        self.wanted.get(slot as usize).is_some_and(|w| *w)
    }

    /// Keeps what event `i` says of a subject until the day ends.
    fn keep(&mut self, community: &Community, batch: &Batch, i: usize, subject: u32) {
        let public = &self.run.population.public_ids;
        let (e, id) = (batch.event(i), |slot| (slot_id(public, community, slot), slot));
        let actor = id(e.actor);
        self.flows.push(Flow {
            time: e.time,
            tie: public.tie([actor.0, e.conversation, e.kind.into(), e.bytes.into()]),
            counterparty: subject != e.actor,
            subject: id(subject),
            actor,
            kind: e.kind,
        });
    }

    /// Hands on what a flow lets out.
    fn hand_on(&mut self, community: &Community, day: u32, flow: Flow) -> Result<(), E> {
        let class = |slot| community.class_on(&self.run.population.classes, slot, day);
        let (kind, classes) = (Kind::ALL[usize::from(flow.kind)], [class(flow.subject.1), class(flow.actor.1)]);
        let role = if flow.counterparty { Role::Counterparty } else { Role::Actor };
        let case = (self.run.compiled.period_of(day), kind as usize, role == Role::Actor, classes[0], classes[1]);
        let let_out = match self.decided.get(&case) {
            Some(known) => known.clone(),
            None => {
                let new = self.decide(day, kind, role, classes);
                self.decided.insert(case, new.clone());
                new
            }
        };
        let midnight = self.scenario.date(day).and_time(chrono::NaiveTime::MIN).and_utc().timestamp_millis();
        for (purpose, category, resolution, rules) in let_out.iter() {
            (self.each)(Disclosure {
                time: midnight + i64::from(flow.time),
                kind,
                subject: flow.subject.0,
                role,
                actor: flow.actor.0,
                purpose: *purpose,
                category: *category,
                resolution: *resolution,
                rules: rules.clone(),
            })?;
        }
        Ok(())
    }

    fn decide(&self, day: u32, kind: Kind, role: Role, [subject, actor]: [u16; 2]) -> LetOut {
        let class = |number: u16| &self.run.population.classes.all()[usize::from(number)];
        let mut let_out = Vec::new();
        for purpose in 0..self.scenario.purposes.len() {
            let date = self.scenario.date(day);
            let setting = Setting { purpose, kind, role, subject: class(subject), actor: class(actor), date };
            for category in 0..self.scenario.categories.len() {
                let d = decide(self.scenario, self.policy, &setting, category);
                if let (Outcome::Permitted, Some(resolution)) = (d.outcome, d.resolution) {
                    let_out.push((purpose, category, resolution, d.rules.into()));
                }
            }
        }
        let_out.into()
    }
}

impl<E, F: FnMut(Disclosure) -> Result<(), E>> Sink for Follower<'_, F, E> {
    fn begin_community(&mut self, community: &Community) {
        self.wanted.clear();
        self.wanted.resize(community.shape.people as usize, false);
        for local in self.homes.get(&community.shape.number).into_iter().flatten() {
            if let Some(wanted) = self.wanted.get_mut(*local as usize) {
                *wanted = true;
            }
        }
    }

    fn ended(&self) -> bool {
        self.failed.is_some()
    }

    fn begin_day(&mut self, _: &Community, _: u32) {
        self.flows.clear();
    }

    fn batch(&mut self, community: &Community, _: u32, batch: &Batch) {
        for i in 0..batch.len() {
            let (actor, target) = (batch.actor[i], batch.target[i]);
            // The actor of an incoming event lives elsewhere, and is followed there.
            if batch.shape != Shape::Incoming && self.wants(actor) {
                self.keep(community, batch, i, actor);
            }
            match batch.shape {
                Shape::Pair | Shape::Incoming => {
                    if self.wants(target) {
                        self.keep(community, batch, i, target);
                    }
                }
                Shape::Audience => {
                    for &member in batch.audience(target).iter().filter(|&&m| m != actor) {
                        if self.wants(member) {
                            self.keep(community, batch, i, member);
                        }
                    }
                }
                Shape::Solo => {}
            }
        }
    }

    fn end_day(&mut self, community: &Community, day: u32) {
        let mut flows = std::mem::take(&mut self.flows);
        flows.sort_unstable();
        self.failed = flows.iter().try_for_each(|&flow| self.hand_on(community, day, flow)).err();
        self.flows = flows;
    }
}
