//! A folder under construction inside its final place.

use std::hash::{BuildHasher, Hasher};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;

use super::checkpoints::Checkpoints;
use super::commit::{CommitError, JOURNAL, Journal};
use super::contents::{Contents, PROBE};
use super::disk::{Disk, RealDisk};
use super::interrupt::{self, Cleanup, Registration};
use super::inventory::{self, FileEntry, Inventory};
use super::lock::{self, Lock, Locked};
use super::ownership::{self, Look, Owned};
use super::place::OutputFolder;
use super::recovery::{ATTEMPT, plain, recover, refuge, unfinished};
use super::{CONTROL, MANIFEST, OutputError};

/// Results under construction. Dropped without [`Staging::commit`], they vanish and what was in place before stays.
#[derive(Debug)]
pub struct Staging {
    disk: Arc<dyn Disk>,
    contents: Contents,
    place: OutputFolder,
    /// Where it is written.
    attempt: PathBuf,
    /// What may be replaced.
    owned: Owned,
    notes: Vec<String>,
    /// Whether the attempt stays when this is dropped.
    keep: bool,
    // Dropped in this order: first nobody removes it any more, then others may begin.
    registration: Option<Registration>,
    lock: Option<Lock>,
}

impl Staging {
    /// Begins results that will be in the folder `target`. Does now whatever shows that they can't, before any work.
    ///
    /// # Errors
    /// [`OutputError::Unusable`] if the target is no folder, holds something in the way that outflow did not write, is being written by another
    /// process, or can't be written.
    pub fn begin(target: &Path, contents: Contents) -> Result<Self, OutputError> {
        Self::begin_on(Arc::new(RealDisk), target, contents)
    }

    /// The same on a disk of the caller's.
    ///
    /// # Errors
    /// As [`Staging::begin`].
    pub fn begin_on(disk: Arc<dyn Disk>, target: &Path, contents: Contents) -> Result<Self, OutputError> {
        // A signal finds either nothing or what it has to remove.
        let deferred = interrupt::defer();
        let place = OutputFolder::open(&*disk, target, contents.option())?;
        let control = place.root.join(CONTROL);
        let attempt = control.join(attempt_name());
        let lock = match locked(&*disk, &place, contents) {
            Ok(lock) => lock,
            Err(e) => {
                // Only if it is empty, so nobody else's.
                let _ = disk.remove_folder(&control);
                place.unmake(&*disk);
                return Err(e);
            }
        };
        let registration = interrupt::register(Cleanup {
            disk: disk.clone(),
            folder: Some(attempt.clone()),
            files: lock.iter().map(|lock| lock.path().to_owned()).collect(),
            empty: std::iter::once(control).chain(place.made().iter().rev().cloned()).collect(),
        });
        drop(deferred);
        // From here on it cleans up when dropped.
        let mut staging = Staging {
            disk,
            contents,
            place,
            attempt,
            owned: Owned::new(),
            notes: Vec::new(),
            keep: false,
            registration: Some(registration),
            lock,
        };
        staging.prepare()?;
        Ok(staging)
    }

    /// Completes what others left, finds out what may be replaced, and whether all places can be written.
    fn prepare(&mut self) -> Result<(), OutputError> {
        let (root, shown) = (&self.place.root, &self.place.shown);
        let control = root.join(CONTROL);
        if self.lock.is_some() {
            let _deferred = interrupt::defer();
            self.notes = recover(&*self.disk, root, &control, shown)?;
        } else if !matches!(Look::at(&control.join(JOURNAL)), Ok(None)) {
            // Without a lock, whether others are at work can't be told: then theirs is left alone.
            return Err(OutputError::Unusable(format!(
                "output folder {shown} holds a commit that is under way, or was stopped, and its file system knows no locks\n  \
                 hint: if no outflow is at work there, move {} away, or choose another folder with {}",
                control.display(),
                self.contents.option()
            )));
        }
        self.owned = ownership::owned(&self.place, self.contents)?;
        let made = self.disk.make_folder(&self.attempt);
        made.and_then(|()| probe(&*self.disk, root, &self.attempt, self.contents))
            .map_err(|e| unwritable(&self.place, self.contents, &e))
    }

    /// Where what an unfinished run has counted is kept; gone once results are in place.
    pub fn checkpoints(&self) -> Checkpoints {
        Checkpoints::new(self.disk.clone(), self.place.root.join(CONTROL))
    }

