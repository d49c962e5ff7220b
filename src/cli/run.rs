//! `outflow run`: the main job.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use clap::Args;

use super::ahead::{fits, knowledge_fits, tables_fit, warn_of_titles};
use super::leave::{Told, leave, time_filters};
use super::progress::watch;
use super::resume::FileKeeper;
use super::{Changes, Failure, default_output, load_scenario, terminal};
use crate::output::staging::Contents;
use crate::simulate::{Counters, Simulation};

/// Options of `run`.
#[derive(Args, Debug)]
pub struct RunArgs {
    /// Scenario file (`-`: standard input), or the name of one that ships
    #[arg(value_name = "SCENARIO")]
    scenario: PathBuf,
    #[command(flatten)]
    changes: Changes,
    /// Independent worlds to simulate, for means with intervals (default: as the scenario says, else 1)
    #[arg(long, value_name = "R", value_parser = clap::value_parser!(u32).range(1..=1000))]
    replicates: Option<u32>,
    /// Policy that the others are compared with (default: as the scenario says, else the first)
    #[arg(long, value_name = "ID")]
    baseline: Option<String>,
    /// Go on with an unfinished run of the same scenario in the folder
    #[arg(long)]
    resume: bool,
    /// Seconds after which what was counted is kept again, for --resume
    #[arg(long, value_name = "S", default_value_t = 10.0, value_parser = seconds)]
    checkpoint_every: f64,
    /// Worker threads (default: all processors)
    #[arg(long, value_name = "T", value_parser = clap::value_parser!(u32).range(1..=1024))]
    threads: Option<u32>,
    /// Folder for the results (default: output/NAME)
    #[arg(long, short, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Print the manifest with the summary figures as JSON to stdout
    #[arg(long)]
    json: bool,
    /// No progress and no summary
    #[arg(long, short)]
    quiet: bool,
    /// Say what is done and how long it takes, step by step
    #[arg(long, short, conflicts_with = "quiet")]
    verbose: bool,
}

impl RunArgs {
    /// Runs.
    pub fn main(mut self) -> Result<(), Failure> {
        let begun = Instant::now();
        self.changes.replicates = self.replicates;
        self.changes.baseline = self.baseline.take();
        let scenario = load_scenario(&self.scenario, &self.changes)?;
        let (compiled, threads) = fits(&self.scenario, &scenario, self.threads)?;
        knowledge_fits(&self.scenario, &scenario, &compiled, threads)?;
        tables_fit(&self.scenario, &scenario, &compiled)?;
        drop(compiled);
        warn_of_titles(&scenario);
        let target = self.output.clone().unwrap_or_else(|| default_output(&scenario));
        let staging = super::begin(&target, Contents::Run)?;
        let command = format!(
            "outflow run {}{}",
            terminal::quoted(&self.scenario.display().to_string()),
            self.changes.as_typed()
        );

        let mut run = Simulation::new(&scenario);
        let user_days = run.population.layout.users() * u64::from(scenario.days) * u64::from(scenario.replicates);
        let counters = Arc::new(Counters::default());
        let told = |what: &str| {
            if self.verbose {
                terminal::log(&format!("{:7.2} s  {what}", begun.elapsed().as_secs_f64()));
            }
        };
        told(&format!(
            "{} users in {} communities, {} worlds, {threads} threads",
            run.population.layout.users(),
            run.population.layout.communities(),
            scenario.replicates
        ));
        let progress = super::resume::begin(&staging, &run, self.resume)?;
        let keeper = FileKeeper::new(&staging, self.checkpoint_every);
        let work = || run.go_on(progress, threads, &counters, &keeper);
        let mut outcome = watch(&counters, user_days, self.quiet, work);
        told(&format!("{} events generated and measured", outcome.events()));
        time_filters(&run, &mut outcome);
        told("filters timed");
        leave(
            &run,
            &outcome,
            &command,
            begun,
            staging,
            Told { target: &target, json: self.json, quiet: self.quiet },
            &told,
        )
    }
}

/// A number of seconds, at least 0.
fn seconds(text: &str) -> Result<f64, String> {
    let seconds = text.parse::<f64>().ok().filter(|s| s.is_finite() && *s >= 0.0);
    seconds.ok_or_else(|| "expected a number of seconds, such as 10 or 0.5".to_owned())
}
