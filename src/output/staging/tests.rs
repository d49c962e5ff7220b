//! What is promised about a results folder, case by case.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;

use super::disk::{Disk, RealDisk};
use super::*;

/// Files of some results; the number is in each of them.
const FILES: [&str; 4] = ["scenario.resolved.toml", "report.html", "tables/exposure.csv", "charts/categories.svg"];

/// Stages results that have `number` in all files, and, if it is even, one that odd ones do not have.
pub(super) fn stage(staging: &Staging, number: u32) -> Result<(), OutputError> {
    for name in FILES {
        staging.write(name, format!("{name} {number}"))?;
    }
    if number.is_multiple_of(2) {
        staging.write("tables/daily.csv", format!("daily {number}"))?;
    }
    Ok(())
}

/// A whole run with a number.
pub(super) fn run(disk: Arc<dyn Disk>, target: &Path, number: u32) -> Result<(), OutputError> {
    let staging = Staging::begin_on(disk, target, Contents::Run)?;
    stage(&staging, number)?;
    staging.commit(&json!({ "number": number })).map(drop)
}

/// The number of the results that lie in a folder, whole.
pub(super) fn whole(target: &Path) -> Option<u64> {
    let found = verify(target).expect("can be verified");
    assert_eq!(found.problems, [], "in {}", target.display());
    let manifest: serde_json::Value =
        serde_json::from_slice(&fs::read(target.join(MANIFEST)).expect("a manifest")).expect("JSON");
    let number = manifest["number"].as_u64()?;
    assert_eq!(target.join("tables/daily.csv").exists(), number.is_multiple_of(2), "no stale file, none is missing");
    Some(number)
}

fn real() -> Arc<dyn Disk> {
    Arc::new(RealDisk)
}

