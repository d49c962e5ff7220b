//! What surrounds a run can't lose its results, and what lies among them stays: the command line, end to end.
//! (src/output/staging/tests.rs has the cases of the folder itself, tests/commit_faults.py those of system calls and signals.)
#![cfg(unix)]

use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

const SCENARIO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/cnil-2017.toml");

fn run(target: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_outflow"));
    command.args(["run", SCENARIO, "--people", "300", "--days", "2", "--output"]).arg(target).env("NO_COLOR", "1");
    command
}

fn outflow(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_outflow"))
        .args(arguments)
        .env("NO_COLOR", "1")
        .output()
        .expect("the program starts")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn folder() -> (tempfile::TempDir, PathBuf) {
    let home = tempfile::tempdir().expect("a folder");
    let target = home.path().join("run");
    (home, target)
}

fn whole(target: &Path) {
    let output =
        Command::new(env!("CARGO_BIN_EXE_outflow")).args(["verify", "--quick"]).arg(target).output().expect("starts");
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
}

/// Waits for a program that should end; kills it if it does not.
fn ends(mut child: Child, within: Duration) -> Option<i32> {
    let begun = Instant::now();
    while begun.elapsed() < within {
        if let Some(status) = child.try_wait().expect("can be asked") {
            return status.code();
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    child.kill().expect("can be killed");
    child.wait().expect("has ended");
    None
}

#[test]
fn a_stderr_that_fails_or_went_away_loses_nothing() {
    let (_home, target) = folder();
    let full = File::options().write(true).open("/dev/full").expect("there");
    let output = run(&target).stderr(full).output().expect("starts");
    assert_eq!(output.status.code(), Some(0));
    whole(&target);
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    assert_eq!(run(&target).stderr(writer).output().expect("starts").status.code(), Some(0));
    whole(&target);
}

/// What was asked for and could not be written is no success.
#[test]
fn a_stdout_that_fails_is_told() {
    for arguments in [&["--help"][..], &["--version"], &["run", "--help"], &["policy", "list", SCENARIO]] {
        let full = File::options().write(true).open("/dev/full").expect("there");
        let output = Command::new(env!("CARGO_BIN_EXE_outflow")).args(arguments).stdout(full).output().expect("starts");
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert!(said(&output).contains("can't write to standard output"), "{arguments:?}: {}", said(&output));
        // Who looks at the first lines only is no failure.
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let mut child = Command::new(env!("CARGO_BIN_EXE_outflow"));
        assert_eq!(child.args(arguments).stdout(writer).status().expect("starts").code(), Some(0), "{arguments:?}");
    }
}

/// No folder is made only to be left again.
#[test]
fn a_way_through_a_folder_that_is_not_there_is_refused() {
    let (home, _) = folder();
    let output = run(&home.path().join("nosuch/../there")).output().expect("starts");
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains("the folder before .. does not exist"), "{}", said(&output));
    assert_eq!(fs::read_dir(home.path()).expect("can look").count(), 0);
}

#[test]
fn a_stderr_that_nobody_reads_holds_up_neither_results_nor_signals() {
    let (home, target) = folder();
    // Warnings for a pipe that is full already.
    let scenario = home.path().join("s.toml");
    let late = "\n[[policy]]\nid = \"late\"\ntitle = \"Late\"\nsource = \"a test\"\n\
                [[policy.rule]]\neffect = \"permit\"\nfrom = 2050-01-01\n";
    fs::write(&scenario, fs::read_to_string(SCENARIO).expect("there") + late).expect("can write");
    let (_reader, mut writer) = std::io::pipe().expect("a pipe");
    fill(&mut writer);
    let mut command = Command::new(env!("CARGO_BIN_EXE_outflow"));
    command.arg("run").arg(&scenario).args(["--people", "300", "--days", "2", "--output"]).arg(&target);
    let mut child = command.stderr(writer).stdout(Stdio::null()).spawn().expect("starts");
    let begun = Instant::now();
    while !target.join("manifest.json").exists() && begun.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(20));
    }
    whole(&target);
    assert_eq!(child.try_wait().expect("can be asked"), None, "it waits with its warning");
    Command::new("kill").arg(child.id().to_string()).status().expect("kill is there");
    assert_eq!(ends(child, Duration::from_secs(20)), Some(130));
}

