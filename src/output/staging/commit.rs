//! Files move from where they were staged to their place, announced in a journal so that whoever comes next can finish it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::MANIFEST;
use super::disk::Disk;
use super::inventory::{FileEntry, stays_inside};
use super::ownership::{Look, Owned, known, stays_below};

/// All that a commit does, written down before it begins.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Journal {
    /// Folder in the control folder that holds the new files.
    pub attempt: String,
    /// New files, the manifest last.
    pub moves: Vec<Move>,
    /// Files of earlier results that have no successor.
    pub stale: Vec<(String, FileEntry)>,
}

/// A file that moves into place.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Move {
    /// Path in both folders.
    pub path: String,
    /// The new file.
    pub new: FileEntry,
    /// The file that it replaces.
    pub old: Option<FileEntry>,
}

/// Why a commit did not come to its end.
#[derive(Debug)]
pub enum CommitError {
    /// Something that outflow did not write is where a file belongs.
    InTheWay(String),
    /// The disk refused, at this path.
    Disk(PathBuf, io::Error),
}

/// File of the journal in the control folder.
pub const JOURNAL: &str = "commit.json";

impl Journal {
    /// What has to be done to put `new` in place of `owned`, whose files must look as they did.
    ///
    /// # Errors
    /// If something else lies in a file's place by now.
    pub fn plan(
        root: &Path,
        attempt: String,
        new: Vec<(String, FileEntry)>,
        owned: &Owned,
    ) -> Result<Self, CommitError> {
        let mut stale = Vec::new();
        for (path, (entry, look)) in owned {
            // What was changed meanwhile has become the user's.
            let same = Look::at(&root.join(path)).is_ok_and(|now| now == Some(*look));
            if same && new.iter().all(|(name, _)| name != path) {
                stale.push((path.clone(), entry.clone()));
            }
        }
        let mut moves = Vec::new();
        for (path, new) in new {
            let place = root.join(&path);
            if !stays_below(root, &path).map_err(|e| CommitError::Disk(place.clone(), e))? {
                return Err(CommitError::InTheWay(path));
            }
            let old = match Look::at(&place).map_err(|e| CommitError::Disk(place, e))? {
                None => None,
                Some(now) => match owned.get(&path) {
                    Some((entry, look)) if now == *look => Some(entry.clone()),
                    _ => return Err(CommitError::InTheWay(path)),
                },
            };
            moves.push(Move { path, new, old });
        }
        moves.sort_by_key(|m| m.path == MANIFEST);
        Ok(Journal { attempt, moves, stale })
    }

    /// Writes the journal so that it is there whole or not at all: with it, the new results are committed.
    ///
    /// # Errors
    /// If the disk refuses; then nothing is committed.
    pub fn publish(&self, disk: &dyn Disk, control: &Path) -> io::Result<()> {
        let staged = control.join(&self.attempt);
        let (draft, journal) = (staged.join(JOURNAL), control.join(JOURNAL));
        disk.write(&draft, &serde_json::to_vec(self)?)?;
        disk.sync_file(&draft)?;
        disk.sync_folder(&staged)?;
        // Never over another: where there are no locks, that would be the journal of somebody who is at work.
        disk.move_to_free(&draft, &journal)?;
        disk.sync_folder(control)
    }

    /// Takes back a journal whose publication failed; false if it is there and stays.
    pub fn withdraw(&self, disk: &dyn Disk, control: &Path) -> bool {
        let journal = control.join(JOURNAL);
        let _ = disk.remove_file(&control.join(&self.attempt).join(JOURNAL));
        matches!(Look::at(&journal), Ok(None)) || disk.remove_file(&journal).is_ok()
    }

    /// Reads the journal of a commit that was not finished.
    ///
    /// # Errors
    /// If there is one that can't be read, or that leads out of the folder.
    pub fn read(control: &Path) -> io::Result<Option<Self>> {
        let path = control.join(JOURNAL);
        match Look::at(&path)? {
            None => return Ok(None),
            Some(look) if !look.is_file() => return Err(io::Error::other("it is no plain file")),
            Some(_) => {}
        }
        let journal: Journal = serde_json::from_slice(&fs::read(path)?)?;
        let mut paths = journal.moves.iter().map(|m| &m.path).chain(journal.stale.iter().map(|(path, _)| path));
        if !paths.all(|path| stays_inside(path)) || !stays_inside(&journal.attempt) {
            return Err(io::Error::other("it leads out of its folder"));
        }
        Ok(Some(journal))
    }

