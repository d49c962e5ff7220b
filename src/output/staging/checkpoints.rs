//! What an unfinished run has counted, kept beside what is staged: it outlives the process.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use super::disk::Disk;
use super::interrupt;

const NAME: &str = "checkpoint";
/// Where it is written before it takes the place of the one before.
const NEW: &str = "checkpoint.new";
/// Folder of the parts of a sweep.
const PARTS: &str = "parts";

/// The place of a folder's checkpoint.
#[derive(Clone, Debug)]
pub struct Checkpoints {
    disk: Arc<dyn Disk>,
    control: PathBuf,
}

impl Checkpoints {
    pub(super) fn new(disk: Arc<dyn Disk>, control: PathBuf) -> Self {
        Checkpoints { disk, control }
    }

    /// What is kept; `None` if nothing is.
    ///
    /// # Errors
    /// If it is there and can't be read.
    pub fn read(&self) -> io::Result<Option<Vec<u8>>> {
        let path = self.control.join(NAME);
        match std::fs::symlink_metadata(&path) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(e),
            // A link leads to what may be somebody's.
            Ok(found) if !found.is_file() => Ok(None),
            Ok(_) => std::fs::read(&path).map(Some),
        }
    }

    /// Keeps this instead: whole or, if the process or the machine ends meanwhile, what was kept before.
    ///
    /// # Errors
    /// If it can't be written; what was kept before stays.
    pub fn write(&self, bytes: &[u8]) -> io::Result<()> {
        let (new, place) = (self.control.join(NEW), self.control.join(NAME));
        let written = self
            .disk
            .write(&new, bytes)
            .and_then(|()| self.disk.sync_file(&new))
            .and_then(|()| self.disk.replace(&new, &place))
            .and_then(|()| self.disk.sync_folder(&self.control));
        match written {
            Ok(()) => interrupt::kept(),
            Err(_) => drop(self.disk.remove_file(&new)),
        }
        written
    }

    /// Where a part of what an unfinished sweep found is kept.
    pub fn part(&self, number: usize) -> PathBuf {
        self.control.join(PARTS).join(number.to_string())
    }

    /// Keeps a part: whole or not at all.
    ///
    /// # Errors
    /// If it can't be written.
    pub fn write_part(&self, number: usize, bytes: &[u8]) -> io::Result<()> {
        let place = self.part(number);
        let new = self.control.join(PARTS).join(format!("{number}.new"));
        let written = self
            .disk
            .write(&new, bytes)
            .and_then(|()| self.disk.sync_file(&new))
            .and_then(|()| self.disk.replace(&new, &place));
        match written {
            Ok(()) => interrupt::kept(),
            Err(_) => drop(self.disk.remove_file(&new)),
        }
        written
    }

    /// Forgets all parts, and makes room for new ones.
    ///
    /// # Errors
    /// If their folder can't be made.
    pub fn forget_parts(&self) -> io::Result<()> {
        let folder = self.control.join(PARTS);
        let _ = self.disk.remove_all(&folder);
        self.disk.make_folder(&folder)
    }

    /// Forgets it: the run is complete.
    pub(super) fn remove(&self) {
        let _ = self.disk.remove_all(&self.control.join(PARTS));
        for name in [NEW, NAME] {
            let _ = self.disk.remove_file(&self.control.join(name));
        }
    }
}
