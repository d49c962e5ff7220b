//! What the documents say is tried: every command line that they show is run, every link followed, every file, column, key and
//! option that they name is looked up in what the program really writes, and the other way round.

mod commands;
mod formats;
mod markdown;
mod options;
mod snippets;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

/// The folder of the source.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A document by its path, such as `docs/FORMAT.md`.
pub fn document(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// All of them, each with its path.
pub fn documents() -> Vec<(String, String)> {
    let mut paths: Vec<String> = fs::read_dir(root().join("docs"))
        .expect("a folder")
        .map(|e| format!("docs/{}", e.expect("readable").file_name().to_string_lossy()))
        .filter(|p| p.ends_with(".md"))
        .collect();
    paths.sort();
    paths.insert(0, "README.md".into());
    paths.into_iter().map(|p| (p.clone(), document(&p))).collect()
}

/// Runs the program in a folder.
pub fn outflow(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_outflow"));
    command.args(args).env("NO_COLOR", "1").env_remove("OUTFLOW_PATH").current_dir(folder);
    command.output().expect("the program starts")
}

/// What it prints; it must end well.
pub fn printed(folder: &Path, args: &[&str]) -> String {
    let output = outflow(folder, args);
    assert!(output.status.success(), "outflow {}\n{}", args.join(" "), String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// A folder with `my.toml`, a scenario with all there is in a scenario (orders, a transform, a question about the parent's knowledge), and what the verbs write of it: `run`,
/// `export`, `sample`, `part.arrow`, `bench.json`.
pub fn results() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("documents");
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a folder for the test");
        fs::write(folder.join("my.toml"), scenario()).expect("can write");
        printed(&folder, &["run", "my.toml", "--quiet", "--output", "run"]);
        printed(&folder, &["shard", "my.toml", "--quiet", "--shard", "0", "--of", "2", "--to", "part.arrow"]);
        printed(&folder, &["export", "my.toml", "--quiet", "--to", "export"]);
        let sample =
            ["sample", "my.toml", "--policy", "opt-out", "--jurisdiction", "FR", "--people", "20", "--to", "sample"];
        printed(&folder, &sample);
        printed(&folder, &["bench", "my.toml", "--quick", "--seconds", "0", "--threads", "2", "--save", "bench.json"]);
        folder
    })
}

/// The scenario that ships, small, with a policy that coarsens.
pub fn scenario() -> String {
    let text = document("scenarios/cnil-2017.toml");
    let (text, _) = text.split_once("[[expect]]").expect("it expects something");
    let small = text.replacen("days = 60", "days = 2", 1).replacen("people = 1_000_000", "people = 600", 1);
    assert_ne!(small, text);
    let small = small.replacen("presets = [", "presets = [\"purposes-2017\", ", 1);
    small
        + "[[policy]]\nid = \"coarse\"\ntitle = \"Hashed\"\nsource = \"a test\"\n[[policy.rule]]\neffect = \"permit\"\nfrom = 2017-11-28\nas = { hash_bits = 39 }\n[uninstall]\npurposes = [\"business_intelligence\"]\nfrom = 2017-11-27\nwithin_days = { value = 2, source = \"a test\", quality = \"assumed\" }\n[exposure]\nmetrics = [\"informants\", \"graph\", \"linking\", \"singling_out\", \"leakage\", \"inference\", \"presence\"]\n[utility.business_intelligence]\n"
}
