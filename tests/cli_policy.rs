//! `outflow policy`, `sample` and `subject` on the command line: what they say, and how they end.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const CNIL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/cnil-2017.toml");
const UNINSTALL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/uninstall.toml");

fn outflow(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_outflow")).args(args).env("NO_COLOR", "1").output().expect("the program starts")
}

/// Exit code and stdout.
fn answer(args: &[&str]) -> (i32, String) {
    let output = outflow(args);
    (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&output.stdout).into_owned())
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}

#[test]
fn policies_are_listed_and_shown() {
    let (code, list) = answer(&["policy", "list", CNIL]);
    assert_eq!(code, 0);
    assert!(["full-sharing", "security-only", "opt-out", "cnil-2017"].iter().all(|id| list.contains(id)), "{list}");
    let (code, shown) = answer(&["policy", "show", CNIL, "opt-out", "--stats"]);
    assert_eq!(code, 0);
    assert!(shown.contains("An objection stops") && shown.contains("from 2016-09-25"), "{shown}");
    assert!(shown.contains("distinct rows") && shown.contains("bytes"), "{shown}");
    for (form, sign) in
        [("json", "\"rules\""), ("cedar", "permit"), ("rego", "package"), ("sql", "SELECT"), ("odrl", "@context")]
    {
        let (code, shown) = answer(&["policy", "show", CNIL, "opt-out", "--format", form]);
        assert_eq!(code, 0);
        assert!(shown.contains(sign), "{form}: {shown}");
    }
}

#[test]
fn a_decision_is_explained_with_its_rule_and_line() {
    let flow = ["--purpose", "targeted_advertising", "--category", "phone_number", "--kind", "text_message"];
    let ask = |more: &[&str]| answer(&[&["policy", "explain", CNIL, "opt-out"], &flow[..], more].concat());
    let (code, said) = ask(&["--choice", "objects", "--date", "2017-11-27"]);
    assert_eq!(code, 0);
    assert!(said.contains("forbidden") && !said.contains("permitted") && said.contains("cnil-2017.toml:"), "{said}");
    let (_, said) = ask(&[]);
    assert!(said.contains("before 2016-09-25") && said.contains("users who object; from 2016-09-25"), "{said}");
    let (code, said) = ask(&["--subject", "non_user", "--choice", "agrees"]);
    assert_eq!((code, said.as_str()), (2, ""));
}

#[test]
fn policies_are_compared() {
    let (code, said) = answer(&["policy", "diff", CNIL, "full-sharing", "opt-out"]);
    assert_eq!(code, 0);
    assert!(said.starts_with("opt-out is stricter"), "{said}");
    assert!(said.contains("targeted_advertising; users who object; from 2016-09-25"), "{said}");
    let (_, said) = answer(&["policy", "diff", CNIL, "opt-out", "opt-out"]);
    assert!(said.starts_with("equal"), "{said}");
    let changed = ["--set", "policy.security-only.rule.0.minor=true"];
    let (_, said) = answer(&[&["policy", "diff", CNIL, "security-only", "opt-out"], &changed[..]].concat());
    assert!(said.contains("adults"), "{said}");
}

#[test]
fn a_check_ends_with_1_iff_something_is_let_out() {
    let (code, said) = answer(&["policy", "check", CNIL, "full-sharing"]);
    assert_eq!(code, 1);
    assert!(said.contains("business_intelligence") && said.contains("not a sanction"), "{said}");
    assert!(!said.to_lowercase().contains("illegal"));
    let (code, said) = answer(&["policy", "check", CNIL, "security-only", "--order", "cnil-2017"]);
    assert_eq!(code, 0);
    assert!(said.contains("lets out nothing"), "{said}");
    let wrong = outflow(&["policy", "check", CNIL, "security-only", "--order", "cnil-2071"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("did you mean `cnil-2017`"));
}

#[test]
fn tests_of_policies_end_with_1_if_one_fails() {
    let (code, said) = answer(&["policy", "test", UNINSTALL]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains(" 0 failed") && !said.contains("\n0 tests"), "{said}");
    let dir = tempfile::tempdir().expect("a folder for the test");
    let path = dir.path().join("wrong.toml");
    let mut scenario = fs::read_to_string(CNIL).expect("the scenario");
    scenario = scenario.replace(
        "[[order]]",
        "[[policy.test]]\npurpose = \"targeted_advertising\"\ncategory = \"phone_number\"\nexpect = \"permitted\"\nby = [\"rule 1\"]\n\n[[order]]",
    );
    fs::write(&path, scenario).expect("can write");
    let (code, said) = answer(&["policy", "test", text(&path)]);
    assert_eq!(code, 1, "{said}");
    assert!(
        said.contains("FAIL") && said.contains("expected: permitted") && said.contains("decided:  forbidden"),
        "{said}"
    );
    assert!(said.contains("users who object"), "{said}");
    let (code, said) = answer(&["policy", "test", text(&path), "--policy", "full-sharing"]);
    assert_eq!(code, 0, "{said}");
}

#[test]
fn unknown_names_are_the_inputs_fault() {
    for (args, near) in [
        (vec!["policy", "show", CNIL, "opt-uot"], "opt-out"),
        (vec!["policy", "diff", CNIL, "full-sharing", "secure-only"], "security-only"),
        (vec!["policy", "explain", CNIL, "opt-out", "--purpose", "securty", "--category", "contacts"], "security"),
        (vec!["subject", CNIL, "1", "--policy", "opt_out"], "opt-out"),
    ] {
        let output = outflow(&args);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(&format!("did you mean `{near}`")), "{said}");
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn a_sample_is_written_whole_with_how_it_was_drawn() {
    let dir = tempfile::tempdir().expect("a folder for the test");
    let target = dir.path().join("sample");
    let args = |people: &'static str| {
        let set = ["--days", "2", "--set", "scenario.people=3000"];
        let what = ["sample", CNIL, "--policy", "full-sharing", "--jurisdiction", "FR", "--people", people];
        let to = ["--to", text(&target)];
        outflow(&[&what[..], &set, &to].concat())
    };
    let output = args("40");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let readme = fs::read_to_string(target.join("README.md")).expect("a README");
    assert!(
        readme.contains("without replacement") && readme.contains("of 900") | readme.contains("the 900"),
        "{readme}"
    );
    assert!(readme.contains("outflow sample") && readme.contains("--set scenario.people=3000"), "{readme}");
    let people = fs::read_to_string(target.join("people.csv")).expect("the people");
    assert_eq!(people.lines().count(), 41);
    for file in ["disclosures.parquet", "summary.csv", "scenario.resolved.toml"] {
        assert!(target.join(file).is_file(), "{file}");
    }
    // More than there are: all of them, and a warning.
    let output = args("5000");
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&output.stderr).contains("has 900 simulated people"));
    // A folder with somebody's own README is not replaced.
    let own = dir.path().join("own");
    fs::create_dir(&own).expect("a folder");
    fs::write(own.join("README.md"), "mine").expect("can write");
    let what = ["sample", CNIL, "--policy", "full-sharing", "--jurisdiction", "FR", "--to", text(&own)];
    assert_eq!(outflow(&what).status.code(), Some(2));
    assert_eq!(fs::read_to_string(own.join("README.md")).expect("still there"), "mine");
}