fn message(result: Result<(), OutputError>) -> String {
    result.expect_err("is refused").to_string()
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .expect("readable")
        .map(|e| e.expect("readable").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn results_appear_whole_or_not_at_all() {
    let home = tempfile::tempdir().expect("a folder");
    let target = home.path().join("deep/run");
    let first = Staging::begin(&target, Contents::Run).expect("can begin");
    stage(&first, 1).expect("can stage");
    assert_eq!(names(&target), [CONTROL], "nothing is in place yet");
    drop(first);
    assert_eq!(names(home.path()), [""; 0], "and nothing is left of what came to nothing");
    run(real(), &target, 1).expect("can run");
    let second = Staging::begin(&target, Contents::Run).expect("can begin again");
    stage(&second, 2).expect("can stage");
    drop(second);
    assert_eq!(whole(&target), Some(1));
    for number in [2, 3] {
        run(real(), &target, number).expect("can run over it");
        assert_eq!(whole(&target), Some(number.into()));
    }
    assert_eq!(names(&target), ["charts", MANIFEST, "report.html", "scenario.resolved.toml", "tables"]);
    assert_eq!(names(&home.path().join("deep")), ["run"]);
}

#[test]
fn what_the_user_keeps_among_results_stays() {
    let home = tempfile::tempdir().expect("a folder");
    let target = home.path().join("run");
    run(real(), &target, 2).expect("can run");
    fs::create_dir(target.join(".git")).expect("can make");
    let mine = ["charts/mine.svg", "tables/pivot.xlsx", ".git/HEAD", "README.md", ".~lock.pivot.xlsx#", ".DS_Store"];
    for name in mine {
        fs::write(target.join(name), name).expect("can write");
    }
    let staging = Staging::begin(&target, Contents::Run).expect("they are no reason to refuse");
    stage(&staging, 3).expect("can stage");
    fs::write(target.join("tables/dropped.txt"), "during the run").expect("can write");
    staging.commit(&json!({ "number": 3 })).expect("can commit");
    assert_eq!(whole(&target), Some(3));
    for name in mine {
        assert_eq!(fs::read_to_string(target.join(name)).expect(name), name);
    }
    assert_eq!(fs::read_to_string(target.join("tables/dropped.txt")).expect("there"), "during the run");
    let others = verify(&target).expect("can be verified").others;
    assert!(others.contains(&"charts/mine.svg".into()) && others.contains(&".git".into()), "{others:?}");
}

#[test]
fn what_is_not_outflows_is_refused_by_name_before_the_work() {
    let home = tempfile::tempdir().expect("a folder");
    let target = home.path().join("run");
    let refused = |target: &Path| message(Staging::begin(target, Contents::Run).map(drop));
    // Harmless files alone are fine; somebody's work is not, whatever it is called.
    fs::create_dir(&target).expect("can make");
    fs::write(target.join("Thumbs.db"), "").expect("can write");
    drop(Staging::begin(&target, Contents::Run).expect("nobody's file"));
    fs::write(target.join("scenario.resolved.toml"), "").expect("can write");
    fs::write(target.join("README.md"), "my sample").expect("can write");
    assert!(refused(&target).contains("`README.md`"));
    assert!(message(Staging::begin(&target, Contents::Sample).map(drop)).contains("`README.md`"));
    fs::remove_file(target.join("README.md")).expect("can remove");
    assert!(refused(&target).contains("`scenario.resolved.toml`"));
    assert!(refused(&target.join("scenario.resolved.toml")).contains("is a file, not a folder"));
    fs::remove_file(target.join("scenario.resolved.toml")).expect("can remove");

    run(real(), &target, 1).expect("can run");
    // The user's own version of a file of the results, and a file of the user's where the next results have one.
    fs::write(target.join("tables/daily.csv"), "my own").expect("can write");
    assert!(refused(&target).contains("`tables/daily.csv`, which outflow did not write"));
    fs::remove_file(target.join("tables/daily.csv")).expect("can remove");
    fs::write(target.join("report.html"), "with my remarks").expect("can write");
    assert!(refused(&target).contains("`report.html`, which was changed"));
    assert_eq!(fs::read_to_string(target.join("report.html")).expect("there"), "with my remarks");
    fs::remove_file(target.join("report.html")).expect("can remove");
    run(real(), &target, 1).expect("a file that is gone is no loss");
    // Other kinds of results, manifests of others, edited ones.
    assert!(message(Staging::begin(&target, Contents::Export).map(drop)).contains("holds a run, which an export"));
    let manifest = fs::read_to_string(target.join(MANIFEST)).expect("there");
    for (text, why) in [
        (manifest.replace("\"number\": 1", "\"number\": 7"), "was changed since outflow wrote it"),
        ("{\"name\": \"my app\"}".into(), "is not one of outflow's"),
        ("{\"scenario_digest\": \"\"}".into(), "early version"),
        ("no JSON".into(), "is no JSON"),
    ] {
        fs::write(target.join(MANIFEST), text).expect("can write");
        let said = refused(&target);
        assert!(said.contains(why), "{said}");
    }
    assert_eq!(whole_parts(&target), 4, "and all is still there");
}

fn whole_parts(target: &Path) -> usize {
    FILES.iter().filter(|name| target.join(name).is_file()).count()
}

#[test]
fn a_file_that_appears_during_the_run_is_not_replaced_and_the_results_are_kept() {
    let home = tempfile::tempdir().expect("a folder");
    let target = home.path().join("run");
    run(real(), &target, 1).expect("can run");
    let staging = Staging::begin(&target, Contents::Run).expect("can begin");
    stage(&staging, 2).expect("can stage");
    fs::write(target.join("tables/daily.csv"), "my own").expect("can write");
    let said = message(staging.commit(&json!({ "number": 2 })).map(drop));
    assert!(said.contains("`tables/daily.csv`"), "{said}");
    assert_eq!(fs::read_to_string(target.join("tables/daily.csv")).expect("there"), "my own");
    let refuge = names(&target).into_iter().find(|n| n.starts_with("outflow-results-")).expect("the results");
    assert!(said.contains(&refuge), "{said}");
    assert_eq!(whole(&target.join(refuge)), Some(2));
    fs::remove_file(target.join("tables/daily.csv")).expect("can remove");
    assert_eq!(whole(&target), Some(1));
}

#[test]
fn one_writer_at_a_time() {
    let home = tempfile::tempdir().expect("a folder");
    let target = home.path().join("run");
    let first = Staging::begin(&target, Contents::Run).expect("can begin");
    let said = message(Staging::begin(&target, Contents::Run).map(drop));
    assert!(said.contains(&format!("process {}", std::process::id())), "{said}");
    stage(&first, 1).expect("the refused one took nothing away");
    first.commit(&json!({ "number": 1 })).expect("can commit");
    assert_eq!(whole(&target), Some(1));
}

/// Between the lock and the name in it a holder may be held up; whoever meets it then waits for the name, or for the lock.
#[test]
fn a_holder_that_has_not_yet_put_its_name_there_is_waited_for() {
    for named in [true, false] {
        let home = tempfile::tempdir().expect("a folder");
        let control = home.path().join(CONTROL);
        fs::create_dir(&control).expect("can make");
        let mut file = fs::File::create(control.join("lock")).expect("can make");
        file.lock().expect("nobody else has it");
        let other = std::thread::spawn(move || lock::lock(&control));
        std::thread::sleep(std::time::Duration::from_millis(100));
        if named {
            let name = json!({ "process": 17, "host": "elsewhere", "since": "2017-12-18 00:00:00" });
            std::io::Write::write_all(&mut file, name.to_string().as_bytes()).expect("can write");
            let met = other.join().expect("no panic").expect("readable");
            assert!(matches!(&met, lock::Locked::Busy(Some(holder)) if holder.process == 17), "{met:?}");
        } else {
            drop(file);
            let met = other.join().expect("no panic").expect("readable");
            assert!(matches!(met, lock::Locked::Held(_)), "{met:?}");
        }
    }
}

#[cfg(unix)]
#[test]
fn links_modes_and_protection_are_honoured() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let home = tempfile::tempdir().expect("a folder");
    let disk = home.path().join("disk");
    fs::create_dir(&disk).expect("can make");
    let link = home.path().join("run");
    symlink(&disk, &link).expect("can link");
    let mode = |path: &Path, mode: u32| fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("can set");
    let get = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o7777;
    mode(&disk, 0o2775);
    run(real(), &link, 1).expect("can run through a link");
    mode(&disk.join("report.html"), 0o640);
    mode(&disk.join(MANIFEST), 0o600);
    mode(&disk.join("tables"), 0o700);
    run(real(), &link, 2).expect("can run through it again");
    assert!(fs::symlink_metadata(&link).expect("there").is_symlink());
    assert_eq!(whole(&disk), Some(2));
    let modes = ["", "tables", "report.html", MANIFEST].map(|name| get(&disk.join(name)));
    assert_eq!(modes, [0o2775, 0o700, 0o640, 0o600]);

    for protected in ["", "tables", "report.html"] {
        let path = disk.join(protected);
        let before = get(&path);
        mode(&path, before & !0o222);
        let said = message(Staging::begin(&link, Contents::Run).map(drop));
        assert!(said.contains("protected from writing") && said.contains(protected), "{said}");
        mode(&path, before);
    }
    assert_eq!(whole(&disk), Some(2));

    // A folder or a file of the results that was moved elsewhere and linked is the user's arrangement.
    fs::rename(disk.join("charts"), home.path().join("charts")).expect("can move");
    symlink(home.path().join("charts"), disk.join("charts")).expect("can link");
    let said = message(Staging::begin(&link, Contents::Run).map(drop));
    assert!(said.contains("`charts`"), "{said}");

    symlink(home.path().join("nowhere"), home.path().join("dangling")).expect("can link");
    let said = message(Staging::begin(&home.path().join("dangling"), Contents::Run).map(drop));
    assert!(said.contains("does not exist"), "{said}");
    assert!(!home.path().join("nowhere").exists());
}

#[test]
fn names_may_be_as_long_as_the_system_allows() {
    let home = tempfile::tempdir().expect("a folder");
    let target = home.path().join("n".repeat(255));
    run(real(), &target, 1).expect("can run");
    assert_eq!(whole(&target), Some(1));
    let file = NewFile::at(&home.path().join("f".repeat(255))).expect("can be there");
    file.replace(b"1").expect("can write");
    assert_eq!(names(home.path()).len(), 2);
}

#[test]
fn every_flipped_bit_is_named() {
    let home = tempfile::tempdir().expect("a folder");
    let target = home.path().join("run");
    run(real(), &target, 2).expect("can run");
    for name in FILES {
        let file = target.join(name);
        let content = fs::read(&file).expect("readable");
        for bit in 0..content.len() * 8 {
            let mut flipped = content.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            fs::write(&file, flipped).expect("can write");
            let found = verify(&target).expect("can be verified").problems;
            assert_eq!(found, [Problem::Content(name.into())], "bit {bit}");
        }
        fs::write(&file, content).expect("can write");
    }
    let manifest = target.join(MANIFEST);
    let content = fs::read(&manifest).expect("readable");
    for bit in 0..content.len() * 8 {
        let mut flipped = content.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        fs::write(&manifest, flipped).expect("can write");
        assert!(verify(&target).is_err(), "bit {bit} of the manifest");
    }
    fs::write(&manifest, content).expect("can write");
    fs::write(target.join("report.html"), "longer than it was before").expect("can write");
    fs::remove_file(target.join("tables/daily.csv")).expect("can remove");
    let found = verify(&target).expect("can be verified").problems;
    assert_eq!(found, [Problem::Size("report.html".into(), 13, 25), Problem::Missing("tables/daily.csv".into())]);
}

/// A folder that somebody else prepared, with links that lead out of it, costs nothing outside of it.
#[cfg(unix)]
#[test]
fn links_in_a_prepared_folder_lead_nowhere() {
    use std::os::unix::fs::symlink;
    let home = tempfile::tempdir().expect("a folder");
    let target = home.path().join("run");
    let theirs = home.path().join("theirs");
    let fresh = || {
        let _ = (fs::remove_dir_all(&target), fs::remove_dir_all(&theirs));
        fs::create_dir(&theirs).expect("can make");
        fs::write(theirs.join("precious.txt"), "precious").expect("can write");
        run(real(), &target, 1).expect("can run");
    };
    let unharmed = |case: &str| {
        assert_eq!(names(&theirs), ["precious.txt"], "{case}");
        assert_eq!(fs::read_to_string(theirs.join("precious.txt")).expect("there"), "precious", "{case}");
    };
    fresh();
    fs::create_dir(target.join(CONTROL)).expect("can make");
    symlink(&theirs, target.join(CONTROL).join("attempt-0")).expect("can link");
    let _ = verify(&target);
    run(real(), &target, 2).expect("a link of that name is nobody's staging");
    unharmed("a linked attempt");

    fresh();
    fs::create_dir(theirs.join("attempt-0")).expect("can make");
    fs::write(theirs.join("attempt-0/precious.txt"), "").expect("can write");
    symlink(&theirs, target.join(CONTROL)).expect("can link");
    assert!(verify(&target).is_err() && run(real(), &target, 2).is_err());
    assert!(theirs.join("attempt-0/precious.txt").exists(), "a linked control folder");

    for hard in [false, true] {
        fresh();
        fs::create_dir(target.join(CONTROL)).expect("can make");
        let (from, to) = (theirs.join("precious.txt"), target.join(CONTROL).join("lock"));
        let _ = if hard { fs::hard_link(from, to) } else { symlink(from, to) };
        assert!(run(real(), &target, 2).is_err());
        let _ = verify(&target);
        unharmed("a linked lock");
    }

    fresh();
    let attempt = target.join(CONTROL).join("attempt-0");
    fs::create_dir_all(attempt.join("x")).expect("can make");
    fs::write(attempt.join("x/new.txt"), "new").expect("can write");
    symlink(&theirs, target.join("x")).expect("can link");
    let entry = |text: &str| FileEntry::of(text.as_bytes());
    let journal = json!({
        "attempt": "attempt-0",
        "moves": [{ "path": "x/new.txt", "new": entry("new"), "old": null }],
        "stale": [["x/precious.txt", entry("precious")]],
    });
    fs::write(target.join(CONTROL).join("commit.json"), journal.to_string()).expect("can write");
    assert!(verify(&target).is_err());
    unharmed("a forged journal");

    fresh();
    symlink(&theirs, target.join("x")).expect("can link");
    let files = Inventory::from([("x/precious.txt".to_owned(), entry("precious"))]);
    let (_, text) = inventory::seal(&json!({}), "run", &files).expect("JSON");
    fs::write(target.join(MANIFEST), text).expect("can write");
    let _ = run(real(), &target, 2);
    unharmed("a forged manifest");
}

/// What lies in a control folder and is no file can't hold anything up.
#[cfg(unix)]
#[test]
fn pipes_in_place_of_files_hold_nothing_up() {
    let home = tempfile::tempdir().expect("a folder");
    let target = home.path().join("run");
    run(real(), &target, 1).expect("can run");
    fs::create_dir(target.join(CONTROL)).expect("can make");
    for pipe in [target.join(CONTROL).join("commit.json"), home.path().join(".outflow-unfinished-x")] {
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo is there").success());
    }
    assert!(message(verify(&target).map(drop)).contains("no plain file"));
    assert!(message(run(real(), &target, 2)).contains("no plain file"));
    NewFile::at(&home.path().join("b.json")).expect("can be there").replace(b"1").expect("can write");
}

/// A lock is only removed by whoever holds it, wherever its folder went meanwhile.
#[test]
fn a_folder_that_was_moved_away_takes_its_lock_along() {
    let home = tempfile::tempdir().expect("a folder");
    let (target, away) = (home.path().join("run"), home.path().join("away"));
    let first = Staging::begin(&target, Contents::Run).expect("can begin");
    fs::rename(&target, &away).expect("can move");
    let second = Staging::begin(&target, Contents::Run).expect("can begin in the new one");
    drop(first);
    assert!(message(Staging::begin(&target, Contents::Run).map(drop)).contains("is being written"));
    stage(&second, 2).expect("can stage");
    second.commit(&json!({ "number": 2 })).expect("can commit");
    assert_eq!(whole(&target), Some(2));
}

/// Complete results of a process that was killed before it could announce them are kept; a half of them is not.
#[test]
fn complete_results_of_a_killed_process_are_kept() {
    let home = tempfile::tempdir().expect("a folder");
    let (target, other) = (home.path().join("run"), home.path().join("other"));
    run(real(), &other, 2).expect("can run");
    for (attempt, whole) in [("attempt-1", true), ("attempt-2", false)] {
        let place = target.join(CONTROL).join(attempt);
        fs::create_dir_all(place.join("tables")).expect("can make");
        fs::create_dir(place.join("charts")).expect("can make");
        for name in FILES.into_iter().chain(["tables/daily.csv", MANIFEST]) {
            fs::copy(other.join(name), place.join(name)).expect("can copy");
        }
        if !whole {
            fs::write(place.join("report.html"), "").expect("can write");
        }
    }
    let staging = Staging::begin(&target, Contents::Run).expect("can begin");
    assert_eq!(staging.notes().len(), 2, "{:?}", staging.notes());
    assert_eq!(whole(&target.join("outflow-results-1")), Some(2));
    assert!(!target.join("outflow-results-2").exists());
    stage(&staging, 1).expect("can stage");
    staging.commit(&json!({ "number": 1 })).expect("can commit");
    assert_eq!(whole(&target), Some(1));
}

/// Fails operations from a number on: one of them, or all, as if the process had been killed there.
#[derive(Debug)]
struct Faulty {
    next: AtomicUsize,
    first: usize,
    for_ever: bool,
    /// Whether another process makes each folder between the look and the making.
    rival: bool,
}

impl Faulty {
    const NEVER: usize = usize::MAX;

    fn check(&self) -> std::io::Result<()> {
        let number = self.next.fetch_add(1, Ordering::SeqCst);
        let fails = if self.for_ever { number >= self.first } else { number == self.first };
        if fails { Err(std::io::Error::other("injected")) } else { Ok(()) }
    }
}

impl Disk for Faulty {
    fn make_folder(&self, path: &Path) -> std::io::Result<()> {
        if self.rival && !path.to_string_lossy().contains("attempt-") {
            RealDisk.make_folder(path)?;
        }
        self.check().and_then(|()| RealDisk.make_folder(path))
    }
    fn write(&self, path: &Path, content: &[u8]) -> std::io::Result<()> {
        self.check().and_then(|()| RealDisk.write(path, content))
    }
    fn sync_file(&self, path: &Path) -> std::io::Result<()> {
        self.check().and_then(|()| RealDisk.sync_file(path))
    }
    fn sync_folder(&self, path: &Path) -> std::io::Result<()> {
        self.check().and_then(|()| RealDisk.sync_folder(path))
    }
    fn replace(&self, from: &Path, to: &Path) -> std::io::Result<()> {
        self.check().and_then(|()| RealDisk.replace(from, to))
    }
    fn move_to_free(&self, from: &Path, to: &Path) -> std::io::Result<()> {
        self.check().and_then(|()| RealDisk.move_to_free(from, to))
    }
    fn remove_file(&self, path: &Path) -> std::io::Result<()> {
        self.check().and_then(|()| RealDisk.remove_file(path))
    }
    fn remove_folder(&self, path: &Path) -> std::io::Result<()> {
        self.check().and_then(|()| RealDisk.remove_folder(path))
    }
}

/// Every operation of a run over earlier results fails, alone or with all after it: old or new is whole, the user's file is there, the next run
/// works, and whoever was told that it went well has the new.
#[test]
fn any_operation_may_fail_or_be_the_last() {
    let mut tried = 0;
    for for_ever in [false, true] {
        for first in 0.. {
            let home = tempfile::tempdir().expect("a folder");
            let target = home.path().join("run");
            run(real(), &target, 2).expect("can run");
            fs::write(target.join("tables/mine.txt"), "mine").expect("can write");
            let disk = Arc::new(Faulty { next: AtomicUsize::new(0), first, for_ever, rival: false });
            let ended = run(disk.clone(), &target, 3);
            let case = format!("operation {first}, for ever: {for_ever}");
            let found = whole(&target);
            match &ended {
                Ok(()) => assert_eq!(found, Some(3), "{case}"),
                Err(_) => assert!(found == Some(2) || found == Some(3), "{case}: {found:?}"),
            }
            run(real(), &target, 4).unwrap_or_else(|e| panic!("{case}: {e}"));
            assert_eq!(whole(&target), Some(4), "{case}");
            assert_eq!(fs::read_to_string(target.join("tables/mine.txt")).expect("there"), "mine");
            assert!(!target.join(CONTROL).exists(), "{case}: nothing is left behind");
            tried += 1;
            if disk.next.load(Ordering::SeqCst) <= first {
                break;
            }
        }
    }
    assert!(tried > 80, "{tried} cases");
}

/// Two runs at once that find a folder missing both make it, and one of them comes second.
#[test]
fn folders_that_another_makes_meanwhile_are_there() {
    let home = tempfile::tempdir().expect("a folder");
    let target = home.path().join("deep/run");
    let rival = || Arc::new(Faulty { next: AtomicUsize::new(0), first: Faulty::NEVER, for_ever: false, rival: true });
    // First none of the folders is there, then only the control folder is not; tables are made under the lock.
    drop(Staging::begin_on(rival(), &target, Contents::Run).expect("can begin"));
    drop(Staging::begin_on(rival(), &target, Contents::Run).expect("can begin"));
    fs::create_dir_all(&target).expect("can make");
    fs::write(target.join(CONTROL), "mine").expect("can write");
    let refused = Staging::begin_on(rival(), &target, Contents::Run).expect_err("a file is in the way");
    assert!(refused.to_string().contains("is no folder"), "{refused}");
}
