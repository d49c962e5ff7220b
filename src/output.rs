//! Results appear whole or not at all: they are written beside their place and moved there at the end.

use std::fs;
use std::path::{Path, PathBuf};

/// Why results can't be written.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    /// The place that the user named can't be used: their input is at fault.
    #[error("{0}")]
    Unusable(String),
    /// Writing failed on the way.
    #[error("{0}")]
    Failed(String),
}

/// What kind of folder, and so what may be in one that is replaced: anything else there belongs to somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contents {
    /// Results of a run.
    Run,
    /// Records of an export.
    Export,
    /// A sample of disclosures.
    Sample,
}

impl Contents {
    fn ours(self) -> &'static [&'static str] {
        match self {
            Contents::Run => &["manifest.json", "scenario.resolved.toml", "tables", "charts", "report.html"],
            Contents::Export => &[
                "scenario.resolved.toml",
                "people.parquet",
                "events.parquet",
                "address_books.parquet",
                "disclosures.parquet",
            ],
            Contents::Sample => &[
                "README.md",
                "scenario.resolved.toml",
                "disclosures.parquet",
                "people.csv",
                "people.parquet",
                "summary.csv",
                "summary.parquet",
            ],
        }
    }

    /// The option that names the folder.
    fn option(self) -> &'static str {
        match self {
            Contents::Run => "--output DIR",
            Contents::Export | Contents::Sample => "--to DIR",
        }
    }

    fn what(self) -> &'static str {
        match self {
            Contents::Run => "a run",
            Contents::Export => "an export",
            Contents::Sample => "a sample",
        }
    }
}

/// The folder under construction, so that an interrupt can remove it.
static UNFINISHED: std::sync::Mutex<Option<PathBuf>> = std::sync::Mutex::new(None);

/// Removes what is under construction: for the end of the process by a signal.
pub fn remove_unfinished() {
    let folder = UNFINISHED.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
    if let Some(folder) = folder {
        let _ = fs::remove_dir_all(folder);
    }
}

/// A folder under construction next to its final place. Dropped without [`Staging::commit`], it vanishes and what was in
/// place before stays.
#[derive(Debug)]
pub struct Staging {
    target: PathBuf,
    folder: PathBuf,
    done: bool,
}

impl Staging {
    /// Begins a folder that will become `target`. Does now whatever shows that it can't, before any work.
    ///
    /// # Errors
    /// [`OutputError::Unusable`] if the target is a file, holds something that outflow did not write, or can't be
    /// written.
    pub fn begin(target: &Path, contents: Contents) -> Result<Self, OutputError> {
        let option = contents.option();
        let shown = target.display();
        let unusable = |text: String| Err(OutputError::Unusable(text));
        if target.exists() && !target.is_dir() {
            return unusable(format!(
                "output {shown} is a file, not a folder\n  hint: choose another one with {option}"
            ));
        }
        if target.is_dir() {
            let names: Vec<String> = match fs::read_dir(target) {
                Ok(entries) => {
                    entries.filter_map(|e| e.ok().map(|e| e.file_name().to_string_lossy().into_owned())).collect()
                }
                Err(e) => return unusable(format!("output folder {shown} can't be read: {e}")),
            };
            // Every folder of ours has its scenario; without it, names alone (README.md, charts) prove nothing.
            let ours = names.iter().any(|n| n == "scenario.resolved.toml");
            let foreign = names.into_iter().find(|n| !ours || !contents.ours().contains(&n.as_str()));
            if let Some(name) = foreign {
                return unusable(format!(
                    "output folder {shown} holds `{name}`, which is not part of {}; replacing the folder would lose it\n  \
                     hint: move it away, or choose another folder with {option}",
                    contents.what()
                ));
            }
        }
        let absolute =
            std::path::absolute(target).map_err(|e| OutputError::Unusable(format!("output {shown}: {e}")))?;
        let (Some(parent), Some(name)) = (absolute.parent(), absolute.file_name()) else {
            return unusable(format!(
                "output {shown} is not a folder that can be replaced\n  hint: name one with {option}"
            ));
        };
        let folder = parent.join(format!(".{}.partial-{}", name.to_string_lossy(), std::process::id()));
        let made = fs::create_dir_all(parent).and_then(|()| {
            // A leftover of a process that was killed and had our number.
            if folder.exists() {
                fs::remove_dir_all(&folder)?;
            }
            fs::create_dir(&folder)
        });
        if let Err(e) = made {
            return unusable(format!(
                "output folder {shown} can't be written: {e}\n  hint: choose another one with {option}"
            ));
        }
        *UNFINISHED.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(folder.clone());
        Ok(Staging { target: absolute, folder, done: false })
    }

