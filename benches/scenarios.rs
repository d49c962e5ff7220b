//! No cliffs: what an event costs in every scenario that ships, and with twelve policies, as a ratio to cnil-2017.
//!
//! `cargo bench --bench scenarios`; with `-- --limit 1.5` it fails if a scenario costs more than that. A round runs every scenario once, at the same size, on one thread, and
//! ratios are taken within the round: what slows the machine down for a while slows down all of them.

use std::path::Path;
use std::process::ExitCode;

use clap::Parser;
use outflow::scenario::{Overrides, load, shipped_names};
use outflow::simulate::{Counters, Simulation};

/// Measured against this one.
const BASE: &str = "cnil-2017";
/// All preset policies in one run.
const TWELVE: &str = "benches/twelve-policies.toml";

/// Nanoseconds an event, by scenario.
#[derive(Parser)]
struct Options {
    /// People of each scenario.
    #[arg(long, default_value_t = 300_000)]
    people: u64,
    /// Days of each scenario.
    #[arg(long, default_value_t = 60)]
    days: u32,
    /// How often each scenario is run.
    #[arg(long, default_value_t = 7)]
    rounds: usize,
    /// Fails if the median ratio of a scenario is above this.
    #[arg(long)]
    limit: Option<f64>,
    /// A small world, once: to see that it works.
    #[arg(long)]
    quick: bool,
    /// Given by cargo.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> ExitCode {
    let mut options = Options::parse();
    if options.quick {
        (options.people, options.days, options.rounds) = (2_000, 1, 1);
    }
    let names: Vec<&str> =
        [BASE].into_iter().chain(shipped_names().filter(|name| *name != BASE)).chain([TWELVE]).collect();
    let simulations: Vec<Simulation> = names.iter().map(|name| simulation(name, &options)).collect();
    let mut times = vec![Vec::new(); names.len()];
    for round in 0..options.rounds.max(1) {
        // Each round begins with another one, so that none always comes after the same.
        for i in 0..names.len() {
            let scenario = (i + round) % names.len();
            let outcome = simulations[scenario].run(1, &Counters::default());
            times[scenario].push(outcome.wall.as_secs_f64() * 1e9 / outcome.totals.events() as f64);
        }
    }
    println!("{} people, {} days, one thread, medians of {}", options.people, options.days, times[0].len());
    println!("{:<24} {:>9} {:>10}", "scenario", "ns/event", "ratio");
    let mut within = true;
    for (name, ns) in names.iter().zip(&times) {
        let ratio = median(ns.iter().zip(&times[0]).map(|(ns, base)| ns / base).collect());
        let over = options.limit.is_some_and(|limit| ratio > limit);
        within &= !over;
        let name = Path::new(name).file_stem().unwrap_or_default().to_string_lossy();
        println!("{name:<24} {:>9.2} {ratio:>10.2}{}", median(ns.clone()), if over { "  above the limit" } else { "" });
    }
    if within { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn simulation(name: &str, options: &Options) -> Simulation {
    let overrides = Overrides { people: Some(options.people), days: Some(options.days), ..Overrides::default() };
    match load(Path::new(name), &overrides) {
        Ok((scenario, _)) => Simulation::new(&scenario),
        Err(problems) => panic!("{problems}"),
    }
}

fn median(mut of: Vec<f64>) -> f64 {
    of.sort_by(f64::total_cmp);
    let middle = of.len() / 2;
    if of.len() % 2 == 1 { of[middle] } else { (of[middle - 1] + of[middle]) / 2.0 }
}
