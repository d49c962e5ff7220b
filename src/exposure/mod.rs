//! What the parent then holds: metrics that observe batches, merge, and finish as rows of tables.

mod exceedance;
mod finish;
mod reach;
pub mod rows;
mod scope;
mod sets;
mod volume;

pub use exceedance::{ExceedanceTotals, Exceedances, Orders, Phase};
pub use finish::Finish;
pub use reach::{Contexts, ReachTotals};
pub use rows::{ALL, DailyRow, ExceedanceDay, ExceedanceRow, ExposureRow, Value};
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
    /// Merged class of each slot of the community at hand, today.
    pub class: Vec<u16>,
    /// The same before anybody left the service.
    first_class: Vec<u16>,
    /// How many of the community's leavers have left so far.
    gone: usize,
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
            first_class: Vec::new(),
            gone: 0,
            volume: Volume::new(scenario, compiled, orders),
            reach: Reach::new(scenario, compiled, contexts, orders),
            exceedance: ExceedanceTotals::new(scenario),
        }
    }

    /// Turns to a community.
    pub fn begin(&mut self, community: &Community) {
        self.class.clear();
        self.class.extend(community.class.iter().map(|&c| self.compiled.merged[usize::from(c)]));
        self.first_class.clone_from(&self.class);
        self.gone = 0;
        self.volume.begin(community.shape.jurisdiction);
        self.reach.begin(&self.class, community.shape.people);
    }

    /// Begins a day of the community: those who leave the service on it are of another class from now on.
    pub fn begin_day(&mut self, community: &Community, day: u32) {
        while let Some(&(when, slot)) = community.leavers.get(self.gone).filter(|(when, _)| *when <= day) {
            debug_assert!(when == day || day == 0);
            let class = &mut self.class[slot as usize];
            *class = self.compiled.left[usize::from(*class)];
            self.reach.leave(slot);
            self.gone += 1;
        }
    }

    /// Observes a batch of day `day`.
    pub fn observe(&mut self, day: u32, batch: &Batch) {
        self.volume.observe(batch, &self.class);
        self.reach.observe(batch, &self.class, day);
    }

    /// Ends a day of the community.
    pub fn end_day(&mut self, day: u32) {
        self.volume.end_day(day, &mut self.exceedance);
        self.reach.end_day(&self.first_class, day, &mut self.exceedance);
    }

    /// Ends the community.
    pub fn end_community(&mut self) {
        self.reach.end_community(&self.first_class, &mut self.exceedance);
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
