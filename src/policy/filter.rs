//! The filter: one compiled policy applied to batches of events, decision by decision.
//!
//! Each event gets one decision about its actor and one about each counterparty. A decision is the number of a row;
//! the row says which categories go to which purpose. This is what an exporter writes out, and what `filter` in the
//! manifest measures.

use std::collections::HashMap;

use super::compile::{Compiled, DecisionIndex};
use crate::scenario::Kind;
use crate::traffic::{Batch, Shape};

/// One policy in one period, ready to run.
#[derive(Clone, Debug)]
pub struct Filter {
    classes: usize,
    groups: usize,
    layers: usize,
    actor_group: Vec<u16>,
    /// Row by kind and class of the actor.
    actor: Vec<u32>,
    /// Row by kind, actor group and class of the counterparty.
    counterparty: Vec<u32>,
    rows: Vec<PurposeMasks>,
    /// Disclosed values of each row.
    values: Vec<u32>,
}

/// Categories that go to each purpose: at all, then, if there are several resolutions, at each of them.
pub type PurposeMasks = Box<[u32]>;

/// The decisions about a batch.
#[derive(Clone, Debug, Default)]
pub struct Decisions {
    /// Row of each event's actor (empty for incoming events, which belong elsewhere).
    pub actor: Vec<u32>,
    /// Row of each counterparty, event by event; of an audience all members, with row 0 for the actor itself.
    pub counterparty: Vec<u32>,
    /// Events with at least one disclosed flow.
    pub events: u64,
    /// Disclosed flows.
    pub values: u64,
}

impl Filter {
    /// The filter of policy number `policy` in a period.
    pub fn new(compiled: &Compiled, policy: usize, period: usize) -> Self {
        let (classes, groups, layers) = (compiled.classes.len(), compiled.actor_groups(), compiled.layers());
        let nothing: PurposeMasks = vec![0; compiled.purposes * layers].into();
        let mut number: HashMap<PurposeMasks, u32> = HashMap::from([(nothing.clone(), 0)]);
        let mut rows = vec![nothing];
        let mut intern = |row: PurposeMasks| {
            *number.entry(row.clone()).or_insert_with(|| {
                rows.push(row);
                rows.len() as u32 - 1
            })
        };
        let (mut actor, mut counterparty) = (Vec::new(), Vec::new());
        for kind in 0..Kind::COUNT {
            let cells = (0..compiled.purposes).flat_map(|purpose| (0..layers).map(move |layer| (purpose, layer)));
            let at = |purpose| DecisionIndex { period, policy, purpose, kind };
            for class in 0..classes {
                let masks = cells.clone().map(|(purpose, layer)| compiled.actor_mask(at(purpose), class, layer));
                actor.push(intern(masks.collect()));
            }
            for group in 0..groups {
                for class in 0..classes {
                    let mask = |(purpose, layer)| compiled.counterparty_mask(at(purpose), group, class, layer);
                    counterparty.push(intern(cells.clone().map(mask).collect()));
                }
            }
        }
        let values = rows.iter().map(|row| row.iter().step_by(layers).map(|m| m.count_ones()).sum()).collect();
        Filter { classes, groups, layers, actor_group: compiled.actor_group.clone(), actor, counterparty, rows, values }
    }

    /// The masks of a row, purpose by purpose, [`Compiled::layers`] for each.
    pub fn row(&self, number: u32) -> &[u32] {
        &self.rows[number as usize]
    }

    /// How many rows there are.
    pub fn rows(&self) -> u32 {
        self.rows.len() as u32
    }

    /// Masks that a row has for each purpose.
    pub fn layers(&self) -> usize {
        self.layers
    }

    /// Row of the actor, of a merged class, of an event of a kind.
    #[inline(always)]
    pub fn decide_actor(&self, kind: usize, class: usize) -> u32 {
        self.actor[kind * self.classes + class]
    }

    /// Row of a counterparty of an event.
    #[inline(always)]
    pub fn decide_counterparty(&self, kind: usize, actor_class: usize, class: usize) -> u32 {
        let group = usize::from(self.actor_group[actor_class]);
        self.counterparty[(kind * self.groups + group) * self.classes + class]
    }

    /// Decides about a batch. `class` is the merged class of each slot.
    pub fn apply(&self, batch: &Batch, class: &[u16], decisions: &mut Decisions) {
        decisions.actor.clear();
        decisions.counterparty.clear();
        match batch.shape {
            Shape::Pair => self.pairs(batch, class, decisions),
            Shape::Solo => {
                for (&a, &k) in batch.actor.iter().zip(&batch.kind) {
                    let row = self.decide_actor(usize::from(k), usize::from(class[a as usize]));
                    decisions.actor.push(row);
                    decisions.values += u64::from(self.values[row as usize]);
                    decisions.events += u64::from(row != 0);
                }
            }
            Shape::Audience => self.audiences(batch, class, decisions),
            // Decided where the actor lives.
            Shape::Incoming => {}
        }
    }

    fn pairs(&self, batch: &Batch, class: &[u16], decisions: &mut Decisions) {
        let n = batch.len();
        decisions.actor.resize(n, 0);
        decisions.counterparty.resize(n, 0);
        let (mut values, mut events) = (0u64, 0u64);
        let columns = batch.actor.iter().zip(&batch.target).zip(&batch.kind);
        let out = decisions.actor.iter_mut().zip(&mut decisions.counterparty);
        for (((&a, &t), &k), (actor, counterparty)) in columns.zip(out) {
            let (ca, ct, k) = (usize::from(class[a as usize]), usize::from(class[t as usize]), usize::from(k));
            *actor = self.decide_actor(k, ca);
            *counterparty = self.decide_counterparty(k, ca, ct);
            values += u64::from(self.values[*actor as usize] + self.values[*counterparty as usize]);
            events += u64::from((*actor | *counterparty) != 0);
        }
        decisions.values += values;
        decisions.events += events;
    }

    fn audiences(&self, batch: &Batch, class: &[u16], decisions: &mut Decisions) {
        for i in 0..batch.len() {
            let (a, k) = (batch.actor[i], usize::from(batch.kind[i]));
            let ca = usize::from(class[a as usize]);
            let row = self.decide_actor(k, ca);
            decisions.actor.push(row);
            let (mut values, mut any) = (self.values[row as usize], row);
            for &member in batch.audience(batch.target[i]) {
                let row =
                    if member == a { 0 } else { self.decide_counterparty(k, ca, usize::from(class[member as usize])) };
                decisions.counterparty.push(row);
                values += self.values[row as usize];
                any |= row;
            }
            decisions.values += u64::from(values);
            decisions.events += u64::from(any != 0);
        }
    }
}
