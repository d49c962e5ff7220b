//! What a researcher types beside `run`: comparing runs, beginning from a scenario that ships, and what programs read.

mod common;

use std::path::Path;
use std::process::{Command, Output};

use common::table;
use serde_json::Value;

fn outflow(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_outflow")).args(args).current_dir(folder).output().expect("outflow runs")
}

/// What a call that goes well prints.
fn said(folder: &Path, args: &[&str]) -> String {
    let output = outflow(folder, args);
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn json(folder: &Path, args: &[&str]) -> Value {
    serde_json::from_str(&said(folder, args)).expect("JSON")
}

const SMALL: [&str; 8] = ["run", "cnil-2017", "--people", "800", "--days", "2", "--quiet", "--replicates"];

fn run(folder: &Path, name: &str, replicates: &str, options: &[&str]) {
    said(folder, &[&SMALL[..], &[replicates, "-o", name], options].concat());
}

fn figure<'a>(comparison: &'a Value, about: [&str; 4]) -> &'a Value {
    let [policy, purpose, population, metric] = about;
    let rows = comparison["figures"].as_array().expect("figures");
    let found = rows.iter().find(|r| {
        r["policy"] == policy
            && r["purpose"] == purpose
            && r["population"] == population
            && r["metric"] == metric
            && r["jurisdiction"] == "all"
            && r["category"] == "all"
    });
    found.unwrap_or_else(|| panic!("no {about:?}"))
}

#[test]
fn runs_that_saw_the_same_worlds_are_compared_world_by_world() {
    let home = tempfile::tempdir().expect("a folder");
    run(home.path(), "a", "3", &[]);
    run(home.path(), "b", "3", &["--set", "jurisdiction.FR.objects.targeted_advertising=0.6"]);
    let compared = json(home.path(), &["compare", "a", "b", "--json"]);
    let c = &compared[0];
    assert_eq!((c["paired"].as_bool(), c["only_in_one"].as_u64()), (Some(true), Some(0)));
    let keys: Vec<&str> =
        c["parameters"].as_array().expect("a list").iter().filter_map(|p| p["key"].as_str()).collect();
    assert!(keys.contains(&"jurisdiction.FR.objects.targeted_advertising"), "{keys:?}");
    // What nobody can object to is the same to the last digit; what one can, less, in every world.
    let same = figure(c, ["full-sharing", "security", "all", "disclosed_values"]);
    assert_eq!(
        (same["absolute"].as_f64(), same["lo"].as_f64(), same["hi"].as_f64()),
        (Some(0.0), Some(0.0), Some(0.0))
    );
    let less = figure(c, ["opt-out", "targeted_advertising", "all", "disclosed_values"]);
    assert!(less["absolute"].as_f64() < Some(0.0) && less["percent"].as_f64() < Some(-1.0), "{less}");
    assert!(
        less["lo"].as_f64() <= less["absolute"].as_f64() && less["absolute"].as_f64() <= less["hi"].as_f64(),
        "{less}"
    );
    let text = said(home.path(), &["compare", "a", "b"]);
    assert!(text.contains("world by world, over 3 worlds") && text.contains("jurisdiction.FR.objects"), "{text}");
    // A run beside itself differs in nothing.
    let itself = json(home.path(), &["compare", "a", "a", "--json"]);
    assert_eq!(itself[0]["parameters"].as_array().map(Vec::len), Some(0));
    let rows = itself[0]["figures"].as_array().expect("figures");
    assert!(rows.len() > 500 && rows.iter().all(|r| r["absolute"] == 0.0));
}

#[test]
fn other_worlds_are_compared_by_their_means() {
    let home = tempfile::tempdir().expect("a folder");
    run(home.path(), "a", "3", &[]);
    run(home.path(), "b", "2", &["--seed", "5"]);
    run(home.path(), "one", "1", &["--seed", "5"]);
    let compared = json(home.path(), &["compare", "a", "b", "one", "--json"]);
    assert_eq!(compared[0]["paired"], false);
    let values = figure(&compared[0], ["full-sharing", "security", "all", "disclosed_values"]);
    assert!(values["lo"].as_f64() < values["hi"].as_f64(), "{values}");
    let alone = figure(&compared[1], ["full-sharing", "security", "all", "disclosed_values"]);
    assert!(alone["lo"].is_null() && alone["hi"].is_null(), "{alone}");
    let keys: Vec<&str> =
        compared[0]["parameters"].as_array().expect("a list").iter().filter_map(|p| p["key"].as_str()).collect();
    assert_eq!(keys, ["scenario.replicates", "scenario.seed"]);
}

