//! `outflow sweep`: the same question for many values of what is not known.

mod curve;
mod sample;

use std::path::PathBuf;
use std::time::Instant;

use clap::Args;

use super::points::{Kept, POLICY, Points, StudyOptions, VariedKey, look_up, rows};
use super::{Changes, Failure, begin, default_output, terminal};
use crate::output::manifest::Origin;
use crate::output::results::{about, run_id};
use crate::output::staging::Contents;
use crate::output::sweep::SweepTable;
use crate::policy::asks_subjects_only;
use crate::scenario::{Numbers, Scenario, Text, Vary, VaryOver, lines};
use crate::simulate::Design;
use curve::Curve;
use sample::Sampling;

/// Most points of a sweep.
const MOST_POINTS: usize = 1_000_000;

/// Options of `sweep`.
#[derive(Args, Debug)]
pub struct SweepArgs {
    /// Scenario file (`-`: standard input), or the name of one that ships
    #[arg(value_name = "SCENARIO")]
    scenario: PathBuf,
    /// What varies: traffic.reply_share=0.5,0.8 or jurisdiction.*.objects.targeted_advertising=0..1:11 or KEY=log:0.01..1:5, or policy=ID,ID;
    /// repeat it for all combinations (default: the [[sweep]] of the scenario)
    #[arg(long, value_name = "KEY=VALUES", value_parser = Vary::parse)]
    vary: Vec<Vary>,
    /// The first values of all keys go together, the second, and so on
    #[arg(long)]
    zip: bool,
    /// Points all over the ranges in place of combinations: sobol:N, of the Sobol' sequence, or lhs:N, a Latin hypercube; each --vary is KEY=lo..hi then
    #[arg(long, value_name = "sobol:N|lhs:N", value_parser = Sampling::parse, conflicts_with = "zip")]
    sample: Option<Sampling>,
    /// Rows by jurisdiction and by category too
    #[arg(long)]
    all_rows: bool,
    /// Simulate each point by itself, also where points differ in choices alone and could share a run
    #[arg(long)]
    no_share: bool,
    #[command(flatten)]
    study: StudyOptions,
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
        for v in self.vary.iter().filter(|v| v.key == POLICY) {
            if let VaryOver::Values(values) = &v.over {
                self.study.changes.policy.extend(values.iter().cloned());
            }
        }
        let (scenario, text, threads) = self.study.load(&self.scenario, "a sweep")?;
        let sweep = self.planned(&text, scenario)?;
        let points = sweep.design.len();
        let target = self.output.clone().unwrap_or_else(|| {
            let run = default_output(&sweep.scenario);
            run.with_file_name(format!("{}-sweep", sweep.scenario.name))
        });
        sweep.check()?;
        let staging = begin(&target, Contents::Sweep)?;
        let parts = sweep.find(&staging, &self.of(&sweep), self.study.resume, threads, self.quiet)?;

