//! Gaps and sizes as they are looked up for many messages at once: all pieces of all quantile functions in a row each, by an index
//! of [`INDEX_BITS`] that says which function and which piece.

use crate::random::distribution::Quantiles;

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
pub struct Pieces {
    /// Gaps of one side, then those until a reply.
    pub gaps: Box<[u64; ROW]>,
    /// Sizes by kind of message.
    pub sizes: Box<[u64; ROW]>,
}

impl Pieces {
    /// The pieces of these functions.
    pub fn new(gaps: &[Quantiles<GAP_PIECES>], sizes: &[Quantiles<SIZE_PIECES>]) -> Self {
        Pieces {
            gaps: row(gaps.iter().flat_map(Quantiles::pieces)),
            sizes: row(sizes.iter().flat_map(Quantiles::pieces)),
        }
    }
}

fn row(pieces: impl Iterator<Item = u64>) -> Box<[u64; ROW]> {
    let mut row = Box::new([0; ROW]);
    row.iter_mut().zip(pieces).for_each(|(to, piece)| *to = piece);
    row
}
