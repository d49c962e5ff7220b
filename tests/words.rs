//! What people type and what the program says: scenarios from standard input, numbers as people write them, texts that steer
//! terminals, and files made to keep the checks busy.

use std::fs;
use std::io::Write;
use std::process::{Command, Output, Stdio};

const BASE: &str = include_str!("diagnostics/base.toml");

/// Runs the program with a text on stdin.
fn outflow(args: &[&str], stdin: &str) -> Output {
    fed(Command::new(env!("CARGO_BIN_EXE_outflow")).args(args), stdin)
}

fn fed(command: &mut Command, stdin: &str) -> Output {
    let mut child = command
        .env("NO_COLOR", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut pipe = child.stdin.take().expect("a pipe");
    let text = stdin.to_owned();
    let feeder = std::thread::spawn(move || pipe.write_all(text.as_bytes()));
    let output = child.wait_with_output().expect("it ends");
    // Whoever refuses early does not read all of it.
    let _ = feeder.join();
    output
}

fn said(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
}

#[test]
fn a_dash_is_standard_input_for_every_verb() {
    let folder = tempfile::tempdir().expect("a folder");
    let to = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
    let (run, export, sample) = (to("run"), to("export"), to("sample"));
    let flow = ["--purpose", "security", "--category", "phone_number"];
    let world = ["--people", "300", "--days", "1"];
    let verbs: [(&[&str], &str); 11] = [
        (&["validate", "-"], "<stdin>: fine (2 policies"),
        (&["policy", "list", "-"], "opt-out"),
        (&["policy", "show", "-", "opt-out"], "line "),
        (&[&["policy", "explain", "-", "opt-out"], &flow[..]].concat(), "<stdin>:"),
        (&["policy", "diff", "-", "full-sharing", "opt-out"], "opt-out is stricter"),
        (&["policy", "test", "-"], "no tests"),
        (&[&["run", "-", "--output", &run], &world[..]].concat(), "Results in"),
        (&[&["export", "-", "--to", &export], &world[..]].concat(), "300 people"),
        (&["sample", "-", "--policy", "opt-out", "--jurisdiction", "FR", "--people", "5", "--to", &sample], "drawn"),
        (&[&["subject", "-", "0", "--policy", "opt-out"], &world[..]].concat(), "Person 0, FR"),
        // Loads it twice, at two sizes.
        (&["bench", "-", "--quick", "--people", "300", "--days", "1", "--seconds", "1"], "base: 300 people"),
    ];
    for (args, sign) in verbs {
        let (code, out, err) = said(&outflow(args, BASE));
        assert!(code == 0 && out.contains(sign), "{args:?}: {code}\n{out}\n{err}");
    }
    // Prohibited flows are bad news, told with exit code 1.
    let (code, out, _) = said(&outflow(&["policy", "check", "-", "full-sharing"], BASE));
    assert!(code == 1 && out.contains("<stdin>:"), "{out}");
    // What makes the same results names what was typed.
    let manifest = fs::read_to_string(folder.path().join("run/manifest.json")).expect("a manifest");
    let manifest: serde_json::Value = serde_json::from_str(&manifest).expect("JSON");
    assert_eq!(manifest["command"], "outflow run - --people 300 --days 1");
    assert_eq!(manifest["seed_text"], "1");
}

#[test]
fn standard_input_can_be_at_fault() {
    let (code, _, err) = said(&outflow(&["validate", "-"], ""));
    assert!(code == 2 && err.contains("`<stdin>` is empty"), "{err}");
    let (code, _, err) = said(&outflow(&["validate", "-"], &BASE.replace("share = 0.6", "share = 0.5")));
    assert!(code == 2 && err.contains("-[<stdin>:"), "{err}");
    let (code, _, err) = said(&outflow(&["validate", "-", "-"], BASE));
    assert!(code == 2 && err.contains("name it once"), "{err}");
}

#[test]
fn numbers_are_read_as_people_write_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("base.toml");
    fs::write(&file, BASE).expect("can write");
    let file = file.to_str().expect("UTF-8");
    let to = folder.path().join("out");
    let to = to.to_str().expect("UTF-8");
    let (code, out, err) = said(&outflow(&["export", file, "--people", "0.3k", "--days", "1", "--to", to], ""));
    assert!(code == 0 && out.contains(": 300 people"), "{out}{err}");
    // As a file may say it: in groups, for a number that carries its source.
    let set = ["policy", "list", file, "--set", "world.community_size=4_096"];
    let (code, _, err) = said(&outflow(&set, ""));
    assert_eq!((code, err.as_str()), (0, ""));
    // Beyond 2^53 a number in JSON is rounded by most that read it; the text beside it is not.
    let seed = "9007199254740993";
    let run = ["run", file, "--people", "64", "--days", "1", "--seed", seed, "--json", "--output", to];
    fs::remove_dir_all(to).expect("the export");
    let (code, out, err) = said(&outflow(&run, ""));
    assert_eq!(code, 0, "{err}");
    let manifest: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!((manifest["seed"].as_u64(), manifest["seed_text"].as_str()), (Some(9_007_199_254_740_993), Some(seed)));
    let charts = fs::read_dir(folder.path().join("out/charts")).expect("charts").flatten();
    let about = charts.map(|c| c.path()).filter(|p| p.extension().is_some_and(|e| e == "json"));
    let mut seen = 0;
    for path in about {
        let text = fs::read_to_string(&path).expect("JSON");
        assert!(text.contains(&format!("\"seed_text\": \"{seed}\"")), "{}", path.display());
        seen += 1;
    }
    assert!(seen > 3);
}

