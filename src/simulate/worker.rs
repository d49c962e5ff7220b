//! One thread's work: a community at a time, day after day.

use std::time::{Duration, Instant};

use super::{Counters, Run, Stages};
use crate::exposure::{Exposure, Totals};
use crate::population::Community;
use crate::scenario::Scenario;
use crate::traffic::{Batch, Sink, Tally, Traffic};

/// A thread's arrays and counters.
pub struct Worker<'a> {
    run: &'a Run,
    days: u32,
    community: Community,
    traffic: Traffic<'a>,
    observer: Observer<'a>,
    counters: &'a Counters,
    begun: Instant,
}

/// Takes the batches of the community at hand.
struct Observer<'a> {
    exposure: Exposure<'a>,
    stages: Stages,
}

impl Sink for Observer<'_> {
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
}

impl<'a> Worker<'a> {
    /// A thread's arrays, empty.
    pub fn new(run: &'a Run, scenario: &'a Scenario, counters: &'a Counters) -> Self {
        Worker {
            run,
            days: scenario.days,
            community: Community::empty(),
            traffic: Traffic::new(&run.world, &run.tables),
            observer: Observer {
                exposure: Exposure::new(scenario, &run.compiled, &run.contexts, &run.orders),
                stages: Stages::default(),
            },
            counters,
            begun: Instant::now(),
        }
    }

    /// Simulates all days of a community.
    pub fn community(&mut self, number: u32) {
        self.community.fill(&self.run.world, number);
        self.observer.exposure.begin(&self.community);
        self.traffic.begin();
        for day in 0..self.days {
            let before = self.observer.exposure.events;
            self.observer.exposure.begin_day(&self.community, day);
            self.traffic.day(&self.community, day, &mut self.observer);
            let start = Instant::now();
            self.observer.exposure.end_day(day);
            self.observer.stages.measure += start.elapsed();
            self.counters.add(u64::from(self.community.shape.users), self.observer.exposure.events - before);
        }
        self.observer.exposure.end_community();
    }

    /// What was counted.
    pub fn finish(self) -> (Totals, Stages) {
        let mut stages = self.observer.stages;
        stages.generate = self.begun.elapsed().saturating_sub(stages.measure);
        (self.observer.exposure.into_totals(), stages)
    }
}
