//! What editors and shells get: the schema, a scenario to begin with, completions, the manual.
//!
//! After a change of the scenario types or presets: `OUTFLOW_UPDATE=1 cargo test --test editor` renews the schema.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const SCHEMA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/schema/scenario.schema.json");

fn outflow(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_outflow"));
    command.args(args).env("NO_COLOR", "1").current_dir(folder).output().expect("the program starts")
}

/// Standard output of a call that must succeed in silence.
fn printed(folder: &Path, args: &[&str]) -> String {
    let output = outflow(folder, args);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!((output.status.code(), &*said), (Some(0), ""), "{args:?}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// What a call that must be refused says; nothing goes to standard output.
fn refused(folder: &Path, args: &[&str]) -> String {
    let output = outflow(folder, args);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{args:?}: {said}");
    said
}

#[test]
fn the_schema_is_that_of_the_types() {
    let printed = printed(Path::new(ROOT), &["schema"]);
    if std::env::var_os("OUTFLOW_UPDATE").is_some() {
        fs::write(SCHEMA, &printed).expect("can write");
    }
    let held = fs::read_to_string(SCHEMA).expect("the schema");
    assert!(
        held == printed,
        "schema/scenario.schema.json is not up to date: OUTFLOW_UPDATE=1 cargo test --test editor"
    );
    let schema: serde_json::Value = serde_json::from_str(&held).expect("JSON");
    assert_eq!(schema["$schema"], "http://json-schema.org/draft-07/schema#");
}

#[test]
fn scenarios_name_their_schema() {
    for entry in fs::read_dir(Path::new(ROOT).join("scenarios")).expect("scenarios") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|e| e == "toml") {
            let text = fs::read_to_string(&path).expect("a scenario");
            let line = "#:schema ../schema/scenario.schema.json";
            assert_eq!(text.lines().next(), Some(line), "first line of {}", path.display());
        }
    }
}

#[test]
fn a_new_scenario_runs() {
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path();
    let next = printed(here, &["init", "first-try"]);
    assert!(next.contains("outflow validate first-try.toml") && next.contains("outflow run first-try.toml"), "{next}");
    let text = fs::read_to_string(here.join("first-try.toml")).expect("the scenario");
    assert!(!text.contains('@') && text.contains("name = \"first-try\""), "{text}");
    assert!((80..=120).contains(&text.lines().count()), "{} lines", text.lines().count());
    // No warning, all tests of its policies pass, and it runs whole.
    assert!(printed(here, &["validate", "first-try.toml"]).contains("fine (3 policies"));
    assert!(printed(here, &["policy", "test", "first-try.toml"]).contains(" 0 failed"));
    printed(here, &["run", "first-try.toml", "--quiet"]);
    assert!(here.join("output/first-try/report.html").is_file());
}

#[test]
fn a_new_scenario_goes_where_scenarios_are() {
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path();
    fs::create_dir_all(here.join("scenarios")).expect("can make");
    fs::create_dir_all(here.join("schema")).expect("can make");
    fs::write(here.join("schema/scenario.schema.json"), printed(here, &["schema"])).expect("can write");
    printed(here, &["init", "x"]);
    let first = |file: &str| {
        let text = fs::read_to_string(here.join(file)).expect(file);
        text.lines().next().unwrap_or_default().to_owned()
    };
    assert_eq!(first("scenarios/x.toml"), "#:schema ../schema/scenario.schema.json");
    printed(here, &["init", "x", "--to", "y.toml"]);
    assert_eq!(first("y.toml"), "#:schema schema/scenario.schema.json");
}

#[test]
fn a_new_scenario_never_replaces_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path();
    fs::write(here.join("mine.toml"), "mine").expect("can write");
    assert!(refused(here, &["init", "mine"]).contains("exists already"));
    assert!(refused(here, &["init", "other", "--to", "mine.toml"]).contains("exists already"));
    assert_eq!(fs::read_to_string(here.join("mine.toml")).expect("there"), "mine");
    assert!(refused(here, &["init", "My Scenario"]).contains("my-scenario"));
    assert!(refused(here, &["init", "../x"]).contains("such as x"));
    assert!(refused(here, &["init", "x", "--to", "nowhere/x.toml"]).contains("no folder `nowhere`"));
    assert_eq!(fs::read_dir(here).expect("readable").count(), 1);
}

/// The verbs that `--help` lists.
fn verbs() -> Vec<String> {
    let help = printed(Path::new(ROOT), &["--help"]);
    let commands = help.split("Commands:").nth(1).and_then(|s| s.split("Options:").next()).unwrap_or_default();
    let starts = commands.lines().filter(|l| l.starts_with("  ") && !l.starts_with("   "));
    let names = starts.filter_map(|l| l.split_whitespace().next()).filter(|v| *v != "help");
    let verbs: Vec<String> = names.map(Into::into).collect();
    assert!(verbs.len() >= 7, "{help}");
    verbs
}

#[test]
fn every_shell_completes_every_verb() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = printed(Path::new(ROOT), &["completions", shell]);
        for verb in verbs() {
            assert!(script.contains(&verb), "{shell}: {verb}");
        }
        assert!(script.contains("--people") || script.contains("people"), "{shell}");
    }
    assert!(refused(Path::new(ROOT), &["completions", "tcsh"]).contains("possible values"));
}

#[test]
fn the_manual_has_every_verb() {
    let folder = tempfile::tempdir().expect("a folder");
    let page = printed(folder.path(), &["man"]);
    assert!(page.contains(".TH OUTFLOW 1") && page.contains(".SH \"EXIT STATUS\""), "{page}");
    for verb in verbs() {
        assert!(page.contains(&format!(".SS \"outflow {verb}\"")), "{verb}");
    }
    printed(folder.path(), &["man", "--to", "pages"]);
    for verb in verbs() {
        let page = fs::read_to_string(folder.path().join(format!("pages/outflow-{verb}.1"))).expect(&verb);
        assert!(
            page.contains(".SH SYNOPSIS") && page.contains(&format!(".TH OUTFLOW-{} 1", verb.to_uppercase())),
            "{page}"
        );
    }
    assert!(folder.path().join("pages/outflow.1").is_file());
}
