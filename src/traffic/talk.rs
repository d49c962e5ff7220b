//! Talks: conversations of two, opened in blocks. What a conversation's key decides is decided here, once for all of its
//! messages; messages follow from the key in [`super::unfold`] one by one, or are only counted in [`super::said`].

use super::model::{Clock, Model, Turns, WHEN_BITS};
use crate::rng::{Stream, mix};
use crate::vector::kernels;
use crate::world::{Circles, Contact, SHIFT};

/// Most talks in a block: its columns stay in the L1 cache, and counts by 64 quads of a talk in 16 bits.
pub const BLOCK: usize = 1000;

/// What the traffic of a day needs to know about an acting slot, in one word that is looked up at once.
///
/// Bits 0 to 6: level of activity. Then flags.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Card(pub u16);

impl Card {
    /// Uses the service today.
    pub const ACTIVE: u16 = 1 << 8;
    /// Has left the service.
    pub const GONE: u16 = 1 << 9;
    /// Of a weak tie: uploads the address book today.
    pub const UPLOADS: u16 = 1 << 10;
    /// Of a weak tie: our user starts talks over it today.
    pub const OURS: u16 = 1 << 11;
    /// Of a weak tie: the other side does.
    pub const THEIRS: u16 = 1 << 12;

    /// Whether a flag is set.
    #[inline(always)]
    pub fn has(self, flag: u16) -> bool {
        self.0 & flag != 0
    }

    /// Level of activity.
    #[inline(always)]
    pub fn level(self) -> usize {
        usize::from(self.0 & 0x7f)
    }
}

/// Talks in columns.
#[derive(Clone, Debug)]
pub struct Talks {
    /// Key: id, and start of the stream of the talk's messages.
    pub key: Vec<u64>,
    /// Slot of the one who starts.
    pub starter: Vec<u32>,
    /// Slot of the other.
    pub other: Vec<u32>,
    /// Messages.
    pub length: Vec<u32>,
    /// Turn-taking: chances of the starter in the low half, of the other in the high half.
    pub turns: Vec<u32>,
    /// When it begins: milliseconds since midnight UTC; of talks over strong ties, until [`Talks::begin`], the word that
    /// decides it.
    pub start: Vec<u32>,
}

/// What the bits of a key decide.
#[derive(Clone, Copy, Debug)]
pub struct Opening {
    /// Which contact, for talks over strong ties.
    contact: u64,
    length: usize,
    keep: u32,
    /// Word of when it begins.
    pub when: u32,
}

impl Opening {
    /// Takes a key apart: 11 bits of contact, 12 of length, 16 of whether it takes place at all, 25 of when.
    #[inline(always)]
    pub fn of(key: u64) -> Self {
        Opening {
            contact: key,
            length: (key >> 11) as usize & 4095,
            keep: (key >> 23) as u32 & 0xffff,
            when: (key >> (64 - WHEN_BITS)) as u32,
        }
    }

    /// Messages, if it takes place by this clock; 0 if it does not.
    #[inline(always)]
    pub fn messages(&self, model: &Model, clock: &Clock) -> u32 {
        (u32::from(model.lengths[self.length]) + 1) * u32::from(self.keep < clock.keep)
    }

    /// Which contact it goes to.
    #[inline(always)]
    pub fn contact(&self, model: &Model) -> Contact {
        model.contacts.at(self.contact)
    }
}

/// Turn-taking between two sides as one word; nobody who is not active answers.
#[inline(always)]
fn turns(model: &Model, starter: Card, other: Card) -> u32 {
    let Turns { pass } = model.turns[crate::world::LEVELS + other.level() - starter.level()];
    let first = if other.has(Card::ACTIVE) { pass[0] } else { super::model::NEVER };
    u32::from(first) | u32::from(pass[1]) << 16
}

impl Talks {
    /// An empty block.
    pub fn new() -> Self {
        let column = || Vec::with_capacity(BLOCK);
        Talks {
            key: Vec::with_capacity(BLOCK),
            starter: column(),
            other: column(),
            length: column(),
            turns: column(),
            start: column(),
        }
    }

    /// Talks.
    pub fn len(&self) -> usize {
        self.key.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.key.is_empty()
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        self.truncate(0);
    }

    fn truncate(&mut self, len: usize) {
        self.key.truncate(len);
        for column in [&mut self.starter, &mut self.other, &mut self.length, &mut self.turns, &mut self.start] {
            column.truncate(len);
        }
    }

    /// Adds a talk between two known sides, if it takes place, to this block or, if it may run past midnight, to `late`.
    pub fn push(&mut self, model: &Model, clock: &Clock, key: u64, sides: [u32; 2], cards: [Card; 2], late: &mut Talks) {
        let opening = Opening::of(key);
        let length = opening.messages(model, clock);
        if length > 0 && !cards[1].has(Card::GONE) {
            let to = if opening.when >= clock.late { late } else { self };
            to.key.push(key);
            to.starter.push(sides[0]);
            to.other.push(sides[1]);
            to.length.push(length);
            to.turns.push(turns(model, cards[0], cards[1]));
            to.start.push(clock.begins(opening.when));
        }
    }

