//! Reach: distinct people, and distinct categories about each of them, exact and without sketches.
//!
//! A person's day leaves a mark for each *context* they appear in: as actor of a kind of event, or as counterparty of
//! an actor of some group. Contexts that no policy tells apart share a mark, so a person's day is a word or two. What
//! each policy discloses about a person follows from class and marks, looked up once per distinct pair of the two.

use super::contexts::{BITS, Contexts, NONE, Plane};
use super::cube::{Axis, AxisLengths, Cube};
use super::exceedance::{ExceedanceTotals, Orders};
use super::first::{First, FirstTotals};
use super::grouping::GroupingSets;
use super::marks::Marks;
use super::score::ScoreScale;
use super::signature_counts::{Disclosed, MarkedPeople, PersonCounts, count_class};
use super::way::ThroughOthers;
use crate::policy::Compiled;
use crate::scenario::Scenario;
use crate::simd::each_bit;
use crate::traffic::{Batch, Shape};

/// Counts of people, by what the tables split.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReachTotals {
    /// People exposed.
    pub people: Cube<4>,
    /// People exposed by category.
    pub by_category: Cube<4>,
    /// People by number of categories disclosed.
    pub depth: Cube<4>,
    /// People exposed by day.
    pub daily: Cube<4>,
    /// What is held about people through others.
    pub through_others: Cube<4>,
    /// People exposed by score.
    pub score: Cube<4>,
    /// All people.
    pub population: Cube<1>,
    /// People who left the service.
    pub left: Cube<1>,
    /// Those of them about whom something was disclosed after they had left.
    pub exposed_after_leaving: Cube<3>,
}

/// Marks the people of the community at hand.
#[derive(Debug)]
pub struct Reach<'a> {
    compiled: &'a Compiled,
    contexts: &'a Contexts,
    orders: &'a Orders,
    days: u32,
    scopes: GroupingSets,
    /// First class of the jurisdiction at hand, and number of its classes.
    home: (usize, usize),
    people: usize,
    /// Words of marks of the day; after the last person stands nobody, who takes the marks of people elsewhere.
    day_marks: Vec<Vec<u16>>,
    /// Those of people who have left, once the day ends.
    day_marks_left: Vec<Vec<u16>>,
    /// Marks of all days.
    ever: Marks,
    /// Marks of each of the orders' spans of days.
    spans: Vec<Marks>,
    /// Local people who have left the service.
    gone: Vec<u32>,
    counts: PersonCounts,
    first: First<'a>,
    score: ScoreScale,
    /// What was counted so far.
    totals: ReachTotals,
}

impl<'a> Reach<'a> {
    /// Counters of a run.
    pub fn new(
        scenario: &Scenario,
        compiled: &'a Compiled,
        contexts: &'a Contexts,
        orders: &'a Orders,
        lengths: AxisLengths,
    ) -> Self {
        let masks = compiled.policies * (compiled.purposes + 1) * compiled.layers();
        Reach {
            compiled,
            contexts,
            orders,
            days: scenario.days,
            scopes: GroupingSets::new(scenario.jurisdictions.len()),
            home: (0, 0),
            people: 0,
            day_marks: vec![Vec::new(); contexts.words()],
            day_marks_left: vec![Vec::new(); if contexts.leaves() { contexts.words() } else { 0 }],
            ever: Marks::new(contexts),
            spans: vec![Marks::new(contexts); orders.spans().len()],
            gone: Vec::new(),
            counts: PersonCounts::new(contexts, masks),
            first: First::new(scenario, compiled, contexts, lengths),
            score: ScoreScale::new(scenario),
            totals: ReachTotals::zeros(lengths),
        }
    }

    /// What was counted.
    pub fn into_totals(self) -> (ReachTotals, FirstTotals) {
        (self.totals, self.first.totals)
    }

