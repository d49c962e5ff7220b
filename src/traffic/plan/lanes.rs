//! Columns of a block of conversations: how they are written, measured, and searched for those that may run past midnight.

use std::ops::Range;

use crate::random::{Stream, mix};
use crate::simd::{each_bit, mask};
use crate::traffic::conversation::{Conversation, ConversationDraw, ends_late};
use crate::traffic::diurnal_profile::DiurnalProfile;
use crate::traffic::traffic_tables::TrafficTables;

/// Most conversations in a block: the more, the fewer are the rounds in which only the last of its longest conversations go on.
pub const BLOCK: usize = 4000;
/// Room for a block and what is written beyond its end.
pub const ROOM: usize = 4096;
/// Columns are worked out in multiples of this; what stands beyond the end has length 0.
pub const LANES: usize = 64;

/// A column of a block.
pub type Lane<T> = Box<[T; ROOM]>;

/// Writes the places of up to `n` keys of a stream, from number `first` on, behind the first `len` of a block; and `beside` them what else is
/// to stand in these lanes. Always so many lanes at once, whether there are as many keys or not: most times they do, so that there is no
/// branch to guess. Returns how many there was room for.
#[inline(always)]
pub fn write<const WIDE: usize>(
    keys: &mut [u64; ROOM],
    len: usize,
    stream: Stream,
    (first, n): (usize, usize),
    mut beside: impl FnMut(Range<usize>),
) -> usize {
    const { assert!(BLOCK + WIDE <= ROOM) };
    let n = n.min(BLOCK - len.min(BLOCK));
    let mut key = stream.place(first as u64);
    let mut done = 0;
    loop {
        let lanes = len + done..len + done + WIDE;
        for (i, to) in keys[lanes.clone()].iter_mut().enumerate() {
            *to = key.wrapping_add(Stream::STEP.wrapping_mul(i as u64));
        }
        beside(lanes);
        done += WIDE;
        if done >= n {
            return n;
        }
        key = key.wrapping_add(Stream::STEP.wrapping_mul(WIDE as u64));
    }
}

/// Opens keys: how many messages the conversations have, 0 if they do not take place by this diurnal profile.
#[inline(always)]
pub fn measure(key: &mut [u64], length: &mut [u16], tables: &TrafficTables, profile: &DiurnalProfile) {
    for key in &mut *key {
        *key = mix(*key);
    }
    for (length, &key) in length.iter_mut().zip(&*key) {
        *length = ConversationDraw::of(key).beyond_first(tables);
    }
    for (length, &key) in length.iter_mut().zip(&*key) {
        *length = (*length + 1) & 0u16.wrapping_sub(u16::from(ConversationDraw::of(key).keeps(profile)));
    }
}

/// Messages of conversations with somebody who does not answer today: nobody goes on at length alone. `answers` are ones of those with somebody who does.
#[inline(always)]
pub fn shorten(length: &mut u16, answers: u16) {
    *length = (*length).min(1 | 0u16.wrapping_sub(answers));
}

/// Which conversations may run past midnight, as bits: not those of a single message.
pub type Late = [u64; ROOM / 64];

/// Finds the conversations that may run past midnight.
#[inline(always)]
pub fn find_late<T: Copy + PartialOrd + From<u8>>(
    late: &mut Late,
    key: &[u64],
    length: &[T],
    profile: &DiurnalProfile,
) {
    for (word, (key, length)) in late.iter_mut().zip(key.as_chunks::<64>().0.iter().zip(length.as_chunks::<64>().0)) {
        *word = mask(|i| key[i] >> ConversationDraw::WHEN >= u64::from(profile.late) && length[i] > T::from(1));
    }
}

/// Calls `f` with the number of each of the first `n` conversations that may run past midnight.
#[inline(always)]
pub fn each_late(late: &Late, n: usize, mut f: impl FnMut(usize)) {
    for (word, &bits) in late.iter().enumerate().take(n.div_ceil(64)) {
        each_bit(bits, |bit| f(64 * word + bit));
    }
}

/// Moves the conversations of two that run past midnight from a block to `taken`, so that none stays with messages; if not `timed`,
/// those that may. `between` gives the sides of a conversation of the block, which is opened.
pub fn take_late(
    (late, n): (&Late, usize),
    (key, turns, length): (&[u64; ROOM], &[u32; ROOM], &mut [u16; ROOM]),
    between: impl Fn(usize) -> [u32; 2],
    (tables, profile, timed): (&TrafficTables, &DiurnalProfile, bool),
    taken: &mut Vec<Conversation>,
) {
    each_late(late, n, |i| {
        let start = profile.begins(ConversationDraw::of(key[i]).when);
        let conversation = Conversation { key: key[i], sides: between(i), turns: turns[i], start, length: length[i] };
        if !timed || ends_late(tables, &conversation) {
            taken.push(conversation);
            length[i] = 0;
        }
    });
}
