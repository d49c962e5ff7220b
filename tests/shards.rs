//! Runs in shards: the parts of any number of machines, in any order, give the results of one run; and nothing else is taken for parts.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use serde_json::Value;

fn outflow(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_outflow"));
    command.args(args).current_dir(folder).env("NO_COLOR", "1").output().expect("outflow runs")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A call that goes well.
fn fine(folder: &Path, args: &[&str]) -> Output {
    let output = outflow(folder, args);
    assert!(output.status.success(), "{args:?}: {}", said(&output));
    output
}

/// A call that is refused; what it says.
fn refused(folder: &Path, args: &[&str]) -> String {
    let output = outflow(folder, args);
    assert_eq!(output.status.code(), Some(2), "{args:?}: {}", said(&output));
    assert!(output.stdout.is_empty(), "{args:?}");
    said(&output)
}

/// A world of eight communities: orders, days on which rules change, two worlds unless told otherwise.
const SMALL: [&str; 8] =
    ["cnil-2017", "--people", "800", "--days", "2", "--set", "world.community_size=128", "--quiet"];

fn run(folder: &Path, replicates: &str, name: &str) {
    fine(folder, &[&["run"], &SMALL[..], &["--replicates", replicates, "--output", name]].concat());
}

/// Makes a part; gives its name.
fn part(folder: &Path, replicates: &str, shard: u32, of: u32, options: &[&str]) -> String {
    let name = format!("r{replicates}-{shard}-of-{of}.arrow");
    let (shard, of) = (shard.to_string(), of.to_string());
    let which = ["--replicates", replicates, "--shard", &shard, "--of", &of, "--to", &name];
    fine(folder, &[&["shard"], &SMALL[..], &which, options].concat());
    name
}

fn parts(folder: &Path, replicates: &str, of: u32) -> Vec<String> {
    (0..of)
        .map(|shard| part(folder, replicates, shard, of, &["--threads", ["1", "2", "3"][shard as usize % 3]]))
        .collect()
}

fn merged(folder: &Path, parts: &[String], name: &str) {
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    fine(folder, &[&["merge"], &parts[..], &["--to", name, "--quiet"]].concat());
}

/// All files below a folder by path.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fn walk(root: &Path, at: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
        for entry in fs::read_dir(at).expect("readable").map(|e| e.expect("readable").path()) {
            if entry.is_dir() {
                walk(root, &entry, found);
            } else {
                let name = entry.strip_prefix(root).expect("below").to_string_lossy().into_owned();
                found.insert(name, fs::read(&entry).expect("readable"));
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(folder, folder, &mut found);
    found
}

/// A run's manifest without what two runs of the same never share: times, the machine, and the files that hold times.
fn timeless(manifest: &[u8]) -> Value {
    let mut manifest: Value = serde_json::from_slice(manifest).expect("JSON");
    let fields = manifest.as_object_mut().expect("an object");
    let timed =
        ["wall_s", "simulate_s", "threads", "events_per_s", "ns_per_event", "filter", "shards", "manifest_digest"];
    for key in timed {
        assert!(fields.remove(key).is_some(), "{key}");
    }
    let files = fields["files"].as_object_mut().expect("files");
    files.retain(|name, _| name != "report.html");
    manifest
}

/// The page without its table of the manifest.
fn page(html: &[u8]) -> String {
    let html = String::from_utf8_lossy(html).into_owned();
    let (page, manifest) = html.split_once("<details>\n<summary><strong>Manifest of the run").expect("a manifest");
    assert!(manifest.contains("wall_s"));
    page.to_owned()
}

/// Results are the same but for what was timed. Nothing else may differ, and nothing may be missing.
fn same(run: &Path, merged: &Path, what: &str) {
    let (run, merged) = (files(run), files(merged));
    assert_eq!(run.keys().collect::<Vec<_>>(), merged.keys().collect::<Vec<_>>(), "{what}");
    let mut compared = 0;
    for (name, content) in &run {
        match name.as_str() {
            "manifest.json" => assert_eq!(timeless(content), timeless(&merged[name]), "{what}"),
            "report.html" => assert!(page(content) == page(&merged[name]), "{what}: {name}"),
            _ => {
                assert!(*content == merged[name], "{what}: {name} differs");
                compared += 1;
            }
        }
    }
    // Seven tables twice, seven charts in four files each, the phases under one of them, the scenario, the findings.
    assert_eq!(compared, 2 * 7 + 4 * 7 + 1 + 1 + 1, "{what}");
}

#[test]
fn parts_in_any_order_give_the_results_of_one_run() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = home.path();
    for replicates in ["1", "3"] {
        let whole = format!("run-{replicates}");
        run(folder, replicates, &whole);
        let manifest: Value =
            serde_json::from_slice(&fs::read(folder.join(&whole).join("manifest.json")).expect("there")).expect("JSON");
        assert!(manifest["shards"].is_null() && manifest["simulate_s"].is_f64());
        for of in [1, 2, 3, 11] {
            let mut parts = parts(folder, replicates, of);
            let orders: &[fn(&mut Vec<String>)] = &[
                |_| {},
                |p| p.reverse(),
                |p| p.sort_by_key(|name| blake3::hash(name.as_bytes()).to_hex().to_string()),
            ];
            for (n, order) in orders.iter().enumerate().take(if of < 3 { 1 } else { orders.len() }) {
                order(&mut parts);
                let name = format!("merged-{replicates}-{of}-{n}");
                merged(folder, &parts, &name);
                same(&folder.join(&whole), &folder.join(&name), &name);
                let text = fs::read(folder.join(&name).join("manifest.json")).expect("there");
                let manifest: Value = serde_json::from_slice(&text).expect("JSON");
                assert_eq!(manifest["shards"], of);
                for unknown in ["simulate_s", "threads", "events_per_s", "ns_per_event"] {
                    assert!(manifest[unknown].is_null(), "{unknown} is not known to whoever merges");
                }
            }
        }
    }
    // Eight communities, eleven shards: some are empty, and are parts all the same.
    let empty = outflow::output::shards::Part::read(
        &fs::read(folder.join("r1-9-of-11.arrow")).expect("there"),
        outflow::output::manifest::VERSION,
    );
    let empty = empty.expect("a part");
    assert_eq!((empty.rows().len(), empty.head().communities), (0, 8));
    // What was merged is a run: verified, and computed again.
    let verified = fine(folder, &["verify", "merged-3-3-0"]);
    assert!(String::from_utf8_lossy(&verified.stdout).contains("computed again"));
}

#[test]
fn a_part_is_the_same_whatever_makes_it() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = home.path();
    let name = part(folder, "2", 1, 3, &["--threads", "1"]);
    let first = fs::read(folder.join(&name)).expect("there");
    // Again, over the first one; on other threads; to standard output.
    part(folder, "2", 1, 3, &["--threads", "5"]);
    assert!(fs::read(folder.join(&name)).expect("there") == first);
    let which = ["--replicates", "2", "--shard", "1", "--of", "3", "--to", "-"];
    let output = fine(folder, &[&["shard"], &SMALL[..], &which].concat());
    assert!(output.stdout == first);
    // From standard input, as the only part and among others.
    let whole = part(folder, "2", 0, 1, &[]);
    let mut merge = Command::new(env!("CARGO_BIN_EXE_outflow"));
    merge.args(["merge", "-", "--to", "piped", "--quiet"]).current_dir(folder);
    merge.stdin(fs::File::open(folder.join(&whole)).expect("there"));
    assert!(merge.status().expect("runs").success());
    // What is no part is not replaced, and shards that there are not are refused before any work.
    fs::write(folder.join("notes.txt"), "mine").expect("can write");
    let to = |name: &'static str, shard: &'static str| {
        [&["shard"], &SMALL[..], &["--shard", shard, "--of", "3", "--to", name]].concat()
    };
    let text = refused(folder, &to("notes.txt", "0"));
    assert!(text.contains("it is not a part") && text.contains("--to PART"), "{text}");
    assert_eq!(fs::read(folder.join("notes.txt")).expect("there"), b"mine");
    let text = refused(folder, &to("new.arrow", "3"));
    assert!(
        text.contains("there is no shard 3 of 3: they are numbered from 0") && text.contains("--shard 2"),
        "{text}"
    );
    assert!(refused(folder, &to("no/such/folder/new.arrow", "0")).contains("can't save to"));
    assert!(!folder.join("new.arrow").exists());
}

