//! What the words of gaps and of sizes say: milliseconds since the message before, and bytes. Where they are looked up for many messages at once, the high
//! bits of a part are an index of a [`QuantileTable`](crate::traffic::quantile_table::QuantileTable), and the low ones say where in that piece. Gaps take the low bits of the size
//! besides, so that no gap is much likelier than the next, long ones neither.

use crate::traffic::message::EACH;
use crate::traffic::quantile_table::{GAP_PIECES, SIZE_PIECES};
use crate::traffic::traffic_tables::TrafficTables;

/// Bits of a part that say where in a piece: of a gap, of a size.
const GAP_WITHIN: u32 = 16 - GAP_PIECES.trailing_zeros();
const SIZE_WITHIN: u32 = 16 - SIZE_PIECES.trailing_zeros();
/// Bits of a part of [`withins`]: those above are free for whoever carries them.
pub const WITHINS: u32 = GAP_WITHIN + SIZE_WITHIN;

/// The gap before a message, for its 16 bits and those of its size: a reply, or the next message of the same side. Milliseconds.
#[inline(always)]
pub fn gap(tables: &TrafficTables, turned: bool, bits: u16, size_bits: u16) -> u32 {
    let more = u32::from(size_bits) & ((1 << SIZE_WITHIN) - 1);
    tables.gaps[usize::from(turned)].at(u32::from(bits) << 16 | more << (16 - SIZE_WITHIN))
}

/// The size of a message of a kind, for its 16 bits. Bytes.
#[cfg(test)]
#[inline(always)]
pub fn size(tables: &TrafficTables, kind: u8, bits: u16) -> u32 {
    tables.sizes[usize::from(kind)].at(u32::from(bits) << 16)
}

/// Indices of the gaps of a word's four messages, if nobody passes the word.
#[inline(always)]
pub fn gap_indices(word: u64) -> u64 {
    (word >> GAP_WITHIN) & (EACH * (GAP_PIECES as u64 - 1))
}

/// What is added to indices of gaps where the word is passed, which are the ones of `turned`.
#[inline(always)]
pub fn reply_indices(turned: u64) -> u64 {
    turned << GAP_PIECES.trailing_zeros()
}

/// Indices of the sizes of a word's four messages, of these kinds.
#[inline(always)]
pub fn size_indices(word: u64, kinds: u64) -> u64 {
    (word >> SIZE_WITHIN) & (EACH * (SIZE_PIECES as u64 - 1)) | kinds << SIZE_PIECES.trailing_zeros()
}

/// Where in their pieces the gaps and sizes of four messages are.
#[inline(always)]
pub fn withins(gaps: u64, sizes: u64) -> u64 {
    sizes & (EACH * ((1 << SIZE_WITHIN) - 1)) | (gaps & (EACH * ((1 << GAP_WITHIN) - 1))) << SIZE_WITHIN
}

/// The gap of a piece.
#[inline(always)]
pub fn gap_in(piece: u64, within: u16) -> u32 {
    let rises = ((piece >> 32) * (u64::from(within) & ((1 << WITHINS) - 1))) >> WITHINS;
    (piece as u32).wrapping_add(rises as u32)
}

/// The size of a piece.
#[inline(always)]
pub fn size_in(piece: u64, within: u16) -> u32 {
    let within = u64::from(within) & ((1 << SIZE_WITHIN) - 1);
    (piece as u32).wrapping_add((((piece >> 32) * within) >> SIZE_WITHIN) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::traffic::fixtures::tables;
    use crate::traffic::message::parts_of;

    /// Whole functions and pieces that are looked up say the same, for all bits.
    #[test]
    fn gaps_and_sizes_are_those_of_one_message_after_another() {
        let tables = tables();
        for bits in 0..=u16::MAX {
            let (word, kinds) = (u64::from(bits), u64::from(bits % 5));
            let size_bits = bits.wrapping_mul(0x9E37);
            let within = parts_of(withins(word, size_bits.into()))[0];
            for turned in [false, true] {
                let index = gap_indices(word) + reply_indices(turned.into());
                assert_eq!(
                    gap_in(tables.quantiles.gaps[index as usize], within),
                    gap(&tables, turned, bits, size_bits)
                );
            }
            let index = size_indices(size_bits.into(), kinds) as usize;
            assert_eq!(size_in(tables.quantiles.sizes[index], within), size(&tables, kinds as u8, size_bits));
        }
    }
}
