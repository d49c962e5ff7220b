//! `outflow validate`: check scenarios without running them.

use std::path::{Path, PathBuf};

use clap::Args;

use super::ahead::{counters_fit, policies_fit, tables_fit, warn_of_titles};
use super::{Changes, Failure, load_scenario, terminal};
use crate::scenario::{STDIN, shown};

/// Options of `validate`.
#[derive(Args, Debug)]
pub struct ValidateArgs {
    /// Scenario files (`-`: standard input), or names of scenarios that ship
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
}

impl ValidateArgs {
    /// Checks every file, also after one that fails.
    pub fn main(self) -> Result<(), Failure> {
        if self.files.iter().filter(|f| **f == Path::new(STDIN)).count() > 1 {
            return Err(Failure::Input(
                "error: `-` is named twice, and standard input can be read once\n  help: name it once".into(),
            ));
        }
        let mut failures = Vec::new();
        for path in &self.files {
            let checked = load_scenario(path, &Changes::default()).and_then(|scenario| {
                let compiled = policies_fit(path, &scenario)?;
                counters_fit(path, &scenario, &compiled, 1, None)?;
                tables_fit(path, &scenario, &compiled)?;
                Ok(scenario)
            });
            match checked {
                Ok(scenario) => {
                    warn_of_titles(&scenario);
                    terminal::print(&format!(
                        "{}: fine ({} policies, {} purposes, {} jurisdictions, digest {})\n",
                        shown(path),
                        scenario.policies.len(),
                        scenario.purposes.len(),
                        scenario.jurisdictions.len(),
                        &scenario.digest[..16]
                    ))?
                }
                Err(Failure::Input(text)) => failures.push(text),
                Err(other) => return Err(other),
            }
        }
        if failures.is_empty() { Ok(()) } else { Err(Failure::Input(failures.join("\n\n"))) }
    }
}