/// Machines may have the scenario under different paths: the command that is recorded is that of the first shard, whatever the order of the parts.
#[test]
fn the_command_does_not_depend_on_the_order_of_parts() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = home.path();
    let world = ["--people", "300", "--days", "1", "--replicates", "1", "--quiet"];
    let scenario = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/cnil-2017.toml");
    for (shard, file) in ["b.toml", "a.toml"].into_iter().enumerate() {
        fs::copy(scenario, folder.join(file)).expect("can copy");
        let (shard, name) = (shard.to_string(), format!("{shard}.arrow"));
        fine(folder, &[&["shard", file, "--shard", &shard, "--of", "2", "--to", &name], &world[..]].concat());
    }
    fine(folder, &[&["run", "b.toml", "--output", "run"], &world[..]].concat());
    for (n, parts) in [["0.arrow", "1.arrow"], ["1.arrow", "0.arrow"]].into_iter().enumerate() {
        let name = format!("merged-{n}");
        merged(folder, &parts.map(str::to_owned), &name);
        same(&folder.join("run"), &folder.join(&name), &name);
    }
}

/// Parts of one world, made once.
fn made() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("shards");
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a folder for the test");
        parts(&folder, "1", 3);
        part(&folder, "1", 0, 2, &[]);
        part(&folder, "2", 0, 3, &[]);
        folder
    })
}

