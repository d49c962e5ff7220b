//! Reach: distinct people, and distinct categories about each of them, exact and without sketches.
//!
//! A person's day leaves a mark for each *context* they appear in: as actor of a kind of event, or as counterparty of
//! an actor of some group. Contexts that no policy tells apart share a mark, so a person's day is a word or two. What
//! each policy discloses about a person follows from class and marks, looked up once per distinct pair of the two.

use std::collections::HashMap;

use super::exceedance::{ExceedanceTotals, Orders};
use super::volume::add;
use crate::policy::{At, Compiled};
use crate::scenario::{Kind, Scenario};
use crate::traffic::{Batch, Shape};
use crate::vector::kernels;

const KINDS: usize = Kind::COUNT;

/// Which kinds of event are alike to all policies, and to all classes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Alike {
    of: [u8; KINDS],
    first: Vec<usize>,
    /// Number of merged kinds.
    pub count: usize,
}

impl Alike {
    fn new(same: impl Fn(usize, usize) -> bool) -> Self {
        let mut alike = Alike::default();
        for kind in 0..KINDS {
            let known = alike.first.iter().position(|&first| same(first, kind));
            alike.of[kind] = known.unwrap_or(alike.first.len()) as u8;
            if known.is_none() {
                alike.first.push(kind);
            }
        }
        alike.count = alike.first.len();
        alike
    }

    /// Merged kind of a kind.
    #[inline(always)]
    pub fn of(&self, kind: u8) -> usize {
        usize::from(self.of[usize::from(kind) % KINDS])
    }

    /// A kind of a merged kind.
    pub fn first(&self, merged: usize) -> usize {
        self.first[merged]
    }

    /// Whether all kinds of events between two are alike: messages and calls.
    pub fn pairs(&self) -> bool {
        let messages = &self.of[Kind::TextMessage as usize..=Kind::OtherMessage as usize];
        messages.iter().all(|of| *of == self.of[Kind::Call as usize])
    }

    /// Whether the kinds of messages to one person are alike, and those to groups.
    pub fn messages(&self) -> bool {
        let one = |kinds: &[Kind]| kinds.iter().all(|k| self.of(*k as u8) == self.of(kinds[0] as u8));
        one(&Kind::ALL[Kind::TextMessage as usize..=Kind::OtherMessage as usize])
            && one(&Kind::ALL[Kind::GroupText as usize..=Kind::GroupOther as usize])
    }
}

/// Contexts of a run: what a mark stands for, and what it discloses.
#[derive(Clone, Debug)]
pub struct Contexts {
    /// Per period: kinds that are alike.
    pub alike: Vec<Alike>,
    /// Per period: mark of an actor, by kind.
    actor: Vec<Vec<u32>>,
    /// Per period: mark of a counterparty, by kind and actor group.
    counterparty: Vec<Vec<u32>>,
    /// Per period: mark of who is sent a message, by class of the actor, if a person's marks are one word.
    pub told_by_class: Vec<Vec<u16>>,
    /// Masks of a context: class, policy, purpose, layer.
    masks: Vec<Box<[u32]>>,
    /// If people may leave the service: a person's mark after leaving is this much further on. Masks are by the class of
    /// before, so that one class goes with all of a person's marks.
    left: Option<usize>,
}

/// No mark: nothing is disclosed in the context under any policy.
const NONE: u32 = u32::MAX;

