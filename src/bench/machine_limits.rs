//! What the machine can do at best just now: how fast memory is read, how fast random numbers come.
//!
//! Both are measured right before and after each stage, on as many threads. A neighbour that takes half of the machine
//! takes it from limit and stage alike, so that their ratio stays.

use std::hint::black_box;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::repeat::until;
use super::statistics::Spread;
use crate::random::Stream;
use crate::simulate::on_threads;

/// Bytes of the buffer that is read: far more than any cache holds.
pub const BUFFER_BYTES: usize = 256 << 20;
/// Words that are read between looks at the clock.
const BLOCK: usize = 1 << 17;
/// Random numbers that are drawn between looks at the clock.
const NUMBERS: u64 = 1 << 16;

/// What the machine could do over the rounds, on some number of threads.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Limit {
    /// Threads at once.
    pub threads: usize,
    /// Memory read in order by all threads together, 10^9 bytes a second.
    pub memory_gb_per_s: Spread,
    /// Thread time of one random number of 64 bits, nanoseconds.
    pub random_ns: Spread,
}

/// One look at both limits.
#[derive(Clone, Copy, Debug)]
pub struct Probe {
    /// 10^9 bytes a second, all threads together.
    pub memory_gb_per_s: f64,
    /// Nanoseconds of thread time a number.
    pub random_ns: f64,
}

impl Probe {
    /// The mean of two looks.
    pub fn mean(a: Probe, b: Probe) -> Probe {
        Probe {
            memory_gb_per_s: f64::midpoint(a.memory_gb_per_s, b.memory_gb_per_s),
            random_ns: f64::midpoint(a.random_ns, b.random_ns),
        }
    }
}

/// Measures the limits.
pub struct Limits {
    buffer: Vec<u64>,
}

impl Limits {
    /// Fills the buffer.
    pub fn new() -> Self {
        // Written number by number: pages that were only reserved would all be read as the same one.
        Limits { buffer: (0..(BUFFER_BYTES / 8) as u64).collect() }
    }

    /// Looks at both limits on so many threads, for at least `least` each. By time, not by amount: threads that share a
    /// processor take turns of some milliseconds, and who is done early would seem to have been alone.
    pub fn probe(&self, threads: usize, least: Duration) -> Probe {
        Probe { memory_gb_per_s: self.memory(threads, least), random_ns: random(threads, least) }
    }

    /// Each thread reads its part of the buffer, again and again.
    fn memory(&self, threads: usize, least: Duration) -> f64 {
        let part = self.buffer.len().div_ceil(threads.max(1));
        let parts: Vec<&[u64]> = self.buffer.chunks(part).collect();
        let words_per_s = on_threads(parts, |part| {
            let mut blocks = part.chunks(BLOCK).cycle();
            until(least, || {
                let block = blocks.next().unwrap_or_default();
                black_box(sum(block));
                block.len() as u64
            })
        });
        words_per_s.iter().sum::<f64>() * 8.0 / 1e9
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::new()
    }
}

/// Many sums at once: one alone would wait for its own addition, not for memory.
fn sum(words: &[u64]) -> u64 {
    let mut sums = [0u64; 32];
    let mut chunks = words.chunks_exact(32);
    for chunk in &mut chunks {
        for (sum, word) in sums.iter_mut().zip(chunk) {
            *sum = sum.wrapping_add(*word);
        }
    }
    sums.iter().chain(chunks.remainder()).fold(0, |a, b| a.wrapping_add(*b))
}

/// Thread time of a number; none waits for another.
fn random(threads: usize, least: Duration) -> f64 {
    let per_s = on_threads(0..threads.max(1) as u64, |thread| {
        let stream = Stream::new(black_box(thread));
        // The black box keeps the compiler from drawing several in one instruction, which only some processors can.
        let draw = || (0..NUMBERS).fold(0, |word, i| word ^ stream.at(black_box(i)));
        until(least, || {
            black_box(draw());
            NUMBERS
        })
    });
    threads as f64 * 1e9 / per_s.iter().sum::<f64>()
}
