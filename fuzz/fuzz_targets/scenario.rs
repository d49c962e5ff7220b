//! Any bytes as a scenario: it is loaded, or refused in words.
#![no_main]

use libfuzzer_sys::fuzz_target;
use outflow::policy::{Compiled, Work, idle_rules, too_small};
use outflow::scenario::{Overrides, Text, load_text, render};
use outflow::population::Classes;

fuzz_target!(|bytes: &[u8]| {
    let text = match Text::new("fuzz".into(), bytes.to_vec()) {
        Ok(text) => text,
        Err(problem) => return assert!(render(&[problem], true).contains("error")),
    };
    match load_text(&text, &Overrides::default()) {
        Ok((scenario, warnings)) => {
            let _ = render(&warnings, true);
            let _ = (too_small(&scenario), idle_rules(&scenario));
            let _ = Compiled::within(&scenario, &Classes::new(&scenario), &mut Work::bounded());
            // What applied, fed back, is the same scenario.
            let again = Text::new("resolved".into(), scenario.resolved.clone().into_bytes()).expect("text");
            match load_text(&again, &Overrides::default()) {
                Ok((same, _)) => assert_eq!(same.digest, scenario.digest),
                Err(problems) => panic!("the resolved scenario is refused: {problems}"),
            }
        }
        Err(problems) => {
            let drawn = render(&problems.0, false);
            assert!(problems.has_errors() && drawn.len() < 400_000, "{drawn}");
            // Nothing that a terminal would obey.
            assert!(!drawn.chars().any(|c| c.is_control() && c != '\n'), "{drawn:?}");
        }
    }
});