impl Contexts {
    /// Finds the contexts that the policies tell apart.
    pub fn new(compiled: &Compiled) -> Self {
        let (classes, groups, layers) = (compiled.classes.len(), compiled.actor_groups(), compiled.layers());
        let mut number: HashMap<Box<[u32]>, u32> = HashMap::new();
        let mut masks = Vec::new();
        let mut intern = |context: Box<[u32]>| {
            if context.iter().all(|&m| m == 0) {
                return NONE;
            }
            *number.entry(context).or_insert_with_key(|s| {
                masks.push(s.clone());
                masks.len() as u32 - 1
            })
        };
        // By class, policy, purpose, layer.
        let cells = || {
            let settings = (0..compiled.policies).flat_map(|policy| (0..compiled.purposes).map(move |p| (policy, p)));
            (0..classes).flat_map(move |class| settings.clone().map(move |(policy, p)| (class, policy, p)))
        };
        let (mut actor, mut counterparty) = (Vec::new(), Vec::new());
        for period in 0..compiled.periods.len() {
            let mut a = Vec::new();
            let mut c = Vec::new();
            for kind in 0..KINDS {
                let at = |policy, purpose| At { period, policy, purpose, kind };
                a.push(intern(
                    cells()
                        .flat_map(|(class, q, p)| (0..layers).map(move |l| compiled.actor_mask(at(q, p), class, l)))
                        .collect(),
                ));
                for group in 0..groups {
                    let mask =
                        |(class, q, p)| (0..layers).map(move |l| compiled.counterparty_mask(at(q, p), group, class, l));
                    c.push(intern(cells().flat_map(mask).collect()));
                }
            }
            actor.push(a);
            counterparty.push(c);
        }
        let alike = actor.iter().zip(&counterparty).map(|(a, c): (&Vec<u32>, &Vec<u32>)| {
            Alike::new(|i, j| a[i] == a[j] && c[i * groups..][..groups] == c[j * groups..][..groups])
        });
        let alike = alike.collect();
        let of_messages = |c: &Vec<u32>| {
            let group = |&g: &u16| mark(c[Kind::TextMessage as usize * groups + usize::from(g)]);
            compiled.actor_group.iter().map(group).collect()
        };
        let told_by_class = counterparty.iter().map(of_messages).collect();
        let leaves = compiled.left.iter().enumerate().any(|(class, &left)| class != usize::from(left));
        let left = leaves.then_some(masks.len());
        if leaves {
            let width = compiled.policies * compiled.purposes * layers;
            let after = |m: &[u32]| {
                compiled.left.iter().flat_map(|&l| m[usize::from(l) * width..][..width].iter().copied()).collect()
            };
            masks.extend(masks.iter().map(|m| after(m)).collect::<Vec<Box<[u32]>>>());
        }
        Contexts { alike, actor, counterparty, told_by_class, masks, left }
    }

    /// Number of contexts.
    pub fn count(&self) -> usize {
        self.masks.len()
    }

    /// Words of marks that a person takes.
    pub fn width(&self) -> usize {
        self.count().div_ceil(BITS).max(1)
    }

    /// Mark of an actor, if a person's marks are one word.
    pub fn acts(&self, period: usize, kind: Kind) -> u16 {
        mark(self.actor[period][kind as usize])
    }

    /// Mark of a counterparty of actors of a group, if a person's marks are one word.
    pub fn told(&self, period: usize, kind: Kind, group: u16, groups: usize) -> u16 {
        mark(self.counterparty[period][kind as usize * groups + usize::from(group)])
    }
}

/// Marks in a word.
const BITS: usize = 16;

fn mark(context: u32) -> u16 {
    if context == NONE { 0 } else { 1 << (context % BITS as u32) }
}

/// Counts of people, by what the tables split.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReachTotals {
    /// People exposed: policy, purpose (then all), layer, class.
    pub people: Vec<u64>,
    /// People exposed by category: policy, purpose (then all), layer, category.
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
    orders: &'a Orders,
    categories: usize,
    days: u32,
    /// First class of the jurisdiction at hand, and number of its classes.
    home: (usize, usize),
    /// Words of marks per person.
    width: usize,
    people: usize,
    /// Marks of the day; after the last person stands nobody, who takes the marks of people elsewhere.
    pub today: Vec<u16>,
    /// Marks of all days.
    ever: Vec<u16>,
    /// Marks of each of the orders' spans of days, empty outside of it.
    spans: Vec<Vec<u16>>,
    /// Local people who have left the service.
    gone: Vec<u32>,
    cache: Cache,
    /// What was counted so far.
    pub totals: ReachTotals,
}

