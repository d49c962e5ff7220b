//! `outflow verify`: whether results are still what was written, and what their scenario gives.

use std::hash::{BuildHasher, Hasher};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use clap::Args;

use super::ahead::{fits, knowledge_fits};
use super::progress::watch;
use super::{Failure, begin, terminal};
use crate::output::results::{self, AgainError, RecordedRun};
use crate::output::staging::{self, Contents};
use crate::scenario::lines;
use crate::simulate::{Counters, Simulation};

/// Options of `verify`.
#[derive(Args, Debug)]
pub struct VerifyArgs {
    /// Folder of a run, an export, a sample or the chart of a benchmark
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Every file by its digest only: computes nothing again
    #[arg(long)]
    quick: bool,
    /// Worker threads to compute again with (default: all processors)
    #[arg(long, value_name = "T", value_parser = clap::value_parser!(u32).range(1..=1024))]
    threads: Option<u32>,
    /// No progress, and nothing if all is as it should be
    #[arg(long, short)]
    quiet: bool,
}

impl VerifyArgs {
    /// Looks; exit code 1 if anything is not as it was written, or as it is computed again.
    pub fn main(self) -> Result<(), Failure> {
        let found = staging::verify(&self.folder)?;
        for note in &found.notes {
            terminal::log(&lines(note));
        }
        let shown = self.folder.display();
        let looked = format!(
            "{} files of {}, {} bytes, by digest",
            found.files,
            Contents::what(&found.contents),
            terminal::short(found.bytes as f64),
        );
        let others = match found.others.as_slice() {
            [] => String::new(),
            [one] => format!("; `{one}` is not outflow's"),
            [first, rest @ ..] => format!("; `{first}` and {} more are not outflow's", rest.len()),
        };
        if !found.problems.is_empty() {
            let problems: String = found.problems.iter().map(|p| format!("{p}\n")).collect();
            terminal::print(&problems)?;
            let n = found.problems.len();
            terminal::log(&lines(&format!("{shown}: {n} of {looked}{others}: not as written")));
            return Err(Failure::Found);
        }
        let again = match (self.quick, found.contents == Contents::Run.id()) {
            (true, _) => String::new(),
            (false, true) => self.again()?,
            (false, false) => {
                terminal::log(&format!(
                    "note: {} is not computed again, only a run is; its files are those that were written",
                    Contents::what(&found.contents)
                ));
                String::new()
            }
        };
        if self.quiet {
            return Ok(());
        }
        terminal::print(&format!("{shown}: whole ({looked}{others}){again}\n"))
    }

    /// Computes a run again and holds its files against that; gives what there is to say if they are the same.
    fn again(&self) -> Result<String, Failure> {
        let begun = Instant::now();
        let shown = self.folder.display();
        let recorded = RecordedRun::read(&self.folder).map_err(|why| {
            let help = match why {
                AgainError::Version(_) => "verify with that version, or --quick: every file by its digest",
                AgainError::Unreadable(_) => "--quick holds every file against its digest",
            };
            Failure::Input(lines(&format!("error: {shown} can't be computed again: {why}\n  help: {help}")))
        })?;
        let scenario = &recorded.scenario;
        let (compiled, threads) = fits(&self.folder, scenario, self.threads)?;
        knowledge_fits(&self.folder, scenario, &compiled, threads)?;
        drop(compiled);
        let failed = |e: &dyn std::fmt::Display| Failure::Other(format!("can't compute {shown} again: {e}"));
        // A folder of its own, which goes with all that is in it; on a signal, too. Keys of the standard library's hashers are random.
        let name = format!("outflow-verify-{:016x}", std::hash::RandomState::new().build_hasher().finish());
        let staging = begin(&std::env::temp_dir().join(name), Contents::Run)?;

        let mut run = Simulation::new(scenario);
        let user_days = run.population.layout.users() * u64::from(scenario.days) * u64::from(scenario.replicates);
        let counters = Arc::new(Counters::default());
        let outcome = watch(&counters, user_days, self.quiet, || run.run_replicates(threads, &counters));
        let written = results::write(results::PRESENTERS, &run, &outcome, &recorded.command, begun, &staging)
            .map_err(|e| failed(&e))?;
        let compared = recorded.differences(&self.folder, staging.folder(), &written.manifest);
        let (differences, same) = compared.map_err(|e| failed(&e))?;
        if differences.is_empty() {
            return Ok(format!(
                "; computed again in {:.1} s: {same} files byte for byte the same, all but those that hold timings",
                begun.elapsed().as_secs_f64()
            ));
        }
        let listed: String = differences.iter().map(|d| format!("{d}\n")).collect();
        terminal::print(&listed)?;
        terminal::log(&lines(&format!(
            "{shown}: {} not as computed again from its scenario, {same} files are",
            differences.len()
        )));
        Err(Failure::Found)
    }
}