#[test]
fn parts_that_do_not_belong_together_are_refused() {
    let folder = made();
    let [a, b, c] = ["r1-0-of-3.arrow", "r1-1-of-3.arrow", "r1-2-of-3.arrow"];
    let home = tempfile::tempdir().expect("a folder");
    let target = home.path().join("out");
    let to = target.to_str().expect("UTF-8");
    let merge = |parts: &[&str]| refused(folder, &[&["merge"], parts, &["--to", to]].concat());

    let text = merge(&[c]);
    assert!(text.contains("2 of 3 shards are missing: 0, 1\n"), "{text}");
    let command = "outflow shard cnil-2017 --people 800 --days 2 --replicates 1 --set world.community_size=128 --shard 0 --of 3 --to part-0.arrow";
    assert!(text.contains(command), "{text}");
    assert!(merge(&[a, c]).contains("1 of 3 shards is missing: 1\n"));
    let text = merge(&[a, b, c, b]);
    assert!(text.contains(&format!("{b} and {b} are both shard 1 of 3")), "{text}");
    fs::copy(folder.join(a), folder.join("copy.arrow")).expect("can copy");
    let text = merge(&[b, "copy.arrow", a, c]);
    assert!(text.contains(&format!("copy.arrow and {a} are both shard 0 of 3")), "{text}");
    let text = merge(&[a, "r1-0-of-2.arrow", b, c]);
    assert!(
        text.contains("r1-0-of-2.arrow does not belong to") && text.contains("one of 2 shards, the other one of 3"),
        "{text}"
    );
    let text = merge(&[a, "r2-0-of-3.arrow"]);
    assert!(text.contains("of another scenario: scenario.replicates there nothing, here 2"), "{text}");
    let options = ["--set", "traffic.reply_share=0.5", "--seed", "9"];
    fine(
        folder,
        &[&["shard"], &SMALL[..], &options, &["--replicates", "1", "--shard", "1", "--of", "3", "--to", "other.arrow"]]
            .concat(),
    );
    let text = merge(&[a, "other.arrow", c]);
    assert!(text.contains("other.arrow does not belong to r1-0-of-3.arrow"), "{text}");
    assert!(
        text.contains("traffic.reply_share there") && text.contains("here 0.5") && text.contains("scenario.seed"),
        "{text}"
    );
    assert!(merge(&["nowhere.arrow"]).contains("can't read nowhere.arrow"));
    fs::write(folder.join("text.arrow"), "hello\n".repeat(99)).expect("can write");
    let text = merge(&[a, "text.arrow"]);
    assert!(text.contains("text.arrow: it is no part") && text.contains("outflow shard"), "{text}");
    assert!(merge(&[a, b, "./"]).contains("can't read ./"));
    assert!(!target.exists(), "refused before anything is written");

    // What lies in the folder stays as it is.
    merged(folder, &[b.into(), a.into(), c.into()], to);
    let before = files(&target);
    merge(&[a, c]);
    assert!(files(&target) == before);
    // And somebody's own files are not replaced.
    let own = home.path().join("own");
    fs::create_dir(&own).expect("can make");
    fs::write(own.join("thesis.txt"), "mine").expect("can write");
    let text = refused(folder, &["merge", a, b, c, "--to", own.to_str().expect("UTF-8")]);
    assert!(text.contains("thesis.txt"), "{text}");
}

