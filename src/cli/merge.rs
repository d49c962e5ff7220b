//! `outflow merge`: the parts of a run, put together.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;

use super::ahead::{counters_fit, knowledge_fits, policies_fit, tables_fit, warn_of_titles};
use super::leave::{Told, leave, time_filters};
use super::{Failure, begin, default_output, rendered};
use crate::output::manifest::VERSION;
use crate::output::shards::{Merge, Part, Refusal, Unreadable};
use crate::output::staging::Contents;
use crate::scenario::{Overrides, Scenario, Text, lines, load_text};
use crate::simulate::{self, Simulation};

/// What stands for standard input.
const STDIN: &str = "-";

/// Options of `merge`.
#[derive(Args, Debug)]
pub struct MergeArgs {
    /// All parts of a run, in any order (`-`: standard input)
    #[arg(value_name = "PART", required = true, num_args = 1..)]
    parts: Vec<PathBuf>,
    /// Folder for the results (default: output/NAME)
    #[arg(long = "to", visible_alias = "output", short = 'o', value_name = "DIR")]
    to: Option<PathBuf>,
    /// Print the manifest with the summary figures as JSON to stdout
    #[arg(long)]
    json: bool,
    /// No summary
    #[arg(long, short)]
    quiet: bool,
}

impl MergeArgs {
    /// Merges.
    pub fn main(self) -> Result<(), Failure> {
        let begun = Instant::now();
        let (first, others) = self.parts.split_first().ok_or_else(|| Failure::Input("error: no parts".into()))?;
        let part = read(first)?;
        let scenario = scenario_of(&part, first)?;
        warn_of_titles(&scenario);
        let run = Simulation::new(&scenario);
        let mut merge = Merge::new(&run, &part, &named(first)).map_err(refused)?;
        merge.add(&part, &named(first)).map_err(refused)?;
        drop(part);
        for path in others {
            merge.add(&read(path)?, &named(path)).map_err(refused)?;
        }
        let command = format!("outflow run {}", merge.arguments());
        let mut outcome = merge.finish().map_err(refused)?;

        let target = self.to.clone().unwrap_or_else(|| default_output(&scenario));
        let staging = begin(&target, Contents::Run)?;
        time_filters(&run, &mut outcome);
        let told = Told { target: &target, json: self.json, quiet: self.quiet };
        leave(&run, &outcome, &command, begun, staging, told, &|_| {})
    }
}

fn named(path: &Path) -> String {
    if path == Path::new(STDIN) { "<stdin>".into() } else { path.display().to_string() }
}

fn refused(why: Refusal) -> Failure {
    Failure::Input(lines(&format!("error: {why}")))
}

/// Reads a part.
fn read(path: &Path) -> Result<Part, Failure> {
    let name = named(path);
    let bytes = if path == Path::new(STDIN) {
        let mut bytes = Vec::new();
        std::io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        std::fs::read(path)
    };
    let bytes = bytes.map_err(|e| Failure::Input(lines(&format!("error: can't read {name}: {e}"))))?;
    Part::read(&bytes, VERSION).map_err(|why| {
        let help = match why {
            Unreadable::NoPart => "name the files that `outflow shard` wrote",
            Unreadable::Damaged(_) => "make it again with `outflow shard`",
            Unreadable::Format(_) | Unreadable::Version(_) => {
                "merge with the version that counted, or make all parts again with this one"
            }
        };
        Failure::Input(lines(&format!("error: {name}: {why}\n  help: {help}")))
    })
}

/// The scenario of a part; refused if its run could not be put together here.
fn scenario_of(part: &Part, path: &Path) -> Result<Scenario, Failure> {
    let text = Text { name: named(path), text: part.head().resolved.clone() };
    // Who simulated was told what is odd about it.
    let (scenario, _) =
        load_text(&text, &Overrides::default()).map_err(|problems| Failure::Input(rendered(&problems)))?;
    let compiled = policies_fit(path, &scenario)?;
    counters_fit(path, &scenario, &compiled, 1, simulate::available())?;
    knowledge_fits(path, &scenario, &compiled, 1)?;
    tables_fit(path, &scenario, &compiled)?;
    Ok(scenario)
}
