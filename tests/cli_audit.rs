//! `outflow audit` on the command line, and what it counts against what a run counts.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use outflow::audit::{Leak, prohibited};
use outflow::exposure::{FigureValue, Tabulation};
use outflow::scenario::{Overrides, Scenario};
use serde_json::Value;

mod common;
use common::scenario;

const CNIL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/cnil-2017.toml");
/// The run begins the day before the deadline.
const START: &str = "scenario.start=2018-01-17";

fn outflow(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_outflow")).args(args).env("NO_COLOR", "1").output().expect("the program starts")
}

/// Exit code, stdout and stderr.
fn answer(args: &[&str]) -> (i32, String, String) {
    let output = outflow(args);
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|e| panic!("{e}: {text}"))
}

fn world(people: u64, set: &[&str]) -> Scenario {
    let set = std::iter::once(START).chain(set.iter().copied()).map(str::to_owned).collect();
    scenario(Path::new(CNIL), &Overrides { people: Some(people), days: Some(4), set, ..Overrides::default() })
}

/// What an order prohibits, counted event by event and person by person, is what a run counts under a policy that lets everything out; and what a policy itself lets out of it is
/// what the run counts of this policy. On any number of threads.
#[test]
fn prohibited_flows_are_those_that_a_run_counts() {
    let scenario = world(3000, &["world.community_size=512"]);
    let (run, outcome) = common::execute(&scenario, 2);
    let table = Tabulation::new(&scenario, &run.compiled, &outcome.totals);
    let exceedance = table.exceedances(&run.orders).rows();
    let counted = |policy: &str, metric: &str| -> u64 {
        let mut rows = exceedance.iter().filter(|r| {
            (&*r.policy, &*r.metric, &*r.purpose, &*r.population, &*r.phase)
                == (policy, metric, "all", "all", "after_deadline")
        });
        match rows.next().map(|r| r.value) {
            Some(FigureValue::Count(n)) => n,
            other => panic!("{policy} {metric}: {other:?}"),
        }
    };
    let order = &scenario.orders[0];
    let leaks = [Leak::All, Leak::Policy, Leak::People(0.1), Leak::Rate(0.5)];
    for id in ["full-sharing", "security-only", "opt-out"] {
        let policy = scenario.policy(id).expect("it is defined");
        let all = prohibited(&run, policy, order, &leaks, 1);
        assert_eq!(all.leaks[0].flows(), counted("full-sharing", "disclosed_values"));
        assert_eq!(all.leaks[0].people(), counted("full-sharing", "people_exposed"));
        assert_eq!(all.leaks[1].flows(), counted(id, "disclosed_values"), "{id}");
        assert_eq!(all.leaks[1].people(), counted(id, "people_exposed"), "{id}");
        assert_eq!(all.leaks[0], all.leaks[3]);
        assert_eq!((all.days.clone(), all.people), (1..4, 900));
        // About a tenth of the people, with four standard errors.
        let (some, of) = (all.leaks[2].people() as f64, all.leaks[0].people() as f64);
        assert!((some / of - 0.1).abs() < 4.0 * (0.09 / of).sqrt(), "{some} of {of}");
        for threads in [2, 7] {
            assert_eq!(prohibited(&run, policy, order, &leaks, threads).leaks, all.leaks, "{threads} threads");
        }
        // All that the policy lets out, whether or not it is prohibited: from day 1, about people of France.
        if id == "full-sharing" {
            let total = |of: &str| -> u64 {
                let days = (1..4).flat_map(|day| table.daily(day));
                let rows = days.filter(|r| {
                    (&*r.policy, &*r.metric, &*r.purpose, &*r.population, &*r.jurisdiction)
                        == (of, "disclosed_values", "all", "all", "FR")
                });
                rows.map(|r| if let FigureValue::Count(n) = r.value { n } else { 0 }).sum()
            };
            assert_eq!(all.rest + all.leaks[1].flows(), total(id));
        }
    }
}

