//! What ends the program from outside: what is unfinished goes, what is being moved into place gets there.

use std::time::Duration;

use crate::cli::messages;
use crate::output::staging::interrupt::{self, Interrupted};

/// How long a message may take on its way to a stderr that nobody reads.
const PATIENCE: Duration = Duration::from_millis(300);
/// Exit code.
const INTERRUPTED: i32 = 130;

/// Listens for interrupts, termination and the end of the terminal; not for those that whoever started the program chose to ignore (`nohup`).
#[cfg(unix)]
pub fn listen() {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    let ignored = ignored();
    let signals = [SIGHUP, SIGINT, SIGTERM].into_iter().filter(|s| ignored >> (s - 1) & 1 == 0);
    // Without a handler a signal still ends the program, and the next run sweeps what it leaves.
    let Ok(mut signals) = signal_hook::iterator::Signals::new(signals) else { return };
    let wait = move || {
        if signals.forever().next().is_some() {
            end();
        }
    };
    let _ = std::thread::Builder::new().name("signals".into()).spawn(wait);
}

/// Nothing is listened for here: the next run sweeps what an interrupted one leaves.
#[cfg(not(unix))]
pub fn listen() {}

fn end() -> ! {
    let found = interrupt::end();
    messages::line(match found {
        Interrupted::Unfinished => "interrupted; nothing was written",
        Interrupted::Kept => "interrupted; what was counted is kept: the same command with --resume goes on",
        Interrupted::Finished => "interrupted; the results were complete and are in place",
        Interrupted::Idle => "interrupted",
    });
    messages::flush_for(PATIENCE);
    std::process::exit(INTERRUPTED)
}

/// Signals that are ignored, a bit each; none where the system does not tell.
#[cfg(unix)]
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
}
