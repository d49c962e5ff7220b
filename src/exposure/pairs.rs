//! Events between two, counted a run at a time: what one person says to another, until somebody else speaks or is spoken to.
//!
//! Within a day nothing is added up but what a run says by itself: its events by class and class, a byte for who acted, a byte for
//! who was told something. Bytes are set without being read, so that no run waits for the one before; marks and cells take them
//! over at the end of the day.

use super::cells::Home;
use super::runs;
use crate::scenario::Kind;
use crate::traffic::{Batch, Shape};
use crate::vector::kernels;

/// Most classes that are counted this way: a byte holds one.
pub const MOST: usize = 1 << 8;

/// Kinds of events between two.
pub const KINDS: [Kind; 6] =
    [Kind::TextMessage, Kind::PhotoMessage, Kind::VoiceMessage, Kind::VideoMessage, Kind::OtherMessage, Kind::Call];

/// What is added up within a community's day.
#[derive(Clone, Debug, Default)]
pub struct Pairs {
    /// Whether the day has events.
    begun: bool,
    /// Merged class of each slot.
    class: Vec<u8>,
    /// Merged classes.
    classes: usize,
    /// Events by class of the actor and class of the target, in [`runs::LANES`] copies.
    cells: Vec<u64>,
    /// A byte for each slot, by plane: whether they acted, then whether they were told something, by the mark that this leaves.
    flags: Vec<u8>,
    /// Mark of each plane.
    planes: Vec<u16>,
    /// Where the plane of those who are told something begins, by class of the actor.
    told: Vec<u32>,
}

impl Pairs {
    /// Begins a day, if that is still to do. `class` is the merged class of each slot, `acts` the mark of one who acts, `told` the mark
    /// of who is told something, by class of the one who acts.
    pub fn begin(&mut self, class: &[u16], acts: u16, told: &[u16]) {
        if std::mem::replace(&mut self.begun, true) {
            return;
        }
        self.classes = told.len();
        self.class.resize(class.len(), 0);
        let largest = narrow(class, &mut self.class);
        assert!(usize::from(largest) < self.classes && self.classes <= MOST, "a class that there is not");
        self.cells.resize(runs::LANES * runs::lane(self.classes), 0);
        self.planes.clear();
        self.planes.push(acts);
        self.told.clear();
        for mark in told {
            let known = self.planes[1..].iter().position(|m| m == mark);
            let plane = 1 + known.unwrap_or(self.planes.len() - 1);
            if known.is_none() {
                self.planes.push(*mark);
            }
            self.told.push((plane * class.len()) as u32);
        }
        self.flags.clear();
        self.flags.resize(self.planes.len() * class.len(), 0);
    }

    /// Counts the events of a batch. Of those who act elsewhere only what they tell our people counts.
    pub fn count(&mut self, batch: &Batch) {
        let with = runs::With { class: &self.class, classes: self.classes, told: &self.told };
        let cells = (batch.shape == Shape::Pair).then_some(&mut self.cells[..]);
        runs::count(batch, &with, &mut self.flags, cells);
    }

    /// Ends the day: moves what was added up to `pairs` (home class, class, merged kind), in the place of `kind`, and to the marks of
    /// people.
    pub fn end_day(
        &mut self,
        home: Home,
        (kinds, kind): (usize, usize),
        pairs: &mut [u64],
        marks: &mut [u16],
        people: usize,
    ) {
        if !std::mem::take(&mut self.begun) {
            return;
        }
        let lane = runs::lane(self.classes);
        for own in 0..home.acting {
            for class in 0..self.classes {
                let cell = (home.first + own) * self.classes + class;
                let events: u64 = (0..runs::LANES).map(|l| std::mem::take(&mut self.cells[l * lane + cell])).sum();
                pairs[(own * home.classes + class) * kinds + kind] += events;
            }
        }
        for (&mark, plane) in self.planes.iter().zip(self.flags.chunks(self.class.len().max(1))) {
            mark_all(&mut marks[..people], &plane[..people], mark);
        }
    }
}

/// Counts events by kind, in the order of [`KINDS`].
pub fn kinds(batch: &Batch) -> [u64; KINDS.len()] {
    let mut count = [0; KINDS.len()];
    count_kinds(&batch.kind, &mut count);
    count
}

/// Whether all events of a batch are between two.
pub fn only(batch: &Batch) -> bool {
    kinds(batch).iter().sum::<u64>() == batch.kind.len() as u64
}

/// Kinds that are compared at once.
const WIDE: usize = 64;

kernels! {
    /// See [`kinds`].
    fn count_kinds(kinds: &[u8], count: &mut [u64; KINDS.len()]) {
        // Bytes are added up in bytes: none is full before it is emptied.
        for kinds in kinds.chunks(255 * WIDE) {
            let rows = kinds.chunks_exact(WIDE);
            let rest = rows.remainder();
            for (kind, sum) in KINDS.iter().zip(&mut *count) {
                let kind = *kind as u8;
                let mut bytes = [0u8; WIDE];
                for row in rows.clone() {
                    for (byte, &k) in bytes.iter_mut().zip(row) {
                        *byte += u8::from(k == kind);
                    }
                }
                *sum += bytes.iter().map(|&n| u64::from(n)).sum::<u64>();
                *sum += rest.iter().map(|&k| u64::from(k == kind)).sum::<u64>();
            }
        }
    }

    /// Classes as bytes. Returns the largest.
    fn narrow(class: &[u16], bytes: &mut [u8]) -> u16 {
        let mut largest = 0;
        for (byte, &class) in bytes.iter_mut().zip(class) {
            largest = largest.max(class);
            *byte = class as u8;
        }
        largest
    }

    /// Marks everybody who has a flag, which is 0 or 1.
    fn mark_all(marks: &mut [u16], flags: &[u8], mark: u16) {
        for (marks, &flag) in marks.iter_mut().zip(flags) {
            *marks |= 0u16.wrapping_sub(u16::from(flag)) & mark;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_counted() {
        let mut batch = Batch::new(Shape::Pair, 0);
        let kinds_of = |n: usize| (0..n).map(|i| KINDS[i * i % 7 % KINDS.len()] as u8).collect::<Vec<u8>>();
        for n in [0, 1, 63, 64, 65, 255 * WIDE, 300 * WIDE + 3] {
            batch.kind = kinds_of(n);
            let expected = KINDS.map(|kind| batch.kind.iter().filter(|k| **k == kind as u8).count() as u64);
            assert_eq!(kinds(&batch), expected);
        }
    }
}
