//! The same work on several threads, begun together.

use std::sync::Barrier;

/// Runs `work` on each item, an item a thread; all begin at once. Gives what they return, in order.
pub fn on_threads<T: Send, R: Send>(items: impl IntoIterator<Item = T>, work: impl Fn(T) -> R + Sync) -> Vec<R> {
    let mut items: Vec<T> = items.into_iter().collect();
    // One thread is this one: nothing is started that would have to warm up.
    if items.len() <= 1 {
        return items.pop().map(work).into_iter().collect();
    }
    let barrier = Barrier::new(items.len());
    std::thread::scope(|scope| {
        let start = |item| {
            let (work, barrier) = (&work, &barrier);
            scope.spawn(move || {
                barrier.wait();
                work(item)
            })
        };
        let handles: Vec<_> = items.into_iter().map(start).collect();
        let join = |h: std::thread::ScopedJoinHandle<'_, R>| h.join().unwrap_or_else(|e| std::panic::resume_unwind(e));
        handles.into_iter().map(join).collect()
    })
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

    /// If threads began after each other, the first would wait for the others for ever.
    #[test]
    fn threads_run_at_once() {
        let barrier = Barrier::new(3);
        on_threads(0..3, |_| barrier.wait());
    }
}