/// A number that TOML does not read is answered with the one that was meant.
#[test]
fn numbers_that_toml_does_not_read_are_understood() {
    for (typed, meant) in [
        ("traffic.reply_share.value=+.5", "0.5"),
        ("traffic.reply_share.value=-.1", "-0.1"),
        ("traffic.reply_share.value=.5e0", "0.5"),
        ("traffic.reply_share.value=0.5f", "0.5"),
        ("traffic.reply_share.value='\"0.5\"'", "0.5"),
        ("traffic.reply_share=1/2", "0.5"),
        ("traffic.reply_share=50%", "0.5"),
        ("traffic.reply_share=0,5", "0.5"),
        ("world.community_size=4k", "4000"),
        ("scenario.people=1.5M", "1500000"),
    ] {
        let typed = typed.replace('\'', "");
        let (code, _, err) = said(&outflow(&["policy", "list", "-", "--set", &typed], BASE));
        let help: String = err.lines().filter(|l| l.contains("help:")).collect();
        assert!(code == 2 && help.contains(meant), "{typed}: {err}");
    }
}

/// Characters that nobody sees are said to be left out, wherever a reader would meet them; and they make no title another one.
#[test]
fn characters_that_nobody_sees_are_told() {
    let hidden = BASE.replace("title = \"Opt-out\"", "title = \"Full\u{200b} sharing\"");
    let (code, _, err) = said(&outflow(&["validate", "-"], &hidden));
    assert!(code == 0 && err.contains("leave out the hidden character U+200B"), "{err}");
    assert!(err.contains("has the title of `"), "{err}");
    for mark in ["\\u00ad", "\\U000E0041", "\\u0007", "\\u202e"] {
        let title = BASE.replacen("title = \"", &format!("title = \"{mark}"), 1);
        let (code, _, err) = said(&outflow(&["validate", "-"], &title));
        assert!(code == 0 && err.contains("the title of scenario"), "{mark}: {err}");
    }
    // Joiners and variation selectors are part of what is seen.
    let family = BASE.replace("title = \"Opt-out\"", "title = \"Ж\u{fe0f}\"");
    let (code, _, err) = said(&outflow(&["validate", "-"], &family));
    assert!(code == 0 && !err.contains("hidden"), "{err}");
}

