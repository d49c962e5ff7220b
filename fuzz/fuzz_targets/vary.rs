//! Any text as what a sweep varies, and as a file of ranges.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use outflow::scenario::{Overrides, Scenario, Text, Vary, load_text, params};

const BASE: &str = include_str!("../../tests/diagnostics/base.toml");

static SCENARIO: LazyLock<Scenario> = LazyLock::new(|| {
    let base = Text::new("base.toml".into(), BASE.as_bytes().to_vec()).expect("a scenario");
    load_text(&base, &Overrides::default()).expect("it is fine").0
});

fuzz_target!(|text: &str| {
    match Vary::parse(text) {
        Ok(vary) => match vary.keys(&SCENARIO) {
            Ok(keys) => assert!(!keys.is_empty()),
            Err(why) => assert!(why.contains("there is no number")),
        },
        Err(why) => assert!(!why.is_empty()),
    }
    match params(text) {
        Ok(ranges) => assert!(
            !ranges.is_empty() && ranges.iter().all(|(_, r)| r.lo < r.hi && r.at(0.5) >= r.lo && r.at(0.5) <= r.hi)
        ),
        Err(why) => assert!(!why.to_string().is_empty()),
    }
});
