//! `outflow export`: the same world as records.

use std::path::PathBuf;

use clap::Args;

use super::ahead::policies_fit;
use super::{Changes, Failure, load_scenario, terminal};
use crate::output::manifest::Origin;
use crate::output::records::{ExportError, export};
use crate::output::staging::Contents;
use crate::simulate;

/// Options of `export`.
#[derive(Args, Debug)]
pub struct ExportArgs {
    /// Scenario file (`-`: standard input), or the name of one that ships
    #[arg(value_name = "SCENARIO")]
    scenario: PathBuf,
    #[command(flatten)]
    changes: Changes,
    /// Folder for the records
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
    /// No message at the end
    #[arg(long)]
    quiet: bool,
}

impl ExportArgs {
    /// Exports.
    pub fn main(self) -> Result<(), Failure> {
        let scenario = load_scenario(&self.scenario, &self.changes)?;
        policies_fit(&self.scenario, &scenario)?;
        let staging = super::begin(&self.to, Contents::Export)?;
        let command = format!(
            "outflow export {}{}",
            terminal::quoted(&self.scenario.display().to_string()),
            self.changes.as_typed()
        );
        let run = simulate::Simulation::new(&scenario);
        let written = export(&run, &command, &staging).map_err(|e| match e {
            ExportError::Output(e) => e.into(),
            ExportError::Table(e) => Failure::Other(format!("can't write table {e}")),
        })?;
        let rows = [
            ("people", written.people),
            ("events", written.events),
            ("address_books", written.contacts),
            ("disclosures", written.disclosures),
        ];
        staging.commit(&Origin::new(&scenario, &command, rows))?;
        if !self.quiet {
            terminal::print(&format!(
                "{}: {} people, {} events, {} address book entries, {} disclosures\n",
                self.to.display(),
                written.people,
                written.events,
                written.contacts,
                written.disclosures
            ))?;
        }
        Ok(())
    }
}
