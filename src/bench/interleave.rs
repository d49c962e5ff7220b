//! Rounds: every stage once, then all of them again, until the time is over. What disturbs the machine for a while disturbs
//! all stages alike, and the median over rounds forgets it.

use std::time::{Duration, Instant};

use super::machine_limits::{Limit, Limits, Probe};
use super::result::StageResult;
use super::stage::{Part, Stage};
use super::statistics::Spread;

/// Most time of a stage in a round.
const SLICE: Duration = Duration::from_millis(200);
/// Most time of a look at a limit.
const LOOK: Duration = Duration::from_millis(20);

/// How long to measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Time of all rounds together; the last one may begin just before its end.
    pub time: Duration,
    /// Rounds at least, also when the time is over.
    pub rounds: usize,
}

impl Budget {
    /// Half a minute.
    pub const FULL: Budget = Budget { time: Duration::from_secs(30), rounds: 5 };
    /// Some seconds, for a look.
    pub const QUICK: Budget = Budget { time: Duration::from_secs(8), rounds: 3 };

    /// Time of a stage in a round: short enough for the least number of rounds, long enough to mean something.
    fn slice(self, stages: usize) -> Duration {
        let fits = self.time / (stages.max(1) * self.rounds.max(1)) as u32;
        (fits / 2).clamp(Duration::from_millis(2), SLICE)
    }

    /// About how long so many rounds take, where `took` is what this budget's rounds took: with more time each of them is longer,
    /// and tells more.
    pub fn time_of(self, rounds: u64, stages: usize, took: Duration, of_rounds: usize) -> Duration {
        let longer = SLICE.as_secs_f64() / self.slice(stages).as_secs_f64();
        let round = took.as_secs_f64() / of_rounds.max(1) as f64 * longer;
        Duration::try_from_secs_f64(round * rounds as f64).unwrap_or(Duration::MAX)
    }
}

/// What rounds measured.
#[derive(Debug)]
pub struct Measured {
    /// Rounds.
    pub rounds: usize,
    /// Limits by number of threads.
    pub limits: Vec<Limit>,
    /// Stages, in the order of `parts` for each number of threads.
    pub stages: Vec<StageResult>,
}

/// Where stages and limits are measured: the machine, or a test.
pub trait Bench {
    /// Works on a stage for at least some time; gives events per second, all threads together.
    fn rate(&mut self, stage: &Stage, least: Duration) -> f64;
    /// Looks at the limits on so many threads, for at least some time each.
    fn probe(&mut self, threads: usize, least: Duration) -> Probe;
}

/// The machine.
pub struct OnMachine<'w, 'a> {
    /// The stages.
    pub work: &'w mut super::workloads::Workloads<'a>,
    /// The limits.
    pub limits: Limits,
}

impl Bench for OnMachine<'_, '_> {
    fn rate(&mut self, stage: &Stage, least: Duration) -> f64 {
        self.work.rate(stage, least)
    }

    fn probe(&mut self, threads: usize, least: Duration) -> Probe {
        self.limits.probe(threads, least)
    }
}

/// Values of one stage, a value a round.
#[derive(Default)]
struct StageRounds {
    events_per_s: Vec<f64>,
    ns_per_event: Vec<f64>,
    of_memory: Vec<f64>,
    in_random_numbers: Vec<f64>,
}

/// Measures all parts on each number of threads, in rounds.
pub fn measure(bench: &mut impl Bench, parts: &[Part], threads: &[usize], budget: Budget) -> Measured {
    let stage = |threads: usize, part: &Part| Stage { part: part.clone(), threads };
    let stages: Vec<Stage> = threads.iter().flat_map(|&t| parts.iter().map(move |p| stage(t, p))).collect();
    let slice = budget.slice(stages.len());
    let look = LOOK.min(slice);
    let mut series: Vec<StageRounds> = stages.iter().map(|_| StageRounds::default()).collect();
    let mut probes: Vec<Vec<Probe>> = vec![Vec::new(); threads.len()];
    // Caches, branch predictors and the clock of the processor get used to each stage before it counts.
    for stage in &stages {
        bench.rate(stage, slice / 10);
    }
    let (start, mut rounds) = (Instant::now(), 0);
    while rounds < budget.rounds || start.elapsed() < budget.time {
        for (group, &threads) in threads.iter().enumerate() {
            let mut before = bench.probe(threads, look);
            probes[group].push(before);
            // Each round begins with another part: none always comes first after the probes of other threads.
            for i in 0..parts.len() {
                let index = group * parts.len() + (i + rounds) % parts.len();
                let rate = bench.rate(&stages[index], slice);
                let after = bench.probe(threads, look);
                probes[group].push(after);
                series[index].push(&stages[index], rate, Probe::mean(before, after));
                before = after;
            }
        }
        rounds += 1;
    }
    let limit = |(&threads, probes): (&usize, &Vec<Probe>)| Limit {
        threads,
        memory_gb_per_s: Spread::of(&probes.iter().map(|p| p.memory_gb_per_s).collect::<Vec<_>>()),
        random_ns: Spread::of(&probes.iter().map(|p| p.random_ns).collect::<Vec<_>>()),
    };
    Measured {
        rounds,
        limits: threads.iter().zip(&probes).map(limit).collect(),
        stages: stages.iter().zip(&series).map(|(stage, series)| series.result(stage)).collect(),
    }
}

