//! Figures and page of finished results, made again: the command line, end to end.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const SCENARIO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/cnil-2017.toml");

fn outflow(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_outflow")).args(arguments).env("NO_COLOR", "1").output().expect("starts")
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn printed(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What must end well.
fn done(arguments: &[&str]) -> String {
    let output = outflow(arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", said(&output));
    printed(&output)
}

/// What must be refused as wrong input, and says so.
fn refused(arguments: &[&str], words: &[&str]) {
    let output = outflow(arguments);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", said(&output));
    assert!(output.stdout.is_empty(), "{arguments:?}: {}", printed(&output));
    for word in words {
        assert!(said(&output).contains(word), "{arguments:?}: `{word}` in {}", said(&output));
    }
}

fn run(home: &Path, name: &str) -> PathBuf {
    let folder = home.join(name);
    done(&["run", SCENARIO, "--people", "300", "--days", "2", "--quiet", "--output", text(&folder)]);
    folder
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder").map(|e| e.expect("an entry").file_name());
    let mut names: Vec<String> = entries.map(|name| name.to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// Whether what was drawn again is what lies in a folder's charts; how many files there are of it.
fn same(folder: &Path, again: &Path) -> usize {
    let drawn = names(again);
    for name in &drawn {
        let [there, here] = [folder.join("charts"), again.to_owned()].map(|f| fs::read(f.join(name)).expect("a file"));
        assert!(there == here, "{name} differs");
    }
    drawn.len()
}

#[test]
fn figures_of_a_run_are_drawn_again() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = run(home.path(), "run");
    let list = done(&["chart", text(&folder), "--list"]);
    assert!(list.contains("people-reached") && list.contains("exceedance"), "{list}");
    assert_eq!(names(home.path()), ["run"], "a list writes nothing");

    // Twice: an earlier figure is replaced.
    for _ in 0..2 {
        let told = done(&["chart", text(&folder)]);
        assert!(told.contains("run-charts: svg, csv, json"), "{told}");
        let again = home.path().join("run-charts");
        assert_eq!(
            same(&folder, &again),
            names(&folder.join("charts")).iter().filter(|n| !n.ends_with(".png")).count()
        );
    }
    let to = home.path().join("some/where");
    let looks = ["--size", "column", "--theme", "dark", "--lang", "fr"];
    let some = ["chart", text(&folder), "exceedance", "--format", "png", "--format", "pdf", "--to", text(&to)];
    for _ in 0..2 {
        done(&[&some[..], &looks].concat());
    }
    let stem = "exceedance-column-dark-fr";
    let ends = ["-phases.csv", ".csv", ".json", ".pdf", ".png"].map(|end| format!("{stem}{end}"));
    assert_eq!(names(&to), ends);
    let json: serde_json::Value =
        serde_json::from_slice(&fs::read(to.join(format!("{stem}.json"))).expect("a file")).expect("JSON");
    assert_eq!(json["data"], format!("{stem}.csv"));
    assert_eq!(json["more_data"][0]["data"], format!("{stem}-phases.csv"));
}

#[test]
fn what_is_not_a_figure_of_outflow_stays() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = run(home.path(), "run");
    let to = home.path().join("to");
    fs::create_dir(&to).expect("a folder");
    for name in ["categories.svg", "categories.png", "categories.pdf", "categories.csv", "categories.json"] {
        let mine = to.join(name);
        fs::write(&mine, "mine").expect("writes");
        let formats = ["--format", "svg", "--format", "png", "--format", "pdf"];
        let arguments = [&["chart", text(&folder), "categories", "--to", text(&to)][..], &formats].concat();
        refused(&arguments, &[name, "replacing it would lose it", "hint: choose another file with --to"]);
        assert_eq!(fs::read_to_string(&mine).expect("a file"), "mine");
        assert_eq!(names(&to), [name], "nothing else was written");
        fs::remove_file(&mine).expect("removes");
    }
    let page = home.path().join("run.html");
    fs::write(&page, "<p>mine</p>").expect("writes");
    refused(&["report", text(&folder)], &["run.html", "it is not a page of outflow"]);
    assert_eq!(fs::read_to_string(&page).expect("a file"), "<p>mine</p>");
}

#[test]
fn the_page_of_a_run_is_made_again() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = run(home.path(), "run");
    for _ in 0..2 {
        done(&["report", text(&folder)]);
    }
    let [there, again] = [folder.join("report.html"), home.path().join("run.html")]
        .map(|page| fs::read_to_string(page).expect("a page"));
    assert!(again.contains("id=\"chart-categories\"") && there.lines().count() == again.lines().count());
    done(&["report", text(&folder), "--format", "md", "--lang", "fr"]);
    done(&["report", text(&folder), "--format", "md"]);
    let french = fs::read_to_string(home.path().join("run.fr.md")).expect("a page");
    let english = fs::read_to_string(home.path().join("run.md")).expect("a page");
    assert!(french.contains("## Ce que l’on constate\n") && english.contains("## What it finds\n"), "{french}");
    assert_eq!(names(home.path()), ["run", "run.fr.md", "run.html", "run.md"]);
}

#[test]
fn what_can_not_be_drawn_is_named() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = run(home.path(), "run");
    let at = text(&folder);
    refused(
        &["chart", at, "categorie"],
        &["has no figure `categorie`", "did you mean `categories`?", "people-reached"],
    );
    refused(&["chart", at, "--title", "x"], &["--title names one figure"]);
    refused(&["chart", at, "--size", "poster"], &["expected one of column, page, slide, phone"]);
    assert_eq!(names(home.path()), ["run"], "nothing was written");
    for verb in ["chart", "report"] {
        let nowhere = home.path().join("nowhere");
        refused(&[verb, text(&nowhere)], &["is no folder"]);
        let empty = home.path().join("empty");
        fs::create_dir_all(&empty).expect("a folder");
        refused(&[verb, text(&empty)], &["has no manifest.json"]);
        let export = home.path().join("export");
        if !export.exists() {
            done(&["export", SCENARIO, "--people", "300", "--days", "1", "--quiet", "--to", text(&export)]);
        }
        refused(&[verb, text(&export)], &["holds an export, not a run", "help: name "]);
    }
    refused(&["chart", text(&home.path().join("export/manifest.json"))], &["not the result of `outflow bench`"]);

    // Another version wrote it, and sealed it.
    let manifest = folder.join("manifest.json");
    let whole = fs::read_to_string(&manifest).expect("a manifest");
    let version = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
    let older = whole.replacen(&version, "\"version\": \"0.0.1\"", 1);
    fs::write(&manifest, &older).expect("writes");
    for verb in ["chart", "report"] {
        refused(&[verb, at], &["was changed since outflow wrote it"]);
    }
    fs::write(&manifest, sealed(&older)).expect("writes");
    for verb in ["chart", "report"] {
        refused(&[verb, at], &["outflow 0.0.1 wrote it", "help: use outflow 0.0.1, or make the results again"]);
    }
    fs::write(&manifest, &whole).expect("writes");
    let table = folder.join("tables/daily.parquet");
    let mut bytes = fs::read(&table).expect("a table");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&table, bytes).expect("writes");
    for verb in ["chart", "report"] {
        refused(&[verb, at], &["not as it was written: tables/daily.parquet: changed", "outflow verify --quick"]);
    }
}

