//! The command line: parsing and printing only, one file per verb.
//!
//! Exit codes: 0 fine; 2 invalid input or usage; 1 anything else, also what `policy check`, `policy test`,
//! `audit check` and `bench` find.

mod achieved;
mod ahead;
mod audit;
mod bench;
mod chart;
mod compare;
mod completions;
mod count;
mod export;
mod init;
mod leave;
mod man;
mod merge;
mod messages;
mod points;
mod policy;
mod progress;
mod report;
mod resume;
mod run;
mod sample;
mod save;
mod scenarios;
mod schema;
mod sensitivity;
mod shard;
mod signals;
mod subject;
mod sweep;
mod terminal;
mod validate;
mod verify;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use count::count;

use crate::output::staging::{Contents, Staging};
use crate::policy::{TooSmall, idle_rules, too_small, why_idle};
use crate::scenario::{Diagnostic, Diagnostics, Overrides, Scenario, Severity, Text, lines, load, load_text, read};

/// Measures what a messaging service would share with its parent under alternative policies.
#[derive(Debug, Parser)]
#[command(name = "outflow", version, about, long_about = None, after_help = "\
Exit codes: 0 fine, 2 invalid input or usage, 1 anything else (130 when interrupted).
Scenarios that ship, by name: alike, bi-designs, cnil-2017, collateral, hamburg-2016, lossy-hash, necessity, opt-out-vs-opt-in, uk-2018, uninstall, whatsapp-day.
Start with: outflow run cnil-2017 --people 100000")]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Simulate a scenario, apply its policies, and write tables, charts and a page.
    Run(run::RunArgs),
    /// Simulate a scenario for many values of what is not known, into one table.
    Sweep(sweep::SweepArgs),
    /// Simulate a part of a run, for one of several machines, and write what it counted.
    Shard(shard::ShardArgs),
    /// Put the parts of a run together: the results are those of `run`, byte for byte.
    Merge(merge::MergeArgs),
    /// Find which of the things that nobody knows matter for the figures.
    Sensitivity(sensitivity::SensitivityArgs),
    /// Check scenario files without running them.
    Validate(validate::ValidateArgs),
    /// Write the same world as records: people, events, address books, disclosures (Parquet).
    Export(export::ExportArgs),
    /// Check that results are what was written, by the digest of every file, and that a run's scenario gives the same again.
    Verify(verify::VerifyArgs),
    /// Put runs beside each other: what differs in their scenarios, and in their figures.
    Compare(compare::CompareArgs),
    /// Draw the figures of finished results again, without simulating: another size, language, ground or format.
    Chart(chart::ChartArgs),
    /// Make the page of a finished run again, without simulating.
    Report(report::ReportArgs),
    /// Ask what policies do, before anything is simulated.
    Policy(policy::Command),
    /// Write the disclosures about some people of a country, drawn at random.
    Sample(sample::SampleArgs),
    /// How much of a sample finds a breach of an order, and what a sample that is at hand says.
    Audit(audit::Command),
    /// All that the parent would hold about one person, and from whom it came.
    Subject(subject::SubjectArgs),
    /// Time each stage, beside the limits of the machine and an earlier result.
    Bench(bench::BenchArgs),
    /// List the scenarios that ship.
    Scenarios(scenarios::ScenariosArgs),
    /// Write a commented scenario that runs, to begin with.
    Init(init::InitArgs),
    /// Print the JSON Schema of scenarios, for editors.
    Schema(schema::SchemaArgs),
    /// Print what a shell needs to complete commands and options.
    Completions(completions::CompletionsArgs),
    /// Print the manual page.
    Man(man::ManArgs),
}

/// Options that change the scenario, shared by verbs.
#[derive(Args, Clone, Debug, Default)]
struct Changes {
    /// Number of people, users and non-users together, such as 20_000, 100k, 1.5M or 2bn
    #[arg(long, value_name = "N", value_parser = count, allow_negative_numbers = true)]
    people: Option<u64>,
    /// Number of days
    #[arg(long, value_name = "D", value_parser = days, allow_negative_numbers = true)]
    days: Option<u32>,
    /// Seed of all random numbers
    #[arg(long, value_name = "S", value_parser = clap::value_parser!(u64).range(..=i64::MAX as u64), allow_negative_numbers = true)]
    seed: Option<u64>,
    /// Replicates and baseline, where a verb has these options.
    #[arg(skip)]
    replicates: Option<u32>,
    #[arg(skip)]
    baseline: Option<String>,
    /// Change a value of the scenario, checked like the file: traffic.messages_per_active_day=60
    #[arg(long, value_name = "KEY=VALUE", value_parser = assignment)]
    set: Vec<String>,
    /// Only this policy (repeat for several)
    #[arg(long, value_name = "ID")]
    policy: Vec<String>,
}

fn days(text: &str) -> Result<u32, String> {
    match text.parse::<u32>() {
        Ok(n) if n > 0 => Ok(n),
        _ => Err("expected a whole number of days, at least 1".into()),
    }
}

