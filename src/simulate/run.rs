//! A run: communities over threads, and what they counted and measured.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use super::counters::Counters;
use super::probe::FilterSpeed;
use super::simulation::Simulation;
use super::threads::Threads;
use super::worker::{Stages, Worker};
use crate::exposure::Totals;

/// What a run counted and measured.
#[derive(Debug)]
pub struct RunOutcome {
    /// Exact counters.
    pub totals: Totals,
    /// Speed of each policy's filter, as [`time_filters`](super::time_filters) measures it afterwards; nothing before.
    pub filter: Vec<FilterSpeed>,
    /// Time of all communities.
    pub wall: Duration,
    /// Worker time spent making events and measuring exposure, and the time of the filters' measurement.
    pub stages: Stages,
    /// Worker threads.
    pub threads: usize,
}

impl Simulation {
    /// Simulates and measures on `threads` threads; all but the filters' speed.
    pub fn run(&self, threads: usize, counters: &Counters) -> RunOutcome {
        let start = Instant::now();
        let communities = self.population.layout.communities();
        let threads = threads.clamp(1, communities.max(1) as usize);
        let next = AtomicU32::new(0);
        // The communities with the most users first, so that no thread is left alone with a large one at the end; when
        // there are many it makes no difference, and costs memory.
        let mut order: Vec<u32> = if communities <= 4096 { (0..communities).collect() } else { Vec::new() };
        order.sort_by_key(|&c| std::cmp::Reverse(self.population.layout.shape(c).users));
        let take = || {
            let i = next.fetch_add(1, Ordering::Relaxed);
            (i < communities).then(|| order.get(i as usize).copied().unwrap_or(i))
        };
        let threads = Threads::start(threads);
        let parts = threads.each(|_| {
            let mut worker = Worker::new(self, counters);
            while let Some(community) = take() {
                worker.community(community);
            }
            worker.finish()
        });
        let merged = parts.into_iter().reduce(|(mut totals, stages), (more, of_more)| {
            totals.merge(&more);
            (totals, stages + of_more)
        });
        let (totals, stages) = merged.unwrap_or_else(|| Worker::new(self, counters).finish());
        let threads = threads.count();
        RunOutcome { totals, filter: Vec::new(), wall: start.elapsed(), stages, threads }
    }
}
