//! A worker's counters.

use super::contexts::Contexts;
use super::cube::AxisLengths;
use super::exceedance::{ExceedanceTotals, Orders};
use super::pairs::Pairs;
use super::reach::Reach;
use super::totals::Totals;
use super::volume::Volume;
use crate::policy::{Compiled, DayClasses};
use crate::population::{ByLocal, by_local};
use crate::scenario::Scenario;

/// All metrics of one worker.
#[derive(Debug)]
pub struct Exposure<'a> {
    pub(super) compiled: &'a Compiled,
    pub(super) contexts: &'a Contexts,
    /// Merged class of each slot of the community at hand, today.
    pub(super) class: DayClasses,
    /// The same before anybody left the service; empty if nobody does.
    pub(super) first_class: Vec<u16>,
    /// How many people of it have a number in `own`: none if their jurisdiction has too many classes.
    pub(super) numbered: usize,
    /// The same of its people, as the number of the class in their jurisdiction.
    pub(super) own: Box<ByLocal<u8>>,
    /// Events observed, each once.
    pub events: u64,
    pub(super) pairs: Pairs,
    pub(super) volume: Volume<'a>,
    pub(super) reach: Reach<'a>,
    pub(super) exceedance: ExceedanceTotals,
}

impl<'a> Exposure<'a> {
    /// Counters of a run, all zero.
    pub fn new(scenario: &'a Scenario, compiled: &'a Compiled, contexts: &'a Contexts, orders: &'a Orders) -> Self {
        let lengths = AxisLengths::new(scenario, compiled);
        Exposure {
            compiled,
            contexts,
            class: DayClasses::default(),
            first_class: Vec::new(),
            numbered: 0,
            own: by_local(0),
            events: 0,
            pairs: Pairs::default(),
            volume: Volume::new(scenario, compiled, &contexts.partition, orders, lengths),
            reach: Reach::new(scenario, compiled, contexts, orders, lengths),
            exceedance: ExceedanceTotals::new(scenario, lengths),
        }
    }

    /// What people of the community at hand are counted with. They are counted by the classes that they had before they left.
    pub(super) fn people_counters(&mut self) -> (&mut Reach<'a>, &[u16], &mut ExceedanceTotals) {
        let Exposure { reach, class, first_class, exceedance, .. } = self;
        (reach, if first_class.is_empty() { class.all() } else { first_class }, exceedance)
    }

    /// What was counted.
    pub fn into_totals(mut self) -> Totals {
        let volume = self.volume.into_totals(&mut self.exceedance);
        let (reach, first) = self.reach.into_totals();
        Totals { volume, reach, first, exceedance: self.exceedance }
    }
}
