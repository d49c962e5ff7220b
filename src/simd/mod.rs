//! Wider instructions where the processor has them, with identical results.
//!
//! A kernel is written once, as a plain loop over integers, and compiled for each [`InstructionSet`]. Which one runs is decided at run
//! time. Where no path has code of its own, none can compute anything else: rust neither fuses nor reorders arithmetic. Two things no compiler
//! makes of a loop, and have code for AVX-512 with a plain twin that tests hold equal: `compress`, and runs of events in the exposure. A test
//! holds the digests of whole runs equal all the same.
#![allow(unsafe_code)]

mod compress;

pub use compress::{compress_u32, compress_u64};

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
            let avx2 = || {
                is_x86_feature_detected!("avx2")
                    && is_x86_feature_detected!("bmi1")
                    && is_x86_feature_detected!("bmi2")
                    && is_x86_feature_detected!("lzcnt")
                    && is_x86_feature_detected!("popcnt")
            };
            match self {
                InstructionSet::Portable => true,
                InstructionSet::Avx2 => avx2(),
                InstructionSet::Avx512 => {
                    avx2()
                        && is_x86_feature_detected!("avx512f")
                        && is_x86_feature_detected!("avx512bw")
                        && is_x86_feature_detected!("avx512cd")
                        && is_x86_feature_detected!("avx512dq")
                        && is_x86_feature_detected!("avx512vl")
                }
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

/// Defines functions that are compiled for each [`InstructionSet`](crate::simd::Path), and run on the current one.
macro_rules! kernels {
    ($($(#[$meta:meta])* $vis:vis fn $name:ident $([$($generic:tt)*])? ($($arg:ident: $ty:ty),* $(,)?) $(-> $ret:ty)? $body:block)+) => {$(
        $(#[$meta])*
        #[inline]
        #[allow(clippy::too_many_arguments, unsafe_code)]
        $vis fn $name $(<$($generic)*>)? ($($arg: $ty),*) $(-> $ret)? {
            #[inline(always)]
            #[allow(clippy::too_many_arguments)]
            fn portable $(<$($generic)*>)? ($($arg: $ty),*) $(-> $ret)? $body
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
                #[allow(clippy::too_many_arguments)]
                fn avx2 $(<$($generic)*>)? ($($arg: $ty),*) $(-> $ret)? { portable($($arg),*) }
                #[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt,avx512f,avx512bw,avx512cd,avx512dq,avx512vl")]
                #[allow(clippy::too_many_arguments)]
                fn avx512 $(<$($generic)*>)? ($($arg: $ty),*) $(-> $ret)? { portable($($arg),*) }
                match $crate::simd::InstructionSet::current() {
                    // SAFETY: `current` gives only paths whose instructions this processor was found to have.
                    $crate::simd::InstructionSet::Avx512 => return unsafe { avx512($($arg),*) },
                    // SAFETY: as above.
                    $crate::simd::InstructionSet::Avx2 => return unsafe { avx2($($arg),*) },
                    $crate::simd::InstructionSet::Portable => {}
                }
            }
            portable($($arg),*)
        }
    )+};
}
pub(crate) use kernels;

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
}
