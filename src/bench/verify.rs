//! What is timed must be right: the figures of the world are checked before any clock runs.

use super::workloads::own_events;
use crate::exposure::{ALL, ExposureRow, Tabulation};
use crate::output::manifest::ResultsDigest;
use crate::policy::{DayClasses, Decisions, Filter};
use crate::population::Community;
use crate::scenario::Expect;
use crate::simulate::{self, Counters, RunOutcome, Simulation, on_threads};
use crate::traffic::{Batch, Sink};
use crate::utility::utility;

/// What the world counted, the same on one and on all threads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Events.
    pub events: u64,
    /// Digest of all figures.
    pub results_digest: String,
}

/// Why nothing is timed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// The number of threads changes figures.
    #[error(
        "the figures depend on the number of threads: results_digest {one} on 1 thread, {many} on {threads}; nothing was timed"
    )]
    Threads {
        /// On one.
        one: String,
        /// On all.
        many: String,
        /// How many all are.
        threads: usize,
    },
    /// The scenario expects other figures.
    #[error(
        "the figures are not those that the scenario expects of {people} people and {days} {}: nothing was timed\n  \
         expected  events = {expected_events}, results_digest = \"{expected}\"\n  \
         got       events = {events}, results_digest = \"{got}\"\n  \
         hint: if figures were meant to change, write what was got into [[expect]]",
        if *days == 1 { "day" } else { "days" }
    )]
    Expected {
        /// People.
        people: u64,
        /// Days.
        days: u32,
        /// Expected digest.
        expected: String,
        /// Expected events.
        expected_events: u64,
        /// Digest got.
        got: String,
        /// Events got.
        events: u64,
    },
    /// A stage that is timed alone does something else than the same stage in a run.
    #[error("{what} in a run but {alone} alone; nothing was timed")]
    Alone {
        /// What the run counted, in words.
        what: String,
        /// What the stage alone counted.
        alone: u64,
    },
}

/// Checks that one and all threads agree with each other and with what is expected, and that the stages that are timed alone
/// make the same events and let out the same values as the run.
///
/// # Errors
/// The first disagreement.
pub fn verify(run: &Simulation, threads: usize, expect: Option<&Expect>) -> Result<Verified, Wrong> {
    let scenario = &run.scenario;
    let outcome = run.run(threads, &Counters::default());
    let got = Verified { events: outcome.totals.events(), results_digest: results_digest(run, &outcome) };
    if threads > 1 {
        let single = run.run(1, &Counters::default());
        let one = results_digest(run, &single);
        if one != got.results_digest {
            return Err(Wrong::Threads { one, many: got.results_digest, threads });
        }
    }
    if let Some(e) = expect
        && (e.events, &e.results_digest) != (got.events, &got.results_digest)
    {
        return Err(Wrong::Expected {
            people: scenario.people,
            days: scenario.days,
            expected: e.results_digest.clone(),
            expected_events: e.events,
            got: got.results_digest,
            events: got.events,
        });
    }
    alone(run, threads, &outcome)?;
    Ok(got)
}

/// Digest of all figures of a run, as `outflow run` writes them: of every table that a digest covers, in the order in which they are written.
pub fn results_digest(run: &Simulation, outcome: &RunOutcome) -> String {
    let scenario = &run.scenario;
    let finish = Tabulation::new(scenario, &run.compiled, &outcome.totals);
    let mut digest = ResultsDigest::new(scenario);
    digest.add(&finish.exposure());
    for day in 0..scenario.days {
        digest.add(&finish.daily(day));
    }
    for policy in 0..scenario.policies.len() {
        (0..=scenario.purposes.len()).for_each(|purpose| digest.add(&finish.first_exposure_of(policy, purpose)));
    }
    if !run.orders.is_empty() {
        let exceedances = finish.exceedances(&run.orders);
        digest.add(&exceedances.rows());
        for day in 0..scenario.days {
            digest.add(&exceedances.day(day));
        }
    }
    digest.add(&simulate::knowledge(run, 1, outcome.threads));
    digest.add(&utility(run, 1, outcome.threads));
    digest.finish()
}

/// Compares what generation and filters count when they run alone with what the run counted.
fn alone(run: &Simulation, threads: usize, outcome: &RunOutcome) -> Result<(), Wrong> {
    let scenario = &run.scenario;
    let threads = threads.max(1);
    let share = |thread: usize| (thread as u32..run.population.layout.communities()).step_by(threads);
    let counts = on_threads(0..threads, |thread| count(run, share(thread)));
    let (of_run, events) = (outcome.totals.events(), counts.iter().map(|c| c.events).sum());
    if events != of_run {
        return Err(Wrong::Alone { what: format!("{of_run} events are made"), alone: events });
    }
    let exposure = Tabulation::new(scenario, &run.compiled, &outcome.totals).exposure();
    for (p, policy) in scenario.policies.iter().enumerate() {
        let values: u64 = counts.iter().map(|c| c.decisions[p].values).sum();
        let split =
            |r: &ExposureRow| [&r.purpose, &r.jurisdiction, &r.population, &r.category].iter().any(|c| &***c != ALL);
        let total = exposure.iter().find(|r| r.policy == policy.id && &*r.metric == "disclosed_values" && !split(r));
        let of_run = total.map_or(0, |r| r.value.as_f64() as u64);
        if values != of_run {
            let what = format!("policy `{}` lets {of_run} values out", policy.id);
            return Err(Wrong::Alone { what, alone: values });
        }
    }
    Ok(())
}

/// What generation and filters count by themselves.
struct Counted<'a> {
    run: &'a Simulation,
    events: u64,
    class: DayClasses,
    filters: Vec<Filter>,
    decisions: Vec<Decisions>,
}

fn count<'a>(run: &'a Simulation, communities: impl Iterator<Item = u32>) -> Counted<'a> {
    let scenario = &run.scenario;
    let mut counted = Counted {
        run,
        events: 0,
        class: DayClasses::default(),
        filters: Vec::new(),
        decisions: vec![Decisions::default(); run.compiled.policies],
    };
    run.replay(communities, 0..scenario.days, &mut counted);
    counted
}

impl Sink for Counted<'_> {
    fn begin_community(&mut self, community: &Community) {
        self.class.begin(&self.run.compiled, community);
    }

    fn begin_day(&mut self, community: &Community, day: u32) {
        let compiled = &self.run.compiled;
        self.class.turn_to(compiled, community, day, |_| {});
        let period = compiled.period_of(day);
        if day == 0 || period != compiled.period_of(day - 1) {
            self.filters = (0..compiled.policies).map(|p| Filter::new(compiled, p, period)).collect();
        }
    }

    fn batch(&mut self, _: &Community, _: u32, batch: &Batch) {
        self.events += own_events(batch);
        for (filter, decisions) in self.filters.iter().zip(&mut self.decisions) {
            filter.apply(batch, self.class.all(), decisions);
        }
    }
}
