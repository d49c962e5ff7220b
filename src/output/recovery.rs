//! What an earlier process left unfinished in a folder: a commit is completed, staging that came to nothing is swept.

use std::fs;
use std::io;
use std::path::Path;

use super::OutputError;
use super::commit::{CommitError, JOURNAL, Journal};
use super::disk::Disk;

/// Prefix of the folders that hold what is being staged.
pub const ATTEMPT: &str = "attempt-";

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
        journal
            .finish(disk, root, control)
            .map_err(|e| OutputError::Unusable(unfinished(&e, &journal, control, shown)))?;
        said.push(format!(
            "note: an earlier run was stopped while it moved its results into {shown}; they are complete now"
        ));
    }
    let mut swept = 0;
    for entry in fs::read_dir(control).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name == "commit.draft" {
            let _ = disk.remove_file(&entry.path());
        } else if name.starts_with(ATTEMPT) && disk.remove_all(&entry.path()).is_ok() {
            swept += 1;
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