/// Fills a pipe, so that the next write to it waits.
fn fill(pipe: &mut std::io::PipeWriter) {
    use std::io::Write;
    let mut other = pipe.try_clone().expect("can be shared");
    let filler = std::thread::spawn(move || {
        // Ends with the test's process: it waits for ever.
        let _ = other.write_all(&vec![b'x'; 1 << 22]);
    });
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_millis(500) && !filler.is_finished() {
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(!filler.is_finished(), "the pipe is full");
}

#[test]
fn a_signal_that_was_ignored_at_the_start_stays_ignored() {
    for signal in ["HUP", "INT"] {
        let (_home, target) = folder();
        let mut command = Command::new("sh");
        let line = format!("trap '' {signal}; exec \"$0\" \"$@\"");
        command.args(["-c", &line, env!("CARGO_BIN_EXE_outflow"), "run", SCENARIO]);
        command.args(["--people", "20000", "--days", "30", "--quiet", "--output"]).arg(&target);
        let child = command.process_group(0).spawn().expect("starts");
        wait_for(&target.join(".outflow"));
        let status =
            Command::new("kill").args(["-s", signal, &child.id().to_string()]).status().expect("kill is there");
        assert!(status.success());
        assert_eq!(ends(child, Duration::from_secs(120)), Some(0), "{signal}");
        whole(&target);
    }
}

fn wait_for(path: &Path) {
    let begun = Instant::now();
    while !path.exists() && begun.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(path.exists(), "{}", path.display());
}

#[test]
fn an_interrupted_run_leaves_nothing_and_says_so() {
    let (home, target) = folder();
    for signal in ["INT", "TERM", "HUP"] {
        // Whoever runs the tests in the background may have chosen to ignore interrupts, and that would be heeded.
        let mut command = Command::new("env");
        command.args(["--default-signal=INT,TERM,HUP", env!("CARGO_BIN_EXE_outflow")]);
        command.args(["run", SCENARIO, "--people", "200000", "--days", "365", "--output"]).arg(&target);
        let child = command.stderr(Stdio::piped()).spawn().expect("starts");
        wait_for(&target.join(".outflow"));
        Command::new("kill").args(["-s", signal, &child.id().to_string()]).status().expect("kill is there");
        let output = child.wait_with_output().expect("ends");
        assert_eq!(output.status.code(), Some(130), "{signal}");
        assert!(said(&output).ends_with("interrupted; nothing was written\n"), "{}", said(&output));
        assert_eq!(fs::read_dir(home.path()).expect("readable").count(), 0, "{signal}");
    }
}

#[test]
fn two_at_once_do_each_other_no_harm() {
    let (_home, target) = folder();
    let start = |seed: &str| run(&target).args(["--seed", seed]).stderr(Stdio::piped()).stdout(Stdio::null()).spawn();
    for _ in 0..4 {
        let both = [start("5"), start("6")].map(|child| child.expect("starts"));
        let ended = both.map(|child| child.wait_with_output().expect("ends"));
        let codes = ended.each_ref().map(|output| output.status.code());
        assert!(codes.contains(&Some(0)), "{codes:?}");
        for output in ended.iter().filter(|output| output.status.code() != Some(0)) {
            assert_eq!(output.status.code(), Some(2));
            assert!(said(output).contains("is being written by another outflow (process "), "{}", said(output));
        }
        whole(&target);
    }
}

#[test]
fn results_go_into_the_folder_where_the_shell_stands() {
    let (_home, target) = folder();
    fs::create_dir(&target).expect("can make");
    for _ in 0..2 {
        let mut command = run(Path::new("."));
        assert_eq!(command.current_dir(&target).output().expect("starts").status.code(), Some(0));
        // Were the folder another one, this would fail.
        assert!(
            Command::new("ls").arg("manifest.json").current_dir(&target).output().expect("starts").status.success()
        );
        whole(&target);
    }
}

#[test]
fn exports_samples_and_charts_of_benchmarks_are_whole_and_beside_the_users_files() {
    let (home, target) = folder();
    let text = |path: &Path| path.to_str().expect("UTF-8").to_owned();
    let sample = text(&home.path().join("sample"));
    let charts = text(&home.path().join("charts"));
    let records = text(&target);
    let small = ["--set", "scenario.people=300", "--set", "scenario.days=1"];
    let commands: [Vec<&str>; 3] = [
        [&["export", SCENARIO, "--quiet", "--to", &records][..], &small].concat(),
        [
            &["sample", SCENARIO, "--policy", "full-sharing", "--jurisdiction", "FR", "--quiet", "--to", &sample][..],
            &small,
        ]
        .concat(),
        vec!["bench", SCENARIO, "--quick", "--seconds", "1", "--people", "2000", "--days", "1", "--charts", &charts],
    ];
    for (command, folder) in commands.iter().zip([&records, &sample, &charts]) {
        for time in 0..2 {
            let output = outflow(command);
            assert_eq!(output.status.code(), Some(0), "{command:?}: {}", said(&output));
            whole(Path::new(folder));
            if time == 0 {
                fs::write(Path::new(folder).join("mine.svg"), "mine").expect("can write");
            }
        }
        assert_eq!(fs::read_to_string(Path::new(folder).join("mine.svg")).expect("still there"), "mine");
    }
    // Charts that the user has changed are the user's.
    let chart = Path::new(&charts).join("bench-throughput.svg");
    fs::write(&chart, "with my colours").expect("can write");
    let output = outflow(&commands[2]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert_eq!(fs::read_to_string(&chart).expect("still there"), "with my colours");
}

fn small_bench(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_outflow"));
    command.args([
        "bench",
        SCENARIO,
        "--quick",
        "--seconds",
        "2",
        "--people",
        "2000",
        "--days",
        "1",
        "--save",
        "b.json",
    ]);
    command.current_dir(home).env("NO_COLOR", "1");
    command
}

#[test]
fn a_benchmark_is_saved_before_it_is_printed() {
    let (home, _) = folder();
    let full = File::options().write(true).open("/dev/full").expect("there");
    let output = small_bench(home.path()).args(["--charts", "charts"]).stdout(full).output().expect("starts");
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("standard output"), "{}", said(&output));
    assert!(fs::read_to_string(home.path().join("b.json")).expect("saved").contains("outflow-bench/1"));
    whole(&home.path().join("charts"));
}

#[test]
fn a_benchmark_does_not_replace_what_appeared_meanwhile() {
    let (home, _) = folder();
    let child = small_bench(home.path()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("starts");
    std::thread::sleep(Duration::from_millis(700));
    fs::write(home.path().join("b.json"), "mine").expect("can write");
    let output = child.wait_with_output().expect("ends");
    assert_eq!(fs::read_to_string(home.path().join("b.json")).expect("still there"), "mine");
    // On a slow machine it has not begun yet, and refuses.
    match output.status.code() {
        Some(1) => {
            assert!(said(&output).contains("b.json.1"), "{}", said(&output));
            assert!(fs::read_to_string(home.path().join("b.json.1")).expect("saved").contains("outflow-bench/1"));
        }
        code => assert_eq!(code, Some(2), "{}", said(&output)),
    }
}

#[test]
fn verify_names_what_is_not_as_it_was_written() {
    let (home, target) = folder();
    assert_eq!(run(&target).output().expect("starts").status.code(), Some(0));
    let folder = target.to_str().expect("UTF-8");
    let output = outflow(&["verify", folder]);
    let words = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(words.contains("whole (") && words.contains("of a run"), "{words}");
    let table = target.join("tables/exposure.parquet");
    let mut content = fs::read(&table).expect("readable");
    let middle = content.len() / 2;
    content[middle] ^= 1;
    fs::write(&table, content).expect("can write");
    fs::remove_file(target.join("charts/categories.csv")).expect("there");
    let output = outflow(&["verify", folder]);
    assert_eq!(output.status.code(), Some(1));
    let words = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(words, "charts/categories.csv: missing\ntables/exposure.parquet: changed: same size, other content\n");
    assert_eq!(String::from_utf8_lossy(&outflow(&["verify", folder, "--quick"]).stdout), words);
    assert_eq!(outflow(&["verify", home.path().to_str().expect("UTF-8")]).status.code(), Some(2));
}

#[test]
fn a_scenario_that_could_not_be_written_whole_does_not_block_the_next_try() {
    let (home, _) = folder();
    let file = home.path().join("x.toml");
    let name = file.to_str().expect("UTF-8");
    // A limit on the size of files stands in for a disk that is full.
    let line = format!("ulimit -f 0; trap '' XFSZ; exec \"$0\" init x --to {name}");
    let output = Command::new("sh").args(["-c", &line, env!("CARGO_BIN_EXE_outflow")]).output().expect("starts");
    assert_ne!(output.status.code(), Some(0));
    assert_eq!(fs::read_dir(home.path()).expect("readable").count(), 0, "{}", said(&output));
    assert_eq!(outflow(&["init", "x", "--to", name]).status.code(), Some(0));
    assert_eq!(outflow(&["init", "x", "--to", name]).status.code(), Some(2));
}
