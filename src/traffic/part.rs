//! Events over weak ties, parted: what our users say and what the other side says.

use super::batch::{Batch, Spare};
use crate::vector::kernels;

/// Appends events whose actors are below `people` to `ours`, the others to `theirs`.
pub fn part(batch: &Batch, people: u32, ours: &mut Batch, theirs: &mut Batch) {
    let n = batch.len();
    let kept = split(batch, people, &mut ours.spare(n), &mut theirs.spare(n));
    ours.advance(kept);
    theirs.advance(n - kept);
}

kernels! {
    /// See [`part`]. All are written to both, so that there is no branch to guess. Returns how many are ours.
    fn split(batch: &Batch, people: u32, ours: &mut Spare<'_>, theirs: &mut Spare<'_>) -> usize {
        let n = batch.len();
        let (time, actor, target) = (&batch.time[..n], &batch.actor[..n], &batch.target[..n]);
        let (kind, bytes, conversation) = (&batch.kind[..n], &batch.bytes[..n], &batch.conversation[..n]);
        let (mut ours, mut theirs) = (ours.first(n), theirs.first(n));
        let mut kept = 0;
        for i in 0..n {
            for (to, at) in [(&mut ours, kept), (&mut theirs, i - kept)] {
                if at >= n {
                    break;
                }
                to.time[at] = time[i];
                to.actor[at] = actor[i];
                to.target[at] = target[i];
                to.kind[at] = kind[i];
                to.bytes[at] = bytes[i];
                to.conversation[at] = conversation[i];
            }
            kept += usize::from(actor[i] < people);
        }
        kept
    }
}