#[test]
fn a_plan_is_printed_and_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let to = folder.path().join("plan");
    let to = to.to_str().expect("a path in UTF-8");
    let plan = [
        "audit",
        "plan",
        CNIL,
        "--policy",
        "security-only",
        "--order",
        "cnil-2017",
        "--people",
        "2000",
        "--days",
        "3",
        "--set",
        START,
    ];
    let (code, said, _) = answer(&[&plan[..], &["--draws", "200", "--to", to]].concat());
    assert_eq!(code, 0, "{said}");
    assert!(
        said.contains("everything") && said.contains("one in 1,000 of the flows") && said.contains("95.0 % confidence"),
        "{said}"
    );
    for file in [
        "tables/audit.parquet",
        "tables/audit.csv",
        "charts/audit-power.png",
        "charts/audit-power.csv",
        "manifest.json",
    ] {
        assert!(Path::new(to).join(file).is_file(), "{file}");
    }
    assert_eq!(answer(&["verify", to, "--quick"]).0, 0);
    let (_, text, _) =
        answer(&[&plan[..], &["--leak", "people=0.05", "--leak", "1/50", "--draws", "0", "--json"]].concat());
    let plan = json(&text);
    assert_eq!(plan["plan"]["people"], 600);
    let leaks = plan["plan"]["leaks"].as_array().expect("a list");
    assert_eq!(
        leaks.iter().map(|l| l["leak"].as_str().expect("text")).collect::<Vec<_>>(),
        ["people=0.05", "rate=0.02"]
    );
    // Of a share s of people about whom it leaks, about ln(0.05) / ln(1 - s).
    let people = &leaks[0]["units"][0];
    let share = people["showing"].as_f64().expect("a number") / 600.0;
    let least = people["least"].as_u64().expect("found") as f64;
    let infinite = 0.05f64.ln() / (1.0 - share).ln();
    assert!(least <= infinite.ceil() && least > 0.85 * infinite, "{least} {infinite}");
}

#[test]
fn a_plan_that_can_not_be_made_is_refused() {
    let ask = |more: &[&str]| answer(&[&["audit", "plan", CNIL, "--people", "500"], more].concat());
    let kept = ["--policy", "security-only", "--order", "cnil-2017"];
    for (more, says) in [
        (&["--days", "3"][..], "before the deadline of cnil-2017 (2018-01-18)"),
        (&["--leak", "kind=contact_snyc"], "did you mean `contact_sync`"),
        (&["--leak", "some"], "`some` is no way to leak"),
        (&["--leak", "people=2"], "is not above 0 and at most 1"),
        (&["--confidence", "95"], "95 percent is 0.95"),
    ] {
        let (code, out, err) = ask(&[&kept[..], more].concat());
        assert_eq!((code, out.as_str()), (2, ""), "{more:?}");
        assert!(err.contains(says), "{err}");
    }
    let (code, _, err) = ask(&["--policy", "security-only", "--order", "cnil-2071"]);
    assert!(code == 2 && err.contains("did you mean `cnil-2017`"), "{err}");
}

