//! Progress on stderr: what is done, at which rate, and how long it still takes.
//!
//! The thread that shows it is never waited for: a stderr that fails or that nobody reads costs the progress, not the run.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::{Builder, Thread};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::messages;
use crate::simulate::Counters;

/// How often the bar is drawn.
const TICK: Duration = Duration::from_millis(100);
/// Ticks between two lines, where stderr is no terminal.
const TICKS_PER_LINE: u64 = 100;
/// How long the bar may take to clear itself.
const PATIENCE: Duration = Duration::from_millis(300);

/// Runs `work` while a progress bar follows `counters` up to `user_days`; no bar if `quiet`, or if stderr is no terminal
/// (there, a line every ten seconds).
pub fn watch<T>(counters: &Arc<Counters>, user_days: u64, quiet: bool, work: impl FnOnce() -> T) -> T {
    let done = Arc::new(AtomicBool::new(false));
    let watcher = if quiet { None } else { start(counters.clone(), done.clone(), user_days) };
    let end = End(&done, watcher);
    let result = work();
    drop(end);
    result
}

/// Starts the thread that shows progress, and what it tells when it has cleared the bar; none if there can be no more threads.
fn start(counters: Arc<Counters>, done: Arc<AtomicBool>, user_days: u64) -> Option<(Thread, Receiver<()>)> {
    let (tell, ended) = sync_channel(1);
    let show = move || {
        show(&counters, &done, user_days);
        let _ = tell.send(());
    };
    let watcher = Builder::new().name("progress".into()).spawn(show).ok()?;
    Some((watcher.thread().clone(), ended))
}

fn show(counters: &Counters, done: &AtomicBool, user_days: u64) {
    let terminal = std::io::IsTerminal::is_terminal(&std::io::stderr());
    let target = if terminal { ProgressDrawTarget::stderr_with_hz(8) } else { ProgressDrawTarget::hidden() };
    let bar = ProgressBar::with_draw_target(Some(user_days), target);
    if let Ok(style) = ProgressStyle::with_template("{bar:32} {percent:>3} %  {msg}  {eta} left") {
        bar.set_style(style.progress_chars("=> "));
    }
    let mut ticks = 0u64;
    while !done.load(Ordering::Relaxed) {
        let events = counters.events();
        let rate = events as f64 / bar.elapsed().as_secs_f64().max(1e-3);
        let text = format!("{:.2} bn events, {:.0} M/s", events as f64 / 1e9, rate / 1e6);
        bar.set_position(counters.user_days());
        ticks += 1;
        if !terminal && ticks.is_multiple_of(TICKS_PER_LINE) {
            let percent = 100.0 * bar.position() as f64 / user_days.max(1) as f64;
            messages::line(&format!("{percent:.0} %, {text}"));
        }
        bar.set_message(text);
        std::thread::park_timeout(TICK);
    }
    bar.finish_and_clear();
}

/// Ends the watcher, also when the work panics.
struct End<'a>(&'a AtomicBool, Option<(Thread, Receiver<()>)>);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
        if let Some((watcher, ended)) = &self.1 {
            watcher.unpark();
            let _ = ended.recv_timeout(PATIENCE);
        }
    }
}
