//! What a commit does to the disk, one call an operation, so that tests can make each of them fail or be the last.

use std::fs::{self, File};
use std::io;
use std::path::Path;

/// Changes of files and folders.
pub trait Disk: std::fmt::Debug + Send + Sync {
    /// Makes a folder, whose parent must exist.
    ///
    /// # Errors
    /// Of the operating system; so for all of these.
    fn make_folder(&self, path: &Path) -> io::Result<()>;
    /// Writes a file, new or over what it held.
    ///
    /// # Errors
    /// Of the operating system.
    fn write(&self, path: &Path, content: &[u8]) -> io::Result<()>;
    /// Waits until a file's content has reached the disk.
    ///
    /// # Errors
    /// Also those of earlier writes, which the system may tell only now.
    fn sync_file(&self, path: &Path) -> io::Result<()>;
    /// Waits until the names in a folder have reached the disk.
    ///
    /// # Errors
    /// Of the operating system.
    fn sync_folder(&self, path: &Path) -> io::Result<()>;
    /// Moves a file, over another if there is one.
    ///
    /// # Errors
    /// Of the operating system.
    fn replace(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Moves a file or folder to a name that must be free.
    ///
    /// # Errors
    /// [`io::ErrorKind::AlreadyExists`] if it is not.
    fn move_to_free(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a file.
    ///
    /// # Errors
    /// Of the operating system.
    fn remove_file(&self, path: &Path) -> io::Result<()>;
    /// Removes an empty folder.
    ///
    /// # Errors
    /// Of the operating system; also if it is not empty.
    fn remove_folder(&self, path: &Path) -> io::Result<()>;

    /// Removes a folder and all in it, of which nothing may be the user's.
    ///
    /// # Errors
    /// The first that happened; the rest is removed all the same.
    fn remove_all(&self, path: &Path) -> io::Result<()> {
        // A link is removed, not what it leads to.
        if !fs::symlink_metadata(path)?.is_dir() {
            return self.remove_file(path);
        }
        let mut first = Ok(());
        for entry in fs::read_dir(path)? {
            let entry = entry?;
            let is_folder = entry.file_type()?.is_dir();
            let removed = if is_folder { self.remove_all(&entry.path()) } else { self.remove_file(&entry.path()) };
            first = first.and(removed);
        }
        first.and(self.remove_folder(path))
    }
}

/// The disk of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct RealDisk;

impl Disk for RealDisk {
    fn make_folder(&self, path: &Path) -> io::Result<()> {
        fs::create_dir(path)
    }

    fn write(&self, path: &Path, content: &[u8]) -> io::Result<()> {
        fs::write(path, content)
    }

    fn sync_file(&self, path: &Path) -> io::Result<()> {
        File::open(path)?.sync_all()
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        // Elsewhere a folder can't be opened, and its names are synced with its files.
        if cfg!(unix) { File::open(path)?.sync_all() } else { Ok(()) }
    }

    fn replace(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn move_to_free(&self, from: &Path, to: &Path) -> io::Result<()> {
        // The operating system refuses a name in use in one step with the move, where it can.
        let moved = tempfile::TempPath::try_from_path(from)?;
        let Err(refused) = moved.persist_noclobber(to) else { return Ok(()) };
        // Given back, so that it is not removed as a temporary file would be.
        let _ = refused.path.keep();
        let free = fs::symlink_metadata(to).is_err_and(|e| e.kind() == io::ErrorKind::NotFound);
        // Some file systems know neither such a move nor hard links; there, the look just before has to do.
        if refused.error.kind() != io::ErrorKind::AlreadyExists && free {
            fs::rename(from, to)
        } else {
            Err(refused.error)
        }
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        fs::remove_dir(path)
    }
}
