//! A part of the communities of a run: what one of several machines simulates.

use std::fmt;

use super::checkpoint::{Delivered, Forgetful, Progress};
use super::counters::Counters;
use super::run::Clock;
use super::simulation::Simulation;
use super::worker::Stages;
use crate::exposure::Totals;

/// One of `of` shards of a run, numbered from 0, as schedulers number the tasks of an array.
///
/// It has the communities whose number leaves the remainder `index`, in every replicate: neighbours in number are alike in size and
/// jurisdiction, so that shards take about as long as each other. With more shards than communities some have none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Shard {
    index: u32,
    of: u32,
}

impl Shard {
    /// Shard `index` of `of`; `None` if there is no such one.
    pub fn new(index: u32, of: u32) -> Option<Self> {
        (index < of).then_some(Shard { index, of })
    }

    /// Which it is, from 0.
    pub fn index(self) -> u32 {
        self.index
    }

    /// How many there are.
    pub fn of(self) -> u32 {
        self.of
    }

    /// Whether a community is in it.
    pub fn has(self, community: u32) -> bool {
        community % self.of == self.index
    }

    /// How many of so many communities are in it.
    pub fn communities(self, all: u32) -> u32 {
        all / self.of + u32::from(self.index < all % self.of)
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "shard {} of {}", self.index, self.of)
    }
}

impl Simulation {
    /// Days that users of a shard's communities spend in all replicates: the work that there is, for who shows progress.
    pub fn user_days(&self, shard: Shard) -> u64 {
        let layout = &self.population.layout;
        let users: u64 =
            (0..layout.communities()).filter(|&c| shard.has(c)).map(|c| u64::from(layout.shape(c).users)).sum();
        users * u64::from(self.scenario.days) * u64::from(self.scenario.replicates)
    }

    /// Simulates and measures the communities of a shard in every replicate; gives the counters of each. Those of all shards add up to those of
    /// a run, whatever the threads of each. Afterwards the simulation is of the first replicate again.
    pub fn run_shard(&mut self, shard: Shard, threads: usize, counters: &Counters) -> Vec<Totals> {
        let mut counted = Vec::new();
        for replicate in 0..self.scenario.replicates {
            self.turn_to(replicate);
            let mut progress = Progress::nothing(self);
            // What others simulate is done, as far as this shard goes.
            for (community, done) in (0..).zip(&mut progress.done) {
                *done = !shard.has(community);
            }
            let mut delivered = Delivered { progress, stages: Stages::default() };
            self.communities(&mut delivered, threads, counters, (&Forgetful, Clock::now()));
            counted.push(delivered.progress.current);
        }
        self.turn_to(0);
        counted
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Overrides, load};

    #[test]
    fn every_community_is_in_one_shard() {
        for of in [1, 2, 3, 7, 100] {
            let shards: Vec<Shard> = (0..of).filter_map(|i| Shard::new(i, of)).collect();
            assert_eq!((shards.len() as u32, Shard::new(of, of), Shard::new(0, 0)), (of, None, None));
            for all in [0, 1, 6, 7, 50] {
                for community in 0..all {
                    assert_eq!(shards.iter().filter(|s| s.has(community)).count(), 1);
                }
                for shard in &shards {
                    assert_eq!(shard.communities(all) as usize, (0..all).filter(|&c| shard.has(c)).count());
                }
                assert_eq!(shards.iter().map(|s| s.communities(all)).sum::<u32>(), all);
            }
        }
    }

    #[test]
    fn counters_of_shards_add_up_to_those_of_a_run() {
        let changes = Overrides {
            people: Some(1000),
            days: Some(2),
            replicates: Some(2),
            set: vec!["world.community_size=128".into()],
            ..Overrides::default()
        };
        let (scenario, _) = load("cnil-2017".as_ref(), &changes).expect("it ships");
        let mut run = Simulation::new(&scenario);
        let counters = Counters::default();
        let whole = run.run_replicates(2, &counters).totals;
        let communities = run.population.layout.communities();
        assert!(communities > 3, "{communities}");
        for of in [1, 2, 3, communities + 2] {
            let mut sums: Vec<Totals> = whole.iter().map(|_| run.exposure().into_totals()).collect();
            for shard in (0..of).filter_map(|i| Shard::new(i, of)) {
                let counters = Counters::default();
                let counted = run.run_shard(shard, 3, &counters);
                assert_eq!(counters.user_days(), run.user_days(shard), "{shard}");
                sums.iter_mut().zip(&counted).for_each(|(sum, more)| sum.merge(more));
            }
            assert!(sums == whole, "{of} shards");
        }
    }
}