    /// Where to write.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Writes a file, and its folders.
    ///
    /// # Errors
    /// [`OutputError::Failed`] with the file's final path.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> Result<(), OutputError> {
        let path = self.folder.join(name);
        let write = || {
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(&path, content)
        };
        write().map_err(|e| OutputError::Failed(format!("can't write {}: {e}", self.target.join(name).display())))
    }

    /// Makes a sub-folder.
    ///
    /// # Errors
    /// [`OutputError::Failed`] if it can't be made.
    pub fn make_folder(&self, name: &str) -> Result<(), OutputError> {
        fs::create_dir_all(self.folder.join(name))
            .map_err(|e| OutputError::Failed(format!("can't make {}: {e}", self.target.join(name).display())))
    }

    /// Moves the folder into place. What was there is removed only when the new one is in place.
    ///
    /// # Errors
    /// [`OutputError::Failed`]; then what was there before is back.
    pub fn commit(mut self) -> Result<(), OutputError> {
        let failed = |e: std::io::Error| {
            OutputError::Failed(format!("can't move the results to {}: {e}", self.target.display()))
        };
        let old = self.folder.with_extension("old");
        let had = self.target.exists();
        if had {
            fs::rename(&self.target, &old).map_err(failed)?;
        }
        if let Err(e) = fs::rename(&self.folder, &self.target) {
            if had {
                fs::rename(&old, &self.target).map_err(failed)?;
            }
            return Err(failed(e));
        }
        self.done = true;
        UNFINISHED.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
        if had {
            // The new results are in place; a leftover of the old ones is no failure.
            let _ = fs::remove_dir_all(&old);
        }
        Ok(())
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        if !self.done {
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_appear_whole_or_not_at_all() {
        let home = tempfile::tempdir().expect("a folder for the test");
        let target = home.path().join("deep/run");
        let first = Staging::begin(&target, Contents::Run).expect("can begin");
        first.write("manifest.json", "1").expect("can write");
        first.write("scenario.resolved.toml", "").expect("can write");
        assert!(!target.exists());
        first.commit().expect("can commit");
        let second = Staging::begin(&target, Contents::Run).expect("can begin again");
        second.write("manifest.json", "2").expect("can write");
        drop(second);
        assert_eq!(fs::read_to_string(target.join("manifest.json")).expect("still there"), "1");
        let third = Staging::begin(&target, Contents::Run).expect("can begin a third time");
        third.write("manifest.json", "3").expect("can write");
        third.commit().expect("can commit over it");
        assert_eq!(fs::read_to_string(target.join("manifest.json")).expect("there"), "3");
        assert_eq!(fs::read_dir(home.path().join("deep")).expect("readable").count(), 1, "nothing is left beside it");
    }

    #[test]
    fn a_folder_with_something_of_the_users_is_refused() {
        let home = tempfile::tempdir().expect("a folder for the test");
        let report = tempfile::tempdir().expect("a folder for the test");
        fs::write(report.path().join("report.html"), "somebody else's").expect("can write");
        assert!(matches!(Staging::begin(report.path(), Contents::Run), Err(OutputError::Unusable(_))));
        fs::write(home.path().join("thesis.txt"), "years of work").expect("can write");
        assert!(
            matches!(Staging::begin(home.path(), Contents::Run), Err(OutputError::Unusable(m)) if m.contains("thesis.txt"))
        );
        assert!(matches!(
            Staging::begin(&home.path().join("thesis.txt"), Contents::Export),
            Err(OutputError::Unusable(_))
        ));
    }
}
