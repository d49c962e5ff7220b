//! From conversations to how much each side said: what counting needs, without the columns that it does not read.
//!
//! The turns and kinds are those of [`crate::traffic::expand::expander`], message by message, from the same words; times and sizes are not worked out,
//! so this is for conversations that end on the day on which they begin.

use crate::simd::kernel;
use crate::traffic::count::kind_counters::{BOTH, KindCounters, OTHER, STARTER};
use crate::traffic::count::tail_rounds::TailRounds;
use crate::traffic::message::kinds::{KINDS, add_kinds, cuts_of_parts};
use crate::traffic::message::{
    KIND_WORD, NOT_FIRST, TURN_WORD, first_bits, first_parts, ones, part_mask, passes, quad, speakers, word,
};
use crate::traffic::plan::lanes::{LANES, ROOM};
use crate::traffic::plan::strong_ties::StrongTieBlock;
use crate::traffic::plan::weak_ties::WeakTieBlock;
use crate::traffic::traffic_tables::TrafficTables;

/// How much was said in each conversation of a block.
#[derive(Clone, Debug)]
pub struct MessageCounts {
    /// Messages of the other; the rest are of the one who started.
    pub other: Vec<u16>,
    /// Messages of our users by kind: text, photo, voice, video, other.
    pub kinds: [u64; KINDS],
    /// Who passes the word in the quad at hand, then who has spoken last.
    who: Vec<u16>,
    /// Words of kinds, and which messages are ours.
    words: Vec<u64>,
    ours: Vec<u16>,
    /// What is said after the first quad.
    tail: TailRounds,
}

impl Default for MessageCounts {
    fn default() -> Self {
        MessageCounts {
            other: Vec::new(),
            kinds: [0; KINDS],
            who: Vec::new(),
            words: Vec::new(),
            ours: Vec::new(),
            tail: TailRounds::default(),
        }
    }
}

/// Counts what each side says in conversations over strong ties.
#[kernel]
fn strong(tables: &TrafficTables, conversations: &StrongTieBlock, sent: &mut MessageCounts) {
    let n = conversations.len.next_multiple_of(LANES).min(ROOM);
    let (key, length, turns) = (&conversations.key[..n], &conversations.length[..n], &conversations.turns[..n]);
    let (other, who) = (&mut sent.other[..n], &mut sent.who[..n]);
    let cuts = cuts_of_parts(tables);
    let mut below = KindCounters::default();
    let first = below.room(n);
    for i in 0..n {
        let place = quad(key[i], 0);
        who[i] = passes(turns[i], word(place, TURN_WORD));
        add_kinds(first, &cuts, word(place, KIND_WORD), first_parts(u64::from(length[i])));
    }
    let mut all = 0u32;
    for i in 0..n {
        // The one who starts speaks first.
        let (by, last) = speakers(0, who[i] & NOT_FIRST);
        (other[i], who[i]) = (ones(by & first_bits(length[i])), last);
        all += u32::from(length[i]);
    }
    let columns = (key, turns, length);
    sent.tail.count::<BOTH>(columns, who, other, &cuts, &mut below);
    sent.kinds = below.kinds(all.into());
}

/// Counts what each side says in conversations over weak ties, and the kinds of what our users say.
#[kernel]
fn weak(tables: &TrafficTables, conversations: &WeakTieBlock, sent: &mut MessageCounts) {
    let n = conversations.len.next_multiple_of(LANES).min(ROOM);
    let (key, length, turns) = (&conversations.key[..n], &conversations.length[..n], &conversations.turns[..n]);
    let (other, who, words) = (&mut sent.other[..n], &mut sent.who[..n], &mut sent.words[..n]);
    let cuts = cuts_of_parts(tables);
    let mut below = KindCounters::default();
    for i in 0..n {
        let place = quad(key[i], 0);
        who[i] = passes(turns[i], word(place, TURN_WORD));
        words[i] = word(place, KIND_WORD);
    }
    let ours = &mut sent.ours[..n];
    let not_other = if conversations.we_start { 15 } else { 0 };
    for i in 0..n {
        let (by, last) = speakers(0, who[i] & NOT_FIRST);
        let valid = first_bits(length[i]);
        ours[i] = (by ^ not_other) & valid;
        (other[i], who[i]) = (ones(by & valid), last);
    }
    let first = below.room(n);
    for i in 0..n {
        add_kinds(first, &cuts, words[i], part_mask(u64::from(ours[i])));
    }
    let columns = (key, turns, length);
    if conversations.we_start {
        sent.tail.count::<STARTER>(columns, who, other, &cuts, &mut below);
    } else {
        sent.tail.count::<OTHER>(columns, who, other, &cuts, &mut below);
    }
    let mut all = 0u32;
    for i in 0..n {
        all += u32::from(if conversations.we_start { length[i] - other[i] } else { other[i] });
    }
    sent.kinds = below.kinds(all.into());
}

impl MessageCounts {
    fn resize(&mut self, n: usize) {
        self.other.resize(n, 0);
        self.who.resize(n, 0);
    }

    /// Counts what each side says in conversations over strong ties.
    pub fn strong(&mut self, tables: &TrafficTables, conversations: &StrongTieBlock) {
        self.resize(conversations.len.next_multiple_of(LANES).min(ROOM));
        strong(tables, conversations, self);
    }

    /// Counts what each side says in conversations over weak ties, and the kinds of what our users say.
    pub fn weak(&mut self, tables: &TrafficTables, conversations: &WeakTieBlock) {
        let n = conversations.len.next_multiple_of(LANES).min(ROOM);
        self.resize(n);
        self.words.resize(n, 0);
        self.ours.resize(n, 0);
        weak(tables, conversations, self);
    }
}
