//! One thread's work: a community at a time, day after day.

use std::time::{Duration, Instant};

use super::{Counters, Replay, Simulation, Stages};
use crate::exposure::{Exposure, Totals};
use crate::population::Community;
use crate::traffic::{Batch, Sink, Tally};

/// A thread's arrays and counters.
pub struct Worker<'a> {
    days: u32,
    replay: Replay<'a>,
    observer: Observer<'a>,
    begun: Instant,
}

/// Measures the community at hand.
struct Observer<'a> {
    exposure: Exposure<'a>,
    stages: Stages,
    counters: &'a Counters,
    /// Events before the day at hand.
    before: u64,
}

impl Sink for Observer<'_> {
    fn begin_community(&mut self, community: &Community) {
        self.exposure.begin(community);
    }

    fn begin_day(&mut self, community: &Community, day: u32) {
        self.before = self.exposure.events;
        self.exposure.begin_day(community, day);
    }

    fn batch(&mut self, _: &Community, day: u32, batch: &Batch) {
        let start = Instant::now();
        self.exposure.observe(day, batch);
        self.stages.measure += start.elapsed();
    }

    fn counts(&self, day: u32) -> bool {
        self.exposure.counts(day)
    }

    fn tally(&mut self, community: &Community, day: u32, tally: Tally<'_>) {
        // Reading the clock costs more than what is small.
        let start = tally.is_block().then(Instant::now);
        self.exposure.tally(community, day, tally);
        self.stages.measure += start.map_or(Duration::ZERO, |start| start.elapsed());
    }

    fn end_day(&mut self, community: &Community, day: u32) {
        let start = Instant::now();
        self.exposure.end_day(day);
        self.stages.measure += start.elapsed();
        self.counters.add(u64::from(community.shape.users), self.exposure.events - self.before);
    }

    fn end_community(&mut self, _: &Community) {
        self.exposure.end_community();
    }
}

impl<'a> Worker<'a> {
    /// A thread's arrays, empty.
    pub fn new(simulation: &'a Simulation, counters: &'a Counters) -> Self {
        Worker {
            days: simulation.scenario.days,
            replay: Replay::new(simulation),
            observer: Observer { exposure: simulation.exposure(), stages: Stages::default(), counters, before: 0 },
            begun: Instant::now(),
        }
    }

    /// Simulates all days of a community.
    pub fn community(&mut self, number: u32) {
        self.replay.community(number, 0..self.days, &mut self.observer);
    }

    /// What was counted.
    pub fn finish(self) -> (Totals, Stages) {
        let mut stages = self.observer.stages;
        stages.generate = self.begun.elapsed().saturating_sub(stages.measure);
        (self.observer.exposure.into_totals(), stages)
    }
}
