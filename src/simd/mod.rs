//! Wider instructions where the processor has them, with identical results.
//!
//! A kernel is a plain function, a loop over integers, with the attribute `#[kernel]` (`macros/src/lib.rs`): it is compiled for each
//! [`InstructionSet`], and that of the thread decides which one runs. Where none has code of its own, none can compute anything else: rust
//! neither fuses nor reorders arithmetic. Two things no compiler makes of a loop, and have code for AVX-512 with a plain twin that tests
//! hold equal: `compress`, and runs of events in the exposure. A test holds the digests of whole runs equal all the same.
//!
//! What a kernel calls is compiled with it only if it is inlined: mark it `#[inline(always)]`.
//!
//! Crates that do the same, and why they are not used here: the attribute of `multiversion` 0.8 chooses for itself, by the processor or when
//! it is compiled, and can't be held to a narrower set, which tests and measurements need. `pulp` 0.22 can, as its sets are
//! values; but it compiles closures, which rustfmt and editors read, while arguments become captures behind a reference, of which the
//! compiler is no longer told that they do not overlap.

mod compress;
mod instruction_set;

pub use compress::{compress_u32, compress_u64};
pub use instruction_set::{InstructionSet, VARIABLE};
pub(crate) use outflow_macros::kernel;

/// A word of the bits `is(0)`, `is(1)`, ...
#[inline(always)]
pub fn mask(is: impl Fn(usize) -> bool) -> u64 {
    let mut word = 0;
    for i in 0..64 {
        word |= u64::from(is(i)) << i;
    }
    word
}

/// The numbers of the bits that are set, from the lowest on.
#[inline(always)]
pub fn ones(bits: u64) -> Ones {
    Ones(bits)
}

/// What [`ones`] gives.
#[derive(Clone, Debug)]
pub struct Ones(u64);

impl Iterator for Ones {
    type Item = usize;

    #[inline(always)]
    fn next(&mut self) -> Option<usize> {
        let lowest = (self.0 != 0).then(|| self.0.trailing_zeros() as usize);
        self.0 &= self.0.wrapping_sub(1);
        lowest
    }
}

/// Calls `f` with the number of each bit that is set, from the lowest on.
#[inline(always)]
pub fn each_bit(bits: u64, f: impl FnMut(usize)) {
    ones(bits).for_each(f);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All that a function's head may have.
    #[kernel]
    fn sum<'a, T: Copy, const N: usize>(
        (values, _): (&'a [T], &u8),
        mut from: u64,
        each: impl Fn(T) -> u64,
    ) -> (u64, &'a [T])
    where
        u64: From<T>,
    {
        for &value in &values[..N] {
            from += each(value) * u64::from(value);
        }
        (from, &values[N..])
    }

    #[test]
    fn kernels_may_be_generic() {
        for set in InstructionSet::ALL {
            let (sum, rest) = set.run(|| sum::<u32, 2>((&[3, 4, 5], &0), 1, |value| value.into()));
            assert_eq!((sum, rest), (26, &[5][..]));
        }
    }

    #[test]
    fn ones_are_the_bits_that_are_set() {
        assert_eq!(ones(0).next(), None);
        assert_eq!(ones(1 << 63 | 0b101).collect::<Vec<_>>(), [0, 2, 63]);
        assert_eq!(ones(u64::MAX).collect::<Vec<_>>(), (0..64).collect::<Vec<_>>());
    }
}
