//! `outflow bench` from the command line. Worlds are tiny and rounds few: no test looks at how fast anything is.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

const SCENARIO: &str = include_str!("../scenarios/cnil-2017.toml");

/// Runs in a folder that holds `x.toml`.
fn outflow(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_outflow"));
    command.args(args).env("NO_COLOR", "1").current_dir(folder).output().expect("the program starts")
}

/// `outflow bench` as short as it can be, on one and two threads.
fn bench(folder: &Path, args: &[&str]) -> Output {
    outflow(folder, &[&["bench", "x.toml", "--quick", "--seconds", "0", "--threads", "2"], args].concat())
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn printed(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{}", said(output));
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

/// What is refused as bad input, before anything is measured.
fn refused(output: &Output) -> String {
    let said = said(output);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{said}");
    assert!(!said.contains("timing"), "{said}");
    said
}

/// A folder with the scenario that ships and other expectations.
fn folder(expects: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let (scenario, _) = SCENARIO.split_once("[[expect]]").expect("it expects something");
    fs::write(folder.path().join("x.toml"), format!("{scenario}{expects}")).expect("can write");
    folder
}

fn expect(people: u64, events: u64, digest: &str) -> String {
    format!("[[expect]]\npeople = {people}\ndays = 1\nevents = {events}\nresults_digest = \"{digest}\"\n")
}

const SMALL: [&str; 4] = ["--people", "400", "--days", "1"];

fn small(folder: &Path, args: &[&str]) -> Output {
    bench(folder, &[&SMALL, args].concat())
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

const PARTS: [&str; 6] =
    ["generate", "filter/full-sharing", "filter/security-only", "filter/opt-out", "measure", "line"];

#[test]
fn every_format_has_every_stage() {
    let folder = folder("");
    let names: Vec<String> = ["1 thread", "2 threads"]
        .iter()
        .flat_map(|threads| PARTS.iter().map(move |part| format!("{part}, {threads}")))
        .collect();

    let table = printed(&small(folder.path(), &[]));
    for part in PARTS {
        assert_eq!(table.lines().filter(|l| l.split_whitespace().next() == Some(part)).count(), 2, "{table}");
    }
    let code = format!("{} code", outflow::simd::InstructionSet::current().word());
    assert!(table.contains("none are expected") && table.contains(&code), "{table}");

    let result = json(&printed(&small(folder.path(), &["--format", "json"])));
    assert_eq!(result["format"], "outflow-bench/1");
    assert_eq!((&result["people"], &result["days"], &result["expected"]), (&400.into(), &1.into(), &false.into()));
    assert_eq!(result["machine"]["code_path"], outflow::simd::InstructionSet::current().word());
    assert!(result["rounds"].as_u64() >= Some(3));
    assert_eq!(result["limits"].as_array().map(Vec::len), Some(2));
    let stages = result["stages"].as_array().expect("stages");
    let parts: Vec<&str> = stages.iter().map(|s| s["stage"].as_str().expect("a name")).collect();
    assert_eq!(parts, [PARTS, PARTS].concat());
    for s in stages {
        for figure in ["events_per_s", "ns_per_event", "of_memory", "in_random_numbers"] {
            assert!(s[figure]["median"].as_f64() > Some(0.0) && s[figure]["mad"].as_f64() >= Some(0.0), "{s}");
        }
        let bytes = if s["stage"] == "generate" || s["stage"] == "line" { 25 } else { 9 };
        assert_eq!(s["bytes_per_event"], bytes);
    }

    let bmf = json(&printed(&small(folder.path(), &["--format", "bmf"])));
    for name in &names {
        let measure = &bmf[name]["throughput"];
        let [low, value, high] =
            ["lower_value", "value", "upper_value"].map(|k| measure[k].as_f64().expect("a number"));
        assert!(low <= value && value <= high && value > 0.0, "{name}: {measure}");
    }
    assert!(bmf[format!("limits ({code}), 1 thread").as_str()]["random-number-ns"]["value"].as_f64() > Some(0.0));

    let github = json(&printed(&small(folder.path(), &["--format", "github"])));
    let entries = github.as_array().expect("an array");
    assert_eq!(entries.iter().map(|e| e["name"].as_str().expect("a name")).collect::<Vec<_>>(), names);
    for e in entries {
        assert!(e["value"].as_f64() > Some(0.0) && e["unit"] == "random numbers per event", "{e}");
        assert!(e["range"].as_str().is_some_and(|r| r.starts_with("± ")) && e["extra"].is_string(), "{e}");
    }
}

#[test]
fn figures_are_checked_before_they_are_timed() {
    let bare = folder("");
    let result = json(&printed(&small(bare.path(), &["--format", "json"])));
    let (events, digest) =
        (result["events"].as_u64().expect("events"), result["results_digest"].as_str().expect("hex"));

    // The smallest is what --quick measures; the other one would be wrong.
    let right = folder(&(expect(800, 1, &"0".repeat(64)) + &expect(400, events, digest)));
    let output = bench(right.path(), &["--format", "json"]);
    let again = json(&printed(&output));
    assert_eq!((&again["people"], &again["expected"]), (&400.into(), &true.into()));
    assert_eq!(again["results_digest"], result["results_digest"]);
    assert_eq!(again["scenario_digest"], result["scenario_digest"], "expectations are no part of it");
    assert!(!said(&output).contains("no [[expect]]"));

    let wrong = folder(&expect(400, events, &"0".repeat(64)));
    let output = bench(wrong.path(), &[]);
    let why = said(&output);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0), "{why}");
    assert!(why.contains(digest) && why.contains(&"0".repeat(64)) && !why.contains("timing"), "{why}");

    // Nothing is known about a scenario that options change.
    let output = bench(wrong.path(), &["--seed", "5", "--format", "json"]);
    assert_eq!(json(&printed(&output))["expected"], false);
    assert!(said(&output).contains("options change"), "{}", said(&output));
}

#[test]
fn a_regression_is_named() {
    let folder = folder("");
    let here = folder.path();
    printed(&small(here, &["--save", "now.json"]));
    let saved = fs::read_to_string(here.join("now.json")).expect("saved");
    let mut result = json(&saved);
    for s in result["stages"].as_array_mut().expect("stages") {
        // So much cheaper, or dearer, than anything that can be measured here.
        let factor = if s["stage"] == "measure" && s["threads"] == 2 { 1e-3 } else { 1e3 };
        let median = s["in_random_numbers"]["median"].as_f64().expect("a number") * factor;
        s["in_random_numbers"] = serde_json::json!({ "median": median, "mad": 0.0 });
    }
    fs::write(here.join("before.json"), result.to_string()).expect("can write");

    let output = small(here, &["--baseline", "before.json", "--save", "before.json"]);
    let why = said(&output);
    assert_eq!(output.status.code(), Some(1), "{why}");
    let named: Vec<&str> = why.lines().filter(|l| l.starts_with("regressed: ")).collect();
    assert!(matches!(named[..], [one] if one.starts_with("regressed: measure, 2 threads: ")), "{why}");
    let table = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(table.matches("REGRESSED").count(), 1, "{table}");
    // The baseline is not replaced by what is worse; any other file shows it.
    assert_eq!(fs::read_to_string(here.join("before.json")).expect("there"), result.to_string());
    assert!(why.contains("not saved"), "{why}");
    let output = small(here, &["--baseline", "before.json", "--save", "now.json", "--format", "bmf"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(json(&String::from_utf8_lossy(&output.stdout)).is_object());
    assert_ne!(fs::read_to_string(here.join("now.json")).expect("there"), saved);

    let output = small(here, &["--baseline", "before.json", "--max-regression", "1e12"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));

    // Another machine: a warning, and ratios all the same.
    result["machine"]["cpu"] = "Another CPU".into();
    fs::write(here.join("before.json"), result.to_string()).expect("can write");
    let output = small(here, &["--baseline", "before.json"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("another machine") && said(&output).contains("Another CPU"), "{}", said(&output));
}

#[test]
fn noise_that_hides_a_regression_is_told() {
    let folder = folder("");
    let here = folder.path();
    printed(&small(here, &["--save", "now.json"]));
    let mut result = json(&fs::read_to_string(here.join("now.json")).expect("saved"));
    for s in result["stages"].as_array_mut().expect("stages") {
        let median = s["in_random_numbers"]["median"].as_f64().expect("a number");
        s["in_random_numbers"]["mad"] = (2000.0 * median).into();
    }
    fs::write(here.join("before.json"), result.to_string()).expect("can write");
    let output = small(here, &["--baseline", "before.json"]);
    let (why, table) = (said(&output), printed(&output));
    assert!(
        why.contains("warning: noise exceeds the allowed regression of 10 %") && why.contains("rounds would tell"),
        "{why}"
    );
    assert!(why.contains("--max-regression ") && why.contains("  measure, 1 thread: "), "{why}");
    assert!(table.contains("unclear"), "{table}");

    // A test that must be able to fail does, and what it measured does not become the new standard.
    let output = small(here, &["--baseline", "before.json", "--strict", "--save", "before.json"]);
    let why = said(&output);
    assert_eq!(output.status.code(), Some(1), "{why}");
    assert!(why.contains("error: noise exceeds") && why.contains("not saved"), "{why}");
    assert_eq!(fs::read_to_string(here.join("before.json")).expect("there"), result.to_string());

    let output = small(here, &["--baseline", "before.json", "--strict", "--max-regression", "1e9"]);
    assert_eq!((output.status.code(), said(&output).contains("noise exceeds")), (Some(0), false), "{}", said(&output));
}

#[test]
fn bad_baselines_are_refused() {
    let folder = folder("");
    let here = folder.path();
    printed(&small(here, &["--save", "good.json"]));
    let good = fs::read_to_string(here.join("good.json")).expect("saved");
    let against = |name: &str, text: &str, args: &[&str]| {
        fs::write(here.join(name), text).expect("can write");
        refused(&small(here, &[&["--baseline", name], args].concat()))
    };
    assert!(refused(&small(here, &["--baseline", "none.json"])).contains("none.json can't be read"));
    assert!(against("b.json", "not JSON", &[]).contains("is not JSON"));
    assert!(against("b.json", "{\"format\": 3}", &[]).contains("is not the result of `outflow bench`"));
    let newer = good.replacen("outflow-bench/1", "outflow-bench/2", 1);
    assert!(against("b.json", &newer, &[]).contains("has format `outflow-bench/2`"));
    assert!(against("b.json", "{\"format\": \"outflow-bench/1\"}", &[]).contains("is not a complete result"));
    assert!(against("b.json", &good, &["--seed", "6"]).contains("of another world"));
    // What nothing can have measured would let everything pass.
    for (value, shown) in [("0.0", "0.0"), ("-3.5", "-3.5"), ("1e300", "1e300"), ("1e-300", "1e-300")] {
        let mut bad = json(&good);
        bad["stages"][1]["in_random_numbers"]["median"] = json(value);
        let why = against("b.json", &bad.to_string(), &[]);
        let field = format!("stages[1].in_random_numbers.median (filter/full-sharing, 1 thread) is {shown}: expected");
        assert!(why.contains(&field) && why.contains("measure the baseline again"), "{why}");
    }
    for (field, value) in [("median", "null"), ("mad", "null"), ("mad", "\"x\"")] {
        let mut bad = json(&good);
        bad["limits"][0]["random_ns"][field] = json(value);
        let why = against("b.json", &bad.to_string(), &[]);
        assert!(why.contains(&format!("limits[0].random_ns.{field}: invalid type: ")), "{why}");
    }
    let mut bad = json(&good);
    bad["rounds"] = 0.into();
    assert!(against("b.json", &bad.to_string(), &[]).contains("rounds is 0: expected 3 to"));
    assert!(against("b.json", &good.replacen("\"rounds\": ", "\"rounds\": NaN", 1), &[]).contains("is not JSON"));
    let one_thread = ["bench", "x.toml", "--threads", "1", "--baseline", "good.json"];
    let why = refused(&outflow(here, &[&one_thread[..], &SMALL].concat()));
    assert!(why.contains("only it has generate, 2 threads"), "{why}");
    assert!(refused(&small(here, &["--max-regression", "5"])).contains("--baseline"));
    assert!(refused(&small(here, &["--strict"])).contains("--baseline"));
    assert!(against("b.json", &good, &["--max-regression", "-5"]).contains("at least 0"));
}

#[test]
fn nothing_but_results_is_replaced() {
    let folder = folder("");
    let here = folder.path();
    fs::write(here.join("thesis.json"), "{\"years\": 4}").expect("can write");
    assert!(refused(&small(here, &["--save", "thesis.json"])).contains("would lose it"));
    assert_eq!(fs::read_to_string(here.join("thesis.json")).expect("there"), "{\"years\": 4}");
    refused(&small(here, &["--save", "."]));
    refused(&small(here, &["--save", "no/such/folder/b.json"]));
    refused(&small(here, &["--charts", "thesis.json"]));
    printed(&small(here, &["--save", "b.json"]));
    printed(&small(here, &["--save", "b.json"]));
    // Nothing else is left behind.
    assert_eq!(fs::read_dir(here).expect("readable").count(), 3);
}

#[test]
fn the_chart_comes_with_its_data() {
    let folder = folder("");
    printed(&small(folder.path(), &["--charts", "charts"]));
    let charts = folder.path().join("charts");
    let read = |end: &str| fs::read(charts.join(format!("bench-throughput.{end}"))).expect("a file of the chart");
    assert_eq!(&read("png")[..4], b"\x89PNG");
    assert!(read("svg").starts_with(b"<svg"));
    let csv = String::from_utf8(read("csv")).expect("UTF-8");
    assert!(
        csv.starts_with(
            "policy,threads,events_per_s,mad,share_of_memory_read,policy_title,policy_place\nfull-sharing,1,"
        ),
        "{csv}"
    );
    assert_eq!(csv.lines().count(), 7);
    let about: Value = serde_json::from_slice(&read("json")).expect("JSON");
    assert_eq!((&about["rows"], &about["people"]), (&6.into(), &400.into()));
}

#[test]
fn what_is_missing_is_told() {
    let empty = tempfile::tempdir().expect("a folder for the test");
    // Without a scenario, the one that ships: no file is needed.
    let quick =
        ["bench", "--quick", "--seconds", "0", "--threads", "1", "--people", "400", "--days", "1", "--format", "json"];
    let result = json(&printed(&outflow(empty.path(), &quick)));
    assert_eq!((&result["scenario"], &result["people"]), (&"cnil-2017".into(), &400.into()));
    assert!(result["command"].as_str().is_some_and(|c| c.starts_with("outflow bench cnil-2017 --quick")));
    let folder = folder("");
    let why = refused(&bench(folder.path(), &["--set", "scenario.people=7"]));
    assert!(why.contains("--people N"), "{why}");
}

#[test]
fn unknown_instructions_are_told() {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_outflow"))
        .args(["validate", "scenarios/cnil-2017.toml"])
        .env("OUTFLOW_PATH", "avx1024")
        .output()
        .expect("the program starts");
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("OUTFLOW_PATH is `avx1024`: it takes portable, avx2 or avx512"), "{told}");
}
