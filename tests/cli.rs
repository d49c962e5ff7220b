//! The command line, end to end: what it leaves, what it says, and what it refuses.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const SCENARIO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/cnil-2017.toml");

fn outflow(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_outflow")).args(args).env("NO_COLOR", "1").output().expect("the program starts")
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder for the test")
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}

/// A small run into `dir`/out; gives its folder and its manifest.
fn small_run(dir: &Path, more: &[&str]) -> (PathBuf, serde_json::Value) {
    let target = dir.join("out");
    let mut args =
        vec!["run", SCENARIO, "--people", "1500", "--days", "3", "--json", "--quiet", "--output", text(&target)];
    args.extend(more);
    let output = outflow(&args);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let manifest = serde_json::from_slice(&output.stdout).expect("the manifest is JSON");
    (target, manifest)
}

#[test]
fn a_run_leaves_what_the_contract_says() {
    let dir = folder();
    let (target, manifest) = small_run(dir.path(), &[]);
    for name in ["manifest.json", "scenario.resolved.toml", "report.html"] {
        assert!(target.join(name).is_file(), "{name}");
    }
    for table in ["exposure", "daily"] {
        for end in ["parquet", "csv"] {
            assert!(target.join(format!("tables/{table}.{end}")).is_file());
        }
    }
    let charts: Vec<String> = fs::read_dir(target.join("charts"))
        .expect("charts")
        .map(|e| e.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    for stem in charts.iter().filter_map(|c| c.strip_suffix(".svg")) {
        for end in ["png", "csv", "json"] {
            assert!(charts.contains(&format!("{stem}.{end}")), "{stem}.{end}");
        }
    }
    assert!(charts.iter().filter(|c| c.ends_with(".svg")).count() >= 5);
    for key in [
        "scenario",
        "scenario_digest",
        "seed",
        "version",
        "people",
        "days",
        "events",
        "wall_s",
        "threads",
        "results_digest",
        "filter",
        "command",
        "machine",
        "rows",
    ] {
        assert!(!manifest[key].is_null(), "{key}");
    }
    assert_eq!(manifest["people"], 1500);
    assert_eq!(manifest["filter"].as_object().map(|f| f.len()), Some(3));
    for key in ["events_per_s", "values_per_s", "gb_per_s"] {
        assert!(manifest["filter"]["security-only"][key].as_f64().is_some_and(|v| v > 0.0), "{key}");
    }
    let of = |key: &str| manifest["filter"]["opt-out"][key].as_f64().expect("a number");
    assert!(of("events_per_s_lo") <= of("events_per_s") && of("events_per_s") <= of("events_per_s_hi"));
    assert!(of("repetitions") >= 9.0);
    let head = fs::read_to_string(target.join("tables/exposure.csv")).expect("the table");
    assert!(head.starts_with(
        "policy,purpose,jurisdiction,population,category,metric,split,value,lo,hi,replicates,unit,scenario,run\nfull-sharing,"
    ));
    let head = fs::read_to_string(target.join("tables/daily.csv")).expect("the table");
    assert!(head.starts_with("day,policy,purpose,jurisdiction,population,metric,split,value,lo,hi,replicates,scenario,run\n2017-11-27,full-sharing,"));
    let page = fs::read_to_string(target.join("report.html")).expect("the page");
    assert!(page.contains("not a measurement") && !page.contains("src=\"http") && !page.contains("href=\"http"));
    // Nothing is left beside the folder.
    assert_eq!(fs::read_dir(dir.path()).expect("readable").count(), 1);
}

#[test]
fn tables_have_the_same_bytes_at_1_2_and_7_threads() {
    let files = ["tables/exposure.parquet", "tables/exposure.csv", "tables/daily.parquet", "tables/daily.csv"];
    let runs: Vec<Vec<Vec<u8>>> = ["1", "2", "7"]
        .iter()
        .map(|threads| {
            let dir = folder();
            let (target, _) = small_run(dir.path(), &["--threads", threads, "--set", "world.community_size=200"]);
            files.iter().map(|f| fs::read(target.join(f)).expect("a table")).collect()
        })
        .collect();
    assert!(runs[0] == runs[1] && runs[0] == runs[2]);
}

#[test]
fn the_resolved_scenario_gives_the_same_run() {
    let (a, b) = (folder(), folder());
    let (first, manifest) = small_run(a.path(), &["--seed", "5", "--set", "traffic.reply_share=0.5"]);
    let resolved = first.join("scenario.resolved.toml");
    let target = b.path().join("out");
    let output = outflow(&["run", text(&resolved), "--json", "--quiet", "--output", text(&target)]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let again: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(manifest["results_digest"], again["results_digest"]);
    assert_eq!(manifest["scenario_digest"], again["scenario_digest"]);
    assert_eq!(manifest["seed"], 5);
}

#[test]
fn one_policy_alone_gives_its_figures() {
    let (a, b) = (folder(), folder());
    let (all, _) = small_run(a.path(), &[]);
    let (one, manifest) = small_run(b.path(), &["--policy", "opt-out"]);
    assert_eq!(manifest["filter"].as_object().map(|f| f.len()), Some(1));
    let rows = |target: &Path| -> Vec<String> {
        let csv = fs::read_to_string(target.join("tables/exposure.csv")).expect("the table");
        let of_policy = csv.lines().filter(|l| l.starts_with("opt-out,"));
        // All but the name of the run, which is another one.
        of_policy.filter_map(|l| Some(l.rsplit_once(',')?.0.to_owned())).collect()
    };
    assert!(!rows(&one).is_empty());
    assert_eq!(rows(&all), rows(&one));
}

#[test]
fn results_in_place_survive_a_failed_run() {
    let dir = folder();
    let (target, _) = small_run(dir.path(), &[]);
    let before = fs::read(target.join("manifest.json")).expect("there");
    let refused = outflow(&["run", SCENARIO, "--set", "traffic.reply_share=7", "--output", text(&target)]);
    assert_eq!(refused.status.code(), Some(2));
    fs::write(target.join("report.html"), "with my remarks").expect("can write");
    let refused = outflow(&["run", SCENARIO, "--people", "100", "--days", "1", "--output", text(&target)]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("`report.html`, which was changed"));
    assert_eq!(fs::read(target.join("manifest.json")).expect("still there"), before);
}

#[test]
fn export_writes_records() {
    let dir = folder();
    let target = dir.path().join("records");
    let output = outflow(&["export", SCENARIO, "--people", "300", "--days", "2", "--to", text(&target)]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    for name in ["people", "events", "address_books", "disclosures"] {
        assert!(target.join(format!("{name}.parquet")).is_file());
    }
    assert!(String::from_utf8_lossy(&output.stdout).contains("300 people"));
}

/// (what, edit of the shipped scenario: from, to; words of the message)
const BAD: [(&str, &str, &str, &[&str]); 27] = [
    ("unknown key", "days = 60", "dayz = 60", &["unknown key `dayz`", "did you mean `days`", ":27:"]),
    ("missing key", "days = 60\n", "", &["`days` is missing"]),
    ("wrong type", "people = 1_000_000", "people = \"many\"", &["people", "whole number", "\"many\""]),
    ("fraction of a person", "people = 1_000_000", "people = 2.5", &["people", "whole number"]),
    ("share out of range", "share = 0.30", "share = 1.3", &["between 0 and 1"]),
    ("negative share", "share = 0.30", "share = -0.3", &["between 0 and 1"]),
    ("shares that do not sum to 1", "share = 0.30", "share = 0.2", &["sum to 0.9, not 1", "0.1 is missing"]),
    (
        "unknown category",
        "purposes = [\"security\"]",
        "categories = [\"phone_numbr\"]",
        &["no category `phone_numbr`", "did you mean `phone_number`"],
    ),
    (
        "unknown purpose",
        "purposes = [\"security\"]",
        "purposes = [\"securty\"]",
        &["no purpose `securty`", "did you mean `security`"],
    ),
    (
        "unknown kind",
        "purposes = [\"security\"]",
        "kinds = [\"calls\"]",
        &["no kind of event `calls`", "did you mean `call`"],
    ),
    (
        "unknown jurisdiction",
        "purposes = [\"security\"]",
        "jurisdictions = [\"FRA\"]",
        &["no jurisdiction `FRA`", "did you mean `FR`"],
    ),
    ("unknown effect", "effect = \"forbid\"", "effect = \"forbidden\"", &["forbid"]),
    ("dates reversed", "from = 2016-09-25", "from = 2016-09-25\nuntil = 2016-09-01", &["never holds", "swap the two"]),
    ("deadline before notice", "deadline = 2018-01-18", "deadline = 2017-01-18", &["before the notice"]),
    ("policy id twice", "id = \"opt-out\"", "id = \"full-sharing\"", &["defined twice", "first defined here"]),
    ("zero people", "people = 1_000_000", "people = 0", &["people", "at least 1"]),
    ("negative days", "days = 60", "days = -60", &["days", "at least 1"]),
    ("too many days", "days = 60", "days = 60000", &["too long"]),
    ("no such date", "start = 2017-11-27", "start = 2017-11-31", &["2017-11-31"]),
    ("date in quotes", "start = 2017-11-27", "start = \"2017-11-27\"", &["without quotes"]),
    ("empty list", "purposes = [\"security\"]", "purposes = []", &["matches nothing"]),
    ("choice_of alone", "choice = \"objects\"\n", "", &["no choice is named"]),
    ("unknown preset", "\"whatsapp-2017\"", "\"whatsap-2017\"", &["no preset", "did you mean `whatsapp-2017`"]),
    ("unusable name", "name = \"cnil-2017\"", "name = \"../cnil\"", &["can't name a folder"]),
    ("key twice", "days = 60", "days = 60\ndays = 61", &["defined"]),
    ("broken TOML", "days = 60", "days = = 60", &[":27:"]),
    ("reserved name", "id = \"opt-out\"", "id = \"all\"", &["can't be called `all`"]),
];

#[test]
fn bad_scenarios_cost_a_clear_message() {
    let dir = folder();
    let good = fs::read_to_string(SCENARIO).expect("the scenario");
    let path = dir.path().join("bad.toml");
    let target = dir.path().join("out");
    for (what, from, to, words) in BAD {
        assert!(good.contains(from), "{what}: `{from}` is not in the scenario");
        fs::write(&path, good.replacen(from, to, 1)).expect("can write");
        let output = outflow(&["run", text(&path), "--output", text(&target)]);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{what}: {said}");
        assert!(output.stdout.is_empty(), "{what}");
        for word in words {
            assert!(said.contains(word), "{what}: `{word}` is not in\n{said}");
        }
        assert!(said.contains("bad.toml") && !said.contains("panicked") && !said.contains('\u{1b}'), "{what}: {said}");
        assert!(!target.exists());
        assert_eq!(outflow(&["validate", text(&path)]).status.code(), Some(2), "{what}");
    }
}

#[test]
fn several_problems_are_told_at_once() {
    let dir = folder();
    let good = fs::read_to_string(SCENARIO).expect("the scenario");
    let bad = good
        .replacen("purposes = [\"security\"]", "purposes = [\"securty\"]", 1)
        .replace("share = 0.30", "share = 0.20")
        .replace("id = \"opt-out\"", "id = \"full-sharing\"");
    let path = dir.path().join("bad.toml");
    fs::write(&path, bad).expect("can write");
    let output = outflow(&["validate", text(&path)]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("3 errors"), "{said}");
}

#[test]
fn rules_that_never_matter_are_named() {
    let dir = folder();
    let good = fs::read_to_string(SCENARIO).expect("the scenario");
    let rules = "purposes = [\"security\"]\n\n[[policy.rule]]\neffect = \"forbid\"\npurposes = [\"targeted_advertising\"]\n\n\
                 [[policy.rule]]\neffect = \"permit\"\nuntil = 2001-01-01";
    let path = dir.path().join("idle.toml");
    fs::write(&path, good.replacen("purposes = [\"security\"]", rules, 1)).expect("can write");
    let output = outflow(&["validate", text(&path)]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{said}");
    // Nothing is permitted for advertising that could be forbidden, and 2001 is outside the run.
    assert!(said.contains("rule 2 of policy `security-only` never matters"), "{said}");
    assert!(said.contains("rule 3 of policy `security-only` never matters"), "{said}");
    assert!(said.contains("2 warnings"), "{said}");
}

#[test]
fn hostile_files_cost_a_clear_message() {
    let dir = folder();
    let file = |name: &str, content: &[u8]| {
        let path = dir.path().join(name);
        fs::write(&path, content).expect("can write");
        path
    };
    let cases = [
        (dir.path().join("missing.toml"), "there is no file"),
        (dir.path().to_path_buf(), "folder"),
        (file("empty.toml", b""), "empty"),
        (file("blank.toml", b"\n\n  \n"), "bad"),
        (file("binary.toml", &[0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 0xff, 0xfe]), "not text"),
        (file("latin.toml", b"[scenario]\nname = \"caf\xe9\"\n"), "not text"),
        (file("brackets.toml", &vec![b'['; 50_000_000]), "too large"),
        (file("nested.toml", &[b"a = ".as_slice(), &vec![b'['; 1_000_000]].concat()), "nest"),
    ];
    for (path, word) in cases {
        let output = outflow(&["validate", text(&path)]);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{path:?}: {said}");
        assert!(word == "bad" || said.contains(word), "{path:?}: {said}");
        assert!(said.len() < 4000 && !said.contains("panicked"), "{path:?}: {said}");
    }
}

#[test]
fn bad_options_cost_a_clear_message() {
    let cases: [(&[&str], &str); 12] = [
        (&["--people", "0"], "at least one person"),
        (&["--people", "many"], "whole number"),
        (&["--days", "-3"], "--days"),
        (&["--days", "0"], "--days"),
        (&["--threads", "0"], "--threads"),
        (&["--policy", "optout"], "did you mean `--policy opt-out`"),
        (&["--set", "traffic.reply_shar=0.5"], "did you mean `reply_share`"),
        (&["--set", "traffic.reply_share=1.5"], "out of range"),
        (&["--set", "jurisdiction.FR.share=0.9"], "sum to 1.6"),
        (&["--set", "nonsense"], "KEY=VALUE"),
        (&["--output", "/proc/outflow/x"], "can't be written"),
        (&["--polcy", "x"], "--policy"),
    ];
    for (options, word) in cases {
        let mut args = vec!["run", SCENARIO];
        args.extend(options);
        let output = outflow(&args);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{options:?}: {said}");
        assert!(said.contains(word), "{options:?}: {said}");
    }
}

#[test]
fn shipped_scenarios_are_valid() {
    let scenarios = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios");
    for entry in fs::read_dir(scenarios).expect("scenarios") {
        let path = entry.expect("an entry").path();
        let output = outflow(&["validate", text(&path)]);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(String::from_utf8_lossy(&output.stdout).contains("fine"));
    }
}

/// Tiny worlds: nobody to talk to, no weak ties, no group.
#[test]
fn small_worlds_run() {
    for people in ["1", "2", "7", "64"] {
        let dir = folder();
        let target = dir.path().join("out");
        let output =
            outflow(&["run", SCENARIO, "--people", people, "--days", "2", "--quiet", "--output", text(&target)]);
        assert_eq!(output.status.code(), Some(0), "{people}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(output.stdout.is_empty() && output.stderr.is_empty());
    }
}
