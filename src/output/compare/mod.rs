//! Runs beside each other: what differs in their scenarios, and in their figures.
//!
//! ```text
//! folders ─► past run ─► parameters that differ ─► same worlds? ─► figures, paired or not
//! ```

mod chart;
mod figures;
mod parameters;
mod past_run;

use std::path::Path;

use serde::Serialize;

pub use chart::{SHOWN, Shown, draw, past_rows, shown};
pub use figures::CompareRow;
pub use parameters::{Changed, differences, told};
pub use past_run::PastRun;

use crate::output::past_folder::PastError;

/// A run beside the first one.
#[derive(Debug, Serialize)]
pub struct Comparison {
    /// How the first run is called.
    pub baseline: String,
    /// How the other is called.
    pub run: String,
    /// Parameters that differ.
    pub parameters: Vec<Changed>,
    /// Whether both saw the same people and the same events, so that figures are compared world by world.
    pub paired: bool,
    /// Worlds of the first and of the other.
    pub replicates: [u32; 2],
    /// Figures that both have.
    pub figures: Vec<CompareRow>,
    /// How many figures only one of them has: policies, purposes or countries that the other knows not.
    pub only_in_one: usize,
}

/// Reads runs that are over.
///
/// # Errors
/// If a folder holds no whole run.
pub fn past_runs(folders: &[impl AsRef<Path>]) -> Result<Vec<PastRun>, PastError> {
    folders.iter().map(|folder| PastRun::read(folder.as_ref())).collect()
}

/// Compares every other run with the first.
pub fn compare(runs: &[PastRun]) -> Vec<Comparison> {
    let Some((first, others)) = runs.split_first() else { return Vec::new() };
    let beside = |other: &PastRun| {
        let parameters = parameters::differences(&first.parameters, &other.parameters);
        let paired = parameters::same_worlds(&parameters);
        let (figures, only_in_one) = figures::compare(first, other, paired);
        Comparison {
            baseline: first.name.clone(),
            run: other.name.clone(),
            parameters,
            paired,
            replicates: [first, other].map(|run| run.replicates),
            figures,
            only_in_one,
        }
    };
    others.iter().map(beside).collect()
}