        let command = self.command(&sweep);
        let failed = |e: &dyn std::fmt::Display| Failure::Other(e.to_string());
        staging.write("scenario.resolved.toml", &sweep.scenario.resolved)?;
        staging.make_folder("tables")?;
        let run = [sweep.scenario.name.as_str().into(), run_id(&sweep.scenario).into()];
        let rows = (sweep.rows.clone(), sweep.scenario.replicates);
        let stem = staging.folder().join("tables/sweep");
        let keys = sweep.keys.iter().filter(|key| !key.is_policy()).map(|key| key.vary.key.clone()).collect();
        let mut table = SweepTable::new(&stem, &about(&sweep.scenario, &command), rows, keys, run);
        let mut curve = Curve::new(&sweep);
        for point in 0..points {
            let numbers = sweep.found(point, &parts)?;
            curve.iter_mut().for_each(|curve| curve.add(&sweep, point, &numbers));
            let policy = sweep.policy(point);
            table.write(point, (&sweep.numbers(point), policy.as_deref()), &numbers).map_err(|e| failed(&e))?;
        }
        let written = table.finish().map_err(|e| failed(&e))?;
        if let Some(chart) = curve.map(|curve| curve.draw(&sweep, &command)).transpose().map_err(|e| failed(&e))? {
            for (name, content) in chart.files().map_err(|e| Failure::Other(e.to_string()))? {
                staging.write(&format!("charts/{name}"), content)?;
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

    /// What varies, as options say it, or else the scenario.
    fn varied(&self, scenario: &Scenario) -> Result<Vec<Vary>, Failure> {
        let own = &scenario.file.sweeps;
        if !self.vary.is_empty() {
            if !own.is_empty() && !self.quiet {
                terminal::log("note: --vary takes the place of what the scenario sweeps");
            }
            return Ok(self.vary.clone());
        }
        if own.is_empty() {
            return Err(Failure::Input(format!(
                "error: nothing varies: the scenario has no [[sweep]]\n  help: {}",
                match self.sample {
                    Some(_) => "write --vary traffic.reply_share=0.5..0.9, say",
                    None =>
                        "write --vary traffic.reply_share=0.5,0.8, say, or [[sweep]] with key and values into the scenario",
                }
            )));
        }
        let wrong = |(key, why, help): (&str, String, String)| {
            Failure::Input(format!("error: [[sweep]]: {key}: {why}\n  help: {help}"))
        };
        own.iter().map(|entry| Vary::of_entry(entry).map_err(wrong)).collect()
    }

    /// The sweep as it is asked for, its keys and values looked up.
    fn planned<'a>(&self, text: &'a Text, scenario: Scenario) -> Result<Points<'a>, Failure> {
        let varied = self.varied(&scenario)?;
        let keys = look_up(
            &varied,
            &Numbers::of(&scenario.file),
            if self.vary.is_empty() { "[[sweep]] " } else { "--vary " },
        )?;
        let design = match self.sample {
            Some(sampling) => sampling.design(&keys, scenario.seed)?,
            None => self.grid(&keys)?,
        };
        let kept = if self.all_rows { Kept::All } else { Kept::Whole };
        let shares =
            !self.no_share && !self.all_rows && keys.iter().any(VariedKey::is_choice) && asks_subjects_only(&scenario);
        let rows = rows(&scenario, &kept, shares);
        let more = self.sample.map_or_else(String::new, |sampling| format!("{sampling}\n"));
        let overrides = self.study.changes.overrides();
        Ok(Points { what: "sweep", text, overrides, scenario, keys, design, more, rows, kept, shares })
    }

    /// All combinations, or values that go together.
    fn grid(&self, keys: &[VariedKey]) -> Result<Design, Failure> {
        let lengths = keys.iter().map(|key| {
            key.values().ok_or_else(|| {
                let help = "write :n behind it for n values, steps = n in a [[sweep]], or --sample lhs:N for N points all over the ranges";
                Failure::Input(lines(&format!(
                    "error: {}: {} is a range, not a list of values\n  help: {help}",
                    key.vary.key,
                    key.vary.values()
                )))
            })
        });
        let lengths = lengths.collect::<Result<Vec<usize>, Failure>>()?;
        let written = |joint: &str| lengths.iter().map(usize::to_string).collect::<Vec<_>>().join(joint);
        let design = Design::grid(lengths.clone(), self.zip).filter(|design| design.len() <= MOST_POINTS);
        design.ok_or_else(|| {
            Failure::Input(match self.zip {
                true => format!("error: --zip: keys have {} values, and need as many each", written(" and ")),
                false => format!(
                    "error: {} points are more than {MOST_POINTS}\n  help: fewer values, --zip, or --sample lhs:N",
                    written(" x ")
                ),
            })
        })
    }

    /// What varies, for the plan.
    fn of(&self, sweep: &Points) -> String {
        let of = |key: &VariedKey| match &key.vary.over {
            VaryOver::Values(values) => format!("{} values of {}", values.len(), key.vary.key),
            VaryOver::Range(range) => format!("{} over {range}", key.vary.key),
        };
        let of: Vec<String> = sweep.keys.iter().map(of).collect();
        let sample = self.sample.map_or_else(String::new, |sampling| format!("{}: ", sampling.words()));
        sample + &of.join(", ")
    }

    fn command(&self, sweep: &Points) -> String {
        let mut command = format!("outflow sweep {}", terminal::quoted(&self.scenario.display().to_string()));
        for key in &sweep.keys {
            let typed = format!("{}={}", key.vary.key, key.vary.values());
            command += &format!(" --vary {}", terminal::quoted(&typed));
        }
        if let Some(sampling) = self.sample {
            command += &format!(" --sample {sampling}");
        }
        for (option, given) in [(" --zip", self.zip), (" --all-rows", self.all_rows), (" --no-share", self.no_share)] {
            command += if given { option } else { "" };
        }
        let varied = |id: &String| {
            let values = |v: &Vary| matches!(&v.over, VaryOver::Values(values) if values.contains(id));
            self.vary.iter().any(|v| v.key == POLICY && values(v))
        };
        let policies = self.study.changes.policy.iter().filter(|id| !varied(id));
        let changes = Changes { policy: policies.cloned().collect(), ..self.study.changes.clone() };
        command + &changes.as_typed()
    }
}
