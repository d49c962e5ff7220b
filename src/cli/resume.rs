//! What a run that was stopped left to go on with, and what this one keeps for the next.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::{Failure, terminal};
use crate::output::compare::told;
use crate::output::manifest::VERSION;
use crate::output::staging::{Checkpoints, Staging};
use crate::scenario::lines;
use crate::simulate::{Keeper, Progress, Simulation, Unfit};

/// Keeps what was counted in the folder of the results.
#[derive(Debug)]
pub struct FileKeeper {
    checkpoints: Checkpoints,
    every: Duration,
    last: Mutex<Instant>,
    failed: AtomicBool,
}

impl FileKeeper {
    /// Keeps it about so often, seconds.
    pub fn new(staging: &Staging, every_s: f64) -> Self {
        let every = Duration::from_secs_f64(every_s.clamp(0.0, 1e6));
        let (last, failed) = (Mutex::new(Instant::now()), AtomicBool::new(false));
        FileKeeper { checkpoints: staging.checkpoints(), every, last, failed }
    }
}

impl Keeper for FileKeeper {
    fn every(&self) -> Option<Duration> {
        // Workers hand over twice as often, so that nothing is much older than the interval when it is kept.
        Some(self.every / 2)
    }

    fn is_due(&self) -> bool {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).elapsed() >= self.every
    }

    fn keep(&self, simulation: &Simulation, progress: &Progress) {
        let kept = self.checkpoints.write(&progress.bytes(simulation, VERSION));
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
        // Said once: the run goes on, and tries again.
        if let Err(e) = kept
            && !self.failed.swap(true, Ordering::Relaxed)
        {
            terminal::log(&lines(&format!(
                "warning: what was counted so far can't be kept: {e}\n  hint: the run goes on; if it is stopped, it has to begin anew"
            )));
        }
    }
}

/// Where a run begins: anew, or, if that is wanted, with what an earlier one left.
pub fn begin(staging: &Staging, simulation: &Simulation, resume: bool) -> Result<Progress, Failure> {
    let anew = || Progress::nothing(simulation);
    let found = match staging.checkpoints().read() {
        Ok(Some(bytes)) => Progress::read(&bytes, simulation, VERSION),
        Ok(None) if resume => {
            terminal::log("note: there is no unfinished run to go on with: this one begins anew");
            return Ok(anew());
        }
        Ok(None) => return Ok(anew()),
        Err(e) => Err(Unfit::Damaged(e.to_string())),
    };
    let done = |progress: &Progress| format!("{:.0} % done", 100.0 * progress.share(simulation.scenario.replicates));
    match found {
        Ok(progress) if resume => {
            terminal::log(&format!("note: going on with an unfinished run, {}", done(&progress)));
            Ok(progress)
        }
        Ok(progress) => {
            terminal::log(&format!(
                "note: an unfinished run of this scenario lies there, {}: --resume goes on with it; this one begins anew",
                done(&progress)
            ));
            Ok(anew())
        }
        Err(Unfit::Damaged(why)) => {
            terminal::log(&lines(&format!(
                "warning: what an unfinished run left is damaged: {why}; this one begins anew"
            )));
            Ok(anew())
        }
        Err(_) if !resume => {
            terminal::log(
                "note: an unfinished run of another scenario or version lies there; this one takes its place",
            );
            Ok(anew())
        }
        Err(Unfit::Version(version)) => Err(Failure::Input(lines(&format!(
            "error: the unfinished run is of outflow {version}, this is {VERSION}: they may count differently\n  \
             help: go on with that version, or begin anew without --resume"
        )))),
        Err(Unfit::Scenario(before)) => Err(Failure::Input(lines(&format!(
            "error: the unfinished run is of another scenario, or of one that was changed since: {}\n  \
             help: change it back, or begin anew without --resume, or choose another folder with --output",
            told(&before, &simulation.scenario.resolved, ["was", "is"])
        )))),
    }
}
