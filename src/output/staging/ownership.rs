//! What in a folder is outflow's and may be replaced, found out before any work; all else is the user's.

use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::io;
use std::path::Path;
use std::time::SystemTime;

use super::contents::{Contents, harmless};
use super::inventory::{FileEntry, Found, Inventory, Listing, read_manifest};
use super::place::OutputFolder;
use super::{CONTROL, MANIFEST, OutputError};

/// What a file looked like when its digest was taken: as long as it looks so, the digest holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    kind: EntryKind,
    bytes: u64,
    changed: Option<SystemTime>,
    number: u64,
}

/// What lies at a path. A link is neither file nor folder: it leads to what may be somebody else's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum EntryKind {
    File,
    Folder,
    Other,
}

/// Files that may be replaced, with what they are known by.
pub type Owned = BTreeMap<String, (FileEntry, Look)>;

impl Look {
    fn new(metadata: &Metadata) -> Self {
        #[cfg(unix)]
        let number = std::os::unix::fs::MetadataExt::ino(metadata);
        #[cfg(not(unix))]
        let number = 0;
        let kind = match metadata.file_type() {
            t if t.is_file() => EntryKind::File,
            t if t.is_dir() => EntryKind::Folder,
            _ => EntryKind::Other,
        };
        Look { kind, bytes: metadata.len(), changed: metadata.modified().ok(), number }
    }

    /// Of what lies at a path, links not followed; `None` if nothing does.
    ///
    /// # Errors
    /// If it can't be looked at.
    pub fn at(path: &Path) -> io::Result<Option<Self>> {
        match fs::symlink_metadata(path) {
            Ok(m) => Ok(Some(Look::new(&m))),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(e),
        }
    }

    /// Whether it is a plain file.
    pub fn is_file(self) -> bool {
        self.kind == EntryKind::File
    }

    /// Whether it is a folder.
    pub fn is_folder(self) -> bool {
        self.kind == EntryKind::Folder
    }
}

/// What a plain file is known by, and what it looked like all the while; `None` if there is none, or if it changed meanwhile.
///
/// # Errors
/// If it can't be read.
pub fn known(path: &Path) -> io::Result<Option<(FileEntry, Look)>> {
    let Some(before) = Look::at(path)?.filter(|look| look.is_file()) else { return Ok(None) };
    let entry = FileEntry::read(path)?;
    Ok((Look::at(path)? == Some(before)).then_some((entry, before)))
}

/// Whether a path below a folder leads through real folders only, as far as they are there: a link among them leads to somebody else's.
///
/// # Errors
/// If one can't be looked at.
pub fn stays_below(root: &Path, path: &str) -> io::Result<bool> {
    let mut at = root.join(path);
    while at.pop() && at != root {
        if Look::at(&at)?.is_some_and(|look| !look.is_folder()) {
            return Ok(false);
        }
    }
    Ok(at == root)
}

