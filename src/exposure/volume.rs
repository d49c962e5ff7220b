//! Volume: disclosed values, events and bytes, exact.
//!
//! Events are tallied into cells (kind, class of the actor, class of the counterparty): no policy is looked at. At the
//! end of a community's day the policies of that day are applied to the cells, so that more policies cost next to
//! nothing.

use super::exceedance::{ExceedanceTotals, Orders};
use super::scope::Scopes;
use super::sets::{Sets, disclosed_classes};
use crate::policy::{At, Compiled};
use crate::scenario::{Category, Kind, Scenario};
use crate::traffic::{Batch, Shape};

const KINDS: usize = Kind::COUNT;

/// Counts of one day, and over the run, by what the tables split.
#[derive(Clone, Debug)]
pub struct VolumeTotals {
    /// Disclosed flows: policy, purpose, class, category, layer.
    pub values: Vec<u64>,
    /// Disclosed events: policy, purpose (then all), scope.
    pub events: Vec<u64>,
    /// Disclosed flows by day: day, policy, purpose, class.
    pub daily_values: Vec<u64>,
    /// Disclosed bytes by day: day, policy, purpose, class.
    pub daily_bytes: Vec<u64>,
    /// Disclosed events by day: day, policy, purpose (then all), scope.
    pub daily_events: Vec<u64>,
    /// Events by kind, disclosed or not.
    pub by_kind: [u64; KINDS],
    /// Messages delivered: one per recipient.
    pub delivered: u64,
}

/// Tallies the events of the community at hand.
#[derive(Debug)]
pub struct Volume<'a> {
    compiled: &'a Compiled,
    orders: &'a Orders,
    scopes: Scopes,
    categories: &'a [Category],
    /// First merged class of the community's jurisdiction.
    home: usize,
    homes: usize,
    /// Events with one counterparty: home class, class, kind.
    pairs: Vec<u32>,
    /// Events without: home class, kind.
    solos: Vec<u32>,
    /// Flows about members of audiences: home class, class, kind.
    members: Vec<u32>,
    sets: Sets,
    /// Classes about which something is disclosed as counterparties: period, policy, purpose, kind, actor group, words.
    disclosed: Vec<u64>,
    /// The four scopes of each class, per purpose and all.
    class_scopes: Vec<[usize; 4]>,
    stamp: Vec<u32>,
    round: u32,
    /// What was counted so far.
    pub totals: VolumeTotals,
}

impl<'a> Volume<'a> {
    /// Counters of a run.
    pub fn new(scenario: &'a Scenario, compiled: &'a Compiled, orders: &'a Orders) -> Self {
        let (classes, purposes) = (compiled.classes.len(), compiled.purposes);
        let scopes = Scopes::new(scenario.jurisdictions.len());
        let class_scopes = (0..=purposes)
            .flat_map(|p| {
                let purpose = (p < purposes).then_some(p);
                compiled.classes.iter().map(move |c| scopes.of(c, purpose).map(|s| s.0))
            })
            .collect();
        let (days, flows) = (scenario.days as usize, compiled.policies * purposes * classes);
        let events = compiled.policies * (purposes + 1) * scopes.count();
        Volume {
            compiled,
            orders,
            scopes,
            categories: &scenario.categories,
            home: 0,
            homes: 0,
            pairs: Vec::new(),
            solos: Vec::new(),
            members: Vec::new(),
            sets: Sets::default(),
            disclosed: disclosed_classes(compiled),
            class_scopes,
            stamp: vec![0; scopes.count()],
            round: 0,
            totals: VolumeTotals {
                values: vec![0; flows * scenario.categories.len() * compiled.layers()],
                events: vec![0; events],
                daily_values: vec![0; days * flows],
                daily_bytes: vec![0; days * flows],
                daily_events: vec![0; days * events],
                by_kind: [0; KINDS],
                delivered: 0,
            },
        }
    }

