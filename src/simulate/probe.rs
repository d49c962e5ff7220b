//! How fast each policy's filter is, measured after every run.
//!
//! Exposure is counted from cells, where policies cost next to nothing; a service that shares data has to decide about
//! each record. So once all workers are done, the events of a day of some communities are made one by one on this one thread,
//! some of their batches are kept, and these go through [`Filter::apply`] of every policy, which writes a decision for each
//! actor and counterparty: all batches of one policy, all of the next, and so on again, warm, each time from another policy on. Only
//! that is timed. A policy's speed is the median over these repetitions; how far they spread is told beside it.

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::replay::Replay;
use super::simulation::Simulation;
use crate::policy::{Compiled, DayClasses, Decisions, Filter};
use crate::population::Community;
use crate::traffic::{Batch, Shape, Sink};

/// What it may take: so long, or this share of the run if that is longer.
const TIME: Duration = Duration::from_millis(80);
const SHARE_OF_RUN: f64 = 0.025;
/// Of that, for making events; what is begun is ended.
const MAKING: f64 = 0.3;
/// Communities whose events are filtered, at most, over the population and the days of the run.
const COMMUNITIES: u32 = 4;
/// Batches of a community that are kept, from all over its day: at least so many if there are, fewer than twice as many.
const BATCHES: usize = 12;
/// Repetitions that are aimed at: there are batches for so many. Many short ones, of which a busy neighbour spoils some, tell more
/// than few long ones, of which it spoils all.
const REPETITIONS: usize = 101;
/// Repetitions there are in any case, and at most.
const LEAST: usize = 9;
const MOST: usize = 1001;
/// Bytes that the filter reads of an event: actor, target, kind.
const EVENT_BYTES: u64 = 9;
/// Bytes that it reads of a member of an audience.
const MEMBER_BYTES: u64 = 4;

/// Speed of a policy's filter on one thread.
#[derive(Clone, Debug, PartialEq)]
pub struct FilterSpeed {
    /// Policy id.
    pub policy: Arc<str>,
    /// Events decided per second: the median of the repetitions.
    pub events_per_s: f64,
    /// The first and the ninth decile of the repetitions: four of five lie in between.
    pub events_per_s_lo: f64,
    /// See `events_per_s_lo`.
    pub events_per_s_hi: f64,
    /// How often all batches were filtered.
    pub repetitions: u32,
    /// Values let out per second.
    pub values_per_s: f64,
    /// Bytes of columns read per second, 10^9.
    pub gb_per_s: f64,
}

/// Some of the events of a community's day, and what filters ask of its people.
struct BatchSample {
    batches: Vec<Batch>,
    /// Those of that day.
    class: DayClasses,
    /// Place of the period in a policy's filters.
    period: usize,
}

/// What a policy did in all repetitions.
#[derive(Default)]
struct Timed {
    times: Vec<Duration>,
    /// Values let out in one of them.
    values: u64,
}

/// Times the filter of every policy after a run that took `wall`; gives the speeds, in the scenario's order, and how long that took.
pub fn time_filters(run: &Simulation, wall: Duration) -> (Vec<FilterSpeed>, Duration) {
    let scenario = &run.scenario;
    let start = Instant::now();
    let time = TIME.max(wall.mul_f64(SHARE_OF_RUN));
    let mut periods = Vec::new();
    let mut samples = make(run, start + time.mul_f64(MAKING), &mut periods);
    // Of each policy, a filter for each period that occurs.
    let filters: Vec<Vec<Filter>> = (0..run.compiled.policies)
        .map(|p| periods.iter().map(|&period| Filter::new(&run.compiled, p, period)).collect())
        .collect();
    let mut decisions = Decisions::default();
    thin(&mut samples, &filters, &mut decisions, (start + time).saturating_duration_since(Instant::now()));

    let mut timed: Vec<Timed> = filters.iter().map(|_| Timed::default()).collect();
    let mut repetition = 0;
    // The first one warms up.
    while repetition <= LEAST || (repetition <= MOST && start.elapsed() < time) {
        for i in 0..filters.len() {
            let policy = (i + repetition) % filters.len();
            let (took, values) = filter(&filters[policy], &samples, &mut decisions);
            timed[policy].values = values;
            if repetition > 0 {
                timed[policy].times.push(took);
            }
        }
        repetition += 1;
    }
    let batches = || samples.iter().flat_map(|s| &s.batches);
    let events: u64 = batches().map(|b| b.len() as u64).sum();
    let bytes = events * EVENT_BYTES + batches().map(|b| b.members.len() as u64 * MEMBER_BYTES).sum::<u64>();
    let speeds = scenario.policies.iter().zip(timed).map(|(policy, t)| speed(policy.id.clone(), t, events, bytes));
    (speeds.collect(), start.elapsed())
}

