//! `outflow run`: the main job.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use clap::Args;

use super::ahead::{counters_fit, policies_fit, tables_fit, warn_of_titles};
use super::progress::watch;
use super::resume::FileKeeper;
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

        let mut run = simulate::Simulation::new(&scenario);
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
        (outcome.filter, outcome.stages.probe) = simulate::time_filters(&run, outcome.wall);
        told("filters timed");
        let results = results::write(results::PRESENTERS, &run, &outcome, &command, begun, &staging)
            .map_err(|e| Failure::Other(e.to_string()))?;
        told("tables, charts and page written");
        let mut manifest = staging.commit(&results.manifest)?;
        told("put in place");

        for what in &results.missing {
            terminal::log(&format!("warning: {what}"));
        }
        if self.json {
            if let Some(fields) = manifest.as_object_mut() {
                fields.insert(
                    "summary".into(),
                    serde_json::to_value(&results.summary).map_err(|e| Failure::Other(e.to_string()))?,
                );
            }
            let json = serde_json::to_string_pretty(&manifest).map_err(|e| Failure::Other(e.to_string()))?;
            terminal::print_data(&(json + "\n"))?;
        } else if !self.quiet {
            terminal::print(&summary(&results.manifest, &results.summary))?;
            terminal::print(&format!("\nResults in {}; begin with report.html\n", target.display()))?;
        }
        Ok(())
    }
}

/// A number of seconds, at least 0.
fn seconds(text: &str) -> Result<f64, String> {
    let seconds = text.parse::<f64>().ok().filter(|s| s.is_finite() && *s >= 0.0);
    seconds.ok_or_else(|| "expected a number of seconds, such as 10 or 0.5".to_owned())
}

fn summary(m: &Manifest, rows: &[SummaryRow]) -> String {
    let reached = |r: &PeopleReached| {
        if r.people == 0.0 {
            return "0".to_owned();
        }
        let percent = |share: f64| format!("{:.1}", share * 100.0);
        let share = percent(r.share.unwrap_or(0.0));
        match r.interval.map(|(lo, hi)| (percent(lo), percent(hi))).filter(|(lo, hi)| lo != hi) {
            Some((lo, hi)) => format!("{} ({share} %; {lo} to {hi})", terminal::short(r.people)),
            None => format!("{} ({share} %)", terminal::short(r.people)),
        }
    };
    let values = |r: &SummaryRow| {
        let short = terminal::short;
        match r.values_interval.map(|(lo, hi)| (short(lo), short(hi))).filter(|(lo, hi)| lo != hi) {
            Some((lo, hi)) => format!("{} ({lo} to {hi})", short(r.disclosed_values)),
            None => short(r.disclosed_values),
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
                values(r),
                reached(&r.not_objecting),
                reached(&r.objecting),
                reached(&r.non_user),
            ]
        })
        .collect();
    let head = ["policy", "purpose", "values", "users not objecting", "users objecting", "never joined"];
    let certainty = match m.replicates {
        1 => "; one world: no interval".to_owned(),
        n => format!(": means of {n} worlds, 95 % intervals where they show"),
    };
    let mut text = format!(
        "{}: {} people ({} users), {} {} from {}, {} events{}\n\nPeople exposed, and disclosed values, by policy and purpose{certainty}\n\n",
        m.scenario,
        terminal::short(m.people as f64),
        terminal::short(m.users as f64),
        m.days,
        if m.days == 1 { "day" } else { "days" },
        m.start,
        terminal::short(m.events as f64),
        if m.replicates > 1 { format!(" in {} worlds", m.replicates) } else { String::new() },
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
