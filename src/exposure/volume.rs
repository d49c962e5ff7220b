//! Volume: disclosed values, events and bytes, exact.
//!
//! Events are counted in cells (kind, class of the actor, class of the counterparty): no policy is looked at. Policies are
//! applied to the cells of a day once all communities of a jurisdiction that the worker had are counted (or, in long runs,
//! at the end of each community's day), so that more policies cost next to nothing.

use super::class_sets::disclosed_classes;
use super::contexts::KindPartition;
use super::cube::{Axis, AxisLengths, Cube};
use super::day_accumulator::DayAccumulator;
use super::event_counts::EventCounts;
use super::exceedance::{ExceedanceTotals, Orders};
use super::grouping::GroupingSets;
use super::jurisdiction_classes::JurisdictionClasses;
use super::way::Way;
use crate::policy::{Compiled, DecisionIndex};
use crate::scenario::{Category, Kind, Scenario};
use crate::simd::ones;

const KINDS: usize = Kind::COUNT;

/// Counts of one day, and over the run, by what the tables split.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VolumeTotals {
    /// Disclosed flows.
    pub values: Cube<5>,
    /// Disclosed flows by whose doing they are.
    pub by_way: Cube<4>,
    /// Disclosed events.
    pub events: Cube<3>,
    /// Disclosed flows by day. By class they would grow with days and classes.
    pub daily_values: Cube<4>,
    /// Disclosed bytes by day.
    pub daily_bytes: Cube<4>,
    /// Disclosed events by day.
    pub daily_events: Cube<4>,
    /// Events by kind, disclosed or not.
    pub by_kind: [u64; KINDS],
    /// Messages delivered: one per recipient.
    pub delivered: u64,
    /// All that each policy lets out, to all purposes: values and bytes. No other counter of these is larger, so that none has overflowed
    /// if these fit 64 bits.
    pub all: Vec<[u128; 2]>,
}

/// Most counters of cells that wait for the end of their jurisdiction's communities: beyond that, policies are applied to each
/// community's day.
const WAITING: usize = 1 << 19;

/// Counts the events of communities, and applies policies to the counts.
#[derive(Debug)]
pub struct Volume<'a> {
    compiled: &'a Compiled,
    orders: &'a Orders,
    partition: &'a [KindPartition],
    scopes: GroupingSets,
    categories: &'a [Category],
    /// Jurisdiction at hand, and its classes.
    jurisdiction: Option<usize>,
    home: JurisdictionClasses,
    /// Counts by day if those of all days may wait, else of one day.
    cells: Vec<EventCounts>,
    waiting: bool,
    /// What is added up within a day.
    pub today: DayAccumulator,
    /// Classes about which something is disclosed as counterparties: period, policy, purpose, kind, actor group, words.
    disclosed: Vec<u64>,
    /// The four scopes of each class, per purpose and all.
    class_scopes: Vec<[usize; 4]>,
    stamp: Vec<u32>,
    round: u32,
    /// What was counted so far.
    totals: VolumeTotals,
}

impl<'a> Volume<'a> {
    /// Counters of a run.
    pub fn new(
        scenario: &'a Scenario,
        compiled: &'a Compiled,
        partition: &'a [KindPartition],
        orders: &'a Orders,
        lengths: AxisLengths,
    ) -> Self {
        let (classes, purposes) = (compiled.classes.len(), compiled.purposes);
        let scopes = GroupingSets::new(scenario.jurisdictions.len());
        let class_scopes = (0..=purposes)
            .flat_map(|p| {
                let purpose = (p < purposes).then_some(p);
                compiled.classes.iter().map(move |c| scopes.of(c, purpose).map(|s| s.0))
            })
            .collect();
        let days = scenario.days as usize;
        let acting = (0..scenario.jurisdictions.len()).map(|j| home(compiled, j).acting).max().unwrap_or(0);
        let kinds = partition.iter().map(|a| a.count).max().unwrap_or(KINDS);
        let waiting = days.saturating_mul(acting * classes * kinds) <= WAITING;
        Volume {
            compiled,
            orders,
            partition,
            scopes,
            categories: &scenario.categories,
            jurisdiction: None,
            home: JurisdictionClasses::default(),
            cells: vec![EventCounts::default(); if waiting { days } else { 1 }],
            waiting,
            today: DayAccumulator::default(),
            disclosed: disclosed_classes(compiled),
            class_scopes,
            stamp: vec![0; scopes.count()],
            round: 0,
            totals: VolumeTotals::zeros(lengths, compiled.policies),
        }
    }

