//! Messages counted by kind, four at a time.

use crate::traffic::message::kinds::KINDS;
use crate::traffic::plan::lanes::ROOM;

/// Sum of the four parts of a word.
fn sum_parts(word: u64) -> u64 {
    (0..4).map(|part| word >> (16 * part) & 0xffff).sum()
}

/// Whose kinds of message are counted: of both sides, of the starter, of the other.
pub const BOTH: u8 = 0;
/// See [`BOTH`].
pub const STARTER: u8 = 1;
/// See [`BOTH`].
pub const OTHER: u8 = 2;

/// Messages by kind as they are counted: how many are photos; photos or voice; these or video; all but text.
#[derive(Clone, Copy, Debug, Default)]
pub struct KindCounters {
    /// In the four parts of words.
    parts: [u64; 4],
    /// What was in the parts before.
    sums: [u64; 4],
    /// Quads that may be in the parts.
    quads: usize,
}

impl KindCounters {
    /// Where to add so many quads, by [`add_kinds`](crate::traffic::message::kinds::add_kinds): each adds 1 to a part of 16 bits at most.
    #[inline(always)]
    pub fn room(&mut self, quads: usize) -> &mut [u64; 4] {
        const { assert!(ROOM <= u16::MAX as usize) };
        if self.quads + quads > usize::from(u16::MAX) {
            self.settle();
        }
        self.quads += quads;
        &mut self.parts
    }

    fn settle(&mut self) {
        for (sum, parts) in self.sums.iter_mut().zip(&mut self.parts) {
            *sum += sum_parts(std::mem::take(parts));
        }
        self.quads = 0;
    }

    /// Kinds of so many messages.
    pub fn kinds(mut self, all: u64) -> [u64; KINDS] {
        self.settle();
        let [photo, voice, video, other] = self.sums;
        [all - other, photo, voice - photo, video - voice, other - video]
    }
}
