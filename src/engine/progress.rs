//! Progress on stderr: what is done, at which rate, and how long it still takes.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// What the workers have done so far.
#[derive(Debug, Default)]
pub struct Counters {
    user_days: AtomicU64,
    events: AtomicU64,
    done: AtomicBool,
}

impl Counters {
    /// Adds a community's day.
    pub fn add(&self, user_days: u64, events: u64) {
        self.user_days.fetch_add(user_days, Ordering::Relaxed);
        self.events.fetch_add(events, Ordering::Relaxed);
    }
}

/// Runs `work` while a progress bar follows `counters` up to `user_days`; no bar if `quiet`, or if stderr is no terminal
/// (there, a line every ten seconds).
pub fn watch<T>(counters: &Counters, user_days: u64, quiet: bool, work: impl FnOnce() -> T) -> T {
    if quiet {
        return work();
    }
    let terminal = std::io::IsTerminal::is_terminal(&std::io::stderr());
    let target = if terminal { ProgressDrawTarget::stderr_with_hz(8) } else { ProgressDrawTarget::hidden() };
    let bar = ProgressBar::with_draw_target(Some(user_days), target);
    if let Ok(style) = ProgressStyle::with_template("{bar:32} {percent:>3} %  {msg}  {eta} left") {
        bar.set_style(style.progress_chars("=> "));
    }
    std::thread::scope(|scope| {
        let watcher = scope.spawn(|| {
            let mut ticks = 0u64;
            while !counters.done.load(Ordering::Relaxed) {
                let events = counters.events.load(Ordering::Relaxed);
                let rate = events as f64 / bar.elapsed().as_secs_f64().max(1e-3);
                bar.set_position(counters.user_days.load(Ordering::Relaxed));
                bar.set_message(format!("{:.2} bn events, {:.0} M/s", events as f64 / 1e9, rate / 1e6));
                ticks += 1;
                if !terminal && ticks.is_multiple_of(100) {
                    let percent = 100.0 * bar.position() as f64 / user_days.max(1) as f64;
                    eprintln!("{percent:.0} %, {:.2} bn events, {:.0} M/s", events as f64 / 1e9, rate / 1e6);
                }
                std::thread::park_timeout(Duration::from_millis(100));
            }
        });
        let end = End(counters, watcher.thread());
        let result = work();
        drop(end);
        bar.finish_and_clear();
        result
    })
}

/// Ends the watcher, also when the work panics.
struct End<'a>(&'a Counters, &'a std::thread::Thread);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.done.store(true, Ordering::Relaxed);
        self.1.unpark();
    }
}