fn assignment(text: &str) -> Result<String, String> {
    match text.split_once('=') {
        Some((key, _)) if !key.trim().is_empty() => Ok(text.into()),
        _ => Err("expected KEY=VALUE, such as jurisdiction.FR.share=0.3".into()),
    }
}

/// Why a command ended without success.
enum Failure {
    /// The input is at fault: exit code 2. The text is printed as it is.
    Input(String),
    /// What was asked for was found and is on stdout, and it is bad news: exit code 1.
    Found,
    /// Anything else: exit code 1.
    Other(String),
}

/// Runs the command line.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(told) => return print_told(&told),
    };
    signals::listen();
    let code = exit_code(cli);
    // What failed while a signal ends the process failed because of it.
    crate::output::staging::interrupt::wait_if_ending();
    crate::cli::messages::flush();
    code
}

/// Help and version, which are data; or what is wrong with the command.
fn print_told(told: &clap::Error) -> ExitCode {
    use std::io::Write;
    let written = told.print().and_then(|()| std::io::stdout().flush());
    match written {
        Err(e) if !told.use_stderr() && e.kind() != std::io::ErrorKind::BrokenPipe => {
            terminal::log(&format!("error: can't write to standard output: {e}"));
            crate::cli::messages::flush();
            ExitCode::FAILURE
        }
        _ => ExitCode::from(told.exit_code().clamp(0, 255) as u8),
    }
}

fn exit_code(cli: Cli) -> ExitCode {
    if let Err(text) = crate::simd::InstructionSet::asked() {
        terminal::log(&text);
        return ExitCode::from(2);
    }
    let result = std::panic::catch_unwind(|| match cli.verb {
        Verb::Run(run) => run.main(),
        Verb::Sweep(sweep) => sweep.main(),
        Verb::Shard(shard) => shard.main(),
        Verb::Merge(merge) => merge.main(),
        Verb::Sensitivity(sensitivity) => sensitivity.main(),
        Verb::Validate(validate) => validate.main(),
        Verb::Export(export) => export.main(),
        Verb::Verify(verify) => verify.main(),
        Verb::Compare(compare) => compare.main(),
        Verb::Chart(chart) => chart.main(),
        Verb::Report(report) => report.main(),
        Verb::Policy(policy) => policy.main(),
        Verb::Sample(sample) => sample.main(),
        Verb::Audit(audit) => audit.main(),
        Verb::Subject(subject) => subject.main(),
        Verb::Bench(bench) => bench.main(),
        Verb::Scenarios(scenarios) => scenarios.main(),
        Verb::Init(init) => init.main(),
        Verb::Schema(schema) => schema.main(),
        Verb::Completions(completions) => completions.main(),
        Verb::Man(man) => man.main(),
    });
    let failure = match result {
        Ok(Ok(())) => return ExitCode::SUCCESS,
        Ok(Err(failure)) => failure,
        // The panic's own message is on stderr already.
        Err(_) => Failure::Other("outflow failed inside; please report the lines above".into()),
    };
    // What an interrupt broke off is told by it alone.
    crate::output::staging::interrupt::wait_if_ending();
    match failure {
        Failure::Input(text) => {
            terminal::log(&text);
            ExitCode::from(2)
        }
        Failure::Found => ExitCode::from(1),
        Failure::Other(text) => {
            terminal::log(&format!("error: {text}"));
            ExitCode::from(1)
        }
    }
}

impl Changes {
    fn overrides(&self) -> Overrides {
        Overrides {
            set: self.set.clone(),
            people: self.people,
            days: self.days,
            seed: self.seed,
            replicates: self.replicates,
            baseline: self.baseline.clone(),
            policies: self.policy.clone(),
        }
    }

    /// The options again, as one would type them.
    fn as_typed(&self) -> String {
        let mut s = String::new();
        let mut option = |name: &str, value: String| s += &format!(" --{name} {}", terminal::quoted(&value));
        if let Some(n) = self.people {
            option("people", n.to_string());
        }
        if let Some(n) = self.days {
            option("days", n.to_string());
        }
        if let Some(n) = self.seed {
            option("seed", n.to_string());
        }
        if let Some(n) = self.replicates {
            option("replicates", n.to_string());
        }
        if let Some(id) = &self.baseline {
            option("baseline", id.clone());
        }
        for x in &self.set {
            option("set", x.clone());
        }
        for (i, x) in self.policy.iter().enumerate() {
            if !self.policy[..i].contains(x) {
                option("policy", x.clone());
            }
        }
        s
    }
}

