//! What has to be cleaned up when a signal ends the process, and when a signal has to wait.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::disk::Disk;

/// Held while files move into place: whoever wants to end the process waits for it.
static MOVING: Mutex<()> = Mutex::new(());
/// What is under construction.
static UNFINISHED: Mutex<Vec<(u64, Cleanup)>> = Mutex::new(Vec::new());
static NEXT: AtomicU64 = AtomicU64::new(0);
/// Whether the process is being ended: what fails from now on fails because of that.
static ENDING: AtomicBool = AtomicBool::new(false);
/// Whether results were moved into place by this process.
static COMMITTED: AtomicBool = AtomicBool::new(false);

/// Whether what an unfinished run has counted is kept.
static KEPT: AtomicBool = AtomicBool::new(false);

/// What to remove.
#[derive(Clone, Debug)]
pub(super) struct Cleanup {
    pub(super) disk: Arc<dyn Disk>,
    /// A folder that holds nothing of the user's.
    pub(super) folder: Option<PathBuf>,
    /// Files.
    pub(super) files: Vec<PathBuf>,
    /// Folders that go if they are empty, the innermost first.
    pub(super) empty: Vec<PathBuf>,
}

/// Something under construction; dropped when it is no longer.
#[derive(Debug)]
pub(super) struct Registration(u64);

/// What an interrupt found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interrupted {
    /// Results were under construction, and are gone.
    Unfinished,
    /// The same, but what was counted is kept.
    Kept,
    /// Results are complete and in place.
    Finished,
    /// There was nothing to lose.
    Idle,
}

/// Begins to end the process: waits for files that are being moved into place, then removes what is unfinished. The caller exits; other
/// threads should [`wait_if_ending`] instead of reporting that their files are gone.
pub fn end() -> Interrupted {
    let moving = MOVING.lock().unwrap_or_else(PoisonError::into_inner);
    ENDING.store(true, Ordering::SeqCst);
    let unfinished = std::mem::take(&mut *UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner));
    let any = !unfinished.is_empty();
    for (_, cleanup) in unfinished {
        cleanup.run();
    }
    // Kept: nothing may move from now on.
    std::mem::forget(moving);
    match (any, COMMITTED.load(Ordering::SeqCst)) {
        (true, _) if KEPT.load(Ordering::SeqCst) => Interrupted::Kept,
        (true, _) => Interrupted::Unfinished,
        (false, true) => Interrupted::Finished,
        (false, false) => Interrupted::Idle,
    }
}

/// Waits for the end of the process if a signal is ending it.
pub fn wait_if_ending() {
    // Also if it has just begun.
    while ENDING.load(Ordering::SeqCst) {
        std::thread::park();
    }
}

/// While the result is held, no signal ends the process.
pub(super) fn defer() -> MutexGuard<'static, ()> {
    MOVING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Notes that what an unfinished run has counted is kept.
pub(super) fn kept() {
    KEPT.store(true, Ordering::SeqCst);
}

/// Notes that results are in place.
pub(super) fn committed() {
    COMMITTED.store(true, Ordering::SeqCst);
}

pub(super) fn register(cleanup: Cleanup) -> Registration {
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner).push((number, cleanup));
    Registration(number)
}

impl Drop for Registration {
    fn drop(&mut self) {
        UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner).retain(|(number, _)| *number != self.0);
    }
}

impl Cleanup {
    /// Removes it all. Another thread may still be writing: it is tried again until nothing comes after.
    pub(super) fn run(&self) {
        if let Some(folder) = &self.folder {
            for _ in 0..100 {
                let _ = self.disk.remove_all(folder);
                if !folder.exists() {
                    break;
                }
            }
        }
        for file in &self.files {
            let _ = self.disk.remove_file(file);
        }
        for folder in &self.empty {
            let _ = self.disk.remove_folder(folder);
        }
    }
}
