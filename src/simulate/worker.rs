//! One thread's work: a community at a time, day after day.

use std::ops::Add;
use std::time::{Duration, Instant};

use super::counters::Counters;
use super::replay::Replay;
use super::simulation::Simulation;
use crate::exposure::{CommunityExposure, DayExposure, Exposure, Totals};
use crate::population::Community;
use crate::traffic::{Batch, CommunitySink, DaySink, Sink, Tally};

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

impl Add for Stages {
    type Output = Stages;

    fn add(self, other: Stages) -> Stages {
        Stages {
            generate: self.generate + other.generate,
            measure: self.measure + other.measure,
            probe: self.probe + other.probe,
        }
    }
}

/// A thread's arrays and counters.
pub struct Worker<'a> {
    days: u32,
    replay: Replay<'a>,
    observer: Observer<'a>,
    begun: Instant,
}

/// Measures communities.
struct Observer<'a> {
    exposure: Exposure<'a>,
    /// Time of measuring.
    measure: Duration,
    counters: &'a Counters,
}

/// Measures the community at hand.
struct ObservedCommunity<'c, 'a> {
    exposure: CommunityExposure<'c, 'a>,
    users: u32,
    measure: &'c mut Duration,
    counters: &'a Counters,
}

/// Measures the day at hand.
struct ObservedDay<'d, 'a> {
    exposure: DayExposure<'d, 'a>,
    users: u32,
    measure: &'d mut Duration,
    counters: &'a Counters,
    /// Events before the day.
    before: u64,
}

impl<'a> CommunitySink for Observer<'a> {
    type Days<'c>
        = ObservedCommunity<'c, 'a>
    where
        Self: 'c;

    fn community<'c>(&'c mut self, community: &'c Community) -> ObservedCommunity<'c, 'a> {
        let exposure = self.exposure.community(community);
        ObservedCommunity {
            exposure,
            users: community.shape.users,
            measure: &mut self.measure,
            counters: self.counters,
        }
    }
}

impl<'a> DaySink for ObservedCommunity<'_, 'a> {
    type Day<'d>
        = ObservedDay<'d, 'a>
    where
        Self: 'd;

    fn day(&mut self, day: u32) -> ObservedDay<'_, 'a> {
        let exposure = self.exposure.day(day, true);
        let before = exposure.events();
        ObservedDay { exposure, users: self.users, measure: self.measure, counters: self.counters, before }
    }

    fn end_day(day: ObservedDay<'_, 'a>) {
        let start = Instant::now();
        let events = day.exposure.events() - day.before;
        day.exposure.end();
        *day.measure += start.elapsed();
        day.counters.add(u64::from(day.users), events);
    }

    fn end(self) {
        self.exposure.end();
    }
}

impl Sink for ObservedDay<'_, '_> {
    fn batch(&mut self, _: &Community, _: u32, batch: &Batch) {
        let start = Instant::now();
        self.exposure.observe(batch);
        *self.measure += start.elapsed();
    }

    fn counts(&self, _: u32) -> bool {
        self.exposure.counts()
    }

    fn tally(&mut self, _: &Community, _: u32, tally: Tally<'_>) {
        // Reading the clock costs more than what is small.
        let start = tally.is_block().then(Instant::now);
        self.exposure.tally(tally);
        *self.measure += start.map_or(Duration::ZERO, |start| start.elapsed());
    }
}

impl<'a> Worker<'a> {
    /// A thread's arrays, empty.
    pub fn new(simulation: &'a Simulation, counters: &'a Counters) -> Self {
        Worker {
            days: simulation.scenario.days,
            replay: Replay::new(simulation),
            observer: Observer { exposure: simulation.exposure(), measure: Duration::ZERO, counters },
            begun: Instant::now(),
        }
    }

    /// Simulates all days of a community.
    pub fn community(&mut self, number: u32) {
        self.replay.community(number, 0..self.days, &mut self.observer);
    }

    /// What was counted.
    pub fn finish(self) -> (Totals, Stages) {
        let measure = self.observer.measure;
        let generate = self.begun.elapsed().saturating_sub(measure);
        (self.observer.exposure.into_totals(), Stages { generate, measure, ..Stages::default() })
    }
}
