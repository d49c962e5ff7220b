//! Counters along named axes.

use std::ops::{Index, IndexMut};

use super::grouping::{GroupingSets, PopulationGroup};
use super::phase::Phase;
use super::score::ScoreScale;
use super::way::{ThroughOthers, Way};
use crate::policy::Compiled;
use crate::scenario::Scenario;

/// What counters are split by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    /// Days of the run.
    Day,
    /// Phases of an order, then the whole run.
    PhaseOrRun,
    /// Orders of the scenario.
    Order,
    /// Policies of the scenario.
    Policy,
    /// Purposes of the scenario.
    Purpose,
    /// Purposes, then all of them.
    PurposeOrAll,
    /// What is disclosed at all, then under each resolution if transforms tell some apart.
    Layer,
    /// Merged classes of people.
    Class,
    /// Categories of personal data.
    Category,
    /// Number of categories, less one.
    Depth,
    /// Ways by which data about a person get out.
    Way,
    /// What is held about people through others: see [`ThroughOthers`].
    ThroughOthers,
    /// Scores of people, in steps of [`ScoreScale`].
    Score,
    /// Populations.
    Population,
    /// One jurisdiction and one population each.
    Group,
    /// Any or one jurisdiction, any or one population.
    GroupingSet,
}

/// Counters along `N` axes, the last of which runs fastest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cube<const N: usize> {
    axes: [Axis; N],
    lengths: [usize; N],
    counts: Vec<u64>,
}

/// Lengths of the axes in a run.
#[derive(Clone, Copy, Debug)]
pub struct AxisLengths {
    days: usize,
    orders: usize,
    policies: usize,
    purposes: usize,
    layers: usize,
    classes: usize,
    categories: usize,
    jurisdictions: usize,
    scores: usize,
}

impl AxisLengths {
    /// Those of a scenario with its policies compiled.
    pub fn new(scenario: &Scenario, compiled: &Compiled) -> Self {
        AxisLengths {
            days: scenario.days as usize,
            orders: scenario.orders.len(),
            policies: scenario.policies.len(),
            purposes: scenario.purposes.len(),
            layers: compiled.layers(),
            classes: compiled.classes.len(),
            categories: scenario.categories.len(),
            jurisdictions: scenario.jurisdictions.len(),
            scores: ScoreScale::new(scenario).scores(),
        }
    }

    /// The same without days: of what is counted over the whole run alone.
    pub(super) fn without_days(self) -> Self {
        AxisLengths { days: 0, orders: 0, ..self }
    }

    fn of(&self, axis: Axis) -> usize {
        let scopes = GroupingSets::new(self.jurisdictions);
        match axis {
            Axis::Day => self.days,
            Axis::PhaseOrRun => Phase::ALL.len() + 1,
            Axis::Order => self.orders,
            Axis::Policy => self.policies,
            Axis::Purpose => self.purposes,
            Axis::PurposeOrAll => self.purposes + 1,
            Axis::Layer => self.layers,
            Axis::Class => self.classes,
            Axis::Category | Axis::Depth => self.categories,
            Axis::Way => Way::ALL.len(),
            Axis::ThroughOthers => ThroughOthers::ALL.len(),
            Axis::Score => self.scores,
            Axis::Population => PopulationGroup::ALL.len(),
            Axis::Group => scopes.groups(),
            Axis::GroupingSet => scopes.count(),
        }
    }

    /// Counters along these axes, all zero.
    pub fn zeros<const N: usize>(&self, axes: [Axis; N]) -> Cube<N> {
        let lengths = axes.map(|axis| self.of(axis));
        Cube { axes, lengths, counts: vec![0; lengths.iter().product()] }
    }
}

impl<const N: usize> Cube<N> {
    /// Place of a counter, or of the first of those that share the leading indices.
    #[inline]
    fn place(&self, leading: &[usize]) -> usize {
        let mut place = 0;
        for (axis, length) in self.lengths.iter().enumerate() {
            let index = leading.get(axis).copied().unwrap_or(0);
            debug_assert!(index < *length, "{index} of {length} along {:?}", self.axes[axis]);
            place = place * length + index;
        }
        place
    }

    /// All counters that share the leading indices, in the order of the axes that follow.
    pub fn under<const M: usize>(&self, leading: [usize; M]) -> &[u64] {
        const { assert!(M < N) };
        let width: usize = self.lengths[M..].iter().product();
        // Nothing is under an index if an axis below has no length.
        if width == 0 { &[] } else { &self.counts[self.place(&leading)..][..width] }
    }

    /// All counters, the last axis running fastest.
    pub(super) fn counts(&self) -> &[u64] {
        &self.counts
    }

    /// See [`Cube::counts`].
    pub(super) fn counts_mut(&mut self) -> &mut [u64] {
        &mut self.counts
    }

    /// Number of counters.
    pub fn len(&self) -> usize {
        self.counts.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// Adds what another worker counted in the same run.
    pub fn merge(&mut self, other: &Self) {
        debug_assert_eq!((self.axes, self.lengths), (other.axes, other.lengths));
        for (sum, more) in self.counts.iter_mut().zip(&other.counts) {
            *sum += more;
        }
    }
}

impl<const N: usize> Index<[usize; N]> for Cube<N> {
    type Output = u64;

    #[inline]
    fn index(&self, at: [usize; N]) -> &u64 {
        &self.counts[self.place(&at)]
    }
}

impl<const N: usize> IndexMut<[usize; N]> for Cube<N> {
    #[inline]
    fn index_mut(&mut self, at: [usize; N]) -> &mut u64 {
        let place = self.place(&at);
        &mut self.counts[place]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lengths() -> AxisLengths {
        AxisLengths {
            days: 3,
            orders: 0,
            policies: 2,
            purposes: 4,
            layers: 1,
            classes: 7,
            categories: 5,
            jurisdictions: 2,
            scores: 9,
        }
    }

    #[test]
    fn every_counter_has_a_place_of_its_own() {
        let axes = [Axis::Day, Axis::Policy, Axis::PurposeOrAll, Axis::Group];
        let mut cube = lengths().zeros(axes);
        let mut n = 0;
        for day in 0..3 {
            for policy in 0..2 {
                for purpose in 0..5 {
                    for group in 0..6 {
                        n += 1;
                        cube[[day, policy, purpose, group]] = n;
                    }
                }
            }
        }
        assert_eq!(cube.counts, (1..=n).collect::<Vec<u64>>());
        assert_eq!(cube.under([2, 1, 4]), (n - 5..=n).collect::<Vec<u64>>());
        assert_eq!(cube.under([0]).len(), 60);
        let mut twice = cube.clone();
        twice.merge(&cube);
        assert_eq!(twice[[0, 0, 0, 1]], 4);
    }

    #[test]
    fn an_axis_without_length_has_no_counters() {
        let cube = lengths().zeros([Axis::Day, Axis::Order, Axis::Population]);
        assert!(cube.under([1]).is_empty());
    }
}
