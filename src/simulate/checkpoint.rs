//! What a run has counted so far, as bytes: to go on with after it was stopped.
//!
//! A line of JSON says what run it is of and what is done; behind it stand the counters, each a number of 64 bits with the least byte first; at the end a BLAKE3 of all before.
//! Nothing in it is believed before that digest is right, and then no more than fits the run that reads it.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::simulation::Simulation;
use super::worker::Stages;
use crate::exposure::Totals;

/// Format of these bytes; another number is another format.
const FORMAT: &str = "outflow-checkpoint/1";
/// Bytes of the digest at the end.
const DIGEST: usize = 32;

/// What a run has counted so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Counters of the replicates that are done, in order.
    pub finished: Vec<Totals>,
    /// Counters of the communities of the next one that are done.
    pub current: Totals,
    /// Which these are, by number.
    pub done: Vec<bool>,
    /// Time that it took, nanoseconds.
    pub spent_ns: u64,
}

/// What a checkpoint says about itself.
#[derive(Debug, Serialize, Deserialize)]
struct Head {
    format: String,
    version: String,
    scenario_digest: String,
    /// The resolved scenario: to say what differs.
    scenario: String,
    finished: usize,
    /// Communities that are done, as bits, four a letter.
    done: String,
    communities: usize,
    spent_ns: u64,
    /// Names and lengths of the lists of counters of one replicate.
    parts: Vec<(String, usize)>,
}

/// Why a checkpoint can't be gone on with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// It is not what was written: cut short, or changed.
    Damaged(String),
    /// Another version of outflow wrote it.
    Version(String),
    /// It is of another scenario, or of one that was changed since: its resolved text.
    Scenario(String),
}

impl Progress {
    /// Of a run that has not begun.
    pub fn nothing(simulation: &Simulation) -> Self {
        let communities = simulation.population.layout.communities() as usize;
        Progress {
            finished: Vec::new(),
            current: simulation.exposure().into_totals(),
            done: vec![false; communities],
            spent_ns: 0,
        }
    }

    /// Share of the run that is done, by communities.
    pub fn share(&self, replicates: u32) -> f64 {
        let of_current = self.done.iter().filter(|done| **done).count() as f64 / self.done.len().max(1) as f64;
        (self.finished.len() as f64 + of_current) / f64::from(replicates.max(1))
    }

    /// As bytes.
    pub fn bytes(&self, simulation: &Simulation, version: &str) -> Vec<u8> {
        let digits = self.done.chunks(4).map(|four| {
            let bits = four.iter().enumerate().fold(0, |bits, (i, done)| bits | u32::from(*done) << i);
            char::from_digit(bits, 16).unwrap_or('0')
        });
        let current = self.current.parts();
        let head = Head {
            format: FORMAT.into(),
            version: version.into(),
            scenario_digest: simulation.scenario.digest.clone(),
            scenario: simulation.scenario.resolved.clone(),
            finished: self.finished.len(),
            done: digits.collect(),
            communities: self.done.len(),
            spent_ns: self.spent_ns,
            parts: current.iter().map(|(name, counts)| ((*name).to_owned(), counts.len())).collect(),
        };
        let mut bytes = serde_json::to_vec(&head).unwrap_or_default();
        bytes.push(b'\n');
        for parts in self.finished.iter().map(Totals::parts).chain([current]) {
            bytes.extend(parts.iter().flat_map(|(_, counts)| counts).flat_map(|n| n.to_le_bytes()));
        }
        let digest = blake3::hash(&bytes);
        bytes.extend_from_slice(digest.as_bytes());
        bytes
    }

    /// From bytes that another process left.
    ///
    /// # Errors
    /// [`Unfit`]: damaged, or of another run.
    pub fn read(bytes: &[u8], simulation: &Simulation, version: &str) -> Result<Self, Unfit> {
        let damaged = |why: &str| Unfit::Damaged(why.to_owned());
        let end = bytes.len().checked_sub(DIGEST).ok_or_else(|| damaged("it is cut short"))?;
        let (body, digest) = bytes.split_at(end);
        if blake3::hash(body).as_bytes() != digest {
            return Err(damaged("its content is not that of its digest"));
        }
        let line = body.iter().position(|byte| *byte == b'\n').ok_or_else(|| damaged("it has no head"))?;
        let head: Head = serde_json::from_slice(&body[..line]).map_err(|e| damaged(&format!("its head: {e}")))?;
        if head.format != FORMAT || head.version != version {
            return Err(Unfit::Version(head.version));
        }
        if head.scenario_digest != simulation.scenario.digest {
            return Err(Unfit::Scenario(head.scenario));
        }
        let nothing = Progress::nothing(simulation);
        let other = || damaged("it does not fit the run that it names");
        if head.communities != nothing.done.len() || head.finished > simulation.scenario.replicates as usize {
            return Err(other());
        }
        let digits = head.done.chars().map(|digit| digit.to_digit(16)).collect::<Option<Vec<_>>>().ok_or_else(other)?;
        if digits.len() != nothing.done.len().div_ceil(4) {
            return Err(other());
        }
        let done = (0..nothing.done.len()).map(|i| digits[i / 4] >> (i % 4) & 1 == 1).collect();
        let lengths: Vec<usize> = nothing.current.parts().iter().map(|(_, counts)| counts.len()).collect();
        let width = lengths.iter().sum::<usize>() * 8;
        let counters = &body[line + 1..];
        if width == 0 || counters.len() != width * (head.finished + 1) {
            return Err(other());
        }
        let totals = |of_one: &[u8]| {
            let mut numbers = of_one.as_chunks::<8>().0.iter().map(|n| u64::from_le_bytes(*n));
            let parts: Vec<(String, Vec<u64>)> =
                head.parts.iter().map(|(name, n)| (name.clone(), numbers.by_ref().take(*n).collect())).collect();
            nothing.current.clone().with_parts(&parts).ok_or_else(other)
        };
        let mut all = counters.chunks_exact(width).map(totals).collect::<Result<Vec<_>, _>>()?;
        let current = all.pop().ok_or_else(other)?;
        Ok(Progress { finished: all, current, done, spent_ns: head.spent_ns })
    }
}

