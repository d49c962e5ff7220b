//! From talks to how much each side said: what counting needs, without the columns that it does not read.
//!
//! The turns and kinds are those of [`super::unfold`], message by message, from the same words; times and sizes are not worked out,
//! so this is for talks that end on the day on which they begin.

use super::block::{Block, LANES, ROOM};
use super::far::Far;
use super::model::Model;
use super::rest::Rest;
use super::unfold::{LOW, QUAD, quad};
use crate::random::{Stream, mix};
use crate::simd::kernels;

/// Kinds of message.
pub const KINDS: usize = 5;

/// How much was said in each talk of a block.
#[derive(Clone, Debug)]
pub struct Said {
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
    rest: Rest,
}

impl Default for Said {
    fn default() -> Self {
        Said {
            other: Vec::new(),
            kinds: [0; KINDS],
            who: Vec::new(),
            words: Vec::new(),
            ours: Vec::new(),
            rest: Rest::default(),
        }
    }
}

/// Ones at the top bits of the four parts of a word.
const TOP: u64 = !LOW;
/// Moves the top bits of the four parts to the top four bits of the word.
const GATHER: u64 = 1 << 45 | 1 << 30 | 1 << 15 | 1;
/// A number in each of the four parts.
pub const EACH: u64 = 0x0001_0001_0001_0001;

/// The messages at which the word is passed, four bits each: from bit 8 on if the starter has it, from bit 0 on if the other has it.
#[inline(always)]
pub fn passes(turns: u32, word: u64) -> u16 {
    let word = word & LOW;
    let passed = |chance: u32| u64::from(chance).wrapping_mul(EACH).wrapping_sub(word) & TOP;
    // The bits of the one lie half way between those of the other, and no two of the product meet.
    ((passed(turns & 0xffff) | passed(turns >> 16) >> 8).wrapping_mul(GATHER) >> 52) as u16
}

/// Where [`passes`] has those of the starter.
pub const STARTERS: u16 = 8;
/// [`passes`] without the first message: the one who starts speaks first.
pub const NOT_FIRST: u16 = 0xe0e;

/// The parts of a quad's first messages.
#[inline(always)]
pub fn first_parts(messages: u64) -> u64 {
    if messages < 4 { (1u64 << (16 * messages)) - 1 } else { u64::MAX }
}

/// The bits of a quad's first messages.
#[inline(always)]
pub fn first_bits(messages: u16) -> u16 {
    (0..QUAD as u16).map(|message| u16::from(messages > message) << message).sum()
}

/// How many of the four lowest bits are set.
#[inline(always)]
pub fn ones(bits: u16) -> u16 {
    (bits & 1) + (bits >> 1 & 1) + (bits >> 2 & 1) + (bits >> 3 & 1)
}

/// All ones in the parts of a word whose bits are set, of four.
#[inline(always)]
pub fn parts(bits: u64) -> u64 {
    let lowest = (bits | bits << 15 | bits << 30 | bits << 45) & EACH;
    (lowest << 16).wrapping_sub(lowest)
}

/// Who speaks in a quad's four messages, as bits, set if it is the other; and who has spoken last: from who spoke before, and
/// [`passes`].
#[inline(always)]
pub fn speakers(before: u16, passes: u16) -> (u16, u16) {
    let (mut speaker, mut by_other) = (before, 0);
    for message in 0..QUAD as u16 {
        let passes = if speaker == 0 { passes >> STARTERS } else { passes };
        speaker ^= passes >> message & 1;
        by_other |= speaker << message;
    }
    (by_other, speaker)
}

/// Adds the kinds of the messages whose parts are set in `valid`: photos; with voice; with video; all but text. All `cuts` are chances
/// below 1, which the parts that are not set do not pass: [`super::model::Model::media_cuts`].
#[inline(always)]
pub fn add_kinds(below: &mut [u64; 4], cuts: &[u64; 4], word: u64, valid: u64) {
    let word = (word | !valid) & LOW;
    for (below, cut) in below.iter_mut().zip(cuts) {
        *below += (cut.wrapping_sub(word) & TOP) >> 15;
    }
}

/// Sum of the four parts of a word.
fn sum_parts(word: u64) -> u64 {
    (0..4).map(|part| word >> (16 * part) & 0xffff).sum()
}

