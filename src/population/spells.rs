//! Days that remember each other: who used the service yesterday is likelier to use it today than their share of days says.

use crate::random::{Domain, Key, Stream, mix};
use crate::simd::kernel;

/// Days of a spell.
const SPELL: u32 = 4;

/// Spells of days. On each day a person either follows a word that the days of their spell share, with the chance `memory`, or one of the day's own.
/// Either is uniform, so that the share of active days stays as it is; two neighbouring days of a person correlate by `memory^2 * 3 / 4`, days
/// further apart than a spell not at all. People begin their spells on different days.
#[derive(Clone, Copy, Debug)]
pub struct Spells {
    key: Key,
    /// Chance of following the spell, of 2^32.
    memory: u64,
}

impl Spells {
    /// Spells that days follow with this chance.
    pub fn new(key: Key, memory: f64) -> Self {
        Spells { key, memory: crate::random::distribution::threshold(memory) }
    }

    /// Puts the words of spells in place of some of a day's own. `words` are of the people `first`, `first + step`, ... of a community, as local indices;
    /// their low halves decide who follows a spell, the high halves are what it is about.
    pub fn recall(&self, (community, day): (u32, u32), (first, step): (u64, u64), words: &mut [u64]) {
        if self.memory == 0 {
            return;
        }
        let spell = u64::from(day / SPELL);
        let starts = [spell, spell + 1].map(|s| self.key.streams(Domain::Spell, community.into(), s, 0)[0].start());
        recall(words, starts, (first, step), day % SPELL, self.memory);
    }
}

/// See [`Spells::recall`]; of the streams the first is of the spell that begins with day 0 for those who are not ahead, the other of the next one.
#[kernel]
fn recall(words: &mut [u64], [this, next]: [u64; 2], (first, step): (u64, u64), day: u32, memory: u64) {
    for (i, word) in (0..).zip(words) {
        let local = first.wrapping_add(step.wrapping_mul(i));
        // 0 to 3 days ahead, spread over neighbours.
        let ahead = (local as u32).wrapping_mul(0x9E37_79B1) >> 30;
        let spell = Stream::new(if ahead + day >= SPELL { next } else { this }).place(local);
        *word = if *word & 0xffff_ffff < memory { mix(spell) } else { *word };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Activity of `n` people on each of 40 days.
    fn days(memory: f64, n: usize, share: f64) -> Vec<Vec<bool>> {
        let key = Key::new(3, 0);
        let spells = Spells::new(key, memory);
        let day = |day: u32| {
            let mut words = vec![0; n];
            key.streams(Domain::PersonDay, 5, day.into(), 0)[0].fill(0, 1, &mut words);
            spells.recall((5, day), (0, 1), &mut words);
            words.iter().map(|word| ((word >> 32) as f64) < share * 4_294_967_296.0).collect()
        };
        (0..40).map(day).collect()
    }

    #[test]
    fn days_keep_their_share_and_remember_the_one_before() {
        for memory in [0.0, 0.55, 1.0] {
            let days = days(memory, 20_000, 0.6);
            let mean = days.iter().flatten().filter(|active| **active).count() as f64 / 800_000.0;
            assert!((mean - 0.6).abs() < 0.004, "{mean}");
            let correlation = |lag: usize| {
                let pairs = days.iter().zip(&days[lag..]).flat_map(|(a, b)| a.iter().zip(b));
                let of = |active: bool| f64::from(u8::from(active)) - 0.6;
                let (sum, n) = pairs.fold((0.0, 0.0), |(sum, n), (&a, &b)| (sum + of(a) * of(b), n + 1.0));
                sum / n / 0.24
            };
            assert!((correlation(1) - memory * memory * 0.75).abs() < 0.01, "{}", correlation(1));
            assert!(correlation(4).abs() < 0.01, "{}", correlation(4));
        }
    }

    #[test]
    fn a_run_in_steps_recalls_the_same() {
        let key = Key::new(3, 0);
        let spells = Spells::new(key, 0.7);
        let fill = |first: u64, step: u64, n: usize| {
            let mut words = vec![0; n];
            key.streams(Domain::PersonDay, 5, 6, 0)[0].fill(first, step, &mut words);
            spells.recall((5, 6), (first, step), &mut words);
            words
        };
        let all = fill(0, 1, 800);
        let back: Vec<u64> = (0..90).map(|i| all[771 - 8 * i]).collect();
        assert_eq!(fill(771, 8u64.wrapping_neg(), 90), back);
    }
}
