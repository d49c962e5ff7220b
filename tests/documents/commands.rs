//! Every command line that a document or the help shows is run, on small worlds.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::markdown::{blocks, spans};
use super::{documents, outflow, printed, results, root};

/// What stands for something, and what is put there.
const PLACEHOLDERS: [(&str, &[&str]); 24] = [
    ("SCENARIO", &["my.toml"]),
    ("[SCENARIO]", &["my.toml"]),
    ("FILE...", &["my.toml", "cnil-2017"]),
    ("...", &["my.toml"]),
    ("FILE", &["bench.json"]),
    ("ID", &["opt-out"]),
    ("A", &["full-sharing"]),
    ("B", &["opt-out"]),
    ("ORDER", &["cnil-2017"]),
    ("P", &["security"]),
    ("C", &["contacts"]),
    ("J", &["FR"]),
    ("N", &["20"]),
    ("T", &["1"]),
    ("I", &["0"]),
    ("PART", &["part.arrow"]),
    ("PART...", &["part.arrow"]),
    ("PERSON", &["0"]),
    ("DIR", &["records"]),
    ("NAME", &["my-case"]),
    ("SHELL", &["bash"]),
    ("KEY=VALUES", &["traffic.reply_share=0.5,0.9"]),
    ("METRIC", &["coverage_of_group:non_user"]),
    ("FIGURE...", &["categories"]),
];

/// Whatever a shell would make of a line: words up to a comment, a pipe or a redirection, files for patterns.
fn words(line: &str) -> Vec<String> {
    let end =
        ["  #", " | ", " > ", " >> ", "   (", "      "].iter().filter_map(|e| line.find(e)).min().unwrap_or(line.len());
    let mut words = Vec::new();
    for word in line[..end].split_whitespace().map(|w| w.trim_end_matches([',', ';', ')'])) {
        if word == "scenarios/*.toml" {
            let files = fs::read_dir(root().join("scenarios")).expect("a folder").map(|e| e.expect("readable").path());
            words.extend(files.map(|p| p.display().to_string()));
        } else if let Some((_, put)) = PLACEHOLDERS.iter().find(|(name, _)| *name == word) {
            words.extend(put.iter().map(|p| (*p).to_owned()));
        } else {
            words.push(word.trim_matches('\'').to_owned());
        }
    }
    words
}

/// Makes a command small; what it shows stays what it is.
fn small(words: &mut Vec<String>) {
    let has = |words: &[String], option: &str| words.iter().any(|w| w == option);
    let verb = words.first().cloned().unwrap_or_default();
    let plans = words.get(1).is_some_and(|word| word == "plan");
    let mut add = |option: &str, value: &str| {
        if has(words, option) {
            let at = words.iter().position(|w| w == option).expect("it is there") + 1;
            // Numbers with units are large.
            if words[at].parse::<u64>().map_or(true, |n| n > value.parse().unwrap_or(0)) {
                words[at] = value.to_owned();
            }
        } else {
            words.extend([option.to_owned(), value.to_owned()]);
        }
    };
    match &*verb {
        "run" | "export" | "subject" | "sweep" | "shard" => {
            add("--people", "400");
            add("--days", "2");
            if verb != "export" && verb != "subject" {
                add("--replicates", "2");
            }
        }
        "sensitivity" => {
            add("--people", "300");
            add("--days", "1");
            add("--replicates", "1");
            add("--trajectories", "2");
        }
        "audit" if plans => {
            add("--people", "400");
            add("--days", "2");
            add("--draws", "20");
            // The order is to be obeyed by then.
            words.extend(["--set".to_owned(), "scenario.start=2018-01-18".to_owned()]);
        }
        "bench" => {
            add("--people", "400");
            add("--days", "1");
            add("--seconds", "0");
            add("--threads", "2");
        }
        "sample" => {
            add("--people", "20");
            add("--days", "2");
            words.extend(["--set".to_owned(), "scenario.people=2000".to_owned()]);
        }
        _ => {}
    }
}

/// Exit codes that are as they should be.
fn fine(words: &[String]) -> &'static [i32] {
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        // What it finds is the scenario's, or the machine's.
        ["policy", "check", ..] | ["audit", "check", ..] => &[0, 1],
        ["bench", ..] if words.iter().any(|w| w == "--baseline") => &[0, 1],
        _ => &[0],
    }
}

