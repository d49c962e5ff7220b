//! `outflow run`: the main job.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use clap::Args;

use super::ahead::{counters_fit, policies_fit, tables_fit, warn_of_titles};
use super::progress::watch;
use super::{Changes, Failure, default_output, load_scenario, terminal};
use crate::output::chart::MOST_POLICIES;
use crate::output::manifest::Manifest;
use crate::output::report::{PeopleReached, SummaryRow};
use crate::output::results;
use crate::output::staging::Contents;
use crate::simulate::{self, Counters};

/// Options of `run`.
#[derive(Args, Debug)]
pub struct RunArgs {
    /// Scenario file (`-`: standard input), or the name of one that ships
    #[arg(value_name = "SCENARIO")]
    scenario: PathBuf,
    #[command(flatten)]
    changes: Changes,
    /// Worker threads (default: all processors)
    #[arg(long, value_name = "T", value_parser = clap::value_parser!(u32).range(1..=1024))]
    threads: Option<u32>,
    /// Folder for the results (default: output/NAME)
    #[arg(long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Print the manifest as JSON to stdout, instead of the summary
    #[arg(long)]
    json: bool,
    /// No progress and no summary
    #[arg(long)]
    quiet: bool,
}

impl RunArgs {
    /// Runs.
    pub fn main(self) -> Result<(), Failure> {
        let begun = Instant::now();
        let scenario = load_scenario(&self.scenario, &self.changes)?;
        let compiled = policies_fit(&self.scenario, &scenario)?;
        let cores = std::thread::available_parallelism().map_or(1, |n| n.get());
        let threads = self.threads.map_or(cores, |t| t as usize);
        counters_fit(&self.scenario, &scenario, &compiled, threads, simulate::available())?;
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

        let run = simulate::Simulation::new(&scenario);
        let user_days = run.population.layout.users() * u64::from(scenario.days);
        let counters = Arc::new(Counters::default());
        let mut outcome = watch(&counters, user_days, self.quiet, || run.run(threads, &counters));
        (outcome.filter, outcome.stages.probe) = simulate::time_filters(&run, outcome.wall);
        let results = results::write(results::PRESENTERS, &run, &outcome, &command, begun, &staging)
            .map_err(|e| Failure::Other(e.to_string()))?;
        let manifest = staging.commit(&results.manifest)?;

        for what in &results.missing {
            terminal::log(&format!("warning: {what}"));
        }
        if self.json {
            let json = serde_json::to_string_pretty(&manifest).map_err(|e| Failure::Other(e.to_string()))?;
            terminal::print_data(&(json + "\n"))?;
        } else if !self.quiet {
            terminal::print(&summary(&results.manifest, &results.summary))?;
            terminal::print(&format!("\nResults in {}; begin with report.html\n", target.display()))?;
        }
        Ok(())
    }
}

fn summary(m: &Manifest, rows: &[SummaryRow]) -> String {
    let reached = |r: &PeopleReached| {
        if r.people == 0 {
            "0".into()
        } else {
            format!("{} ({:.1} %)", terminal::short(r.people as f64), r.share.unwrap_or(0.0) * 100.0)
        }
    };
    // Of many policies the first: hundreds of rows are for a file, not for a terminal.
    let (policies, shown) = (m.filter.len(), m.filter.len().min(MOST_POLICIES));
    let more = match policies - shown {
        0 => String::new(),
        more => format!("and {more} more policies: see tables/exposure.csv and manifest.json\n"),
    };
    let cells: Vec<Vec<String>> = rows
        .iter()
        .take(rows.len() / policies.max(1) * shown)
        .map(|r| {
            vec![
                r.policy.clone(),
                r.purpose.clone(),
                terminal::short(r.disclosed_values as f64),
                reached(&r.agreed),
                reached(&r.opted_out),
                reached(&r.non_user),
            ]
        })
        .collect();
    let head = ["policy", "purpose", "values", "users not objecting", "users objecting", "never joined"];
    let mut text = format!(
        "{}: {} people ({} users), {} {} from {}, {} events\n\nPeople exposed, and disclosed values, by policy and purpose\n\n",
        m.scenario,
        terminal::short(m.people as f64),
        terminal::short(m.users as f64),
        m.days,
        if m.days == 1 { "day" } else { "days" },
        m.start,
        terminal::short(m.events as f64),
    );
    text += &terminal::table(&head, &cells, 2);
    text += &more;
    text += "\nFilter throughput, one thread, events already made: medians, and what four of five repetitions lie within\n\n";
    let speeds: Vec<Vec<String>> = m
        .filter
        .iter()
        .take(shown)
        .map(|f| {
            let per_s = |n: f64| terminal::short(n) + "/s";
            vec![
                f.policy.clone(),
                per_s(f.events_per_s),
                format!("{} to {}", terminal::short(f.events_per_s_lo), terminal::short(f.events_per_s_hi)),
                per_s(f.values_per_s),
                format!("{:.2} GB/s", f.gb_per_s),
            ]
        })
        .collect();
    text +=
        &terminal::table(&["policy", "events", "four of five within", "values let out", "columns read"], &speeds, 1);
    text += &format!(
        "\n{} events generated, filtered and measured in {:.1} s on {} thread{}: {} events/s\n",
        terminal::short(m.events as f64),
        m.simulate_s,
        m.threads,
        if m.threads == 1 { "" } else { "s" },
        terminal::short(m.events_per_s),
    );
    text
}