    /// Turns to a community of this jurisdiction.
    pub fn begin(&mut self, jurisdiction: usize, exceedance: &mut ExceedanceTotals) {
        if self.jurisdiction != Some(jurisdiction) {
            self.flush(exceedance);
            self.jurisdiction = Some(jurisdiction);
            self.home = home(self.compiled, jurisdiction);
            for (day, cells) in (0..).zip(&mut self.cells) {
                let period = self.compiled.period_of(if self.waiting { day } else { 0 });
                cells.clear(self.home, self.partition[period].count);
            }
        }
        self.today.begin();
    }

    /// Turns to a day of the community.
    pub fn begin_day(&mut self, day: u32) {
        if !self.waiting {
            let kinds = self.partition[self.compiled.period_of(day)].count;
            self.cells[0].clear(self.home, kinds);
        }
    }

    /// Classes of the community at hand.
    pub fn home(&self) -> JurisdictionClasses {
        self.home
    }

    /// The cells of a day, and what is added up within it.
    pub fn cells(&mut self, day: u32) -> (&mut EventCounts, &mut DayAccumulator) {
        (&mut self.cells[if self.waiting { day as usize } else { 0 }], &mut self.today)
    }

    /// Ends a day of a community: if its counts can't wait, applies the policies of the day to them.
    pub fn end_day(&mut self, day: u32, exceedance: &mut ExceedanceTotals) {
        if !self.waiting {
            let cells = std::mem::take(&mut self.cells[0]);
            self.apply(&cells, day, exceedance);
            self.cells[0] = cells;
        }
    }

    /// Applies policies to all that waits.
    fn flush(&mut self, exceedance: &mut ExceedanceTotals) {
        if self.waiting {
            let all = std::mem::take(&mut self.cells);
            for (day, cells) in (0..).zip(&all).filter(|(_, cells)| !cells.is_empty()) {
                self.apply(cells, day, exceedance);
            }
            self.cells = all;
        }
    }

    /// What was counted.
    pub fn into_totals(mut self, exceedance: &mut ExceedanceTotals) -> VolumeTotals {
        self.flush(exceedance);
        self.totals
    }

    /// Applies the policies of day `day` to cells.
    fn apply(&mut self, cells: &EventCounts, day: u32, exceedance: &mut ExceedanceTotals) {
        let period = self.compiled.period_of(day);
        self.count_events(cells, period, day as usize);
        self.count_values(cells, period, day as usize, exceedance);
        for (sum, n) in self.totals.by_kind.iter_mut().zip(cells.by_kind) {
            *sum += n;
        }
        self.totals.delivered += cells.delivered;
    }

    fn count_values(&mut self, counted: &EventCounts, period: usize, day: usize, exceedance: &mut ExceedanceTotals) {
        let (n, home) = (self.compiled.classes.len(), self.home);
        let partition = &self.partition[period];
        let kinds = partition.count;
        // Of kinds that are about nobody but the actor nothing is counted about others.
        let way = |kind| Way::of_others(Kind::ALL[partition.first(kind)]).unwrap_or(Way::Own);
        let ways: Vec<Way> = (0..kinds).map(way).collect();
        // Actor groups of the community's own people, each once.
        let mut groups: Vec<u16> = self.compiled.actor_group[home.first..][..home.acting].to_vec();
        groups.sort_unstable();
        groups.dedup();
        // Flows about actors by (class, kind), about counterparties by (actor group, class, kind).
        let mut acting = vec![0u64; home.acting * kinds];
        let mut concerned = vec![0u64; groups.len() * n * kinds];
        for own in 0..home.acting {
            let group = groups.partition_point(|&g| g < self.compiled.actor_group[home.first + own]);
            for k in 0..kinds {
                let actor = &mut acting[own * kinds + k];
                *actor += counted.solos[own * kinds + k];
                for ct in 0..n {
                    let cell = (own * n + ct) * kinds + k;
                    *actor += counted.pairs[cell];
                    concerned[(group * n + ct) * kinds + k] += counted.pairs[cell] + counted.members[cell];
                }
            }
        }
        for (_, place, events) in counted.sets.counted(counted.width()) {
            acting[place] += events;
        }
        // Only cells with events: most are empty, and there may be many policies.
        let filled = |cells: &[u64]| -> Vec<(usize, u64)> {
            cells.iter().copied().enumerate().filter(|(_, flows)| *flows > 0).collect()
        };
        let (acting, concerned) = (filled(&acting), filled(&concerned));
        for policy in 0..self.compiled.policies {
            for purpose in 0..self.compiled.purposes {
                let at = |kind| DecisionIndex { period, policy, purpose, kind: partition.first(kind) };
                for &(cell, flows) in &acting {
                    let (class, k) = (home.first + cell / kinds, cell % kinds);
                    let mask = |layer| self.compiled.actor_mask(at(k), class, layer);
                    self.add_values((day, policy, purpose), (class, Way::Own), mask, flows, exceedance);
                }
                for &(cell, flows) in &concerned {
                    let (group, class, k) = (usize::from(groups[cell / kinds / n]), cell / kinds % n, cell % kinds);
                    let mask = |layer| self.compiled.counterparty_mask(at(k), group, class, layer);
                    self.add_values((day, policy, purpose), (class, ways[k]), mask, flows, exceedance);
                }
            }
        }
    }

