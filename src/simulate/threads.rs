//! The same work on several threads.

use std::sync::{Barrier, Mutex, PoisonError};
use std::thread::{Builder, JoinHandle};

use rayon::{ThreadBuilder, ThreadPool, ThreadPoolBuilder};

use crate::simd::InstructionSet;

/// Threads that wait for work: a pool of rayon's. Where there is one alone, it is that which asks: nothing is started that would have to
/// warm up.
#[derive(Debug)]
pub struct Threads(Option<ThreadPool>);

impl Threads {
    /// So many threads, or as many as the system gives.
    pub fn start(wanted: usize) -> Self {
        let mut wanted = wanted;
        while wanted > 1 {
            let mut started: Vec<JoinHandle<()>> = Vec::new();
            let start = |thread: ThreadBuilder| {
                started.push(Builder::new().spawn(|| thread.run())?);
                Ok(())
            };
            if let Ok(pool) = ThreadPoolBuilder::new().num_threads(wanted).spawn_handler(start).build() {
                return Threads(Some(pool));
            }
            // A pool is whole or not at all, and ends what it has begun: only then is there room for as many again.
            wanted = started.len();
            for thread in started {
                let _ = thread.join();
            }
        }
        Threads(None)
    }

    /// How many there are: at least one.
    pub fn count(&self) -> usize {
        self.0.as_ref().map_or(1, ThreadPool::current_num_threads)
    }

    /// Runs `work` once on each thread, with the thread's number. Gives what they return, in order.
    pub fn each<R: Send>(&self, work: impl Fn(usize) -> R + Sync) -> Vec<R> {
        // Threads compute with the instructions of the one that starts them.
        let set = InstructionSet::current();
        match &self.0 {
            Some(pool) => pool.broadcast(|thread| set.run(|| work(thread.index()))),
            None => vec![work(0)],
        }
    }
}

/// Runs `work` on each item, an item a thread; all begin at once. Gives what they return, in order. Where there are fewer threads, each
/// does several items, one after the other.
pub fn on_threads<T: Send, R: Send>(items: impl IntoIterator<Item = T>, work: impl Fn(T) -> R + Sync) -> Vec<R> {
    let items: Vec<T> = items.into_iter().collect();
    let (threads, n) = (Threads::start(items.len()), items.len());
    let (count, mut items) = (threads.count(), items.into_iter());
    let share =
        |thread: usize| Mutex::new(items.by_ref().take((thread + 1) * n / count - thread * n / count).collect());
    let shares: Vec<Mutex<Vec<T>>> = (0..count).map(share).collect();
    let gate = Barrier::new(count);
    let parts = threads.each(|thread| {
        let share = std::mem::take(&mut *shares[thread].lock().unwrap_or_else(PoisonError::into_inner));
        gate.wait();
        share.into_iter().map(&work).collect::<Vec<R>>()
    });
    parts.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order() {
        for n in 0..5u64 {
            let squares = on_threads(0..n, |i| i * i);
            assert_eq!(squares, (0..n).map(|i| i * i).collect::<Vec<_>>());
        }
    }

    #[test]
    fn instructions_are_those_of_the_thread_that_starts_them() {
        for set in InstructionSet::ALL {
            set.run(|| assert_eq!(on_threads(0..3, |_| InstructionSet::current()), [InstructionSet::current(); 3]));
        }
    }

    /// If threads began after each other, the first would wait for the others for ever.
    #[test]
    fn threads_run_at_once() {
        let barrier = Barrier::new(3);
        on_threads(0..3, |_| barrier.wait());
    }

    #[test]
    fn each_thread_works_once() {
        for n in 0..4 {
            let threads = Threads::start(n);
            assert_eq!(threads.count(), n.max(1));
            assert_eq!(threads.each(|thread| thread), (0..n.max(1)).collect::<Vec<_>>());
        }
    }
}