    /// Where to write.
    pub fn folder(&self) -> &Path {
        &self.attempt
    }

    /// What was found and done at the beginning, for the user to know: a sentence each.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Writes a file, and its folder.
    ///
    /// # Errors
    /// [`OutputError::Failed`] with the file's final path.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> Result<(), OutputError> {
        let path = self.attempt.join(name);
        let write = || {
            // The attempt itself is only gone if a signal ends the process.
            if let Some(parent) = path.parent()
                && parent != self.attempt
                && !parent.is_dir()
            {
                self.disk.make_folder(parent)?;
            }
            self.disk.write(&path, content.as_ref())
        };
        write().map_err(|e| self.failed(name, &e))
    }

    /// Makes a sub-folder.
    ///
    /// # Errors
    /// [`OutputError::Failed`] if it can't be made.
    pub fn make_folder(&self, name: &str) -> Result<(), OutputError> {
        self.disk.make_folder(&self.attempt.join(name)).map_err(|e| self.failed(name, &e))
    }

    /// Ends the results with a manifest made of `about`, the kind of contents and the files, and moves all into place; gives the manifest.
    /// From the moment when all has reached the disk they are never lost: what keeps them from their place is told, and where they are.
    ///
    /// # Errors
    /// [`OutputError::Failed`], which says where the results are.
    pub fn commit(mut self, about: &impl Serialize) -> Result<Value, OutputError> {
        let deferred = interrupt::defer();
        let (manifest, files) = self.complete(about).map_err(|(path, e)| self.failed(&path, &e))?;
        let control = self.place.root.join(CONTROL);
        let name = self.attempt.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let planned = Journal::plan(&self.place.root, name, files, &self.owned);
        let published = planned.and_then(|journal| match journal.publish(&*self.disk, &control) {
            Ok(()) => Ok(journal),
            // It may be there all the same. If it can't be taken back, it holds.
            Err(e) if journal.withdraw(&*self.disk, &control) => Err(CommitError::Disk(control.clone(), e)),
            Err(_) => Ok(journal),
        });
        let journal = match published {
            Ok(journal) => journal,
            Err(why) => return Err(self.rescue(&why)),
        };
        // From here on it is committed, whatever happens.
        self.keep = true;
        self.registration = None;
        let finished = journal.finish(&*self.disk, &self.place.root, &control);
        if finished.is_ok() {
            interrupt::committed();
            self.checkpoints().remove();
        }
        // The lock's own file goes while no signal can come between.
        self.lock = None;
        drop(deferred);
        finished.map_err(|e| OutputError::Failed(unfinished(&e, &journal, &control, &self.place.shown)))?;
        Ok(manifest)
    }

    /// Writes the manifest and waits until all has reached the disk. Gives the manifest and all files; or what failed, and where.
    #[allow(clippy::type_complexity, reason = "taken apart at once by the only caller")]
    fn complete(&self, about: &impl Serialize) -> Result<(Value, Vec<(String, FileEntry)>), (String, io::Error)> {
        let disk = &*self.disk;
        let here = |e: io::Error| (String::new(), e);
        let mut files = Inventory::new();
        for path in inventory::paths(&self.attempt).map_err(here)? {
            let file = self.attempt.join(&path);
            debug_assert!(
                self.contents.may_hold(&path),
                "{path} is not among the files that {:?} may have",
                self.contents
            );
            let entry = disk.sync_file(&file).and_then(|()| FileEntry::read(&file)).map_err(|e| (path.clone(), e))?;
            files.insert(path, entry);
        }
        let (manifest, text) = inventory::seal(about, self.contents.id(), &files).map_err(|e| here(e.into()))?;
        let place = self.attempt.join(MANIFEST);
        disk.write(&place, text.as_bytes())
            .and_then(|()| disk.sync_file(&place))
            .map_err(|e| (MANIFEST.to_owned(), e))?;
        let folders = files.keys().filter_map(|path| self.attempt.join(path).parent().map(Path::to_owned));
        let mut folders: Vec<PathBuf> = folders.chain([self.attempt.clone()]).collect();
        folders.sort();
        folders.dedup();
        // From the outside in: a name is only worth something in a folder that is there.
        self.place.sync(disk).map_err(here)?;
        let above = [self.place.root.clone(), self.place.root.join(CONTROL)];
        above.iter().chain(&folders).try_for_each(|folder| disk.sync_folder(folder)).map_err(here)?;
        let all = files.into_iter().chain([(MANIFEST.to_owned(), FileEntry::of(text.as_bytes()))]);
        Ok((manifest, all.collect()))
    }

    /// Puts complete results that could not be committed where the user finds them.
    fn rescue(&mut self, why: &CommitError) -> OutputError {
        self.keep = true;
        self.registration = None;
        let refuge = refuge(&self.place.root, &self.attempt.file_name().unwrap_or_default().to_string_lossy());
        let moved = self.disk.move_to_free(&self.attempt, &refuge);
        let place = if moved.is_ok() { &refuge } else { &self.attempt };
        let shown = &self.place.shown;
        let reason = match why {
            CommitError::InTheWay(path) => {
                format!("`{path}` appeared in {shown}, or was changed, during the run; it is not replaced")
            }
            CommitError::Disk(path, e) => {
                format!("can't move the results to {shown}: {}: {}", path.display(), plain(e))
            }
        };
        let warning =
            if moved.is_ok() { "" } else { ", and the next run into the same folder puts them beside its own" };
        OutputError::Failed(format!("{reason}\n  hint: the results are complete in {}{warning}", place.display()))
    }

    fn failed(&self, name: &str, e: &io::Error) -> OutputError {
        OutputError::Failed(format!("can't write {}: {}", Path::new(&self.place.shown).join(name).display(), plain(e)))
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        if !self.keep {
            let _ = self.disk.remove_all(&self.attempt);
        }
        self.registration = None;
        if self.lock.take().is_none() {
            // A lock removes it itself.
            let _ = self.disk.remove_folder(&self.place.root.join(CONTROL));
        }
        if !self.keep {
            self.place.unmake(&*self.disk);
        }
    }
}

