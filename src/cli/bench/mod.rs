//! `outflow bench`: how fast each stage is, against the limits of the machine and against an earlier result.

mod bench_scenario;
pub(super) mod charts;
mod table;
mod unclear;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};

use super::ahead::fits;
use super::save::{Save, SaveKind};
use super::{Changes, Failure, terminal};
use crate::bench::{self, BenchResult, Budget, Change, Fingerprint, Plan, Verdict};
use crate::output::staging::Contents;
use bench_scenario::BenchScenario;

/// The scenario that is measured if none is named.
const DEFAULT: &str = "cnil-2017";

/// What `--save` replaces: another result.
const RESULT: SaveKind =
    SaveKind { what: "the result of `outflow bench`", option: "--save FILE", is_one: BenchResult::is_one };

/// Options of `bench`.
#[derive(Args, Debug)]
#[command(after_help = "\
The figures of the world are checked first: on one and on all threads, and against [[expect]] of the scenario. Then all
stages are timed in turns, each beside what the machine can do at best. Results are compared by the cost of an event in
random numbers, which another machine or a busy one changes little.")]
pub struct BenchArgs {
    /// Scenario file (`-`: standard input), or the name of one that ships (default: cnil-2017)
    #[arg(value_name = "SCENARIO")]
    scenario: Option<PathBuf>,
    /// A smaller world and a few rounds: ends within 20 seconds
    #[arg(long)]
    quick: bool,
    /// What to print
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = BenchFormat::Table)]
    format: BenchFormat,
    /// Compare with this result of `--save`; exit code 1 if a stage got slower
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// How much slower a stage may be than the baseline, percent
    #[arg(long, value_name = "PCT", default_value_t = 10.0, value_parser = percent, requires = "baseline", allow_negative_numbers = true)]
    max_regression: f64,
    /// Fail, too, if noise exceeds what is allowed, so that a stage could have got slower unseen
    #[arg(long, requires = "baseline")]
    strict: bool,
    /// Write the result to this file, as JSON
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
    /// Write a chart of the throughput by policy into this folder: bench-throughput.svg, .png, .csv, .json
    #[arg(long, value_name = "DIR")]
    charts: Option<PathBuf>,
    /// Time of all rounds (default: 30, or 8 with --quick); there are at least 5 rounds, or 3
    #[arg(long, value_name = "S", value_parser = clap::value_parser!(u32).range(..=86_400))]
    seconds: Option<u32>,
    #[command(flatten)]
    changes: Changes,
    /// Time stages on one thread and on so many (default: all processors)
    #[arg(long, value_name = "T", value_parser = clap::value_parser!(u32).range(1..=1024))]
    threads: Option<u32>,
}

/// How results are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum BenchFormat {
    /// A table to read
    Table,
    /// All that was measured, as `--save` writes it
    Json,
    /// Bencher Metric Format
    Bmf,
    /// For github-action-benchmark, with `tool: customSmallerIsBetter`
    Github,
}

fn percent(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(p) if p.is_finite() && p >= 0.0 => Ok(p),
        _ => Err("expected a percentage such as 10, at least 0".into()),
    }
}

