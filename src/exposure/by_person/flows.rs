//! What was counted person by person, added up by class.

use std::collections::HashMap;

use super::act_counts::Role;
use crate::policy::Compiled;
use crate::scenario::Kind;

const KINDS: usize = Kind::COUNT;

/// Flows, and people, by class: integers that merge by addition. No policy is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonFlows {
    groups: usize,
    /// Numbers of a class.
    width: usize,
    /// Acts by class; then period, kind, role.
    acts: Vec<u64>,
    /// People by class and by the marks that they have over the run, a word a plane.
    people: HashMap<(u16, Box<[u16]>), u64>,
}

impl PersonFlows {
    /// Nothing, of so many classes.
    pub(super) fn new(compiled: &Compiled, classes: usize) -> Self {
        let (groups, width) = (compiled.actor_groups(), Self::width(compiled));
        PersonFlows { groups, width, acts: vec![0; classes * width], people: HashMap::new() }
    }

    /// Numbers that are kept of each class.
    pub fn width(compiled: &Compiled) -> usize {
        compiled.periods.len() * KINDS * (1 + compiled.actor_groups())
    }

    /// Where a number of a class stands.
    pub(super) fn slot(&self, period: usize, kind: usize, role: Role) -> usize {
        let role = match role {
            Role::Actor => 0,
            Role::Counterparty { group } => 1 + group,
        };
        (period * KINDS + kind) * (1 + self.groups) + role
    }

    /// What a slot stands for: period, kind, role.
    pub(super) fn of_slot(&self, slot: usize) -> (usize, usize, Role) {
        let (at, role) = (slot / (1 + self.groups), slot % (1 + self.groups));
        let role = role.checked_sub(1).map_or(Role::Actor, |group| Role::Counterparty { group });
        (at / KINDS, at % KINDS, role)
    }

    /// Adds numbers of people of these classes.
    pub(super) fn add(&mut self, slot: usize, class: &[u16], numbers: &[u32]) {
        for (&class, &n) in class.iter().zip(numbers) {
            self.acts[usize::from(class) * self.width + slot] += u64::from(n);
        }
    }

    /// Adds people of a class with these marks.
    pub(super) fn add_people(&mut self, class: u16, marks: &[u16], n: u64) {
        *self.people.entry((class, marks.into())).or_default() += n;
    }

    /// Adds what another worker counted.
    pub fn merge(&mut self, other: PersonFlows) {
        for (sum, n) in self.acts.iter_mut().zip(other.acts) {
            *sum += n;
        }
        for (of, n) in other.people {
            *self.people.entry(of).or_default() += n;
        }
    }

    /// Acts of each class, by slot.
    pub(super) fn acts(&self) -> impl Iterator<Item = &[u64]> {
        self.acts.chunks(self.width)
    }

    /// People by class and marks, in no order.
    pub(super) fn people(&self) -> impl Iterator<Item = (u16, &[u16], u64)> {
        self.people.iter().map(|((class, marks), &n)| (*class, &**marks, n))
    }
}
