//! Power goes at every moment of a commit: what the disk may hold then, and what becomes of it.
//!
//! A disk that keeps names and contents in memory until they are synced. What may be found after a loss of power: contents as they were last
//! synced (empty if they never were), and, of the changes of names since the last sync, either the first few (file systems with an ordered
//! journal) or any of them.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use super::disk::{Disk, RealDisk};
use super::tests::{run, whole};
use super::{Contents, Staging};

/// A change of names.
#[derive(Clone, Debug)]
enum NameChange {
    Folder(PathBuf),
    File(PathBuf, usize),
    Move(PathBuf, PathBuf),
    Gone(PathBuf),
}

/// What lies at a path.
#[derive(Clone, Copy, Debug, PartialEq)]
enum TreeNode {
    Folder,
    File(usize),
}

type Tree = BTreeMap<PathBuf, TreeNode>;

#[derive(Clone, Debug, Default)]
struct Model {
    /// Contents, as written and as synced.
    contents: Vec<(Vec<u8>, Vec<u8>)>,
    now: Tree,
    lasting: Tree,
    /// Changes of names since the last sync of one of their folders.
    pending: Vec<NameChange>,
}

fn apply(names: &mut Tree, change: &NameChange) {
    let has_parent = |names: &Tree, path: &Path| path.parent().is_some_and(|p| names.contains_key(p));
    match change {
        NameChange::Folder(path) if has_parent(names, path) => drop(names.insert(path.clone(), TreeNode::Folder)),
        NameChange::File(path, n) if has_parent(names, path) => drop(names.insert(path.clone(), TreeNode::File(*n))),
        NameChange::Move(from, to) if has_parent(names, to) => {
            let moved: Vec<PathBuf> = names.keys().filter(|p| p.starts_with(from)).cloned().collect();
            for path in moved {
                let node = names.remove(&path).expect("a key");
                let rest = path.strip_prefix(from).expect("starts with it");
                names.insert(if rest.as_os_str().is_empty() { to.clone() } else { to.join(rest) }, node);
            }
        }
        NameChange::Gone(path) => {
            let inside = names.keys().any(|p| p != path && p.starts_with(path));
            if !inside {
                names.remove(path);
            }
        }
        _ => {}
    }
}

impl Model {
    /// A folder whose content has reached the disk.
    fn of(root: &Path) -> Self {
        let mut model = Model::default();
        model.now.insert(root.to_owned(), TreeNode::Folder);
        model.add(root);
        model.lasting = model.now.clone();
        model
    }

    fn add(&mut self, folder: &Path) {
        for entry in fs::read_dir(folder).expect("readable").map(|e| e.expect("readable")) {
            if entry.path().is_dir() {
                self.now.insert(entry.path(), TreeNode::Folder);
                self.add(&entry.path());
            } else {
                let content = fs::read(entry.path()).expect("readable");
                self.now.insert(entry.path(), TreeNode::File(self.contents.len()));
                self.contents.push((content.clone(), content));
            }
        }
    }

    fn change(&mut self, change: NameChange) {
        apply(&mut self.now, &change);
        self.pending.push(change);
    }

    fn sync_folder(&mut self, folder: &Path) {
        let touches = |change: &NameChange| match change {
            NameChange::Folder(path) | NameChange::File(path, _) | NameChange::Gone(path) => {
                path.parent() == Some(folder)
            }
            NameChange::Move(from, to) => from.parent() == Some(folder) || to.parent() == Some(folder),
        };
        // Changes of this folder alone; what they rest on in other folders has to be synced there.
        let (synced, pending) = self.pending.drain(..).partition(touches);
        self.pending = pending;
        let synced: Vec<NameChange> = synced;
        synced.iter().for_each(|change| apply(&mut self.lasting, change));
    }

    /// Writes what the disk holds if just these pending changes reached it.
    fn image(&self, root: &Path, changes: &[NameChange], to: &Path) {
        let mut names = self.lasting.clone();
        changes.iter().for_each(|change| apply(&mut names, change));
        for (path, node) in names {
            let place = to.join(path.strip_prefix(root).expect("inside"));
            match node {
                TreeNode::Folder => fs::create_dir_all(place).expect("can make"),
                TreeNode::File(n) => fs::write(place, &self.contents[n].1).expect("can write"),
            }
        }
    }
}

/// Works on the real disk, and keeps the state before each operation.
#[derive(Debug)]
struct Recorder {
    model: Mutex<Model>,
    moments: Mutex<Vec<Model>>,
}

