//! What github-action-benchmark reads with `tool: customSmallerIsBetter`.
//! <https://github.com/benchmark-action/github-action-benchmark>

use serde_json::{Value, json};

use crate::bench::result::BenchResult;

/// A result as an array of values of which less is better: the cost of an event in random numbers, which survives a change
/// of the runner. Events per second are in `extra`.
pub fn github(result: &BenchResult) -> String {
    let entry = |s: &crate::bench::result::StageResult| {
        let extra = format!(
            "{:.4e} events/s ± {:.1} %\n{:.3} ns thread time per event\n{:.4} of memory read\n{}\noutflow {}, digest {}",
            s.events_per_s.median,
            100.0 * s.events_per_s.relative(),
            s.ns_per_event.median,
            s.of_memory.median,
            result.machine.line(),
            result.version,
            result.scenario_digest,
        );
        json!({
            "name": s.name(),
            "unit": "random numbers per event",
            "value": s.in_random_numbers.median,
            "range": format!("± {:.4}", s.in_random_numbers.mad),
            "extra": extra,
        })
    };
    let entries: Vec<Value> = result.stages.iter().map(entry).collect();
    format!("{:#}\n", Value::Array(entries))
}
