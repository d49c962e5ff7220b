//! From a buffer of conversations to events, column by column.
//!
//! What words decide for themselves is worked out for all quads in vectors, four messages to a word of 64 bits. Then the quads are
//! laid one after the other: four messages are written, as many kept as there are, so that there is no branch to guess. Then gaps and
//! sizes are looked up, and added up over a conversation.

use crate::simd::kernel;
use crate::traffic::batch::{Batch, Spare};
use crate::traffic::expand::buffer::{ExpansionBuffer, LAID, MESSAGES, QUADS, ROWS};
use crate::traffic::message::gaps_and_sizes::{
    WITHINS, gap_in, gap_indices, reply_indices, size_in, size_indices, withins,
};
use crate::traffic::message::kinds::kinds_of_parts;
use crate::traffic::message::{EACH, GAP_WORD, KIND_WORD, LOW, QUAD, SIZE_WORD, TURN_WORD, parts_of, passing, word};
use crate::traffic::quantile_table::{INDEX_BITS, ROW};
use crate::traffic::time::since_first;
use crate::traffic::traffic_tables::TrafficTables;

/// In an index of a size: whether the other speaks.
const OTHER: u32 = 15;
/// In the parts: whether the message is the first of its conversation.
const FIRST: u32 = 15;

/// What the words of quads decide, four messages to a word.
#[derive(Debug)]
pub struct EventWriter {
    /// Whether the other speaks, if the starter spoke before; and what differs if the other did.
    pub speakers: [[u64; ROWS]; 2],
    /// Index of the gap, if the speaker is the one before.
    pub gaps: [u64; ROWS],
    /// Index of the size.
    pub sizes: [u64; ROWS],
    /// Where in the pieces of both.
    pub parts: [u64; ROWS],
    /// Kinds, a byte each.
    pub kinds: [u32; ROWS],
    /// Indices of gaps, message by message.
    pub gap: [u16; LAID],
    /// Indices of sizes, and who speaks.
    pub size: [u16; LAID],
    /// Where in the pieces, and whether it is the first.
    pub part: [u16; LAID],
    /// Time since the first message.
    since: [u32; LAID],
    /// Pieces of the quantile functions of sizes.
    piece: [u64; LAID],
}

impl Default for EventWriter {
    fn default() -> Self {
        EventWriter {
            speakers: [[0; ROWS]; 2],
            gaps: [0; ROWS],
            sizes: [0; ROWS],
            parts: [0; ROWS],
            kinds: [0; ROWS],
            gap: [0; LAID],
            size: [0; LAID],
            part: [0; LAID],
            since: [0; LAID],
            piece: [0; LAID],
        }
    }
}

impl EventWriter {
    /// Appends the events of the buffer's conversations of two to a batch.
    pub fn fill(&mut self, tables: &TrafficTables, buffer: &ExpansionBuffer, batch: &mut Batch) {
        let n = buffer.events.min(MESSAGES);
        self.decide(tables, buffer);
        let mut to = EventColumnsMut::new(batch);
        lay(buffer, self, &mut to);
        self.finish(tables, n, to);
        batch.advance(n);
    }

    /// What the words of the quads decide.
    pub fn decide(&mut self, tables: &TrafficTables, buffer: &ExpansionBuffer) {
        let place = &buffer.place[..buffer.quads];
        let ([first, otherwise], gaps, sizes) = (&mut self.speakers, &mut self.gaps, &mut self.sizes);
        let (parts, kinds) = (&mut self.parts, &mut self.kinds);
        decide(tables, place, &buffer.turns, &buffer.number, first, otherwise, gaps, sizes, parts, kinds);
    }

    /// The rest of `n` messages that are laid.
    pub fn finish(&mut self, tables: &TrafficTables, n: usize, to: EventColumnsMut<'_>) {
        let (since, piece) = (&mut self.since[..n], &mut self.piece[..n]);
        look_up(&tables.quantiles.gaps, &tables.quantiles.sizes, &self.gap, &self.size, &self.part, since, piece);
        finish(&self.size, &self.part, since, piece, to.time, to.actor, to.target, to.bytes);
    }
}

/// Room in a batch for all messages of a buffer, of a length that is known where it is compiled, so that no index is checked.
#[derive(Debug)]
pub struct EventColumnsMut<'a> {
    /// When the conversation begins.
    pub time: &'a mut [u32; LAID],
    /// Who starts it.
    pub actor: &'a mut [u32; LAID],
    /// The other side, xor who starts it.
    pub target: &'a mut [u32; LAID],
    /// Kinds.
    pub kind: &'a mut [u8; LAID],
    /// Not laid: worked out at the end.
    pub bytes: &'a mut [u32; LAID],
    /// Keys.
    pub conversation: &'a mut [u64; LAID],
}

impl<'a> EventColumnsMut<'a> {
    /// Room in this batch.
    pub fn new(batch: &'a mut Batch) -> Self {
        let Spare { time, actor, target, kind, bytes, conversation } = batch.spare(LAID);
        EventColumnsMut {
            time: exactly(time),
            actor: exactly(actor),
            target: exactly(target),
            kind: exactly(kind),
            bytes: exactly(bytes),
            conversation: exactly(conversation),
        }
    }
}

fn exactly<T>(room: &mut [T]) -> &mut [T; LAID] {
    room.first_chunk_mut().expect("room for a buffer")
}

