//! The points that a method needs, and the options that say how many.

use clap::Args;

use super::MethodWord;
use crate::cli::{Failure, terminal};
use crate::output::sensitivity::Method;
use crate::random::{Domain, Key};
use crate::statistics::{MOST_DIMENSIONS, MOST_SEQUENCE, UnitPoints, saltelli, trajectories};

/// Most points of a study.
const MOST_POINTS: usize = 1_000_000;
/// Most coordinates of all points together: they are in memory.
const MOST_COORDINATES: usize = 20_000_000;

/// How many points a method takes.
#[derive(Args, Clone, Copy, Debug)]
pub struct MethodOptions {
    /// Of morris: trajectories; each is a run for every parameter and one more (default: 10)
    #[arg(long, value_name = "R", value_parser = clap::value_parser!(u32).range(2..=100_000))]
    trajectories: Option<u32>,
    /// Of morris: levels of the grid, an even number (default: 4)
    #[arg(long, value_name = "P", value_parser = levels)]
    levels: Option<u32>,
    /// Of sobol: draws; each is a run for every parameter and two more; best a power of two (default: 256)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(8..=MOST_SEQUENCE as i64))]
    draws: Option<u32>,
}

fn levels(text: &str) -> Result<u32, String> {
    let wrong = || "expected an even number from 2 to 100, such as 4".to_owned();
    text.parse().ok().filter(|n: &u32| n.is_multiple_of(2) && (2..=100).contains(n)).ok_or_else(wrong)
}

impl MethodOptions {
    const TRAJECTORIES: u32 = 10;
    const LEVELS: u32 = 4;
    const DRAWS: u32 = 256;

    /// Refuses an option of the other method.
    pub fn fit(&self, method: MethodWord) -> Result<(), Failure> {
        let (options, word) = match method {
            MethodWord::Morris => (vec![("--draws", self.draws)], "sobol"),
            MethodWord::Sobol => (vec![("--trajectories", self.trajectories), ("--levels", self.levels)], "morris"),
        };
        match options.into_iter().find(|(_, given)| given.is_some()) {
            Some((option, _)) => Err(Failure::Input(format!(
                "error: {option} goes with --method {word}\n  help: take it out, or write --method {word}"
            ))),
            None => Ok(()),
        }
    }

    fn trajectories(&self) -> usize {
        self.trajectories.unwrap_or(Self::TRAJECTORIES) as usize
    }

    fn levels(&self) -> u32 {
        self.levels.unwrap_or(Self::LEVELS)
    }

    fn draws(&self) -> usize {
        self.draws.unwrap_or(Self::DRAWS) as usize
    }

    /// How sensitivity is measured.
    pub fn method(&self, method: MethodWord) -> Method {
        match method {
            MethodWord::Morris => Method::Morris { levels: self.levels() },
            MethodWord::Sobol => Method::Sobol,
        }
    }

    /// The points for so many parameters: a function of the seed.
    ///
    /// # Errors
    /// If there would be more than can be.
    pub fn points(&self, method: MethodWord, parameters: usize, seed: u64) -> Result<UnitPoints, Failure> {
        let (times, each, option) = match method {
            MethodWord::Morris => (self.trajectories(), parameters + 1, "--trajectories"),
            MethodWord::Sobol => (self.draws(), parameters + 2, "--draws"),
        };
        let points = times.saturating_mul(each);
        if points > MOST_POINTS || points.saturating_mul(parameters) > MOST_COORDINATES {
            return Err(Failure::Input(format!(
                "error: {points} points of {parameters} parameters are too many: at most {MOST_POINTS} points, and {MOST_COORDINATES} values\n  help: fewer {option}, or fewer parameters"
            )));
        }
        let key = Key::new(seed, 0);
        Ok(match method {
            MethodWord::Morris => {
                trajectories(self.trajectories(), parameters, self.levels(), &mut key.rng(Domain::Design, 2, 0))
            }
            MethodWord::Sobol if 2 * parameters > MOST_DIMENSIONS => {
                return Err(Failure::Input(format!(
                    "error: --method sobol takes at most {} parameters, not {parameters}\n  help: find those that matter with --method morris, and name them with --params",
                    MOST_DIMENSIONS / 2
                )));
            }
            MethodWord::Sobol => {
                if !self.draws().is_power_of_two() {
                    terminal::log("note: a number of --draws that is a power of two fills the ranges more evenly");
                }
                saltelli(self.draws(), parameters, (key.block(Domain::Design, 1, 0, 0)[0] >> 32) as u32)
            }
        })
    }

    /// The method in words.
    pub fn words(&self, method: MethodWord) -> String {
        match method {
            MethodWord::Morris => format!("Morris, {} trajectories over {} levels", self.trajectories(), self.levels()),
            MethodWord::Sobol => format!("Sobol' indices, {} draws", self.draws()),
        }
    }

    /// The options again, as one would type them.
    pub fn as_typed(&self, method: MethodWord) -> String {
        match method {
            MethodWord::Morris => {
                format!(" --method morris --trajectories {} --levels {}", self.trajectories(), self.levels())
            }
            MethodWord::Sobol => format!(" --method sobol --draws {}", self.draws()),
        }
    }
}
