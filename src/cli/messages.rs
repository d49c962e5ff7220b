//! Lines on stderr that can neither end nor hold up the work: a full disk, a reader that went away or one that does not read on.
//!
//! A thread of its own writes them, in order. [`flush`] waits for it, after the results are safe.

use std::io::Write;
use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::time::Duration;

enum Message {
    Line(String),
    /// Answered when all lines before it are written.
    Flush(SyncSender<()>),
}

static WRITER: OnceLock<Option<Sender<Message>>> = OnceLock::new();

/// Hands a line on to stderr.
pub fn line(text: &str) {
    match writer() {
        // The writer ends with the process only.
        Some(writer) => drop(writer.send(Message::Line(text.to_owned()))),
        // No thread could be started.
        None => write(text),
    }
}

/// Waits until all lines are written, for as long as stderr takes.
pub fn flush() {
    if let Some(done) = ask() {
        let _ = done.recv();
    }
}

/// Waits until all lines are written, but no longer than so long.
pub fn flush_for(most: Duration) {
    if let Some(done) = ask() {
        let _ = done.recv_timeout(most);
    }
}

fn ask() -> Option<Receiver<()>> {
    let (tell, done) = sync_channel(1);
    writer()?.send(Message::Flush(tell)).ok()?;
    Some(done)
}

fn writer() -> Option<&'static Sender<Message>> {
    let begin = || {
        let (sender, receiver) = channel();
        let work = move || {
            for message in receiver {
                match message {
                    Message::Line(text) => write(&text),
                    Message::Flush(tell) => drop(tell.send(())),
                }
            }
        };
        std::thread::Builder::new().name("messages".into()).spawn(work).ok().map(|_| sender)
    };
    WRITER.get_or_init(begin).as_ref()
}

/// Nothing can be told of a stderr that fails.
fn write(text: &str) {
    let _ = writeln!(anstream::stderr(), "{text}");
}
