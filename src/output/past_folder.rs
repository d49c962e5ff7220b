//! A folder of results that are over: held against its manifest before anything in it is read.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::output::manifest::VERSION;
use crate::output::staging::{self, Contents, MANIFEST, OutputError};
use crate::scenario::{Overrides, Scenario, load};

/// The scenario in a folder of results.
const RESOLVED: &str = "scenario.resolved.toml";

/// Why results that are over can't be read.
#[derive(Debug, thiserror::Error)]
pub enum PastError {
    /// The folder is not usable, or not there.
    #[error(transparent)]
    Folder(#[from] OutputError),
    /// It holds something else, or not what was written.
    #[error("{0}")]
    Unfit(String),
}

/// Results that are over, as they were written.
#[derive(Debug)]
pub struct PastFolder {
    /// Where they are.
    pub folder: PathBuf,
    /// [`Contents::id`] of what they are.
    pub contents: String,
    /// What their manifest says.
    pub manifest: Value,
    /// What was done before looking, a sentence each.
    pub notes: Vec<String>,
}

impl PastFolder {
    /// Holds every file of a folder against its manifest.
    ///
    /// # Errors
    /// If there are no whole results, or they were changed since they were written.
    pub fn open(folder: &Path) -> Result<Self, PastError> {
        let found = staging::verify(folder)?;
        let shown = folder.display();
        let unfit = |why: String| PastError::Unfit(format!("{shown}: {why}"));
        if let Some(problem) = found.problems.first() {
            return Err(unfit(format!(
                "not as it was written: {problem}\n  help: `outflow verify --quick {shown}` lists all; make the results again"
            )));
        }
        let text =
            fs::read_to_string(folder.join(MANIFEST)).map_err(|e| unfit(format!("can't read {MANIFEST}: {e}")))?;
        let manifest = serde_json::from_str(&text).map_err(|e| unfit(format!("{MANIFEST}: {e}")))?;
        Ok(PastFolder { folder: folder.to_owned(), contents: found.contents, manifest, notes: found.notes })
    }

    /// Refuses results of other kinds than `wanted`; `help` says what to name instead.
    ///
    /// # Errors
    /// If they are of another kind.
    pub fn holds(&self, wanted: &[Contents], help: &str) -> Result<(), PastError> {
        if wanted.iter().any(|kind| kind.id() == self.contents) {
            return Ok(());
        }
        let kinds: Vec<String> = wanted.iter().map(|kind| Contents::what(kind.id())).collect();
        let what = Contents::what(&self.contents);
        Err(self.unfit(&format!("holds {what}, not {}\n  help: {help}", kinds.join(" or "))))
    }

    /// Refuses results of another version, which may count differently, or have other columns.
    ///
    /// # Errors
    /// If another version wrote them.
    pub fn of_this_version(&self) -> Result<(), PastError> {
        match self.word("version")? {
            VERSION => Ok(()),
            other => Err(self.unfit(&format!(
                "outflow {other} wrote it, this is {VERSION}, which may read its tables differently\n  help: use outflow {other}, or make the results again with this one"
            ))),
        }
    }

    /// The text of the scenario that was simulated.
    ///
    /// # Errors
    /// If it is not there.
    pub fn resolved(&self) -> Result<String, PastError> {
        let text = fs::read_to_string(self.folder.join(RESOLVED));
        text.map_err(|e| self.unfit(&format!("can't read {RESOLVED}: {e}")))
    }

    /// The scenario that was simulated.
    ///
    /// # Errors
    /// If it is not there, or none of this version.
    pub fn scenario(&self) -> Result<Scenario, PastError> {
        let loaded = load(&self.folder.join(RESOLVED), &Overrides::default());
        loaded
            .map(|(scenario, _)| scenario)
            .map_err(|problems| self.unfit(&format!("{RESOLVED} is not a scenario of this version:\n{problems}")))
    }

    /// A text of the manifest.
    ///
    /// # Errors
    /// If it has none of this name.
    pub fn word(&self, key: &str) -> Result<&str, PastError> {
        self.manifest[key].as_str().ok_or_else(|| self.unfit(&format!("{MANIFEST} has no `{key}`")))
    }

    /// A whole number of the manifest.
    ///
    /// # Errors
    /// If it has none of this name.
    pub fn number(&self, key: &str) -> Result<u64, PastError> {
        self.manifest[key].as_u64().ok_or_else(|| self.unfit(&format!("{MANIFEST} has no `{key}`")))
    }

    /// The Parquet file of a table.
    pub fn table(&self, name: &str) -> PathBuf {
        self.folder.join(format!("tables/{name}.parquet"))
    }

    /// That a table can't be read.
    pub fn bad_table(&self, name: &str, why: &str) -> PastError {
        self.unfit(&format!("tables/{name}.parquet: {why}\n  help: make the results again"))
    }

    /// That these results can't be used.
    pub fn unfit(&self, why: &str) -> PastError {
        PastError::Unfit(format!("{}: {why}", self.folder.display()))
    }
}