    /// Adds flows about people of a class, by whose doing they are; `mask` gives what is disclosed, by layer.
    fn add_values(
        &mut self,
        at: (usize, usize, usize),
        (class, way): (usize, Way),
        mask: impl Fn(usize) -> u32,
        flows: u64,
        exceedance: &mut ExceedanceTotals,
    ) {
        let (day, policy, purpose) = at;
        let all = mask(0);
        if all == 0 {
            return;
        }
        let mut bytes = 0;
        for layer in 0..self.compiled.layers() {
            let out = if layer == 0 { all } else { mask(layer) };
            for category in ones(out.into()) {
                bytes += if layer == 0 { u64::from(self.categories[category].bytes) } else { 0 };
                self.totals.values[[policy, purpose, class, category, layer]] += flows;
            }
        }
        let values = u64::from(all.count_ones());
        self.totals.by_way[[policy, purpose, class, way as usize]] += flows * values;
        for (sum, n) in self.totals.all[policy].iter_mut().zip([values, bytes]) {
            *sum += u128::from(flows) * u128::from(n);
        }
        let who = (class, &self.compiled.classes[class]);
        for (row, split) in [(purpose, Some(purpose)), (self.compiled.purposes, None)] {
            let at = [day, policy, row, self.scopes.group(who.1, split)];
            self.totals.daily_values[at] += flows * values;
            self.totals.daily_bytes[at] += flows * bytes;
        }
        exceedance.add_values(self.orders, self.categories, at, who, all, flows);
    }

    fn count_events(&mut self, counted: &EventCounts, period: usize, day: usize) {
        let (n, purposes, home) = (self.compiled.classes.len(), self.compiled.purposes, self.home);
        let partition = &self.partition[period];
        let kinds = partition.count;
        let words = n.div_ceil(64);
        // Every cell with events, as (home class, kind, events) and the classes of its counterparties.
        let mut cells: Vec<(usize, usize, u64)> = Vec::new();
        let mut sets: Vec<u64> = Vec::new();
        for own in 0..home.acting {
            for k in 0..kinds {
                let solos = counted.solos[own * kinds + k];
                if solos > 0 {
                    cells.push((own, k, solos));
                    sets.resize(cells.len() * words, 0);
                }
                for ct in 0..n {
                    let pairs = counted.pairs[(own * n + ct) * kinds + k];
                    if pairs > 0 {
                        cells.push((own, k, pairs));
                        sets.resize(cells.len() * words, 0);
                        sets[(cells.len() - 1) * words + ct / 64] |= 1 << (ct % 64);
                    }
                }
            }
        }
        for (set, place, events) in counted.sets.counted(counted.width()) {
            cells.push((place / kinds, place % kinds, events));
            sets.extend_from_slice(&counted.sets.words[set]);
        }
        let (mut any, mut here) = (vec![0u64; words], vec![0u64; words]);
        for (&(own, k, events), set) in cells.iter().zip(sets.chunks(words)) {
            let (actor, kind) = (home.first + own, partition.first(k));
            let group = usize::from(self.compiled.actor_group[actor]);
            for policy in 0..self.compiled.policies {
                any.fill(0);
                for purpose in 0..purposes {
                    let cell = ((period * self.compiled.policies + policy) * purposes + purpose) * KINDS + kind;
                    let row = &self.disclosed[(cell * self.compiled.actor_groups() + group) * words..][..words];
                    for ((here, row), set) in here.iter_mut().zip(row).zip(set) {
                        *here = row & set;
                    }
                    if self.compiled.actor_mask(DecisionIndex { period, policy, purpose, kind }, actor, 0) != 0 {
                        here[actor / 64] |= 1 << (actor % 64);
                    }
                    self.add_event(day, policy, purpose, &here, events);
                    for (any, here) in any.iter_mut().zip(&here) {
                        *any |= here;
                    }
                }
                self.add_event(day, policy, purposes, &any, events);
            }
        }
    }

