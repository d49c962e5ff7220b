//! `--save`: a file that appears whole or not at all, and replaces nothing but an earlier result.

use std::fs;
use std::path::{Path, PathBuf};

use crate::bench::BenchResult;
use crate::cli::Failure;

/// A place where a result can be saved.
pub struct Save {
    path: PathBuf,
    partial: PathBuf,
}

impl Save {
    /// Finds out before any work whether the result can be written there.
    pub fn begin(path: &Path) -> Result<Self, Failure> {
        let refuse = |why: String| Failure::Input(format!("error: can't save to {}: {why}", path.display()));
        let another = "\n  hint: choose another file with --save FILE";
        // `exists` follows links: one that leads nowhere is no result of ours either.
        if fs::symlink_metadata(path).is_ok() && !BenchResult::is_one(path) {
            return Err(refuse(format!(
                "it is not the result of `outflow bench`, and replacing it would lose it{another}"
            )));
        }
        let absolute = std::path::absolute(path).map_err(|e| refuse(e.to_string()))?;
        let Some(name) = absolute.file_name() else { return Err(refuse(format!("it is no file{another}"))) };
        let partial = absolute.with_file_name(format!(".{}.partial-{}", name.to_string_lossy(), std::process::id()));
        fs::write(&partial, "")
            .and_then(|()| fs::remove_file(&partial))
            .map_err(|e| refuse(format!("{e}{another}")))?;
        Ok(Save { path: absolute, partial })
    }

    /// Whether this is the place of another file.
    pub fn is(&self, other: &Path) -> bool {
        match (fs::canonicalize(&self.path), fs::canonicalize(other)) {
            (Ok(a), Ok(b)) => a == b,
            _ => false,
        }
    }

    /// Writes the file.
    pub fn write(&self, text: &str) -> Result<(), Failure> {
        fs::write(&self.partial, text).and_then(|()| fs::rename(&self.partial, &self.path)).map_err(|e| {
            let _ = fs::remove_file(&self.partial);
            Failure::Other(format!("can't save to {}: {e}", self.path.display()))
        })
    }
}
