//! `outflow validate`: check scenarios without running them.

use std::path::PathBuf;

use clap::Args;

use super::{Changes, Failure, fits_in_memory, load_scenario, terminal};

/// Options of `validate`.
#[derive(Args, Debug)]
pub struct Validate {
    /// Scenario files, or names of scenarios that ship
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
}

impl Validate {
    /// Checks every file, also after one that fails.
    pub fn main(self) -> Result<(), Failure> {
        let mut failures = Vec::new();
        for path in &self.files {
            let checked = load_scenario(path, &Changes::default());
            match checked.and_then(|s| fits_in_memory(path, &s).map(|()| s)) {
                Ok(scenario) => terminal::print(&format!(
                    "{}: fine ({} policies, {} purposes, {} jurisdictions, digest {})\n",
                    path.display(),
                    scenario.policies.len(),
                    scenario.purposes.len(),
                    scenario.jurisdictions.len(),
                    &scenario.digest[..16]
                ))?,
                Err(Failure::Input(text)) => failures.push(text),
                Err(other) => return Err(other),
            }
        }
        if failures.is_empty() { Ok(()) } else { Err(Failure::Input(failures.join("\n\n"))) }
    }
}
