//! Reach: distinct people, and distinct categories about each of them, exact and without sketches.
//!
//! A person's day leaves a mark for each *context* they appear in: as actor of a kind of event, or as counterparty of
//! an actor of some group. Contexts that no policy tells apart share a mark, so a person's day is a word or two. What
//! each policy discloses about a person follows from class and marks, looked up once per distinct pair of the two.

use std::collections::HashMap;

use super::volume::add;
use crate::policy::Compiled;
use crate::scenario::{Kind, Scenario};
use crate::traffic::{Batch, Shape};

const KINDS: usize = Kind::COUNT;

/// Contexts of a run: what a mark stands for, and what it discloses.
#[derive(Clone, Debug)]
pub struct Contexts {
    /// Per period: mark of an actor, by kind.
    actor: Vec<Vec<u32>>,
    /// Per period: mark of a counterparty, by kind and actor group.
    counterparty: Vec<Vec<u32>>,
    /// Masks of a context: policy, purpose, class.
    masks: Vec<Box<[u32]>>,
}

/// No mark: nothing is disclosed in the context under any policy.
const NONE: u32 = u32::MAX;

impl Contexts {
    /// Finds the contexts that the policies tell apart.
    pub fn new(compiled: &Compiled) -> Self {
        let (classes, groups) = (compiled.classes.len(), compiled.actor_groups);
        let mut number: HashMap<Box<[u32]>, u32> = HashMap::new();
        let mut masks = Vec::new();
        let mut intern = |signature: Box<[u32]>| {
            if signature.iter().all(|&m| m == 0) {
                return NONE;
            }
            *number.entry(signature).or_insert_with_key(|s| {
                masks.push(s.clone());
                masks.len() as u32 - 1
            })
        };
        let cells = || (0..compiled.policies).flat_map(|policy| (0..compiled.purposes).map(move |p| (policy, p)));
        let (mut actor, mut counterparty) = (Vec::new(), Vec::new());
        for period in 0..compiled.periods.len() {
            let mut a = Vec::new();
            let mut c = Vec::new();
            for kind in 0..KINDS {
                let signature = cells()
                    .flat_map(|(q, p)| (0..classes).map(move |class| compiled.actor_mask(period, q, p, kind, class)))
                    .collect();
                a.push(intern(signature));
                for group in 0..groups {
                    let signature = cells()
                        .flat_map(|(q, p)| compiled.counterparty_row(period, q, p, kind, group).iter().copied())
                        .collect();
                    c.push(intern(signature));
                }
            }
            actor.push(a);
            counterparty.push(c);
        }
        Contexts { actor, counterparty, masks }
    }

    /// Number of contexts.
    pub fn count(&self) -> usize {
        self.masks.len()
    }
}

/// Counts of people, by what the tables split.
#[derive(Clone, Debug)]
pub struct ReachTotals {
    /// People exposed: policy, purpose (then all), class.
    pub people: Vec<u64>,
    /// People exposed by category: policy, purpose (then all), category.
    pub by_category: Vec<u64>,
    /// People by number of categories disclosed: policy, purpose (then all), class, number - 1.
    pub depth: Vec<u64>,
    /// People exposed by day: day, policy, purpose (then all), class.
    pub daily: Vec<u64>,
    /// All people by class.
    pub population: Vec<u64>,
}

/// Marks the people of the community at hand.
#[derive(Debug)]
pub struct Reach<'a> {
    compiled: &'a Compiled,
    contexts: &'a Contexts,
    categories: usize,
    /// Words of marks per person.
    width: usize,
    people: usize,
    /// Marks of the day; after the last person stands nobody, who takes the marks of people elsewhere.
    today: Vec<u64>,
    /// Marks of all days.
    ever: Vec<u64>,
    memo: HashMap<Box<[u64]>, Box<[u32]>>,
    /// What was counted so far.
    pub totals: ReachTotals,
}

/// Entries of the memo at which it begins anew: memory stays flat whatever the marks.
const MEMO: usize = 1 << 14;

