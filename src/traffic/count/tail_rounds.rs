//! What is said in longer conversations after their first four messages, a round of four messages at a time: those that go on are moved together.

use crate::simd::{compress_u32, compress_u64, mask};
use crate::traffic::count::kind_counters::{BOTH, KindCounters, STARTER};
use crate::traffic::message::kinds::add_kinds;
use crate::traffic::message::{
    KIND_WORD, QUAD, TURN_WORD, first_bits, first_parts, ones, part_mask, passes, quad, speakers, word,
};
use crate::traffic::plan::lanes::{Lane, ROOM};

/// Conversations are moved in multiples of this.
const WORD: usize = 64;
/// Conversations are worked out in multiples of this, and the last few one by one.
const LANES: usize = 16;
const FEW: usize = 4;
/// Bits of a conversation's number in the block, and of the messages that are left. Who has spoken last is the next bit.
const NUMBER: u32 = ROOM.trailing_zeros();
const LEFT: u32 = 9;

/// Longer conversations of a block.
#[derive(Clone, Debug)]
pub struct TailRounds {
    /// Two copies of each: conversations are moved from one to the other.
    key: [Lane<u64>; 2],
    turns: [Lane<u32>; 2],
    /// Number in the block, messages that are left, who has spoken last.
    state: [Lane<u32>; 2],
    /// Who passes the word on, then how many messages are the other's.
    sent: Lane<u16>,
}

impl Default for TailRounds {
    fn default() -> Self {
        let short = || Box::new([0; ROOM]);
        TailRounds {
            key: [Box::new([0; ROOM]), Box::new([0; ROOM])],
            turns: [short(), short()],
            state: [short(), short()],
            sent: Box::new([0; ROOM]),
        }
    }
}

#[inline(always)]
fn left(state: u32) -> u16 {
    (state >> NUMBER & ((1 << LEFT) - 1)) as u16
}

impl TailRounds {
    /// Adds what the others say in conversations after the first quad to `by_others`, and the kinds of what `OF` say to `below`. The conversations are given
    /// in columns as (key, turns, length), whose length is a multiple of 64; `last` has who spoke last in the first quad.
    #[inline(always)]
    pub fn count<const OF: u8>(
        &mut self,
        (keys, turns, lengths): (&[u64], &[u32], &[u16]),
        last: &[u16],
        by_others: &mut [u16],
        cuts: &[u64; 4],
        below: &mut KindCounters,
    ) {
        let [key, other_key] = &mut self.key;
        let [all_turns, other_turns] = &mut self.turns;
        let [state, other_state] = &mut self.state;
        let mut n = keys.len().min(ROOM);
        for i in 0..n {
            let rest = lengths[i].saturating_sub(QUAD as u16);
            other_state[i] = i as u32 | u32::from(rest) << NUMBER | u32::from(last[i]) << (NUMBER + LEFT);
        }
        let mut keep = keeps(&other_state[..n]);
        let words = n / WORD;
        compress_u64(keys, &keep[..words], &mut key[..n]);
        compress_u32(turns, &keep[..words], &mut all_turns[..n]);
        let mut kept = compress_u32(&other_state[..n], &keep[..words], &mut state[..n]);
        let mut round = 1;
        while kept > FEW {
            n = kept.next_multiple_of(WORD).min(ROOM);
            state[kept..n].fill(0);
            let lanes = kept.next_multiple_of(LANES).min(ROOM);
            let (key_now, turns_now) = (key[..lanes].as_chunks::<LANES>().0, all_turns[..lanes].as_chunks::<LANES>().0);
            let state_now = state[..lanes].as_chunks_mut::<LANES>().0;
            let sent = self.sent[..lanes].as_chunks_mut::<LANES>().0;
            let below = below.room(lanes);
            for (((key, turns), state), sent) in key_now.iter().zip(turns_now).zip(state_now).zip(sent) {
                quads::<OF>(key, turns, state, sent, round, cuts, below);
            }
            for (state, sent) in state.iter().zip(self.sent.iter()).take(kept) {
                by_others[*state as usize & (ROOM - 1)] += sent;
            }
            keep = keeps(&state[..n]);
            let words = n / WORD;
            compress_u64(&key[..n], &keep[..words], &mut other_key[..n]);
            compress_u32(&all_turns[..n], &keep[..words], &mut other_turns[..n]);
            kept = compress_u32(&state[..n], &keep[..words], &mut other_state[..n]);
            std::mem::swap(key, other_key);
            std::mem::swap(all_turns, other_turns);
            std::mem::swap(state, other_state);
            round += 1;
        }
        // The last few, one by one.
        for ((&key, &turns), &state) in key.iter().zip(all_turns.iter()).zip(state.iter()).take(kept) {
            let mut state = [state];
            let mut round = round;
            while left(state[0]) > 0 {
                let mut sent = [0];
                quads::<OF>(&[key], &[turns], &mut state, &mut sent, round, cuts, below.room(1));
                by_others[state[0] as usize & (ROOM - 1)] += sent[0];
                round += 1;
            }
        }
    }
}

/// A quad of each of some conversations: says how many messages are the other's, and leaves the state after it.
#[inline(always)]
fn quads<const OF: u8>(
    key: &[u64],
    turns: &[u32],
    state: &mut [u32],
    sent: &mut [u16],
    round: u64,
    cuts: &[u64; 4],
    below: &mut [u64; 4],
) {
    let n = key.len();
    let (turns, state, sent) = (&turns[..n], &mut state[..n], &mut sent[..n]);
    for k in 0..n {
        let place = quad(key[k], round);
        sent[k] = passes(turns[k], word(place, TURN_WORD));
        if OF == BOTH {
            add_kinds(below, cuts, word(place, KIND_WORD), first_parts(u64::from(left(state[k]))));
        }
    }
    if OF != BOTH {
        for k in 0..n {
            let (by, _) = speakers((state[k] >> (NUMBER + LEFT)) as u16, sent[k]);
            let by = (if OF == STARTER { !by } else { by }) & first_bits(left(state[k]));
            let word = word(quad(key[k], round), KIND_WORD);
            add_kinds(below, cuts, word, part_mask(u64::from(by)));
        }
    }
    for k in 0..n {
        let (by, last) = speakers((state[k] >> (NUMBER + LEFT)) as u16, sent[k]);
        let left = left(state[k]);
        sent[k] = ones(by & first_bits(left));
        let rest = u32::from(left.saturating_sub(QUAD as u16));
        state[k] = state[k] & (ROOM as u32 - 1) | rest << NUMBER | u32::from(last) << (NUMBER + LEFT);
    }
}

/// Which conversations go on.
#[inline(always)]
fn keeps(state: &[u32]) -> [u64; ROOM / WORD] {
    let mut keep = [0; ROOM / WORD];
    for (keep, state) in keep.iter_mut().zip(state.as_chunks::<WORD>().0) {
        *keep = mask(|k| left(state[k]) > 0);
    }
    keep
}
