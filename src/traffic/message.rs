//! Where the random words of a conversation's messages lie, and what their parts mean: counting and expanding read it here. Turns stand in this file, kinds, gaps
//! and sizes in those below it, who speaks in groups in [`crate::traffic::group_conversation`].
//!
//! A conversation's stream has a *quad* of words for every four messages: turns, kinds, gaps and sizes, 16 bits each. A word is worked on whole, four
//! messages at once, in its four *parts*.

pub mod gaps_and_sizes;
pub mod kinds;
pub mod one_by_one;

use crate::random::{Stream, mix};
use crate::traffic::time::DAY_MS;
use crate::traffic::traffic_tables::TrafficTables;

/// Messages of a quad.
pub const QUAD: usize = 4;
/// Number in a conversation's stream of the first word of the first quad; a quad has four words.
pub const TURNS: u64 = 1;

/// Place of the words of a conversation's quad: turns, kinds, gaps, sizes, [`Stream::STEP`] apart.
#[inline(always)]
pub fn quad(key: u64, number: u64) -> u64 {
    Stream::new(key).place(TURNS + WORDS * number)
}

/// Words of a quad.
pub const WORDS: u64 = 4;
/// Numbers of the words of a quad.
pub const TURN_WORD: u64 = 0;
/// See [`TURN_WORD`].
pub const KIND_WORD: u64 = 1;
/// See [`TURN_WORD`].
pub const GAP_WORD: u64 = 2;
/// See [`TURN_WORD`].
pub const SIZE_WORD: u64 = 3;

/// A word of the quad at a place.
#[inline(always)]
pub fn word(place: u64, number: u64) -> u64 {
    mix(place.wrapping_add(Stream::STEP.wrapping_mul(number)))
}

/// The 15 bits that decide a message's turn or kind; all ones pass no chance below 1.
pub const LOW: u64 = 0x7fff_7fff_7fff_7fff;

/// Whether a conversation of two or of a group surely ends on the day on which it starts, even if each of its gaps is the longest that the
/// first bits of its word allow: most do.
#[inline(always)]
pub fn ends_soon(tables: &TrafficTables, key: u64, start: u32, length: u32) -> bool {
    let mut longest = 0;
    for number in 0..length.div_ceil(QUAD as u32) {
        let mut words = word(quad(key, number.into()), GAP_WORD);
        words &= first_parts(u64::from(length - number * QUAD as u32));
        // Before the first message there is no gap.
        words &= if number == 0 { !0xffff } else { u64::MAX };
        // A word of zeros gives a gap, if a short one: none is too long for there being one more.
        let bounds = [8, 24, 40, 56].map(|at| tables.longest_gaps[(words >> at) as usize & 0xff]);
        longest += bounds.iter().sum::<u32>();
    }
    start + longest < DAY_MS
}

/// Ones at the top bits of the four parts of a word.
pub const TOP: u64 = !LOW;
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
pub fn part_mask(bits: u64) -> u64 {
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

/// Four 16 bit numbers of a word.
#[inline(always)]
pub fn parts_of(word: u64) -> [u16; QUAD] {
    [word as u16, (word >> 16) as u16, (word >> 32) as u16, (word >> 48) as u16]
}

/// Whether the word is passed at a message, for its 16 bits.
#[inline(always)]
pub fn passes_at(chance: u32, bits: u16) -> bool {
    (chance - u32::from(bits & LOW as u16)) >> 15 & 1 == 1
}

/// Whether 15-bit numbers pass a chance, as ones.
#[inline(always)]
pub fn passing(chance: u64, words: u64) -> u64 {
    (chance.wrapping_mul(EACH).wrapping_sub(words) >> 15) & EACH
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::traffic::traffic_tables::chance;

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
            assert_eq!(part_mask(by.into()), spread);
        }
        let word = 3 | 500 << 16 | 0x7fff << 32 | 0x8001 << 48;
        let turns = u32::from(chance(0.01)) | u32::from(chance(0.0005)) << 16;
        assert_eq!(passes(turns, word), 0b1001 << STARTERS | 0b1001, "{:b}", passes(turns, word));
        assert_eq!(passes(u32::from(chance(0.02)), word) >> STARTERS, 0b1011);
        assert_eq!([0, 1, 2, 3, 4, 5, 256].map(first_bits), [0, 1, 3, 7, 15, 15, 15]);
    }
}
