//! Communities over threads: each worker takes the next community, simulates all its days, and counts. Counters merge by
//! addition, so neither the number of threads nor the order of completion changes a digit.

mod counters;
mod memory;
mod probe;
mod replay;
pub mod threads;
mod worker;

pub use counters::Counters;
pub use memory::{MOST_MEMORY, available, counters};
pub use probe::{FilterSpeed, time_filters};
pub use replay::Replay;

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use crate::exposure::{Contexts, Exposure, Orders, Totals};
use crate::policy::Compiled;
use crate::population::World;
use crate::scenario::Scenario;
use crate::traffic::TrafficTables;

/// A scenario with all that follows from it and that workers share.
#[derive(Debug)]
pub struct Simulation {
    /// The scenario.
    pub scenario: Scenario,
    /// Who exists.
    pub world: World,
    /// What traffic draws from.
    pub tables: TrafficTables,
    /// The policies as tables.
    pub compiled: Compiled,
    /// What marks stand for.
    pub contexts: Contexts,
    /// The orders that exceedance is counted against.
    pub orders: Orders,
}

/// What a run counted and measured.
#[derive(Debug)]
pub struct Outcome {
    /// Exact counters.
    pub totals: Totals,
    /// Speed of each policy's filter, as [`time_filters`] measures it afterwards; nothing before.
    pub filter: Vec<FilterSpeed>,
    /// Time of all communities.
    pub wall: Duration,
    /// Worker time spent making events and measuring exposure, and the time of the filters' measurement.
    pub stages: Stages,
    /// Worker threads.
    pub threads: usize,
}

/// Worker time by stage, added over threads.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stages {
    /// People, ties and events.
    pub generate: Duration,
    /// Counting what policies disclose.
    pub measure: Duration,
    /// Filtering a sample of batches, for its speed.
    pub probe: Duration,
}

impl Simulation {
    /// Builds everything that does not depend on the community.
    pub fn new(scenario: &Scenario) -> Self {
        let world = World::new(scenario, 0);
        let tables = TrafficTables::new(scenario, &world);
        let compiled = Compiled::new(scenario, &world.classes);
        let contexts = Contexts::new(&compiled);
        let orders = Orders::new(scenario, &compiled);
        Simulation { scenario: scenario.clone(), world, tables, compiled, contexts, orders }
    }

    /// Counters of what policies disclose, all zero.
    pub fn exposure(&self) -> Exposure<'_> {
        Exposure::new(&self.scenario, &self.compiled, &self.contexts, &self.orders)
    }

    /// Simulates and measures on `threads` threads; all but the filters' speed.
    pub fn run(&self, threads: usize, counters: &Counters) -> Outcome {
        let start = Instant::now();
        let communities = self.world.layout.communities();
        let threads = threads.clamp(1, communities.max(1) as usize);
        let next = AtomicU32::new(0);
        // The communities with the most users first, so that no thread is left alone with a large one at the end; when
        // there are many it makes no difference, and costs memory.
        let mut order: Vec<u32> = if communities <= 4096 { (0..communities).collect() } else { Vec::new() };
        order.sort_by_key(|&c| std::cmp::Reverse(self.world.layout.shape(c).users));
        let take = || {
            let i = next.fetch_add(1, Ordering::Relaxed);
            (i < communities).then(|| order.get(i as usize).copied().unwrap_or(i))
        };
        let merged: Mutex<Option<(Totals, Stages)>> = Mutex::new(None);
        let work = || {
            let mut worker = worker::Worker::new(self, counters);
            while let Some(community) = take() {
                worker.community(community);
            }
            let (totals, stages) = worker.finish();
            let mut merged = merged.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            match merged.as_mut() {
                Some((t, s)) => {
                    t.merge(&totals);
                    s.generate += stages.generate;
                    s.measure += stages.measure;
                }
                None => *merged = Some((totals, stages)),
            }
        };
        let threads = std::thread::scope(|scope| {
            let start = |_: &usize| std::thread::Builder::new().spawn_scoped(scope, work).is_ok();
            // As many as the system gives; if it gives none, this thread does it all.
            let started = (0..threads).take_while(start).count();
            if started == 0 {
                work();
            }
            started.max(1)
        });
        let merged = merged.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        let (totals, stages) = merged.unwrap_or_else(|| worker::Worker::new(self, counters).finish());
        Outcome { totals, filter: Vec::new(), wall: start.elapsed(), stages, threads }
    }
}
