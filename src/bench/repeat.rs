//! Work again and again.

use std::time::{Duration, Instant};

/// Repeats work that gives an amount until the time is over; gives the amount per second.
pub fn until(least: Duration, mut work: impl FnMut() -> u64) -> f64 {
    let (start, mut amount) = (Instant::now(), 0);
    loop {
        amount += work();
        let elapsed = start.elapsed();
        if elapsed >= least {
            return amount as f64 / elapsed.as_secs_f64().max(1e-9);
        }
    }
}