impl<'a> Reach<'a> {
    /// Counters of a run.
    pub fn new(scenario: &Scenario, compiled: &'a Compiled, contexts: &'a Contexts, orders: &'a Orders) -> Self {
        let (classes, categories, layers) = (compiled.classes.len(), scenario.categories.len(), compiled.layers());
        let cells = compiled.policies * (compiled.purposes + 1);
        Reach {
            compiled,
            contexts,
            orders,
            categories,
            days: scenario.days,
            home: (0, 0),
            width: contexts.width(),
            people: 0,
            today: Vec::new(),
            ever: Vec::new(),
            spans: vec![Vec::new(); orders.spans().len()],
            gone: Vec::new(),
            cache: Cache::new(cells * layers),
            totals: ReachTotals {
                people: vec![0; cells * layers * classes],
                by_category: vec![0; cells * layers * categories],
                depth: vec![0; cells * classes * categories],
                daily: vec![0; scenario.days as usize * cells * classes],
                population: vec![0; classes],
            },
        }
    }

    /// Turns to a community. `class` is the merged class of each slot, the first `people` are its own; `home` the first class of its
    /// jurisdiction, and the number of its classes.
    pub fn begin(&mut self, class: &[u16], people: u32, home: (usize, usize)) {
        self.people = people as usize;
        self.home = home;
        self.gone.clear();
        for marks in [&mut self.today, &mut self.ever] {
            marks.clear();
            marks.resize((self.people + 1) * self.width, 0);
            // Kernels index people by 16 bits.
            marks.resize(marks.len().max(1 << 16), 0);
        }
        for &c in &class[..self.people] {
            self.totals.population[usize::from(c)] += 1;
        }
    }

    /// People of the community at hand.
    pub fn people(&self) -> usize {
        self.people
    }

    /// Somebody leaves the service; their marks of today and later are those of somebody who left.
    pub fn leave(&mut self, slot: u32) {
        if (slot as usize) < self.people {
            self.gone.push(slot);
        }
    }

    /// Moves today's marks of those who left to where they mean what is disclosed about somebody who left.
    fn move_marks_of_gone(&mut self) {
        let Some(by) = self.contexts.left else { return };
        for &slot in &self.gone {
            let marks = &mut self.today[slot as usize * self.width..][..self.width];
            if marks.iter().all(|&w| w == 0) {
                continue;
            }
            let before: Vec<u16> = marks.to_vec();
            marks.fill(0);
            for (word, bits) in before.into_iter().enumerate() {
                let mut rest = bits;
                while rest != 0 {
                    let to = word * BITS + rest.trailing_zeros() as usize + by;
                    rest &= rest - 1;
                    marks[to / BITS] |= 1 << (to % BITS);
                }
            }
        }
    }

    #[inline(always)]
    fn mark(&mut self, slot: u32, context: u32) {
        if context != NONE {
            let person = (slot as usize).min(self.people);
            self.today[person * self.width + context as usize / BITS] |= 1 << (context as usize % BITS);
        }
    }

