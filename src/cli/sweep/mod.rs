//! `outflow sweep`: the same question for many values of what is not known.

mod curve;
mod points;

use std::path::PathBuf;
use std::time::Instant;

use clap::Args;

use super::ahead::{counters_fit, policies_fit};
use super::{Changes, Failure, begin, default_output, load_scenario, read_text, terminal};
use crate::output::manifest::Origin;
use crate::output::results::{about, run_id};
use crate::output::staging::Contents;
use crate::output::sweep::{Found, Parts, SweepTable};
use crate::policy::asks_subjects_only;
use crate::scenario::{Scenario, Text, Vary, lines};
use crate::simulate::{self, Grid};
use curve::Curve;
use points::{POLICY, Sweep, is_choice, rows};

/// Most points of a sweep.
const MOST_POINTS: usize = 1_000_000;

/// Options of `sweep`.
#[derive(Args, Debug)]
pub struct SweepArgs {
    /// Scenario file (`-`: standard input), or the name of one that ships
    #[arg(value_name = "SCENARIO")]
    scenario: PathBuf,
    /// What varies: traffic.reply_share=0.5,0.8 or jurisdiction.*.objects.targeted_advertising=0..1:11 or KEY=log:0.01..1:5, or policy=ID,ID;
    /// repeat it for all combinations
    #[arg(long, value_name = "KEY=VALUES", required = true, value_parser = Vary::parse)]
    vary: Vec<Vary>,
    /// The first values of all keys go together, the second, and so on
    #[arg(long)]
    zip: bool,
    /// Rows by jurisdiction and by category too
    #[arg(long)]
    all_rows: bool,
    /// Simulate each point by itself, also where points differ in choices alone and could share a run
    #[arg(long)]
    no_share: bool,
    #[command(flatten)]
    changes: Changes,
    /// Independent worlds of each point (default: as the scenario says, else 1)
    #[arg(long, value_name = "R", value_parser = clap::value_parser!(u32).range(1..=1000))]
    replicates: Option<u32>,
    /// Go on with an unfinished sweep in the folder
    #[arg(long)]
    resume: bool,
    /// Worker threads (default: all processors)
    #[arg(long, value_name = "T", value_parser = clap::value_parser!(u32).range(1..=1024))]
    threads: Option<u32>,
    /// Folder for the table (default: output/NAME-sweep)
    #[arg(long, short, value_name = "DIR")]
    output: Option<PathBuf>,
    /// No plan, no progress
    #[arg(long, short)]
    quiet: bool,
}

impl SweepArgs {
    /// Sweeps.
    pub fn main(mut self) -> Result<(), Failure> {
        let begun = Instant::now();
        self.changes.replicates = self.replicates;
        if let Some(values) = self.vary.iter().find(|v| v.key == POLICY).map(|v| v.values.clone()) {
            self.changes.policy.extend(values);
        }
        let scenario = load_scenario(&self.scenario, &self.changes)?;
        let compiled = policies_fit(&self.scenario, &scenario)?;
        let cores = std::thread::available_parallelism().map_or(1, |n| n.get());
        let threads = self.threads.map_or(cores, |t| t as usize);
        counters_fit(&self.scenario, &scenario, &compiled, threads, simulate::available())?;
        drop(compiled);
        let text = if self.scenario.as_os_str() == crate::scenario::STDIN {
            return Err(Failure::Input(
                "error: a sweep reads its scenario more than once: `-` can't be\n  help: name a file".into(),
            ));
        } else {
            read_text(&self.scenario)?
        };
        let sweep = self.planned(&text, scenario)?;
        let points = sweep.grid.len();
        let target = self.output.clone().unwrap_or_else(|| {
            let run = default_output(&sweep.scenario);
            run.with_file_name(format!("{}-sweep", sweep.scenario.name))
        });
        sweep.check()?;
        let staging = begin(&target, Contents::Sweep)?;
        let parts = Parts::new(staging.checkpoints(), sweep.about(), sweep.rows.len());
        self.prepare(&parts)?;
        let left: Vec<usize> = sweep.grid.interleaved().filter(|&point| parts.read(point).is_none()).collect();
        let units = sweep.units(&left)?;
        if !self.quiet {
            terminal::log(&lines(&sweep.plan(points - left.len(), &units, threads)));
        }
        sweep.simulate(&units, &parts, threads, self.quiet)?;

        let command = self.command();
        let failed = |e: &dyn std::fmt::Display| Failure::Other(e.to_string());
        staging.write("scenario.resolved.toml", &sweep.scenario.resolved)?;
        staging.make_folder("tables")?;
        let run = [sweep.scenario.name.as_str().into(), run_id(&sweep.scenario).into()];
        let rows = (sweep.rows.clone(), sweep.scenario.replicates);
        let stem = staging.folder().join("tables/sweep");
        let mut table = SweepTable::new(&stem, &about(&sweep.scenario, &command), rows, sweep.columns()?, run);
        let mut curve = Curve::new(&sweep);
        for point in 0..points {
            let numbers = parts.read(point).ok_or_else(|| {
                Failure::Other(format!(
                    "what point {point} found is not there any more\n  hint: --resume does it again"
                ))
            })?;
            let at = sweep.grid.at(point);
            curve.iter_mut().for_each(|curve| curve.add(&sweep, &at, &numbers));
            table.write(point, &at, &numbers).map_err(|e| failed(&e))?;
        }
        let written = table.finish().map_err(|e| failed(&e))?;
        if let Some(chart) = curve.map(|curve| curve.draw(&sweep, &command)).transpose().map_err(|e| failed(&e))? {
            for (end, content) in chart.files() {
                staging.write(&format!("charts/sweep.{end}"), content)?;
            }
        }
        staging.commit(&Origin::new(&sweep.scenario, &command, [("sweep", written)]))?;
        if !self.quiet {
            terminal::print(&format!(
                "{}: {points} points, {written} rows in {:.1} s: tables/sweep.csv and tables/sweep.parquet\n",
                target.display(),
                begun.elapsed().as_secs_f64()
            ))?;
        }
        Ok(())
    }

