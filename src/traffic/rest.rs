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

/// Longer talks of a block, the longest first.
#[derive(Clone, Debug)]
pub struct Rest {
    /// Number in the block.
    talk: Column<u16>,
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
            talk: Box::new([0; ROOM]),
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
        longer: &[u16],
        last: &[u16],
        by_others: &mut [u16],
        cuts: &[u64; 4],
        below: &mut [u64; 4],
    ) {
        // Talks with so many quads or more: what is counted for q quads is added to all that have fewer.
        let mut from = [0u16; QUADS + 1];
        let quads = |i: u16| usize::from((lengths[usize::from(i)] - 1) / QUAD as u16) & (QUADS - 1);
        for &i in longer {
            from[quads(i)] += 1;
        }
        // Where those with so many quads begin, and how many go on in each round.
        let mut going_on = [0u16; QUADS + 1];
        let mut rounds = 0;
        let mut before = 0;
        for q in (1..QUADS).rev() {
            let n = std::mem::replace(&mut from[q], before);
            before += n;
            going_on[q] = before;
            rounds = rounds.max(if n > 0 { q } else { 0 });
        }
        for &i in longer {
            let to = &mut from[quads(i)];
            let (k, i) = (usize::from(*to) & (ROOM - 1), usize::from(i));
            *to += 1;
            self.talk[k] = i as u16;
            self.key[k] = keys[i];
            self.turns[k] = all_turns[i];
            self.left[k] = lengths[i] - QUAD as u16;
            self.last[k] = last[i];
            self.by_other[k] = 0;
        }
        for round in 1..=rounds {
            let n = usize::from(going_on[round]).min(ROOM);
            let m = n.next_multiple_of(LANES).min(ROOM);
            let (key, turns, left) = (&self.key[..m], &self.turns[..m], &mut self.left[..m]);
            let (last, by_others, passes_at) = (&mut self.last[..m], &mut self.by_other[..m], &mut self.passes[..m]);
            left[n..].fill(0);
            for k in 0..m {
                let place = quad(key[k], round as u64);
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
                    let word = mix(quad(key[k], round as u64).wrapping_add(Stream::STEP));
                    add_kinds(below, cuts, word, parts(u64::from(passes_at[k])));
                }
            }
        }
        for (&i, &by_other) in self.talk.iter().zip(self.by_other.iter()).take(longer.len()) {
            by_others[usize::from(i)] += by_other;
        }
    }
}