/// Finds out what in the folder may be replaced by results of a kind.
///
/// # Errors
/// [`OutputError::Unusable`], with the name of what is in the way: files of others where no results were, a file that was changed since
/// outflow wrote it, one of others where results belong, anything that is protected from writing.
pub fn owned(place: &OutputFolder, contents: Contents) -> Result<Owned, OutputError> {
    let shown = &place.shown;
    let option = contents.option();
    let refuse = |why: String| refusal(shown, &why, option);
    let unreadable = |e: io::Error| OutputError::Unusable(format!("output folder {shown} can't be read: {e}"));
    let root = &place.root;
    let (listing, manifest) = match read_manifest(&root.join(MANIFEST)) {
        Found::Ours(listing, entry) => (listing, Some(entry)),
        Found::Nothing => (Listing { contents: contents.id().into(), files: Inventory::new() }, None),
        Found::Other(why) => {
            return Err(refuse(format!(
                "holds a `{MANIFEST}` that {why}; what else is there can't be told from yours"
            )));
        }
    };
    if listing.contents != contents.id() {
        return Err(refuse(format!(
            "holds {}, which {} does not replace",
            Contents::what(&listing.contents),
            Contents::what(contents.id())
        )));
    }
    let others = others(root, contents, &listing.files).map_err(unreadable)?;
    let stranger = others.iter().find(|path| !harmless(path.rsplit('/').next().unwrap_or(path)));
    if let (None, Some(path), false) = (&manifest, stranger, contents.joins_others()) {
        return Err(refuse(format!("holds `{path}`, which outflow did not write, and no results that it did")));
    }
    // A link or a file in place of a folder of the results is among them too.
    if let Some(path) =
        others.iter().find(|path| contents.may_hold(path) || contents.folders().contains(&path.as_str()))
    {
        return Err(refuse(format!(
            "holds `{path}`, which outflow did not write, where a file of the results belongs"
        )));
    }
    let mut owned = Owned::new();
    let all = listing.files.into_iter().chain(manifest.map(|entry| (MANIFEST.to_owned(), entry)));
    for (path, entry) in all {
        let file = root.join(&path);
        // What results of this kind do not have is not replaced, whoever lists it.
        if !contents.may_hold(&path) || !stays_below(root, &path).map_err(unreadable)? {
            continue;
        }
        if Look::at(&file).map_err(unreadable)?.is_none() {
            continue;
        }
        let found = known(&file).map_err(unreadable)?;
        let Some((_, look)) = found.filter(|(found, _)| *found == entry) else {
            return Err(refuse(format!(
                "holds `{path}`, which was changed since outflow wrote it; replacing it would lose that"
            )));
        };
        writable(place, &path, &refuse)?;
        owned.insert(path, (entry, look));
    }
    Ok(owned)
}

/// Finds out before anything is written whether the folder itself is protected from writing.
///
/// # Errors
/// [`OutputError::Unusable`] if it is.
pub fn unprotected(place: &OutputFolder, contents: Contents) -> Result<(), OutputError> {
    let refuse = |why: String| refusal(&place.shown, &why, contents.option());
    for folder in [""].iter().chain(contents.folders()) {
        writable(place, folder, &refuse)?;
    }
    Ok(())
}

fn refusal(shown: &str, why: &str, option: &str) -> OutputError {
    OutputError::Unusable(format!(
        "output folder {shown} {why}\n  hint: move it away, or choose another folder with {option}"
    ))
}

/// What lies in a folder and in those that results of a kind have, but is not in its list: in the order of names, other folders not looked into.
///
/// # Errors
/// If a folder can't be read.
pub fn others(root: &Path, contents: Contents, files: &Inventory) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    for folder in [""].iter().chain(contents.folders()) {
        let entries = match fs::read_dir(root.join(folder)) {
            Err(e) if e.kind() == io::ErrorKind::NotFound && !folder.is_empty() => continue,
            entries => entries?,
        };
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let ours = folder.is_empty() && (name == CONTROL || name == MANIFEST);
            let looked_into = folder.is_empty() && contents.folders().contains(&&*name) && entry.file_type()?.is_dir();
            let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
            if !ours && !looked_into && !files.contains_key(&path) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Honours protection from writing of a path and the folders above it, which a move over it would not notice.
fn writable(place: &OutputFolder, path: &str, refuse: &impl Fn(String) -> OutputError) -> Result<(), OutputError> {
    let mut at = place.root.join(path);
    loop {
        if fs::symlink_metadata(&at).is_ok_and(|m| m.permissions().readonly()) {
            let name = at.strip_prefix(&place.root).unwrap_or(&at).display().to_string();
            let what = if name.is_empty() { "is".into() } else { format!("holds `{name}`, which is") };
            return Err(refuse(format!("{what} protected from writing")));
        }
        if at == place.root || !at.pop() {
            return Ok(());
        }
    }
}
