//! Policies compiled to tables: (class, kind, period) to a mask of categories per policy and purpose.

use std::collections::HashMap;

use super::rule::{Role, Setting, disclosed};
use crate::scenario::{Choice, ChoiceOf, Kind, Rule, Scenario};
use crate::world::{Classes, PersonClass};

/// All policies of a run as tables over the classes that they, or the tables of results, can tell apart.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// Policies.
    pub policies: usize,
    /// Purposes.
    pub purposes: usize,
    /// A person class of each merged class: its jurisdiction, being a user and objections are those of all.
    pub classes: Vec<PersonClass>,
    /// Merged class of each class of the world.
    pub merged: Vec<u16>,
    /// Actor group of each merged class: as actors, classes of a group are alike.
    pub actor_group: Vec<u16>,
    /// Number of actor groups, at least 1.
    pub actor_groups: usize,
    /// Spans of days in which no rule begins or ends.
    pub periods: Vec<Period>,
}

/// The tables of a span of days.
#[derive(Clone, Debug)]
pub struct Period {
    /// First day of the run that it holds on.
    pub first_day: u32,
    /// Masks about actors: policy, purpose, kind, class.
    actor: Vec<u32>,
    /// Masks about counterparties: policy, purpose, kind, actor group, class.
    counterparty: Vec<u32>,
}

/// Most entries of the tables of a run: 256 MiB.
pub const MAX_TABLE: u64 = 1 << 26;

/// Entries of the tables that the policies of a scenario would compile to.
pub fn table_entries(scenario: &Scenario, classes: &Classes) -> u64 {
    let rules: Vec<&Rule> = scenario.policies.iter().flat_map(|p| &p.rules).collect();
    let (representatives, _) = merge_classes(&rules, classes);
    let (groups, _) = actor_groups(&rules, &representatives, scenario);
    let cells = scenario.policies.len() * scenario.purposes.len() * Kind::COUNT * period_starts(&rules, scenario).len();
    cells as u64 * (groups.len() as u64 + 1) * representatives.len() as u64
}

impl Compiled {
    /// Compiles the policies of a scenario.
    pub fn new(scenario: &Scenario, classes: &Classes) -> Self {
        let rules: Vec<&Rule> = scenario.policies.iter().flat_map(|p| &p.rules).collect();
        let (representatives, merged) = merge_classes(&rules, classes);
        let (groups, fine_group) = actor_groups(&rules, &representatives, scenario);
        let mut compiled = Compiled {
            policies: scenario.policies.len(),
            purposes: scenario.purposes.len(),
            classes: representatives,
            merged,
            actor_group: fine_group,
            actor_groups: groups.len(),
            periods: Vec::new(),
        };
        for first_day in period_starts(&rules, scenario) {
            let period = compiled.compile_period(scenario, first_day, &groups);
            compiled.periods.push(period);
        }
        compiled.merge_actor_groups();
        compiled
    }

    fn compile_period(&self, scenario: &Scenario, first_day: u32, groups: &[PersonClass]) -> Period {
        let date = scenario.date(first_day);
        let (mut actor, mut counterparty) = (Vec::new(), Vec::new());
        for policy in &scenario.policies {
            for (purpose, p) in scenario.purposes.iter().enumerate() {
                for kind in Kind::ALL {
                    let collects = &scenario.kinds[kind as usize];
                    let mask = |role, subject, actor| {
                        let setting = Setting { purpose, kind, role, subject, actor, date };
                        disclosed(policy, collects, p, &setting)
                    };
                    // A non-user never acts.
                    actor.extend(self.classes.iter().map(|c| if c.user { mask(Role::Actor, c, c) } else { 0 }));
                    for group in groups {
                        counterparty.extend(self.classes.iter().map(|c| mask(Role::Counterparty, c, group)));
                    }
                }
            }
        }
        Period { first_day, actor, counterparty }
    }

    /// Actor groups whose tables are equal in all periods become one.
    fn merge_actor_groups(&mut self) {
        let (n, g) = (self.classes.len(), self.actor_groups);
        let column = |group: usize| -> Vec<u32> {
            self.periods
                .iter()
                .flat_map(|p| p.counterparty.chunks(n).skip(group).step_by(g).flatten().copied())
                .collect()
        };
        let mut first_with: HashMap<Vec<u32>, u16> = HashMap::new();
        let mut keep: Vec<usize> = Vec::new();
        let new_group: Vec<u16> = (0..g)
            .map(|group| {
                *first_with.entry(column(group)).or_insert_with(|| {
                    keep.push(group);
                    keep.len() as u16 - 1
                })
            })
            .collect();
        for period in &mut self.periods {
            period.counterparty = period
                .counterparty
                .chunks(n * g)
                .flat_map(|cell| keep.iter().flat_map(|&k| &cell[k * n..(k + 1) * n]).copied().collect::<Vec<_>>())
                .collect();
        }
        for group in &mut self.actor_group {
            *group = new_group[usize::from(*group)];
        }
        self.actor_groups = keep.len();
    }

