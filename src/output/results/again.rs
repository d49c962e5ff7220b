//! A run that is over, computed again: whether its scenario gives the files that lie in its folder.

use std::collections::BTreeSet;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use serde_json::Value;

use crate::output::manifest::{Manifest, VERSION};
use crate::output::staging::{FileEntry, MANIFEST};
use crate::scenario::{Overrides, Scenario, load};

/// The scenario in a folder of results.
const RESOLVED: &str = "scenario.resolved.toml";
/// Keys of a manifest that tell how long something took, and where: no two runs have the same.
const TIMED: [&str; 8] =
    ["wall_s", "simulate_s", "threads", "events_per_s", "ns_per_event", "filter", "machine", "shards"];
/// Most letters of a line that are shown.
const MOST_LETTERS: usize = 160;

/// A run that is over, as its folder tells of it.
#[derive(Debug)]
pub struct RecordedRun {
    /// What was simulated.
    pub scenario: Scenario,
    /// What makes the same results, as its files name it.
    pub command: String,
    manifest: Value,
}

/// Why a run can't be computed again.
#[derive(Debug, thiserror::Error)]
pub enum AgainError {
    /// Another version wrote it: its version.
    #[error("outflow {0} wrote it, this is {VERSION}: they may count differently")]
    Version(String),
    /// Its scenario or manifest can't be read.
    #[error("{0}")]
    Unreadable(String),
}

/// Something that is not as computed again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// A line of a file, from 1: as it lies there and as computed again; none behind the end.
    Line(String, usize, [Option<String>; 2]),
    /// A file of another kind.
    Content(String),
    /// A file that is in the folder only.
    OnlyThere(String),
    /// A file that is computed and not in the folder.
    OnlyAgain(String),
    /// A key of the manifest: as it stands there and as computed again.
    Key(String, [String; 2]),
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Difference::Line(path, number, lines) => {
                let [there, again] = lines.each_ref().map(|line| match line {
                    Some(line) => format!("`{line}`"),
                    None => "nothing".to_owned(),
                });
                write!(f, "{path}: line {number} is {there}, computed again {again}")
            }
            Difference::Content(path) => write!(f, "{path}: other content than computed again"),
            Difference::OnlyThere(path) => write!(f, "{path}: not among what is computed again"),
            Difference::OnlyAgain(path) => write!(f, "{path}: computed again, and not among the results"),
            Difference::Key(key, [there, again]) => {
                write!(f, "{MANIFEST}: {key} is {there}, computed again {again}")
            }
        }
    }
}

/// Whether a file of a run holds how long something took, so that no two runs have the same.
pub fn is_timed(path: &str) -> bool {
    path == MANIFEST || path == "report.html"
}

impl RecordedRun {
    /// Reads what a folder of a run tells, after its files were held against their digests.
    ///
    /// # Errors
    /// If another version wrote it, or it can't be read.
    pub fn read(folder: &Path) -> Result<Self, AgainError> {
        let unreadable = |what: &str, why: &dyn fmt::Display| AgainError::Unreadable(format!("{what}: {why}"));
        let text = fs::read_to_string(folder.join(MANIFEST)).map_err(|e| unreadable(MANIFEST, &e))?;
        let manifest: Value = serde_json::from_str(&text).map_err(|e| unreadable(MANIFEST, &e))?;
        let word = |key: &str| {
            manifest[key].as_str().map(str::to_owned).ok_or_else(|| unreadable(MANIFEST, &format!("it has no `{key}`")))
        };
        if word("version")? != VERSION {
            return Err(AgainError::Version(word("version")?));
        }
        let (scenario, _) =
            load(&folder.join(RESOLVED), &Overrides::default()).map_err(|problems| unreadable(RESOLVED, &problems))?;
        Ok(RecordedRun { scenario, command: word("command")?, manifest })
    }

    /// What of the results in `folder` is not as it was computed again, into the folder `fresh` and with a manifest of its own; and how many files were
    /// compared byte for byte.
    ///
    /// # Errors
    /// If a file can't be read.
    pub fn differences(&self, folder: &Path, fresh: &Path, again: &Manifest) -> io::Result<(Vec<Difference>, usize)> {
        let listed = self.manifest["files"].as_object();
        let there: BTreeSet<String> = listed.into_iter().flat_map(|files| files.keys().cloned()).collect();
        let computed: BTreeSet<String> = crate::output::staging::paths(fresh)?.into_iter().collect();
        let mut found = self.keys(again)?;
        let mut same = 0;
        for path in there.union(&computed).filter(|path| !is_timed(path)) {
            match (there.contains(path), computed.contains(path)) {
                (true, true) => match difference(path, &folder.join(path), &fresh.join(path))? {
                    Some(difference) => found.push(difference),
                    None => same += 1,
                },
                (true, false) => found.push(Difference::OnlyThere(path.clone())),
                (false, _) => found.push(Difference::OnlyAgain(path.clone())),
            }
        }
        Ok((found, same))
    }

    /// Keys of the manifest that differ.
    fn keys(&self, again: &Manifest) -> io::Result<Vec<Difference>> {
        let again = serde_json::to_value(again)?;
        let figures = again.as_object().into_iter().flatten().filter(|(key, _)| !TIMED.contains(&key.as_str()));
        Ok(figures
            .filter(|(key, value)| self.manifest[key.as_str()] != **value)
            .map(|(key, value)| {
                Difference::Key(key.clone(), [&self.manifest[key.as_str()], value].map(|v| short(&v.to_string())))
            })
            .collect())
    }
}

/// How two files differ; text line by line.
fn difference(name: &str, there: &Path, again: &Path) -> io::Result<Option<Difference>> {
    if FileEntry::read(there)? == FileEntry::read(again)? {
        return Ok(None);
    }
    if ![".csv", ".json", ".toml"].iter().any(|end| name.ends_with(end)) {
        return Ok(Some(Difference::Content(name.to_owned())));
    }
    let lines = |path: &Path| File::open(path).map(|file| BufReader::new(file).split(b'\n'));
    let (mut there, mut again) = (lines(there)?, lines(again)?);
    for number in 1.. {
        let pair = [there.next().transpose()?, again.next().transpose()?];
        match &pair {
            [None, None] => break,
            [a, b] if a == b => {}
            _ => {
                let shown = pair.map(|line| line.map(|line| short(&String::from_utf8_lossy(&line))));
                return Ok(Some(Difference::Line(name.to_owned(), number, shown)));
            }
        }
    }
    // Their lines are the same: they end differently.
    Ok(Some(Difference::Content(name.to_owned())))
}

fn short(text: &str) -> String {
    match text.char_indices().nth(MOST_LETTERS) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}
