//! Simulates some people's communities and hands on every disclosure about them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::policy::{Outcome, Role, Setting, decide};
use crate::population::{Community, split_id};
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
    /// Person id of the subject.
    pub subject: u64,
    /// Part of the subject in the event.
    pub role: Role,
    /// Person id of the one who acts; the subject itself in the role of actor.
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

/// Calls `each` with every disclosure about these people under a policy, on all days of the run: community by community,
/// day by day. Stops at the first error that `each` gives.
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
        let (community, local) = split_id(id);
        homes.entry(community).or_default().push(local);
    }
    let mut follower = Follower {
        scenario,
        run,
        policy,
        homes: &homes,
        wanted: Vec::new(),
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

struct Follower<'a, F, E> {
    scenario: &'a Scenario,
    run: &'a Simulation,
    policy: &'a Policy,
    /// Local indices of those who are followed, by community.
    homes: &'a BTreeMap<u32, Vec<u32>>,
    /// Those of the community at hand, by local index.
    wanted: Vec<bool>,
    decided: HashMap<Case, LetOut>,
    each: F,
    failed: Option<E>,
}

impl<E, F: FnMut(Disclosure) -> Result<(), E>> Follower<'_, F, E> {
    fn wants(&self, slot: u32) -> bool {
        self.wanted.get(slot as usize).is_some_and(|w| *w)
    }

    fn flows(
        &mut self,
        community: &Community,
        day: u32,
        (time, kind): (u32, u8),
        role: Role,
        [subject, actor]: [u32; 2],
    ) {
        let class = |slot| community.class_on(&self.run.population.classes, slot, day);
        let classes = [class(subject), class(actor)];
        let case = (self.run.compiled.period_of(day), usize::from(kind), role == Role::Actor, classes[0], classes[1]);
        let let_out = match self.decided.get(&case) {
            Some(known) => known.clone(),
            None => {
                let new = self.decide(day, Kind::ALL[usize::from(kind)], role, classes);
                self.decided.insert(case, new.clone());
                new
            }
        };
        let midnight = self.scenario.date(day).and_time(chrono::NaiveTime::MIN).and_utc().timestamp_millis();
        for (purpose, category, resolution, rules) in let_out.iter() {
            let disclosure = Disclosure {
                time: midnight + i64::from(time),
                kind: Kind::ALL[usize::from(kind)],
                subject: community.id(subject),
                role,
                actor: community.id(actor),
                purpose: *purpose,
                category: *category,
                resolution: *resolution,
                rules: rules.clone(),
            };
            if let Err(e) = (self.each)(disclosure) {
                self.failed = Some(e);
                return;
            }
        }
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

    fn batch(&mut self, community: &Community, day: u32, batch: &Batch) {
        for i in 0..batch.len() {
            if self.failed.is_some() {
                return;
            }
            let (actor, target) = (batch.actor[i], batch.target[i]);
            let what = (batch.time[i], batch.kind[i]);
            // The actor of an incoming event lives elsewhere, and is followed there.
            if batch.shape != Shape::Incoming && self.wants(actor) {
                self.flows(community, day, what, Role::Actor, [actor, actor]);
            }
            match batch.shape {
                Shape::Pair | Shape::Incoming => {
                    if self.wants(target) {
                        self.flows(community, day, what, Role::Counterparty, [target, actor]);
                    }
                }
                Shape::Audience => {
                    for &member in batch.audience(target).iter().filter(|&&m| m != actor) {
                        if self.wants(member) {
                            self.flows(community, day, what, Role::Counterparty, [member, actor]);
                        }
                    }
                }
                Shape::Solo => {}
            }
        }
    }
}