impl BenchArgs {
    /// Measures.
    pub fn main(self) -> Result<(), Failure> {
        let path = self.scenario();
        let baseline = match &self.baseline {
            Some(file) => Some(BenchResult::read(file).map_err(|e| Failure::Input(format!("error: baseline {e}")))?),
            None => None,
        };
        let BenchScenario { scenario, expect, why_not } = BenchScenario::load(path, &self.changes, self.quick)?;
        let (_, threads) = fits(path, &scenario, self.threads)?;
        let save = self.save.as_deref().map(|path| Save::begin(path, RESULT)).transpose()?;
        let charts = self.charts.as_deref().map(|folder| super::begin(folder, Contents::BenchChart)).transpose()?;
        let command = self.command(path);
        let plan =
            Plan { scenario: &scenario, expect: expect.as_ref(), threads, budget: self.budget(), command: &command };
        if let Some(b) = &baseline {
            let theirs = b.subject();
            plan.subject().comparable(&theirs).map_err(|e| Failure::Input(format!("error: {e}")))?;
            warn_of_another_machine(b);
        }
        if !Fingerprint::this().optimised {
            terminal::log(
                "warning: this program was built for debugging: its times mean little (cargo build --release)",
            );
        }
        if let Some(why_not) = why_not {
            terminal::log(&format!("{why_not}: one and all threads are checked against each other only"));
        }
        terminal::log(&format!(
            "checking the figures of {} people over {} {}",
            terminal::short(scenario.people as f64),
            scenario.days,
            if scenario.days == 1 { "day" } else { "days" }
        ));
        let mut begun = Instant::now();
        let timing = || {
            terminal::log(&format!("the figures are right; timing for {} s", plan.budget.time.as_secs()));
            begun = Instant::now();
        };
        let result = bench::bench(&plan, timing).map_err(|wrong| Failure::Other(wrong.to_string()))?;
        let took = begun.elapsed();
        bench::sound(&result).map_err(|why| {
            Failure::Other(format!(
                "nothing can be measured of this world: {why}\n  hint: simulate more people, or more days"
            ))
        })?;
        let changes = match &baseline {
            Some(b) => {
                bench::compare(b, &result, self.max_regression).map_err(|e| Failure::Input(format!("error: {e}")))?
            }
            None => Vec::new(),
        };
        let regressed: Vec<&Change> = changes.iter().filter(|c| c.verdict == Verdict::Regressed).collect();
        let unclear: Vec<&Change> = changes.iter().filter(|c| c.verdict == Verdict::Unclear).collect();
        let failed = !regressed.is_empty() || self.strict && !unclear.is_empty();
        // What lasts comes first, and neither hinders the other.
        let saved = self.save(save, &result, failed);
        let drawn = charts.map_or(Ok(()), |staging| charts::write(staging, &scenario, &result));
        self.print(&result, &changes)?;
        saved.and(drawn)?;
        if !unclear.is_empty() {
            let time = |rounds| plan.budget.time_of(rounds, result.stages.len(), took, result.rounds);
            let rounds = [baseline.as_ref().map_or(0, |b| b.rounds), result.rounds];
            terminal::log(&unclear::told(&unclear, self.max_regression, rounds, self.strict, time));
        }
        for c in &regressed {
            terminal::log(&format!(
                "regressed: {}: {:.3} random numbers per event in the baseline, {:.3} now: {:+.1} % (allowed {} %, noise {:.1} %)",
                c.name, c.before.median, c.now.median, c.percent, self.max_regression, c.noise_percent
            ));
        }
        if failed { Err(Failure::Found) } else { Ok(()) }
    }

    fn scenario(&self) -> &Path {
        self.scenario.as_deref().unwrap_or(Path::new(DEFAULT))
    }

    fn budget(&self) -> Budget {
        let budget = if self.quick { Budget::QUICK } else { Budget::FULL };
        Budget { time: self.seconds.map_or(budget.time, |s| Duration::from_secs(s.into())), ..budget }
    }

    /// The command that measures the same again.
    fn command(&self, path: &Path) -> String {
        let mut s = format!("outflow bench {}", terminal::quoted(&path.display().to_string()));
        if self.quick {
            s += " --quick";
        }
        s += &self.changes.as_typed();
        if let Some(seconds) = self.seconds {
            s += &format!(" --seconds {seconds}");
        }
        if let Some(threads) = self.threads {
            s += &format!(" --threads {threads}");
        }
        s
    }

    fn print(&self, result: &BenchResult, changes: &[Change]) -> Result<(), Failure> {
        let text = match self.format {
            BenchFormat::Table => return terminal::print(&table::table(result, changes)),
            BenchFormat::Json => result.json().map_err(|e| Failure::Other(e.to_string()))?,
            BenchFormat::Bmf => bench::bmf(result),
            BenchFormat::Github => bench::github(result),
        };
        terminal::print_data(&text)
    }

    /// What failed is saved too, to be looked at; but never over the baseline, which would make it the new standard.
    fn save(&self, save: Option<Save>, result: &BenchResult, failed: bool) -> Result<(), Failure> {
        let Some(save) = save else { return Ok(()) };
        if failed && self.baseline.as_deref().is_some_and(|b| save.is(b)) {
            terminal::log("not saved: the result does not stand up to its baseline, and would replace it");
            return Ok(());
        }
        save.write(result.json().map_err(|e| Failure::Other(e.to_string()))?.as_bytes())
    }
}

fn warn_of_another_machine(baseline: &BenchResult) {
    let here = Fingerprint::this();
    if baseline.machine != here {
        terminal::log(&format!(
            "warning: the baseline is of another machine or build; ratios are compared all the same\n  baseline  {}\n  here      {}",
            baseline.machine.line(),
            here.line()
        ));
    }
}
