//! What the parent's knowledge of a world follows from: all that does not change from one community to the next.

use super::timeline::Timeline;
use crate::exposure::contexts::{BITS, Contexts, Plane};
use crate::policy::Compiled;
use crate::population::Population;
use crate::scenario::{Knowledge, MetricFamily, QuasiIdentifier, Scenario};

/// What the parent's knowledge of a world follows from.
#[derive(Clone, Copy, Debug)]
pub struct KnowledgeSources<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// What it asks.
    pub asked: &'a Knowledge,
    /// Who exists.
    pub population: &'a Population,
    /// The policies as tables.
    pub compiled: &'a Compiled,
    /// What marks stand for.
    pub contexts: &'a Contexts,
}

impl KnowledgeSources<'_> {
    /// Whether it is kept in which half hours people did something, and on which days something was said of them.
    pub fn keeps(asked: &Knowledge) -> (bool, bool) {
        let times = asked.asks(MetricFamily::Presence) || asked.singles_out_by(QuasiIdentifier::HoursOfUse);
        (times, asked.asks(MetricFamily::Linking))
    }

    /// An empty timeline, for all that is asked.
    pub(super) fn timeline(&self) -> Timeline {
        let (times, days) = Self::keeps(self.asked);
        Timeline::new(self.scenario.days, self.contexts.planes(), times, days)
    }

    /// Places of contexts: a bit for each of every plane, and as many since people left.
    pub(super) fn places(&self) -> usize {
        Plane::places(self.contexts.planes()) * BITS
    }
}