/// What programs read is what people read.
#[test]
fn answers_are_given_as_json() {
    let json = |args: &[&str]| -> (i32, serde_json::Value) {
        let (code, said) = answer(args);
        (code, serde_json::from_str(&said).expect("JSON"))
    };
    let (code, check) = json(&["policy", "check", CNIL, "full-sharing", "--json"]);
    assert_eq!((code, &check["obeys"]), (1, &false.into()));
    let breaches = check["orders"][0]["breaches"].as_array().expect("a list");
    assert!(!breaches.is_empty() && check["orders"][0]["order"] == "cnil-2017");
    for breach in breaches {
        assert_eq!(
            (&breach["decision"]["outcome"], &breach["decision"]["resolution"]),
            (&"permitted".into(), &"exact".into())
        );
        assert!(breach["decision"]["rules"][0]["at"].as_str().is_some_and(|at| at.contains(':')));
    }
    let (code, check) = json(&["policy", "check", CNIL, "security-only", "--json"]);
    assert_eq!((code, &check["obeys"], &check["orders"][0]["breaches"]), (0, &true.into(), &serde_json::json!([])));

    let (code, diff) = json(&["policy", "diff", CNIL, "security-only", "full-sharing", "--json"]);
    assert_eq!((code, &diff["stricter"]), (0, &"first".into()));
    let lines = diff["differences"].as_array().expect("a list");
    assert!(lines.iter().all(|line| line["first"].is_null() && line["second"] == "exact"), "{diff}");
    let (_, same) = json(&["policy", "diff", CNIL, "opt-out", "opt-out", "--json"]);
    assert_eq!((&same["stricter"], &same["differences"]), (&"equal".into(), &serde_json::json!([])));

    let flow = ["--purpose", "targeted_advertising", "--category", "phone_number", "--kind", "text_message"];
    let (code, explained) = json(&[&["policy", "explain", CNIL, "opt-out", "--json"], &flow[..]].concat());
    let answers = explained["answers"].as_array().expect("a list");
    let outcomes: Vec<&str> = answers.iter().filter_map(|a| a["decision"]["outcome"].as_str()).collect();
    assert!(code == 0 && outcomes.contains(&"forbidden") && outcomes.contains(&"permitted"), "{explained}");
}

#[test]
fn a_subject_is_told_in_words_and_in_json() {
    let world = ["--people", "3000", "--days", "2"];
    let (code, said) = answer(&[&["subject", CNIL, "3", "--policy", "full-sharing"], &world[..]].concat());
    assert_eq!(code, 0);
    assert!(said.contains("phone_number") && said.contains("Let out by") && said.contains("other people"), "{said}");
    let (code, said) = answer(&[&["subject", CNIL, "3", "--policy", "full-sharing", "--json"], &world[..]].concat());
    assert_eq!(code, 0);
    let json: serde_json::Value = serde_json::from_str(&said).expect("JSON");
    assert_eq!(json["person"], 3);
    assert!(json["held"].as_array().is_some_and(|h| !h.is_empty()));
    let nobody = outflow(&[&["subject", CNIL, "99999999", "--policy", "full-sharing"], &world[..]].concat());
    assert_eq!(nobody.status.code(), Some(2));
    let said = String::from_utf8_lossy(&nobody.stderr).into_owned();
    assert!(said.contains("no person 99999999") && said.contains("ids are 0 to 2999"), "{said}");
}
