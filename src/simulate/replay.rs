//! The loop over communities and days: it stands here, once.

use std::ops::Range;

use super::simulation::Simulation;
use crate::population::Community;
use crate::traffic::{CommunitySink, DaySink, Traffic};

/// Makes communities' days again and again, in the same arrays.
#[derive(Debug)]
pub struct Replay<'a> {
    simulation: &'a Simulation,
    community: Community,
    traffic: Traffic<'a>,
}

impl<'a> Replay<'a> {
    /// A thread's arrays, empty.
    pub fn new(simulation: &'a Simulation) -> Self {
        let traffic = Traffic::new(&simulation.population, &simulation.tables);
        Replay { simulation, community: Community::empty(), traffic }
    }

    /// Hands these days of a community to a sink, or as many as it wants.
    pub fn community<S: CommunitySink>(&mut self, number: u32, days: Range<u32>, sink: &mut S) {
        let Replay { simulation, community, traffic } = self;
        community.fill(&simulation.population, number);
        traffic.begin();
        let mut within = sink.community(community);
        for day in days {
            if within.ended() {
                return;
            }
            let mut today = within.day(day);
            traffic.day(community, day, &mut today);
            S::Days::end_day(today);
        }
        within.end();
    }
}

impl Simulation {
    /// Hands these days of these communities to a sink, one community after the other; no more once it has ended.
    pub fn replay(&self, communities: impl IntoIterator<Item = u32>, days: Range<u32>, sink: &mut impl CommunitySink) {
        let mut replay = Replay::new(self);
        for number in communities {
            if sink.ended() {
                return;
            }
            replay.community(number, days.clone(), sink);
        }
    }
}
