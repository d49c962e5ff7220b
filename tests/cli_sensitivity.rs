//! What matters for figures: `outflow sensitivity`; and points all over ranges: `outflow sweep --sample`, `[[sweep]]`.

mod common;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use common::table;

fn outflow(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_outflow")).args(args).current_dir(folder).output().expect("outflow runs")
}

/// What a call that goes well prints, on stdout and stderr.
fn said(folder: &Path, args: &[&str]) -> (String, String) {
    let output = outflow(folder, args);
    let stderr = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(output.status.success(), "{args:?}: {stderr}");
    (String::from_utf8(output.stdout).expect("UTF-8"), stderr)
}

const SMALL: [&str; 8] = ["sensitivity", "cnil-2017", "--people", "500", "--days", "2", "--replicates", "1"];
const THREE: [&str; 6] = [
    "--params",
    "traffic.contact_syncs_per_active_day=0.1..0.6",
    "--params",
    "world.weak_ties_anywhere=0..3",
    "--params",
    "jurisdiction.*.objects.targeted_advertising=logit:0.1..0.6",
];
const FILES: [&str; 8] = [
    "tables/draws.csv",
    "tables/draws.parquet",
    "tables/sensitivity.csv",
    "tables/sensitivity.parquet",
    "tables/rank_stability.csv",
    "tables/rank_stability.parquet",
    "charts/tornado.svg",
    "params.toml",
];

fn bytes(folder: &Path) -> Vec<Vec<u8>> {
    FILES.iter().map(|file| std::fs::read(folder.join(file)).unwrap_or_else(|e| panic!("{file}: {e}"))).collect()
}

#[test]
fn a_study_has_the_same_bytes_on_any_threads_and_after_a_stop() {
    let home = tempfile::tempdir().expect("a folder");
    let args = |name: &'static str, more: &[&'static str]| -> Vec<&'static str> {
        [&SMALL[..], &THREE, &["-q", "-o", name], more].concat()
    };
    said(home.path(), &args("one", &["--threads", "1"]));
    said(home.path(), &args("two", &["--threads", "2"]));
    let expected = bytes(&home.path().join("one"));
    assert!(expected == bytes(&home.path().join("two")));
    assert!(said(home.path(), &["verify", "one"]).0.contains("a study of sensitivity"));
    // Killed again and again until it has gone through.
    let mut kills = 0;
    for wait in (200..).step_by(400) {
        let mut process = Command::new(env!("CARGO_BIN_EXE_outflow"))
            .args(args("stopped", &["--resume"]))
            .current_dir(home.path())
            .stderr(Stdio::null())
            .spawn()
            .expect("outflow runs");
        std::thread::sleep(std::time::Duration::from_millis(wait));
        if let Some(status) = process.try_wait().expect("a status") {
            assert!(status.success());
            break;
        }
        process.kill().expect("it is killed");
        process.wait().expect("it ended");
        kills += 1;
    }
    assert!(kills > 0);
    assert!(expected == bytes(&home.path().join("stopped")));
    // The ranges it leaves make the same study.
    let again = ["--params", "one/params.toml", "-q", "-o", "again"];
    said(home.path(), &[&SMALL[..], &again].concat());
    let columns = |name: &str| -> BTreeSet<String> {
        table(&home.path().join(name).join("tables/sensitivity.csv"))
            .iter()
            .map(|r| format!("{} {} {}", r["parameter"], r["range_lo"], r["range_hi"]))
            .collect()
    };
    assert_eq!(columns("one"), columns("again"));
}

