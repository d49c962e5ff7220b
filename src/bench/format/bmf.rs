//! Bencher Metric Format: benchmark, measure, value with its bounds. <https://bencher.dev/docs/reference/bencher-metric-format/>

use serde_json::{Map, Value, json};

use crate::bench::result::BenchResult;
use crate::bench::stage::name;
use crate::bench::statistics::Spread;

/// A result in Bencher Metric Format. `throughput` (events per second) and `latency` (nanoseconds of thread time an event) are
/// measures that every project there has; bounds are one median absolute deviation away. The format has no place for the
/// machine: the code that ran stands in the names of the limits.
pub fn bmf(result: &BenchResult) -> String {
    let mut all = Map::new();
    for s in &result.stages {
        let measures = json!({
            "throughput": metric(s.events_per_s),
            "latency": metric(s.ns_per_event),
            "random-numbers-per-event": metric(s.in_random_numbers),
            "share-of-memory-read": metric(s.of_memory),
        });
        all.insert(s.name(), measures);
    }
    for limit in &result.limits {
        let measures = json!({
            "memory-read-gb-per-s": metric(limit.memory_gb_per_s),
            "random-number-ns": metric(limit.random_ns),
        });
        let limits = format!("limits ({} code)", result.machine.code_path);
        all.insert(name(&limits, limit.threads), measures);
    }
    format!("{:#}\n", Value::Object(all))
}

fn metric(s: Spread) -> Value {
    json!({ "value": s.median, "lower_value": s.median - s.mad, "upper_value": s.median + s.mad })
}
