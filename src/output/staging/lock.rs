//! One writer at a time in a folder, and who it is.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

/// Who holds a lock.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Holder {
    /// Process id, on its host.
    pub process: u32,
    /// Name of the host.
    pub host: String,
    /// Since when, UTC.
    pub since: String,
}

impl std::fmt::Display for Holder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "process {} on {}, since {} UTC", self.process, self.host, self.since)
    }
}

/// What came of trying to lock.
#[derive(Debug)]
pub enum Locked {
    /// This process writes.
    Held(Lock),
    /// The file system knows no locks. Attempts have names of their own, so they do each other no harm; but nothing can be said about those of
    /// others.
    Unsupported,
    /// Another process writes.
    Busy(Option<Holder>),
}

/// A lock, released when dropped or when the process ends in whichever way.
#[derive(Debug)]
pub struct Lock {
    /// Keeps the lock for as long as it is open.
    file: File,
    path: PathBuf,
}

const NAME: &str = "lock";
/// A lock file may vanish between opening and locking it, when its holder ends; then all is tried again.
const TRIES: usize = 1000;
/// How long a holder may take from the lock to its name in it, before others are told that it has none (a full disk leaves it so).
const NAME_WITHIN: Duration = Duration::from_secs(2);

/// Locks a control folder, which is made if need be.
///
/// # Errors
/// If the file of the lock can't be written.
pub fn lock(control: &Path) -> io::Result<Locked> {
    let path = control.join(NAME);
    let mut last = None;
    let begun = Instant::now();
    for _ in 0..TRIES {
        match fs::create_dir(control) {
            Err(e) if e.kind() != io::ErrorKind::AlreadyExists => return Err(e),
            _ => {}
        }
        // A link or a file with another name leads to what may be somebody's.
        if fs::symlink_metadata(&path).is_ok_and(|m| !m.is_file() || has_other_names(&m)) {
            return Err(io::Error::other(format!("{} is no plain file of its own", path.display())));
        }
        let opened = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path);
        let mut file = match opened {
            Ok(file) => file,
            // The holder ended and removed the folder just now.
            Err(e) if e.kind() == io::ErrorKind::NotFound => {
                last = Some(e);
                continue;
            }
            Err(e) => return Err(e),
        };
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => match holder(&mut file) {
                // It has locked the file and not yet put its name there, or is just going.
                None if begun.elapsed() < NAME_WITHIN => {
                    std::thread::sleep(Duration::from_millis(5));
                    continue;
                }
                holder => return Ok(Locked::Busy(holder)),
            },
            // The file stays: it may be another's, on a system that has just no lock to give.
            Err(TryLockError::Error(_)) => return Ok(Locked::Unsupported),
        }
        if !is_at(&file, &path) {
            continue;
        }
        // Who holds it is told to others; a lock without it locks all the same.
        let _ = file.set_len(0).and_then(|()| file.write_all(myself().as_bytes()));
        return Ok(Locked::Held(Lock { file, path }));
    }
    Err(last.unwrap_or_else(|| io::Error::other("others keep coming and going")))
}

impl Lock {
    /// Its file.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // While it is still held: whoever opened it meanwhile finds that it is gone, and makes a new one. If the folder was moved away and
        // another is in its place, that one's lock is another's.
        if is_at(&self.file, &self.path) {
            let _ = fs::remove_file(&self.path);
        }
        if let Some(control) = self.path.parent() {
            let _ = fs::remove_dir(control);
        }
    }
}

fn holder(file: &mut File) -> Option<Holder> {
    let mut text = String::new();
    file.rewind().and_then(|()| file.read_to_string(&mut text)).ok()?;
    serde_json::from_str(&text).ok()
}

fn myself() -> String {
    let host = fs::read_to_string("/proc/sys/kernel/hostname").ok().or_else(|| std::env::var("HOSTNAME").ok());
    let holder = Holder {
        process: std::process::id(),
        host: host.map_or_else(|| "this machine".into(), |h| h.trim().to_owned()),
        since: chrono::DateTime::<chrono::Utc>::from(std::time::SystemTime::now())
            .format("%Y-%m-%d %H:%M:%S")
            .to_string(),
    };
    serde_json::to_string(&holder).unwrap_or_default()
}

#[cfg(unix)]
fn has_other_names(metadata: &fs::Metadata) -> bool {
    std::os::unix::fs::MetadataExt::nlink(metadata) > 1
}

#[cfg(not(unix))]
fn has_other_names(_: &fs::Metadata) -> bool {
    false
}

/// Whether the file is still the one at this path.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (file.metadata(), fs::symlink_metadata(path)) {
        (Ok(a), Ok(b)) => (a.dev(), a.ino()) == (b.dev(), b.ino()),
        _ => false,
    }
}

/// Whether the file is still the one at this path: an open one can't be removed here.
#[cfg(not(unix))]
fn is_at(_: &File, path: &Path) -> bool {
    path.exists()
}