impl<'a> Reach<'a> {
    /// Counters of a run.
    pub fn new(scenario: &Scenario, compiled: &'a Compiled, contexts: &'a Contexts) -> Self {
        let (classes, categories) = (compiled.classes.len(), scenario.categories.len());
        let cells = compiled.policies * (compiled.purposes + 1);
        Reach {
            compiled,
            contexts,
            categories,
            width: contexts.count().div_ceil(64).max(1),
            people: 0,
            today: Vec::new(),
            ever: Vec::new(),
            memo: HashMap::new(),
            totals: ReachTotals {
                people: vec![0; cells * classes],
                by_category: vec![0; cells * categories],
                depth: vec![0; cells * classes * categories],
                daily: vec![0; scenario.days as usize * cells * classes],
                population: vec![0; classes],
            },
        }
    }

    /// Turns to a community. `class` is the merged class of each slot, the first `people` are its own.
    pub fn begin(&mut self, class: &[u16], people: u32) {
        self.people = people as usize;
        for marks in [&mut self.today, &mut self.ever] {
            marks.clear();
            marks.resize((self.people + 1) * self.width, 0);
        }
        for &c in &class[..self.people] {
            self.totals.population[usize::from(c)] += 1;
        }
    }

    #[inline(always)]
    fn mark(&mut self, slot: u32, context: u32) {
        if context != NONE {
            let person = (slot as usize).min(self.people);
            self.today[person * self.width + (context / 64) as usize] |= 1 << (context % 64);
        }
    }

    /// Marks the people of a batch.
    pub fn observe(&mut self, batch: &Batch, class: &[u16], day: u32) {
        let contexts = self.contexts;
        let period = self.compiled.period_of(day);
        let (actor, counterparty) = (&contexts.actor[period], &contexts.counterparty[period]);
        let groups = self.compiled.actor_groups;
        let group_of = &self.compiled.actor_group;
        let context = |k: u8, a: u32| {
            // One group is the usual case, and spares a look-up.
            let group = if groups == 1 { 0 } else { usize::from(group_of[usize::from(class[a as usize])]) };
            counterparty[usize::from(k) * groups + group]
        };
        match batch.shape {
            Shape::Pair | Shape::Incoming => {
                for ((&a, &t), &k) in batch.actor.iter().zip(&batch.target).zip(&batch.kind) {
                    self.mark(a, actor[usize::from(k)]);
                    self.mark(t, context(k, a));
                }
            }
            Shape::Solo => {
                for (&a, &k) in batch.actor.iter().zip(&batch.kind) {
                    self.mark(a, actor[usize::from(k)]);
                }
            }
            Shape::Audience => {
                let mut audience = Marked::default();
                for i in 0..batch.len() {
                    let (a, k, target) = (batch.actor[i], batch.kind[i], batch.target[i]);
                    self.mark(a, actor[usize::from(k)]);
                    match audience.needs(target, context(k, a), a) {
                        Needs::Nothing => {}
                        Needs::All(context) => {
                            for &member in batch.audience(target).iter().filter(|&&m| m != a) {
                                self.mark(member, context);
                            }
                        }
                        Needs::One(first, context) => self.mark(first, context),
                    }
                }
            }
        }
    }

    /// Counts the people of the day, and keeps their marks for the run.
    pub fn end_day(&mut self, class: &[u16], day: u32) {
        let histogram = histogram(&self.today, self.width, &class[..self.people]);
        let cells = self.compiled.policies * (self.compiled.purposes + 1);
        let classes = self.compiled.classes.len();
        for (key, people) in histogram {
            let masks = self.masks(&key);
            for (cell, _) in masks.iter().enumerate().filter(|(_, m)| **m != 0) {
                self.totals.daily[(day as usize * cells + cell) * classes + key[0] as usize] += people;
            }
        }
        for (ever, today) in self.ever.iter_mut().zip(&mut self.today) {
            *ever |= *today;
            *today = 0;
        }
    }

    /// Counts the people of the community over all days.
    pub fn end_community(&mut self, class: &[u16]) {
        let histogram = histogram(&self.ever, self.width, &class[..self.people]);
        let classes = self.compiled.classes.len();
        for (key, people) in histogram {
            let class = key[0] as usize;
            let masks = self.masks(&key);
            for (cell, &mask) in masks.iter().enumerate().filter(|(_, m)| **m != 0) {
                self.totals.people[cell * classes + class] += people;
                let depth = mask.count_ones() as usize - 1;
                self.totals.depth[(cell * classes + class) * self.categories + depth] += people;
                let mut rest = mask;
                while rest != 0 {
                    self.totals.by_category[cell * self.categories + rest.trailing_zeros() as usize] += people;
                    rest &= rest - 1;
                }
            }
        }
    }

