//! Blocks of talks over strong ties, user by user: most of the traffic, in columns that stay in the L1 cache.

use super::model::{Clock, Model};
use super::talk::{Card, Opening, Talk, Turning};
use crate::rng::{Stream, mix};
use crate::vector::kernels;
use crate::world::{ByLocal, Circles};

/// Most talks in a block: counts by 64 quads of a talk then fit 16 bits.
pub const BLOCK: usize = 1000;
/// Room for a block: an index of ten bits needs no check.
pub const ROOM: usize = 1024;

/// Talks of a user that follow one another in a block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Turn {
    /// Local index of the user who starts them.
    pub user: u16,
    /// How many.
    pub n: u16,
}

/// A block of talks over strong ties.
#[derive(Clone, Debug)]
pub struct Block {
    /// Users with their talks.
    pub users: Vec<Turn>,
    /// Talks.
    pub len: usize,
    /// Key: id, and start of the stream of the talk's messages.
    pub key: Box<[u64; ROOM]>,
    /// Local index of the other.
    pub other: Box<[u16; ROOM]>,
    /// Messages, 0 of a talk that does not take place.
    pub length: Box<[u16; ROOM]>,
    /// Turn-taking: chances of the starter in the low half, of the other in the high half.
    pub turns: Box<[u32; ROOM]>,
    /// Numbers of those that may run past midnight.
    late: Vec<u32>,
}

impl Default for Block {
    fn default() -> Self {
        Block {
            users: Vec::with_capacity(ROOM),
            len: 0,
            key: Box::new([0; ROOM]),
            other: Box::new([0; ROOM]),
            length: Box::new([0; ROOM]),
            turns: Box::new([0; ROOM]),
            late: Vec::new(),
        }
    }
}

impl Block {
    /// Adds up to `n` talks of a user, whose keys are those of a stream from number `first` on, still to be opened. Returns how many
    /// there was room for.
    #[inline]
    pub fn start(&mut self, user: u16, stream: Stream, first: u64, n: usize) -> usize {
        let n = n.min(BLOCK - self.len.min(BLOCK));
        if n > 0 {
            self.users.push(Turn { user, n: n as u16 });
            let mut place = stream.place(first);
            for key in &mut self.key[self.len..self.len + n] {
                *key = place;
                place = place.wrapping_add(Stream::STEP);
            }
            self.len += n;
        }
        n
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        self.users.clear();
        self.len = 0;
    }

    /// Opens the talks: whom they go to, how long they are: 0 if they do not take place, for which somebody must be gone or the day
    /// not be a busy one. Those that may run past midnight are moved to `late`.
    pub fn open(
        &mut self,
        model: &Model,
        clock: &Clock,
        circles: &Circles,
        (cards, gone): (&ByLocal<Card>, bool),
        late: &mut Vec<Talk>,
    ) {
        self.late.resize(ROOM, 0);
        let n = open(self, model, clock, circles, cards, gone, clock.late);
        let mut before = 0;
        let mut users = self.users.iter();
        let mut turn = Turn::default();
        for &i in &self.late[..n] {
            while i >= before {
                turn = users.next().copied().unwrap_or_default();
                before += u32::from(turn.n).max(1);
            }
            let i = i as usize;
            let length = std::mem::take(&mut self.length[i]);
            if length > 0 {
                late.push(self.talk(i, turn.user, length, clock));
            }
        }
    }

    fn talk(&self, i: usize, user: u16, length: u16, clock: &Clock) -> Talk {
        Talk {
            key: self.key[i],
            sides: [user.into(), self.other[i].into()],
            turns: self.turns[i],
            start: clock.begins(Opening::of(self.key[i]).when),
            length,
            late: Opening::of(self.key[i]).when >= clock.late,
        }
    }
}

kernels! {
    /// See [`Block::open`]. Returns how many are late, as their word of when is at least `limit`, and lists them.
    fn open(block: &mut Block, model: &Model, clock: &Clock, circles: &Circles, cards: &ByLocal<Card>, gone: bool, limit: u32) -> usize {
        const INDEX: usize = ROOM - 1;
        let n = block.len.min(ROOM);
        let (at, place) = circles.third();
        let users = circles.users();
        let Block { key, other, length, turns: all_turns, late, .. } = block;
        for key in &mut key[..n] {
            *key = mix(*key);
        }
        let late = &mut late[..ROOM];
        let mut n_late = 0;
        for i in 0..n {
            late[n_late & INDEX] = i as u32;
            n_late += usize::from(Opening::of(key[i]).when >= limit);
        }
        if clock.keep > 0xffff {
            // Most days keep all: their talks need not be asked one by one.
            for (length, &key) in length[..n].iter_mut().zip(&key[..n]) {
                *length = Opening::of(key).length(model);
            }
        } else {
            for (length, &key) in length[..n].iter_mut().zip(&key[..n]) {
                *length = Opening::of(key).messages(model, clock);
            }
        }
        let mut i = 0;
        for turn in &block.users {
            let user = u32::from(turn.user);
            let our_place = u32::from(place[usize::from(turn.user)]);
            for _ in 0..turn.n {
                let contact = Opening::of(key[i & INDEX]).contact(model);
                // Both are looked up, so that there is no branch to guess: the chunk of the third circle is one line of the cache.
                let (near, far) = contact.ends(user, our_place);
                let far_person = u32::from(at[far as usize & 0xffff]);
                let (bound, partner) = if contact.third() { (far, far_person) } else { (near, near) };
                other[i & INDEX] = partner as u16;
                if bound >= users {
                    // At the end of an order a chunk may not be full.
                    let somebody = circles.other(user, Stream::new(key[i & INDEX]).at(0));
                    other[i & INDEX] = somebody.unwrap_or(user) as u16;
                    if somebody.is_none() {
                        length[i & INDEX] = 0;
                    }
                }
                i += 1;
            }
        }
        let mut i = 0;
        for turn in &block.users {
            let from = Turning::of(cards[usize::from(turn.user)]);
            for _ in 0..turn.n {
                all_turns[i & INDEX] = from.with(model, cards[usize::from(other[i & INDEX])]);
                i += 1;
            }
        }
        if gone {
            for (length, &other) in length[..n].iter_mut().zip(&other[..n]) {
                *length *= u16::from(!cards[usize::from(other)].has(Card::GONE));
            }
        }
        n_late
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn starts_are_numbers_of_a_stream() {
        let stream = Stream::new(99);
        let mut block = Block::default();
        assert_eq!(block.start(3, stream, 0, 2), 2);
        assert_eq!(block.start(4, Stream::new(7), 5, 1), 1);
        let keys: Vec<u64> = block.key[..block.len].iter().map(|&place| mix(place)).collect();
        assert_eq!(keys, [stream.at(0), stream.at(1), Stream::new(7).at(5)]);
        assert_eq!(block.users, [Turn { user: 3, n: 2 }, Turn { user: 4, n: 1 }]);
        assert_eq!(block.start(5, stream, 0, 2000), BLOCK - 3);
    }
}