/// Filters all batches by one policy: how long that took, and the values that it let out.
fn filter(filters: &[Filter], samples: &[BatchSample], decisions: &mut Decisions) -> (Duration, u64) {
    decisions.values = 0;
    let start = Instant::now();
    for sample in samples {
        for batch in &sample.batches {
            filters[sample.period].apply(batch, sample.class.all(), decisions);
            black_box(&mut *decisions);
        }
    }
    (start.elapsed(), decisions.values)
}

/// Makes the samples, until the time is over, at least one; notes the periods that occur.
fn make(run: &Simulation, until: Instant, periods: &mut Vec<usize>) -> Vec<BatchSample> {
    let scenario = &run.scenario;
    let communities = run.population.layout.communities();
    // As many days as communities are looked at, if there is but one community.
    let n = COMMUNITIES.min(communities.max(scenario.days));
    let mut replay = Replay::new(run);
    let mut samples = Vec::new();
    for i in 0..n {
        if i > 0 && Instant::now() >= until {
            break;
        }
        // From all over the population and the run, and of both the middle.
        let middle = |all: u32| ((2 * u64::from(i) + 1) * u64::from(all) / (2 * u64::from(n))) as u32;
        let (number, day) = (middle(communities), middle(scenario.days));
        let mut keep = BatchSampler::new(&run.compiled);
        replay.community(number, day..day + 1, &mut keep);
        let period = run.compiled.period_of(day);
        let period = periods.iter().position(|p| *p == period).unwrap_or_else(|| {
            periods.push(period);
            periods.len() - 1
        });
        samples.push(BatchSample { batches: keep.batches, class: keep.class, period });
    }
    samples
}

/// Drops batches until what is left of the time does for the repetitions that are aimed at.
fn thin(samples: &mut [BatchSample], filters: &[Vec<Filter>], decisions: &mut Decisions, left: Duration) {
    let batches: usize = samples.iter().map(|s| s.batches.len()).sum();
    // How long the first batch of each sample takes, warm, is how long the others take.
    let mut took = Duration::MAX;
    for _ in 0..2 {
        let start = Instant::now();
        for policy in filters {
            for sample in samples.iter() {
                if let Some(batch) = sample.batches.first() {
                    policy[sample.period].apply(batch, sample.class.all(), decisions);
                    black_box(&mut *decisions);
                }
            }
        }
        took = took.min(start.elapsed());
    }
    let of_one = took.as_secs_f64() / samples.len().max(1) as f64;
    let room = left.as_secs_f64() / (of_one * REPETITIONS as f64).max(1e-9);
    let share = room / batches.max(1) as f64;
    if share < 1.0 {
        for sample in samples {
            let n = ((sample.batches.len() as f64 * share) as usize).clamp(1, sample.batches.len().max(1));
            // From all over the day.
            let step = sample.batches.len().div_ceil(n).max(1);
            let mut i = 0;
            sample.batches.retain(|_| {
                i += 1;
                (i - 1) % step == 0
            });
        }
    }
}

fn speed(policy: Arc<str>, timed: Timed, events: u64, bytes: u64) -> FilterSpeed {
    let mut rates: Vec<f64> = timed.times.iter().map(|t| events as f64 / t.as_secs_f64().max(1e-9)).collect();
    rates.sort_by(f64::total_cmp);
    // There are always some, unless there is no policy; without events all of them are zero.
    let at = |share: f64| rates.get(((rates.len() as f64 - 1.0) * share).round() as usize).copied().unwrap_or(0.0);
    let per_event = |n: u64| n as f64 / events.max(1) as f64;
    let events_per_s = at(0.5);
    FilterSpeed {
        policy,
        events_per_s,
        events_per_s_lo: at(0.1),
        events_per_s_hi: at(0.9),
        repetitions: rates.len() as u32,
        values_per_s: events_per_s * per_event(timed.values),
        gb_per_s: events_per_s * per_event(bytes) / 1e9,
    }
}