/// A draw is what a run with its values gives.
#[test]
fn each_draw_is_what_a_run_gives() {
    let home = tempfile::tempdir().expect("a folder");
    let output = "disclosed_values,coverage_of_group:non_user:targeted_advertising";
    said(home.path(), &[&SMALL[..], &THREE, &["--trajectories", "2", "--output", output, "-q", "-o", "s"]].concat());
    let draws = table(&home.path().join("s/tables/draws.csv"));
    assert_eq!(draws.len(), 8);
    let keys = [
        "traffic.contact_syncs_per_active_day",
        "world.weak_ties_anywhere",
        "jurisdiction.*.objects.targeted_advertising",
    ];
    let codes = ["FR", "DE", "UK", "ES", "IT", "ROW"];
    for draw in &draws {
        // Whole numbers are whole.
        assert_eq!(draw["world.weak_ties_anywhere"].parse::<f64>().expect("a number").fract(), 0.0);
        let mut set: Vec<String> = keys[..2].iter().map(|key| format!("{key}={}", draw[*key])).collect();
        set.extend(codes.map(|code| format!("jurisdiction.{code}.objects.targeted_advertising={}", draw[keys[2]])));
        let name = format!("run-{}", draw["point"]);
        let set: Vec<&str> = set.iter().flat_map(|s| ["--set", s]).collect();
        let run = ["run", "cnil-2017", "--people", "500", "--days", "2", "--replicates", "1", "-q", "-o", &name];
        said(home.path(), &[&run[..], &set].concat());
        for row in table(&home.path().join(&name).join("tables/exposure.csv")) {
            let column = format!("{}:{}:{}:{}", row["policy"], row["metric"], row["population"], row["purpose"]);
            if let Some(value) = draw.get(&column).filter(|_| row["jurisdiction"] == "all" && row["category"] == "all")
            {
                assert_eq!(value.parse::<f64>(), row["value"].parse::<f64>(), "{column} of {name}");
            }
        }
    }
    // What objections do to the opt-out they do not do to security, and policies are beside each other.
    let rows = table(&home.path().join("s/tables/sensitivity.csv"));
    let of = |policy: &str, index: &str| -> f64 {
        let found = rows.iter().find(|r| {
            r["policy"] == policy
                && r["index"] == index
                && r["parameter"] == keys[2]
                && r["metric"] == "disclosed_values"
        });
        found.expect("a row")["value"].parse().expect("a number")
    };
    assert!(of("opt-out", "mu") < 0.0 && of("opt-out", "mu_star") > 0.0 && of("security-only", "mu_star") == 0.0);
    let ranks = table(&home.path().join("s/tables/rank_stability.csv"));
    assert_eq!(ranks.len(), 6);
    let row = ranks.iter().find(|r| r["policy"] == "security-only" && r["other"] == "opt-out").expect("a row");
    assert_eq!((&*row["below"], &*row["ties"], &*row["draws"]), ("1.0", "0.0", "8"));
}

#[test]
fn all_that_is_assumed_is_varied_and_what_is_not_is_named() {
    let home = tempfile::tempdir().expect("a folder");
    let small = ["--trajectories", "2", "-o", "all", "--params", "assumed", "--params", "traffic.contacts=30..35"];
    let (out, err) = said(home.path(), &[&SMALL[..], &small].concat());
    assert!(err.contains("assumed, but not varied: traffic.hours (it is a series of numbers, not one)"), "{err}");
    assert!(err.contains("likeness.activity_friends:") && err.contains("so that what sums to 1 at most does"), "{err}");
    assert!(err.contains("plan: ") && err.contains("Morris, 2 trajectories over 4 levels"), "{err}");
    assert!(out.contains("moved most by") && out.contains("is below “Full sharing” in 100% of the draws"), "{out}");
    let rows = table(&home.path().join("all/tables/sensitivity.csv"));
    let resolved = std::fs::read_to_string(home.path().join("all/scenario.resolved.toml")).expect("the scenario");
    let parameters: BTreeSet<&str> = rows.iter().map(|r| &*r["parameter"]).collect();
    // Every quantity that is assumed, and no other.
    let document: toml::Table = resolved.parse().expect("TOML");
    for section in ["world", "likeness", "traffic"] {
        for (name, quantity) in document[section].as_table().expect("a table") {
            let assumed = quantity["quality"].as_str() == Some("assumed") && quantity.get("value").is_some();
            assert_eq!(parameters.contains(&*format!("{section}.{name}")), assumed, "{section}.{name}");
        }
    }
    assert!(parameters.len() > 60, "{}", parameters.len());
    // A range that is typed takes the place of the default one.
    let of = rows.iter().find(|r| r["parameter"] == "traffic.contacts").expect("a row");
    assert_eq!((&*of["range_lo"], &*of["range_hi"]), ("30.0", "35.0"));
    assert!(rows.iter().all(|r| r["quality"] == "assumed" && !r["title"].is_empty()));
}

