//! Any bytes as a part of a run, as they are and under a right digest: merged, or refused in words.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use outflow::output::shards::{PartHead, Merge, Part};
use outflow::scenario::{Overrides, Text, load_text};
use outflow::simulate::{Counters, Shard, Simulation};

const BASE: &str = include_str!("../../tests/diagnostics/base.toml");
/// What stands before the digest.
const DIGEST: &[u8] = b"\"digest\":\"";

static RUN: LazyLock<Simulation> = LazyLock::new(|| {
    let base = Text { name: "base.toml".into(), text: BASE.into() };
    let (scenario, _) = load_text(&base, &Overrides { people: Some(200), days: Some(1), ..Overrides::default() }).expect("it is fine");
    Simulation::new(&scenario)
});

/// The only part of its run, as an Arrow file; and where its digest stands.
static OWN: LazyLock<(Vec<u8>, usize)> = LazyLock::new(|| {
    let (shard, communities) = (Shard::new(0, 1).expect("there is one"), RUN.population.layout.communities());
    let totals = RUN.run(1, &Counters::default()).totals;
    let part = Part::new(PartHead::new(&RUN.scenario, shard, communities, "1", "base.toml"), &[totals]);
    let bytes = part.bytes().expect("it can be written");
    let place = bytes.windows(DIGEST.len()).position(|w| w == DIGEST).expect("it has one") + DIGEST.len();
    (bytes, place)
});

/// What is read is what would be written; and it merges, or is refused.
fn try_to_merge(bytes: &[u8]) {
    let part = match Part::read(bytes, "1") {
        Ok(part) => part,
        Err(why) => return drop(why.to_string()),
    };
    assert_eq!(part.bytes().expect("it can be written"), bytes);
    let merged = Merge::new(&RUN, &part, "a").and_then(|mut merge| {
        merge.add(&part, "a")?;
        assert!(merge.add(&part, "b").is_err());
        Ok(merge)
    });
    match merged.and_then(Merge::finish) {
        Ok(outcome) => assert_eq!(outcome.totals.len(), 1),
        Err(why) => drop(why.to_string()),
    }
}

fuzz_target!(|bytes: &[u8]| {
    try_to_merge(bytes);
    // What a digest can't keep out: an own part with these bytes laid over it. The first two say from where, counted from the end, where the metadata are.
    let (own, place) = &*OWN;
    let mut own = own.clone();
    let (from, patch) = match bytes {
        [a, b, patch @ ..] => (usize::from(*a) | usize::from(*b) << 8, patch),
        _ => (0, bytes),
    };
    let from = own.len() - 1 - from % own.len();
    for (to, byte) in own[from..].iter_mut().zip(patch) {
        *to = *byte;
    }
    own[*place..*place + 64].fill(b'0');
    let digest = blake3::hash(&own).to_hex();
    own[*place..*place + 64].copy_from_slice(digest.as_bytes());
    try_to_merge(&own);
});
