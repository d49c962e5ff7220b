//! What the workers have done so far, for whoever watches.

use std::sync::atomic::{AtomicU64, Ordering};

/// What the workers have done so far.
#[derive(Debug, Default)]
pub struct Counters {
    user_days: AtomicU64,
    events: AtomicU64,
}

impl Counters {
    /// Adds a community's day.
    pub fn add(&self, user_days: u64, events: u64) {
        self.user_days.fetch_add(user_days, Ordering::Relaxed);
        self.events.fetch_add(events, Ordering::Relaxed);
    }

    /// Days of users that are simulated.
    pub fn user_days(&self) -> u64 {
        self.user_days.load(Ordering::Relaxed)
    }

    /// Events that are measured.
    pub fn events(&self) -> u64 {
        self.events.load(Ordering::Relaxed)
    }
}