#[test]
fn what_cannot_be_studied_is_refused_before_the_first_point() {
    let home = tempfile::tempdir().expect("a folder");
    std::fs::write(home.path().join("bad.toml"), "\"traffic.reply_shar\" = [0.1, 0.2]\n").expect("can write");
    let refused = |options: &[&str], says: &str| {
        let output = outflow(home.path(), &[&SMALL[..], options, &["-o", "out"]].concat());
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{options:?}: {told}");
        assert!(told.contains(says), "{options:?}: {told}");
        assert!(!home.path().join("out").exists(), "{options:?}");
    };
    refused(&["--output", "disclosed_value"], "did you mean `disclosed_values`?");
    refused(&["--output", "coverage:non_users"], "did you mean `non_user`?");
    refused(&["--output", "coverage:all:all:all"], "too many parts");
    refused(&["--params", "traffic.reply_shar=0.1..0.2"], "did you mean `traffic.reply_share`?");
    refused(&["--params", "bad.toml"], "did you mean `traffic.reply_share`?");
    refused(&["--params", "nowhere.toml"], "name a file of ranges");
    refused(&["--params", "traffic.reply_share=0.1,0.2"], "expected KEY=lo..hi");
    refused(&["--params", "traffic.reply_share=0.1..7"], "at 7, an end of its range, there is no scenario");
    refused(
        &["--params", "traffic.reply_share=0.1..0.2", "--params", "traffic.*=0.1..0.2"],
        "varied by another --params",
    );
    // Each end alone is fine, both together are not.
    let both = ["jurisdiction.FR.objects.security=0.01..0.4", "jurisdiction.FR.agrees.security=0.5..0.9"];
    refused(&["--params", both[0], "--params", both[1], "--trajectories", "20"], "is no scenario");
    refused(&["--method", "sobol", "--levels", "4"], "--levels goes with --method morris");
    refused(&["--draws", "64"], "--draws goes with --method sobol");
    refused(&["--levels", "3"], "even number");
    refused(&["--method", "morri"], "morris");
}

#[test]
fn samples_fill_the_ranges() {
    let home = tempfile::tempdir().expect("a folder");
    let fixed = ["sweep", "cnil-2017", "--people", "300", "--days", "1", "--replicates", "1", "-q"];
    let vary = ["--vary", "traffic.reply_share=0.2..0.9", "--vary", "world.weak_ties_domestic=0..4"];
    for (sample, name) in [("lhs:16", "lhs"), ("sobol:16", "sobol")] {
        said(home.path(), &[&fixed[..], &vary, &["--sample", sample, "-o", name]].concat());
        let rows = table(&home.path().join(name).join("tables/sweep.csv"));
        let points: BTreeSet<(u32, String, String)> = rows
            .iter()
            .map(|r| {
                let point = r["point"].parse().expect("a number");
                (point, r["traffic.reply_share"].clone(), r["world.weak_ties_domestic"].clone())
            })
            .collect();
        assert_eq!(points.len(), 16);
        let shares: Vec<f64> = points.iter().map(|p| (p.1.parse::<f64>().expect("a number") - 0.2) / 0.7).collect();
        let parts: BTreeSet<u32> = shares.iter().map(|u| (u * 16.0) as u32).collect();
        assert_eq!(parts.len(), 16, "{shares:?}");
        assert!(points.iter().all(|p| ["0.0", "1.0", "2.0", "3.0", "4.0"].contains(&&*p.2)), "{points:?}");
        assert!(said(home.path(), &["verify", name]).0.contains("whole"));
    }
    let refused = |options: &[&str], says: &str| {
        let output = outflow(home.path(), &[&fixed[..], options, &["-o", "out"]].concat());
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() == Some(2) && told.contains(says), "{options:?}: {told}");
    };
    refused(&vary, "--sample lhs:N");
    refused(&[&vary[..], &["--sample", "lhs"]].concat(), "expected sobol:N or lhs:N");
    refused(&[&vary[..], &["--sample", "sobol:100000"]].concat(), "from 2 to 65536");
    refused(&["--vary", "traffic.reply_share=0.2,0.9", "--sample", "lhs:4"], "a sample is drawn from ranges");
    refused(&["--vary", "policy=opt-out", "--sample", "lhs:4"], "--policy");
    refused(&[&vary[..], &["--sample", "lhs:4", "--zip"]].concat(), "cannot be used with");
    refused(&["--sample", "lhs:4"], "nothing varies");
}

