//! How fast each policy's filter is, measured during every run.
//!
//! Exposure is counted from cells, where policies cost next to nothing; a service that shares data has to decide about
//! each record. So the events of one community's day per worker are made one by one as well, and every fourth batch of them goes through
//! [`Filter::apply`] of each policy, which writes a decision for each actor and counterparty, and only that is timed.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::policy::{Compiled, Decisions, Filter};
use crate::scenario::Scenario;
use crate::traffic::{Batch, Shape};

/// One batch in so many is filtered for its time.
const EVERY: u64 = 4;
/// Bytes that the filter reads of an event: actor, target, kind.
const EVENT_BYTES: u64 = 9;
/// Bytes that it reads of a member of an audience.
const MEMBER_BYTES: u64 = 4;

/// Speed of a policy's filter on one thread.
#[derive(Clone, Debug)]
pub struct FilterSpeed {
    /// Policy id.
    pub policy: Arc<str>,
    /// Events decided per second.
    pub events_per_s: f64,
    /// Values let out per second.
    pub values_per_s: f64,
    /// Bytes of columns read per second, 10^9.
    pub gb_per_s: f64,
}

/// Times the filters on a sample of batches.
#[derive(Debug)]
pub struct Probe {
    batches: u64,
    period: usize,
    filters: Vec<Filter>,
    decisions: Decisions,
    sums: Vec<Sum>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    time: Duration,
    events: u64,
    values: u64,
    bytes: u64,
}

impl Probe {
    /// A probe of all policies.
    pub fn new(compiled: &Compiled) -> Self {
        Probe {
            batches: 0,
            period: usize::MAX,
            filters: Vec::new(),
            decisions: Decisions::default(),
            sums: vec![Sum::default(); compiled.policies],
        }
    }

    /// Whether any batch was offered.
    pub fn begun(&self) -> bool {
        self.batches > 0
    }

    /// Filters the batch if it is its turn.
    pub fn maybe(&mut self, compiled: &Compiled, batch: &Batch, class: &[u16], day: u32) {
        if batch.shape == Shape::Incoming {
            return;
        }
        self.batches += 1;
        if self.batches % EVERY != 1 {
            return;
        }
        let period = compiled.period_of(day);
        if period != self.period {
            self.period = period;
            self.filters = (0..compiled.policies).map(|p| Filter::new(compiled, p, period)).collect();
        }
        let bytes = batch.len() as u64 * EVENT_BYTES + batch.members.len() as u64 * MEMBER_BYTES;
        for (filter, sum) in self.filters.iter().zip(&mut self.sums) {
            self.decisions.values = 0;
            let start = Instant::now();
            filter.apply(batch, class, &mut self.decisions);
            sum.time += start.elapsed();
            sum.events += batch.len() as u64;
            sum.values += self.decisions.values;
            sum.bytes += bytes;
        }
    }

    /// Adds what another worker measured.
    pub fn merge(&mut self, other: &Probe) {
        for (sum, more) in self.sums.iter_mut().zip(&other.sums) {
            sum.time += more.time;
            sum.events += more.events;
            sum.values += more.values;
            sum.bytes += more.bytes;
        }
    }

    /// Speeds per policy; zero if no batch was filtered.
    pub fn speeds(&self, scenario: &Scenario) -> Vec<FilterSpeed> {
        let speed = |sum: &Sum, n: u64| if sum.time.is_zero() { 0.0 } else { n as f64 / sum.time.as_secs_f64() };
        scenario
            .policies
            .iter()
            .zip(&self.sums)
            .map(|(policy, sum)| FilterSpeed {
                policy: policy.id.clone(),
                events_per_s: speed(sum, sum.events),
                values_per_s: speed(sum, sum.values),
                gb_per_s: speed(sum, sum.bytes) / 1e9,
            })
            .collect()
    }
}
