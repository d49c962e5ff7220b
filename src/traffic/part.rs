//! Events parted: what our users say and what the other side says, what happens today and what tomorrow.

use super::batch::{Batch, Spare};
use crate::vector::kernels;

/// Events that are parted at once.
const CHUNK: usize = 512;
/// Ours come first, theirs from here on.
const THEIRS: usize = CHUNK;
const BOTH: usize = 2 * CHUNK;

/// Parts events.
#[derive(Debug)]
pub struct Parting {
    time: [u32; BOTH],
    actor: [u32; BOTH],
    target: [u32; BOTH],
    kind: [u8; BOTH],
    bytes: [u32; BOTH],
    conversation: [u64; BOTH],
}

impl Default for Parting {
    fn default() -> Self {
        Parting {
            time: [0; BOTH],
            actor: [0; BOTH],
            target: [0; BOTH],
            kind: [0; BOTH],
            bytes: [0; BOTH],
            conversation: [0; BOTH],
        }
    }
}

impl Parting {
    /// Appends events whose value in a column of the batch, or like one, is below `limit` to `ours`, the others to `theirs`.
    pub fn part(&mut self, batch: &Batch, column: &[u32], limit: u32, ours: &mut Batch, theirs: &mut Batch) {
        for from in (0..batch.len()).step_by(CHUNK) {
            let n = CHUNK.min(batch.len() - from);
            let kept = split(self, batch, column, from, n, limit);
            self.append(0, kept, ours);
            self.append(THEIRS, n - kept, theirs);
        }
    }

    fn append(&self, from: usize, n: usize, to: &mut Batch) {
        let Spare { time, actor, target, kind, bytes, conversation } = to.spare(n);
        time.copy_from_slice(&self.time[from..from + n]);
        actor.copy_from_slice(&self.actor[from..from + n]);
        target.copy_from_slice(&self.target[from..from + n]);
        kind.copy_from_slice(&self.kind[from..from + n]);
        bytes.copy_from_slice(&self.bytes[from..from + n]);
        conversation.copy_from_slice(&self.conversation[from..from + n]);
        to.advance(n);
    }
}

kernels! {
    /// See [`Parting::part`], of up to [`CHUNK`] events. Where an event goes is worked out, so that there is no branch to guess. Returns
    /// how many are ours.
    fn split(to: &mut Parting, batch: &Batch, column: &[u32], from: usize, n: usize, limit: u32) -> usize {
        let (time, actor, target) = (&batch.time[from..][..n], &batch.actor[from..][..n], &batch.target[from..][..n]);
        let (kind, bytes) = (&batch.kind[from..][..n], &batch.bytes[from..][..n]);
        let conversation = &batch.conversation[from..][..n];
        let column = &column[from..][..n];
        let mut kept = 0;
        for i in 0..n {
            let ours = column[i] < limit;
            let at = if ours { kept } else { THEIRS + i - kept } & (BOTH - 1);
            to.time[at] = time[i];
            to.actor[at] = actor[i];
            to.target[at] = target[i];
            to.kind[at] = kind[i];
            to.bytes[at] = bytes[i];
            to.conversation[at] = conversation[i];
            kept += usize::from(ours);
        }
        kept
    }
}
