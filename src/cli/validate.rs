//! `outflow validate`: check scenarios without running them.

use std::path::PathBuf;

use clap::Args;

use super::{Failure, rendered, terminal};
use crate::scenario::{Overrides, load};

/// Options of `validate`.
#[derive(Args, Debug)]
pub struct Validate {
    /// Scenario files
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
}

impl Validate {
    /// Checks every file, also after one that fails.
    pub fn main(self) -> Result<(), Failure> {
        let mut failures = Vec::new();
        for path in &self.files {
            match load(path, &Overrides::default()) {
                Ok((scenario, warnings)) => {
                    if !warnings.is_empty() {
                        terminal::log(crate::scenario::render(&warnings, terminal::stderr_has_colour()).trim_end());
                    }
                    terminal::print(&format!(
                        "{}: fine ({} policies, {} purposes, {} jurisdictions, digest {})\n",
                        path.display(),
                        scenario.policies.len(),
                        scenario.purposes.len(),
                        scenario.jurisdictions.len(),
                        &scenario.digest[..16]
                    ))?;
                }
                Err(problems) => failures.push(rendered(&problems)),
            }
        }
        if failures.is_empty() { Ok(()) } else { Err(Failure::Input(failures.join("\n\n"))) }
    }
}
