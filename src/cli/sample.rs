//! `outflow sample`: the disclosures about some people of a country, drawn at random.

use std::path::PathBuf;

use clap::Args;

use super::ahead::policies_fit;
use super::policy::{named, policy};
use super::{Changes, Failure, count, days, load_scenario, terminal};
use crate::output::manifest::Origin;
use crate::output::records;
use crate::output::staging::Contents;
use crate::simulate;

/// Options of `sample`.
#[derive(Args, Debug)]
pub struct SampleArgs {
    /// Scenario file (`-`: standard input), or the name of one that ships
    #[arg(value_name = "SCENARIO")]
    scenario: PathBuf,
    /// Policy
    #[arg(long, value_name = "ID")]
    policy: String,
    /// Jurisdiction whose people are drawn
    #[arg(long, value_name = "J")]
    jurisdiction: String,
    /// Number of people to draw
    #[arg(long, value_name = "N", value_parser = count, default_value = "1000", allow_negative_numbers = true)]
    people: u64,
    /// Folder for the sample
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
    /// Number of days
    #[arg(long, value_name = "D", value_parser = days, allow_negative_numbers = true)]
    days: Option<u32>,
    /// Seed of all random numbers
    #[arg(long, value_name = "S", value_parser = clap::value_parser!(u64).range(..=i64::MAX as u64), allow_negative_numbers = true)]
    seed: Option<u64>,
    /// Change a value of the scenario, checked like the file: scenario.people=50000
    #[arg(long, value_name = "KEY=VALUE", value_parser = super::assignment)]
    set: Vec<String>,
    /// No message at the end
    #[arg(long)]
    quiet: bool,
}

impl SampleArgs {
    /// Draws and writes.
    pub fn main(self) -> Result<(), Failure> {
        let changes = Changes { days: self.days, seed: self.seed, set: self.set.clone(), ..Changes::default() };
        let scenario = load_scenario(&self.scenario, &changes)?;
        let policy = policy(&scenario, &self.policy)?;
        let codes = scenario.jurisdictions.iter().map(|j| &*j.code);
        let jurisdiction = named("jurisdiction", &self.jurisdiction, codes)?;
        policies_fit(&self.scenario, &scenario)?;
        let staging = super::begin(&self.to, Contents::Sample)?;
        let run = simulate::Simulation::new(&scenario);
        let drawn = records::draw(&run, jurisdiction, self.people);
        if (drawn.len() as u64) < self.people {
            terminal::log(&format!(
                "warning: {} has {} simulated people: all of them are in the sample\n  help: simulate more with --set scenario.people=N",
                self.jurisdiction,
                drawn.len()
            ));
        }
        let command = format!(
            "outflow sample {} --policy {} --jurisdiction {} --people {}{} --to {}",
            terminal::quoted(&self.scenario.display().to_string()),
            self.policy,
            self.jurisdiction,
            self.people,
            changes.as_typed(),
            terminal::quoted(&self.to.display().to_string()),
        );
        let sample = records::write(&run, policy, jurisdiction, &drawn, &command, &staging)
            .map_err(|e| Failure::Other(e.to_string()))?;
        let rows = [("people", sample.people), ("summary", sample.summary), ("disclosures", sample.disclosures)];
        staging.commit(&Origin::new(&scenario, &command, rows))?;
        if !self.quiet {
            terminal::print(&format!(
                "{}: {} disclosures about {} of {} people drawn from the {} of {}; begin with README.md\n",
                self.to.display(),
                sample.disclosures,
                sample.exposed,
                sample.people,
                sample.population,
                self.jurisdiction
            ))?;
        }
        Ok(())
    }
}