/// A sample of a policy is in breach of a stricter one, row by row, and of none that lets out as much.
#[test]
fn a_sample_is_held_against_a_policy_and_an_order() {
    let folder = tempfile::tempdir().expect("a folder");
    let to = folder.path().join("sample");
    let to = to.to_str().expect("a path in UTF-8");
    let draw = [
        "sample",
        CNIL,
        "--policy",
        "opt-out",
        "--jurisdiction",
        "FR",
        "--people",
        "40",
        "--days",
        "2",
        "--set",
        START,
    ];
    let (code, _, err) = answer(&[&draw[..], &["--set", "scenario.people=2000", "--quiet", "--to", to]].concat());
    assert_eq!(code, 0, "{err}");
    let check = |more: &[&str]| answer(&[&["audit", "check", to], more].concat());
    // What was said is what was done: nothing in breach, nothing that can't be told.
    let (code, said, _) = check(&["--policy", "opt-out", "--json"]);
    let sample = &json(&said)["sample"];
    assert_eq!(
        (code, &sample["rows_in_breach"], &sample["rows_unclear"], &sample["people"]),
        (0, &0.into(), &0.into(), &40.into())
    );
    // None of 40: 1 - 0.05^(1/40).
    let bound = sample["people_share_at_most"].as_f64().expect("a number");
    assert!((bound - (1.0 - 0.05f64.powf(1.0 / 40.0))).abs() < 1e-12, "{bound}");
    // Half of the people seen: 40 of 80. C(80 - k, 40) / C(80, 40) falls below 0.05 at 5 (0.0274; at 4 it is 0.0579).
    let (_, said, _) = check(&["--policy", "opt-out", "--population", "80", "--json"]);
    assert_eq!(json(&said)["sample"]["population_in_breach_at_most"], 4);
    // Security alone: whatever is for another purpose.
    let summary = fs::read_to_string(Path::new(to).join("summary.csv")).expect("a summary");
    let other: u64 = summary
        .lines()
        .skip(1)
        .map(|line| line.split(',').collect::<Vec<_>>())
        .filter(|cells| cells[1] != "security")
        .map(|cells| cells[4].parse::<u64>().expect("a number") + cells[5].parse::<u64>().expect("a number"))
        .sum();
    let (code, said, _) = check(&["--policy", "security-only", "--json"]);
    let found = json(&said);
    assert_eq!((code, found["sample"]["rows_in_breach"].as_u64()), (1, Some(other)));
    assert_eq!(found["sample"]["breaches"][0]["breach"], "not_permitted");
    // The order prohibits what the policy permits, from the second day on.
    let (code, said, _) = check(&["--policy", "opt-out", "--order", "cnil-2017", "--json"]);
    let ordered = &json(&said)["sample"];
    assert_eq!(code, 1);
    assert_eq!(ordered["breaches"][0]["breach"], "prohibited");
    let rows = ordered["rows_in_breach"].as_u64().expect("a number");
    assert!(rows > 0 && rows < other, "{rows} {other}");
    assert!(ordered["breaches"][0]["examples"].as_array().expect("a list").iter().all(|e| e["date"] == "2018-01-18"));
    let (code, said, _) = check(&["--policy", "security-only"]);
    assert!(
        code == 1 && said.contains("disclosures.parquet:1") && said.contains("no rule of the policy permits it"),
        "{said}"
    );
}

/// A sample that somebody else wrote: CSV, less in it, and wrong cells that are named.
#[test]
fn a_sample_from_anybody() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let head = "subject,time,kind,role,purpose,category\n";
    let good = "7,2018-01-18T10:00:00Z,text_message,actor,targeted_advertising,phone_number\n";
    fs::write(at("people.csv"), "person_id\n7\n8\n").expect("writes");
    let check = |rows: &str| {
        fs::write(at("disclosures.csv"), rows).expect("writes");
        answer(&[
            "audit",
            "check",
            folder.path().to_str().expect("a path"),
            "--scenario",
            CNIL,
            "--policy",
            "opt-out",
            "--json",
        ])
    };
    let (code, said, err) = check(&format!("{head}{good}"));
    assert_eq!((code, err.as_str()), (0, ""));
    // Whether person 7 objects is not known.
    assert_eq!(json(&said)["sample"]["rows_unclear"], 1);
    fs::write(at("people.csv"), "person_id,is_user,objects\n7,true,targeted_advertising\n8,false,\n").expect("writes");
    let (code, said, _) = check(&format!("{head}{good}"));
    assert_eq!((code, &json(&said)["sample"]["breaches"][0]["breach"]), (1, &"forbidden".into()));
    for (rows, says) in [
        (
            format!("{head}{good}{}", good.replace("phone_number", "phone_nubmer")),
            "row 2, column `category`: `phone_nubmer`",
        ),
        (format!("{head}{}", good.replace("actor", "sender")), "column `role`: `sender`"),
        (format!("{head}{}", good.replace("2018-01-18T10:00:00Z", "18.1.2018")), "column `time`: `18.1.2018`"),
        (format!("{head}{}", good.replacen('7', "9", 1)), "people.csv has no such person_id"),
        (format!("{head}{}", good.replacen('7', "", 1)), "column `subject`: nothing"),
        (good.to_owned(), "disclosures.csv has no column `subject`"),
    ] {
        let (code, out, err) = check(&rows);
        assert_eq!((code, out.as_str()), (2, ""), "{rows}");
        assert!(err.contains(says), "{err}");
    }
    fs::write(at("people.csv"), "person_id\n7\n7\n").expect("writes");
    let (code, _, err) = check(&format!("{head}{good}"));
    assert!(code == 2 && err.contains("people.csv, row 2") && err.contains("each person once"), "{err}");
    fs::remove_file(at("people.csv")).expect("is there");
    let (code, _, err) = check(&format!("{head}{good}"));
    assert!(code == 2 && err.contains("people.parquet or people.csv"), "{err}");
}