    /// Turns the words of when talks begin into times by this clock.
    pub fn begin(&mut self, clock: &Clock) {
        for start in &mut self.start {
            *start = clock.begins(*start);
        }
    }

    /// Opens talks over strong ties: `starts` are users, each with the place in a stream of the key (before it is mixed) of
    /// a talk. Those that do not take place are left out.
    pub fn open(&mut self, model: &Model, clock: &Clock, circles: &Circles, cards: &[Card], starts: &mut Starts) {
        let n = starts.user.len();
        self.key.resize(n, 0);
        for column in [&mut self.starter, &mut self.other, &mut self.length, &mut self.turns, &mut self.start] {
            column.resize(n, 0);
        }
        let kept = open(self, model, clock, circles, cards, &mut starts.key, &starts.user);
        self.truncate(kept);
        starts.key.clear();
        starts.user.clear();
    }

    /// Moves the talks that may run past midnight to `late`. All are over strong ties, and have not begun.
    pub fn split_late(&mut self, clock: &Clock, late: &mut Talks) {
        let mut kept = 0;
        for i in 0..self.len() {
            if self.start[i] >= clock.late {
                late.key.push(self.key[i]);
                late.starter.push(self.starter[i]);
                late.other.push(self.other[i]);
                late.length.push(self.length[i]);
                late.turns.push(self.turns[i]);
                late.start.push(clock.begins(self.start[i]));
                continue;
            }
            if kept < i {
                self.key[kept] = self.key[i];
                self.starter[kept] = self.starter[i];
                self.other[kept] = self.other[i];
                self.length[kept] = self.length[i];
                self.turns[kept] = self.turns[i];
                self.start[kept] = self.start[i];
            }
            kept += 1;
        }
        self.truncate(kept);
    }
}

/// Starts of talks over strong ties, before they are opened.
#[derive(Clone, Debug, Default)]
pub struct Starts {
    key: Vec<u64>,
    user: Vec<u32>,
}

impl Starts {
    /// Adds `n` starts of a user, whose keys are those of a stream from number `first` on.
    #[inline]
    pub fn push(&mut self, user: u32, stream: Stream, first: u64, n: usize) {
        let from = self.key.len();
        self.user.resize(from + n, user);
        self.key.resize(from + n, 0);
        let mut place = stream.place(first);
        for key in &mut self.key[from..] {
            *key = place;
            place = place.wrapping_add(Stream::STEP);
        }
    }

    /// Number of starts.
    #[inline]
    pub fn len(&self) -> usize {
        self.key.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.key.is_empty()
    }
}

kernels! {
    /// See [`Talks::open`]. Returns how many take place.
    fn open(talks: &mut Talks, model: &Model, clock: &Clock, circles: &Circles, cards: &[Card], keys: &mut [u64], users: &[u32]) -> usize {
        for key in keys.iter_mut() {
            *key = mix(*key);
        }
        let n = keys.len();
        let (at, place) = circles.third();
        let local = at.len() as u32;
        let (key, starter, other) = (&mut talks.key[..n], &mut talks.starter[..n], &mut talks.other[..n]);
        let (length, turn, start) = (&mut talks.length[..n], &mut talks.turns[..n], &mut talks.start[..n]);
        let mut kept = 0;
        for (&k, &user) in keys.iter().zip(users) {
            let opening = Opening::of(k);
            let Contact { circle, rank } = opening.contact(model);
            let (shift, rank) = (SHIFT[usize::from(circle & 1)], u32::from(rank));
            let near = ((user + shift) ^ rank).wrapping_sub(shift);
            // Both are looked up, so that there is no branch to guess: the chunk of the third circle is one line of the cache.
            let far = (u32::from(place[user as usize]) ^ rank) as usize;
            let far = at.get(far).map_or(u32::MAX, |&p| u32::from(p));
            let mut partner = if circle == 2 { far } else { near };
            if partner >= local {
                // At the end of the order, where a chunk is not full.
                match circles.other(user, Stream::new(k).at(0)) {
                    Some(other) => partner = other,
                    None => continue,
                }
            }
            let card = cards[partner as usize];
            let messages = opening.messages(model, clock) * u32::from(!card.has(Card::GONE));
            (key[kept], starter[kept], other[kept]) = (k, user, partner);
            (length[kept], start[kept]) = (messages, opening.when);
            turn[kept] = turns(model, cards[user as usize], card);
            kept += usize::from(messages > 0);
        }
        kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn starts_are_the_first_numbers_of_a_stream() {
        let stream = Stream::new(99);
        let mut starts = Starts::default();
        starts.push(3, stream, 0, 2);
        starts.push(4, Stream::new(7), 5, 1);
        let keys: Vec<u64> = starts.key.iter().map(|&place| mix(place)).collect();
        assert_eq!(keys, [stream.at(0), stream.at(1), Stream::new(7).at(5)]);
        assert_eq!(starts.user, [3, 3, 4]);
    }
}