    /// Adds events to every scope that one of the classes is in, once.
    fn add_event(&mut self, day: usize, policy: usize, purpose: usize, classes: &[u64], events: u64) {
        self.round += 1;
        for (word, bits) in classes.iter().enumerate() {
            for bit in ones(*bits) {
                let class = word * 64 + bit;
                for scope in self.class_scopes[purpose * self.compiled.classes.len() + class] {
                    if self.stamp[scope] != self.round {
                        self.stamp[scope] = self.round;
                        self.totals.events[[policy, purpose, scope]] += events;
                        self.totals.daily_events[[day, policy, purpose, scope]] += events;
                    }
                }
            }
        }
    }
}

/// The classes of a jurisdiction.
fn home(compiled: &Compiled, jurisdiction: usize) -> JurisdictionClasses {
    let classes = &compiled.classes;
    // Merged classes keep the order of jurisdictions.
    let first = classes.partition_point(|c| c.jurisdiction < jurisdiction);
    let here = &classes[first..];
    let acting = here.partition_point(|c| c.jurisdiction == jurisdiction && c.has_account());
    let all = here.partition_point(|c| c.jurisdiction == jurisdiction);
    JurisdictionClasses { first, acting, all, classes: classes.len() }
}

impl VolumeTotals {
    pub(super) fn zeros(lengths: AxisLengths, policies: usize) -> Self {
        let by_group = [Axis::Day, Axis::Policy, Axis::PurposeOrAll, Axis::Group];
        VolumeTotals {
            values: lengths.zeros([Axis::Policy, Axis::Purpose, Axis::Class, Axis::Category, Axis::Layer]),
            by_way: lengths.zeros([Axis::Policy, Axis::Purpose, Axis::Class, Axis::Way]),
            events: lengths.zeros([Axis::Policy, Axis::PurposeOrAll, Axis::GroupingSet]),
            daily_values: lengths.zeros(by_group),
            daily_bytes: lengths.zeros(by_group),
            daily_events: lengths.zeros([Axis::Day, Axis::Policy, Axis::PurposeOrAll, Axis::GroupingSet]),
            by_kind: [0; KINDS],
            delivered: 0,
            all: vec![[0; 2]; policies],
        }
    }

    /// Adds what another worker counted.
    pub fn merge(&mut self, other: &VolumeTotals) {
        self.values.merge(&other.values);
        self.by_way.merge(&other.by_way);
        self.events.merge(&other.events);
        self.daily_values.merge(&other.daily_values);
        self.daily_bytes.merge(&other.daily_bytes);
        self.daily_events.merge(&other.daily_events);
        for (sum, more) in self.by_kind.iter_mut().zip(other.by_kind) {
            *sum += more;
        }
        self.delivered += other.delivered;
        for (sum, more) in self.all.iter_mut().flatten().zip(other.all.iter().flatten()) {
            *sum += more;
        }
    }

    /// Number of counters that grow with the run.
    pub(super) fn counters(&self) -> usize {
        let by_day = [&self.daily_values, &self.daily_bytes, &self.daily_events].map(Cube::len);
        self.values.len() + self.by_way.len() + self.events.len() + by_day.iter().sum::<usize>()
    }

    /// The largest sum of a policy, values or bytes, if counters of 64 bits do not hold it: then some have wrapped.
    pub fn overflow(&self) -> Option<u128> {
        self.all.iter().flatten().copied().max().filter(|&most| most > u128::from(u64::MAX))
    }
}
