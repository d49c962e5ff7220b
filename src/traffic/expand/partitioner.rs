//! Events parted: what our users say and what the other side says, what happens today and what tomorrow.

use crate::simd::{compress_u32, compress_u64, kernel, mask};
use crate::traffic::batch::{Batch, Spare};

/// Events to a word of bits.
const WORD: usize = 64;
/// Events that are parted at once.
const CHUNK: usize = 8 * WORD;

/// Parts events.
#[derive(Debug)]
pub struct Partitioner {
    /// Bits of ours, then of theirs.
    keep: [[u64; CHUNK / WORD]; 2],
    /// Kinds, as wide as what can be compressed: all, and those of one part.
    kinds: [[u32; CHUNK]; 2],
}

impl Default for Partitioner {
    fn default() -> Self {
        Partitioner { keep: [[0; CHUNK / WORD]; 2], kinds: [[0; CHUNK]; 2] }
    }
}

impl Partitioner {
    /// Appends events whose value in a column of the batch, or like one, is below `limit` to `ours`, the others to `theirs`.
    pub fn part(&mut self, batch: &Batch, column: &[u32], limit: u32, ours: &mut Batch, theirs: &mut Batch) {
        let whole = batch.len() / WORD * WORD;
        for from in (0..whole).step_by(CHUNK) {
            let n = CHUNK.min(whole - from);
            let [all, kept] = &mut self.kinds;
            find(&column[from..from + n], limit, &mut self.keep);
            widen(&batch.kind[from..from + n], all);
            for (keep, to) in self.keep.iter().zip([&mut *ours, &mut *theirs]) {
                let keep = &keep[..n / WORD];
                let Spare { time, actor, target, kind, bytes, conversation } = to.spare(n);
                let columns =
                    [(&batch.time, time), (&batch.actor, actor), (&batch.target, target), (&batch.bytes, bytes)];
                for (column, to) in columns {
                    compress_u32(&column[from..from + n], keep, to);
                }
                compress_u32(&all[..n], keep, &mut kept[..n]);
                let n_kept = compress_u64(&batch.conversation[from..from + n], keep, conversation);
                narrow(&kept[..n_kept], kind);
                to.advance(n_kept);
            }
        }
        for (i, &value) in column.iter().enumerate().skip(whole) {
            let to = if value < limit { &mut *ours } else { &mut *theirs };
            to.push(batch.event(i));
        }
    }
}

/// Bits of what is below the limit, and of what is not.
#[kernel]
fn find(column: &[u32], limit: u32, keep: &mut [[u64; CHUNK / WORD]; 2]) {
    let [ours, theirs] = keep;
    for ((ours, theirs), column) in ours.iter_mut().zip(theirs).zip(column.as_chunks::<WORD>().0) {
        *ours = mask(|i| column[i] < limit);
        *theirs = !*ours;
    }
}

#[kernel]
fn widen(from: &[u8], to: &mut [u32]) {
    for (to, &from) in to.iter_mut().zip(from) {
        *to = from.into();
    }
}

#[kernel]
fn narrow(from: &[u32], to: &mut [u8]) {
    for (to, &from) in to.iter_mut().zip(from) {
        *to = from as u8;
    }
}