/// Who keeps what a run has counted so far.
pub trait Keeper: Sync {
    /// How often workers hand over what they have counted; never if nothing is kept.
    fn every(&self) -> Option<Duration>;
    /// Whether it is time to keep it again.
    fn is_due(&self) -> bool;
    /// Keeps it.
    fn keep(&self, simulation: &Simulation, progress: &Progress);
}

/// Keeps nothing.
#[derive(Clone, Copy, Debug)]
pub struct Forgetful;

impl Keeper for Forgetful {
    fn every(&self) -> Option<Duration> {
        None
    }

    fn is_due(&self) -> bool {
        false
    }

    fn keep(&self, _: &Simulation, _: &Progress) {}
}

/// What workers have delivered of the replicate at hand.
#[derive(Debug)]
pub(super) struct Delivered {
    pub progress: Progress,
    pub stages: Stages,
}

impl Delivered {
    /// Adds what a worker counted of these communities.
    pub fn add(&mut self, totals: &Totals, stages: Stages, communities: &[u32]) {
        self.progress.current.merge(totals);
        self.stages = self.stages + stages;
        for &community in communities {
            self.progress.done[community as usize] = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Overrides, load};
    use crate::simulate::Counters;

    fn simulation(days: u32) -> Simulation {
        let changes = Overrides { people: Some(400), days: Some(days), replicates: Some(3), ..Overrides::default() };
        let (scenario, _) = load("hamburg-2016".as_ref(), &changes).expect("it ships");
        Simulation::new(&scenario)
    }

    #[test]
    fn what_is_kept_comes_back_and_nothing_else_does() {
        let run = simulation(2);
        let totals = run.run(1, &Counters::default()).totals;
        let mut progress = Progress::nothing(&run);
        progress.finished = vec![totals.clone(), totals.clone()];
        progress.current = totals;
        progress.done[1] = true;
        progress.spent_ns = 77;
        let bytes = progress.bytes(&run, "1");
        assert_eq!(Progress::read(&bytes, &run, "1"), Ok(progress.clone()));
        assert_eq!(Progress::read(&bytes, &run, "2"), Err(Unfit::Version("1".into())));
        assert!(matches!(Progress::read(&bytes, &simulation(3), "1"), Err(Unfit::Scenario(_))));
        // Every cut, and a bit anywhere.
        for n in (0..bytes.len()).step_by(97) {
            assert!(matches!(Progress::read(&bytes[..n], &run, "1"), Err(Unfit::Damaged(_))), "{n}");
            let mut flipped = bytes.clone();
            flipped[n] ^= 1 << (n % 8);
            assert!(matches!(Progress::read(&flipped, &run, "1"), Err(Unfit::Damaged(_))), "{n}");
        }
        // A right digest over what does not fit.
        let sealed = |head: &str, counters: usize| {
            let mut bytes = format!("{head}\n").into_bytes();
            bytes.resize(bytes.len() + counters, 0);
            let digest = blake3::hash(&bytes);
            bytes.extend_from_slice(digest.as_bytes());
            bytes
        };
        let digest = &run.scenario.digest;
        for (finished, done, communities) in
            [(9, "0", 4), (0, "", 4), (0, "x", 4), (0, "0", usize::MAX), (usize::MAX, "0", 4)]
        {
            let head = format!(
                "{{\"format\":\"{FORMAT}\",\"version\":\"1\",\"scenario_digest\":\"{digest}\",\"scenario\":\"\",\"finished\":{finished},\"done\":\"{done}\",\"communities\":{communities},\"spent_ns\":0,\"parts\":[]}}"
            );
            for counters in [0, 8, 800] {
                assert!(
                    matches!(Progress::read(&sealed(&head, counters), &run, "1"), Err(Unfit::Damaged(_))),
                    "{head}"
                );
            }
        }
        for hostile in ["", "{}", "null", "[1]"] {
            assert!(matches!(Progress::read(&sealed(hostile, 64), &run, "1"), Err(Unfit::Damaged(_))));
        }
    }
}