/// Locks the place for this process. `None` if its file system knows no locks.
fn locked(disk: &dyn Disk, place: &OutputFolder, contents: Contents) -> Result<Option<Lock>, OutputError> {
    ownership::unprotected(place, contents)?;
    let control = place.root.join(CONTROL);
    let made = control_folder(disk, &control);
    match made.and_then(|()| lock::lock(&control)).map_err(|e| unwritable(place, contents, &e))? {
        Locked::Held(lock) => Ok(Some(lock)),
        Locked::Unsupported => Ok(None),
        Locked::Busy(holder) => {
            let who = holder.map_or_else(|| "another process".into(), |holder| format!("another outflow ({holder})"));
            Err(OutputError::Unusable(format!(
                "output folder {} is being written by {who}\n  hint: wait for it, or choose another folder with {}",
                place.shown,
                contents.option()
            )))
        }
    }
}

/// Makes the control folder, unless another process did: before this one looked, or between the look and the making.
fn control_folder(disk: &dyn Disk, control: &Path) -> io::Result<()> {
    if Look::at(control)?.is_none() {
        match disk.make_folder(control) {
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
            made => return made,
        }
    }
    match Look::at(control)? {
        Some(look) if !look.is_folder() => Err(io::Error::other(format!("{} is no folder", control.display()))),
        // Gone once more with its holder: the lock makes it again.
        _ => Ok(()),
    }
}

fn unwritable(place: &OutputFolder, contents: Contents, e: &io::Error) -> OutputError {
    OutputError::Unusable(format!(
        "output folder {} can't be written: {}\n  hint: choose another one with {}",
        place.shown,
        plain(e),
        contents.option()
    ))
}

/// A name that no other attempt has, whatever processes with the same number on other hosts do.
fn attempt_name() -> String {
    // Keys of the standard library's hashers are random.
    format!("{ATTEMPT}{:016x}", std::hash::RandomState::new().build_hasher().finish())
}

/// Finds out whether a file can be moved to each place where files will be.
fn probe(disk: &dyn Disk, root: &Path, attempt: &Path, contents: Contents) -> io::Result<()> {
    for folder in [""].iter().chain(contents.folders()) {
        let folder = if folder.is_empty() { root.to_owned() } else { root.join(folder) };
        if !folder.is_dir() {
            continue;
        }
        let name = format!("{PROBE}{}", attempt.file_name().unwrap_or_default().to_string_lossy());
        let (from, to) = (attempt.join("probe"), folder.join(name));
        disk.write(&from, b"")?;
        disk.move_to_free(&from, &to)?;
        disk.remove_file(&to)?;
    }
    Ok(())
}