    /// Turns to a community of this jurisdiction.
    pub fn begin(&mut self, jurisdiction: usize) {
        let classes = &self.compiled.classes;
        // Merged classes keep the order of jurisdictions.
        self.home = classes.partition_point(|c| c.jurisdiction < jurisdiction);
        self.homes = classes[self.home..].partition_point(|c| c.jurisdiction == jurisdiction && c.has_account());
        let cells = self.homes * classes.len() * KINDS;
        for cells_of in [&mut self.pairs, &mut self.members] {
            cells_of.clear();
            cells_of.resize(cells, 0);
        }
        self.solos.clear();
        self.solos.resize(self.homes * KINDS, 0);
        self.sets = Sets::default();
    }

    /// Tallies a batch. `class` is the merged class of each slot.
    pub fn observe(&mut self, batch: &Batch, class: &[u16]) {
        match batch.shape {
            Shape::Pair => {
                let n = self.compiled.classes.len();
                for ((&a, &t), &k) in batch.actor.iter().zip(&batch.target).zip(&batch.kind) {
                    let (ca, ct) = (usize::from(class[a as usize]) - self.home, usize::from(class[t as usize]));
                    self.pairs[(ca * n + ct) * KINDS + usize::from(k)] += 1;
                }
            }
            Shape::Solo => {
                for (&a, &k) in batch.actor.iter().zip(&batch.kind) {
                    self.solos[(usize::from(class[a as usize]) - self.home) * KINDS + usize::from(k)] += 1;
                }
            }
            Shape::Audience => self.observe_audiences(batch, class),
            // Counted where the actor lives.
            Shape::Incoming => {}
        }
    }

    fn observe_audiences(&mut self, batch: &Batch, class: &[u16]) {
        let n = self.compiled.classes.len();
        let mut count = vec![0u32; n];
        let mut present: Vec<usize> = Vec::with_capacity(n);
        let mut words = vec![0u64; n.div_ceil(64)];
        let mut last = u32::MAX;
        let mut full = 0;
        for i in 0..batch.len() {
            let (target, k) = (batch.target[i], usize::from(batch.kind[i]));
            if target != last {
                last = target;
                for c in present.drain(..) {
                    count[c] = 0;
                }
                words.fill(0);
                for &member in batch.audience(target) {
                    let c = usize::from(class[member as usize]);
                    if count[c] == 0 {
                        present.push(c);
                        words[c / 64] |= 1 << (c % 64);
                    }
                    count[c] += 1;
                }
                full = self.sets.number(&words, self.homes);
            }
            let ca = usize::from(class[batch.actor[i] as usize]);
            let home = ca - self.home;
            // A group's audience holds the actor, who is no counterparty; an address book does not hold its owner.
            let own = u32::from(k != Kind::ContactSync as usize);
            let cells = &mut self.members[home * n * KINDS..];
            for &c in &present {
                cells[c * KINDS + k] += count[c];
            }
            cells[ca * KINDS + k] -= own;
            if own == 1 {
                self.totals.delivered += batch.audience(target).len() as u64 - 1;
            }
            let set = if own == 1 && count[ca] == 1 {
                words[ca / 64] ^= 1 << (ca % 64);
                let set = self.sets.number(&words, self.homes);
                words[ca / 64] ^= 1 << (ca % 64);
                set
            } else {
                full
            };
            self.sets.counts[(set as usize * self.homes + home) * KINDS + k] += 1;
        }
    }

    /// Applies the policies of day `day` to what was tallied since the last call.
    pub fn end_day(&mut self, day: u32, exceedance: &mut ExceedanceTotals) {
        let period = self.compiled.period_of(day);
        self.count_events(period, day as usize);
        self.count_values(period, day as usize, exceedance);
        for cells in [&self.pairs, &self.solos, &self.sets.counts] {
            for events in cells.chunks(KINDS) {
                for (k, &n) in events.iter().enumerate() {
                    self.totals.by_kind[k] += u64::from(n);
                }
            }
        }
        // A message to one person is delivered once; those to groups are counted with their members.
        for events in self.pairs.chunks(KINDS) {
            let messages = events.iter().enumerate().filter(|(k, _)| Kind::ALL[*k].is_message());
            self.totals.delivered += messages.map(|(_, &n)| u64::from(n)).sum::<u64>();
        }
        self.pairs.fill(0);
        self.solos.fill(0);
        self.members.fill(0);
        self.sets.counts.fill(0);
    }

