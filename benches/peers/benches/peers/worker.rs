//! Polars in a process of its own for each number of threads: its pool is made once per process.
//!
//! The process gets ready, prints its answer, and then takes a turn for each line that it reads, so that it stands in the
//! same rounds as everybody else.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::data::{Answer, Data, Figures};
use crate::frames::Frames;
use crate::rounds::{Contestant, Size};

/// The argument that makes a process one of these.
pub const FLAG: &str = "--polars-process";

/// Kills the process when it is not needed any more.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        // It has no state to save, and may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Polars as a contestant.
pub fn polars<'a>(data: &Data, expected: &Answer, size: &Size, threads: usize) -> Contestant<'a> {
    let mut child = Command::new(std::env::current_exe().expect("this program"))
        .args([FLAG, "--people", &size.people.to_string()])
        .env("POLARS_MAX_THREADS", threads.to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("this program again");
    let mut stdin = child.stdin.take().expect("piped");
    let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    let mut line = move || lines.next().expect("a line").expect("text");
    assert_eq!(&parse(&line()), expected, "Polars on {threads} threads");
    let process = Process(child);
    let turn = move || {
        let _alive = &process;
        writeln!(stdin).and_then(|()| stdin.flush()).expect("the process listens");
        Duration::from_nanos(line().parse().expect("nanoseconds"))
    };
    let (name, elements) = ("Polars 0.55.2".into(), data.events());
    Contestant { name, threads, limit: false, limited: true, elements, turn: Box::new(turn) }
}

/// What the process does.
pub fn serve(size: &Size) {
    let data = Data::new(size.people);
    let frames = Frames::new(&data);
    drop(data);
    println!("{}", print(&frames.answer()));
    for _ in std::io::stdin().lock().lines() {
        let start = Instant::now();
        std::hint::black_box(frames.answer());
        println!("{}", start.elapsed().as_nanos());
    }
}

fn print(answer: &Answer) -> String {
    let figures = answer.iter().map(|f| format!("{} {} {} {}", f.values, f.events, f.bytes, f.people));
    figures.collect::<Vec<String>>().join(" ")
}

fn parse(line: &str) -> Answer {
    let numbers: Vec<u64> = line.split(' ').map(|n| n.parse().expect("a number")).collect();
    let figures = |f: &[u64]| Figures { values: f[0], events: f[1], bytes: f[2], people: f[3] };
    numbers.chunks(4).map(figures).collect()
}
