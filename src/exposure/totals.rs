//! What all metrics counted.

use super::exceedance::ExceedanceTotals;
use super::reach::ReachTotals;
use super::volume::VolumeTotals;

/// What the metrics counted: integers that merge by addition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Totals {
    /// Values, events, bytes.
    pub volume: VolumeTotals,
    /// People.
    pub reach: ReachTotals,
    /// What orders prohibit.
    pub exceedance: ExceedanceTotals,
}

impl Totals {
    /// Adds what another worker counted.
    pub fn merge(&mut self, other: &Totals) {
        self.volume.merge(&other.volume);
        self.reach.merge(&other.reach);
        self.exceedance.merge(&other.exceedance);
    }

    /// Number of counters, 8 bytes each.
    pub fn counters(&self) -> usize {
        self.volume.counters() + self.reach.counters() + self.exceedance.counters()
    }

    /// Events in all.
    pub fn events(&self) -> u64 {
        self.volume.by_kind.iter().sum()
    }
}
