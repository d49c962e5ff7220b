//! What each stage does, over the library's own interface: the closures that are timed.

use std::hint::black_box;
use std::time::Duration;

use super::repeat::until;
use super::stage::{Part, Stage};
use crate::exposure::Exposure;
use crate::policy::{DayClasses, Decisions, Filter};
use crate::population::Community;
use crate::simulate::{Counters, Simulation, on_threads};
use crate::traffic::{Batch, Shape, Sink, Traffic};

/// Events that all threads together keep at most to filter and measure: they are held in memory.
const MOST_EVENTS: usize = 32 << 20;
/// The same of one thread: more than its caches hold, and made in a moment.
const MOST_EVENTS_OF_ONE: usize = 1 << 20;

/// All that the stages work on. Each thread has a community of its own; if there are more threads than communities,
/// several have the same.
pub struct Workloads<'a> {
    run: &'a Simulation,
    seats: Vec<Seat<'a>>,
}

/// What one thread works on.
struct Seat<'a> {
    community: Community,
    traffic: Traffic<'a>,
    exposure: Exposure<'a>,
    /// Of which class people are, for the filters.
    class: DayClasses,
    /// Events of the first day.
    batches: Vec<Batch>,
    /// Filters of the first day, by policy.
    filters: Vec<Filter>,
    decisions: Decisions,
}

impl<'a> Workloads<'a> {
    /// Makes the people and events for up to so many threads.
    pub fn new(run: &'a Simulation, threads: usize) -> Self {
        let communities = run.population.layout.communities().max(1);
        // Those with the most users first: on one thread, the largest.
        let mut order: Vec<u32> = (0..communities.min(4096)).collect();
        order.sort_by_key(|&c| std::cmp::Reverse(run.population.layout.shape(c).users));
        let most = MOST_EVENTS_OF_ONE.min(MOST_EVENTS / threads.max(1));
        let numbers = (0..threads.max(1)).map(|i| order[i % order.len()]);
        Workloads { run, seats: on_threads(numbers, |number| Seat::new(run, number, most)) }
    }

    /// Works on a stage for at least `least`; gives events per second, all threads together.
    pub fn rate(&mut self, stage: &Stage, least: Duration) -> f64 {
        let threads = stage.threads;
        match &stage.part {
            Part::Line => self.line(threads, least),
            Part::Generate => self.each(threads, |seat| until(least, || seat.generate())),
            Part::Filter { policy, .. } => self.each(threads, |seat| until(least, || seat.filter(*policy))),
            Part::Measure => self.each(threads, |seat| until(least, || seat.measure())),
        }
    }

    /// Adds the rates of threads: each has its own time, so that unequal communities leave none idle.
    fn each(&mut self, threads: usize, work: impl Fn(&mut Seat<'a>) -> f64 + Sync) -> f64 {
        on_threads(self.seats.iter_mut().take(threads), work).iter().sum()
    }

    fn line(&self, threads: usize, least: Duration) -> f64 {
        until(least, || self.run.run(threads, &Counters::default()).totals.events())
    }
}

impl<'a> Seat<'a> {
    fn new(run: &'a Simulation, number: u32, most: usize) -> Self {
        let mut community = Community::empty();
        community.fill(&run.population, number);
        let mut traffic = Traffic::new(&run.population, &run.tables);
        let mut keep = BatchKeeper { batches: Vec::new(), events: 0, most };
        traffic.begin();
        traffic.day(&community, 0, &mut keep);
        let exposure = run.exposure();
        let mut class = DayClasses::default();
        class.begin(&run.compiled, &community);
        let period = run.compiled.period_of(0);
        let filters = (0..run.compiled.policies).map(|p| Filter::new(&run.compiled, p, period)).collect();
        Seat { community, traffic, exposure, class, batches: keep.batches, filters, decisions: Decisions::default() }
    }

    fn generate(&mut self) -> u64 {
        let mut count = EventCounter(0);
        self.traffic.begin();
        self.traffic.day(&self.community, 0, &mut count);
        count.0
    }

    fn filter(&mut self, policy: usize) -> u64 {
        let mut events = 0;
        for batch in &self.batches {
            self.filters[policy].apply(batch, self.class.all(), &mut self.decisions);
            black_box(&self.decisions);
            events += own_events(batch);
        }
        events
    }

    fn measure(&mut self) -> u64 {
        let mut events = 0;
        let mut community = self.exposure.community(&self.community);
        let mut day = community.day(0, false);
        for batch in &self.batches {
            day.observe(batch);
            events += own_events(batch);
        }
        day.end();
        community.end();
        events
    }
}

/// Events that belong to the batch's community: those of others are counted there.
pub fn own_events(batch: &Batch) -> u64 {
    if batch.shape == Shape::Incoming { 0 } else { batch.len() as u64 }
}

/// Counts events and lets the batches go.
struct EventCounter(u64);

impl Sink for EventCounter {
    fn batch(&mut self, _: &Community, _: u32, batch: &Batch) {
        self.0 += own_events(batch);
        black_box(batch);
    }
}

/// Keeps batches, up to some number of events.
struct BatchKeeper {
    batches: Vec<Batch>,
    events: usize,
    most: usize,
}

impl Sink for BatchKeeper {
    fn batch(&mut self, _: &Community, _: u32, batch: &Batch) {
        if self.events < self.most {
            self.events += batch.len();
            self.batches.push(batch.clone());
        }
    }
}
