//! Options that all studies over points have, and how they read their scenario.

use std::path::Path;

use clap::Args;

use crate::cli::ahead::fits;
use crate::cli::{Changes, Failure, load_scenario, read_text};
use crate::scenario::{STDIN, Scenario, Text};

/// Options of a study.
#[derive(Args, Debug)]
pub struct StudyOptions {
    #[command(flatten)]
    pub changes: Changes,
    /// Independent worlds of each point, the same at all points (default: as the scenario says, else 1)
    #[arg(long, value_name = "R", value_parser = clap::value_parser!(u32).range(1..=1000))]
    replicates: Option<u32>,
    /// Go on with an unfinished study in the folder
    #[arg(long)]
    pub resume: bool,
    /// Worker threads (default: all processors)
    #[arg(long, value_name = "T", value_parser = clap::value_parser!(u32).range(1..=1024))]
    threads: Option<u32>,
}

impl StudyOptions {
    /// The scenario without what varies, its text, and on how many threads it is simulated. `what` is the study, with its article.
    pub fn load(&mut self, path: &Path, what: &str) -> Result<(Scenario, Text, usize), Failure> {
        if path.as_os_str() == STDIN {
            return Err(Failure::Input(format!(
                "error: {what} reads its scenario more than once: `-` can't be\n  help: name a file"
            )));
        }
        self.changes.replicates = self.replicates;
        let scenario = load_scenario(path, &self.changes)?;
        let (_, threads) = fits(path, &scenario, self.threads)?;
        Ok((scenario, read_text(path)?, threads))
    }
}
