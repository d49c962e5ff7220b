//! Which folder the user means, found or made before any work.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::OutputError;
use super::disk::Disk;

/// A folder that exists, and what was made for it.
#[derive(Debug)]
pub struct OutputFolder {
    /// As the user named it, for messages.
    pub shown: String,
    /// Absolute, links resolved.
    pub root: PathBuf,
    /// Folders that were made for it, the outermost first: they go again if nothing comes of it.
    made: Vec<PathBuf>,
}

impl OutputFolder {
    /// Finds or makes the folder; `option` is the one that names it.
    ///
    /// # Errors
    /// [`OutputError::Unusable`] if it is no folder, a link to nowhere, or can't be made.
    pub fn open(disk: &dyn Disk, target: &Path, option: &str) -> Result<Self, OutputError> {
        let shown = target.display().to_string();
        let unusable = |why: String| {
            OutputError::Unusable(format!("output {shown} {why}\n  hint: choose another one with {option}"))
        };
        match fs::symlink_metadata(target) {
            Ok(m) if m.is_symlink() => match fs::metadata(target) {
                Ok(m) if m.is_dir() => {}
                Ok(_) => return Err(unusable("is a link to a file, not to a folder".into())),
                Err(e) if e.kind() == io::ErrorKind::NotFound => {
                    let to = fs::read_link(target).map(|to| to.display().to_string()).unwrap_or_default();
                    return Err(OutputError::Unusable(format!(
                        "output {shown} is a link to {to}, which does not exist\n  \
                         hint: make that folder (is its disk there?), or choose another one with {option}"
                    )));
                }
                Err(e) => return Err(unusable(format!("is a link that can't be followed: {e}"))),
            },
            Ok(m) if !m.is_dir() => return Err(unusable("is a file, not a folder".into())),
            Ok(_) => {}
            Err(e) if e.kind() == io::ErrorKind::NotFound => {}
            Err(e) => return Err(unusable(format!("can't be looked at: {e}"))),
        }
        let absolute = std::path::absolute(target).map_err(|e| unusable(format!("can't be found: {e}")))?;
        let mut place = OutputFolder { shown: shown.clone(), root: absolute.clone(), made: Vec::new() };
        let found = make(disk, &absolute, &mut place.made).and_then(|()| fs::canonicalize(&absolute));
        match found {
            Ok(root) => {
                place.root = root;
                Ok(place)
            }
            Err(e) => {
                place.unmake(disk);
                Err(unusable(format!("can't be written: {e}")))
            }
        }
    }

    /// Folders that were made for it, the outermost first.
    pub fn made(&self) -> &[PathBuf] {
        &self.made
    }

    /// Makes the folders' own names lasting.
    ///
    /// # Errors
    /// If one can't be synced.
    pub fn sync(&self, disk: &dyn Disk) -> io::Result<()> {
        self.made.iter().filter_map(|folder| folder.parent()).try_for_each(|parent| disk.sync_folder(parent))
    }

    /// Removes what was made, as far as it is empty.
    pub fn unmake(&self, disk: &dyn Disk) {
        for folder in self.made.iter().rev() {
            let _ = disk.remove_folder(folder);
        }
    }
}

/// Makes a folder and those above it, and notes which.
fn make(disk: &dyn Disk, folder: &Path, made: &mut Vec<PathBuf>) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    // As everywhere, what stands before `..` must be there: it is not made to be left again.
    if folder.ends_with("..") {
        return Err(io::Error::new(io::ErrorKind::NotFound, "the folder before .. does not exist"));
    }
    if let Some(parent) = folder.parent() {
        make(disk, parent, made)?;
    }
    match disk.make_folder(folder) {
        Ok(()) => {
            made.push(folder.to_owned());
            Ok(())
        }
        // Another process made it meanwhile.
        Err(_) if folder.is_dir() => Ok(()),
        Err(e) => Err(e),
    }
}