/// Three shares of a third, as six digits have them, are a third each: in the run, and when its scenario is fed back.
#[test]
fn rounded_shares_sum_to_one() {
    let third = BASE.replace("share = 0.6", "share = 0.333333").replace("share = 0.4", "share = 0.666666");
    let (code, out, err) = said(&outflow(&["validate", "-"], &third));
    assert!(code == 0 && err.contains("sum to 0.999999: taken as rounded"), "{err}");
    let folder = tempfile::tempdir().expect("a folder");
    let to = folder.path().join("out");
    let world = ["--people", "300", "--days", "1", "--to", to.to_str().expect("UTF-8")];
    assert_eq!(said(&outflow(&[&["export", "-"], &world[..]].concat(), &third)).0, 0);
    let resolved = fs::read_to_string(to.join("scenario.resolved.toml")).expect("a scenario");
    assert!(resolved.contains("share = 0.33333333333333") || resolved.contains("share = 0.3333333333333"), "{out}");
    let (code, _, err) = said(&outflow(&["validate", "-"], &resolved));
    assert_eq!((code, err.as_str()), (0, ""));
    // What rounding does not explain is refused.
    let (code, _, err) = said(&outflow(&["validate", "-"], &third.replace("0.666666", "0.66666")));
    assert!(code == 2 && err.contains("is missing: raise one of"), "{err}");
}

#[test]
fn texts_that_steer_terminals_are_shown() {
    let evil = "\\u001b[31mred\\nnext \\u202e line\\u009b2J";
    let text = BASE.replace("title = \"Opt-out\"", &format!("title = \"{evil}\""));
    let text = text.replace("title = \"An objection stops advertising\"", &format!("title = \"{evil}\""));
    let text =
        text.replace("title = \"Stop\"", &format!("title = \"{evil}\"")).replace("\"CNIL\"", &format!("\"{evil}\""));
    let flow = ["--purpose", "targeted_advertising", "--category", "phone_number"];
    let questions: [&[&str]; 5] = [
        &["policy", "list", "-"],
        &["policy", "show", "-", "opt-out"],
        &[&["policy", "explain", "-", "opt-out"], &flow[..]].concat(),
        &["policy", "check", "-", "opt-out"],
        &["subject", "-", "0", "--policy", "opt-out", "--people", "300", "--days", "1"],
    ];
    for args in questions {
        let (_, out, err) = said(&outflow(args, &text));
        assert!(out.contains("\\u{1b}[31mred"), "{args:?}: {out}{err}");
        for steering in ['\u{1b}', '\u{202e}', '\u{9b}'] {
            assert!(!out.contains(steering) && !err.contains(steering), "{args:?}: {out}{err}");
        }
        // The title stays on its line.
        assert!(!out.lines().any(|l| l.trim_start().starts_with("next")), "{args:?}: {out}");
    }
    // In messages, and in the lines that they quote.
    let wrong =
        BASE.replace("\"security\"", "\"x\"").replace("title = \"Opt-out\"", "title = \"\u{1b}[2J\u{202e}\", x = 1");
    let (code, _, err) = said(&outflow(&["validate", "-"], &wrong));
    assert!(code == 2 && !err.contains('\u{1b}') && !err.contains('\u{202e}'), "{err}");
    assert!(err.contains("\\u{1b}[2J\\u{202e}"), "{err}");
}

#[test]
fn no_tests_are_no_pass() {
    let (code, out, _) = said(&outflow(&["policy", "test", "-"], BASE));
    assert!(code == 0 && out.contains("no tests") && !out.contains("0 passed"), "{out}");
    let (code, out, _) = said(&outflow(&["policy", "test", "-", "--require"], BASE));
    assert!(code == 1 && out.contains("no tests"), "{out}");
    let test = "\n[[policy.test]]\npurpose = \"security\"\ncategory = \"phone_number\"\nexpect = \"permitted\"\n";
    let tested = BASE.replace("title = \"Everything\"\n", &format!("title = \"Everything\"\n{test}"));
    let (code, out, _) = said(&outflow(&["policy", "test", "-", "--require"], &tested));
    assert!(code == 0 && out.contains("1 tests, 1 passed"), "{out}");
}