#[test]
fn other_versions_are_refused_by_name() {
    let folder = made();
    let content = fs::read(folder.join("r1-0-of-3.arrow")).expect("there");
    let home = tempfile::tempdir().expect("a folder");
    let changed = |from: &str, to: &str| {
        let mut bytes = content.clone();
        let at = bytes.windows(from.len()).position(|w| w == from.as_bytes()).expect("it is there");
        bytes[at..at + to.len()].copy_from_slice(to.as_bytes());
        fs::write(home.path().join("x.arrow"), sealed(bytes)).expect("can write");
        refused(home.path(), &["merge", "x.arrow", "--to", "out"])
    };
    let version = format!("\"version\":\"{}\"", env!("CARGO_PKG_VERSION"));
    let other = version.replace(env!("CARGO_PKG_VERSION"), &"9".repeat(env!("CARGO_PKG_VERSION").len()));
    let text = changed(&version, &other);
    assert!(text.contains("x.arrow: outflow 99") && text.contains("another version"), "{text}");
    let text = changed("outflow-part/1", "outflow-part/7");
    assert!(text.contains("the format outflow-part/7") && text.contains("reads outflow-part/1"), "{text}");
}

/// A part with the right digest over whatever it holds.
fn sealed(mut bytes: Vec<u8>) -> Vec<u8> {
    let begin = b"\"digest\":\"";
    let at = bytes.windows(begin.len()).position(|w| w == begin).expect("a digest") + begin.len();
    bytes[at..at + 64].fill(b'0');
    let digest = blake3::hash(&bytes).to_hex();
    bytes[at..at + 64].copy_from_slice(digest.as_bytes());
    bytes
}

#[test]
fn whatever_is_cut_or_flipped_is_refused() {
    use outflow::output::manifest::VERSION;
    use outflow::output::shards::{Part, Unreadable};
    let content = fs::read(made().join("r1-2-of-3.arrow")).expect("there");
    let part = Part::read(&content, VERSION).expect("a part");
    assert!(part.bytes().expect("can be written") == content && sealed(content.clone()) == content);
    for end in (0..content.len()).step_by(1009).chain(content.len() - 80..content.len()) {
        let found = Part::read(&content[..end], VERSION);
        assert!(matches!(found, Err(Unreadable::NoPart | Unreadable::Damaged(_))), "{end}: {found:?}");
    }
    // Bits all over the file, every one of the first and last bytes among them; with a digest that fits, and without.
    let ends = (0..64).chain(content.len() - 1024..content.len());
    for (n, at) in ends.chain((0..content.len()).step_by(1999)).enumerate() {
        let mut flipped = content.clone();
        flipped[at] ^= 1 << (n % 8);
        assert!(Part::read(&flipped, VERSION).is_err(), "byte {at}");
        if let Ok(other) = Part::read(&resealed(flipped, &content), VERSION) {
            // What can't be told from a part is one: of another scenario text, or with other counts.
            assert!(other != part && other.bytes().expect("can be written").len() == content.len(), "byte {at}");
        }
    }
    // Every bit where the metadata begin, and of the length before them; and every length that they are too short for.
    let json = content.windows(10).rposition(|w| w == b"{\"format\":").expect("metadata");
    for bit in (json - 4) * 8..(json + 120) * 8 {
        let mut flipped = content.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert!(Part::read(&flipped, VERSION).is_err(), "bit {bit}");
    }
    for length in 0..200_u32 {
        let mut short = content.clone();
        short[json - 4..json].copy_from_slice(&length.to_le_bytes());
        assert!(Part::read(&short, VERSION).is_err() && Part::read(&sealed(short), VERSION).is_err(), "{length}");
    }
    // Longer than it was.
    assert!(Part::read(&[&content[..], b"ARROW1"].concat(), VERSION).is_err());
    // The command says which file it is.
    let home = tempfile::tempdir().expect("a folder");
    let mut flipped = content.clone();
    flipped[content.len() / 2] ^= 16;
    fs::write(home.path().join("flipped.arrow"), &flipped).expect("can write");
    fs::write(home.path().join("cut.arrow"), &content[..content.len() / 2]).expect("can write");
    let text = refused(home.path(), &["merge", "flipped.arrow", "--to", "out"]);
    assert!(text.contains("flipped.arrow: it is damaged: its content is not that of its digest"), "{text}");
    let text = refused(home.path(), &["merge", "cut.arrow", "--to", "out"]);
    assert!(text.contains("cut.arrow: it is no part, or its end is missing"), "{text}");
    assert!(!home.path().join("out").exists());
}

/// The same with a digest that fits, if there is still a place for it where the original has it.
fn resealed(bytes: Vec<u8>, original: &[u8]) -> Vec<u8> {
    let begin = b"\"digest\":\"";
    let at = original.windows(begin.len()).position(|w| w == begin).expect("a digest");
    if bytes[at..at + begin.len()] == *begin { sealed(bytes) } else { bytes }
}
