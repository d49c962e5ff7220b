//! Collects who did what and who told of whom, from every event of a community's days.

use std::collections::HashSet;

use super::observed::Observed;
use super::sources::KnowledgeSources;
use super::telling::{MOST_PLACES, NOWHERE, Telling, Tellings};
use super::timeline::Timeline;
use super::totals::KnowledgeTotals;
use crate::exposure::contexts::{BITS, NONE, Plane};
use crate::exposure::way::Way;
use crate::policy::DayClasses;
use crate::population::Community;
use crate::random::mix;
use crate::scenario::Kind;
use crate::traffic::{Batch, Shape, Sink};

/// Observes communities, one after the other, and counts what the parent comes to know of each.
#[derive(Debug)]
pub struct KnowledgeObserver<'a> {
    sources: KnowledgeSources<'a>,
    class: DayClasses,
    /// Merged class of each local person before anybody left.
    first_class: Vec<u16>,
    /// The least slot of the person of each slot: the local one, if there is.
    same_person: Vec<u32>,
    /// Whether each local person has left the service by now.
    gone: Vec<bool>,
    /// How many have.
    left: u64,
    /// Marks of what each local person did, a word a person for each plane.
    acted: Vec<Vec<u16>>,
    /// Days on which each local person did something, and the last of them, plus one.
    active_days: Vec<u16>,
    last_active: Vec<u32>,
    timeline: Timeline,
    tellings: Tellings,
    /// Audiences that an actor addressed in a context already, and those that this was on the day at hand.
    addressed: HashSet<[u64; 2], foldhash::fast::FixedState>,
    addressed_today: HashSet<[u64; 2], foldhash::fast::FixedState>,
    period: Option<usize>,
    /// By kind: place of the context of an actor; by kind, actor group, and whether they left: those of counterparties.
    actor_place: Vec<u16>,
    counterparty_place: Vec<[u16; 2]>,
    totals: KnowledgeTotals,
}

impl<'a> KnowledgeObserver<'a> {
    /// One that has seen nothing. There are at most [`MOST_PLACES`] places of contexts: `simulate::knowledge_memory` refuses more.
    pub fn new(sources: KnowledgeSources<'a>) -> Self {
        debug_assert!(sources.places() <= MOST_PLACES);
        KnowledgeObserver {
            sources,
            class: DayClasses::default(),
            first_class: Vec::new(),
            same_person: Vec::new(),
            gone: Vec::new(),
            left: 0,
            acted: vec![Vec::new(); sources.contexts.planes()],
            active_days: Vec::new(),
            last_active: Vec::new(),
            timeline: sources.timeline(),
            tellings: Tellings::new(),
            addressed: HashSet::default(),
            addressed_today: HashSet::default(),
            period: None,
            actor_place: Vec::new(),
            counterparty_place: Vec::new(),
            totals: KnowledgeTotals::new(sources.scenario, sources.asked, sources.compiled),
        }
    }

    /// What was counted.
    pub fn into_totals(self) -> KnowledgeTotals {
        self.totals
    }

    /// Looks up what contexts of a period mean.
    fn turn_to(&mut self, period: usize) {
        if self.period == Some(period) {
            return;
        }
        self.period = Some(period);
        let contexts = self.sources.contexts;
        let planes = contexts.planes_of(period);
        let place = |mark: u32, left: bool| match mark {
            NONE => NOWHERE,
            mark => {
                let (word, bit) = (mark as usize / BITS, mark as usize % BITS);
                (Plane { number: planes[word], left }.place() * BITS + bit) as u16
            }
        };
        self.actor_place.clear();
        self.actor_place.extend(contexts.actor[period].iter().map(|&mark| place(mark, false)));
        self.counterparty_place.clear();
        let of_both = |&mark: &u32| [place(mark, false), place(mark, true)];
        self.counterparty_place.extend(contexts.counterparty[period].iter().map(of_both));
    }

    /// A local person does something.
    #[inline]
    fn acts(&mut self, person: u32, kind: u8, (day, time): (u32, u32)) {
        let person = person as usize;
        let place = self.actor_place[usize::from(kind)];
        self.timeline.acts(person, place, day, time);
        let place = usize::from(place);
        if place != usize::from(NOWHERE) {
            self.acted[Plane::at(place / BITS).number][person] |= 1 << (place % BITS);
        }
        if self.last_active[person] != day + 1 {
            self.last_active[person] = day + 1;
            self.active_days[person] += 1;
        }
    }

    /// Contexts of those whom an act is about, who are there and who have left.
    #[inline]
    fn context(&self, actor: u32, kind: u8) -> [u16; 2] {
        let compiled = self.sources.compiled;
        let group = usize::from(compiled.actor_group[usize::from(self.class.all()[actor as usize])]);
        self.counterparty_place[usize::from(kind) * compiled.actor_groups() + group]
    }

