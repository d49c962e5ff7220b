//! Events between two, a run at a time: what follows one another between the same two people, whoever speaks, is counted at once.
//!
//! Per event, columns are only compared with themselves, in vectors; people's classes and marks are looked up once a run.

use super::today::MOST_CLASSES;
use crate::traffic::Batch;
use crate::vector::kernels;

/// Events whose comparisons are held in one word.
const WORD: usize = 64;

/// What a run of events between two is counted with.
pub struct Pairs<'a> {
    /// Merged class of each slot.
    pub class: &'a [u16],
    /// Number of local people; marks of others go to the place after them.
    pub people: usize,
    /// First merged class of those who act, and number of merged classes.
    pub home: (usize, usize),
    /// Merged kinds, and the one of all events.
    pub kinds: (usize, usize),
    /// Mark of one who acts.
    pub acts: u16,
    /// Mark of who is told something by somebody of each class, from the first of those who act on.
    pub told: [u16; MOST_CLASSES],
}

kernels! {
    /// Counts the events of a batch by home class, class and merged kind, and marks people.
    fn count(batch: &Batch, with: &Pairs, cells: &mut [u64], marks: &mut [u16]) {
        let n = batch.actor.len();
        let (actor, target) = (&batch.actor[..n], &batch.target[..n]);
        let mut from = 0;
        while from < n {
            let len = (n - from).min(WORD);
            let (a, t) = (&actor[from..from + len], &target[from..from + len]);
            // Bytes of comparisons, gathered into words: is the pair another than before; is the actor's slot the higher one.
            let (mut other, mut higher) = ([0u8; WORD], [0u8; WORD]);
            for (higher, (a, t)) in higher.iter_mut().zip(a.iter().zip(t)) {
                *higher = u8::from(a > t);
            }
            let (a0, t0, a1, t1) = (&a[..len - 1], &t[..len - 1], &a[1..], &t[1..]);
            for (i, other) in other[1..len].iter_mut().enumerate() {
                let again = (a0[i] == a1[i]) & (t0[i] == t1[i]) | (a0[i] == t1[i]) & (t0[i] == a1[i]);
                *other = u8::from(!again);
            }
            other[0] = 1;
            let (mut starts, higher) = (bits(&other), bits(&higher));
            while starts != 0 {
                let start = starts.trailing_zeros() as usize;
                starts &= starts - 1;
                let end = if starts == 0 { len } else { starts.trailing_zeros() as usize };
                let run = (u64::MAX >> (WORD - (end - start))) << start;
                let by_high = (higher & run).count_ones();
                let by_low = (end - start) as u32 - by_high;
                let (x, y) = (a[start], t[start]);
                one(with, x.max(y), x.min(y), by_high, by_low, cells, marks);
            }
            from += len;
        }
    }
}

/// Counts a run between two slots, of which each acted so often.
#[inline(always)]
fn one(with: &Pairs, high: u32, low: u32, by_high: u32, by_low: u32, cells: &mut [u64], marks: &mut [u16]) {
    let (first, classes) = with.home;
    let (kinds, kind) = with.kinds;
    let (of_high, of_low) = (usize::from(with.class[high as usize]), usize::from(with.class[low as usize]));
    // Who is elsewhere does not act: counts of 0 go to the last cell, which is nobody's.
    let nobody = cells.len() - 1;
    let cell = |n: u32, actor: usize, class: usize| {
        if n > 0 { ((actor - first) * classes + class) * kinds + kind } else { nobody }
    };
    let (a, b) = (cell(by_high, of_high, of_low), cell(by_low, of_low, of_high));
    cells[a] += u64::from(by_high);
    cells[b] += u64::from(by_low);
    let all = |n: u32| 0u16.wrapping_sub(u16::from(n > 0));
    let told = |class: usize| with.told[class.wrapping_sub(first) & (MOST_CLASSES - 1)];
    let (high, low) = ((high as usize).min(with.people), (low as usize).min(with.people));
    marks[high] |= (with.acts & all(by_high)) | (told(of_low) & all(by_low));
    marks[low] |= (with.acts & all(by_low)) | (told(of_high) & all(by_high));
}

/// Bytes of 0 or 1 as bits of a word.
#[inline(always)]
fn bits(bytes: &[u8; WORD]) -> u64 {
    let mut word = 0;
    for (i, bytes) in bytes.chunks_exact(8).enumerate() {
        let eight = bytes.iter().rev().fold(0u64, |sum, &b| sum << 8 | u64::from(b));
        // Moves bit 0 of each byte to the top byte, in order.
        word |= (eight.wrapping_mul(0x0102_0408_1020_4080) >> 56) << (8 * i);
    }
    word
}

/// See the kernel.
pub fn count_pairs(batch: &Batch, with: &Pairs, cells: &mut [u64], marks: &mut [u16]) {
    count(batch, with, cells, marks);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_bits() {
        let bytes: [u8; WORD] = std::array::from_fn(|i| u8::from(i % 3 == 0 || i > 60));
        let expected = (0..WORD).fold(0, |word, i| word | u64::from(bytes[i]) << i);
        assert_eq!(bits(&bytes), expected);
    }
}