    fn count_values(&mut self, period: usize, day: usize, exceedance: &mut ExceedanceTotals) {
        let n = self.compiled.classes.len();
        // Actor groups of the community's own people, each once.
        let mut groups: Vec<u16> = self.compiled.actor_group[self.home..][..self.homes].to_vec();
        groups.sort_unstable();
        groups.dedup();
        // Flows about actors by (class, kind), about counterparties by (actor group, class, kind).
        let mut acting = vec![0u64; self.homes * KINDS];
        let mut concerned = vec![0u64; groups.len() * n * KINDS];
        for home in 0..self.homes {
            let group = groups.partition_point(|&g| g < self.compiled.actor_group[self.home + home]);
            for k in 0..KINDS {
                let actor = &mut acting[home * KINDS + k];
                *actor += u64::from(self.solos[home * KINDS + k]);
                for ct in 0..n {
                    let cell = (home * n + ct) * KINDS + k;
                    *actor += u64::from(self.pairs[cell]);
                    concerned[(group * n + ct) * KINDS + k] += u64::from(self.pairs[cell] + self.members[cell]);
                }
            }
        }
        for (set, counts) in self.sets.counts.chunks(self.homes.max(1) * KINDS).enumerate() {
            debug_assert!(set < self.sets.words.len());
            for (acting, &events) in acting.iter_mut().zip(counts) {
                *acting += u64::from(events);
            }
        }
        // Only cells with events: most are empty, and there may be many policies.
        let filled = |cells: &[u64]| -> Vec<(usize, u64)> {
            cells.iter().copied().enumerate().filter(|(_, flows)| *flows > 0).collect()
        };
        let (acting, concerned) = (filled(&acting), filled(&concerned));
        for policy in 0..self.compiled.policies {
            for purpose in 0..self.compiled.purposes {
                let at = |kind| At { period, policy, purpose, kind };
                for &(cell, flows) in &acting {
                    let (class, k) = (self.home + cell / KINDS, cell % KINDS);
                    let mask = |layer| self.compiled.actor_mask(at(k), class, layer);
                    self.add_values((day, policy, purpose), class, mask, flows, exceedance);
                }
                for &(cell, flows) in &concerned {
                    let (group, class, k) = (usize::from(groups[cell / KINDS / n]), cell / KINDS % n, cell % KINDS);
                    let mask = |layer| self.compiled.counterparty_mask(at(k), group, class, layer);
                    self.add_values((day, policy, purpose), class, mask, flows, exceedance);
                }
            }
        }
    }

    /// Adds flows about people of a class; `mask` gives what is disclosed, by layer.
    fn add_values(
        &mut self,
        at: (usize, usize, usize),
        class: usize,
        mask: impl Fn(usize) -> u32,
        flows: u64,
        exceedance: &mut ExceedanceTotals,
    ) {
        let (day, policy, purpose) = at;
        let all = mask(0);
        if all == 0 {
            return;
        }
        let classes = self.compiled.classes.len();
        let cell = (policy * self.compiled.purposes + purpose) * classes + class;
        let (layers, categories) = (self.compiled.layers(), self.categories.len());
        let mut bytes = 0;
        for layer in 0..layers {
            let mut rest = if layer == 0 { all } else { mask(layer) };
            while rest != 0 {
                let category = rest.trailing_zeros() as usize;
                rest &= rest - 1;
                bytes += if layer == 0 { u64::from(self.categories[category].bytes) } else { 0 };
                self.totals.values[(cell * categories + category) * layers + layer] += flows;
            }
        }
        let daily = day * self.compiled.policies * self.compiled.purposes * classes + cell;
        self.totals.daily_values[daily] += flows * u64::from(all.count_ones());
        self.totals.daily_bytes[daily] += flows * bytes;
        let who = (class, &self.compiled.classes[class]);
        exceedance.add_values(self.orders, self.categories, at, who, all, flows);
    }