    /// The sweep as it is asked for, its keys and values looked up.
    fn planned<'a>(&'a self, text: &'a Text, scenario: Scenario) -> Result<Sweep<'a>, Failure> {
        let wrong = |v: &Vary, why: String| Failure::Input(lines(&format!("error: --vary {}: {why}", v.key)));
        let mut keys = Vec::new();
        for (i, v) in self.vary.iter().enumerate() {
            if self.vary[..i].iter().any(|other| other.key == v.key) {
                return Err(wrong(v, "it stands twice\n  help: give it all its values at once".into()));
            }
            let found = if v.key == POLICY { Vec::new() } else { v.keys(&scenario).map_err(|why| wrong(v, why))? };
            if let Some(value) = v.values.iter().find(|value| v.key != POLICY && value.parse::<f64>().is_err()) {
                return Err(wrong(v, format!("`{value}` is not a number")));
            }
            keys.push(found);
        }
        for (i, found) in keys.iter().enumerate() {
            if let Some(twice) = found.iter().find(|key| keys[..i].iter().flatten().any(|other| other == *key)) {
                return Err(wrong(&self.vary[i], format!("`{twice}` is varied by another --vary already")));
            }
        }
        let grid =
            Grid::new(self.vary.iter().map(|v| v.values.len()).collect(), self.zip).filter(|g| g.len() <= MOST_POINTS);
        let grid = grid.ok_or_else(|| {
            let lengths: Vec<String> = self.vary.iter().map(|v| v.values.len().to_string()).collect();
            Failure::Input(match self.zip {
                true => format!("error: --zip: keys have {} values, and need as many each", lengths.join(" and ")),
                false => format!(
                    "error: {} points are more than {MOST_POINTS}\n  help: fewer values, or --zip",
                    lengths.join(" x ")
                ),
            })
        })?;
        let of_choice = |keys: &Vec<String>| !keys.is_empty() && keys.iter().all(|key| is_choice(key));
        let shares = !self.no_share && !self.all_rows && keys.iter().any(of_choice) && asks_subjects_only(&scenario);
        let rows = rows(&scenario, self.all_rows, shares);
        Ok(Sweep {
            shares,
            text,
            overrides: self.changes.overrides(),
            scenario,
            keys,
            vary: &self.vary,
            grid,
            rows,
            all_rows: self.all_rows,
        })
    }

    /// Begins anew, or goes on.
    fn prepare(&self, parts: &Parts) -> Result<(), Failure> {
        let unreadable = |e: std::io::Error| Failure::Other(format!("can't keep what points find: {e}"));
        match parts.found().map_err(unreadable)? {
            Found::Same if self.resume => return Ok(()),
            Found::Same => terminal::log(
                "note: an unfinished sweep of the same points lies there: --resume goes on with it; this one begins anew",
            ),
            Found::Other(before) if self.resume => {
                return Err(Failure::Input(lines(&format!(
                    "error: the unfinished sweep in the folder is another one:\n{before}\n  help: change it back, begin anew without --resume, or choose another folder with --output"
                ))));
            }
            Found::Nothing if self.resume => {
                terminal::log("note: there is no unfinished sweep to go on with: this one begins anew")
            }
            Found::Other(_) | Found::Nothing => {}
        }
        parts.begin().map_err(unreadable)
    }

    fn command(&self) -> String {
        let mut command = format!("outflow sweep {}", terminal::quoted(&self.scenario.display().to_string()));
        for v in &self.vary {
            command += &format!(" --vary {}", terminal::quoted(&format!("{}={}", v.key, v.values.join(","))));
        }
        for (option, given) in [(" --zip", self.zip), (" --all-rows", self.all_rows), (" --no-share", self.no_share)] {
            command += if given { option } else { "" };
        }
        let policies =
            self.changes.policy.iter().filter(|id| !self.vary.iter().any(|v| v.key == POLICY && v.values.contains(id)));
        let changes = Changes { policy: policies.cloned().collect(), ..self.changes.clone() };
        command + &changes.as_typed()
    }
}
