//! Keeping some elements of a column, in their order: one instruction for eight or sixteen of them where the processor has it, which the
//! compiler does not find by itself. It takes about a third of the time of the loop (`cargo bench --bench line -- compress`).
#![allow(unsafe_code)]

#[cfg(target_arch = "x86_64")]
use super::InstructionSet;

/// Elements to which a word of bits belongs.
const WORD: usize = 64;

macro_rules! compress {
    ($name:ident, $wide:ident, $t:ty, $lanes:literal, $mask:ty, $load:ident, $compress:ident, $store:ident) => {
        /// Writes the elements of `from` whose bits in `keep` are set to the beginning of `to`, in their order. Returns how many. What
        /// stands behind them in `to` is undefined.
        ///
        /// # Panics
        /// If the columns are not of the same length, a multiple of 64, or `keep` has not a word for each 64.
        pub fn $name(from: &[$t], keep: &[u64], to: &mut [$t]) -> usize {
            assert!(from.len() % WORD == 0 && from.len() == to.len() && keep.len() == from.len() / WORD);
            #[cfg(target_arch = "x86_64")]
            if InstructionSet::current() == InstructionSet::Avx512 {
                // SAFETY: this set is only current where the processor has it; the lengths were checked above.
                return unsafe { $wide(from, keep, to) };
            }
            let mut kept = 0;
            for (from, &keep) in from.chunks_exact(WORD).zip(keep) {
                // All are written, those that are kept are not written over.
                for (bit, &value) in from.iter().enumerate() {
                    to[kept] = value;
                    kept += (keep >> bit & 1) as usize;
                }
            }
            kept
        }

        /// See the twin. Lengths must be as it checks them.
        #[cfg(target_arch = "x86_64")]
        #[target_feature(enable = "avx512f,popcnt")]
        unsafe fn $wide(from: &[$t], keep: &[u64], to: &mut [$t]) -> usize {
            use std::arch::x86_64::{$compress, $load, $store};
            let mut kept = 0;
            for i in (0..from.len()).step_by($lanes) {
                let bits = (keep[i / WORD] >> (i % WORD)) as $mask;
                // SAFETY: `i + lanes` is at most the length of `from`, of which the lanes are a divisor; `kept` is at most `i`, so that
                // `kept + lanes` is at most the length of `to`, which is the same.
                unsafe {
                    let values = $load(from.as_ptr().add(i).cast());
                    $store(to.as_mut_ptr().add(kept).cast(), $compress(bits, values));
                }
                kept += bits.count_ones() as usize;
            }
            kept
        }
    };
}

compress!(compress_u64, wide_u64, u64, 8, u8, _mm512_loadu_si512, _mm512_maskz_compress_epi64, _mm512_storeu_si512);
compress!(compress_u32, wide_u32, u32, 16, u16, _mm512_loadu_si512, _mm512_maskz_compress_epi32, _mm512_storeu_si512);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn all_keep_the_same(keep in proptest::collection::vec(any::<u64>(), 0..6)) {
            let from: Vec<u64> = (0..keep.len() as u64 * 64).map(crate::random::mix).collect();
            let short: Vec<u32> = from.iter().map(|&word| word as u32).collect();
            let kept: Vec<u64> = from
                .iter()
                .enumerate()
                .filter(|(i, _)| keep[i / WORD] >> (i % WORD) & 1 == 1)
                .map(|(_, &word)| word)
                .collect();
            for set in InstructionSet::ALL {
                let (mut to, mut short_to) = (vec![0; from.len()], vec![0; from.len()]);
                prop_assert_eq!(set.run(|| compress_u64(&from, &keep, &mut to)), kept.len());
                prop_assert_eq!(&to[..kept.len()], &kept[..]);
                prop_assert_eq!(set.run(|| compress_u32(&short, &keep, &mut short_to)), kept.len());
                prop_assert!(short_to.iter().zip(&kept).take(kept.len()).all(|(&a, &b)| a == b as u32));
            }
        }
    }
}
