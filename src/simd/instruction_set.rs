//! Which instructions kernels use. It belongs to the thread: whoever wants others than the process has (tests, measurements) runs a piece
//! of work on them, and nobody else notices.

use std::cell::Cell;
use std::sync::OnceLock;

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

/// Environment variable that holds the process to an instruction set, for tests and measurements: `portable`, `avx2` or `avx512`.
pub const VARIABLE: &str = "OUTFLOW_PATH";

thread_local! {
    /// That of this thread, always one that the processor has; 0: not decided yet. It is read whenever a kernel is called.
    static HERE: Cell<u8> = const { Cell::new(0) };
}

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

    /// What kernels use on this thread: that of the piece of work within which it is ([`InstructionSet::run`]), and else that of the
    /// process, which is the widest that the processor has and [`VARIABLE`] allows.
    #[inline]
    pub fn current() -> InstructionSet {
        match HERE.get() {
            1 => InstructionSet::Portable,
            2 => InstructionSet::Avx2,
            3 => InstructionSet::Avx512,
            _ => InstructionSet::decide(),
        }
    }

    /// What [`VARIABLE`] asks for, if it is set.
    ///
    /// # Errors
    /// If it names none, with what to do.
    pub fn asked() -> Result<Option<InstructionSet>, String> {
        let Some(word) = std::env::var_os(VARIABLE) else { return Ok(None) };
        let set = InstructionSet::ALL.into_iter().find(|set| word == set.word());
        set.map(Some).ok_or_else(|| {
            format!("error: {VARIABLE} is `{}`: it takes portable, avx2 or avx512", word.to_string_lossy())
        })
    }

    /// Gives the thread that of the process, which is decided once.
    #[cold]
    fn decide() -> InstructionSet {
        static OF_PROCESS: OnceLock<InstructionSet> = OnceLock::new();
        // What the variable may be is checked where the program begins.
        let asked = || InstructionSet::asked().ok().flatten().unwrap_or(InstructionSet::Avx512).within_reach();
        let set = *OF_PROCESS.get_or_init(asked);
        HERE.set(set as u8);
        set
    }

    /// This, or the widest below it that the processor has.
    fn within_reach(self) -> InstructionSet {
        let narrower = InstructionSet::ALL.into_iter().rev().find(|set| *set <= self && set.available());
        narrower.unwrap_or(InstructionSet::Portable)
    }

    /// Does a piece of work whose kernels use this, or the widest below it that the processor has. Results do not depend on it.
    ///
    /// Threads that the work starts do not know of it: they are handed what is [`current`](InstructionSet::current) where they are
    /// started, and run on it.
    pub fn run<R>(self, work: impl FnOnce() -> R) -> R {
        /// Puts back what was, if the work panics too.
        struct Before(u8);
        impl Drop for Before {
            fn drop(&mut self) {
                HERE.set(self.0);
            }
        }
        let _before = Before(HERE.replace(self.within_reach() as u8));
        work()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_of_work_has_its_own() {
        let of_process = InstructionSet::current();
        for set in InstructionSet::ALL {
            let taken = set.run(|| {
                assert!(InstructionSet::current() <= set && InstructionSet::current().available());
                InstructionSet::Portable.run(|| assert_eq!(InstructionSet::current(), InstructionSet::Portable));
                InstructionSet::current()
            });
            assert_eq!(taken == set, set.available());
        }
        assert_eq!(InstructionSet::current(), of_process);
    }

    #[test]
    fn it_ends_with_a_panic() {
        let of_process = InstructionSet::current();
        let ended = std::panic::catch_unwind(|| InstructionSet::Portable.run(|| panic!("on purpose")));
        assert!(ended.is_err());
        assert_eq!(InstructionSet::current(), of_process);
    }

    #[test]
    fn other_threads_do_not_notice() {
        let of_process = InstructionSet::current();
        InstructionSet::Portable.run(|| {
            let there = std::thread::spawn(InstructionSet::current).join();
            assert_eq!(there.ok(), Some(of_process));
        });
    }
}
