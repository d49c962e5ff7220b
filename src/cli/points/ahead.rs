//! What is said of a study before its first point: how much there is, and how long that takes.

use std::time::Instant;

use super::Points;
use crate::cli::ahead::cores;
use crate::cli::terminal;
use crate::scenario::{Overrides, load_text};
use crate::simulate::{Counters, Simulation};

/// People of the world that tells how long a point takes.
const TRIED: u64 = 10_000;
/// Its days: of two numbers, as a world takes its time before its first day.
const DAYS: [u32; 2] = [1, 4];

impl Points<'_> {
    /// What will be simulated. `of` says what varies.
    pub(super) fn plan(&self, of: &str, done: usize, units: usize, threads: usize) -> String {
        let worlds = match self.scenario.replicates {
            1 => "one world each: no interval".to_owned(),
            n => format!("{n} worlds each"),
        };
        let done = if done > 0 { format!(", {done} of them done before") } else { String::new() };
        let shared = match self.shares {
            true => format!(
                "\nshared: points that differ in choices alone are counted in one run, by band of attitude: {} {} in all, without `disclosed_events`, `needs_met` and `half_time` (--no-share has them)",
                units,
                if units == 1 { "run" } else { "runs" }
            ),
            false => String::new(),
        };
        let each = if self.shares { "" } else { ", a run each" };
        let long = self.seconds(units, threads).map_or_else(String::new, |s| format!("; {s}"));
        format!(
            "plan: {} points ({of}){done}; {worlds}; {} people, {} days, {} policies in one run; {threads} threads{each}{long}; the same people and events at every point, as far as what varies lets them be{shared}",
            self.design.len(),
            terminal::short(self.scenario.people as f64),
            self.scenario.days,
            self.scenario.policies.len()
        )
    }

    /// How long so many runs of the scenario take, in words: by worlds of a few people, whose time is taken to grow with people, days and worlds.
    fn seconds(&self, runs: usize, threads: usize) -> Option<String> {
        let people = self.scenario.people.min(TRIED);
        let of = |days: u32| {
            let overrides =
                Overrides { people: Some(people), days: Some(days), replicates: Some(1), ..self.overrides.clone() };
            // What has a rule about groups of many people may be no scenario with a few: then nothing is said.
            let (scenario, _) = load_text(self.text, &overrides).ok()?;
            let once = || {
                let begun = Instant::now();
                Simulation::new(&scenario).run_replicates(1, &Counters::default());
                begun.elapsed().as_secs_f64()
            };
            // The first makes what all later ones find made.
            Some(once().min(once()))
        };
        let [few, more] = DAYS.map(|days| days.min(self.scenario.days));
        let first = of(few)?;
        let day = if more > few { (of(more)? - first).max(0.0) / f64::from(more - few) } else { 0.0 };
        let world = first + day * f64::from(self.scenario.days - few);
        let one = world * self.scenario.people as f64 / people as f64 * f64::from(self.scenario.replicates);
        // More threads than processors are not faster.
        let threads = threads.clamp(1, cores());
        // A run by itself takes one thread; one that points share takes those that are left.
        let rounds = if self.shares { runs as f64 / threads as f64 } else { runs.div_ceil(threads) as f64 };
        Some(match one * rounds {
            s if s < 1.5 => "about a second".to_owned(),
            s if s < 90.0 => format!("about {s:.0} s"),
            s if s < 5400.0 => format!("about {:.0} min", s / 60.0),
            s => format!("about {:.0} hours", s / 3600.0),
        })
    }
}