    /// Turns to a community. `class` is the merged class of each slot, the first `people` are its own; `home` the first class of its
    /// jurisdiction, and the number of its classes.
    pub fn begin(&mut self, class: &[u16], people: u32, home: (usize, usize)) {
        self.people = people as usize;
        self.home = home;
        self.gone.clear();
        self.counts.begin();
        self.first.begin();
        for marks in self.day_marks.iter_mut().chain(&mut self.day_marks_left) {
            marks.clear();
            // Kernels index people by 16 bits.
            marks.resize((self.people + 1).max(1 << 16), 0);
        }
        self.ever.clear();
        for c in home.0..home.0 + home.1 {
            self.totals.population[[c]] += count_class(&class[..self.people], c as u16);
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

    /// The marks of the day by local person, if its period takes one word.
    pub fn marks(&mut self) -> &mut [u16] {
        &mut self.day_marks[0]
    }

    /// Moves today's marks of those who left to where they mean what is disclosed about somebody who left. Gives whether there are any.
    fn move_marks_of_gone(&mut self) -> bool {
        let mut any = 0;
        for (today, left) in self.day_marks.iter_mut().zip(&mut self.day_marks_left) {
            for &slot in &self.gone {
                let marks = std::mem::take(&mut today[slot as usize]);
                left[slot as usize] = marks;
                any |= marks;
            }
        }
        any != 0
    }

    #[inline(always)]
    fn mark(&mut self, slot: u32, context: u32) {
        if context != NONE {
            let person = (slot as usize).min(self.people);
            self.day_marks[context as usize / BITS][person] |= 1 << (context as usize % BITS);
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
        let any_left = self.move_marks_of_gone();
        let Reach { compiled, contexts, orders, scopes, home, .. } = *self;
        let (layers, purposes) = (compiled.layers(), compiled.purposes);
        let planes = contexts.planes_of(compiled.period_of(day));
        let class = &class[..self.people];
        for left in [false, true] {
            if left && !any_left {
                continue;
            }
            let today = if left { &mut self.day_marks_left } else { &mut self.day_marks };
            let planes = planes.iter().map(|&number| Plane { number, left });
            let (daily, first) = (&mut self.totals.daily, &mut self.first);
            let words: Vec<_> = planes.clone().zip(today.iter().map(|words| &words[..])).collect();
            first.day(day, (class, &words), &self.ever);
            self.counts.count(&MarkedPeople { home, class, words }, compiled, contexts, |class, disclosed, people| {
                first.add(day, class, disclosed, people);
                let masks = disclosed.masks;
                for (cell, _) in masks.iter().step_by(layers).enumerate().filter(|(_, m)| **m != 0) {
                    let (policy, purpose) = (cell / (purposes + 1), cell % (purposes + 1));
                    let group = scopes.group(&compiled.classes[class], Some(purpose).filter(|&p| p < purposes));
                    daily[[day as usize, policy, purpose, group]] += people;
                }
                exceedance.add_day(orders, day, (class, &compiled.classes[class]), masks, layers, people);
            });
            for (plane, today) in planes.zip(today) {
                for (_, marks) in orders.spans().iter().zip(&mut self.spans).filter(|(days, _)| days.contains(&day)) {
                    marks.add(plane, today);
                }
                self.ever.take(plane, today);
            }
        }
        for (days, marks) in orders.spans().iter().zip(&mut self.spans).filter(|(days, _)| day + 1 == days.end) {
            self.counts.count(
                &MarkedPeople { home, class, words: marks.words() },
                compiled,
                contexts,
                |class, disclosed, n| {
                    let class = (class, &compiled.classes[class]);
                    exceedance.add_span(orders, days, class, disclosed.masks, layers, n);
                },
            );
            marks.clear();
        }
    }

    /// Counts the people of the community over all days.
    pub fn end_community(&mut self, class: &[u16], exceedance: &mut ExceedanceTotals) {
        let Reach { compiled, contexts, orders, scopes, days, home, .. } = *self;
        let score = &self.score;
        let (layers, purposes) = (compiled.layers(), compiled.purposes);
        let totals = &mut self.totals;
        let words = self.ever.words();
        if !self.gone.is_empty() {
            for &slot in &self.gone {
                totals.left[[usize::from(class[slot as usize])]] += 1;
            }
            let (class, words) =
                (&class[..self.people], words.iter().copied().filter(|(plane, _)| plane.left).collect());
            let exposed = &mut totals.exposed_after_leaving;
            self.counts.count(&MarkedPeople { home, class, words }, compiled, contexts, |class, disclosed, people| {
                for (cell, _) in disclosed.masks.iter().step_by(layers).enumerate().filter(|(_, mask)| **mask != 0) {
                    exposed[[cell / (purposes + 1), cell % (purposes + 1), class]] += people;
                }
            });
        }
        let mut add = |class: usize, disclosed: Disclosed, people: u64| {
            for (at, &mask) in disclosed.masks.iter().enumerate().filter(|(_, m)| **m != 0) {
                let (cell, layer) = (at / layers, at % layers);
                let (policy, purpose) = (cell / (purposes + 1), cell % (purposes + 1));
                totals.people[[policy, purpose, layer, class]] += people;
                each_bit(mask.into(), |category| {
                    totals.by_category[[policy, purpose, layer, category]] += people;
                });
                if layer == 0 {
                    totals.depth[[policy, purpose, class, mask.count_ones() as usize - 1]] += people;
                    let others = ThroughOthers::of(mask, disclosed.by_own_acts[at], disclosed.by_others[at]);
                    for (through, n) in others.into_iter().enumerate().filter(|(_, n)| *n > 0) {
                        totals.through_others[[policy, purpose, class, through]] += n * people;
                    }
                    let group = scopes.group(&compiled.classes[class], Some(purpose).filter(|&p| p < purposes));
                    totals.score[[policy, purpose, group, score.score(mask)]] += people;
                }
            }
            exceedance.add_run(orders, days, (class, &compiled.classes[class]), disclosed.masks, layers, people);
        };
        // The only day is the run.
        if let &[(plane, _)] = &words[..]
            && days == 1
            && self.counts.again(plane, &mut add)
        {
            return;
        }
        self.counts.count(&MarkedPeople { home, class: &class[..self.people], words }, compiled, contexts, add);
    }
}

/// What is marked already in the audience at hand. A conversation addresses the same people many times: its first event marks
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
    /// Number of counters.
    pub(super) fn counters(&self) -> usize {
        let people = [&self.people, &self.by_category, &self.depth, &self.daily];
        let all = people.into_iter().chain([&self.through_others, &self.score]).map(Cube::len);
        let left = self.left.len() + self.exposed_after_leaving.len();
        self.population.len() + left + all.sum::<usize>()
    }

    pub(super) fn zeros(lengths: AxisLengths) -> Self {
        ReachTotals {
            people: lengths.zeros([Axis::Policy, Axis::PurposeOrAll, Axis::Layer, Axis::Class]),
            by_category: lengths.zeros([Axis::Policy, Axis::PurposeOrAll, Axis::Layer, Axis::Category]),
            depth: lengths.zeros([Axis::Policy, Axis::PurposeOrAll, Axis::Class, Axis::Depth]),
            daily: lengths.zeros([Axis::Day, Axis::Policy, Axis::PurposeOrAll, Axis::Group]),
            through_others: lengths.zeros([Axis::Policy, Axis::PurposeOrAll, Axis::Class, Axis::ThroughOthers]),
            score: lengths.zeros([Axis::Policy, Axis::PurposeOrAll, Axis::Group, Axis::Score]),
            population: lengths.zeros([Axis::Class]),
            left: lengths.zeros([Axis::Class]),
            exposed_after_leaving: lengths.zeros([Axis::Policy, Axis::PurposeOrAll, Axis::Class]),
        }
    }

    /// Adds what another worker counted.
    pub fn merge(&mut self, other: &ReachTotals) {
        self.people.merge(&other.people);
        self.by_category.merge(&other.by_category);
        self.depth.merge(&other.depth);
        self.daily.merge(&other.daily);
        self.through_others.merge(&other.through_others);
        self.score.merge(&other.score);
        self.population.merge(&other.population);
        self.left.merge(&other.left);
        self.exposed_after_leaving.merge(&other.exposed_after_leaving);
    }
}
