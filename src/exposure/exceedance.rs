//! Exceedance: what a policy lets out that an order prohibits, before its notice, in its grace period, after its deadline.
//!
//! X_o = #{disclosures d: purpose, category and subject's jurisdiction of d in the scope of o}, split by the date of the
//! event. Besides: bytes, distinct people of a phase, and person-days (people distinct on each day, added over days). No
//! judgement: the order's status says what became of it.

use std::ops::Range;

use super::grouping::PopulationGroup;
use super::merge::add;
use crate::policy::Compiled;
use crate::population::PersonClass;
use crate::scenario::{Category, Scenario};
use crate::simd::ones;

/// Where a day lies between an order's dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Before the day of the notice.
    BeforeNotice,
    /// From the day of the notice, before the deadline.
    Grace,
    /// From the deadline.
    AfterDeadline,
}

impl Phase {
    /// All, in the order of time.
    pub const ALL: [Phase; 3] = [Phase::BeforeNotice, Phase::Grace, Phase::AfterDeadline];

    /// The word in tables.
    pub fn word(self) -> &'static str {
        match self {
            Phase::BeforeNotice => "before_notice",
            Phase::Grace => "grace",
            Phase::AfterDeadline => "after_deadline",
        }
    }
}

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

const PHASES: usize = Phase::ALL.len();
const POPULATIONS: usize = PopulationGroup::ALL.len();

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

/// What orders prohibit and policies let out: purposes, then all; populations as tables split them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExceedanceTotals {
    policies: usize,
    purposes: usize,
    orders: usize,
    /// Disclosed values: day, order, policy, purpose (then all), population.
    pub values: Vec<u64>,
    /// Their bytes, likewise.
    pub bytes: Vec<u64>,
    /// People exposed on the day, likewise.
    pub people: Vec<u64>,
    /// People exposed in a phase or in the whole run: phase (then the run), order, policy, purpose (then all), population.
    pub phases: Vec<u64>,
}

impl ExceedanceTotals {
    /// Counters of a run, all zero.
    pub fn new(scenario: &Scenario) -> Self {
        let (policies, purposes, orders) = (scenario.policies.len(), scenario.purposes.len(), scenario.orders.len());
        let cells = orders * policies * (purposes + 1) * POPULATIONS;
        let days = scenario.days as usize;
        ExceedanceTotals {
            policies,
            purposes,
            orders,
            values: vec![0; days * cells],
            bytes: vec![0; days * cells],
            people: vec![0; days * cells],
            phases: vec![0; (PHASES + 1) * cells],
        }
    }

    /// Index of the first population of a cell; `slice` is a day, or a phase.
    pub fn cell(&self, slice: usize, order: usize, policy: usize, purpose: usize) -> usize {
        (((slice * self.orders + order) * self.policies + policy) * (self.purposes + 1) + purpose) * POPULATIONS
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
                let i = self.cell(day, o, policy, p) + PopulationGroup::of(class.1, split) as usize;
                self.values[i] += values;
                self.bytes[i] += bytes;
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
                CountedOver::Run => PHASES,
            };
            for policy in 0..self.policies {
                let mut any = false;
                for purpose in (0..self.purposes).filter(|p| order.purposes >> p & 1 == 1) {
                    let mask = masks[(policy * (self.purposes + 1) + purpose) * layers] & order.categories;
                    if mask != 0 {
                        any = true;
                        let i =
                            self.cell(slice, o, policy, purpose) + PopulationGroup::of(class.1, Some(purpose)) as usize;
                        count.counter(self)[i] += people;
                    }
                }
                if any {
                    let i = self.cell(slice, o, policy, self.purposes) + PopulationGroup::of(class.1, None) as usize;
                    count.counter(self)[i] += people;
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

    /// Adds what another worker counted.
    pub fn merge(&mut self, other: &ExceedanceTotals) {
        add(&mut self.values, &other.values);
        add(&mut self.bytes, &other.bytes);
        add(&mut self.people, &other.people);
        add(&mut self.phases, &other.phases);
    }
}

/// What people are counted over.
enum CountedOver {
    Day(usize),
    Span(Range<u32>),
    Run,
}

impl CountedOver {
    fn counter<'a>(&self, totals: &'a mut ExceedanceTotals) -> &'a mut Vec<u64> {
        match self {
            CountedOver::Day(_) => &mut totals.people,
            CountedOver::Span(_) | CountedOver::Run => &mut totals.phases,
        }
    }
}