/// A count over more people than there are is refused, by the people whom the rule can be about.
#[test]
fn groups_that_do_not_exist_are_refused() {
    let rule = |more: &str| {
        let rule = format!("[[policy.rule]]\neffect = \"permit\"\nas = {{ aggregate_k = 500 }}\n{more}\n");
        format!("{BASE}\n[[policy]]\nid = \"counts\"\ntitle = \"Counts\"\nsource = \"s\"\n{rule}")
    };
    let check = |more: &str| said(&outflow(&["validate", "-"], &rule(more)));
    assert_eq!(check("").0, 0);
    // 600 of the 1000 people are in France.
    assert_eq!(check("jurisdictions = [\"FR\"]").0, 0);
    let (code, _, err) = check("jurisdictions = [\"DE\"]");
    assert!(code == 2 && err.contains("groups of 500 people, and can be about 400 people only"), "{err}");
    assert!(err.contains("write aggregate_k = 400 or less"), "{err}");
    // Fewer of them are users, and only these act.
    let (code, _, err) = check("jurisdictions = [\"FR\"]\nroles = [\"actor\"]");
    assert!(code == 2 && err.contains("no such group exists"), "{err}");
    // A run is refused too, and more people make the group.
    let folder = tempfile::tempdir().expect("a folder");
    let to = folder.path().join("out");
    let export = |people: &str| {
        let to = to.to_str().expect("UTF-8");
        said(&outflow(
            &["export", "-", "--to", to, "--days", "1", "--people", people],
            &rule("jurisdictions = [\"DE\"]"),
        ))
    };
    assert_eq!(export("1000").0, 2);
    assert!(!to.exists());
    let bench = ["bench", "-", "--quick", "--people", "1000", "--days", "1"];
    let (code, _, err) = said(&outflow(&bench, &rule("jurisdictions = [\"DE\"]")));
    assert!(code == 2 && err.contains("no such group exists"), "{err}");
    assert_eq!(export("1250").0, 0);
}

