//! Turns, medians, and the table.

use std::time::{Duration, Instant};

/// How much is measured.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    pub people: u64,
    pub rounds: usize,
    pub quick: bool,
}

/// Somebody who is measured.
pub struct Contestant<'a> {
    pub name: String,
    /// Threads; the limit for the same number of threads is what its speed is a share of.
    pub threads: usize,
    /// Whether it is a limit for those who follow.
    pub limit: bool,
    /// Whether the limit is one for it.
    pub limited: bool,
    /// Events, rows or numbers that a turn handles.
    pub elements: u64,
    /// Takes a turn; gives the time.
    pub turn: Box<dyn FnMut() -> Duration + 'a>,
}

impl<'a> Contestant<'a> {
    /// Somebody whose turn is all of `work`.
    pub fn new(name: impl Into<String>, threads: usize, elements: u64, mut work: impl FnMut() + 'a) -> Self {
        let turn = move || {
            let start = Instant::now();
            work();
            start.elapsed()
        };
        Contestant { name: name.into(), threads, limit: false, limited: true, elements, turn: Box::new(turn) }
    }

    /// The same as a limit.
    pub fn into_limit(self) -> Self {
        Contestant { limit: true, ..self }
    }

    /// The same where the limit does not apply.
    pub fn without_limit(self) -> Self {
        Contestant { limited: false, ..self }
    }
}

/// Lets everybody take a turn in each round, one after the other, and prints what came out.
pub fn run(title: &str, mut contestants: Vec<Contestant>, size: &Size) {
    let mut speeds: Vec<Vec<f64>> = vec![Vec::new(); contestants.len()];
    // The first round warms up and is thrown away.
    for round in 0..=size.rounds {
        for (c, speeds) in contestants.iter_mut().zip(&mut speeds) {
            let speed = c.elements as f64 / (c.turn)().as_secs_f64() / 1e6;
            if round > 0 {
                speeds.push(speed);
            }
        }
    }
    println!("\n{title}; {} rounds\n", size.rounds);
    println!("| who | threads | M/s | MAD | ns | share of the limit |");
    println!("|---|---:|---:|---:|---:|---:|");
    for (c, speed) in contestants.iter().zip(&speeds) {
        let middle = median(speed.clone());
        let deviation = median(speed.iter().map(|s| (s - middle).abs()).collect());
        let limit = contestants.iter().position(|l| c.limited && l.limit && l.threads == c.threads);
        // Round by round: the limit moves with the neighbours as everybody does.
        let share = limit.map(|l| median(speed.iter().zip(&speeds[l]).map(|(own, limit)| own / limit).collect()));
        println!(
            "| {} | {} | {} | {:.0} % | {} | {} |",
            c.name,
            c.threads,
            digits(middle),
            100.0 * deviation / middle,
            digits(1e3 / middle),
            share.map_or(String::new(), digits),
        );
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len() % 2 == 1 { values[middle] } else { (values[middle - 1] + values[middle]) / 2.0 }
}

/// Digits after the point that leave about three in all.
fn places(value: f64) -> usize {
    (2 - value.abs().log10().floor() as i32).clamp(0, 7) as usize
}

fn digits(value: f64) -> String {
    format!("{value:.*}", places(value))
}
