//! Any bytes as a checkpoint, as they are and under a right digest: gone on with, or refused in words.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use outflow::scenario::{Overrides, Text, load_text};
use outflow::simulate::{Progress, Simulation, Unfit};

const BASE: &str = include_str!("../../tests/diagnostics/base.toml");

static RUN: LazyLock<Simulation> = LazyLock::new(|| {
    let base = Text::new("base.toml".into(), BASE.as_bytes().to_vec()).expect("a scenario");
    let (scenario, _) = load_text(&base, &Overrides { people: Some(200), days: Some(1), ..Overrides::default() }).expect("it is fine");
    Simulation::new(&scenario)
});

fuzz_target!(|bytes: &[u8]| {
    assert!(Progress::read(bytes, &RUN, "1").is_err() || bytes.len() > 1000);
    // What a digest can't keep out: an own checkpoint with these bytes laid over it.
    let mut own = Progress::nothing(&RUN).bytes(&RUN, "1");
    own.truncate(own.len() - 32);
    let (from, patch) = match bytes {
        [a, b, patch @ ..] => (usize::from(*a) | usize::from(*b) << 8, patch),
        _ => (0, bytes),
    };
    let from = from % own.len();
    for (to, byte) in own[from..].iter_mut().zip(patch) {
        *to = *byte;
    }
    own.extend_from_slice(blake3::hash(&own).as_bytes());
    match Progress::read(&own, &RUN, "1") {
        Ok(progress) => assert_eq!(Progress::read(&progress.bytes(&RUN, "1"), &RUN, "1"), Ok(progress)),
        Err(Unfit::Damaged(why) | Unfit::Version(why) | Unfit::Scenario(why)) => drop(why),
    }
});
