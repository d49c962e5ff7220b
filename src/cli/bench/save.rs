//! `--save`: a file that appears whole or not at all, and replaces nothing but an earlier result.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::bench::BenchResult;
use crate::cli::Failure;
use crate::output::staging::NewFile;

/// A place where a result can be saved.
pub struct Save {
    file: NewFile,
    shown: String,
}

impl Save {
    /// Finds out before any work whether the result can be written there.
    pub fn begin(path: &Path) -> Result<Self, Failure> {
        let shown = path.display().to_string();
        let refuse = |why: &str| {
            Failure::Input(format!("error: can't save to {shown}: {why}\n  hint: choose another file with --save FILE"))
        };
        // A device or a pipe is no place where a file can appear; a link leads to one, or to nowhere.
        if fs::metadata(path).is_ok_and(|m| m.is_file()) && !BenchResult::is_one(path) {
            return Err(refuse("it is not the result of `outflow bench`, and replacing it would lose it"));
        }
        if fs::metadata(path).is_ok_and(|m| !m.is_file() && !m.is_dir()) {
            return Err(refuse("it is no plain file"));
        }
        let file = NewFile::at(path).map_err(|e| refuse(&e.to_string()))?;
        Ok(Save { file, shown })
    }

    /// Whether this is the place of another file.
    pub fn is(&self, other: &Path) -> bool {
        match (fs::canonicalize(self.file.path()), fs::canonicalize(other)) {
            (Ok(a), Ok(b)) => a == b,
            _ => false,
        }
    }

    /// Writes the file. What appeared in its place since the beginning is not replaced: then the result lies beside it, and that is told.
    pub fn write(&self, text: &str) -> Result<(), Failure> {
        let failed = |e: std::io::Error| Failure::Other(format!("can't save to {}: {e}", self.shown));
        let text = text.as_bytes();
        let written = match fs::metadata(self.file.path()) {
            Err(_) => self.file.create(text),
            Ok(_) if BenchResult::is_one(self.file.path()) => return self.file.replace(text).map_err(failed),
            Ok(_) => Err(ErrorKind::AlreadyExists.into()),
        };
        match written {
            Err(e) if e.kind() == ErrorKind::AlreadyExists => {}
            other => return other.map_err(failed),
        }
        for number in 1..1000 {
            let beside = PathBuf::from(format!("{}.{number}", self.file.path().display()));
            if NewFile::at(&beside).and_then(|file| file.create(text)).is_ok() {
                return Err(Failure::Other(format!(
                    "{} appeared during the measurement, or was changed; it is not replaced\n  hint: the result is in {}",
                    self.shown,
                    beside.display()
                )));
            }
        }
        Err(failed(ErrorKind::AlreadyExists.into()))
    }
}
