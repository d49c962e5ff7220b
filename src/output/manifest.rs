//! `manifest.json`: what a run was, so that it can be had again, and what it measured.

use serde::Serialize;

use crate::exposure::{TableRow, digest_line};
use crate::scenario::Scenario;
use crate::simulate::{FilterSpeed, Stages};

/// Version of this program.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What a run was and measured.
#[derive(Clone, Debug, Serialize)]
pub struct Manifest {
    /// Name of the scenario.
    pub scenario: String,
    /// BLAKE3 of the resolved scenario.
    pub scenario_digest: String,
    /// Seed of all random numbers.
    pub seed: u64,
    /// The same as text: JavaScript and jq round numbers beyond 2^53.
    pub seed_text: String,
    /// A short name of the run, which stands in its tables.
    pub run: String,
    /// Replicates.
    pub replicates: u32,
    /// Version of outflow.
    pub version: &'static str,
    /// Command that makes the same results.
    pub command: String,
    /// People, users and non-users.
    pub people: u64,
    /// Users among them.
    pub users: u64,
    /// First day.
    pub start: String,
    /// Days.
    pub days: u32,
    /// Events of all replicates, each counted once.
    pub events: u64,
    /// Events by kind.
    pub events_by_kind: std::collections::BTreeMap<&'static str, u64>,
    /// Messages delivered to recipients.
    pub delivered: u64,
    /// Seconds from start to end.
    pub wall_s: f64,
    /// Seconds of simulation and measurement, without start-up, tables and charts.
    /// `None` if it was simulated in shards, by processes of which nobody here knows the time; likewise the next three.
    pub simulate_s: Option<f64>,
    /// Worker threads.
    pub threads: Option<usize>,
    /// Events per second of `simulate_s`.
    pub events_per_s: Option<f64>,
    /// Thread time per event of each stage, nanoseconds.
    pub ns_per_event: Option<StageTimes>,
    /// How many shards were merged; `None` if it was simulated at once.
    pub shards: Option<u32>,
    /// Speed of each policy's filter; in JSON by policy id.
    #[serde(serialize_with = "by_policy")]
    pub filter: Vec<FilterEntry>,
    /// Rows of each table.
    pub rows: std::collections::BTreeMap<&'static str, u64>,
    /// BLAKE3 of all figures: equal for equal figures.
    pub results_digest: String,
    /// What it ran on.
    pub machine: Machine,
    /// What could not be drawn, or not be shown as it is written.
    pub warnings: Vec<String>,
}

/// What records or a sample were made from.
#[derive(Clone, Debug, Serialize)]
pub struct Origin {
    /// Name of the scenario.
    pub scenario: String,
    /// BLAKE3 of the resolved scenario.
    pub scenario_digest: String,
    /// Seed of all random numbers.
    pub seed: u64,
    /// Version of outflow.
    pub version: &'static str,
    /// Command that makes the same files.
    pub command: String,
    /// People simulated, users and non-users.
    pub people: u64,
    /// First day.
    pub start: String,
    /// Days.
    pub days: u32,
    /// Rows of each table.
    pub rows: std::collections::BTreeMap<&'static str, u64>,
}

impl Origin {
    /// Of a scenario's world, made by a command.
    pub fn new(scenario: &Scenario, command: &str, rows: impl IntoIterator<Item = (&'static str, u64)>) -> Self {
        Origin {
            scenario: scenario.name.clone(),
            scenario_digest: scenario.digest.clone(),
            seed: scenario.seed,
            version: VERSION,
            command: command.to_owned(),
            people: scenario.people,
            start: scenario.start.to_string(),
            days: scenario.days,
            rows: rows.into_iter().collect(),
        }
    }
}

/// Thread time per event.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct StageTimes {
    /// People, ties and events.
    pub generate: f64,
    /// Counting what policies disclose.
    pub measure: f64,
    /// The sample of batches that is filtered for its time.
    pub probe: f64,
}

/// Speed of a policy's filter on one thread.
#[derive(Clone, Debug, Serialize)]
pub struct FilterEntry {
    /// Policy id.
    #[serde(skip)]
    pub policy: String,
    /// Events decided per second: the median of the repetitions.
    pub events_per_s: f64,
    /// The first and the ninth decile of the repetitions: four of five lie in between.
    pub events_per_s_lo: f64,
    /// See `events_per_s_lo`.
    pub events_per_s_hi: f64,
    /// How often the sample of batches was filtered.
    pub repetitions: u32,
    /// Values let out per second.
    pub values_per_s: f64,
    /// Bytes of columns read per second, 10^9.
    pub gb_per_s: f64,
}

/// Entries as a map from policy ids, in the scenario's order.
fn by_policy<S: serde::Serializer>(entries: &[FilterEntry], s: S) -> Result<S::Ok, S::Error> {
    s.collect_map(entries.iter().map(|e| (&e.policy, e)))
}

/// What a run ran on.
#[derive(Clone, Debug, Serialize)]
pub struct Machine {
    /// Operating system.
    pub os: &'static str,
    /// Processor architecture.
    pub arch: &'static str,
    /// Processor model, if it can be told.
    pub cpu: String,
    /// Processors at hand.
    pub cores: usize,
}

impl Machine {
    /// This machine.
    pub fn this() -> Self {
        let cpu = std::fs::read_to_string("/proc/cpuinfo").ok().and_then(|text| {
            let line = text.lines().find(|l| l.starts_with("model name"))?;
            Some(line.split_once(':')?.1.trim().to_string())
        });
        Machine {
            os: std::env::consts::OS,
            arch: std::env::consts::ARCH,
            cpu: cpu.unwrap_or_else(|| "unknown".into()),
            cores: std::thread::available_parallelism().map_or(1, |n| n.get()),
        }
    }
}

impl StageTimes {
    /// Of so many events.
    pub fn of(stages: Stages, events: u64) -> Self {
        let ns = |d: std::time::Duration| d.as_nanos() as f64 / events.max(1) as f64;
        StageTimes { generate: ns(stages.generate), measure: ns(stages.measure), probe: ns(stages.probe) }
    }
}

impl From<&FilterSpeed> for FilterEntry {
    fn from(s: &FilterSpeed) -> Self {
        FilterEntry {
            policy: s.policy.to_string(),
            events_per_s: s.events_per_s,
            events_per_s_lo: s.events_per_s_lo,
            events_per_s_hi: s.events_per_s_hi,
            repetitions: s.repetitions,
            values_per_s: s.values_per_s,
            gb_per_s: s.gb_per_s,
        }
    }
}

/// Digest of figures, fed row by row in the order of the tables.
#[derive(Debug)]
pub struct ResultsDigest(blake3::Hasher);

impl ResultsDigest {
    /// Of a scenario's figures; what it was run on, when and with how many threads does not enter.
    pub fn new(scenario: &Scenario) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(scenario.name.as_bytes());
        ResultsDigest(hasher)
    }

    /// Adds rows of a table.
    pub fn add<R: TableRow>(&mut self, rows: &[R]) {
        let mut line = String::new();
        for row in rows {
            digest_line(row, &mut line);
            self.0.update(line.as_bytes());
        }
    }

    /// Hexadecimal.
    pub fn finish(&self) -> String {
        self.0.finalize().to_hex().to_string()
    }
}
