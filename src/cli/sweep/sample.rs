//! `--sample`: points all over the ranges, in place of combinations of values.

use std::fmt;

use crate::cli::Failure;
use crate::cli::points::VariedKey;
use crate::random::{Domain, Key};
use crate::scenario::{VaryOver, lines};
use crate::simulate::Design;
use crate::statistics::{MOST_DIMENSIONS, MOST_SEQUENCE, latin_hypercube, sobol_sequence};

/// Most points of a Latin hypercube.
const MOST_POINTS: usize = 1_000_000;
/// Most coordinates of all points together: they are in memory.
const MOST_COORDINATES: usize = 20_000_000;

/// How points are drawn, and how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sampling {
    /// So many points of the Sobol' sequence.
    Sobol(usize),
    /// A Latin hypercube of so many points.
    Lhs(usize),
}

impl Sampling {
    /// From `sobol:N` or `lhs:N`.
    ///
    /// # Errors
    /// What is wrong with it, and what to write instead.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || "expected sobol:N or lhs:N, such as lhs:1000".to_owned();
        let (word, n) = text.split_once(':').ok_or_else(wrong)?;
        let n: usize = n.trim().replace('_', "").parse().map_err(|_| wrong())?;
        let within = |most: usize| match n {
            n if (2..=most).contains(&n) => Ok(n),
            _ => Err(format!("`{text}`: the number of points is from 2 to {most}")),
        };
        match word {
            "sobol" => within(MOST_SEQUENCE).map(Sampling::Sobol),
            "lhs" => within(MOST_POINTS).map(Sampling::Lhs),
            _ => Err(wrong()),
        }
    }

    /// The points over these ranges: a function of the seed.
    ///
    /// # Errors
    /// If a key has values, not a range; if there are more keys than dimensions.
    pub fn design(self, keys: &[VariedKey], seed: u64) -> Result<Design, Failure> {
        for key in keys {
            let help = match &key.vary.over {
                VaryOver::Range(_) => continue,
                VaryOver::Values(_) if key.is_policy() => "name policies with --policy: all are at every point",
                VaryOver::Values(_) => "write KEY=lo..hi, without :n, or take --sample out",
            };
            return Err(Failure::Input(lines(&format!(
                "error: {}={}: a sample is drawn from ranges\n  help: {help}",
                key.vary.key,
                key.vary.values()
            ))));
        }
        let (n, most) = match self {
            Sampling::Sobol(n) => (n, MOST_DIMENSIONS),
            Sampling::Lhs(n) => (n, MOST_COORDINATES / n.max(1)),
        };
        if keys.len() > most {
            return Err(Failure::Input(format!(
                "error: --sample {self}: {} keys are more than {most}\n  help: fewer keys or points",
                keys.len()
            )));
        }
        let key = Key::new(seed, 0);
        Ok(Design::Sample(match self {
            Sampling::Sobol(_) => sobol_sequence(n, keys.len(), (key.block(Domain::Design, 0, 0, 0)[0] >> 32) as u32),
            Sampling::Lhs(_) => latin_hypercube(n, keys.len(), &mut key.rng(Domain::Design, 0, 0)),
        }))
    }

    /// In words, for the plan.
    pub fn words(self) -> &'static str {
        match self {
            Sampling::Sobol(_) => "Sobol' sequence",
            Sampling::Lhs(_) => "Latin hypercube",
        }
    }
}

impl fmt::Display for Sampling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Sampling::Sobol(n) => write!(f, "sobol:{n}"),
            Sampling::Lhs(n) => write!(f, "lhs:{n}"),
        }
    }
}
