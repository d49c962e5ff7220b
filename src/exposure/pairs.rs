//! Events between two, counted a run at a time: what one person says to another, until somebody else speaks or is spoken to.
//!
//! Within a day nothing is added up but what a run says by itself: its events by class and class, a byte for who acted, a byte for
//! who was told something. Bytes are set without being read, so that no run waits for the one before; marks and cells take them
//! over at the end of the day.

use super::jurisdiction_classes::JurisdictionClasses;
use super::runs::{self, Slots};
use crate::scenario::Kind;
use crate::simd::kernel;
use crate::traffic::{Batch, Shape};

/// Kinds of events between two.
pub const KINDS: [Kind; 6] =
    [Kind::TextMessage, Kind::PhotoMessage, Kind::VoiceMessage, Kind::VideoMessage, Kind::OtherMessage, Kind::Call];

/// What is added up within a community's day.
#[derive(Clone, Debug, Default)]
pub struct Pairs {
    /// Whether the day has events.
    begun: bool,
    /// Merged class of each slot, and flags: whether they acted, and whether they were told something, by the mark that this leaves.
    slots: Slots,
    /// Events by class of the actor and class of the target, in [`runs::LANES`] copies.
    cells: Vec<u64>,
    /// Those of them that are calls, by class and class.
    calls: Vec<u64>,
    /// Mark of each flag.
    marks: Vec<u16>,
    /// Place of the flags of those who are told something, by class of the actor.
    counterparty_mark: Vec<u32>,
}

impl Pairs {
    /// Begins a day, if that is still to do. `class` is the merged class of each slot, `actor_mark` the mark of one who acts, `counterparty_mark` the mark
    /// of who is told something, by class of the one who acts.
    pub fn begin(&mut self, class: &[u16], actor_mark: u16, counterparty_mark: &[u16]) {
        if std::mem::replace(&mut self.begun, true) {
            return;
        }
        self.marks.clear();
        self.marks.push(actor_mark);
        let flag = |mark: &u16| {
            let known = self.marks[1..].iter().position(|m| m == mark);
            if known.is_none() {
                self.marks.push(*mark);
            }
            1 + known.unwrap_or(self.marks.len() - 2)
        };
        let flags: Vec<usize> = counterparty_mark.iter().map(flag).collect();
        self.slots.fill(class, counterparty_mark.len(), self.marks.len());
        self.counterparty_mark.clear();
        self.counterparty_mark.extend(flags.into_iter().map(|flag| self.slots.place(flag)));
        self.cells.resize(runs::LANES * runs::lane(counterparty_mark.len()), 0);
        self.calls.resize(counterparty_mark.len() * counterparty_mark.len(), 0);
    }

    /// Counts the events of a batch. Of those who act elsewhere only what they tell our people counts.
    pub fn count(&mut self, batch: &Batch) {
        let cells = (batch.shape == Shape::Pair).then_some(&mut self.cells[..]);
        runs::count(batch, &mut self.slots, &self.counterparty_mark, cells);
    }

    /// Counts which of the events of a batch are calls: they lie together, so that most of a batch has none.
    pub fn count_calls(&mut self, batch: &Batch) {
        const ROW: usize = 64;
        const CALL: u8 = Kind::Call as u8;
        let rows = batch.kind.chunks(ROW).zip(batch.actor.chunks(ROW)).zip(batch.target.chunks(ROW));
        for ((kinds, actors), targets) in rows.filter(|((kinds, _), _)| kinds.contains(&CALL)) {
            for ((_, &actor), &target) in kinds.iter().zip(actors).zip(targets).filter(|((kind, _), _)| **kind == CALL)
            {
                let [of_actor, of_target] = [actor, target].map(|slot| self.slots.class(slot));
                self.calls[of_actor * self.slots.classes() + of_target] += 1;
            }
        }
    }

    /// Ends the day: moves what was added up to `pairs` (home class, class, merged kind), in the places of messages and of calls among so many merged kinds, and to
    /// the marks of people.
    pub fn end_day(
        &mut self,
        home: JurisdictionClasses,
        (kinds, [message, call]): (usize, [usize; 2]),
        pairs: &mut [u64],
        marks: &mut [u16],
        people: usize,
    ) {
        if !std::mem::take(&mut self.begun) {
            return;
        }
        let classes = self.slots.classes();
        let lane = runs::lane(classes);
        for own in 0..home.acting {
            for class in 0..classes {
                let cell = (home.first + own) * classes + class;
                let events: u64 = (0..runs::LANES).map(|l| std::mem::take(&mut self.cells[l * lane + cell])).sum();
                let calls = std::mem::take(&mut self.calls[cell]);
                let to = (own * home.classes + class) * kinds;
                pairs[to + message] += events - calls;
                pairs[to + call] += calls;
            }
        }
        for (flag, &mark) in self.marks.iter().enumerate() {
            mark_all(&mut marks[..people], &self.slots.flags(flag)[..people], mark);
        }
    }
}

/// Counts events by kind, in the order of [`KINDS`].
pub fn kinds(batch: &Batch) -> [u64; KINDS.len()] {
    runs::histogram(&batch.kind, KINDS.map(|kind| kind as u8))
}

/// Whether all events of a batch are between two.
pub fn only(batch: &Batch) -> bool {
    kinds(batch).iter().sum::<u64>() == batch.kind.len() as u64
}

/// Marks everybody who has a flag, which is 0 or 1.
#[kernel]
fn mark_all(marks: &mut [u16], flags: &[u8], mark: u16) {
    for (marks, &flag) in marks.iter_mut().zip(flags) {
        *marks |= 0u16.wrapping_sub(u16::from(flag)) & mark;
    }
}