    /// The period of a day of the run.
    pub fn period_of(&self, day: u32) -> usize {
        self.periods.partition_point(|p| p.first_day <= day) - 1
    }

    /// Mask of what is disclosed about an actor.
    #[inline]
    pub fn actor_mask(&self, period: usize, policy: usize, purpose: usize, kind: usize, class: usize) -> u32 {
        let cell = (policy * self.purposes + purpose) * Kind::COUNT + kind;
        self.periods[period].actor[cell * self.classes.len() + class]
    }

    /// Mask of what is disclosed about a counterparty of an actor of this group.
    #[inline]
    pub fn counterparty_mask(
        &self,
        period: usize,
        policy: usize,
        purpose: usize,
        kind: usize,
        actor_group: usize,
        class: usize,
    ) -> u32 {
        let cell = (policy * self.purposes + purpose) * Kind::COUNT + kind;
        self.periods[period].counterparty[(cell * self.actor_groups + actor_group) * self.classes.len() + class]
    }

    /// The rows of all classes of counterparties in one setting.
    #[inline]
    pub fn counterparty_row(
        &self,
        period: usize,
        policy: usize,
        purpose: usize,
        kind: usize,
        actor_group: usize,
    ) -> &[u32] {
        let cell = (policy * self.purposes + purpose) * Kind::COUNT + kind;
        let n = self.classes.len();
        &self.periods[period].counterparty[(cell * self.actor_groups + actor_group) * n..][..n]
    }
}

/// Classes that no rule and no table of results tells apart become one. What tells apart: an attribute that some rule
/// constrains; and jurisdiction, being a user and objections, by which results are split.
pub(super) fn merge_classes(rules: &[&Rule], classes: &Classes) -> (Vec<PersonClass>, Vec<u16>) {
    let by_parent = rules.iter().any(|r| r.parent_account.is_some());
    let by_minor = rules.iter().any(|r| r.minor.is_some());
    let by_agrees = rules.iter().any(|r| matches!(r.choice, Some((Choice::Agrees, _))));
    let mut number: HashMap<PersonClass, u16> = HashMap::new();
    let mut representatives = Vec::new();
    let merged = classes
        .all()
        .iter()
        .map(|c| {
            let key = PersonClass {
                parent_account: c.parent_account && by_parent,
                minor: c.minor && by_minor,
                agrees: if by_agrees { c.agrees } else { 0 },
                ..*c
            };
            *number.entry(key).or_insert_with(|| {
                representatives.push(key);
                representatives.len() as u16 - 1
            })
        })
        .collect();
    (representatives, merged)
}

/// Groups of classes that are alike as actors of flows about others: a representative each, and the group of each class.
pub(super) fn actor_groups(
    rules: &[&Rule],
    classes: &[PersonClass],
    scenario: &Scenario,
) -> (Vec<PersonClass>, Vec<u16>) {
    let of_actor = |what: Choice| {
        rules.iter().any(|r| matches!(r.choice, Some((w, whose)) if w == what && whose != ChoiceOf::Subject))
    };
    let (by_objects, by_agrees) = (of_actor(Choice::Objects), of_actor(Choice::Agrees));
    let everywhere = u64::MAX >> (64 - scenario.jurisdictions.len());
    let by_jurisdiction = rules.iter().any(|r| r.actor_jurisdictions & everywhere != everywhere);
    let mut number: HashMap<(usize, u32, u32), u16> = HashMap::new();
    let mut representatives = Vec::new();
    let group = classes
        .iter()
        .map(|c| {
            let key = (
                if by_jurisdiction { c.jurisdiction } else { 0 },
                if by_objects { c.objects } else { 0 },
                if by_agrees { c.agrees } else { 0 },
            );
            *number.entry(key).or_insert_with(|| {
                representatives.push(*c);
                representatives.len() as u16 - 1
            })
        })
        .collect();
    (representatives, group)
}

/// Days of the run on which a rule begins or ends, and day 0.
pub(super) fn period_starts(rules: &[&Rule], scenario: &Scenario) -> Vec<u32> {
    let mut days: Vec<u32> = rules
        .iter()
        .flat_map(|r| [r.from, r.until])
        .flatten()
        .filter_map(|date| u32::try_from((date - scenario.start).num_days()).ok())
        .filter(|&day| day < scenario.days)
        .chain([0])
        .collect();
    days.sort_unstable();
    days.dedup();
    days
}