    fn count_events(&mut self, period: usize, day: usize) {
        let (n, purposes) = (self.compiled.classes.len(), self.compiled.purposes);
        let words = n.div_ceil(64);
        // Every cell with events, as (home class, kind, events) and the classes of its counterparties.
        let mut cells: Vec<(usize, usize, u64)> = Vec::new();
        let mut sets: Vec<u64> = Vec::new();
        for home in 0..self.homes {
            for k in 0..KINDS {
                let solos = self.solos[home * KINDS + k];
                if solos > 0 {
                    cells.push((home, k, u64::from(solos)));
                    sets.resize(cells.len() * words, 0);
                }
                for ct in 0..n {
                    let pairs = self.pairs[(home * n + ct) * KINDS + k];
                    if pairs > 0 {
                        cells.push((home, k, u64::from(pairs)));
                        sets.resize(cells.len() * words, 0);
                        sets[(cells.len() - 1) * words + ct / 64] |= 1 << (ct % 64);
                    }
                }
            }
        }
        for (counts, members) in self.sets.counts.chunks(self.homes.max(1) * KINDS).zip(&self.sets.words) {
            for (i, &events) in counts.iter().enumerate().filter(|(_, n)| **n > 0) {
                cells.push((i / KINDS, i % KINDS, u64::from(events)));
                sets.extend_from_slice(members);
            }
        }
        let (mut any, mut here) = (vec![0u64; words], vec![0u64; words]);
        for (&(home, kind, events), set) in cells.iter().zip(sets.chunks(words)) {
            let actor = self.home + home;
            let group = usize::from(self.compiled.actor_group[actor]);
            for policy in 0..self.compiled.policies {
                any.fill(0);
                for purpose in 0..purposes {
                    let cell = ((period * self.compiled.policies + policy) * purposes + purpose) * KINDS + kind;
                    let row = &self.disclosed[(cell * self.compiled.actor_groups() + group) * words..][..words];
                    for ((here, row), set) in here.iter_mut().zip(row).zip(set) {
                        *here = row & set;
                    }
                    if self.compiled.actor_mask(At { period, policy, purpose, kind }, actor, 0) != 0 {
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
        let per_day = self.totals.events.len();
        let base = (policy * (self.compiled.purposes + 1) + purpose) * self.scopes.count();
        for (word, bits) in classes.iter().enumerate() {
            let mut rest = *bits;
            while rest != 0 {
                let class = word * 64 + rest.trailing_zeros() as usize;
                rest &= rest - 1;
                for scope in self.class_scopes[purpose * self.compiled.classes.len() + class] {
                    if self.stamp[scope] != self.round {
                        self.stamp[scope] = self.round;
                        self.totals.events[base + scope] += events;
                        self.totals.daily_events[day * per_day + base + scope] += events;
                    }
                }
            }
        }
    }
}

impl VolumeTotals {
    /// Adds what another worker counted.
    pub fn merge(&mut self, other: &VolumeTotals) {
        add(&mut self.values, &other.values);
        add(&mut self.events, &other.events);
        add(&mut self.daily_values, &other.daily_values);
        add(&mut self.daily_bytes, &other.daily_bytes);
        add(&mut self.daily_events, &other.daily_events);
        add(&mut self.by_kind, &other.by_kind);
        self.delivered += other.delivered;
    }
}

/// Element by element; both counters are of the same run.
pub fn add(sum: &mut [u64], more: &[u64]) {
    debug_assert_eq!(sum.len(), more.len());
    for (s, m) in sum.iter_mut().zip(more) {
        *s += m;
    }
}
