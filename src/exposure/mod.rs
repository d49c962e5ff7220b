//! What the parent then holds: metrics that observe batches, merge, and finish as rows of tables.

mod exceedance;
mod finish;
mod reach;
pub mod rows;
mod scope;
mod sets;
mod volume;

pub use exceedance::{ExceedanceTotals, Orders, Phase};
pub use finish::Finish;
pub use reach::{Contexts, ReachTotals};
pub use rows::{ALL, DailyRow, ExposureRow, Value};
pub use scope::{Population, Scope, Scopes};
pub use volume::VolumeTotals;

use reach::Reach;
use volume::Volume;

use crate::policy::Compiled;
use crate::scenario::Scenario;
use crate::traffic::Batch;
use crate::world::Community;

/// All metrics of one worker.
#[derive(Debug)]
pub struct Exposure<'a> {
    compiled: &'a Compiled,
    /// Merged class of each slot of the community at hand.
    pub class: Vec<u16>,
    volume: Volume<'a>,
    reach: Reach<'a>,
    exceedance: ExceedanceTotals,
}

/// What the metrics counted: integers that merge by addition.
#[derive(Clone, Debug)]
pub struct Totals {
    /// Values, events, bytes.
    pub volume: VolumeTotals,
    /// People.
    pub reach: ReachTotals,
    /// What orders prohibit.
    pub exceedance: ExceedanceTotals,
}

impl<'a> Exposure<'a> {
    /// Counters of a run, all zero.
    pub fn new(scenario: &'a Scenario, compiled: &'a Compiled, contexts: &'a Contexts, orders: &'a Orders) -> Self {
        Exposure {
            compiled,
            class: Vec::new(),
            volume: Volume::new(scenario, compiled, orders),
            reach: Reach::new(scenario, compiled, contexts, orders),
            exceedance: ExceedanceTotals::new(scenario),
        }
    }

    /// Turns to a community.
    pub fn begin(&mut self, community: &Community) {
        self.class.clear();
        self.class.extend(community.class.iter().map(|&c| self.compiled.merged[usize::from(c)]));
        self.volume.begin(community.shape.jurisdiction);
        self.reach.begin(&self.class, community.shape.people);
    }

    /// Observes a batch of day `day`.
    pub fn observe(&mut self, day: u32, batch: &Batch) {
        self.volume.observe(batch, &self.class);
        self.reach.observe(batch, &self.class, day);
    }

    /// Ends a day of the community.
    pub fn end_day(&mut self, day: u32) {
        self.volume.end_day(day, &mut self.exceedance);
        self.reach.end_day(&self.class, day, &mut self.exceedance);
    }

    /// Ends the community.
    pub fn end_community(&mut self) {
        self.reach.end_community(&self.class, &mut self.exceedance);
    }

    /// What was counted.
    pub fn into_totals(self) -> Totals {
        Totals { volume: self.volume.totals, reach: self.reach.totals, exceedance: self.exceedance }
    }
}

impl Totals {
    /// Adds what another worker counted.
    pub fn merge(&mut self, other: &Totals) {
        self.volume.merge(&other.volume);
        self.reach.merge(&other.reach);
        self.exceedance.merge(&other.exceedance);
    }

    /// Events in all.
    pub fn events(&self) -> u64 {
        self.volume.by_kind.iter().sum()
    }
}
