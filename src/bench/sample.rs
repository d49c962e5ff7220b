//! A result to test with.

use super::fingerprint::Fingerprint;
use super::machine_limits::Limit;
use super::result::{BenchResult, FORMAT, StageResult};
use super::statistics::Spread;

fn spread(median: f64, mad: f64) -> Spread {
    Spread { median, mad }
}

/// Two stages on one thread and on two.
pub fn result() -> BenchResult {
    let stage = |stage: &str, threads: usize, rate: f64, bytes: u32| StageResult {
        stage: stage.into(),
        threads,
        events_per_s: spread(rate, rate / 64.0),
        ns_per_event: spread(threads as f64 * 1e9 / rate, threads as f64 * 1e9 / rate / 64.0),
        bytes_per_event: bytes,
        of_memory: spread(rate * f64::from(bytes) / 1e9 / (8.0 * threads as f64), 0.001953125),
        in_random_numbers: spread(threads as f64 * 1e9 / rate / 0.5, 0.25),
    };
    let limit = |threads: usize| Limit {
        threads,
        memory_gb_per_s: spread(8.0 * threads as f64, 0.25),
        random_ns: spread(0.5, 0.015625),
    };
    BenchResult {
        format: FORMAT.into(),
        version: "0.1.0".into(),
        command: "outflow bench scenarios/x.toml".into(),
        finished: "2026-01-02T03:04:05Z".into(),
        scenario: "x".into(),
        scenario_digest: "0123456789abcdef".repeat(4),
        seed: 42,
        seed_text: "42".into(),
        people: 20_000,
        days: 1,
        events: 250_000,
        results_digest: "fedcba9876543210".repeat(4),
        expected: true,
        machine: Fingerprint {
            os: "linux".into(),
            arch: "x86_64".into(),
            cpu: "Some CPU".into(),
            cores: 2,
            code_path: "portable".into(),
            optimised: true,
        },
        rounds: 5,
        limits: vec![limit(1), limit(2)],
        stages: vec![
            stage("generate", 1, 20e6, 25),
            stage("filter/opt-out", 1, 250e6, 9),
            stage("generate", 2, 40e6, 25),
            stage("filter/opt-out", 2, 500e6, 9),
        ],
    }
}