/// Loads a scenario; warnings go to stderr.
fn load_scenario(path: &Path, changes: &Changes) -> Result<Scenario, Failure> {
    let (scenario, mut warnings) =
        load(path, &changes.overrides()).map_err(|problems| Failure::Input(rendered(&problems)))?;
    let impossible = impossible_groups(&scenario);
    if !impossible.is_empty() {
        warnings.extend(impossible);
        return Err(Failure::Input(rendered(&Diagnostics(warnings))));
    }
    let idle = idle_rules(&scenario);
    for (policy, rule) in idle.rules {
        let policy = &scenario.policies[policy];
        let (why, help) = why_idle(&scenario, policy, rule);
        warnings.push(
            Diagnostic::warning(format!("rule {} of policy `{}` never matters in this run", rule + 1, policy.id))
                .at(&policy.texts[rule].place, "no decision depends on it")
                .help(help)
                .hint(why),
        );
    }
    if idle.unsearched > 0 {
        warnings.push(
            Diagnostic::warning(format!(
                "{} of {} policies were not searched for rules that never matter",
                idle.unsearched,
                scenario.policies.len()
            ))
            .help("to have them searched, split the scenario, or give its policies fewer rules, dates or jurisdictions")
            .hint("every kind of flow would have to be tried, and here these are too many"),
        );
    }
    if !warnings.is_empty() {
        terminal::log(crate::scenario::render(&warnings, terminal::stderr_has_colour()).trim_end());
    }
    Ok(scenario)
}

/// Counts over groups of more people than there are, as errors.
fn impossible_groups(scenario: &Scenario) -> Vec<Diagnostic> {
    let worded = |found: TooSmall| {
        let policy = &scenario.policies[found.policy];
        let message = format!(
            "rule {} of policy `{}` counts over groups of {} people, and can be about {} people only",
            found.rule + 1,
            policy.id,
            found.k,
            found.people
        );
        let help = match found.people {
            0 | 1 => "simulate more people (`people`), or take the rule out".into(),
            n => format!("write aggregate_k = {n} or less, or simulate more people (`people`)"),
        };
        Diagnostic::error(message)
            .at(&policy.texts[found.rule].place, "no such group exists")
            .help(help)
            .hint("a count over a group that does not exist is nothing, and would be counted as something")
    };
    too_small(scenario).into_iter().map(worded).collect()
}

/// Loads a scenario to ask about its policies, whatever the days of its run: what is odd about the run is not told.
fn load_policies(path: &Path, changes: &Changes) -> Result<Scenario, Failure> {
    load_policies_of(&read_text(path)?, changes)
}

/// The same of a text that was read already.
fn load_policies_of(text: &Text, changes: &Changes) -> Result<Scenario, Failure> {
    let loaded = load_text(text, &changes.overrides());
    loaded.map(|(scenario, _)| scenario).map_err(|problems| Failure::Input(rendered(&problems)))
}

/// The text of a scenario, for what has to load it more than once.
fn read_text(path: &Path) -> Result<Text, Failure> {
    read(path).map_err(|problems| Failure::Input(rendered(&problems)))
}

fn rendered(problems: &Diagnostics) -> String {
    debug_assert!(problems.0.iter().any(|d| d.severity == Severity::Error));
    crate::scenario::render(&problems.0, terminal::stderr_has_colour()).trim_end().to_string()
}

/// Begins results in a folder, and says what was found there.
fn begin(target: &std::path::Path, contents: Contents) -> Result<Staging, Failure> {
    let limited =
        |why| Failure::Other(format!("can't start threads: {why}\n  hint: raise the limit on processes (ulimit -u)"));
    crate::output::tables::start_threads().map_err(limited)?;
    let staging = Staging::begin(target, contents)?;
    for note in staging.notes() {
        terminal::log(&lines(note));
    }
    Ok(staging)
}

/// Where results go if the user does not say.
fn default_output(scenario: &Scenario) -> PathBuf {
    PathBuf::from("output").join(&scenario.name)
}

impl From<crate::output::staging::OutputError> for Failure {
    fn from(e: crate::output::staging::OutputError) -> Self {
        match e {
            // Names of files may hold what a terminal would obey.
            crate::output::staging::OutputError::Unusable(text) => Failure::Input(format!("error: {}", lines(&text))),
            crate::output::staging::OutputError::Failed(text) => Failure::Other(lines(&text)),
        }
    }
}

impl From<crate::output::past_folder::PastError> for Failure {
    fn from(e: crate::output::past_folder::PastError) -> Self {
        match e {
            crate::output::past_folder::PastError::Folder(e) => e.into(),
            crate::output::past_folder::PastError::Unfit(text) => Failure::Input(format!("error: {}", lines(&text))),
        }
    }
}

/// A place beside `path`, of the same name with `end` behind it: `output/run` has `output/run.html`.
fn beside(path: &Path, end: &str) -> Result<PathBuf, Failure> {
    let whole = match path.file_name() {
        Some(_) => path.to_owned(),
        // `.` and `..` have a name only where they lie.
        None => path.canonicalize().unwrap_or_else(|_| path.to_owned()),
    };
    let Some(name) = whole.file_name() else {
        return Err(Failure::Input(lines(&format!(
            "error: {} has nothing beside it\n  help: say with --to where the result goes",
            path.display()
        ))));
    };
    let mut name = name.to_owned();
    name.push(end);
    Ok(whole.with_file_name(name))
}

/// Tells what was done to a folder before it was looked at.
fn tell_of(past: &crate::output::past_folder::PastFolder) {
    past.notes.iter().for_each(|note| terminal::log(&lines(note)));
}
