//! `outflow verify`: what was changed is named, also where whoever changed it made the digests fit.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

fn outflow(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_outflow"));
    command.args(args).current_dir(folder).env("NO_COLOR", "1").output().expect("outflow runs")
}

fn run(folder: &Path, name: &str) {
    let args = ["run", "cnil-2017", "--people", "400", "--days", "2", "--replicates", "2", "--quiet", "--output", name];
    assert!(outflow(folder, &args).status.success());
}

/// Exit code, what stdout has, what stderr has.
fn verify(folder: &Path, args: &[&str]) -> (Option<i32>, String, String) {
    let output = outflow(folder, &[&["verify"], args].concat());
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

/// Changes a file of a folder, and the manifest so that every digest fits.
fn forge(folder: &Path, name: &str, change: impl FnOnce(Vec<u8>) -> Vec<u8>) {
    let path = folder.join(name);
    let content = change(fs::read(&path).expect("there"));
    fs::write(&path, &content).expect("can write");
    let place = folder.join("manifest.json");
    let mut manifest: Value = serde_json::from_slice(&fs::read(&place).expect("there")).expect("JSON");
    if name != "manifest.json" {
        manifest["files"][name]["bytes"] = content.len().into();
        manifest["files"][name]["blake3"] = blake3::hash(&content).to_hex().as_str().into();
    }
    let blank = "0".repeat(64);
    manifest["manifest_digest"] = blank.as_str().into();
    let text = serde_json::to_string_pretty(&manifest).expect("JSON") + "\n";
    let at = text.rfind(&blank).expect("its place");
    let digest = blake3::hash(text.as_bytes()).to_hex();
    fs::write(&place, [&text[..at], digest.as_str(), &text[at + 64..]].concat()).expect("can write");
}

/// The first place behind a word where a digit is changed to another one.
fn another_digit(mut text: Vec<u8>, behind: &str) -> Vec<u8> {
    let word = text.windows(behind.len()).position(|w| w == behind.as_bytes()).expect("the word") + behind.len();
    let digit = word + text[word..].iter().position(u8::is_ascii_digit).expect("a digit");
    text[digit] = if text[digit] == b'9' { b'8' } else { text[digit] + 1 };
    text
}

#[test]
fn a_run_is_computed_again() {
    let home = tempfile::tempdir().expect("a folder");
    run(home.path(), "r");
    for threads in ["1", "3"] {
        let (code, said, _) = verify(home.path(), &["r", "--threads", threads]);
        assert_eq!(code, Some(0), "{said}");
        assert!(
            said.contains("whole (")
                && said.contains("; computed again in")
                && said.contains(" files byte for byte the same"),
            "{said}"
        );
    }
    let (code, said, _) = verify(home.path(), &["r", "--quick"]);
    assert!(code == Some(0) && said.contains("whole (") && !said.contains("computed again"), "{said}");
    let (code, said, _) = verify(home.path(), &["r", "--quiet"]);
    assert_eq!((code, said.as_str()), (Some(0), ""));
}

#[test]
fn what_was_changed_with_its_digests_is_found() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = home.path().join("r");
    let fresh = || {
        let _ = fs::remove_dir_all(&folder);
        run(home.path(), "r");
    };
    let found = || {
        let (code, said, _) = verify(home.path(), &["r", "--quick"]);
        assert_eq!(code, Some(0), "the digests fit: {said}");
        let (code, said, told) = verify(home.path(), &["r"]);
        assert_eq!(code, Some(1), "{said}{told}");
        assert!(told.contains("not as computed again"), "{told}");
        said
    };
    fresh();
    forge(&folder, "tables/exposure.csv", |text| another_digit(text, "disclosed_values,"));
    let said = found();
    let line = "tables/exposure.csv: line 2 is `full-sharing,";
    assert!(
        said.starts_with(line) && said.contains("`, computed again `full-sharing,") && said.lines().count() == 1,
        "{said}"
    );

    fresh();
    forge(&folder, "tables/daily.parquet", |mut bytes| {
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        bytes
    });
    assert_eq!(found(), "tables/daily.parquet: other content than computed again\n");

    forge(&folder, "manifest.json", |text| another_digit(text, "\"events\": "));
    let said = found();
    assert!(said.contains("manifest.json: events is ") && said.contains("tables/daily.parquet: other"), "{said}");

    // Results of another scenario than the one that lies there.
    fresh();
    forge(&folder, "scenario.resolved.toml", |text| another_digit(text, "seed = "));
    let said = found();
    for part in [
        "tables/exposure.csv: line",
        "tables/exceedance.parquet: other",
        "manifest.json: results_digest is",
        "charts/categories.csv: line",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
}

#[test]
fn what_can_not_be_computed_again_says_so() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = home.path().join("r");
    run(home.path(), "r");
    let version = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
    forge(&folder, "manifest.json", |text| {
        String::from_utf8(text).expect("UTF-8").replace(&version, "\"version\": \"0.0.1\"").into_bytes()
    });
    let (code, said, told) = verify(home.path(), &["r"]);
    assert!(code == Some(2) && said.is_empty(), "{said}{told}");
    assert!(told.contains("outflow 0.0.1 wrote it") && told.contains("--quick"), "{told}");
    assert_eq!(verify(home.path(), &["r", "--quick"]).0, Some(0));

    let export = ["export", "cnil-2017", "--people", "100", "--days", "1", "--quiet", "--to", "e"];
    assert!(outflow(home.path(), &export).status.success());
    let (code, said, told) = verify(home.path(), &["e"]);
    assert!(code == Some(0) && said.contains("whole ("), "{said}{told}");
    assert!(told.contains("note: an export is not computed again"), "{told}");
}