/// Keeps some batches from all over a day, however many there are.
struct BatchSampler<'a> {
    compiled: &'a Compiled,
    class: DayClasses,
    batches: Vec<Batch>,
    /// One in so many is kept.
    every: usize,
    seen: usize,
}

impl<'a> BatchSampler<'a> {
    fn new(compiled: &'a Compiled) -> Self {
        BatchSampler { compiled, class: DayClasses::default(), batches: Vec::new(), every: 1, seen: 0 }
    }
}

impl Sink for BatchSampler<'_> {
    fn begin_community(&mut self, community: &Community) {
        self.class.begin(self.compiled, community);
    }

    fn begin_day(&mut self, community: &Community, day: u32) {
        self.class.turn_to(self.compiled, community, day, |_| {});
    }

    fn batch(&mut self, _: &Community, _: u32, batch: &Batch) {
        if batch.shape == Shape::Incoming {
            return;
        }
        if self.seen.is_multiple_of(self.every) {
            self.batches.push(batch.clone());
            if self.batches.len() == 2 * BATCHES {
                let mut i = 0;
                self.batches.retain(|_| {
                    i += 1;
                    i % 2 == 1
                });
                self.every *= 2;
            }
        }
        self.seen += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Overrides, load};

    #[test]
    fn the_median_and_the_deciles_of_repetitions() {
        let times = [5, 1, 2, 4, 10].map(Duration::from_secs).to_vec();
        let s = speed("x".into(), Timed { times, values: 300 }, 100, 900);
        assert_eq!((s.events_per_s, s.events_per_s_lo, s.events_per_s_hi, s.repetitions), (25.0, 10.0, 100.0, 5));
        assert_eq!((s.values_per_s, s.gb_per_s), (75.0, 225e-9));
        let none = speed("x".into(), Timed::default(), 0, 0);
        assert_eq!((none.events_per_s, none.values_per_s, none.repetitions), (0.0, 0.0, 0));
    }

    #[test]
    fn batches_are_kept_from_all_over_a_day() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/cnil-2017.toml");
        let few = Overrides { people: Some(100), ..Overrides::default() };
        let simulation = Simulation::new(&load(&path, &few).expect("it ships").0);
        for n in [1, 5, 23, 24, 25, 1000, 100_000] {
            let mut keep = BatchSampler::new(&simulation.compiled);
            let community = Community::empty();
            for i in 0..n {
                let mut batch = Batch::new(Shape::Solo, 1);
                batch.actor.push(i);
                keep.batch(&community, 0, &batch);
                keep.batch(&community, 0, &Batch::new(Shape::Incoming, 0));
            }
            let kept: Vec<u32> = keep.batches.iter().map(|b| b.actor[0]).collect();
            assert!(kept.len() < 2 * BATCHES && kept.len() >= BATCHES.min(n as usize), "{n}: {kept:?}");
            assert!(kept.windows(2).all(|w| w[1] - w[0] == keep.every as u32), "{n}: {kept:?}");
            assert!(n - kept[kept.len() - 1] <= keep.every as u32, "{n}: {kept:?}");
        }
    }

    #[test]
    fn every_policy_is_timed_and_nothing_grows() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/cnil-2017.toml");
        for (people, days) in [(1, 1), (500, 3), (20_000, 2)] {
            let overrides = Overrides { people: Some(people), days: Some(days), ..Overrides::default() };
            let (scenario, _) = load(&path, &overrides).expect("it ships");
            let run = Simulation::new(&scenario);
            let (speeds, took) = time_filters(&run, Duration::ZERO);
            let ids: Vec<&str> = speeds.iter().map(|s| &*s.policy).collect();
            assert_eq!(ids, ["full-sharing", "security-only", "opt-out"]);
            for s in &speeds {
                assert!(s.repetitions as usize >= LEAST && s.repetitions as usize <= MOST, "{s:?}");
                assert!(s.events_per_s_lo <= s.events_per_s && s.events_per_s <= s.events_per_s_hi, "{s:?}");
                assert!(people < 500 || s.events_per_s > 0.0 && s.gb_per_s > 0.0 && s.values_per_s > 0.0, "{s:?}");
            }
            assert!(took < Duration::from_secs(20), "{took:?}");
            let mut periods = Vec::new();
            let samples = make(&run, Instant::now() + Duration::from_secs(60), &mut periods);
            assert!(samples.len() <= COMMUNITIES as usize && samples.iter().all(|s| s.batches.len() < 2 * BATCHES));
        }
    }
}
