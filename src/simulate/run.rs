//! A run: communities over threads, and what they counted and measured.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::checkpoint::{Delivered, Forgetful, Keeper, Progress};
use super::counters::Counters;
use super::probe::FilterSpeed;
use super::simulation::Simulation;
use super::threads::Threads;
use super::worker::{Stages, Worker};
use crate::exposure::Totals;

/// What a run counted and measured in all its replicates.
#[derive(Debug)]
pub struct StudyOutcome {
    /// Exact counters of each replicate, in order.
    pub totals: Vec<Totals>,
    /// Speed of each policy's filter, as [`time_filters`](super::time_filters) measures it afterwards; nothing before.
    pub filter: Vec<FilterSpeed>,
    /// Where communities were simulated, and what it took.
    pub effort: Effort,
}

/// Where the communities of a run were simulated.
#[derive(Clone, Copy, Debug)]
pub enum Effort {
    /// In this process.
    Here {
        /// Time of all communities of all replicates.
        wall: Duration,
        /// Worker time spent making events and measuring exposure, and the time of the filters' measurement.
        stages: Stages,
        /// Worker threads.
        threads: usize,
    },
    /// In so many shards, by processes of which nobody here knows the time.
    Shards(u32),
}

impl Effort {
    /// Threads for what is still to be done: as many as there were, or as there are processors.
    pub fn threads(self) -> usize {
        match self {
            Effort::Here { threads, .. } => threads,
            Effort::Shards(_) => std::thread::available_parallelism().map_or(1, |n| n.get()),
        }
    }
}

impl StudyOutcome {
    /// Events of all replicates.
    pub fn events(&self) -> u64 {
        self.totals.iter().map(Totals::events).sum()
    }
}

/// What one replicate counted and measured.
#[derive(Debug)]
pub struct RunOutcome {
    /// Exact counters.
    pub totals: Totals,
    /// Time of all communities.
    pub wall: Duration,
    /// Worker time spent making events and measuring exposure, and the time of the filters' measurement.
    pub stages: Stages,
    /// Worker threads.
    pub threads: usize,
}

impl From<RunOutcome> for StudyOutcome {
    /// Of the first replicate alone.
    fn from(one: RunOutcome) -> Self {
        let RunOutcome { totals, wall, stages, threads } = one;
        StudyOutcome { totals: vec![totals], filter: Vec::new(), effort: Effort::Here { wall, stages, threads } }
    }
}

impl Simulation {
    /// Simulates and measures every replicate of the scenario, one after the other; all but the filters' speed. Afterwards the simulation is of the first
    /// again.
    pub fn run_replicates(&mut self, threads: usize, counters: &Counters) -> StudyOutcome {
        self.go_on(Progress::nothing(self), threads, counters, &Forgetful)
    }

    /// The same from what was done before, and keeping what is done from time to time.
    pub fn go_on(
        &mut self,
        progress: Progress,
        threads: usize,
        counters: &Counters,
        keeper: &impl Keeper,
    ) -> StudyOutcome {
        let (start, before) = (Instant::now(), progress.spent_ns);
        let mut delivered = Delivered { progress, stages: Stages::default() };
        let mut used = 1;
        let first = delivered.progress.finished.len() as u32;
        self.count_done(&delivered.progress.done, counters);
        for replicate in first..self.scenario.replicates {
            self.turn_to(replicate);
            let clock = Clock { start, before };
            used = used.max(self.communities(&mut delivered, threads, counters, (keeper, clock)));
            let Progress { finished, current, done, .. } = &mut delivered.progress;
            finished.push(std::mem::replace(current, self.exposure().into_totals()));
            done.fill(false);
        }
        self.turn_to(0);
        let wall = Duration::from_nanos(before) + start.elapsed();
        let Delivered { progress, stages } = delivered;
        let effort = Effort::Here { wall, stages, threads: used };
        StudyOutcome { totals: progress.finished, filter: Vec::new(), effort }
    }

    /// Tells who shows progress what was done before.
    fn count_done(&self, done: &[bool], counters: &Counters) {
        let days = u64::from(self.scenario.days);
        for (community, _) in (0..).zip(done).filter(|(_, done)| **done) {
            counters.add(days * u64::from(self.population.layout.shape(community).users), 0);
        }
    }

    /// Simulates and measures the replicate at hand on `threads` threads; all but the filters' speed.
    pub fn run(&self, threads: usize, counters: &Counters) -> RunOutcome {
        let start = Instant::now();
        let mut delivered = Delivered { progress: Progress::nothing(self), stages: Stages::default() };
        let threads = self.communities(&mut delivered, threads, counters, (&Forgetful, Clock::now()));
        let Delivered { progress, stages } = delivered;
        RunOutcome { totals: progress.current, wall: start.elapsed(), stages, threads }
    }

    /// Simulates and measures the communities of the replicate at hand that are not done; gives the number of threads.
    pub(super) fn communities(
        &self,
        delivered: &mut Delivered,
        threads: usize,
        counters: &Counters,
        (keeper, clock): (&impl Keeper, Clock),
    ) -> usize {
        let done = delivered.progress.done.clone();
        let communities = self.population.layout.communities();
        let left = done.iter().filter(|done| !**done).count();
        let threads = threads.clamp(1, left.max(1));
        let next = AtomicU32::new(0);
        // The communities with the most users first, so that no thread is left alone with a large one at the end; when
        // there are many it makes no difference, and costs memory.
        let mut order: Vec<u32> = if communities <= 4096 { (0..communities).collect() } else { Vec::new() };
        order.sort_by_key(|&c| std::cmp::Reverse(self.population.layout.shape(c).users));
        let take = || loop {
            let i = next.fetch_add(1, Ordering::Relaxed);
            if i >= communities {
                return None;
            }
            let community = order.get(i as usize).copied().unwrap_or(i);
            if !done[community as usize] {
                return Some(community);
            }
        };
        // What workers have counted is put together from time to time, so that it can be kept.
        let shared = Mutex::new(delivered);
        let deliver = |worker: Worker, communities: &mut Vec<u32>| {
            let (totals, stages) = worker.finish();
            let mut delivered = shared.lock().unwrap_or_else(PoisonError::into_inner);
            delivered.add(&totals, stages, communities);
            communities.clear();
            if keeper.is_due() {
                delivered.progress.spent_ns = clock.spent_ns();
                keeper.keep(self, &delivered.progress);
            }
        };
        let threads = Threads::start(threads);
        threads.each(|_| {
            let (mut worker, mut counted, mut since) = (Worker::new(self, counters), Vec::new(), Instant::now());
            while let Some(community) = take() {
                worker.community(community);
                counted.push(community);
                if keeper.every().is_some_and(|every| since.elapsed() >= every) {
                    since = Instant::now();
                    deliver(std::mem::replace(&mut worker, Worker::new(self, counters)), &mut counted);
                }
            }
            deliver(worker, &mut counted);
        });
        threads.count()
    }
}

/// Time that a run takes, with what it took before it was stopped.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    start: Instant,
    before: u64,
}

impl Clock {
    /// Of work that begins.
    pub(super) fn now() -> Self {
        Clock { start: Instant::now(), before: 0 }
    }

    fn spent_ns(self) -> u64 {
        self.before.saturating_add(u64::try_from(self.start.elapsed().as_nanos()).unwrap_or(u64::MAX))
    }
}
