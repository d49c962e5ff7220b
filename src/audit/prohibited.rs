//! What an order prohibits from its deadline on: how many such flows there are about each person it protects, and on each day, whoever would let them out.

use std::ops::Range;

use super::leak::Leak;
use crate::policy::{DayClasses, Filter, flows};
use crate::population::Community;
use crate::random::Domain;
use crate::scenario::{Kind, Order};
use crate::simulate::{Replay, Simulation, on_threads};
use crate::traffic::{Batch, Shape, Sink};

/// Flows that leak in one of the ways in question, at certainty (of a rate, those that may).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LeakedFlows {
    /// By person.
    pub about: Vec<u32>,
    /// By day, from the deadline on.
    pub on: Vec<u64>,
}

impl LeakedFlows {
    /// All of them.
    pub fn flows(&self) -> u64 {
        self.on.iter().sum()
    }

    /// People about whom there is at least one.
    pub fn people(&self) -> u64 {
        self.about.iter().filter(|&&n| n > 0).count() as u64
    }
}

/// Flows in the scope of an order, about everybody whom it protects, from the first day of the run on which it must be obeyed.
#[derive(Clone, Debug)]
pub struct ProhibitedFlows {
    /// People whom the order protects, users and others.
    pub people: u64,
    /// Days of the run from the deadline on.
    pub days: Range<u32>,
    /// What the policy lets out about these people on these days and the order does not prohibit.
    pub rest: u64,
    /// What leaks, for each way that was asked for.
    pub leaks: Vec<LeakedFlows>,
}

/// Counts them in the scenario's world, with policy number `policy`, on so many threads. The same on any number.
pub fn prohibited(run: &Simulation, policy: usize, order: &Order, leaks: &[Leak], threads: usize) -> ProhibitedFlows {
    let scenario = &run.scenario;
    let first = (order.deadline - scenario.start).num_days().clamp(0, i64::from(scenario.days)) as u32;
    let days = first..scenario.days;
    let layout = &run.population.layout;
    let protected = |number: &u32| order.jurisdictions >> layout.shape(*number).jurisdiction & 1 == 1;
    let communities: Vec<u32> = (0..layout.communities()).filter(protected).collect();
    // Strides, so that threads have as many large communities as small ones.
    let threads = threads.clamp(1, communities.len().max(1));
    let parts = on_threads(0..threads, |thread| {
        let mut replay = Replay::new(run);
        let mine = communities.iter().copied().skip(thread).step_by(threads);
        mine.map(|number| {
            let mut counter = Counter::new(run, policy, order, leaks, days.clone());
            // From the first day, since conversations run past midnight.
            replay.community(number, 0..scenario.days, &mut counter);
            (number, counter.counts)
        })
        .collect::<Vec<_>>()
    });
    let mut all: Vec<(u32, Counts)> = parts.into_iter().flatten().collect();
    all.sort_unstable_by_key(|part| part.0);
    let none = LeakedFlows { about: Vec::new(), on: vec![0; days.len()] };
    let mut sum = ProhibitedFlows { people: 0, days: days.clone(), rest: 0, leaks: vec![none; leaks.len()] };
    for (_, counts) in all {
        sum.people += u64::from(counts.people);
        sum.rest += counts.rest;
        for (sum, leaked) in sum.leaks.iter_mut().zip(counts.leaks) {
            sum.about.extend(leaked.about);
            sum.on.iter_mut().zip(leaked.on).for_each(|(sum, n)| *sum += n);
        }
    }
    sum
}

const KINDS: usize = Kind::COUNT;
/// Kinds, once for the actor and once for counterparties.
const CELLS: usize = 2 * KINDS;

/// What was counted of a community.
#[derive(Debug, Default)]
struct Counts {
    people: u32,
    rest: u64,
    leaks: Vec<LeakedFlows>,
}

/// Counts a community.
struct Counter<'a> {
    run: &'a Simulation,
    policy: usize,
    order: &'a Order,
    leaks: &'a [Leak],
    days: Range<u32>,
    /// Flows in the order's scope that an event has about a subject, by kind and role.
    in_scope: [u32; CELLS],
    class: DayClasses,
    period: usize,
    filter: Option<Filter>,
    /// Of each of the filter's rows: values in the order's scope, and others.
    values: Vec<(u32, u32)>,
    /// Acts of the day by person; kind and role.
    acts: Vec<u32>,
    /// What the policy itself lets out of the scope on the day, by person.
    by_policy: Vec<u32>,
    /// By leak that is about some people only: whether a person is one of them.
    chosen: Vec<Vec<bool>>,
    counts: Counts,
}

impl<'a> Counter<'a> {
    fn new(run: &'a Simulation, policy: usize, order: &'a Order, leaks: &'a [Leak], days: Range<u32>) -> Self {
        let mut in_scope = [0; CELLS];
        for (cell, n) in in_scope.iter_mut().enumerate() {
            let of =
                |purpose| (flows(&run.scenario, purpose, cell % KINDS, cell < KINDS) & order.categories).count_ones();
            *n = (0..run.scenario.purposes.len()).filter(|p| order.prohibits >> p & 1 == 1).map(of).sum();
        }
        Counter {
            run,
            policy,
            order,
            leaks,
            days,
            in_scope,
            class: DayClasses::default(),
            period: usize::MAX,
            filter: None,
            values: Vec::new(),
            acts: Vec::new(),
            by_policy: Vec::new(),
            chosen: Vec::new(),
            counts: Counts::default(),
        }
    }

