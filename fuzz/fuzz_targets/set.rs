//! Any lines as `--set` of a scenario that is fine.
#![no_main]

use libfuzzer_sys::fuzz_target;
use outflow::scenario::{Overrides, Text, load_text, render};

const BASE: &str = include_str!("../../tests/diagnostics/base.toml");

fuzz_target!(|lines: &str| {
    let base = Text::new("base.toml".into(), BASE.as_bytes().to_vec()).expect("a scenario");
    let set: Vec<String> = lines.lines().take(8).map(Into::into).collect();
    if let Err(problems) = load_text(&base, &Overrides { set, ..Overrides::default() }) {
        let drawn = render(&problems.0, false);
        assert!(problems.has_errors() && drawn.len() < 400_000, "{drawn}");
        assert!(!drawn.chars().any(|c| c.is_control() && c != '\n'), "{drawn:?}");
    }
});