/// Files of less than 4 MiB that took minutes and gigabytes.
#[test]
fn what_a_file_makes_the_checks_do_is_bounded() {
    let policy =
        |id: usize, more: &str| format!("[[policy]]\nid = \"p{id}\"\ntitle = \"P {id}\"\nsource = \"s\"\n{more}");
    let rule = "[[policy.rule]]\neffect = \"permit\"\n";
    let chain: String = (0..1000)
        .map(|i| {
            policy(i, &if i > 0 { format!("extends = \"p{}\"\n", i - 1) } else { String::new() }) + &rule.repeat(20)
        })
        .collect();
    let base = policy(0, rule) + &format!("title = \"{}\"\n", "x".repeat(1_000_000));
    let children: String = (1..4000).map(|i| policy(i, "extends = \"p0\"\n")).collect();
    let names: Vec<String> = (0..20_000).map(|i| format!("\"unknown{i}\"")).collect();
    let unknown = policy(0, rule) + &format!("purposes = [{}]\n", names.join(", "));
    let circle: String = (0..9000).map(|i| policy(i, &format!("extends = \"p{}\"\n", (i + 1) % 9000))).collect();
    let near: String = (0..9000).map(|i| policy(i, &format!("extends = \"p{i}x\"\n"))).collect();
    let rules = policy(0, &rule.repeat(5000));
    let titled = |title: &dyn Fn(usize) -> String| -> String {
        let one = |i| format!("[[policy]]\nid = \"p{i}\"\ntitle = \"{}\"\nsource = \"s\"\n{rule}", title(i));
        (0..9000).map(one).collect()
    };
    let (own, same, far) =
        (titled(&|i| format!("Policy {i}")), titled(&|_| "Policy".to_owned()), titled(&|i| format!("東京 {i}")));
    let long = policy(0, rule)
        + &format!("[[policy]]\nid = \"q\"\nsource = \"s\"\ntitle = \"{}\"\n{rule}", "東".repeat(1_000_000));
    let dotted: String = (0..200_000).map(|i| format!("a{i}.b.c.d = 1\n")).collect();
    let errors = "a = 1 1\n".repeat(100_000);
    for (name, text, code, sign) in [
        ("chain", format!("{BASE}\n{chain}"), 2, "extends another that extends another, 33 deep"),
        ("title", format!("{BASE}\n{base}{children}"), 0, ""),
        ("names", format!("{BASE}\n{unknown}"), 2, "... and 19980 more\n20000 errors in"),
        ("circle", format!("{BASE}\n{circle}"), 2, "and 8960 more extend"),
        ("near", format!("{BASE}\n{near}"), 2, "there is no policy `p0x`"),
        ("rules", format!("{BASE}\n{rules}"), 2, "has 5000 rules"),
        ("own", format!("{BASE}\n{own}"), 0, ""),
        ("same", format!("{BASE}\n{same}"), 0, "8999 warnings"),
        ("far", format!("{BASE}\n{far}"), 0, "9000 warnings"),
        ("long", format!("{BASE}\n{long}"), 0, "has no 東 (U+6771)"),
        ("dotted", dotted, 2, "too many values"),
        ("errors", errors, 2, "5 errors"),
    ] {
        assert!(text.len() < 4 << 20, "{name}: {}", text.len());
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("bomb.toml");
        fs::write(&file, text).expect("can write");
        // In a build for debugging, on a busy machine: seconds of processor time, and the address space of all threads.
        let mut shell = Command::new("sh");
        shell.args([
            "-c",
            "ulimit -t 20; ulimit -v 1500000; exec \"$@\"",
            "sh",
            env!("CARGO_BIN_EXE_outflow"),
            "validate",
        ]);
        let (ended, _, err) = said(&fed(shell.arg(&file), ""));
        let end = err.char_indices().nth_back(1500).map_or(0, |(at, _)| at);
        assert!(ended == code && err.contains(sign), "{name}: {ended}: {}", &err[end..]);
    }
}

/// A question whose answer nobody could read is refused in seconds; a smaller one about the same rules is answered, with some of its reasons.
#[test]
fn questions_about_thousands_of_rules_end() {
    let day = |i: usize| format!("{}-{:02}-{:02}", 2010 + i / 336, 1 + i / 28 % 12, 1 + i % 28);
    let rules: String =
        (0..4000).map(|i| format!("[[policy.rule]]\neffect = \"permit\"\nfrom = {}\n", day(i))).collect();
    let text = format!("{BASE}\n[[policy]]\nid = \"dated\"\ntitle = \"Dated\"\nsource = \"s\"\n{rules}");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("dated.toml");
    fs::write(&file, text).expect("can write");
    let ask = |verb: &str, more: &[&str]| {
        let mut shell = Command::new("sh");
        shell.args([
            "-c",
            "ulimit -t 60; ulimit -v 1500000; exec \"$@\"",
            "sh",
            env!("CARGO_BIN_EXE_outflow"),
            "policy",
        ]);
        said(&fed(shell.arg(verb).arg(&file).arg("dated").args(more), ""))
    };
    let flow = ["--purpose", "security", "--category", "phone_number"];
    let (code, _, err) = ask("explain", &flow);
    assert!(code == 2 && err.contains("the 4000 rules of `dated` tell too many flows apart"), "{code}: {err}");
    assert!(err.contains("help: name more of the flow: --date"), "{err}");
    let (code, out, err) = ask("explain", &[&flow[..], &["--date", "2017-10-10"]].concat());
    assert!(code == 0 && out.contains("and by ") && out.contains(" more rules"), "{code}: {out}{err}");
    let (code, out, err) = ask("diff", &["full-sharing"]);
    assert!(code == 0, "{code}: {out}{err}");
}
