//! Counts a worker's communities person by person.

use std::collections::HashMap;

use super::act_counts::{ActCounts, Role};
use super::flows::PersonFlows;
use crate::exposure::address_book_counts::AddressBookCounts;
use crate::exposure::contexts::{BITS, Contexts, NONE, Plane};
use crate::policy::Compiled;
use crate::population::Community;
use crate::scenario::Kind;
use crate::traffic::{Batch, Shape, Sink, Tally};

/// Days after which numbers are folded at the latest: an address book that everybody uploads often adds 2^24 a day at most, and differences have 31 bits.
const MOST_DAYS: u32 = 100;

/// Counts a worker's communities person by person, and adds people up by class. Nobody may leave the service in the run.
#[derive(Debug)]
pub struct ByPerson<'a> {
    compiled: &'a Compiled,
    contexts: &'a Contexts,
    /// The class by which policies know a person, for each class by which people are told apart here.
    known_as: &'a [u16],
    counts: ActCounts,
    listings: AddressBookCounts,
    /// Period at hand, and days since numbers were folded.
    period: usize,
    days: u32,
    /// Marks over the run: by plane, and person.
    marks: Vec<Vec<u16>>,
    flows: PersonFlows,
}

impl<'a> ByPerson<'a> {
    /// Nothing counted. `known_as` gives, for each class number of the population, the class number by which the policies were compiled.
    pub fn new(compiled: &'a Compiled, contexts: &'a Contexts, known_as: &'a [u16]) -> Self {
        ByPerson {
            compiled,
            contexts,
            known_as,
            counts: ActCounts::new(compiled.actor_groups()),
            listings: AddressBookCounts::default(),
            period: 0,
            days: 0,
            marks: vec![Vec::new(); contexts.planes()],
            flows: PersonFlows::new(compiled, known_as.len()),
        }
    }

    /// What was counted.
    pub fn into_flows(self) -> PersonFlows {
        self.flows
    }

    /// The group of an actor, by class.
    fn group(&self, class: u16) -> usize {
        let merged = self.compiled.merged[usize::from(self.known_as[usize::from(class)])];
        usize::from(self.compiled.actor_group[usize::from(merged)])
    }

    /// Adds what was counted of people since the last time.
    fn fold(&mut self, community: &Community) {
        let people = community.shape.people as usize;
        let class = &community.columns.class[..people];
        let ByPerson { compiled, contexts, counts, listings, marks, flows, period, .. } = self;
        listings.take_times(counts.concerned(Kind::ContactSync as usize, 0));
        let groups = compiled.actor_groups();
        counts.take(people, |kind, role, numbers| {
            let mark = match role {
                Role::Actor => contexts.actor[*period][kind],
                Role::Counterparty { group } => contexts.counterparty[*period][kind * groups + group],
            };
            // Nothing is disclosed in this context.
            if mark == NONE {
                return;
            }
            let plane = contexts.planes_of(*period)[mark as usize / BITS];
            let bit = 1u16 << (mark as usize % BITS);
            for (marks, &n) in marks[plane].iter_mut().zip(numbers) {
                *marks |= if n > 0 { bit } else { 0 };
            }
            let slot = flows.slot(*period, kind, role);
            flows.add(slot, class, numbers);
        });
        self.days = 0;
    }
}

