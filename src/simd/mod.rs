//! Wider instructions where the processor has them, with identical results.
//!
//! A kernel is a plain function, a loop over integers, with the attribute `#[kernel]` (`macros/src/lib.rs`): it is compiled for each
//! [`InstructionSet`], and which one runs is decided when it is called. Where no path has code of its own, none can compute anything else: rust
//! neither fuses nor reorders arithmetic. Two things no compiler makes of a loop, and have code for AVX-512 with a plain twin that tests
//! hold equal: `compress`, and runs of events in the exposure. A test holds the digests of whole runs equal all the same.
//!
//! What a kernel calls is compiled with it only if it is inlined: mark it `#[inline(always)]`.
//!
//! Crates that do the same, and why they are not used here: the attribute of `multiversion` 0.8 chooses for itself, by the processor or when
//! it is compiled, and can't be held to a narrower set, which tests and measurements need. `pulp` 0.22 can, as its sets are
//! values; but it compiles closures, which rustfmt and editors read, while arguments become captures behind a reference, of which the
//! compiler is no longer told that they do not overlap.
#![allow(unsafe_code)]

mod compress;

pub use compress::{compress_u32, compress_u64};
pub(crate) use outflow_macros::kernel;

use std::sync::atomic::{AtomicU8, Ordering};

/// Instructions that kernels are compiled for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum InstructionSet {
    /// What any processor of the architecture has: the portable twin.
    Portable = 1,
    /// x86-64 with AVX2, BMI and POPCNT.
    Avx2 = 2,
    /// x86-64 with AVX-512 F, BW, CD, DQ and VL.
    Avx512 = 3,
}

/// Environment variable that holds kernels to a path, for tests and measurements: `portable`, `avx2` or `avx512`.
pub const VARIABLE: &str = "OUTFLOW_PATH";

/// 0: not decided yet.
static CURRENT: AtomicU8 = AtomicU8::new(0);

impl InstructionSet {
    /// All, narrow to wide.
    pub const ALL: [InstructionSet; 3] = [InstructionSet::Portable, InstructionSet::Avx2, InstructionSet::Avx512];

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            InstructionSet::Portable => "portable",
            InstructionSet::Avx2 => "avx2",
            InstructionSet::Avx512 => "avx512",
        }
    }

    /// Whether this processor can run it.
    pub fn available(self) -> bool {
        #[cfg(target_arch = "x86_64")]
        {
            match self {
                InstructionSet::Portable => true,
                InstructionSet::Avx2 => outflow_macros::has!(avx2),
                InstructionSet::Avx512 => outflow_macros::has!(avx512),
            }
        }
        #[cfg(not(target_arch = "x86_64"))]
        {
            self == InstructionSet::Portable
        }
    }

    /// The path that kernels take: the widest that the processor has, unless [`VARIABLE`] or [`InstructionSet::hold`] asks for a
    /// narrower one.
    #[inline]
    pub fn current() -> InstructionSet {
        match CURRENT.load(Ordering::Relaxed) {
            1 => InstructionSet::Portable,
            2 => InstructionSet::Avx2,
            3 => InstructionSet::Avx512,
            _ => InstructionSet::decide(),
        }
    }

    /// The path that [`VARIABLE`] asks for, if it is set.
    ///
    /// # Errors
    /// If it names none, with what to do.
    pub fn asked() -> Result<Option<InstructionSet>, String> {
        let Some(word) = std::env::var_os(VARIABLE) else { return Ok(None) };
        let path = InstructionSet::ALL.into_iter().find(|p| word == p.word());
        path.map(Some).ok_or_else(|| {
            format!("error: {VARIABLE} is `{}`: it takes portable, avx2 or avx512", word.to_string_lossy())
        })
    }

    #[cold]
    fn decide() -> InstructionSet {
        // What it may be is checked where the program begins.
        InstructionSet::asked().ok().flatten().unwrap_or(InstructionSet::Avx512).hold()
    }

    /// Holds kernels to this path, or to the widest that there is below it. Results do not depend on it. Returns the path taken.
    pub fn hold(self) -> InstructionSet {
        let path = InstructionSet::ALL
            .into_iter()
            .rev()
            .find(|p| *p <= self && p.available())
            .unwrap_or(InstructionSet::Portable);
        CURRENT.store(path as u8, Ordering::Relaxed);
        path
    }
}

/// A word of the bits `is(0)`, `is(1)`, ...
#[inline(always)]
pub fn mask(is: impl Fn(usize) -> bool) -> u64 {
    let mut word = 0;
    for i in 0..64 {
        word |= u64::from(is(i)) << i;
    }
    word
}

/// Calls `f` with the number of each bit that is set, from the lowest on.
#[inline(always)]
pub fn each_bit(mut bits: u64, mut f: impl FnMut(usize)) {
    while bits != 0 {
        f(bits.trailing_zeros() as usize);
        bits &= bits - 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_held() {
        assert_eq!(InstructionSet::Portable.hold(), InstructionSet::Portable);
        assert_eq!(InstructionSet::current(), InstructionSet::Portable);
        assert!(InstructionSet::Avx512.hold().available());
    }

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
        for path in InstructionSet::ALL {
            path.hold();
            assert_eq!(sum::<u32, 2>((&[3, 4, 5], &0), 1, |value| value.into()), (26, &[5][..]));
        }
    }
}
