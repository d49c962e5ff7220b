//! Gaps and sizes as they are looked up for many messages at once: all pieces of all quantile functions in a row each, by an index
//! of [`INDEX_BITS`] that says which function and which piece.

use crate::random::distribution::InverseCdf;

/// Bits of an index.
pub const INDEX_BITS: u32 = 11;
/// Pieces in a row.
pub const ROW: usize = 1 << INDEX_BITS;
/// Pieces of the quantile function of a gap; the rest of its 16 bits say where in the piece.
pub const GAP_PIECES: usize = 1024;
/// Pieces of the quantile function of a size.
pub const SIZE_PIECES: usize = 256;

/// A piece: where it begins in the low half, how much it rises in the high half.
#[derive(Clone, Debug)]
pub struct QuantileTable {
    /// Gaps of one side, then those until a reply.
    pub gaps: Box<[u64; ROW]>,
    /// Sizes by kind of message.
    pub sizes: Box<[u64; ROW]>,
}

impl QuantileTable {
    /// The pieces of these functions.
    pub fn new(gaps: &[InverseCdf<GAP_PIECES>], sizes: &[InverseCdf<SIZE_PIECES>]) -> Self {
        QuantileTable {
            gaps: row(gaps.iter().flat_map(InverseCdf::pieces)),
            sizes: row(sizes.iter().flat_map(InverseCdf::pieces)),
        }
    }
}

fn row(quantiles: impl Iterator<Item = u64>) -> Box<[u64; ROW]> {
    let mut row = Box::new([0; ROW]);
    row.iter_mut().zip(quantiles).for_each(|(to, piece)| *to = piece);
    row
}
