//! A single file that appears whole or not at all.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::{Builder, NamedTempFile};

use super::disk::{Disk, RealDisk};
use super::interrupt::{self, Cleanup};

/// Start of the names of files that are not finished.
const PREFIX: &str = ".outflow-unfinished-";

/// Age from which on a file without a lock is a leftover.
const YOUNG: std::time::Duration = std::time::Duration::from_secs(60);

/// The place of a file that will be written, links resolved.
#[derive(Debug)]
pub struct NewFile {
    path: PathBuf,
}

impl NewFile {
    /// Finds the place and tries it, so that what can't be written is known before the work. Removes what killed processes left unfinished
    /// there.
    ///
    /// # Errors
    /// If there is no such folder, or no file can be written there.
    pub fn at(path: &Path) -> io::Result<Self> {
        // What a link leads to is replaced, not the link.
        let path = match fs::canonicalize(path) {
            Ok(path) => path,
            Err(_) if fs::symlink_metadata(path).is_ok() => {
                return Err(io::Error::new(io::ErrorKind::NotFound, "it is a link to nowhere"));
            }
            Err(_) => std::path::absolute(path)?,
        };
        if path.file_name().is_none() || path.is_dir() {
            return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder"));
        }
        let new = NewFile { path };
        if fs::metadata(&new.path).is_ok_and(|m| m.permissions().readonly()) {
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, "it is protected from writing"));
        }
        new.sweep();
        new.draft()?.close()?;
        Ok(new)
    }

    /// Where it will be.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes it, over an earlier one, whose mode it gets.
    ///
    /// # Errors
    /// If it can't be written; then the earlier one is still there.
    pub fn replace(&self, content: &[u8]) -> io::Result<()> {
        self.write(content, |draft| {
            if let Ok(old) = fs::metadata(&self.path) {
                let _ = fs::set_permissions(draft.path(), old.permissions());
            }
            draft.persist(&self.path).map(drop).map_err(|e| e.error)
        })
    }

    /// Writes it if there is none yet.
    ///
    /// # Errors
    /// [`io::ErrorKind::AlreadyExists`] if there is one, or if it can't be written.
    pub fn create(&self, content: &[u8]) -> io::Result<()> {
        self.write(content, |draft| draft.persist_noclobber(&self.path).map(drop).map_err(|e| e.error))
    }

    fn write(&self, content: &[u8], place: impl FnOnce(NamedTempFile) -> io::Result<()>) -> io::Result<()> {
        let mut draft = self.draft()?;
        let registration = interrupt::register(Cleanup {
            disk: Arc::new(RealDisk),
            folder: None,
            files: vec![draft.path().to_owned()],
            empty: Vec::new(),
        });
        draft.write_all(content)?;
        draft.as_file().sync_all()?;
        let deferred = interrupt::defer();
        place(draft)?;
        RealDisk.sync_folder(self.folder())?;
        drop(registration);
        interrupt::committed();
        drop(deferred);
        Ok(())
    }

    fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new("."))
    }

    /// A file beside it; its name has nothing of the final one, which may be as long as names can be.
    fn draft(&self) -> io::Result<NamedTempFile> {
        let mut builder = Builder::new();
        builder.prefix(PREFIX);
        // As other files are made: the user's mask decides who may read it.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let draft = builder.tempfile_in(self.folder())?;
        // Tells others that it is not a leftover. Where there are no locks, leftovers stay.
        let _ = draft.as_file().try_lock();
        Ok(draft)
    }

    /// Removes files that were never finished and whose processes are gone.
    fn sweep(&self) {
        for entry in fs::read_dir(self.folder()).into_iter().flatten().flatten() {
            let plain = entry.file_type().is_ok_and(|t| t.is_file());
            let left = plain && entry.file_name().to_string_lossy().starts_with(PREFIX);
            // One that another process made just now may not be locked yet.
            let age = entry.metadata().ok().and_then(|m| m.modified().ok()?.elapsed().ok());
            if left
                && age.is_some_and(|age| age > YOUNG)
                && fs::File::open(entry.path()).is_ok_and(|file| file.try_lock().is_ok())
            {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}