/// The command lines of a text, without the program's name: in code blocks and in code spans.
fn shown(text: &str) -> Vec<String> {
    let begins = ["outflow ", "cargo run --release -- "];
    let lines =
        blocks(text).into_iter().flat_map(|b| b.lines().map(str::to_owned).collect::<Vec<_>>()).chain(spans(text));
    let mut found = Vec::new();
    for line in lines {
        let line = line.trim_start_matches("$ ").trim_start();
        let line = line.strip_prefix("OUTFLOW_PATH=portable ").unwrap_or(line);
        for begin in begins {
            if let Some(command) = line.strip_prefix(begin) {
                found.push(command.to_owned());
            }
        }
    }
    found
}

fn run(from: &str, command: &str, words: &[String]) {
    // A folder of its own, without the source around it: the scenarios that ship need no file.
    let folder = tempfile::tempdir().expect("a folder for the test");
    for name in ["my.toml", "bench.json"] {
        fs::copy(results().join(name), folder.path().join(name)).expect("can copy");
    }
    let args: Vec<&str> = words.iter().map(String::as_str).collect();
    // A baseline is of the same world.
    if args[0] == "bench" && args.contains(&"--baseline") {
        let i = args.iter().position(|w| *w == "--baseline").expect("it is there");
        let mut first: Vec<&str> = [&args[..i], &args[i + 2..]].concat();
        fs::remove_file(folder.path().join("bench.json")).expect("it is there");
        first.extend(["--save", "bench.json"]);
        printed(folder.path(), &first);
    }
    // What is to be verified, or drawn again, is there.
    if let ["verify" | "chart" | "report", place, ..] = args[..] {
        let made = ["run", "cnil-2017", "--people", "400", "--days", "1", "--quiet", "--output", place];
        printed(folder.path(), &made);
    }
    // What is to be judged is there.
    if let ["audit", "check", place, ..] = args[..] {
        let world = ["--people", "5", "--days", "2", "--set", "scenario.people=400", "--quiet", "--to", place];
        printed(
            folder.path(),
            &[&["sample", "cnil-2017", "--policy", "opt-out", "--jurisdiction", "FR"], &world[..]].concat(),
        );
    }
    // What is to be merged is there: so many parts.
    if args[0] == "merge" {
        let parts: Vec<&str> = args[1..].iter().copied().take_while(|word| !word.starts_with('-')).collect();
        let of = parts.len().to_string();
        for (shard, part) in parts.iter().enumerate() {
            let shard = shard.to_string();
            let which = ["--shard", &shard, "--of", &of, "--to", part];
            printed(
                folder.path(),
                &[&["shard", "cnil-2017", "--people", "400", "--days", "1", "--quiet"], &which[..]].concat(),
            );
        }
    }
    // Names of folders stand for two runs.
    let beside = ["compare", "first", "second", "--to", "beside"];
    let args = if args[0] == "compare" { beside.to_vec() } else { args };
    for place in args.iter().filter(|word| args[0] == "compare" && ["first", "second"].contains(word)) {
        printed(folder.path(), &["run", "cnil-2017", "--people", "400", "--days", "1", "--quiet", "--output", place]);
    }
    let output = outflow(folder.path(), &args);
    let code = output.status.code().unwrap_or(-1);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        fine(words).contains(&code),
        "{from} shows `{command}`: `outflow {}` ends with {code}\n{said}",
        args.join(" ")
    );
    if args[0] == "run" && !args.contains(&"--output") {
        let made = fs::read_dir(folder.path().join("output")).expect("results").count();
        assert_eq!(made, 1, "{from}: `{command}`");
    }
}

#[test]
fn every_command_of_a_document_works() {
    let mut tried = std::collections::BTreeSet::new();
    let mut commands = Vec::new();
    for (path, text) in documents() {
        for command in shown(&text) {
            // A verb or a part of a command, in the middle of a sentence.
            let mut words = words(&command);
            if matches!(
                words.iter().map(String::as_str).collect::<Vec<_>>()[..],
                [] | [_] | ["policy", "show", "--stats" | "--format", ..]
            ) && !["bench", "schema", "man"].contains(&words.first().map_or("", |w| w))
            {
                assert!(known_verb(&words), "{path} shows `{command}`: there is no such verb");
                continue;
            }
            small(&mut words);
            if tried.insert(words.clone()) {
                commands.push((path.clone(), command, words));
            }
        }
    }
    assert!(tried.len() >= 25, "{} commands: {tried:?}", tried.len());
    run_each(&commands);
}

