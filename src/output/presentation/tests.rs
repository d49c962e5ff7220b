//! What is drawn again from a folder is what the run drew.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use super::*;
use crate::exposure::ALL;
use crate::output::chart::{Look, draw_all, page_charts};
use crate::output::past_folder::{PastError, PastFolder};
use crate::output::report;
use crate::output::results::{self, PRESENTERS};
use crate::output::staging::{Contents, MANIFEST, Staging};
use crate::scenario::{Overrides, load};
use crate::simulate::{Counters, Simulation, time_filters};

/// A small run of a scenario that ships; gives its folder.
fn run(name: &str, (people, days, replicates): (u64, u32, u32), set: &[&str]) -> (tempfile::TempDir, PathBuf) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("scenarios/{name}.toml"));
    let overrides = Overrides {
        people: Some(people),
        days: Some(days),
        replicates: Some(replicates),
        set: set.iter().map(|s| (*s).to_owned()).collect(),
        ..Overrides::default()
    };
    let Ok((scenario, _)) = load(&path, &overrides) else { panic!("{name} does not load") };
    let mut run = Simulation::new(&scenario);
    let mut outcome = run.run_replicates(1, &Counters::default());
    outcome.filter = time_filters(&run, std::time::Duration::ZERO).0;
    let home = tempfile::tempdir().expect("a folder");
    let out = home.path().join("out");
    let staging = Staging::begin(&out, Contents::Run).expect("begins");
    let results =
        results::write(PRESENTERS, &run, &outcome, "outflow run x", Instant::now(), &staging).expect("writes");
    assert!(results.missing.is_empty(), "{:?}", results.missing);
    staging.commit(&results.manifest).expect("commits");
    (home, out)
}

fn read(folder: &Path) -> (PastFolder, Presentation) {
    let past = PastFolder::open(folder).expect("whole");
    let presentation = Presentation::read(&past).expect("a run");
    (past, presentation)
}

/// Files of charts by their names.
fn charts(all: impl IntoIterator<Item = (String, Vec<u8>)>) -> BTreeMap<String, Vec<u8>> {
    all.into_iter().collect()
}

#[test]
fn charts_findings_and_page_are_made_again_as_they_were() {
    for (name, size, set) in [
        ("cnil-2017", (400, 3, 1), &[][..]),
        ("cnil-2017", (300, 61, 2), &[]),
        ("hamburg-2016", (300, 2, 1), &[]),
        ("uninstall", (300, 4, 1), &[]),
        ("lossy-hash", (2000, 2, 1), &[]),
        ("necessity", (2000, 2, 1), &[]),
        ("bi-designs", (600, 2, 2), &[]),
    ] {
        let (_home, folder) = run(name, size, set);
        let (past, presentation) = read(&folder);
        let input = presentation.input(Look::default());
        let (drawn, missing) = drawn(draw_all(&input));
        assert!(missing.is_empty(), "{name}: {missing:?}");
        let again = charts(drawn.iter().flat_map(|chart| chart.files().expect("pictures")));
        let on_disk = fs::read_dir(folder.join("charts")).expect("charts").map(|entry| entry.expect("an entry"));
        let there =
            charts(on_disk.map(|entry| {
                (entry.file_name().to_string_lossy().into_owned(), fs::read(entry.path()).expect("a file"))
            }));
        assert_eq!(there.keys().collect::<Vec<_>>(), again.keys().collect::<Vec<_>>(), "{name}");
        for (file, content) in &there {
            assert!(content == &again[file], "{name}: {file} differs");
        }
        let findings = serde_json::to_string_pretty(presentation.findings()).expect("JSON") + "\n";
        assert_eq!(fs::read_to_string(folder.join("findings.json")).expect("findings"), findings, "{name}");
        // The page shows how fast this machine was, and digits of such numbers beyond the fifteenth are not read back.
        let (manifest, warnings) = told(&past);
        let page =
            report::render(&presentation.report(&input, &page_charts(&input), &warnings, manifest)).expect("a page");
        let timed =
            |line: &&str| ["wall_s", ">filter.", "ns_per_event", "events_per_s"].iter().any(|of| line.contains(of));
        let lines = |page: &str| page.lines().filter(|line| !timed(line)).map(str::to_owned).collect::<Vec<_>>();
        let there = fs::read_to_string(folder.join("report.html")).expect("a page");
        let pairs: Vec<_> = lines(&there).into_iter().zip(lines(&page)).filter(|(a, b)| a != b).collect();
        let short = |line: &str| line.chars().take(200).collect::<String>();
        assert!(pairs.is_empty(), "{name}: {:?}", pairs.iter().map(|(a, b)| (short(a), short(b))).collect::<Vec<_>>());
    }
}

/// What figures to come need is there, of a run and of its folder.
#[test]
fn rows_are_kept_by_population_jurisdiction_and_purpose() {
    let (_home, folder) = run("cnil-2017", (300, 3, 1), &[]);
    let (_, presentation) = read(&folder);
    let rows = presentation.rows();
    assert!(rows.daily.iter().any(|row| &*row.jurisdiction != ALL && &*row.purpose != ALL));
    assert!(rows.exposure.iter().any(|row| &*row.jurisdiction != ALL && &*row.metric == "facts_through_others_alone"));
    assert!(rows.exceedance.iter().any(|row| &*row.population == "non_user"));
    assert!(rows.exceedance_daily.iter().any(|row| &*row.population == "non_user"));
    assert!(rows.first_exposure.iter().any(|row| &*row.population == "non_user" && &*row.purpose != ALL));
    assert!(rows.differences.iter().any(|row| &*row.of.population == "non_user"));
    assert!(rows.differences.iter().any(|row| &*row.of.purpose != ALL && &*row.of.metric == "distinct_facts"));
    assert!(rows.differences.iter().all(|row| &*row.of.jurisdiction == ALL && &*row.of.category == ALL));
}

#[test]
fn what_is_not_a_run_of_this_version_is_refused() {
    let (_home, folder) = run("cnil-2017", (300, 1, 1), &[]);
    let why = |past: Result<Presentation, PastError>| past.err().map(|e| e.to_string()).expect("refused");
    let open = || PastFolder::open(&folder).expect("whole");
    let other = PastFolder { contents: "export".into(), ..open() };
    assert!(why(Presentation::read(&other)).contains("holds an export, not a run"));
    let mut older = open();
    older.manifest["version"] = "0.0.1".into();
    let said = why(Presentation::read(&older));
    assert!(said.contains("outflow 0.0.1 wrote it") && said.contains("help: use outflow 0.0.1"), "{said}");
    let mut nameless = open();
    nameless.manifest["command"] = serde_json::Value::Null;
    assert!(why(Presentation::read(&nameless)).contains("has no `command`"));
    // Rows of a policy that the scenario does not have.
    let changed = open();
    let table = changed.table("exposure");
    fs::copy(changed.table("daily"), &table).expect("copies");
    assert!(why(Presentation::read(&changed)).contains("tables/exposure.parquet: "));
    assert!(
        PastFolder::open(&folder)
            .is_err_and(|e| e.to_string().contains("not as it was written: tables/exposure.parquet"))
    );
    fs::remove_file(folder.join(MANIFEST)).expect("removes");
    assert!(PastFolder::open(&folder).is_err());
}
