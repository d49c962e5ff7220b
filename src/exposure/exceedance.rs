//! Exceedance: what a policy lets out that an order prohibits, before its notice, in its grace period, after its deadline.
//!
//! X_o = #{disclosures d: purpose, category and subject's jurisdiction of d in the scope of o}, split by the date of the
//! event. Besides: bytes, distinct people of a phase, and person-days (people distinct on each day, added over days). No
//! judgement: the order's status says what became of it.

use std::ops::Range;

use super::cube::{Axis, AxisLengths, Cube};
use super::grouping::PopulationGroup;
use super::phase::Phase;
use crate::policy::Compiled;
use crate::population::PersonClass;
use crate::scenario::{Category, Scenario};
use crate::simd::ones;

/// Orders as the counters need them.
#[derive(Clone, Debug, Default)]
pub struct Orders {
    orders: Vec<Scope>,
    /// Distinct spans of days, in some phase of some order, that are not the whole run.
    spans: Vec<Range<u32>>,
}

#[derive(Clone, Debug)]
struct Scope {
    purposes: u32,
    categories: u32,
    /// By merged class.
    protects: Vec<bool>,
    days: [Range<u32>; 3],
}

impl Orders {
    /// The orders of a scenario.
    pub fn new(scenario: &Scenario, compiled: &Compiled) -> Self {
        let orders: Vec<Scope> = scenario
            .orders
            .iter()
            .map(|o| {
                let day = |date: chrono::NaiveDate| {
                    (date - scenario.start).num_days().clamp(0, i64::from(scenario.days)) as u32
                };
                let (notice, deadline) = (day(o.notice), day(o.deadline));
                Scope {
                    purposes: o.prohibits,
                    categories: o.categories,
                    protects: compiled.classes.iter().map(|c| o.jurisdictions >> c.jurisdiction & 1 == 1).collect(),
                    days: [0..notice, notice..deadline, deadline..scenario.days],
                }
            })
            .collect();
        let mut spans: Vec<Range<u32>> = Vec::new();
        for days in orders.iter().flat_map(|o| &o.days) {
            if !days.is_empty() && *days != (0..scenario.days) && !spans.contains(days) {
                spans.push(days.clone());
            }
        }
        Orders { orders, spans }
    }

    /// Spans of days over which distinct people are to be counted, the whole run aside.
    pub fn spans(&self) -> &[Range<u32>] {
        &self.spans
    }

    /// Number of orders.
    pub fn len(&self) -> usize {
        self.orders.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.orders.is_empty()
    }

    /// Days of a phase of an order, from the first day of the run.
    pub fn days(&self, order: usize, phase: Phase) -> Range<u32> {
        self.orders[order].days[phase as usize].clone()
    }

    /// Whether an order prohibits a purpose.
    pub fn prohibits(&self, order: usize, purpose: usize) -> bool {
        self.orders[order].purposes >> purpose & 1 == 1
    }
}

/// Counters of a day of an order.
pub type ByDay = Cube<5>;
/// Counters of a phase of an order, and of the run.
pub type ByPhase = Cube<5>;

const BY_DAY: [Axis; 5] = [Axis::Day, Axis::Order, Axis::Policy, Axis::PurposeOrAll, Axis::Population];
const BY_PHASE: [Axis; 5] = [Axis::PhaseOrRun, Axis::Order, Axis::Policy, Axis::PurposeOrAll, Axis::Population];

/// What orders prohibit and policies let out: purposes, then all; populations as tables split them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExceedanceTotals {
    policies: usize,
    purposes: usize,
    /// Disclosed values.
    pub values: ByDay,
    /// Their bytes.
    pub bytes: ByDay,
    /// People exposed on the day.
    pub people: ByDay,
    /// People exposed in a phase or in the whole run.
    pub phases: ByPhase,
}

impl ExceedanceTotals {
    /// Counters of a run, all zero.
    pub fn new(scenario: &Scenario, lengths: AxisLengths) -> Self {
        ExceedanceTotals {
            policies: scenario.policies.len(),
            purposes: scenario.purposes.len(),
            values: lengths.zeros(BY_DAY),
            bytes: lengths.zeros(BY_DAY),
            people: lengths.zeros(BY_DAY),
            phases: lengths.zeros(BY_PHASE),
        }
    }

