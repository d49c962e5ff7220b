//! `outflow verify`: whether results are still what was written.

use std::path::PathBuf;

use clap::Args;

use super::{Failure, terminal};
use crate::output::staging;
use crate::scenario::lines;

/// Options of `verify`.
#[derive(Args, Debug)]
pub struct VerifyArgs {
    /// Folder of a run, an export, a sample or the chart of a benchmark
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Names and sizes only: does not read the files
    #[arg(long)]
    quick: bool,
}

impl VerifyArgs {
    /// Looks; exit code 1 if anything is not as it was written.
    pub fn main(self) -> Result<(), Failure> {
        let found = staging::verify(&self.folder, self.quick)?;
        for note in &found.notes {
            terminal::log(&lines(note));
        }
        let shown = self.folder.display();
        let looked = format!(
            "{} files of {}, {} bytes, {}",
            found.files,
            staging::Contents::what(&found.contents),
            terminal::short(found.bytes as f64),
            if self.quick { "by name and size" } else { "by digest" }
        );
        let others = match found.others.as_slice() {
            [] => String::new(),
            [one] => format!("; `{one}` is not outflow's"),
            [first, rest @ ..] => format!("; `{first}` and {} more are not outflow's", rest.len()),
        };
        if found.problems.is_empty() {
            return terminal::print(&format!("{shown}: whole ({looked}{others})\n"));
        }
        let problems: String = found.problems.iter().map(|p| format!("{p}\n")).collect();
        terminal::print(&problems)?;
        let n = found.problems.len();
        terminal::log(&lines(&format!("{shown}: {n} of {looked}{others}: not as written")));
        Err(Failure::Found)
    }
}