    /// What is disclosed about a person of (class, marks): mask of categories by policy and purpose (then all).
    fn masks(&mut self, key: &[u64]) -> Box<[u32]> {
        if let Some(masks) = self.memo.get(key) {
            return masks.clone();
        }
        let (purposes, classes) = (self.compiled.purposes, self.compiled.classes.len());
        let class = key[0] as usize;
        let mut masks = vec![0u32; self.compiled.policies * (purposes + 1)];
        for (word, bits) in key[1..].iter().enumerate() {
            let mut rest = *bits;
            while rest != 0 {
                let context = &self.contexts.masks[word * 64 + rest.trailing_zeros() as usize];
                rest &= rest - 1;
                for policy in 0..self.compiled.policies {
                    for purpose in 0..purposes {
                        let mask = context[(policy * purposes + purpose) * classes + class];
                        masks[policy * (purposes + 1) + purpose] |= mask;
                        masks[policy * (purposes + 1) + purposes] |= mask;
                    }
                }
            }
        }
        let masks: Box<[u32]> = masks.into();
        if self.memo.len() >= MEMO {
            self.memo.clear();
        }
        self.memo.insert(key.into(), masks.clone());
        masks
    }
}

/// What is marked already in the audience at hand. A talk addresses the same people many times: its first event marks
/// all but its actor, the first one of another actor marks that actor too, and the rest have nothing to add.
#[derive(Default)]
struct Marked {
    target: Option<u32>,
    /// Context, first actor, whether the first actor is marked too.
    contexts: Vec<(u32, u32, bool)>,
}

enum Needs {
    Nothing,
    All(u32),
    One(u32, u32),
}

impl Marked {
    #[inline]
    fn needs(&mut self, target: u32, context: u32, actor: u32) -> Needs {
        if self.target != Some(target) {
            self.target = Some(target);
            self.contexts.clear();
        }
        match self.contexts.iter_mut().find(|c| c.0 == context) {
            None => {
                self.contexts.push((context, actor, false));
                Needs::All(context)
            }
            Some((_, first, full)) if !*full && *first != actor => {
                *full = true;
                Needs::One(*first, context)
            }
            Some(_) => Needs::Nothing,
        }
    }
}

/// People by (class, marks), those without a mark left out. A small direct-mapped table takes most of them.
fn histogram(marks: &[u64], width: usize, class: &[u16]) -> HashMap<Box<[u64]>, u64> {
    const SLOTS: usize = 256;
    let mut all: HashMap<Box<[u64]>, u64> = HashMap::new();
    let mut slots: Vec<(usize, u64)> = vec![(usize::MAX, 0); SLOTS];
    let key = |person: usize| -> Box<[u64]> {
        let marks = &marks[person * width..][..width];
        std::iter::once(u64::from(class[person])).chain(marks.iter().copied()).collect()
    };
    for person in 0..class.len() {
        let own = &marks[person * width..][..width];
        if own.iter().all(|&w| w == 0) {
            continue;
        }
        let hash = own.iter().fold(u64::from(class[person]), |h, w| crate::rng::mix(h ^ w));
        let slot = &mut slots[hash as usize % SLOTS];
        let same = slot.0 != usize::MAX && class[slot.0] == class[person] && &marks[slot.0 * width..][..width] == own;
        if same {
            slot.1 += 1;
        } else {
            if slot.0 != usize::MAX {
                *all.entry(key(slot.0)).or_default() += slot.1;
            }
            *slot = (person, 1);
        }
    }
    for (person, count) in slots.into_iter().filter(|s| s.0 != usize::MAX) {
        *all.entry(key(person)).or_default() += count;
    }
    all
}

impl ReachTotals {
    /// Adds what another worker counted.
    pub fn merge(&mut self, other: &ReachTotals) {
        add(&mut self.people, &other.people);
        add(&mut self.by_category, &other.by_category);
        add(&mut self.depth, &other.depth);
        add(&mut self.daily, &other.daily);
        add(&mut self.population, &other.population);
    }
}