impl Sink for ByPerson<'_> {
    fn begin_community(&mut self, community: &Community) {
        let people = community.shape.people as usize;
        for marks in &mut self.marks {
            marks.clear();
            marks.resize(people, 0);
        }
        self.listings.look_at_circles(&community.circles, people);
    }

    fn begin_day(&mut self, community: &Community, day: u32) {
        let period = self.compiled.period_of(day);
        if self.days > 0 && (period != self.period || self.days >= MOST_DAYS) {
            self.fold(community);
        }
        self.period = period;
        self.days += 1;
    }

    fn batch(&mut self, community: &Community, _: u32, batch: &Batch) {
        let class = |slot: u32| community.columns.class[slot as usize];
        let events = batch.actor.iter().zip(&batch.target).zip(&batch.kind);
        for ((&actor, &target), kind) in events.map(|(of, &kind)| (of, usize::from(kind))) {
            // An incoming event is one of its actor's community.
            if batch.shape != Shape::Incoming {
                self.counts.acted(kind)[actor as usize] += 1;
            }
            let told = match batch.shape {
                Shape::Solo => &[][..],
                Shape::Pair | Shape::Incoming => std::slice::from_ref(&target),
                Shape::Audience => batch.audience(target),
            };
            if told.is_empty() {
                continue;
            }
            let group = self.group(class(actor));
            let concerned = self.counts.concerned(kind, group);
            // What concerns people elsewhere is counted where they live.
            for &person in told.iter().filter(|&&person| person != actor && community.is_local(person)) {
                concerned[person as usize] += 1;
            }
        }
    }

    fn counts(&self, day: u32) -> bool {
        let period = self.compiled.period_of(day);
        self.compiled.actor_groups() == 1 && self.contexts.partition[period].messages()
    }

    fn tally(&mut self, _: &Community, _: u32, tally: Tally<'_>) {
        let counts = &mut self.counts;
        match tally {
            Tally::StrongTies(block, sent) => counts.strong_ties(block, sent),
            Tally::WeakTies(block, sent) => counts.weak_ties(block, sent),
            Tally::Groups(block, seats) => counts.groups(block, seats),
            Tally::CheckIns(checkins) => counts.checkins(checkins),
            Tally::Calls(calls) => counts.calls(calls),
            Tally::Alone { user, kind, n } => counts.acted(kind as usize)[user as usize] += n,
            Tally::Uploads(books, times) => {
                let acted = counts.acted(Kind::ContactSync as usize);
                for (&owner, &n) in books.owner.iter().zip(times) {
                    acted[usize::from(owner)] += n;
                }
                self.listings.add_times(books, times);
            }
            Tally::Listed(listed) => {
                let concerned = counts.concerned(Kind::ContactSync as usize, 0);
                for &row in listed.rows {
                    let n = listed.times(row);
                    concerned[(listed.user + row * listed.step) as usize] += n;
                    if let Some(person) = listed.beside(row) {
                        concerned[person as usize] += n;
                    }
                }
            }
        }
    }

    fn end_community(&mut self, community: &Community) {
        self.fold(community);
        let people = community.shape.people as usize;
        let class = &community.columns.class[..people];
        let mut number: HashMap<Vec<u16>, usize> = HashMap::new();
        let mut known: Vec<Vec<u16>> = Vec::new();
        // By marks, and by class from the first of the community on.
        let (least, most) = class.iter().fold((u16::MAX, 0), |(least, most), &c| (least.min(c), most.max(c)));
        let classes = usize::from(most.saturating_sub(least)) + 1;
        let mut people_of: Vec<u64> = Vec::new();
        let (mut own, mut last) = (Vec::new(), usize::MAX);
        for (person, &class) in class.iter().enumerate() {
            own.clear();
            own.extend(self.marks.iter().map(|marks| marks[person]));
            if known.get(last) != Some(&own) {
                last = *number.entry(own.clone()).or_insert_with(|| {
                    known.push(own.clone());
                    people_of.resize(known.len() * classes, 0);
                    known.len() - 1
                });
            }
            people_of[last * classes + usize::from(class - least)] += 1;
        }
        for (marks, people_of) in known.iter().zip(people_of.chunks(classes)) {
            for (class, &n) in (least..).zip(people_of).filter(|(_, n)| **n > 0) {
                self.flows.add_people(class, marks, n);
            }
        }
    }
}

/// The words of marks of a person over a run without leavers, with their planes.
pub(super) fn planes_of(marks: &[u16]) -> impl Iterator<Item = (Plane, u16)> + '_ {
    marks.iter().enumerate().map(|(number, &marks)| (Plane { number, left: false }, marks))
}