    /// Turns to the rules of a day.
    fn turn_to(&mut self, day: u32) {
        let compiled = &self.run.compiled;
        let period = compiled.period_of(day);
        if period == self.period {
            return;
        }
        self.period = period;
        let filter = Filter::new(compiled, self.policy, period);
        let layers = filter.layers();
        let split = |row: &[u32]| {
            let purposes = row.chunks(layers).enumerate();
            purposes.fold((0, 0), |(within, others), (purpose, masks)| {
                let prohibited = if self.order.prohibits >> purpose & 1 == 1 { self.order.categories } else { 0 };
                let [a, b] = [masks[0] & prohibited, masks[0] & !prohibited].map(u32::count_ones);
                (within + a, others + b)
            })
        };
        self.values = (0..filter.rows()).map(|row| split(filter.row(row))).collect();
        self.filter = Some(filter);
    }

    /// Notes an act about a subject, and the row of the policy's decision.
    fn note(&mut self, slot: u32, cell: usize, row: u32) {
        if slot < self.counts.people {
            let (within, others) = self.values[row as usize];
            self.acts[slot as usize * CELLS + cell] += 1;
            self.by_policy[slot as usize] += within;
            self.counts.rest += u64::from(others);
        }
    }

    /// Adds the day to what leaks.
    fn fold(&mut self, day: usize) {
        let Counter { leaks, in_scope, acts, by_policy, chosen, counts, .. } = self;
        let mut chosen = chosen.iter();
        for (leak, leaked) in leaks.iter().zip(&mut counts.leaks) {
            let among = if matches!(leak, Leak::People(_)) { chosen.next() } else { None };
            let of = |person: usize| -> u32 {
                let acts = &acts[person * CELLS..][..CELLS];
                let flows = |cell: usize| acts[cell] * in_scope[cell];
                match leak {
                    Leak::Policy => by_policy[person],
                    Leak::Kind(kind) => flows(*kind as usize) + flows(KINDS + *kind as usize),
                    Leak::People(_) if !among.is_some_and(|among| among[person]) => 0,
                    Leak::All | Leak::Rate(_) | Leak::People(_) => (0..CELLS).map(flows).sum(),
                }
            };
            for (person, about) in leaked.about.iter_mut().enumerate() {
                let n = of(person);
                *about = about.saturating_add(n);
                leaked.on[day] += u64::from(n);
            }
        }
    }
}

impl Sink for Counter<'_> {
    fn begin_community(&mut self, community: &Community) {
        let people = community.shape.people;
        self.counts.people = people;
        let zeros = LeakedFlows { about: vec![0; people as usize], on: vec![0; self.days.len()] };
        self.counts.leaks = vec![zeros; self.leaks.len()];
        self.acts.resize(people as usize * CELLS, 0);
        self.by_policy.resize(people as usize, 0);
        self.class.begin(&self.run.compiled, community);
        let key = self.run.population.key;
        let number = |local: u32| self.run.population.layout.number(community.shape.number, local);
        // Whoever is among few is among many: the same number decides at every share.
        let drawn = |local: u32| (key.block(Domain::Audit, number(local), 0, 0)[0] >> 11) as f64 / (1u64 << 53) as f64;
        let shares =
            self.leaks.iter().filter_map(|leak| if let Leak::People(share) = leak { Some(*share) } else { None });
        self.chosen = shares.map(|share| (0..people).map(|local| drawn(local) < share).collect()).collect();
    }

    fn begin_day(&mut self, community: &Community, day: u32) {
        self.class.turn_to(&self.run.compiled, community, day, |_| {});
        if self.days.contains(&day) {
            self.turn_to(day);
            self.acts.fill(0);
            self.by_policy.fill(0);
        }
    }

    /// Before the deadline nothing is looked at: counts are the cheapest to make.
    fn counts(&self, day: u32) -> bool {
        day < self.days.start
    }

    fn batch(&mut self, _: &Community, day: u32, batch: &Batch) {
        if !self.days.contains(&day) {
            return;
        }
        let Some(filter) = self.filter.take() else { return };
        let class = std::mem::take(&mut self.class);
        let of = |slot: u32| usize::from(class.all()[slot as usize]);
        for i in 0..batch.len() {
            let (actor, target, kind) = (batch.actor[i], batch.target[i], usize::from(batch.kind[i]));
            // The actor of an incoming event lives elsewhere, and is counted there.
            if batch.shape != Shape::Incoming {
                self.note(actor, kind, filter.decide_actor(kind, of(actor)));
            }
            let others = match batch.shape {
                Shape::Pair | Shape::Incoming => std::slice::from_ref(&target),
                Shape::Audience => batch.audience(target),
                Shape::Solo => &[],
            };
            for &subject in others {
                if subject != actor && subject < self.counts.people {
                    self.note(subject, KINDS + kind, filter.decide_counterparty(kind, of(actor), of(subject)));
                }
            }
        }
        (self.class, self.filter) = (class, Some(filter));
    }

    fn end_day(&mut self, _: &Community, day: u32) {
        if self.days.contains(&day) {
            self.fold((day - self.days.start) as usize);
        }
    }
}
