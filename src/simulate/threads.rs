//! The same work on several threads, begun together.

use std::sync::{Mutex, PoisonError, RwLock};
use std::thread::{Builder, ScopedJoinHandle, scope};

/// Runs `work` on each item, an item a thread; all begin at once. Gives what they return, in order. Where no more threads can be started, this
/// one does what is left, one item after the other.
pub fn on_threads<T: Send, R: Send>(items: impl IntoIterator<Item = T>, work: impl Fn(T) -> R + Sync) -> Vec<R> {
    let mut items: Vec<T> = items.into_iter().collect();
    // One thread is this one: nothing is started that would have to warm up.
    if items.len() <= 1 {
        return items.pop().map(work).into_iter().collect();
    }
    let items: Vec<Mutex<Option<T>>> = items.into_iter().map(|item| Mutex::new(Some(item))).collect();
    let run = |item: &Mutex<Option<T>>| item.lock().unwrap_or_else(PoisonError::into_inner).take().map(&work);
    let gate = RwLock::new(());
    scope(|scope| {
        let closed = gate.write().unwrap_or_else(PoisonError::into_inner);
        let start = |item| {
            let (gate, run) = (&gate, &run);
            let begin = move || {
                drop(gate.read());
                run(item)
            };
            Builder::new().spawn_scoped(scope, begin).ok()
        };
        let threads: Vec<_> = items.iter().map(start).collect();
        drop(closed);
        let join = |h: ScopedJoinHandle<'_, Option<R>>| h.join().unwrap_or_else(|e| std::panic::resume_unwind(e));
        threads.into_iter().zip(&items).filter_map(|(thread, item)| thread.map_or_else(|| run(item), join)).collect()
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

    use super::*;

    #[test]
    fn results_come_in_order() {
        for n in 0..5u64 {
            let squares = on_threads(0..n, |i| i * i);
            assert_eq!(squares, (0..n).map(|i| i * i).collect::<Vec<_>>());
        }
    }

    /// If threads began after each other, the first would wait for the others for ever.
    #[test]
    fn threads_run_at_once() {
        let barrier = Barrier::new(3);
        on_threads(0..3, |_| barrier.wait());
    }
}