/// Runs commands, as many at a time as there are processors.
fn run_each(commands: &[(String, String, Vec<String>)]) {
    let next = AtomicUsize::new(0);
    let work = || {
        while let Some((from, command, words)) = commands.get(next.fetch_add(1, Ordering::Relaxed)) {
            run(from, command, words);
        }
    };
    std::thread::scope(|scope| {
        (0..std::thread::available_parallelism().map_or(2, usize::from)).for_each(|_| {
            scope.spawn(work);
        });
    });
}

fn known_verb(words: &[String]) -> bool {
    let verbs: Vec<&str> = words.iter().map(String::as_str).take_while(|w| !w.starts_with('-')).collect();
    outflow(root(), &[&verbs[..], &["--help"]].concat()).status.success()
}

#[test]
fn every_command_of_the_help_works() {
    let mut tried = 0;
    for verb in super::options::verbs() {
        let help = printed(root(), &[&verb.iter().map(String::as_str).collect::<Vec<_>>()[..], &["--help"]].concat());
        for line in help.lines().filter(|l| !l.starts_with("Usage:")) {
            let Some((_, command)) = line.split_once("outflow ").filter(|(before, _)| before.trim_end().ends_with(':'))
            else {
                continue;
            };
            let mut words = words(command);
            small(&mut words);
            run("the help", command, &words);
            tried += 1;
        }
    }
    assert!(tried >= 5, "{tried} commands");
}

#[test]
fn what_init_writes_says_how_to_go_on() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let next = printed(folder.path(), &["init", "my-case"]);
    let commands: Vec<&str> = next.lines().filter_map(|l| l.trim().strip_prefix("outflow ")).collect();
    assert!(commands.len() >= 3, "{next}");
    for command in commands {
        let mut words = words(command);
        small(&mut words);
        printed(folder.path(), &words.iter().map(String::as_str).collect::<Vec<_>>());
    }
}

#[test]
fn links_lead_somewhere() {
    let slug = |heading: &str| -> String {
        let kept = heading.trim_start_matches('#').trim().to_lowercase();
        kept.chars()
            .filter(|c| c.is_alphanumeric() || " -_".contains(*c))
            .map(|c| if c == ' ' { '-' } else { c })
            .collect()
    };
    let mut followed = 0;
    for (path, text) in documents().into_iter().chain([("CHANGELOG.md".to_owned(), super::document("CHANGELOG.md"))]) {
        let folder = root().join(&path).parent().expect("a folder").to_path_buf();
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if target.starts_with("http") {
                continue;
            }
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let file = if file.is_empty() { root().join(&path) } else { folder.join(file) };
            assert!(file.exists(), "{path}: {target} leads nowhere");
            if !anchor.is_empty() {
                let there = fs::read_to_string(&file).expect("readable");
                assert!(
                    there.lines().any(|l| l.starts_with('#') && slug(l) == anchor),
                    "{path}: no heading for {target}"
                );
            }
            followed += 1;
        }
        // Paths in code.
        let tops = ["src", "tests", "scenarios", "docs", "schema", "benches", "assets"];
        for span in spans(&text) {
            let plain = span.chars().all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c));
            let top = span.split('/').next().unwrap_or_default();
            if plain && span.contains('/') && span.contains('.') && tops.contains(&top) && path != "docs/DIAGNOSTICS.md"
            {
                assert!(Path::new(root()).join(&span).exists(), "{path}: there is no {span}");
            }
        }
    }
    assert!(followed >= 10, "{followed}");
}

#[test]
fn the_readme_names_what_there_is() {
    let readme = super::document("README.md");
    for entry in fs::read_dir(root().join("scenarios")).expect("a folder") {
        let name = entry.expect("readable").file_name().to_string_lossy().into_owned();
        assert!(readme.contains(&format!("](scenarios/{name})")), "README.md does not list {name}");
    }
    let (cargo, peers) = (super::document("Cargo.toml"), super::document("benches/peers/Cargo.toml"));
    let rust =
        cargo.lines().find_map(|l| l.strip_prefix("rust-version = ")).expect("a version").trim_matches('"').to_owned();
    assert!(readme.contains(&format!("Rust ({rust} or newer)")), "README.md names another Rust than {rust}");
    for line in blocks(&readme).concat().lines().chain(spans(&readme).iter().map(String::as_str)) {
        if let Some((_, name)) = line.split_once("--bench ").filter(|_| line.starts_with("cargo bench")) {
            let name = name.split_whitespace().next().unwrap_or_default();
            let of = if line.contains("-p outflow-peers") { &peers } else { &cargo };
            assert!(of.contains(&format!("[[bench]]\nname = \"{name}\"")), "README.md: there is no benchmark {name}");
        }
    }
}
