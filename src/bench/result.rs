//! What a benchmark found: the wire types of its JSON, which later benchmarks are compared with.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::fingerprint::Fingerprint;
use super::machine_limits::Limit;
use super::stage;
use super::statistics::Spread;

/// Names the file, and its version: a reader of another one must refuse it.
pub const FORMAT: &str = "outflow-bench/1";

/// The result of a benchmark.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BenchResult {
    /// [`FORMAT`].
    pub format: String,
    /// Version of outflow.
    pub version: String,
    /// Command that measures the same again.
    pub command: String,
    /// Day and time of the end, UTC.
    pub finished: String,
    /// Name of the scenario.
    pub scenario: String,
    /// Its digest, at the size of the world.
    pub scenario_digest: String,
    /// Seed.
    pub seed: u64,
    /// The same as text: JavaScript and jq round numbers beyond 2^53. Empty in results of earlier versions.
    #[serde(default)]
    pub seed_text: String,
    /// People.
    pub people: u64,
    /// Days.
    pub days: u32,
    /// Events of the world.
    pub events: u64,
    /// Digest of all figures, the same on one and on all threads.
    pub results_digest: String,
    /// Whether the scenario says that it must be so; else only the numbers of threads agree.
    pub expected: bool,
    /// What it was measured on.
    pub machine: Fingerprint,
    /// Rounds, in each of which every stage was timed once.
    pub rounds: usize,
    /// What the machine could do, by number of threads.
    pub limits: Vec<Limit>,
    /// The stages.
    pub stages: Vec<StageResult>,
}

/// What was measured of a stage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StageResult {
    /// `generate`, `filter/POLICY`, `measure`, `line`.
    pub stage: String,
    /// Threads at once.
    pub threads: usize,
    /// Events per second, all threads together.
    pub events_per_s: Spread,
    /// Thread time of an event, nanoseconds.
    pub ns_per_event: Spread,
    /// Bytes of event columns that count for an event.
    pub bytes_per_event: u32,
    /// Bytes of event columns a second, over those that memory could be read at: a share.
    pub of_memory: Spread,
    /// Thread time of an event over that of a random number: how many could have been drawn instead.
    pub in_random_numbers: Spread,
}

impl StageResult {
    /// Stage and threads, in words.
    pub fn name(&self) -> String {
        stage::name(&self.stage, self.threads)
    }
}

impl BenchResult {
    /// As JSON text.
    ///
    /// # Errors
    /// Never for numbers that are finite.
    pub fn json(&self) -> Result<String, serde_json::Error> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    /// Whether a file is the result of a benchmark, of this format or another version of it.
    pub fn is_one(path: &Path) -> bool {
        let text = std::fs::read(path).unwrap_or_default();
        let json = serde_json::from_slice::<serde_json::Value>(&text).unwrap_or_default();
        json["format"].as_str().is_some_and(|f| f.starts_with("outflow-bench/"))
    }
}
