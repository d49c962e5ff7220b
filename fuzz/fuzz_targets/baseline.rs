//! Any text as the baseline of `outflow bench`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use outflow::bench::{BenchResult, compare};

fuzz_target!(|text: &str| {
    if let Ok(result) = BenchResult::parse(text, "baseline.json") {
        let _ = compare(&result, &result, 10.0);
        let _ = result.json();
    }
});
