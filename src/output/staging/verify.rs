//! Whether a folder still holds what was written into it.

use std::fs;
use std::path::Path;

use super::disk::RealDisk;
use super::interrupt;
use super::inventory::{FileEntry, Found, Inventory, Listing, read_manifest};
use super::lock::{self, Locked};
use super::ownership::{Look, others};
use super::recovery::recover;
use super::{CONTROL, Contents, MANIFEST, OutputError};

/// How often a folder that changes is looked at.
const TRIES: usize = 5;

/// What was found.
#[derive(Clone, Debug)]
pub struct Verification {
    /// [`Contents::id`] of what the folder holds.
    pub contents: String,
    /// Files that were looked at, the manifest included.
    pub files: usize,
    /// Their sizes together, as the manifest says.
    pub bytes: u64,
    /// What is not as it was written.
    pub problems: Vec<Problem>,
    /// What else lies there, which outflow did not write.
    pub others: Vec<String>,
    /// What was done before looking, a sentence each.
    pub notes: Vec<String>,
}

/// Something that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// A file is gone.
    Missing(String),
    /// A file is longer or shorter: as written, as found.
    Size(String, u64, u64),
    /// A file of the right size has another content.
    Content(String),
    /// A file can't be read, or is a folder or a link.
    Unreadable(String, String),
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Problem::Missing(path) => write!(f, "{path}: missing"),
            Problem::Size(path, then, now) => write!(f, "{path}: changed: {now} bytes, {then} when it was written"),
            Problem::Content(path) => write!(f, "{path}: changed: same size, other content"),
            Problem::Unreadable(path, why) => write!(f, "{path}: {why}"),
        }
    }
}

/// Holds every file of a folder against the manifest, by its digest. A commit that was stopped is completed first.
///
/// # Errors
/// [`OutputError::Unusable`] if there is no folder, or no manifest that can be relied on.
pub fn verify(folder: &Path) -> Result<Verification, OutputError> {
    let notes = complete(folder)?;
    let manifest = || fs::read(folder.join(MANIFEST)).ok();
    for _ in 0..TRIES {
        let before = manifest();
        let found = look(folder, &notes);
        // Results that were moved into place meanwhile are looked at again.
        if before == manifest() {
            return found;
        }
    }
    look(folder, &notes)
}

fn look(folder: &Path, notes: &[String]) -> Result<Verification, OutputError> {
    let shown = folder.display();
    let unusable = |why: String| OutputError::Unusable(format!("{shown} {why}"));
    if !folder.is_dir() {
        return Err(unusable("is no folder\n  hint: name the folder of a run, an export or a sample".into()));
    }
    let manifest = folder.join(MANIFEST);
    let (Listing { contents, files }, entry) = match read_manifest(&manifest) {
        Found::Ours(listing, entry) => (listing, entry),
        Found::Nothing => {
            return Err(unusable(format!(
                "has no {MANIFEST}: it holds no complete results\n  hint: name the folder of a run, an export or a sample"
            )));
        }
        Found::Other(why) => {
            return Err(unusable(format!("has a {MANIFEST} that {why}: nothing can be said about the files")));
        }
    };
    let problems = files.iter().filter_map(|(path, entry)| problem(folder, path, entry)).collect();
    let known = [Contents::Run, Contents::Export, Contents::Sample, Contents::BenchChart];
    let others = match known.into_iter().find(|k| k.id() == contents) {
        Some(kind) => others(folder, kind, &files).map_err(|e| unusable(format!("can't be read: {e}")))?,
        None => Vec::new(),
    };
    Ok(Verification {
        contents,
        files: files.len() + 1,
        bytes: total(&files) + entry.bytes,
        problems,
        others,
        notes: notes.to_vec(),
    })
}

fn total(files: &Inventory) -> u64 {
    files.values().map(|entry| entry.bytes).fold(0, u64::saturating_add)
}

fn problem(folder: &Path, path: &str, entry: &FileEntry) -> Option<Problem> {
    let file = folder.join(path);
    let name = path.to_owned();
    match fs::symlink_metadata(&file) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Some(Problem::Missing(name)),
        Err(e) => return Some(Problem::Unreadable(name, format!("can't be read: {e}"))),
        Ok(m) if !m.is_file() => return Some(Problem::Unreadable(name, "is no plain file any more".into())),
        Ok(m) if m.len() != entry.bytes => return Some(Problem::Size(name, entry.bytes, m.len())),
        Ok(_) => {}
    }
    match FileEntry::read(&file) {
        Err(e) => Some(Problem::Unreadable(name, format!("can't be read: {e}"))),
        Ok(found) if found != *entry => Some(Problem::Content(name)),
        Ok(_) => None,
    }
}

/// Completes a commit that was stopped.
fn complete(folder: &Path) -> Result<Vec<String>, OutputError> {
    let control = folder.join(CONTROL);
    let shown = folder.display().to_string();
    match Look::at(&control) {
        Ok(None) | Err(_) => return Ok(Vec::new()),
        Ok(Some(look)) if look.is_folder() => {}
        Ok(Some(_)) => {
            return Err(OutputError::Unusable(format!(
                "{shown} holds `{CONTROL}`, which is no folder\n  hint: move it away"
            )));
        }
    }
    let _deferred = interrupt::defer();
    match lock::lock(&control) {
        Ok(Locked::Held(_lock)) => recover(&RealDisk, folder, &control, &shown),
        Ok(Locked::Busy(_)) => {
            Ok(vec![format!("note: a process is writing results into {shown}; this is what was there before")])
        }
        Ok(Locked::Unsupported) => Ok(Vec::new()),
        // Nothing can be written there: then nothing can be completed either.
        Err(_) if control.join(super::commit::JOURNAL).exists() => Err(OutputError::Unusable(format!(
            "{shown} holds results that were not moved into place, and can't be written\n  hint: make it writable and try again"
        ))),
        Err(_) => Ok(Vec::new()),
    }
}