#[test]
fn a_comparison_leaves_a_table_and_a_chart() {
    let home = tempfile::tempdir().expect("a folder");
    run(home.path(), "a", "2", &[]);
    run(home.path(), "b", "2", &["--set", "jurisdiction.FR.objects.targeted_advertising=0.6"]);
    said(home.path(), &["compare", "a", "b", "--to", "c"]);
    let table = std::fs::read_to_string(home.path().join("c/tables/compare.csv")).expect("the table");
    assert!(table.starts_with("run,baseline,policy,purpose,") && table.lines().count() > 500);
    for end in ["svg", "png", "csv", "json"] {
        assert!(home.path().join(format!("c/charts/compare.{end}")).is_file(), "{end}");
    }
    let verified = said(home.path(), &["verify", "c"]);
    assert!(verified.contains("whole") && verified.contains("a comparison of runs"), "{verified}");
    // It is no run.
    let refused = outflow(home.path(), &["compare", "a", "c"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("holds a comparison of runs, not a run"));
}

#[test]
fn what_is_no_whole_run_is_not_compared() {
    let home = tempfile::tempdir().expect("a folder");
    run(home.path(), "a", "1", &[]);
    run(home.path(), "b", "1", &[]);
    let table = home.path().join("b/tables/replicates.parquet");
    let mut bytes = std::fs::read(&table).expect("the table");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&table, bytes).expect("can write");
    let said = |folders: &[&str]| {
        let output = outflow(home.path(), &[&["compare"], folders].concat());
        assert_eq!(output.status.code(), Some(2), "{folders:?}");
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    assert!(said(&["a", "b"]).contains("tables/replicates.parquet: changed: same size, other content"));
    assert!(said(&["a", "nowhere"]).contains("nowhere"));
    assert!(said(&["a"]).contains("2 values"));
}

#[test]
fn a_scenario_that_ships_is_begun_from() {
    let home = tempfile::tempdir().expect("a folder");
    let listed = json(home.path(), &["scenarios", "--json"]);
    let names: Vec<&str> = listed.as_array().expect("a list").iter().filter_map(|s| s["name"].as_str()).collect();
    assert!(names.contains(&"cnil-2017") && names.contains(&"whatsapp-day"), "{names:?}");
    let text = said(home.path(), &["scenarios"]);
    assert!(names.iter().all(|name| text.contains(name)), "{text}");
    for name in names {
        let own = format!("own-{name}");
        said(home.path(), &["init", &own, "--from", name]);
        let written = std::fs::read_to_string(home.path().join(format!("{own}.toml"))).expect("the file");
        assert!(written.contains(&format!("name = \"{own}\"")) && !written.contains("[[expect]]"), "{written}");
        assert!(said(home.path(), &["validate", &format!("{own}.toml")]).contains("fine"));
    }
    // A file that is there stays.
    let again = outflow(home.path(), &["init", "own-cnil-2017", "--from", "cnil-2017"]);
    assert_eq!(again.status.code(), Some(2));
}

#[test]
fn somebody_of_a_population_is_found() {
    let home = tempfile::tempdir().expect("a folder");
    let ask = |options: &[&str]| {
        let fixed = ["subject", "cnil-2017", "--policy", "full-sharing", "--people", "2000", "--days", "1", "--json"];
        outflow(home.path(), &[&fixed[..], options].concat())
    };
    for (population, user) in [("non_user", false), ("objecting", true), ("not_objecting", true)] {
        let options = ["--pick", population, "--jurisdiction", "FR"];
        let output = ask(&options);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let found: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert_eq!((found["is_user"].as_bool(), found["jurisdiction"].as_str()), (Some(user), Some("FR")));
        let objects = found["objects"].as_array().map_or(0, Vec::len);
        assert_eq!(objects > 0, population == "objecting", "{found}");
        // The seed draws: the same again, and by its id.
        assert_eq!(ask(&options).stdout, output.stdout);
        assert_eq!(ask(&[&found["person"].to_string()]).stdout, output.stdout);
    }
    let alone = ["subject", "cnil-2017", "--policy", "full-sharing", "--people", "1", "--days", "1", "--pick"];
    let found = ["non_user", "objecting", "not_objecting"]
        .map(|population| outflow(home.path(), &[&alone[..], &[population]].concat()).status.code());
    assert_eq!(found.iter().filter(|code| **code == Some(0)).count(), 1, "{found:?}");
    assert_eq!(ask(&["--pick", "everybody"]).status.code(), Some(2));
    assert_eq!(ask(&[]).status.code(), Some(2));
}

#[test]
fn programs_read_what_is_wrong_and_what_there_is() {
    let home = tempfile::tempdir().expect("a folder");
    said(home.path(), &["init", "mine"]);
    assert_eq!(json(home.path(), &["validate", "mine.toml", "--format", "json"]), serde_json::json!([]));
    let wrong = outflow(home.path(), &["validate", "mine.toml", "--set", "traffic.reply_share=7", "--format", "json"]);
    assert_eq!(wrong.status.code(), Some(2));
    let problems: Value = serde_json::from_slice(&wrong.stdout).expect("JSON");
    assert_eq!((problems[0]["severity"].as_str(), problems.as_array().map(Vec::len)), (Some("error"), Some(1)));
    assert!(problems[0]["message"].as_str().is_some_and(|m| m.contains("reply_share")), "{problems}");
    let text = std::fs::read_to_string(home.path().join("mine.toml")).expect("the file");
    std::fs::write(home.path().join("bad.toml"), text.replace("days = 14", "days = 0")).expect("can write");
    let annotated = outflow(home.path(), &["validate", "bad.toml", "--format", "github"]);
    let line = 1 + text.lines().position(|l| l.starts_with("days = 14")).expect("the line");
    let printed = String::from_utf8_lossy(&annotated.stdout);
    assert!(printed.starts_with(&format!("::error file=bad.toml,line={line},col=")), "{printed}");
    let policies = json(home.path(), &["policy", "list", "cnil-2017", "--json"]);
    assert_eq!(policies["policies"][0]["id"], "full-sharing");
    let tests = json(home.path(), &["policy", "test", "cnil-2017", "--format", "json"]);
    assert!(tests.as_array().is_some_and(|t| !t.is_empty() && t.iter().all(|t| t["fine"] == true)), "{tests}");
    let junit = said(home.path(), &["policy", "test", "cnil-2017", "--format", "junit"]);
    assert!(
        junit.starts_with("<?xml") && junit.contains("failures=\"0\"") && junit.contains("<testcase classname="),
        "{junit}"
    );
    let printed =
        json(home.path(), &["run", "cnil-2017", "--people", "300", "--days", "1", "-q", "--json", "-o", "out"]);
    let summary = printed["summary"].as_array().expect("a summary");
    assert_eq!((summary.len(), summary[0]["policy_id"].as_str()), (9, Some("full-sharing")));
    assert!(summary[0]["non_user"]["interval"].is_array(), "{}", summary[0]);
}

const SWEEP: [&str; 9] = ["sweep", "cnil-2017", "--people", "600", "--days", "2", "--replicates", "2", "--vary"];

#[test]
fn each_point_of_a_sweep_is_what_a_run_gives() {
    let home = tempfile::tempdir().expect("a folder");
    let key = "jurisdiction.*.objects.targeted_advertising";
    let vary = format!("{key}=0,0.3,0.6");
    let options = [&vary, "--vary", "traffic.reply_share=0.5,0.9", "--all-rows", "-o", "s", "-q"];
    said(home.path(), &[&SWEEP[..], &options].concat());
    let rows = table(&home.path().join("s/tables/sweep.csv"));
    assert!(said(home.path(), &["verify", "s"]).contains("whole"));
    let scenario = std::fs::read_to_string(home.path().join("s/scenario.resolved.toml")).expect("it is there");
    let codes: Vec<&str> =
        scenario.lines().filter_map(|l| l.strip_prefix("code = \"")).filter_map(|l| l.strip_suffix('"')).collect();
    let mut points = 0;
    for rate in ["0", "0.3", "0.6"] {
        for reply in ["0.5", "0.9"] {
            let point = points.to_string();
            points += 1;
            let mut set: Vec<String> =
                codes.iter().map(|code| format!("jurisdiction.{code}.objects.targeted_advertising={rate}")).collect();
            set.push(format!("traffic.reply_share={reply}"));
            let set: Vec<&str> = set.iter().flat_map(|s| ["--set", s]).collect();
            let name = format!("run-{point}");
            said(
                home.path(),
                &[
                    &["run", "cnil-2017", "--people", "600", "--days", "2", "--replicates", "2", "-q", "-o", &name],
                    &set[..],
                ]
                .concat(),
            );
            let alone = table(&home.path().join(&name).join("tables/exposure.csv"));
            let here: Vec<_> = rows.iter().filter(|r| r["point"] == point).collect();
            assert_eq!(here.len(), alone.len());
            for (a, b) in here.iter().zip(&alone) {
                for column in [
                    "policy",
                    "purpose",
                    "jurisdiction",
                    "population",
                    "category",
                    "metric",
                    "split",
                    "replicates",
                    "unit",
                ] {
                    assert_eq!(a[column], b[column]);
                }
                for column in ["value", "lo", "hi"] {
                    assert_eq!(a[column].parse::<f64>(), b[column].parse::<f64>(), "{column} of {a:?}");
                }
                assert_eq!(
                    (a[key].parse::<f64>(), a["traffic.reply_share"].parse::<f64>()),
                    (rate.parse(), reply.parse())
                );
            }
        }
    }
    assert_eq!(rows.iter().filter(|r| r["point"] == points.to_string()).count(), 0);
}

#[test]
fn a_sweep_has_the_same_bytes_on_any_threads_and_after_a_stop() {
    let home = tempfile::tempdir().expect("a folder");
    let sweep = |name: &str, more: &[&str]| {
        let options = ["traffic.reply_share=0.2..0.9:8", "-q", "-o", name];
        outflow(home.path(), &[&SWEEP[..], &options, more].concat())
    };
    let bytes = |name: &str| {
        ["tables/sweep.csv", "tables/sweep.parquet"]
            .map(|file| std::fs::read(home.path().join(name).join(file)).expect("the table"))
    };
    for threads in ["1", "2", "7"] {
        assert!(sweep(threads, &["--threads", threads]).status.success());
    }
    assert!(bytes("1") == bytes("2") && bytes("1") == bytes("7"));
    // Killed again and again until it has gone through.
    let mut kills = 0;
    for wait in (20..).step_by(35) {
        let options = ["traffic.reply_share=0.2..0.9:8", "-q", "-o", "k", "--resume"];
        let mut process = Command::new(env!("CARGO_BIN_EXE_outflow"))
            .args([&SWEEP[..], &options].concat())
            .current_dir(home.path())
            .stderr(std::process::Stdio::null())
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
    assert!(bytes("1") == bytes("k"));
    assert!(!home.path().join("k/.outflow").exists());
}

#[test]
fn policies_and_values_go_together_or_each_with_each() {
    let home = tempfile::tempdir().expect("a folder");
    let two = ["traffic.reply_share=0.5,0.9", "--vary", "policy=opt-out,full-sharing", "-q"];
    said(home.path(), &[&SWEEP[..], &two, &["-o", "grid"]].concat());
    said(home.path(), &[&SWEEP[..], &two, &["-o", "zip", "--zip"]].concat());
    let seen = |name: &str| -> std::collections::BTreeSet<String> {
        let rows = table(&home.path().join(name).join("tables/sweep.csv"));
        assert!(rows.iter().all(|r| r["jurisdiction"] == "all" && r["category"] == "all"));
        rows.iter().map(|r| format!("{} {} {}", r["point"], r["traffic.reply_share"], r["policy"])).collect()
    };
    let list = |of: &[&str]| of.iter().map(|s| (*s).to_owned()).collect();
    assert_eq!(seen("grid"), list(&["0 0.5 opt-out", "1 0.5 full-sharing", "2 0.9 opt-out", "3 0.9 full-sharing"]));
    assert_eq!(seen("zip"), list(&["0 0.5 opt-out", "1 0.9 full-sharing"]));
}

#[test]
fn what_cannot_be_swept_is_refused_before_the_first_point() {
    let home = tempfile::tempdir().expect("a folder");
    let refused = |options: &[&str], says: &str| {
        let output = outflow(home.path(), &[&SWEEP[..], options, &["-o", "out"]].concat());
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{options:?}: {said}");
        assert!(said.contains(says), "{options:?}: {said}");
        assert!(!home.path().join("out").exists(), "{options:?}");
    };
    refused(&["traffic.reply_shar=0.5,0.6"], "did you mean `traffic.reply_share`?");
    refused(&["traffic.reply_share=0.5,x"], "`x` is not a number");
    refused(&["traffic.reply_share=0.5,7"], "point 1 of the sweep (traffic.reply_share=7)");
    refused(&["jurisdiction.FR.objects.security=0..1:3"], "no scenario");
    refused(&["traffic.reply_share=0.5", "--vary", "traffic.*=0.1"], "varied by another --vary");
    refused(&["traffic.reply_share=0.5,0.6", "--vary", "traffic.reply_share=0.7"], "stands twice");
    refused(
        &["jurisdiction.FR.objects.security=0.01,0.02", "--vary", "jurisdiction.*.objects.security=0.01"],
        "another --vary",
    );
    refused(&["traffic.reply_share=0.5,0.6", "--vary", "traffic.group_share=0.1", "--zip"], "as many each");
    refused(&["policy=opt-outt"], "opt-out");
    // Another sweep's points are not gone on with.
    let begun = [&SWEEP[..], &["traffic.reply_share=0.2..0.9:40", "-q", "-o", "k"]].concat();
    let mut process = Command::new(env!("CARGO_BIN_EXE_outflow"))
        .args(&begun)
        .current_dir(home.path())
        .spawn()
        .expect("outflow runs");
    while !home.path().join("k/.outflow/parts").exists() {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    std::thread::sleep(std::time::Duration::from_millis(50));
    process.kill().expect("it is killed");
    process.wait().expect("it ended");
    let other =
        outflow(home.path(), &[&SWEEP[..], &["traffic.reply_share=0.2..0.8:40", "-q", "-o", "k", "--resume"]].concat());
    let said = String::from_utf8_lossy(&other.stderr);
    assert!(other.status.code() == Some(2) && said.contains("is another one"), "{said}");
}

/// Choices nest by attitude: points that differ in them alone are counted in one run, to the last digit of what each gives by itself.
#[test]
fn points_that_share_a_run_are_what_each_is_by_itself() {
    let home = tempfile::tempdir().expect("a folder");
    let ads = "jurisdiction.*.objects.targeted_advertising=0,0.05,0.2,0.45,0.59";
    let agrees = "jurisdiction.*.agrees.business_intelligence=0.01,0.3";
    // Kinds of messages, actors and days are told apart: nothing is counted whole.
    let shipped = include_str!("../scenarios/cnil-2017.toml").replace("#:schema ../schema/scenario.schema.json\n", "");
    let rules = "
        [[policy]]
        id = \"told-apart\"
        title = \"Photos at first, then what comes from France\"
        source = \"Made up\"
        [[policy.rule]]
        effect = \"permit\"
        kinds = [\"photo_message\", \"contact_sync\", \"group_text\"]
        until = 2017-11-29
        [[policy.rule]]
        effect = \"permit\"
        actor_jurisdictions = [\"FR\"]
        from = 2017-11-28
        [[policy.rule]]
        effect = \"forbid\"
        purposes = [\"targeted_advertising\"]
        choice = \"objects\"
        ";
    let text = shipped.split("[[expect]]").next().unwrap_or_default().to_owned() + rules;
    std::fs::write(home.path().join("told-apart.toml"), text).expect("can write");
    for (scenario, more) in [
        ("told-apart.toml", &[][..]),
        ("opt-out-vs-opt-in", &["--vary", agrees, "--vary", "traffic.reply_share=0.3,0.9"][..]),
        ("hamburg-2016", &["--vary", agrees][..]),
        ("cnil-2017", &["--vary", "policy=opt-out,full-sharing"][..]),
    ] {
        let sweep = |name: &str, options: &[&str]| {
            let fixed =
                ["sweep", scenario, "--people", "900", "--days", "3", "--replicates", "2", "--vary", ads, "-o", name];
            let output = outflow(home.path(), &[&fixed[..], more, options].concat());
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(output.status.success(), "{said}");
            (table(&home.path().join(name).join("tables/sweep.csv")), said)
        };
        let (together, said) = sweep(&format!("{scenario}-together"), &[]);
        assert!(said.contains("counted in one run"), "{said}");
        let (alone, said) = sweep(&format!("{scenario}-alone"), &["--no-share"]);
        assert!(!said.contains("counted in one run"), "{said}");
        // What is not counted person by person.
        let by_day = |metric: &str| metric.starts_with("half_time") || metric.ends_with("_since_rules");
        let left_out = |metric: &str| matches!(metric, "disclosed_events" | "needs_met") || by_day(metric);
        let kept: Vec<_> = alone.iter().filter(|row| !left_out(&row["metric"])).collect();
        assert_eq!(together.len(), kept.len());
        for (a, b) in together.iter().zip(kept) {
            for (column, value) in b {
                assert_eq!(&a[column], value, "{column} of {a:?}");
            }
        }
        assert!(together.iter().any(|row| row["value"] != "0" && row["population"] == "objecting"));
    }
    // What an actor chose decides about others: each point by itself.
    let actors = [
        "sweep",
        "alike",
        "--people",
        "500",
        "--days",
        "1",
        "--vary",
        "jurisdiction.FR.agrees.security=0.1,0.2",
        "-o",
        "alike",
    ];
    let said = outflow(home.path(), &actors);
    assert!(said.status.success() && !String::from_utf8_lossy(&said.stderr).contains("counted in one run"));
}