    /// An act of somebody on a day is about a local person.
    #[inline]
    fn tells(&mut self, subject: u32, informant: u32, (way, context): (Way, [u16; 2]), day: u32) {
        // Nobody is an informant about themselves.
        if subject == informant {
            return;
        }
        let place = context[usize::from(self.gone[subject as usize])];
        self.tellings.add(Telling::new(subject, informant, way, place));
        self.timeline.told_of(subject as usize, place, day);
    }
}

impl Sink for KnowledgeObserver<'_> {
    fn begin_community(&mut self, community: &Community) {
        let people = community.shape.people as usize;
        self.class.begin(self.sources.compiled, community);
        self.first_class.clear();
        self.first_class.extend_from_slice(&self.class.all()[..people]);
        find_same_person(community, &mut self.same_person);
        self.gone.clear();
        self.gone.resize(people, false);
        self.left = 0;
        for acted in &mut self.acted {
            acted.clear();
            acted.resize(people, 0);
        }
        self.active_days.clear();
        self.active_days.resize(people, 0);
        self.last_active.clear();
        self.last_active.resize(people, 0);
        self.timeline.begin(people);
        self.tellings.clear();
        self.addressed.clear();
    }

    fn begin_day(&mut self, community: &Community, day: u32) {
        let KnowledgeObserver { class, gone, left, sources, .. } = self;
        class.turn_to(sources.compiled, community, day, |slot| {
            if let Some(gone) = gone.get_mut(slot as usize) {
                *gone = true;
                *left += 1;
            }
        });
        self.turn_to(self.sources.compiled.period_of(day));
        self.addressed_today.clear();
    }

    fn batch(&mut self, community: &Community, day: u32, batch: &Batch) {
        let columns = batch.actor.iter().zip(&batch.target).zip(batch.kind.iter().zip(&batch.time));
        match batch.shape {
            Shape::Pair | Shape::Incoming => {
                for ((&actor, &target), (&kind, &time)) in columns {
                    if batch.shape == Shape::Pair {
                        self.acts(actor, kind, (day, time));
                    }
                    if community.is_local(target) {
                        let context = self.context(actor, kind);
                        let informant = self.same_person[actor as usize];
                        if let Some(way) = Way::of_others(Kind::ALL[usize::from(kind)]) {
                            self.tells(target, informant, (way, context), day);
                        }
                    }
                }
            }
            Shape::Solo => columns.for_each(|((&actor, _), (&kind, &time))| self.acts(actor, kind, (day, time))),
            Shape::Audience => {
                for ((&actor, &target), (&kind, &time)) in columns {
                    self.acts(actor, kind, (day, time));
                    let context = self.context(actor, kind);
                    let Some(way) = Way::of_others(Kind::ALL[usize::from(kind)]) else { continue };
                    // Who addressed the same group, or uploaded the same book, in the same context told nothing new, unless somebody left since.
                    let group = u64::from(batch.audiences[target as usize].group);
                    let how = (way as u64) << 32 | u64::from(context[0]) << 16 | u64::from(context[1]);
                    let addressed = [u64::from(actor) << 32 | group, mix(self.left) ^ how];
                    let informant = self.same_person[actor as usize];
                    let others = |member: &&u32| **member != actor && community.is_local(**member);
                    if self.addressed.insert(addressed) {
                        for &member in batch.audience(target).iter().filter(others) {
                            self.tells(member, informant, (way, context), day);
                        }
                        self.addressed_today.insert(addressed);
                    } else if self.timeline.keeps_days() && self.addressed_today.insert(addressed) {
                        // What was told on a day before was told again.
                        for &member in batch.audience(target).iter().filter(others).filter(|m| **m != informant) {
                            let place = context[usize::from(self.gone[member as usize])];
                            self.timeline.told_of(member as usize, place, day);
                        }
                    }
                }
            }
        }
    }

    fn end_community(&mut self, community: &Community) {
        let observed = Observed::new(
            self.sources,
            community,
            &self.first_class,
            &self.same_person,
            (&self.acted, &self.active_days, &self.timeline),
            self.tellings.in_order(),
        );
        self.totals.add(&observed);
    }
}

/// The least slot of the person of each slot. The other end of a weak tie may be somebody of the community, or stand at two ties.
fn find_same_person(community: &Community, same_person: &mut Vec<u32>) {
    let slots = community.slots() as u32;
    same_person.clear();
    same_person.extend(0..slots);
    let elsewhere = community.shape.people..slots;
    let mut ids: Vec<(u64, u32)> = elsewhere.map(|slot| (community.id(slot), slot)).collect();
    ids.sort_unstable();
    let mut first = (u64::MAX, 0);
    for (id, slot) in ids.into_iter().filter(|(id, _)| *id != u64::MAX) {
        let (number, local) = crate::population::split_id(id);
        if number == community.shape.number {
            same_person[slot as usize] = local;
        } else if first.0 == id {
            same_person[slot as usize] = first.1;
        } else {
            first = (id, slot);
        }
    }
}
