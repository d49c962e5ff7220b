//! A conversation of a group: who is asked, and who speaks.

use crate::random::Stream;
use crate::traffic::message::one_by_one::messages;
use crate::traffic::message::{QUAD, ends_soon, passes_at};
use crate::traffic::time::{DAY_MS, since_first};
use crate::traffic::traffic_tables::{SPEAKERS, TrafficTables};

/// Number in a conversation's stream of the word that says which members are asked first.
pub const HEAD: u64 = 0;
/// Number of the first of the words that say who speaks next, one for each quad.
pub const PICKS: u64 = 1 << 20;

/// A conversation of a group, opened: who may speak.
#[derive(Clone, Copy, Debug)]
pub struct GroupConversation {
    /// Key: id, and start of the stream of the conversation's messages.
    pub key: u64,
    /// Messages.
    pub length: u32,
    /// Word of when it begins.
    pub when: u32,
    /// Those who are asked.
    pub speakers: [u16; SPEAKERS],
    /// Weights of those who are active today, added up: one who is not has the sum of the one before, and is never picked.
    pub until: [u32; SPEAKERS],
}

/// Number of the one who speaks, for the low 16 bits of a word, by weights that are added up.
#[inline(always)]
pub fn pick([a, b, c, weight]: [u64; SPEAKERS], word: u64) -> u64 {
    let at = ((word & 0xffff) * weight) >> 16;
    u64::from(a <= at) + u64::from(b <= at) + u64::from(c <= at)
}

impl GroupConversation {
    /// Number of the one who speaks, for 16 bits.
    #[inline(always)]
    fn pick(&self, word: u64) -> usize {
        pick(self.until.map(u64::from), word) as usize
    }

    /// Number of the one who speaks first.
    #[inline(always)]
    pub fn first(&self) -> usize {
        self.pick(Stream::new(self.key).at(HEAD))
    }

    /// Number of the one who speaks after `before`, for the low parts of the two words.
    #[inline(always)]
    pub fn next(&self, tables: &TrafficTables, before: usize, turns: u64, picks: u64) -> usize {
        let next = self.pick(picks);
        if passes_at(tables.group_pass.into(), turns as u16) { next } else { before }
    }

    /// Whether the last message is sent past the midnight after the first.
    pub fn ends_late(&self, tables: &TrafficTables, start: u32) -> bool {
        if ends_soon(tables, self.key, start, self.length) {
            return false;
        }
        let (mut speaker, mut since) = (self.first(), 0u32);
        for message in messages(self.key, self.length) {
            let (quad, part) = (u64::from(message.number) / QUAD as u64, message.number % QUAD as u32);
            let next = self.pick(Stream::new(self.key).at(PICKS + quad) >> (16 * part));
            let next = if message.passes(tables.group_pass.into()) { next } else { speaker };
            since += message.gap(tables, next != speaker);
            speaker = next;
        }
        start + since_first(since) >= DAY_MS
    }
}
