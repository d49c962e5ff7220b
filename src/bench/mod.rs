//! How fast the program is, measured so that it can be compared: `outflow bench`.
//!
//! Figures are checked first (`verify`). Then every stage (`stage`, `work`) is timed in rounds beside the limits of the machine
//! (`interleave`, `machine_limits`), summed up (`statistics`, `result`), and compared with an earlier result (`sound`, `noise`, `compare`).

mod compare;
mod fingerprint;
mod format;
mod interleave;
mod machine_limits;
mod noise;
mod read;
mod repeat;
mod result;
#[cfg(test)]
mod sample;
mod sound;
mod stage;
mod statistics;
mod verify;
mod workloads;

pub use compare::{Change, Incomparable, ResultSubject, Verdict, compare};
pub use fingerprint::{Fingerprint, code_path};
pub use format::{bmf, github};
pub use interleave::Budget;
pub use machine_limits::{BUFFER_BYTES, Limit, Limits, Probe};
pub use noise::Needed;
pub use result::{BenchResult, FORMAT, StageResult};
pub use sound::sound;
pub use stage::{Part, Stage};
pub use statistics::{Spread, median};
pub use verify::{Verified, Wrong, results_digest, verify};

use std::time::{SystemTime, UNIX_EPOCH};

use crate::output::manifest::VERSION;
use crate::scenario::{Expect, Scenario};
use crate::simulate::Simulation;

/// What to measure, and how.
#[derive(Clone, Copy, Debug)]
pub struct Plan<'a> {
    /// The world.
    pub scenario: &'a Scenario,
    /// What it must count, if that is known.
    pub expect: Option<&'a Expect>,
    /// Threads: stages are timed on one, and on so many.
    pub threads: usize,
    /// How long.
    pub budget: Budget,
    /// The command that measures the same again.
    pub command: &'a str,
}

impl Plan<'_> {
    /// Numbers of threads that stages are timed on.
    fn thread_counts(&self) -> Vec<usize> {
        if self.threads > 1 { vec![1, self.threads] } else { vec![1] }
    }

    /// What the result will be about.
    pub fn subject(&self) -> ResultSubject {
        let parts = Part::all(self.scenario);
        let on = |threads: usize| parts.iter().map(move |part| stage::name(&part.id(), threads));
        ResultSubject {
            scenario: self.scenario.name.clone(),
            digest: self.scenario.digest.clone(),
            people: self.scenario.people,
            days: self.scenario.days,
            stages: self.thread_counts().into_iter().flat_map(on).collect(),
        }
    }
}

/// Checks the world, then measures every stage on one and on all threads. `timing` is called in between.
///
/// # Errors
/// If the figures are wrong; then nothing was timed.
pub fn bench(plan: &Plan, timing: impl FnOnce()) -> Result<BenchResult, Wrong> {
    let scenario = plan.scenario;
    let run = Simulation::new(scenario);
    let verified = verify(&run, plan.threads, plan.expect)?;
    let mut work = workloads::Workloads::new(&run, plan.threads);
    let mut machine = interleave::OnMachine { work: &mut work, limits: Limits::new() };
    timing();
    let measured = interleave::measure(&mut machine, &Part::all(scenario), &plan.thread_counts(), plan.budget);
    Ok(BenchResult {
        format: FORMAT.into(),
        version: VERSION.into(),
        command: plan.command.into(),
        finished: now(),
        scenario: scenario.name.clone(),
        scenario_digest: scenario.digest.clone(),
        seed: scenario.seed,
        seed_text: scenario.seed.to_string(),
        people: scenario.people,
        days: scenario.days,
        events: verified.events,
        results_digest: verified.results_digest,
        expected: plan.expect.is_some(),
        machine: Fingerprint::this(),
        rounds: measured.rounds,
        limits: measured.limits,
        stages: measured.stages,
    })
}

/// Day and time, UTC.
fn now() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs());
    let time = i64::try_from(seconds).ok().and_then(|s| chrono::DateTime::from_timestamp(s, 0));
    time.map(|t| t.format("%Y-%m-%dT%H:%M:%SZ").to_string()).unwrap_or_default()
}
