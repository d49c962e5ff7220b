//! What an earlier process left unfinished in a folder: a commit is completed, staging that came to nothing is swept.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::commit::{CommitError, JOURNAL, Journal};
use super::contents::{PROBE, REFUGE};
use super::disk::Disk;
use super::inventory::{FileEntry, Found, read_manifest};
use super::ownership::known;
use super::{MANIFEST, OutputError};

/// Prefix of the folders that hold what is being staged.
pub const ATTEMPT: &str = "attempt-";

/// Where complete results of an attempt go that can't be put in place: in sight of the user.
pub fn refuge(root: &Path, attempt: &str) -> PathBuf {
    root.join(attempt.replace(ATTEMPT, REFUGE))
}

/// Completes and sweeps; says what was done, a sentence each. The caller holds the lock.
///
/// # Errors
/// [`OutputError::Unusable`] if a commit can't be completed: what is in the way, or what the disk says.
pub fn recover(disk: &dyn Disk, root: &Path, control: &Path, shown: &str) -> Result<Vec<String>, OutputError> {
    let mut said = Vec::new();
    let journal = Journal::read(control).map_err(|e| {
        OutputError::Unusable(format!(
            "output folder {shown} holds an unfinished commit whose journal can't be read: {e}\n  \
             hint: look at {}, and choose another folder meanwhile",
            control.join(JOURNAL).display()
        ))
    })?;
    if let Some(journal) = journal {
        let finished = journal.finish(disk, root, control);
        if finished.map_err(|e| OutputError::Unusable(unfinished(&e, &journal, control, shown)))? {
            said.push(format!(
                "note: an earlier run was stopped while it moved its results into {shown}; they are complete now"
            ));
        }
    }
    let mut swept = 0;
    for entry in fs::read_dir(control).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        // A link of that name is nobody's staging.
        if !name.starts_with(ATTEMPT) || !entry.file_type().is_ok_and(|t| t.is_dir()) {
            continue;
        }
        if is_complete(&entry.path()) {
            let refuge = refuge(root, &name);
            if disk.move_to_free(&entry.path(), &refuge).is_ok() {
                said.push(format!(
                    "note: an earlier run was stopped before it could move its results into {shown}; they are complete in {}",
                    refuge.display()
                ));
            }
        } else if disk.remove_all(&entry.path()).is_ok() {
            swept += 1;
        }
    }
    for folder in ["", "tables", "charts"] {
        for entry in fs::read_dir(root.join(folder)).into_iter().flatten().flatten() {
            let empty = entry.metadata().is_ok_and(|m| m.is_file() && m.len() == 0);
            if empty && entry.file_name().to_string_lossy().starts_with(PROBE) {
                let _ = disk.remove_file(&entry.path());
            }
        }
    }
    if swept > 0 {
        said.push(format!(
            "note: removed what {} had staged in {shown}",
            if swept == 1 { "a run that was stopped".into() } else { format!("{swept} runs that were stopped") }
        ));
    }
    Ok(said)
}

/// Whether a folder holds all files of its manifest as they were written.
fn is_complete(folder: &Path) -> bool {
    let Found::Ours(listing, _) = read_manifest(&folder.join(MANIFEST)) else { return false };
    let same = |(path, entry): (&String, &FileEntry)| {
        known(&folder.join(path)).is_ok_and(|k| k.is_some_and(|(e, _)| e == *entry))
    };
    listing.files.iter().all(same)
}

/// What to say of a commit that was begun and can't go on now.
pub fn unfinished(error: &CommitError, journal: &Journal, control: &Path, shown: &str) -> String {
    let staged = control.join(&journal.attempt);
    match error {
        CommitError::InTheWay(path) => format!(
            "`{path}` lies in {shown} where a file of the results belongs, and outflow did not write it\n  \
             hint: move it away; then the next run into {shown}, or `outflow verify {shown}`, puts the rest of the results in place \
             (until then it lies in {})",
            staged.display()
        ),
        CommitError::Disk(path, e) => format!(
            "can't move results to {}: {}\n  hint: nothing is lost; what is not in place lies in {}, and the next run into {shown}, or \
             `outflow verify {shown}`, goes on with it",
            path.display(),
            plain(e),
            staged.display()
        ),
    }
}

/// An error of the operating system in its words.
pub fn plain(error: &io::Error) -> String {
    error.to_string()
}
