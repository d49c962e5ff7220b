//! Which files a folder holds, with size and digest; and the manifest that says so, sealed with a digest of its own.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::{Component, Path};

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a file is known by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Size.
    pub bytes: u64,
    /// BLAKE3, hexadecimal.
    pub blake3: String,
}

/// Files by their path in the folder, with `/` between names.
pub type Inventory = BTreeMap<String, FileEntry>;

/// A manifest, as far as it says whose files are whose.
#[derive(Clone, Debug)]
pub struct Listing {
    /// [`super::Contents::id`].
    pub contents: String,
    /// All files but the manifest.
    pub files: Inventory,
}

/// What lies where a manifest would.
#[derive(Debug)]
pub enum Found {
    /// Nothing.
    Nothing,
    /// A manifest as outflow wrote it; its listing, and what it is known by itself.
    Ours(Listing, FileEntry),
    /// Something else, and why it can't be relied on.
    Other(String),
}

/// Key of the digest of the manifest itself.
const SEAL: &str = "manifest_digest";
/// What stands in its place while it is computed.
const BLANK: &str = "0000000000000000000000000000000000000000000000000000000000000000";

impl FileEntry {
    /// Of a file's content.
    pub fn of(content: &[u8]) -> Self {
        FileEntry { bytes: content.len() as u64, blake3: blake3::hash(content).to_hex().to_string() }
    }

    /// Of a file on disk.
    ///
    /// # Errors
    /// If it can't be read.
    pub fn read(path: &Path) -> io::Result<Self> {
        let mut hasher = blake3::Hasher::new();
        let bytes = io::copy(&mut File::open(path)?, &mut hasher)?;
        Ok(FileEntry { bytes, blake3: hasher.finalize().to_hex().to_string() })
    }
}

/// Files under a folder, by path, links and all that is no folder included.
///
/// # Errors
/// If a folder can't be read.
pub fn paths(folder: &Path) -> io::Result<Vec<String>> {
    fn walk(folder: &Path, prefix: &str, found: &mut Vec<String>) -> io::Result<()> {
        let mut entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.file_type()?.is_dir() {
                walk(&entry.path(), &format!("{path}/"), found)?;
            } else {
                found.push(path);
            }
        }
        Ok(())
    }
    let mut found = Vec::new();
    walk(folder, "", &mut found)?;
    Ok(found)
}

/// The text of a manifest: `about`, the kind of contents, the files, and the digest of this text with the digest left blank.
///
/// # Errors
/// If `about` is no object that JSON can hold.
pub fn seal(about: &impl Serialize, contents: &str, files: &Inventory) -> Result<(Value, String), serde_json::Error> {
    let mut value = serde_json::to_value(about)?;
    if let Value::Object(map) = &mut value {
        map.insert("contents".into(), contents.into());
        map.insert("files".into(), serde_json::to_value(files)?);
        map.insert(SEAL.into(), BLANK.into());
    }
    let text = serde_json::to_string_pretty(&value)? + "\n";
    let digest = blake3::hash(text.as_bytes()).to_hex().to_string();
    value[SEAL] = digest.as_str().into();
    // The digest is the last value, so the last blank is its place.
    let place = text.rfind(BLANK).unwrap_or(text.len());
    let text = [&text[..place], &digest, text.get(place + BLANK.len()..).unwrap_or_default()].concat();
    Ok((value, text))
}

/// Reads the manifest at a path.
pub fn read_manifest(path: &Path) -> Found {
    match fs::symlink_metadata(path) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Found::Nothing,
        Err(e) => return Found::Other(format!("can't be read: {e}")),
        Ok(m) if !m.is_file() => return Found::Other("is no plain file".into()),
        Ok(_) => {}
    }
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(e) => return Found::Other(format!("can't be read: {e}")),
    };
    match listing(&text) {
        Ok(listing) => Found::Ours(listing, FileEntry::of(text.as_bytes())),
        Err(why) => Found::Other(why),
    }
}

fn listing(text: &str) -> Result<Listing, String> {
    let value: Value = serde_json::from_str(text).map_err(|e| format!("is no JSON ({e})"))?;
    let (Some(sealed), Some(files)) = (value[SEAL].as_str(), value.get("files")) else {
        let early = value.get("scenario_digest").is_some();
        return Err(if early {
            "was written by an early version of outflow, which did not list its files".into()
        } else {
            "is not one of outflow's".into()
        });
    };
    let place = text.rfind(sealed).filter(|_| sealed.len() == BLANK.len());
    let place = place.ok_or("has a broken digest")?;
    let blank = [&text[..place], BLANK, &text[place + sealed.len()..]].concat();
    if blake3::hash(blank.as_bytes()).to_hex().as_str() != sealed {
        return Err("was changed since outflow wrote it".into());
    }
    let files: Inventory =
        serde_json::from_value(files.clone()).map_err(|e| format!("has a list of files that can't be read ({e})"))?;
    if let Some(path) = files.keys().find(|path| !stays_inside(path)) {
        return Err(format!("lists `{path}`, which is outside of its folder"));
    }
    Ok(Listing { contents: value["contents"].as_str().unwrap_or_default().to_owned(), files })
}

/// Whether a path leads to something below the folder that it is relative to.
pub fn stays_inside(path: &str) -> bool {
    !path.is_empty() && Path::new(path).components().all(|c| matches!(c, Component::Normal(_)))
}
