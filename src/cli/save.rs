//! A result in a single file: it appears whole or not at all, and replaces nothing but an earlier one of its kind.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::Failure;
use crate::output::staging::NewFile;
use crate::scenario::lines;

/// What kind of result it is.
#[derive(Clone, Copy, Debug)]
pub struct SaveKind {
    /// In words: `the result of `outflow bench``.
    pub what: &'static str,
    /// The option that names the file.
    pub option: &'static str,
    /// Whether a file holds such a result.
    pub is_one: fn(&Path) -> bool,
}

/// A place where a result can be saved.
#[derive(Debug)]
pub struct Save {
    file: NewFile,
    shown: String,
    kind: SaveKind,
}

impl Save {
    /// Finds out before any work whether the result can be written there.
    pub fn begin(path: &Path, kind: SaveKind) -> Result<Self, Failure> {
        let shown = path.display().to_string();
        let refuse = |why: &str| {
            Failure::Input(lines(&format!(
                "error: can't save to {shown}: {why}\n  hint: choose another file with {}",
                kind.option
            )))
        };
        // A device or a pipe is no place where a file can appear; a link leads to one, or to nowhere.
        if fs::metadata(path).is_ok_and(|m| m.is_file()) && !(kind.is_one)(path) {
            return Err(refuse(&format!("it is not {}, and replacing it would lose it", kind.what)));
        }
        if fs::metadata(path).is_ok_and(|m| !m.is_file() && !m.is_dir()) {
            return Err(refuse("it is no plain file"));
        }
        let file = NewFile::at(path).map_err(|e| refuse(&e.to_string()))?;
        Ok(Save { file, shown, kind })
    }

    /// Whether this is the place of another file.
    pub fn is(&self, other: &Path) -> bool {
        match (fs::canonicalize(self.file.path()), fs::canonicalize(other)) {
            (Ok(a), Ok(b)) => a == b,
            _ => false,
        }
    }

    /// Writes the file. What appeared in its place since the beginning is not replaced: then the result lies beside it, and that is told.
    pub fn write(&self, content: &[u8]) -> Result<(), Failure> {
        let failed = |e: std::io::Error| Failure::Other(lines(&format!("can't save to {}: {e}", self.shown)));
        let written = match fs::metadata(self.file.path()) {
            Err(_) => self.file.create(content),
            Ok(_) if (self.kind.is_one)(self.file.path()) => return self.file.replace(content).map_err(failed),
            Ok(_) => Err(ErrorKind::AlreadyExists.into()),
        };
        match written {
            Err(e) if e.kind() == ErrorKind::AlreadyExists => {}
            other => return other.map_err(failed),
        }
        for number in 1..1000 {
            let beside = PathBuf::from(format!("{}.{number}", self.file.path().display()));
            if NewFile::at(&beside).and_then(|file| file.create(content)).is_ok() {
                return Err(Failure::Other(format!(
                    "{} appeared during the work, or was changed; it is not replaced\n  hint: the result is in {}",
                    self.shown,
                    beside.display()
                )));
            }
        }
        Err(failed(ErrorKind::AlreadyExists.into()))
    }
}
