//! What is said in longer talks after their first four messages, a round of four messages at a time: talks that go on come first.

use super::block::{Column, ROOM};
use super::model::LONGEST;
use super::said::{BOTH, STARTER, add_kinds, first_bits, first_parts, ones, parts, passes, speakers};
use super::unfold::{QUAD, quad};
use crate::rng::{Stream, mix};

/// Most quads of a talk.
const QUADS: usize = LONGEST / QUAD;
/// Talks are worked out in multiples of this.
const LANES: usize = 16;

/// Order of the longer talks of a block, the longest first.
#[derive(Clone, Debug)]
pub struct Rounds {
    /// Their numbers in the block.
    pub order: Column<u16>,
    /// How many go on in each round: 0 after the last.
    pub going_on: [u16; QUADS + 1],
}

impl Default for Rounds {
    fn default() -> Self {
        Rounds { order: Box::new([0; ROOM]), going_on: [0; QUADS + 1] }
    }
}

impl Rounds {
    /// Sorts the talks numbered `longer`, which have more than a quad each, by the number of their quads; the first `more` have more than
    /// two, the rest, most of them, have two.
    #[inline(always)]
    pub fn sort(&mut self, lengths: &[u16], (longer, more): (&[u16], usize)) {
        let quads = |i: u16| usize::from((lengths[usize::from(i)] - 1) / QUAD as u16) & (QUADS - 1);
        // Talks of each number of quads after the first, then where those begin.
        let mut from = [0u16; QUADS];
        let (sorted, rest) = longer.split_at(more);
        for &i in sorted {
            from[quads(i)] += 1;
        }
        let mut before = 0;
        for (from, going_on) in from.iter_mut().zip(&mut self.going_on).rev() {
            let n = std::mem::replace(from, before);
            before += n;
            *going_on = before;
        }
        for &i in sorted {
            let to = &mut from[quads(i)];
            self.order[usize::from(*to) & (ROOM - 1)] = i;
            *to += 1;
        }
        self.order[more..longer.len()].copy_from_slice(rest);
        self.going_on[1] = longer.len() as u16;
    }

    /// The rounds that there are, as (number of the quad, talks that have it, the same in whole lanes).
    #[inline(always)]
    pub fn each(&self) -> impl Iterator<Item = (u64, usize, usize)> + use<> {
        let going_on = self.going_on;
        (1..).zip(going_on.into_iter().skip(1)).take_while(|(_, n)| *n > 0).map(|(round, n)| {
            let n = usize::from(n).min(ROOM);
            (round, n, n.next_multiple_of(LANES).min(ROOM))
        })
    }
}

/// Longer talks of a block, the longest first.
#[derive(Clone, Debug)]
pub struct Rest {
    rounds: Rounds,
    key: Column<u64>,
    turns: Column<u32>,
    /// Messages that are left.
    left: Column<u16>,
    /// Who has spoken last.
    last: Column<u16>,
    /// Messages of the other.
    by_other: Column<u16>,
    /// Who would pass the word on.
    passes: Column<u16>,
}

impl Default for Rest {
    fn default() -> Self {
        Rest {
            rounds: Rounds::default(),
            key: Box::new([0; ROOM]),
            turns: Box::new([0; ROOM]),
            left: Box::new([0; ROOM]),
            last: Box::new([0; ROOM]),
            by_other: Box::new([0; ROOM]),
            passes: Box::new([0; ROOM]),
        }
    }
}

impl Rest {
    /// Adds what the others say in talks after the first quad to `by_others`, and the kinds of what `OF` say to `below`. `longer` are the
    /// numbers of the talks, of columns as (key, turns, length); `last` has who spoke last in the first quad.
    #[inline(always)]
    pub fn count<const OF: u8>(
        &mut self,
        (keys, all_turns, lengths): (&[u64], &[u32], &[u16]),
        longer: (&[u16], usize),
        last: &[u16],
        by_others: &mut [u16],
        cuts: &[u64; 4],
        below: &mut [u64; 4],
    ) {
        self.rounds.sort(lengths, longer);
        let longer = longer.0;
        for (k, &i) in self.rounds.order.iter().enumerate().take(longer.len()) {
            let i = usize::from(i);
            self.key[k] = keys[i];
            self.turns[k] = all_turns[i];
            self.left[k] = lengths[i] - QUAD as u16;
            self.last[k] = last[i];
            self.by_other[k] = 0;
        }
        for (round, n, m) in self.rounds.each() {
            let (key, turns, left) = (&self.key[..m], &self.turns[..m], &mut self.left[..m]);
            let (last, by_others, passes_at) = (&mut self.last[..m], &mut self.by_other[..m], &mut self.passes[..m]);
            left[n..].fill(0);
            for k in 0..m {
                let place = quad(key[k], round);
                passes_at[k] = passes(turns[k], mix(place));
                if OF == BOTH {
                    add_kinds(below, cuts, mix(place.wrapping_add(Stream::STEP)), first_parts(u64::from(left[k])));
                }
            }
            for k in 0..m {
                let (by, sent) = (speakers(last[k], passes_at[k]), first_bits(left[k]));
                by_others[k] += ones(by.0 & sent);
                passes_at[k] = (if OF == STARTER { !by.0 } else { by.0 }) & sent;
                last[k] = by.1;
                left[k] = left[k].saturating_sub(QUAD as u16);
            }
            if OF != BOTH {
                for k in 0..m {
                    let word = mix(quad(key[k], round).wrapping_add(Stream::STEP));
                    add_kinds(below, cuts, word, parts(u64::from(passes_at[k])));
                }
            }
        }
        for (&i, &by_other) in self.rounds.order.iter().zip(self.by_other.iter()).take(longer.len()) {
            by_others[usize::from(i)] += by_other;
        }
    }
}
