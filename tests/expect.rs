//! Scenarios that ship count what their `[[expect]]` tables say: the figures that `outflow bench` checks before it measures.
//!
//! When figures are meant to change: `OUTFLOW_UPDATE=1 cargo test --test expect` writes the new ones into the scenarios.

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::{execute, scenario};
use outflow::bench::{Wrong, results_digest, verify};
use outflow::scenario::{Expect, Overrides, Scenario};
use outflow::simulate::Simulation;

fn shipped() -> Vec<PathBuf> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios"));
    let entries = fs::read_dir(folder).expect("scenarios").map(|e| e.expect("an entry").path());
    let mut paths: Vec<PathBuf> = entries.filter(|p| p.extension().is_some_and(|e| e == "toml")).collect();
    paths.sort();
    paths
}

/// The scenario at the size of an expectation.
fn sized(path: &Path, expect: &Expect) -> Scenario {
    scenario(path, &Overrides { people: Some(expect.people), days: Some(expect.days), ..Overrides::default() })
}

/// What a scenario counts at a size: events and digest.
fn counted(path: &Path, expect: &Expect) -> (u64, String) {
    let scenario = sized(path, expect);
    let (run, outcome) = execute(&scenario, 2);
    // As bench has it: of all tables that a digest covers, those among them that are only there if a scenario asks.
    (outcome.totals.events(), results_digest(&run, &outcome))
}

/// Most person-days that a test counts.
const MOST: u64 = 100_000_000;

/// Writes what all sizes of a scenario count into its file.
fn update(path: &Path, expects: &[Expect]) {
    let text = fs::read_to_string(path).expect("a scenario");
    let mut document: toml_edit::DocumentMut = text.parse().expect("TOML");
    let tables = document["expect"].as_array_of_tables_mut().expect("tables");
    for (expect, table) in expects.iter().zip(tables.iter_mut()) {
        if expect.people * u64::from(expect.days) > MOST {
            eprintln!(
                "{}: {} people are for `outflow run` to count, and to be entered by hand",
                path.display(),
                expect.people
            );
            continue;
        }
        let (events, digest) = counted(path, expect);
        table["events"] = toml_edit::value(i64::try_from(events).expect("not that many"));
        table["results_digest"] = toml_edit::value(digest);
    }
    fs::write(path, document.to_string()).expect("can write");
}

#[test]
fn scenarios_that_ship_count_what_they_expect() {
    for path in shipped() {
        let expects = scenario(&path, &Overrides::default()).expects;
        assert!(!expects.is_empty(), "{} expects nothing", path.display());
        if std::env::var_os("OUTFLOW_UPDATE").is_some() {
            update(&path, &expects);
        }
        // Read again: it may be new.
        let expects = scenario(&path, &Overrides::default()).expects;
        let smallest = expects.iter().min_by_key(|e| e.people * u64::from(e.days)).expect("there is one");
        let (events, digest) = counted(&path, smallest);
        assert_eq!(
            (events, digest.as_str()),
            (smallest.events, smallest.results_digest.as_str()),
            "{} counts otherwise than it expects of {} people and {} day(s); if that is meant: OUTFLOW_UPDATE=1 cargo test \
             --test expect",
            path.display(),
            smallest.people,
            smallest.days
        );
    }
}

/// What is expected of a run says nothing about it: neither its digest nor what reproduces it may change with it.
#[test]
fn expectations_are_no_part_of_the_digest() {
    for path in shipped() {
        let with = scenario(&path, &Overrides::default());
        assert!(!with.expects.is_empty() && !with.resolved.contains("[[expect]]"), "{}", path.display());
        let text = fs::read_to_string(&path).expect("a scenario");
        let mut document: toml_edit::DocumentMut = text.parse().expect("TOML");
        document.remove("expect");
        let folder = tempfile::tempdir().expect("a folder for the test");
        let bare = folder.path().join("bare.toml");
        fs::write(&bare, document.to_string()).expect("can write");
        let without = scenario(&bare, &Overrides::default());
        assert_eq!((&with.resolved, &with.digest), (&without.resolved, &without.digest));
        assert!(without.expects.is_empty());
    }
}

/// Whoever measures checks the same figures as whoever runs: the digest of the manifest, in scenarios that ask for more than others, with people who leave, and without orders too.
#[test]
fn what_is_expected_is_what_a_run_leaves() {
    let home = tempfile::tempdir().expect("a folder");
    for name in ["cnil-2017", "lossy-hash", "bi-designs", "uninstall"] {
        let small = ["--people", "600", "--days", "1", "--replicates", "1", "--quiet", "--output", name];
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_outflow"));
        let done = command.args([&["run", name], &small[..]].concat()).current_dir(home.path()).output();
        assert!(done.expect("outflow runs").status.success());
        let text = fs::read_to_string(home.path().join(name).join("manifest.json")).expect("a manifest");
        let manifest: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let changes = Overrides { people: Some(600), days: Some(1), replicates: Some(1), ..Overrides::default() };
        let (run, outcome) = execute(&scenario(Path::new(name), &changes), 2);
        assert_eq!(manifest["results_digest"], results_digest(&run, &outcome).as_str(), "{name}");
        let verified = verify(&run, 3, None).unwrap_or_else(|wrong| panic!("{wrong}"));
        assert_eq!(
            (verified.results_digest, verified.events),
            (results_digest(&run, &outcome), outcome.totals.events())
        );
    }
}

#[test]
fn other_figures_are_told_with_both_digests() {
    let scenario = common::cnil(500, 1, &[]);
    let run = Simulation::new(&scenario);
    let got = verify(&run, 1, None).unwrap_or_else(|wrong| panic!("{wrong}"));
    let expect =
        Expect { title: None, people: 500, days: 1, events: got.events, results_digest: got.results_digest.clone() };
    assert_eq!(verify(&run, 2, Some(&expect)), Ok(got.clone()));
    let other = Expect { results_digest: "0".repeat(64), ..expect.clone() };
    let wrong = verify(&run, 1, Some(&other)).expect_err("other figures");
    assert!(matches!(wrong, Wrong::Expected { .. }));
    let said = wrong.to_string();
    assert!(said.contains(&got.results_digest) && said.contains(&other.results_digest), "{said}");
    let more = Expect { events: got.events + 1, ..expect };
    assert!(verify(&run, 1, Some(&more)).is_err());
}