impl Recorder {
    fn note(&self, path: &Path, real: io::Result<()>, change: impl FnOnce(&mut Model)) -> io::Result<()> {
        real?;
        let mut model = self.model.lock().expect("no panic");
        // The name of the test's own folder and what is above it are not in question.
        if path.components().count() > 0 {
            change(&mut model);
        }
        self.moments.lock().expect("no panic").push(model.clone());
        Ok(())
    }
}

impl Disk for Recorder {
    fn make_folder(&self, path: &Path) -> io::Result<()> {
        self.note(path, RealDisk.make_folder(path), |m| m.change(NameChange::Folder(path.to_owned())))
    }
    fn write(&self, path: &Path, content: &[u8]) -> io::Result<()> {
        self.note(path, RealDisk.write(path, content), |m| match m.now.get(path) {
            Some(TreeNode::File(n)) => m.contents[*n].0 = content.to_vec(),
            _ => {
                m.contents.push((content.to_vec(), Vec::new()));
                m.change(NameChange::File(path.to_owned(), m.contents.len() - 1));
            }
        })
    }
    fn sync_file(&self, path: &Path) -> io::Result<()> {
        self.note(path, RealDisk.sync_file(path), |m| {
            if let Some(TreeNode::File(n)) = m.now.get(path) {
                m.contents[*n].1 = m.contents[*n].0.clone();
            }
        })
    }
    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        self.note(path, RealDisk.sync_folder(path), |m| m.sync_folder(path))
    }
    fn replace(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.note(from, RealDisk.replace(from, to), |m| m.change(NameChange::Move(from.to_owned(), to.to_owned())))
    }
    fn move_to_free(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.note(from, RealDisk.move_to_free(from, to), |m| m.change(NameChange::Move(from.to_owned(), to.to_owned())))
    }
    fn remove_file(&self, path: &Path) -> io::Result<()> {
        self.note(path, RealDisk.remove_file(path), |m| m.change(NameChange::Gone(path.to_owned())))
    }
    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        self.note(path, RealDisk.remove_folder(path), |m| m.change(NameChange::Gone(path.to_owned())))
    }
}

/// Which of the pending changes reach the disk: the first few, for each number of them, and random ones.
fn reached(pending: &[NameChange], moment: usize) -> Vec<Vec<NameChange>> {
    let mut cases: Vec<Vec<NameChange>> = (0..=pending.len()).map(|n| pending[..n].to_vec()).collect();
    for case in 0..4u64 {
        let mut word = (moment as u64 * 4 + case + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut take = || {
            word ^= word << 13;
            word ^= word >> 7;
            word ^= word << 17;
            word & 1 == 0
        };
        cases.push(pending.iter().filter(|_| take()).cloned().collect());
    }
    cases
}

#[test]
fn power_may_go_at_any_moment_of_a_commit() {
    let home = tempfile::tempdir().expect("a folder");
    let root = fs::canonicalize(home.path()).expect("there").join("run");
    run(Arc::new(RealDisk), &root, 2).expect("can run");
    fs::write(root.join("tables/mine.txt"), "mine").expect("can write");
    let model = Model::of(&root);
    let recorder = Arc::new(Recorder { model: Mutex::new(model.clone()), moments: Mutex::new(vec![model]) });
    run(recorder.clone(), &root, 3).expect("can run");
    let moments = std::mem::take(&mut *recorder.moments.lock().expect("no panic"));
    let (mut tried, mut new, mut settled) = (0, 0, false);
    for (moment, model) in moments.iter().enumerate() {
        let mut all_new = true;
        for changes in reached(&model.pending, moment) {
            let image = tempfile::tempdir().expect("a folder");
            let target = image.path().join("run");
            model.image(&root, &changes, &target);
            let found = whole(&target);
            assert!(found == Some(2) || found == Some(3), "moment {moment}, {changes:#?}: {found:?}");
            // Once every image has the new results, they are never lost again.
            assert!(!settled || found == Some(3), "moment {moment}, {changes:#?}: what was committed is gone");
            all_new &= found == Some(3);
            new += usize::from(found == Some(3));
            drop(Staging::begin(&target, Contents::Run).unwrap_or_else(|e| panic!("moment {moment}: {e}")));
            assert_eq!(whole(&target), found);
            assert_eq!(fs::read_to_string(target.join("tables/mine.txt")).expect("there"), "mine");
            tried += 1;
        }
        settled |= all_new;
    }
    assert!(settled, "a run that ended well has left the new results on the disk");
    assert!(tried > 200 && new > 20 && new < tried, "{tried} images, {new} of them new");
}