/// What the words of quads at these places decide.
#[kernel]
fn decide(
    tables: &TrafficTables,
    place: &[u64],
    turns: &[u32],
    number: &[u8],
    first: &mut [u64],
    otherwise: &mut [u64],
    gaps: &mut [u64],
    sizes: &mut [u64],
    all_parts: &mut [u64],
    kinds: &mut [u32],
) {
    let n = place.len();
    let (turns, number, first, otherwise) = (&turns[..n], &number[..n], &mut first[..n], &mut otherwise[..n]);
    let (gaps, sizes, all_parts, kinds) = (&mut gaps[..n], &mut sizes[..n], &mut all_parts[..n], &mut kinds[..n]);
    const { assert!(FIRST >= WITHINS) };
    for i in 0..n {
        let [turn, gap, size] = [TURN_WORD, GAP_WORD, SIZE_WORD].map(|number| word(place[i], number));
        let turn = turn & LOW;
        let later = u64::from(number[i].min(1));
        // Who speaks after the starter, and after the other, as ones for the other; nobody passes the word at the first message.
        let after = passing(u64::from(turns[i] & 0xffff), turn) & (!1 | later);
        let back = passing(u64::from(turns[i] >> 16), turn) ^ EACH;
        // Then after two messages, and after four.
        let (before, before_other) = (after << 16, back << 16 | 1);
        let after_two = before & back | !before & after;
        let back_two = before_other & back | !before_other & after;
        let (before, before_other) = (after_two << 32, back_two << 32 | 0x0001_0001);
        let starter = before & back_two | !before & after_two;
        let other = before_other & back_two | !before_other & after_two;
        first[i] = starter;
        otherwise[i] = (starter ^ other) & later.wrapping_neg();
        let kind = kinds_of_parts(tables, word(place[i], KIND_WORD));
        let pairs = (kind | kind >> 8) & 0x0000_ffff_0000_ffff;
        kinds[i] = (pairs | pairs >> 16) as u32;
        gaps[i] = gap_indices(gap);
        sizes[i] = size_indices(size, kind);
        all_parts[i] = withins(gap, size) | (1 - later) << FIRST;
    }
}

/// Lays the quads: message follows message.
#[kernel]
fn lay(buffer: &ExpansionBuffer, from: &mut EventWriter, to: &mut EventColumnsMut<'_>) {
    let EventWriter { speakers: [first, otherwise], gaps, sizes, parts: within, kinds, gap, size, part, .. } = from;
    let (mut next, mut last) = (0, 0u64);
    for q in 0..buffer.quads.min(QUADS) {
        let at = next & (MESSAGES - 1);
        let conversation = usize::from(buffer.conversation[q]) & (QUADS - 1);
        let speakers = first[q] ^ (otherwise[q] & last.wrapping_neg());
        let turned = speakers ^ (speakers << 16 | last);
        last = speakers >> 48;
        let end = at + QUAD;
        gap[at..end].copy_from_slice(&parts_of(gaps[q] | reply_indices(turned)));
        size[at..end].copy_from_slice(&parts_of(sizes[q] | speakers << OTHER));
        part[at..end].copy_from_slice(&parts_of(within[q]));
        to.kind[at..end].copy_from_slice(&kinds[q].to_le_bytes());
        to.time[at..end].copy_from_slice(&[buffer.start[conversation]; QUAD]);
        to.actor[at..end].copy_from_slice(&[buffer.starter[conversation]; QUAD]);
        to.target[at..end].copy_from_slice(&[buffer.across[conversation]; QUAD]);
        to.conversation[at..end].copy_from_slice(&[buffer.key[conversation]; QUAD]);
        next += usize::from(buffer.messages[q]);
    }
}

/// Looks up gaps, added up since the first message of the conversation, and the pieces of sizes.
#[kernel]
fn look_up(
    gaps: &[u64; ROW],
    sizes: &[u64; ROW],
    gap: &[u16],
    size: &[u16],
    part: &[u16],
    since: &mut [u32],
    piece: &mut [u64],
) {
    let n = since.len();
    let (gap, size, part, piece) = (&gap[..n], &size[..n], &part[..n], &mut piece[..n]);
    const INDEX: usize = (1 << INDEX_BITS) - 1;
    let mut sum = 0u32;
    for i in 0..n {
        let gap = gap_in(gaps[usize::from(gap[i]) & INDEX], part[i]);
        let later = (u32::from(part[i]) >> FIRST).wrapping_sub(1);
        sum = sum.wrapping_add(gap) & later;
        since[i] = sum;
        piece[i] = sizes[usize::from(size[i]) & INDEX];
    }
}

/// Times, sides and sizes.
#[kernel]
fn finish(
    size: &[u16],
    part: &[u16],
    since: &[u32],
    piece: &[u64],
    time: &mut [u32],
    actor: &mut [u32],
    target: &mut [u32],
    bytes: &mut [u32],
) {
    let n = since.len();
    let (size, part, piece, time) = (&size[..n], &part[..n], &piece[..n], &mut time[..n]);
    let (actor, target, bytes) = (&mut actor[..n], &mut target[..n], &mut bytes[..n]);
    for i in 0..n {
        time[i] += since_first(since[i]);
        let other = u32::from(size[i] >> OTHER).wrapping_neg();
        let across = target[i];
        actor[i] ^= across & other;
        target[i] = actor[i] ^ across;
    }
    for i in 0..n {
        bytes[i] = size_in(piece[i], part[i]);
    }
}
