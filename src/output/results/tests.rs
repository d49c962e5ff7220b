//! Results come first: what can't be drawn takes nothing with it.

use std::fs;
use std::path::Path;

use super::*;
use crate::output::chart::{Chart, ChartError, ChartInput};
use crate::output::staging::Contents;
use crate::scenario::{Overrides, load};
use crate::simulate::Counters;

/// A small run, its charts and page made in this way; gives its folder.
fn results(show: Presenters) -> (tempfile::TempDir, Results) {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/cnil-2017.toml"));
    let overrides = Overrides { people: Some(300), days: Some(1), ..Overrides::default() };
    let (scenario, _) = load(path, &overrides).unwrap();
    let mut run = Simulation::new(&scenario);
    let outcome = run.run_replicates(1, &Counters::default());
    let home = tempfile::tempdir().unwrap();
    let staging = Staging::begin(&home.path().join("out"), Contents::Run).unwrap();
    let results = write(show, &run, &outcome, "outflow run x", Instant::now(), &staging).unwrap();
    staging.commit(&results.manifest).unwrap();
    (home, results)
}

/// What is foretold of a run is what it writes, with and without orders, transforms and several days.
#[test]
fn rows_are_as_foretold() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios"));
    let (mut transforms, home) = (0, tempfile::tempdir().unwrap());
    for (name, days) in [("cnil-2017", 3), ("uninstall", 2), ("opt-out-vs-opt-in", 1), ("whatsapp-day", 1)] {
        let overrides = Overrides { people: Some(200), days: Some(days), ..Overrides::default() };
        // All but one also as hashes and counts.
        let more = "\n[[policy]]\nid = \"coarse\"\ntitle = \"Coarse\"\nsource = \"x\"\n\
                    [[policy.rule]]\neffect = \"permit\"\nas = { hash_bits = 16 }\n\
                    [[policy.rule]]\neffect = \"permit\"\nas = { aggregate_k = 5 }\n";
        let text = fs::read_to_string(folder.join(format!("{name}.toml"))).unwrap();
        let file = home.path().join(format!("{name}.toml"));
        fs::write(&file, text + if name == "uninstall" { "" } else { more }).unwrap();
        let (scenario, _) = load(&file, &overrides).unwrap();
        let mut run = Simulation::new(&scenario);
        let outcome = run.run_replicates(1, &Counters::default());
        let staging = Staging::begin(&home.path().join(name), Contents::Run).unwrap();
        let nothing: Presenters = (|_| Vec::new(), no_page);
        let results = write(nothing, &run, &outcome, "outflow run x", Instant::now(), &staging).unwrap();
        assert_eq!(results.manifest.rows, rows_ahead(&scenario, &run.compiled), "{name}");
        transforms += usize::from(run.compiled.layers() > 1);
    }
    assert_eq!(transforms, 3);
}

/// All charts but one.
fn without_categories(input: &ChartInput) -> Vec<Result<Chart, ChartError>> {
    let fail = |name: String| ChartError::Draw { name, why: "the pen broke".to_owned() };
    let broken = |c: Chart| if c.name == "categories" { Err(fail(c.name)) } else { Ok(c) };
    chart::draw_all(input).into_iter().map(|drawn| drawn.and_then(broken)).collect()
}

fn no_page(_: &Report) -> Result<String, ReportError> {
    Err(ReportError::Panic)
}

#[test]
fn a_chart_that_cannot_be_drawn_takes_nothing_with_it() {
    let (home, results) = results((without_categories, report::render));
    let out = home.path().join("out");
    for there in ["tables/exposure.parquet", "tables/daily.csv", "charts/change.png", "charts/exposure-by-purpose.json"]
    {
        assert!(out.join(there).is_file(), "{there}");
    }
    assert!(!out.join("charts/categories.svg").exists() && !out.join("charts/categories.csv").exists());
    assert_eq!(results.missing.len(), 1);
    let manifest: serde_json::Value = serde_json::from_slice(&fs::read(out.join("manifest.json")).unwrap()).unwrap();
    let said = manifest["warnings"][0].as_str().unwrap();
    assert!(said.contains("`categories`") && said.contains("the pen broke") && said.contains("tables"), "{said}");
    assert_eq!(manifest["warnings"].as_array().unwrap().len(), 1);
    let page = fs::read_to_string(out.join("report.html")).unwrap();
    assert!(page.contains("the pen broke") && !page.contains("id=\"chart-categories\""));
}

#[test]
fn a_page_that_cannot_be_made_takes_nothing_with_it() {
    let (home, results) = results((chart::draw_all, no_page));
    let out = home.path().join("out");
    assert!(out.join("tables/exposure.csv").is_file() && out.join("charts/change.png").is_file());
    assert!(!out.join("report.html").exists());
    let manifest: serde_json::Value = serde_json::from_slice(&fs::read(out.join("manifest.json")).unwrap()).unwrap();
    assert_eq!(manifest["warnings"].as_array().unwrap().len(), 1);
    assert_eq!(results.missing.len(), 1);
}

#[test]
fn nothing_is_missing_from_an_ordinary_run() {
    let (_home, results) = results((chart::draw_all, report::render));
    assert!(results.missing.is_empty() && results.manifest.warnings.is_empty(), "{:?}", results.manifest.warnings);
}
