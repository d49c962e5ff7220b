//! A sheet of talks to be unfolded at once: what each has for all its messages, and the places of its quads.

use super::block::{Block, ROOM};
use super::model::{Clock, LONGEST};
use super::talk::{Opening, Talk};
use super::unfold::{QUAD, quad};
use crate::rng::Stream;
use crate::vector::kernels;

/// Quads at which a sheet is full: what a sheet needs stays in the L1 and L2 caches.
const FULL: usize = 512;
/// Room for quads: a power of two beyond the last talk's.
pub const QUADS: usize = 1024;
/// All four parts of a quad are written, also of the last.
pub const SLACK: usize = QUAD;

/// Talks that have begun, and their quads, in columns.
#[derive(Debug)]
pub struct Sheet {
    /// Talks.
    pub talks: usize,
    /// Id.
    pub key: [u64; QUADS],
    /// When it begins.
    pub start: [u32; QUADS],
    /// Who starts.
    pub starter: [u32; QUADS],
    /// The other side, xor who starts.
    pub across: [u32; QUADS],
    /// Quads.
    pub quads: usize,
    /// Places of the quad's words.
    pub place: [u64; QUADS + SLACK],
    /// Number of the talk.
    pub talk: [u16; QUADS + SLACK],
    /// Turn-taking.
    pub turns: [u32; QUADS + SLACK],
    /// Messages.
    pub messages: [u8; QUADS + SLACK],
    /// Number in the talk.
    pub number: [u8; QUADS + SLACK],
    /// Messages of all talks.
    pub events: usize,
    /// Who starts the talks of a block.
    users: [u16; ROOM + SPREAD],
}

/// Users are written so many at a time.
const SPREAD: usize = 8;

impl Default for Sheet {
    fn default() -> Self {
        Sheet {
            talks: 0,
            key: [0; QUADS],
            start: [0; QUADS],
            starter: [0; QUADS],
            across: [0; QUADS],
            quads: 0,
            place: [0; QUADS + SLACK],
            talk: [0; QUADS + SLACK],
            turns: [0; QUADS + SLACK],
            messages: [0; QUADS + SLACK],
            number: [0; QUADS + SLACK],
            events: 0,
            users: [0; ROOM + SPREAD],
        }
    }
}

/// Number of the next talk, quad and message.
#[derive(Clone, Copy, Default)]
struct Next {
    talk: usize,
    quad: usize,
    event: usize,
}

impl Sheet {
    /// Adds a talk, unless it has no messages, without a branch.
    #[inline(always)]
    fn add(&mut self, next: &mut Next, key: u64, sides: [u32; 2], turns: u32, start: u32, length: u16) {
        const STEP: u64 = Stream::STEP.wrapping_mul(QUAD as u64);
        let (t, q) = (next.talk & (QUADS - 1), next.quad & (QUADS - 1));
        (self.key[t], self.start[t]) = (key, start);
        (self.starter[t], self.across[t]) = (sides[0], sides[0] ^ sides[1]);
        let place = quad(key, 0);
        let n = [0, 1, 2, 3];
        self.place[q..q + QUAD].copy_from_slice(&n.map(|n| place.wrapping_add(STEP.wrapping_mul(n))));
        self.talk[q..q + QUAD].copy_from_slice(&[t as u16; QUAD]);
        self.turns[q..q + QUAD].copy_from_slice(&[turns; QUAD]);
        self.messages[q..q + QUAD].copy_from_slice(&n.map(|n| length.saturating_sub(4 * n as u16).min(4) as u8));
        self.number[q..q + QUAD].copy_from_slice(&[0, 1, 2, 3]);
        if usize::from(length) > QUAD * QUAD {
            for number in QUAD as u16..length.div_ceil(QUAD as u16) {
                let at = (q + usize::from(number)) & (QUADS - 1);
                self.place[at] = quad(key, number.into());
                (self.talk[at], self.turns[at], self.number[at]) = (t as u16, turns, number as u8);
                self.messages[at] = (length - number * QUAD as u16).min(QUAD as u16) as u8;
            }
        }
        next.talk += usize::from(length > 0);
        next.quad += usize::from(length.div_ceil(QUAD as u16));
        next.event += usize::from(length);
    }

    /// Takes the talks of a block from number `from` on, by this clock, until the sheet is full. Returns the next number.
    pub fn take_block(&mut self, block: &Block, clock: &Clock, from: usize) -> usize {
        if from == 0 {
            let mut at = 0;
            for turn in &block.users {
                for more in (0..usize::from(turn.n)).step_by(SPREAD) {
                    self.users[(at + more) & (ROOM - 1)..][..SPREAD].fill(turn.user);
                }
                at += usize::from(turn.n);
            }
        }
        take_block(self, block, clock, from)
    }

    /// Takes talks until the sheet is full. Returns how many.
    pub fn take(&mut self, talks: &[Talk]) -> usize {
        take(self, talks)
    }

    /// Forgets all talks.
    pub fn clear(&mut self) {
        self.set(Next::default());
    }

    /// Whether no more talks are to be added.
    pub fn is_full(&self) -> bool {
        self.quads >= FULL
    }

    /// Adds a group's talk: number of the one who speaks first, and audience.
    pub fn add_group(&mut self, key: u64, first: usize, audience: u32, start: u32, length: u32) {
        let mut next = Next { talk: self.talks, quad: self.quads, event: self.events };
        self.add(&mut next, key, [first as u32, first as u32 ^ audience], 0, start, length as u16);
        self.set(next);
    }

    fn set(&mut self, next: Next) {
        (self.talks, self.quads, self.events) = (next.talk, next.quad, next.event);
    }
}

const _: () = assert!(FULL + LONGEST / QUAD < QUADS);

kernels! {
    /// See [`Sheet::take_block`].
    fn take_block(sheet: &mut Sheet, block: &Block, clock: &Clock, from: usize) -> usize {
        let mut next = Next::default();
        let n = block.len.min(ROOM);
        let mut at = n;
        for i in from..n {
            if next.quad >= FULL {
                at = i;
                break;
            }
            let key = block.key[i];
            let sides = [sheet.users[i].into(), block.other[i].into()];
            sheet.add(&mut next, key, sides, block.turns[i], clock.begins(Opening::of(key).when), block.length[i]);
        }
        sheet.set(next);
        at
    }

    /// See [`Sheet::take`].
    fn take(sheet: &mut Sheet, talks: &[Talk]) -> usize {
        let mut next = Next::default();
        let mut taken = 0;
        for &Talk { key, sides, turns, start, length, .. } in talks {
            if next.quad >= FULL {
                break;
            }
            sheet.add(&mut next, key, sides, turns, start, length);
            taken += 1;
        }
        sheet.set(next);
        taken
    }
}