impl StageRounds {
    fn push(&mut self, stage: &Stage, rate: f64, limit: Probe) {
        let ns = stage.threads as f64 * 1e9 / rate;
        self.events_per_s.push(rate);
        self.ns_per_event.push(ns);
        self.of_memory.push(rate * f64::from(stage.part.bytes_per_event()) / 1e9 / limit.memory_gb_per_s);
        self.in_random_numbers.push(ns / limit.random_ns);
    }

    fn result(&self, stage: &Stage) -> StageResult {
        StageResult {
            stage: stage.part.id(),
            threads: stage.threads,
            events_per_s: Spread::of(&self.events_per_s),
            ns_per_event: Spread::of(&self.ns_per_event),
            bytes_per_event: stage.part.bytes_per_event(),
            of_memory: Spread::of(&self.of_memory),
            in_random_numbers: Spread::of(&self.in_random_numbers),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A machine whose speed halves every other round, and that notes what it is asked.
    struct Fake {
        asked: Vec<String>,
        speed: f64,
    }

    impl Bench for Fake {
        fn rate(&mut self, stage: &Stage, _: Duration) -> f64 {
            self.asked.push(stage.name());
            1e6 * self.speed * stage.threads as f64
        }

        fn probe(&mut self, _: usize, _: Duration) -> Probe {
            Probe { memory_gb_per_s: 2.0 * self.speed, random_ns: 1.0 / self.speed }
        }
    }

    const NONE: Budget = Budget { time: Duration::ZERO, rounds: 4 };

    #[test]
    fn stages_take_turns() {
        let mut fake = Fake { asked: Vec::new(), speed: 1.0 };
        let measured = measure(&mut fake, &[Part::Generate, Part::Measure], &[1, 2], NONE);
        assert_eq!(measured.rounds, 4);
        let names = ["generate, 1 thread", "measure, 1 thread", "generate, 2 threads", "measure, 2 threads"];
        // The first four are for warming up; every four after them are a round.
        for round in fake.asked.chunks(4) {
            let mut round = round.to_vec();
            round.sort();
            let mut names = names.map(String::from).to_vec();
            names.sort();
            assert_eq!(round, names);
        }
        assert_eq!(fake.asked.len(), 20);
    }

    #[test]
    fn ratios_survive_a_machine_that_slows_down() {
        let mut results = Vec::new();
        for speed in [1.0, 0.25] {
            let mut fake = Fake { asked: Vec::new(), speed };
            results.push(measure(&mut fake, &[Part::Line], &[2], NONE).stages.remove(0));
        }
        let (fast, slow) = (&results[0], &results[1]);
        assert_eq!(fast.events_per_s.median, 2e6);
        assert_eq!(slow.events_per_s.median, 5e5);
        assert_eq!(fast.ns_per_event.median, 1000.0);
        assert_eq!(fast.in_random_numbers, slow.in_random_numbers);
        assert_eq!(fast.of_memory, slow.of_memory);
        // 2 M events of 25 bytes are 0.05 GB of the 2 GB that a second could read.
        assert!((fast.of_memory.median - 0.025).abs() < 1e-12);
    }

    #[test]
    fn more_rounds_take_longer_ones() {
        // 12 stages of 200 ms are what a full budget has; of the quick one they are 111 ms.
        let took = Duration::from_secs(30);
        assert_eq!(Budget::FULL.time_of(100, 12, took, 10), Duration::from_secs(300));
        let quick = Budget::QUICK.time_of(100, 12, took, 10).as_secs_f64();
        assert!((quick - 540.0).abs() < 1.0, "{quick}");
        assert_eq!(Budget::FULL.time_of(u64::MAX, 12, Duration::MAX, 1), Duration::MAX);
    }

    #[test]
    fn many_stages_get_short_slices() {
        assert_eq!(Budget::FULL.slice(12), Duration::from_millis(200));
        assert!(Budget::QUICK.slice(200) < Duration::from_millis(10));
    }
}