/// A manifest with its digest anew.
fn sealed(text: &str) -> String {
    let key = "\"manifest_digest\": \"";
    let at = text.rfind(key).expect("a digest") + key.len();
    let blank = [&text[..at], &"0".repeat(64), &text[at + 64..]].concat();
    let digest = blake3::hash(blank.as_bytes()).to_hex();
    [&blank[..at], digest.as_str(), &blank[at + 64..]].concat()
}

#[test]
fn figures_of_studies_are_drawn_again() {
    let home = tempfile::tempdir().expect("a folder");
    let at = |name: &str| text(&home.path().join(name)).to_owned();
    let small = ["--people", "300", "--days", "2"];
    let quiet = |arguments: &[&str]| done(&[arguments, &small, &["--quiet"]].concat());
    let varied = "traffic.reply_share=0.5,0.7,0.9";
    quiet(&["sweep", SCENARIO, "--vary", varied, "--replicates", "2", "-o", &at("sweep")]);
    quiet(&[
        "sweep",
        SCENARIO,
        "--vary",
        varied,
        "--vary",
        "policy=security-only,full-sharing",
        "-o",
        &at("of-policies"),
    ]);
    quiet(&[
        "sweep",
        SCENARIO,
        "--vary",
        varied,
        "--vary",
        "traffic.messages_per_active_day=20,40",
        "-o",
        &at("two-keys"),
    ]);
    quiet(&[
        "sensitivity",
        SCENARIO,
        "--params",
        "traffic.reply_share=0.5..0.9",
        "--params",
        "traffic.messages_per_active_day=20..60",
        "--trajectories",
        "2",
        "--output",
        "coverage_of_group:objecting,disclosed_values",
        "--to",
        &at("morris"),
    ]);
    let run = |name: &str, seed: &str| quiet(&["run", SCENARIO, "--seed", seed, "--output", &at(name)]);
    run("a", "1");
    run("b", "2");
    done(&["compare", &at("a"), &at("b"), "--to", &at("compare")]);
    done(&[
        "audit",
        "plan",
        SCENARIO,
        "--policy",
        "security-only",
        "--order",
        "cnil-2017",
        "--people",
        "2000",
        "--days",
        "70",
        "--draws",
        "10",
        "--to",
        &at("audit"),
    ]);
    for (name, chart) in [
        ("sweep", "sweep"),
        ("of-policies", "sweep"),
        ("morris", "tornado"),
        ("compare", "compare"),
        ("audit", "audit-power"),
    ] {
        done(&["chart", &at(name), chart]);
        let again = home.path().join(format!("{name}-charts"));
        assert_eq!(same(&home.path().join(name), &again), 3, "{name}");
    }
    refused(&["chart", &at("two-keys")], &["it has no chart to draw again"]);
    refused(&["report", &at("sweep")], &["holds a sweep, not a run"]);
}
