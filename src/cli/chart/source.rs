//! What figures are drawn from: finished results of some kind.

use std::path::Path;

use crate::cli::{Failure, tell_of};
use crate::output::chart::{Chart, ChartError, ChartInput, Look};
use crate::output::past_folder::PastFolder;
use crate::output::presentation::{Presentation, dressed};
use crate::output::staging::Contents;

/// Finished results, read.
pub enum Source {
    /// A run, with all its figures.
    Run(Box<Presentation>),
}

impl Source {
    /// Reads what lies there.
    pub fn read(path: &Path) -> Result<Self, Failure> {
        let past = PastFolder::open(path)?;
        tell_of(&past);
        let kinds = [Contents::Run];
        past.holds(
            &kinds,
            "name the folder of a run, a sweep, a study of sensitivity, a comparison or a plan of an audit",
        )?;
        past.of_this_version()?;
        Ok(Source::Run(Box::new(Presentation::read(&past)?)))
    }

    /// Draws its figures; `heading` stands in place of the title.
    pub fn draw(&self, look: Look, heading: Option<&str>) -> Vec<Result<Chart, ChartError>> {
        match self {
            Source::Run(run) => dressed::draw(&ChartInput { heading, ..run.input() }, look),
        }
    }
}
