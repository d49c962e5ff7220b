//! `--save`: a file that appears whole or not at all, and replaces nothing but an earlier result.

use std::fs;
use std::path::Path;

use crate::bench::BenchResult;
use crate::cli::Failure;
use crate::output::NewFile;

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

    /// Writes the file.
    pub fn write(&self, text: &str) -> Result<(), Failure> {
        self.file.replace(text.as_bytes()).map_err(|e| Failure::Other(format!("can't save to {}: {e}", self.shown)))
    }
}