    /// Marks the people of a batch.
    pub fn observe(&mut self, batch: &Batch, class: &[u16], day: u32) {
        let contexts = self.contexts;
        let period = self.compiled.period_of(day);
        let (actor, counterparty) = (&contexts.actor[period], &contexts.counterparty[period]);
        let groups = self.compiled.actor_groups();
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
    pub fn end_day(&mut self, class: &[u16], day: u32, exceedance: &mut ExceedanceTotals) {
        self.move_marks_of_gone();
        let Reach { compiled, orders, .. } = *self;
        let (classes, layers) = (compiled.classes.len(), compiled.layers());
        let cells = compiled.policies * (compiled.purposes + 1);
        let daily = &mut self.totals.daily[day as usize * cells * classes..][..cells * classes];
        let people = Marks { home: self.home, width: self.width, marks: &self.today, class: &class[..self.people] };
        self.cache.count(&people, compiled, self.contexts, |class, masks, people| {
            for (cell, _) in masks.iter().step_by(layers).enumerate().filter(|(_, m)| **m != 0) {
                daily[cell * classes + class] += people;
            }
            exceedance.add_day(orders, day, (class, &compiled.classes[class]), masks, layers, people);
        });
        for (days, marks) in orders.spans().iter().zip(&mut self.spans).filter(|(days, _)| days.contains(&day)) {
            if marks.is_empty() {
                marks.resize(self.today.len(), 0);
            }
            for (marks, today) in marks.iter_mut().zip(&self.today) {
                *marks |= today;
            }
            if day + 1 == days.end {
                let people = Marks { home: self.home, width: self.width, marks, class: &class[..self.people] };
                self.cache.count(&people, compiled, self.contexts, |class, masks, people| {
                    exceedance.add_span(orders, days, (class, &compiled.classes[class]), masks, layers, people);
                });
                marks.clear();
            }
        }
        for (ever, today) in self.ever.iter_mut().zip(&mut self.today) {
            *ever |= *today;
            *today = 0;
        }
    }

    /// Counts the people of the community over all days.
    pub fn end_community(&mut self, class: &[u16], exceedance: &mut ExceedanceTotals) {
        let Reach { compiled, orders, days, .. } = *self;
        let (classes, categories, layers) = (compiled.classes.len(), self.categories, compiled.layers());
        let totals = &mut self.totals;
        let people = Marks { home: self.home, width: self.width, marks: &self.ever, class: &class[..self.people] };
        self.cache.count(&people, compiled, self.contexts, |class, masks, people| {
            for (at, &mask) in masks.iter().enumerate().filter(|(_, m)| **m != 0) {
                totals.people[at * classes + class] += people;
                let mut rest = mask;
                while rest != 0 {
                    totals.by_category[at * categories + rest.trailing_zeros() as usize] += people;
                    rest &= rest - 1;
                }
                if at % layers == 0 {
                    let depth = mask.count_ones() as usize - 1;
                    totals.depth[(at / layers * classes + class) * categories + depth] += people;
                }
            }
            exceedance.add_run(orders, days, (class, &compiled.classes[class]), masks, layers, people);
        });
    }
}

/// The marks of a community's people.
struct Marks<'a> {
    /// First class of their jurisdiction, and number of its classes.
    home: (usize, usize),
    width: usize,
    marks: &'a [u16],
    class: &'a [u16],
}

impl Marks<'_> {
    fn of(&self, person: usize) -> &[u16] {
        &self.marks[person * self.width..][..self.width]
    }
}

/// People by (class, marks), with what is disclosed about them.
///
/// Where classes and contexts are few, people are counted in a table, and what is disclosed about each entry is worked out once.
/// Otherwise: most people are like somebody before them; a small direct-mapped table finds those, and what it has no room for is worked
/// out again.
#[derive(Debug)]
struct Cache {
    crowd: Crowd,
    /// A person of the slot's kind, and how many there were since.
    slots: Vec<(usize, u64)>,
    /// Masks of categories of each slot: policy, purpose (then all), layer.
    masks: Vec<u32>,
    cells: usize,
}

impl Cache {
    const SLOTS: usize = 1024;
    const EMPTY: (usize, u64) = (usize::MAX, 0);

    fn new(cells: usize) -> Self {
        Cache {
            crowd: Crowd::default(),
            slots: vec![Self::EMPTY; Self::SLOTS],
            masks: vec![0; Self::SLOTS * cells],
            cells,
        }
    }

    /// Calls `add(class, masks, people)` so that every person with a mark is counted once.
    fn count(
        &mut self,
        people: &Marks,
        compiled: &Compiled,
        contexts: &Contexts,
        mut add: impl FnMut(usize, &[u32], u64),
    ) {
        if people.width == 1 && self.crowd.fits(people.home, contexts.count()) {
            self.crowd.count(people, compiled, contexts, self.cells, add);
            return;
        }
        for person in 0..people.class.len() {
            let own = people.of(person);
            if own.iter().all(|&w| w == 0) {
                continue;
            }
            let class = people.class[person];
            let hash = own.iter().fold(u64::from(class), |h, &w| crate::rng::mix(h << 16 ^ u64::from(w)));
            let i = hash as usize % Self::SLOTS;
            let (like, count) = self.slots[i];
            if like != usize::MAX && people.class[like] == class && people.of(like) == own {
                self.slots[i].1 = count + 1;
                continue;
            }
            let masks = &mut self.masks[i * self.cells..][..self.cells];
            if like != usize::MAX {
                add(usize::from(people.class[like]), masks, count);
            }
            self.slots[i] = (person, 1);
            disclosed(compiled, contexts, usize::from(class), own, masks);
        }
        for (slot, masks) in self.slots.iter_mut().zip(self.masks.chunks(self.cells.max(1))) {
            if slot.0 != usize::MAX {
                add(usize::from(people.class[slot.0]), masks, slot.1);
                *slot = Self::EMPTY;
            }
        }
    }
}

