//! `outflow shard`: a part of a run, for one of several machines.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::ahead::{fits, tables_fit};
use super::progress::watch;
use super::save::{Save, SaveKind};
use super::{Changes, Failure, load_scenario, terminal};
use crate::output::manifest::VERSION;
use crate::output::shards::{Part, PartHead, is_part};
use crate::simulate::{Counters, Shard, Simulation};

/// Most shards of a run.
const MOST_SHARDS: i64 = 1_000_000;
/// What stands for standard output.
const STDOUT: &str = "-";
/// What a part replaces: another one.
const PART: SaveKind = SaveKind { what: "a part that `outflow shard` wrote", option: "--to PART", is_one: is_part };

/// Options of `shard`.
#[derive(Args, Debug)]
pub struct ShardArgs {
    /// Scenario file (`-`: standard input), or the name of one that ships
    #[arg(value_name = "SCENARIO")]
    scenario: PathBuf,
    /// Which shard: 0 is the first, N - 1 the last
    #[arg(long, value_name = "I", allow_negative_numbers = true)]
    shard: u32,
    /// How many shards the run has
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=MOST_SHARDS), allow_negative_numbers = true)]
    of: u32,
    /// File for the part (`-`: standard output)
    #[arg(long, value_name = "PART")]
    to: PathBuf,
    #[command(flatten)]
    changes: Changes,
    /// Independent worlds, each of which has its communities in every shard (default: as the scenario says, else 1)
    #[arg(long, value_name = "R", value_parser = clap::value_parser!(u32).range(1..=1000))]
    replicates: Option<u32>,
    /// Policy that the others are compared with (default: as the scenario says, else the first)
    #[arg(long, value_name = "ID")]
    baseline: Option<String>,
    /// Worker threads (default: all processors)
    #[arg(long, value_name = "T", value_parser = clap::value_parser!(u32).range(1..=1024))]
    threads: Option<u32>,
    /// No progress, and no line at the end
    #[arg(long, short)]
    quiet: bool,
}

/// Where a part goes.
enum Place {
    File(Save),
    Stdout,
}

impl ShardArgs {
    /// Simulates the shard.
    pub fn main(mut self) -> Result<(), Failure> {
        let shard = Shard::new(self.shard, self.of).ok_or_else(|| {
            Failure::Input(format!(
                "error: there is no shard {} of {}: they are numbered from 0\n  help: --shard {}",
                self.shard,
                self.of,
                if self.of == 1 { "0".to_owned() } else { format!("0 to --shard {}", self.of - 1) }
            ))
        })?;
        self.changes.replicates = self.replicates;
        self.changes.baseline = self.baseline.take();
        let scenario = load_scenario(&self.scenario, &self.changes)?;
        let (compiled, threads) = fits(&self.scenario, &scenario, self.threads)?;
        // What no merge could write is better known now.
        tables_fit(&self.scenario, &scenario, &compiled)?;
        drop(compiled);
        let place = self.place()?;

        let mut run = Simulation::new(&scenario);
        let counters = Arc::new(Counters::default());
        let user_days = run.user_days(shard);
        let counted = watch(&counters, user_days, self.quiet, || run.run_shard(shard, threads, &counters));
        let communities = run.population.layout.communities();
        let arguments = terminal::quoted(&self.scenario.display().to_string()) + &self.changes.as_typed();
        let part = Part::new(PartHead::new(&scenario, shard, communities, VERSION, &arguments), &counted);
        let bytes = part.bytes().map_err(|e| Failure::Other(e.to_string()))?;
        match &place {
            Place::File(save) => save.write(&bytes)?,
            Place::Stdout => print(&bytes)?,
        }
        if !self.quiet {
            let line = format!(
                "{}: {shard}, {} of {communities} communities, {} events",
                self.to.display(),
                shard.communities(communities),
                terminal::short(counters.events() as f64)
            );
            // Standard output has the part, or is for programs that want none.
            terminal::log(&crate::scenario::lines(&line));
        }
        Ok(())
    }

    /// Finds out before any work whether the part can be written.
    fn place(&self) -> Result<Place, Failure> {
        if self.to != Path::new(STDOUT) {
            return Ok(Place::File(Save::begin(&self.to, PART)?));
        }
        if std::io::stdout().is_terminal() {
            return Err(Failure::Input(
                "error: a part is no text for a terminal\n  help: name a file with --to PART, or send standard output into one".into(),
            ));
        }
        Ok(Place::Stdout)
    }
}

/// A part on stdout: whoever reads must have all of it.
fn print(bytes: &[u8]) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    out.write_all(bytes)
        .and_then(|()| out.flush())
        .map_err(|e| Failure::Other(format!("can't write the part to standard output: {e}")))
}