    /// Adds flows about people of a class, with the mask of what is disclosed.
    pub fn add_values(
        &mut self,
        orders: &Orders,
        categories: &[Category],
        at: (usize, usize, usize),
        class: (usize, &PersonClass),
        mask: u32,
        flows: u64,
    ) {
        let (day, policy, purpose) = at;
        for (o, order) in orders.orders.iter().enumerate() {
            let out = mask & order.categories;
            if out == 0 || !orders.prohibits(o, purpose) || !order.protects[class.0] {
                continue;
            }
            let values = flows * u64::from(out.count_ones());
            let bytes = ones(out.into()).map(|category| flows * u64::from(categories[category].bytes)).sum::<u64>();
            for (p, split) in [(purpose, Some(purpose)), (self.purposes, None)] {
                let at = [day, o, policy, p, PopulationGroup::of(class.1, split) as usize];
                self.values[at] += values;
                self.bytes[at] += bytes;
            }
        }
    }

    /// Adds people of a class, with the masks of what is disclosed by policy and purpose (then all), `layers` each.
    fn add_people(
        &mut self,
        orders: &Orders,
        count: CountedOver,
        class: (usize, &PersonClass),
        masks: &[u32],
        layers: usize,
        people: u64,
    ) {
        for (o, order) in orders.orders.iter().enumerate().filter(|(_, o)| o.protects[class.0]) {
            let slice = match &count {
                CountedOver::Day(day) => *day,
                CountedOver::Span(days) => match order.days.iter().position(|d| d == days) {
                    Some(phase) => phase,
                    None => continue,
                },
                CountedOver::Run => Phase::ALL.len(),
            };
            for policy in 0..self.policies {
                let mut any = false;
                for purpose in (0..self.purposes).filter(|p| order.purposes >> p & 1 == 1) {
                    let mask = masks[(policy * (self.purposes + 1) + purpose) * layers] & order.categories;
                    if mask != 0 {
                        any = true;
                        let population = PopulationGroup::of(class.1, Some(purpose)) as usize;
                        count.counter(self)[[slice, o, policy, purpose, population]] += people;
                    }
                }
                if any {
                    let at = [slice, o, policy, self.purposes, PopulationGroup::of(class.1, None) as usize];
                    count.counter(self)[at] += people;
                }
            }
        }
    }

    /// Adds people of a day.
    pub fn add_day(
        &mut self,
        orders: &Orders,
        day: u32,
        class: (usize, &PersonClass),
        masks: &[u32],
        layers: usize,
        people: u64,
    ) {
        self.add_people(orders, CountedOver::Day(day as usize), class, masks, layers, people);
    }

    /// Adds people of one of [`Orders::spans`].
    pub fn add_span(
        &mut self,
        orders: &Orders,
        days: &Range<u32>,
        class: (usize, &PersonClass),
        masks: &[u32],
        layers: usize,
        people: u64,
    ) {
        self.add_people(orders, CountedOver::Span(days.clone()), class, masks, layers, people);
    }

    /// Adds people of the whole run, which may be one phase.
    pub fn add_run(
        &mut self,
        orders: &Orders,
        days: u32,
        class: (usize, &PersonClass),
        masks: &[u32],
        layers: usize,
        people: u64,
    ) {
        self.add_people(orders, CountedOver::Run, class, masks, layers, people);
        self.add_people(orders, CountedOver::Span(0..days), class, masks, layers, people);
    }

    /// Number of counters.
    pub(super) fn counters(&self) -> usize {
        [&self.values, &self.bytes, &self.people, &self.phases].map(Cube::len).iter().sum()
    }

    /// Adds what another worker counted.
    pub fn merge(&mut self, other: &ExceedanceTotals) {
        self.values.merge(&other.values);
        self.bytes.merge(&other.bytes);
        self.people.merge(&other.people);
        self.phases.merge(&other.phases);
    }
}

/// What people are counted over.
enum CountedOver {
    Day(usize),
    Span(Range<u32>),
    Run,
}

impl CountedOver {
    fn counter<'a>(&self, totals: &'a mut ExceedanceTotals) -> &'a mut Cube<5> {
        match self {
            CountedOver::Day(_) => &mut totals.people,
            CountedOver::Span(_) | CountedOver::Run => &mut totals.phases,
        }
    }
}