/// People counted in a table by class and marks.
#[derive(Debug, Default)]
struct Crowd {
    /// First class and number of classes that the table is for.
    home: (usize, usize),
    /// People, in four copies, so that one does not wait for the one before.
    people: Vec<u32>,
    /// Where the masks of an entry begin, plus 1; 0 while nobody asked.
    known: Vec<u32>,
    masks: Vec<u32>,
}

impl Crowd {
    const LANES: usize = 4;
    /// Most entries.
    const MOST: usize = 1 << 14;

    fn fits(&self, (_, classes): (usize, usize), contexts: usize) -> bool {
        contexts <= BITS && classes << contexts <= Self::MOST
    }

    fn count(
        &mut self,
        people: &Marks,
        compiled: &Compiled,
        contexts: &Contexts,
        cells: usize,
        mut add: impl FnMut(usize, &[u32], u64),
    ) {
        let bits = contexts.count();
        let entries = people.home.1 << bits;
        if self.home != people.home {
            self.home = people.home;
            self.people = vec![0; Self::LANES * Self::MOST];
            self.known = vec![0; entries];
            self.masks.clear();
        }
        count_crowd(people.marks, people.class, people.home.0, bits as u32, &mut self.people);
        for entry in 0..entries {
            let here = (0..Self::LANES).map(|lane| std::mem::take(&mut self.people[lane * Self::MOST + entry]));
            let n = here.sum::<u32>();
            if n == 0 {
                continue;
            }
            let (class, marks) = (people.home.0 + (entry >> bits), [(entry & ((1 << bits) - 1)) as u16]);
            if self.known[entry] == 0 {
                let from = self.masks.len();
                self.masks.resize(from + cells, 0);
                disclosed(compiled, contexts, class, &marks, &mut self.masks[from..]);
                self.known[entry] = from as u32 + 1;
            }
            add(class, &self.masks[self.known[entry] as usize - 1..][..cells], n.into());
        }
    }
}

kernels! {
    /// Counts people who have a mark by class and marks.
    fn count_crowd(marks: &[u16], class: &[u16], first: usize, bits: u32, people: &mut [u32]) {
        let people = &mut people[..Crowd::LANES * Crowd::MOST];
        for (i, (&marks, &class)) in marks.iter().zip(class).enumerate() {
            if marks != 0 {
                let entry = (usize::from(class) - first) << bits | usize::from(marks);
                people[i % Crowd::LANES * Crowd::MOST + entry % Crowd::MOST] += 1;
            }
        }
    }
}

/// What is disclosed about a person of a class with these marks: mask of categories by policy, purpose (then all) and
/// layer.
fn disclosed(compiled: &Compiled, contexts: &Contexts, class: usize, marks: &[u16], masks: &mut [u32]) {
    masks.fill(0);
    let layers = compiled.layers();
    let per_policy = compiled.purposes * layers;
    for (word, bits) in marks.iter().enumerate() {
        let mut rest = *bits;
        while rest != 0 {
            let context = &contexts.masks[word * BITS + rest.trailing_zeros() as usize];
            rest &= rest - 1;
            let own = context[class * compiled.policies * per_policy..].chunks(per_policy);
            for (out, own) in masks.chunks_mut(per_policy + layers).zip(own) {
                for (out, mask) in out.iter_mut().zip(own) {
                    *out |= mask;
                }
            }
        }
    }
    for out in masks.chunks_mut(per_policy + layers) {
        let (each, all) = out.split_at_mut(per_policy);
        for (i, mask) in each.iter().enumerate() {
            all[i % layers] |= mask;
        }
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