kernels! {
    /// Counts what each side says in talks over strong ties.
    fn strong(model: &Model, talks: &Block, said: &mut Said) {
        let n = talks.len.next_multiple_of(LANES).min(ROOM);
        let (key, length, turns) = (&talks.key[..n], &talks.length[..n], &talks.turns[..n]);
        let (other, who) = (&mut said.other[..n], &mut said.who[..n]);
        let cuts = model.media_cuts.map(|cut| u64::from(cut) * EACH);
        let mut below = Below::default();
        let first = below.room(n);
        for i in 0..n {
            let place = quad(key[i], 0);
            who[i] = passes(turns[i], mix(place));
            add_kinds(first, &cuts, mix(place.wrapping_add(Stream::STEP)), first_parts(u64::from(length[i])));
        }
        let mut all = 0u32;
        for i in 0..n {
            // The one who starts speaks first.
            let (by, last) = speakers(0, who[i] & NOT_FIRST);
            (other[i], who[i]) = (ones(by & first_bits(length[i])), last);
            all += u32::from(length[i]);
        }
        let columns = (key, turns, length);
        said.rest.count::<BOTH>(columns, who, other, &cuts, &mut below);
        said.kinds = below.kinds(all.into());
    }

    /// Counts what each side says in talks over weak ties, and the kinds of what our users say.
    fn far(model: &Model, talks: &Far, said: &mut Said) {
        let n = talks.len.next_multiple_of(LANES).min(ROOM);
        let (key, length, turns) = (&talks.key[..n], &talks.length[..n], &talks.turns[..n]);
        let (other, who, words) = (&mut said.other[..n], &mut said.who[..n], &mut said.words[..n]);
        let cuts = model.media_cuts.map(|cut| u64::from(cut) * EACH);
        let mut below = Below::default();
        for i in 0..n {
            let place = quad(key[i], 0);
            who[i] = passes(turns[i], mix(place));
            words[i] = mix(place.wrapping_add(Stream::STEP));
        }
        let ours = &mut said.ours[..n];
        let not_other = if talks.we_start { 15 } else { 0 };
        for i in 0..n {
            let (by, last) = speakers(0, who[i] & NOT_FIRST);
            let sent = first_bits(length[i]);
            ours[i] = (by ^ not_other) & sent;
            (other[i], who[i]) = (ones(by & sent), last);
        }
        let first = below.room(n);
        for i in 0..n {
            add_kinds(first, &cuts, words[i], parts(u64::from(ours[i])));
        }
        let columns = (key, turns, length);
        if talks.we_start {
            said.rest.count::<STARTER>(columns, who, other, &cuts, &mut below);
        } else {
            said.rest.count::<OTHER>(columns, who, other, &cuts, &mut below);
        }
        let mut all = 0u32;
        for i in 0..n {
            all += u32::from(if talks.we_start { length[i] - other[i] } else { other[i] });
        }
        said.kinds = below.kinds(all.into());
    }
}

/// Whose kinds of message are counted: of both sides, of the starter, of the other.
pub const BOTH: u8 = 0;
/// See [`BOTH`].
pub const STARTER: u8 = 1;
/// See [`BOTH`].
pub const OTHER: u8 = 2;

/// Messages by kind as they are counted: how many are photos; photos or voice; these or video; all but text.
#[derive(Clone, Copy, Debug, Default)]
pub struct Below {
    /// In the four parts of words.
    parts: [u64; 4],
    /// What was in the parts before.
    sums: [u64; 4],
    /// Quads that may be in the parts.
    quads: usize,
}

impl Below {
    /// Where to add so many quads, by [`add_kinds`]: each adds 1 to a part of 16 bits at most.
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

impl Said {
    fn resize(&mut self, n: usize) {
        self.other.resize(n, 0);
        self.who.resize(n, 0);
    }

    /// Counts what each side says in talks over strong ties.
    pub fn strong(&mut self, model: &Model, talks: &Block) {
        self.resize(talks.len.next_multiple_of(LANES).min(ROOM));
        strong(model, talks, self);
    }

    /// Counts what each side says in talks over weak ties, and the kinds of what our users say.
    pub fn far(&mut self, model: &Model, talks: &Far) {
        let n = talks.len.next_multiple_of(LANES).min(ROOM);
        self.resize(n);
        self.words.resize(n, 0);
        self.ours.resize(n, 0);
        far(model, talks, self);
    }
}

#[cfg(test)]
mod tests {
    use super::super::model::chance;
    use super::*;

    #[test]
    fn speakers_are_those_of_one_message_after_another() {
        for index in 0u16..512 {
            let (before, passes) = (index >> 8, (index & 15) << STARTERS | index >> 4 & 15);
            let (mut speaker, mut bits) = (before, Vec::new());
            for message in 0..4 {
                let pass = if speaker == 1 { index >> (4 + message) & 1 } else { index >> message & 1 };
                speaker = (speaker + pass) % 2;
                bits.push(speaker);
            }
            let (by, last) = speakers(before, passes);
            assert_eq!((0..4).map(|message| by >> message & 1).collect::<Vec<_>>(), bits);
            assert_eq!((last, ones(by)), (bits[3], bits.iter().sum()));
            let spread = (0..4).map(|part| (u64::from(bits[part]) * 0xffff) << (16 * part)).sum::<u64>();
            assert_eq!(parts(by.into()), spread);
        }
        let word = 3 | 500 << 16 | 0x7fff << 32 | 0x8001 << 48;
        let turns = u32::from(chance(0.01)) | u32::from(chance(0.0005)) << 16;
        assert_eq!(passes(turns, word), 0b1001 << STARTERS | 0b1001, "{:b}", passes(turns, word));
        assert_eq!(passes(u32::from(chance(0.02)), word) >> STARTERS, 0b1011);
        assert_eq!([0, 1, 2, 3, 4, 5, 256].map(first_bits), [0, 1, 3, 7, 15, 15, 15]);
    }
}
