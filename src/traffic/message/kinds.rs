//! What the words of kinds say: of each message whether it is a text, a photo, a voice message, a video or another one.

use crate::traffic::message::{EACH, LOW, TOP, passing};
use crate::traffic::traffic_tables::TrafficTables;

/// Kinds of message.
pub const KINDS: usize = 5;

/// The kind of a message, for its 16 bits: the plain form of what follows.
#[cfg(test)]
#[inline(always)]
pub fn kind(tables: &TrafficTables, bits: u16) -> u8 {
    tables.media[usize::from(bits & LOW as u16) >> 3]
}

/// Thresholds of a word's four parts, as [`add_kinds`] takes them.
#[inline(always)]
pub fn cuts_of_parts(tables: &TrafficTables) -> [u64; 4] {
    tables.media_cuts.map(|cut| u64::from(cut) * EACH)
}

/// Adds the kinds of the messages whose parts are set in `valid`: photos; with voice; with video; all but text. All `cuts` are chances
/// below 1, which the parts that are not set do not pass: [`TrafficTables::media_cuts`].
#[inline(always)]
pub fn add_kinds(below: &mut [u64; 4], cuts: &[u64; 4], word: u64, valid: u64) {
    let word = (word | !valid) & LOW;
    for (below, cut) in below.iter_mut().zip(cuts) {
        *below += (cut.wrapping_sub(word) & TOP) >> 15;
    }
}

/// The kinds of a word's four messages, a part each.
#[inline(always)]
pub fn kinds_of_parts(tables: &TrafficTables, word: u64) -> u64 {
    // Kinds are numbered from text = 0; photos pass all four thresholds.
    let below = tables.media_cuts.map(|cut| passing(cut.into(), word & LOW));
    below[3] * 5 - (below[0] + below[1] + below[2] + below[3])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::traffic::fixtures::tables;
    use crate::traffic::message::parts_of;

    /// One by one, four at a time, and counted, for every word that there can be.
    #[test]
    fn kinds_are_those_of_one_message_after_another() {
        let tables = tables();
        let cuts = cuts_of_parts(&tables);
        for bits in 0..=u16::MAX {
            let word = (u64::from(bits) * EACH) ^ 0x1234_0000_8000_0007;
            let plain = parts_of(word).map(|bits| kind(&tables, bits));
            assert_eq!(parts_of(kinds_of_parts(&tables, word)), plain.map(u16::from));
            let mut below = [0; 4];
            add_kinds(&mut below, &cuts, word, 0xffff_ffff_0000_ffff);
            let counted = [[1, 5].as_slice(), &[1, 2], &[1, 2, 3], &[1, 2, 3, 4]];
            for (below, kinds) in below.into_iter().zip(counted) {
                let of = |part: usize| u16::from(part != 1 && kinds.contains(&plain[part]));
                assert_eq!(parts_of(below), [0, 1, 2, 3].map(of), "{word:x}");
            }
        }
    }
}