#[test]
fn a_scenario_says_what_sweeps_of_it_vary() {
    let home = tempfile::tempdir().expect("a folder");
    said(home.path(), &["init", "mine"]);
    let text = std::fs::read_to_string(home.path().join("mine.toml")).expect("the file");
    let with =
        |sweep: &str| std::fs::write(home.path().join("mine.toml"), format!("{text}\n{sweep}")).expect("can write");
    let fixed = ["sweep", "mine.toml", "--people", "300", "--days", "1", "--replicates", "1", "-o"];
    let validate = || String::from_utf8_lossy(&outflow(home.path(), &["validate", "mine.toml"]).stderr).into_owned();
    with(
        "[[sweep]]\nkey = \"traffic.reply_share\"\nvalues = [0.5, 0.9]\n\n[[sweep]]\nkey = \"traffic.contacts\"\nfrom = 20\nto = 80\nsteps = 3\nscale = \"log\"\n",
    );
    said(home.path(), &[&fixed[..], &["own", "-q"]].concat());
    said(
        home.path(),
        &[&fixed[..], &["typed", "--vary", "traffic.reply_share=0.5,0.9", "--vary", "traffic.contacts=log:20..80:3"]]
            .concat(),
    );
    let tables = ["own", "typed"].map(|name| table(&home.path().join(name).join("tables/sweep.csv")));
    assert!(tables[0] == tables[1] && tables[0].iter().any(|r| r["point"] == "5" && r["traffic.contacts"] == "80.0"));
    // It says nothing about the world: the digest is that of the scenario without it.
    let digest = |name: &str| -> String {
        let manifest = std::fs::read_to_string(home.path().join(name).join("manifest.json")).expect("a manifest");
        let manifest: serde_json::Value = serde_json::from_str(&manifest).expect("JSON");
        manifest["scenario_digest"].as_str().expect("a digest").to_owned()
    };
    let before = digest("own");
    std::fs::write(home.path().join("mine.toml"), &text).expect("can write");
    let (_, told) = said(home.path(), &[&fixed[..], &["bare", "--vary", "traffic.reply_share=0.5,0.9"]].concat());
    assert!(digest("bare") == before && !told.contains("takes the place"), "{told}");
    for (sweep, says) in [
        ("[[sweep]]\nkey = \"traffic.reply_shar\"\nvalues = [0.5]\n", "did you mean `traffic.reply_share`?"),
        ("[[sweep]]\nkey = \"traffic.reply_share\"\nvalue = [0.5]\n", "did you mean `values`?"),
        ("[[sweep]]\nkey = \"traffic.reply_share\"\n", "nothing to vary over"),
        ("[[sweep]]\nkey = \"traffic.reply_share\"\nfrom = 0.9\nto = 0.5\nsteps = 3\n", "falls"),
        ("[[sweep]]\nkey = \"traffic.reply_share\"\nvalues = [0.5, 0.5]\n", "stands twice"),
        ("[[sweep]]\nkey = \"traffic.reply_share\"\nvalues = [0.5]\nsteps = 2\n", "goes with a range"),
        ("[[sweep]]\nkey = \"traffic.reply_share\"\nvalues = [0.5]\nfrom = 0.1\n", "exclude each other"),
        ("[[sweep]]\nkey = \"traffic.reply_share\"\nfrom = 0.1\nto = 0.2\nscale = \"lag\"\n", "did you mean \"log\"?"),
        (
            "[[sweep]]\nkey = \"traffic.reply_share\"\nvalues = [0.5]\n[[sweep]]\nkey = \"traffic.*\"\nvalues = [0.5]\n",
            "is varied twice",
        ),
    ] {
        with(sweep);
        assert!(validate().contains(says), "{sweep}: {}", validate());
    }
    // Without a number of values it is for samples alone.
    with("[[sweep]]\nkey = \"traffic.reply_share\"\nfrom = 0.2\nto = 0.9\n");
    let none = outflow(home.path(), &[&fixed[..], &["none"]].concat());
    assert!(String::from_utf8_lossy(&none.stderr).contains("steps = n in a [[sweep]]"));
    said(home.path(), &[&fixed[..], &["sampled", "--sample", "lhs:4", "-q"]].concat());
    let (_, told) = said(home.path(), &[&fixed[..], &["other", "--vary", "traffic.contacts=30,40"]].concat());
    assert!(told.contains("--vary takes the place of what the scenario sweeps"), "{told}");
}

/// Columns are those that docs/FORMAT.md names.
#[test]
fn columns_are_as_documented() {
    let home = tempfile::tempdir().expect("a folder");
    said(home.path(), &[&SMALL[..], &THREE, &["--method", "sobol", "--draws", "8", "-q", "-o", "s"]].concat());
    let format = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/FORMAT.md")).expect("the document");
    for name in ["sensitivity", "rank_stability"] {
        let line = format.lines().find(|l| l.starts_with(&format!("`tables/{name}`: "))).expect("its columns");
        // Without what stands in brackets.
        let plain: String = line
            .split('(')
            .enumerate()
            .map(|(i, part)| if i == 0 { part } else { part.split_once(')').map_or("", |p| p.1) })
            .collect();
        let documented: Vec<&str> = plain.split('`').skip(3).step_by(2).collect();
        let csv = std::fs::read_to_string(home.path().join(format!("s/tables/{name}.csv"))).expect("the table");
        assert_eq!(csv.lines().next().unwrap_or_default().split(',').collect::<Vec<_>>(), documented, "{name}");
    }
    let indices: BTreeSet<String> =
        table(&home.path().join("s/tables/sensitivity.csv")).iter().map(|r| r["index"].clone()).collect();
    assert_eq!(indices, BTreeSet::from(["first_order", "total_order"].map(str::to_owned)));
}
