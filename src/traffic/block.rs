//! Blocks of talks over strong ties, user by user: most of the traffic, in columns that stay in the L1 cache.

use super::model::{Clock, Model};
use super::talk::{Card, Opening, Talk, turns};
use crate::rng::{Stream, mix};
use crate::vector::kernels;
use crate::world::{ByLocal, Circles, Contact, SHIFT};

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
    /// Messages.
    pub length: Box<[u16; ROOM]>,
    /// Turn-taking: chances of the starter in the low half, of the other in the high half.
    pub turns: Box<[u32; ROOM]>,
    /// Word of when it begins.
    when: Box<[u32; ROOM]>,
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
            when: Box::new([0; ROOM]),
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

    /// Opens the talks: whom they go to, how long they are. Those that do not take place are left out; if `late` is given,
    /// those that may run past midnight are moved there.
    pub fn open(&mut self, model: &Model, clock: &Clock, circles: &Circles, cards: &ByLocal<Card>, late: Option<&mut Vec<Talk>>) {
        let limit = if late.is_some() { clock.late } else { u32::MAX };
        open(self, model, clock, circles, cards, limit, late.unwrap_or(&mut Vec::new()));
    }

    /// Appends the talks, begun by this clock.
    pub fn begin(&self, clock: &Clock, to: &mut Vec<Talk>) {
        let mut i = 0;
        for turn in &self.users {
            for _ in 0..turn.n {
                to.push(Talk {
                    key: self.key[i],
                    sides: [turn.user.into(), self.other[i].into()],
                    turns: self.turns[i],
                    start: clock.begins(self.when[i]),
                    length: self.length[i],
                    late: self.when[i] >= clock.late,
                });
                i += 1;
            }
        }
    }
}

kernels! {
    /// See [`Block::open`]. Talks whose word of when is at least `limit` are late.
    fn open(block: &mut Block, model: &Model, clock: &Clock, circles: &Circles, cards: &ByLocal<Card>, limit: u32, late: &mut Vec<Talk>) {
        const INDEX: usize = ROOM - 1;
        for key in &mut block.key[..block.len] {
            *key = mix(*key);
        }
        let (at, place) = circles.third();
        let users = circles.users();
        let Block { key: keys, other: others, length: lengths, turns: all_turns, when: whens, .. } = block;
        let (mut next, mut kept) = (0, 0);
        for turn in &mut block.users {
            let user = u32::from(turn.user);
            let ours = cards[usize::from(turn.user)];
            let our_place = u32::from(place[usize::from(turn.user)]);
            let before = kept;
            for _ in 0..turn.n {
                let key = keys[next & INDEX];
                next += 1;
                let opening = Opening::of(key);
                let Contact { circle, rank } = opening.contact(model);
                let (shift, rank) = (SHIFT[usize::from(circle & 1)], u32::from(rank));
                let near = ((user + shift) ^ rank).wrapping_sub(shift);
                // Both are looked up, so that there is no branch to guess: the chunk of the third circle is one line of the cache.
                let far = our_place ^ rank;
                let far_person = u32::from(at[far as usize & 0xffff]);
                // At the end of an order a chunk may not be full.
                let (bound, mut partner) = if circle == 2 { (far, far_person) } else { (near, near) };
                if bound >= users {
                    match circles.other(user, Stream::new(key).at(0)) {
                        Some(other) => partner = other,
                        None => continue,
                    }
                }
                let card = cards[partner as usize & 0xffff];
                let messages = opening.messages(model, clock) * u16::from(!card.has(Card::GONE));
                let turns = turns(model, ours, card);
                if opening.when >= limit {
                    if messages > 0 {
                        let (sides, start) = ([user, partner], clock.begins(opening.when));
                        late.push(Talk { key, sides, turns, start, length: messages, late: true });
                    }
                    continue;
                }
                keys[kept & INDEX] = key;
                others[kept & INDEX] = partner as u16;
                lengths[kept & INDEX] = messages;
                all_turns[kept & INDEX] = turns;
                whens[kept & INDEX] = opening.when;
                kept += usize::from(messages > 0);
            }
            turn.n = (kept - before) as u16;
        }
        block.len = kept;
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