    /// Does what is left to do; false if there is nothing, as the commit was taken back. May be begun again at any point, by another process too.
    ///
    /// # Errors
    /// If the disk refuses, or somebody put something in the way; the journal stays.
    pub fn finish(&self, disk: &dyn Disk, root: &Path, control: &Path) -> Result<bool, CommitError> {
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |e| CommitError::Disk(path, e)
        };
        let staged = control.join(&self.attempt);
        // A folder that can't be looked at is not one that is gone.
        match Look::at(&staged).map_err(failed(&staged))? {
            Some(look) if look.is_folder() => {}
            Some(_) => return Err(failed(&staged)(io::Error::other("it is no folder"))),
            None => {
                // It was taken back, and that did not reach the disk: the results were put elsewhere, whole.
                let journal = control.join(JOURNAL);
                return disk.remove_file(&journal).map(|()| false).map_err(failed(&journal));
            }
        }
        // Without a manifest nobody takes a mixture of old and new for results.
        let in_place = root.join(MANIFEST);
        if let Some(Move { old: Some(old), .. }) = self.moves.last()
            && is(&in_place, old).map_err(failed(&in_place))?
        {
            keep_access(&in_place, &staged.join(MANIFEST));
            disk.remove_file(&in_place).map_err(failed(&in_place))?;
            disk.sync_folder(root).map_err(failed(root))?;
        }
        let (manifest, files): (Vec<&Move>, Vec<&Move>) = self.moves.iter().partition(|m| m.path == MANIFEST);
        for m in files {
            m.apply(disk, root, &staged)?;
        }
        for (path, entry) in &self.stale {
            let inside = stays_below(root, path).map_err(failed(root))?;
            let path = root.join(path);
            if inside && is(&path, entry).map_err(failed(&path))? {
                disk.remove_file(&path).map_err(failed(&path))?;
            }
        }
        for folder in self.folders(root) {
            disk.sync_folder(&folder).map_err(failed(&folder))?;
        }
        for m in manifest {
            m.apply(disk, root, &staged)?;
        }
        disk.sync_folder(root).map_err(failed(root))?;
        disk.remove_file(&control.join(JOURNAL)).map_err(failed(&control.join(JOURNAL)))?;
        disk.sync_folder(control).map_err(failed(control))?;
        // All is in place: what is left of the staging harms nobody, and is swept the next time.
        let _ = disk.remove_all(&staged);
        for folder in self.folders(root) {
            if folder != root {
                // Only if nothing is left in it.
                let _ = disk.remove_folder(&folder);
            }
        }
        Ok(true)
    }

    /// Folders of the results whose files change, and that exist.
    fn folders(&self, root: &Path) -> Vec<PathBuf> {
        let paths = self.moves.iter().map(|m| &m.path).chain(self.stale.iter().map(|(path, _)| path));
        let mut folders: Vec<PathBuf> = paths.filter_map(|path| root.join(path).parent().map(Path::to_owned)).collect();
        folders.sort();
        folders.dedup();
        folders.retain(|folder| !matches!(Look::at(folder), Ok(None)));
        folders
    }
}

impl Move {
    fn apply(&self, disk: &dyn Disk, root: &Path, staged: &Path) -> Result<(), CommitError> {
        let (from, to) = (staged.join(&self.path), root.join(&self.path));
        let failed = |e| CommitError::Disk(to.clone(), e);
        if Look::at(&from).map_err(failed)?.is_none() {
            // Moved already.
            return Ok(());
        }
        if !stays_below(root, &self.path).map_err(failed)? {
            return Err(CommitError::InTheWay(self.path.clone()));
        }
        let there = Look::at(&to).map_err(failed)?;
        match (&self.old, there) {
            (_, None) => {
                if let Some(folder) = to.parent()
                    && !folder.is_dir()
                {
                    disk.make_folder(folder).map_err(failed)?;
                    disk.sync_folder(root).map_err(failed)?;
                }
                disk.move_to_free(&from, &to).map_err(|e| match e.kind() {
                    io::ErrorKind::AlreadyExists => CommitError::InTheWay(self.path.clone()),
                    _ => failed(e),
                })
            }
            (Some(old), Some(_)) if is(&to, old).map_err(failed)? => {
                keep_access(&to, &from);
                disk.replace(&from, &to).map_err(failed)
            }
            // The move was done, but only half of it outlived a loss of power.
            (_, Some(_)) if is(&to, &self.new).map_err(failed)? => disk.remove_file(&from).map_err(failed),
            _ => Err(CommitError::InTheWay(self.path.clone())),
        }
    }
}

/// Whether a plain file with this content lies at a path.
fn is(path: &Path, entry: &FileEntry) -> io::Result<bool> {
    Ok(known(path)?.is_some_and(|(found, _)| found == *entry))
}

/// Gives a new file the mode and group of the one that it replaces; not being allowed to is no reason to stop.
fn keep_access(old: &Path, new: &Path) {
    let Ok(metadata) = fs::metadata(old) else { return };
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let _ = std::os::unix::fs::chown(new, None, Some(metadata.gid()));
    }
    let _ = fs::set_permissions(new, metadata.permissions());
}
