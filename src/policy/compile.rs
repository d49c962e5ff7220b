//! Policies compiled to tables: what is disclosed, by period, purpose, kind, role, subject and actor.
//!
//! What no rule tells apart is one: contexts (period, purpose, kind, role) in which the same rules can match share a
//! block; in a block, states of people that the same rules match share a group. So a table's size depends on what its
//! rules say, not on how many kinds, purposes or jurisdictions there are.

use std::collections::HashMap;

use super::decide::flows;
use super::rule_index::{Block, SubjectState, TooMuch, Work, actor_state};
use super::table::{PolicyTable, layers};
use crate::population::{Classes, PersonClass};
use crate::scenario::{Kind, Resolution, Rule, Scenario};

/// All policies of a run as tables over the classes that they, or the tables of results, can tell apart.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// Policies.
    pub policies: usize,
    /// Purposes.
    pub purposes: usize,
    /// How exactly values are let out by some policy, fine to coarse; exact is the first always.
    pub resolutions: Vec<Resolution>,
    /// A person class of each merged class: jurisdiction, membership and objections are those of all.
    pub classes: Vec<PersonClass>,
    /// Merged class of each class of the population.
    pub merged: Vec<u16>,
    /// Merged class after leaving the service, by merged class; the class itself for those who stay.
    pub left: Vec<u16>,
    /// Actor group of each merged class: as actors, classes of a group are alike.
    pub actor_group: Vec<u16>,
    /// A merged class of each actor group.
    actors: Vec<u16>,
    /// First days of the spans of days in which no rule begins or ends.
    pub periods: Vec<u32>,
    /// Distinct tables; policies that decide alike share one.
    tables: Vec<PolicyTable>,
    /// Table of each policy.
    table_of: Vec<u32>,
    /// Masks of flows by purpose and kind: about counterparties, about actors.
    flows: Vec<[u32; 2]>,
    /// State by class and purpose: as subject, as actor.
    states: Vec<[u16; 2]>,
}

/// Most masks of the contexts of a run: 256 MiB.
pub const MAX_TABLE: u64 = 1 << 26;

impl Compiled {
    /// Compiles the policies of a scenario, whatever it takes: [`Compiled::within`] finds out before.
    pub fn new(scenario: &Scenario, classes: &Classes) -> Self {
        match Self::within(scenario, classes, &mut Work::unbounded()) {
            Ok(compiled) => compiled,
            // Nobody can do that much.
            Err(TooMuch) => unreachable!("unbounded work is never too much"),
        }
    }

    /// Compiles the policies of a scenario.
    ///
    /// # Errors
    /// If that is more work than is left.
    pub fn within(scenario: &Scenario, classes: &Classes, work: &mut Work) -> Result<Self, TooMuch> {
        let resolutions = Self::resolutions(scenario);
        let periods = Self::period_starts(scenario);
        let purposes = scenario.purposes.len();
        let (tables, table_of) = distinct_tables(scenario, &periods, &resolutions, work)?;
        let flows = (0..purposes)
            .flat_map(|p| (0..Kind::COUNT).map(move |k| [false, true].map(|actor| flows(scenario, p, k, actor))))
            .collect();
        let mut compiled = Compiled {
            policies: scenario.policies.len(),
            purposes,
            resolutions,
            classes: Vec::new(),
            merged: Vec::new(),
            left: Vec::new(),
            actor_group: Vec::new(),
            actors: Vec::new(),
            periods,
            tables,
            table_of,
            flows,
            states: Vec::new(),
        };
        compiled.merge(classes, work)?;
        Ok(compiled)
    }

    /// Classes that no table and no split of results tells apart become one; then groups of classes alike as actors.
    fn merge(&mut self, classes: &Classes, work: &mut Work) -> Result<(), TooMuch> {
        // Distinct blocks with the purposes that they are used for: most contexts share them.
        let mut used: Vec<(usize, usize, u32, bool)> = Vec::new();
        for (t, table) in self.tables.iter().enumerate() {
            for (i, &[concerned, acting]) in table.of.iter().enumerate() {
                let purpose = i / Kind::COUNT % self.purposes;
                used.extend([(purpose, t, concerned, false), (purpose, t, acting, true)]);
            }
        }
        used.sort_unstable();
        used.dedup();
        let used: Vec<(usize, &Block, bool)> =
            used.into_iter().map(|(p, t, b, acting)| (p, &self.tables[t].blocks[b as usize], acting)).collect();
        work.take(used.len().saturating_mul(classes.all().len()))?;
        let mut number: HashMap<(PersonClass, Vec<u16>), u16> = HashMap::new();
        let mut order: Vec<(PersonClass, Vec<u16>)> = Vec::new();
        let mut first: Vec<u16> = Vec::new();
        for (index, class) in classes.all().iter().enumerate() {
            let later = &classes.all()[usize::from(classes.left(index as u16))];
            let mut told = Vec::with_capacity(used.len() * 2);
            for (purpose, block, acting) in &used {
                told.push(block.subject[SubjectState::of_class(class, *purpose).number()]);
                if !acting && class.has_account() {
                    told.push(block.actor[actor_state(class, *purpose)]);
                }
                if later != class {
                    told.push(block.subject[SubjectState::of_class(later, *purpose).number()]);
                }
            }
            // Results are split by jurisdiction, membership and objections.
            let split = PersonClass { parent_account: false, minor: false, agrees: 0, ..*class };
            let next = order.len() as u16;
            let merged = *number.entry((split, told)).or_insert_with_key(|(_, told)| {
                order.push((*class, told.clone()));
                next
            });
            first.push(merged);
        }
        // Those who act come first in each jurisdiction.
        let mut sorted: Vec<usize> = (0..order.len()).collect();
        sorted.sort_by_key(|&i| (order[i].0.jurisdiction, !order[i].0.has_account()));
        let mut place = vec![0u16; order.len()];
        for (at, &i) in sorted.iter().enumerate() {
            place[i] = at as u16;
        }
        let representatives: Vec<PersonClass> = sorted.iter().map(|&i| order[i].0).collect();
        let merged: Vec<u16> = first.iter().map(|&i| place[usize::from(i)]).collect();
        let mut left: Vec<u16> = (0..representatives.len() as u16).collect();
        for (index, &class) in merged.iter().enumerate() {
            left[usize::from(class)] = merged[usize::from(classes.left(index as u16))];
        }
        let mut groups: HashMap<Vec<u16>, u16> = HashMap::new();
        let mut actors = Vec::new();
        let actor_group = representatives
            .iter()
            .enumerate()
            .map(|(i, class)| {
                // Who never acts may be in any group.
                if !class.has_account() {
                    return 0;
                }
                let as_actor = |(p, block, _): &(usize, &Block, bool)| block.actor[actor_state(class, *p)];
                let told: Vec<u16> = used.iter().filter(|(.., acting)| !acting).map(as_actor).collect();
                *groups.entry(told).or_insert_with(|| {
                    actors.push(i as u16);
                    actors.len() as u16 - 1
                })
            })
            .collect();
        let states = representatives
            .iter()
            .flat_map(|c| {
                (0..self.purposes)
                    .map(move |p| [SubjectState::of_class(c, p).number() as u16, actor_state(c, p) as u16])
            })
            .collect();
        if actors.is_empty() {
            actors.push(0);
        }
        (self.classes, self.merged, self.left, self.actor_group) = (representatives, merged, left, actor_group);
        (self.actors, self.states) = (actors, states);
        Ok(())
    }

    /// How exactly the policies of a scenario let values out, fine to coarse; exact is the first always.
    pub fn resolutions(scenario: &Scenario) -> Vec<Resolution> {
        let rules = scenario.policies.iter().flat_map(|p| &p.rules);
        let mut all: Vec<Resolution> = rules.map(|r| r.resolution).chain([Resolution::Exact]).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Days of the run on which a rule of some policy begins or ends, and day 0.
    pub fn period_starts(scenario: &Scenario) -> Vec<u32> {
        period_starts(&scenario.policies.iter().flat_map(|p| &p.rules).collect::<Vec<_>>(), scenario)
    }

    /// Number of actor groups, at least 1.
    pub fn actor_groups(&self) -> usize {
        self.actors.len()
    }

    /// Layers of a mask: what is let out at all, then, if there are several resolutions, at each of them.
    pub fn layers(&self) -> usize {
        layers(&self.resolutions)
    }

    /// The period of a day of the run.
    pub fn period_of(&self, day: u32) -> usize {
        self.periods.partition_point(|&first| first <= day) - 1
    }

    /// Mask of what is disclosed about an actor, in a layer.
    #[inline]
    pub fn actor_mask(&self, at: DecisionIndex, class: usize, layer: usize) -> u32 {
        let [state, _] = self.states[class * self.purposes + at.purpose];
        // In a block of actors, the actor is the subject: there is one group.
        self.mask(at, true, usize::from(state), 0, layer)
    }

    /// Mask of what is disclosed about a counterparty of an actor of this group, in a layer.
    #[inline]
    pub fn counterparty_mask(&self, at: DecisionIndex, actor_group: usize, class: usize, layer: usize) -> u32 {
        let [state, _] = self.states[class * self.purposes + at.purpose];
        let [_, actor] = self.states[usize::from(self.actors[actor_group]) * self.purposes + at.purpose];
        self.mask(at, false, usize::from(state), usize::from(actor), layer)
    }

    #[inline]
    fn mask(&self, at: DecisionIndex, acting: bool, subject: usize, actor: usize, layer: usize) -> u32 {
        let flow = self.flows[at.purpose * Kind::COUNT + at.kind][usize::from(acting)];
        if flow == 0 {
            return 0;
        }
        let table = &self.tables[self.table_of[at.policy] as usize];
        let of = table.of[(at.period * self.purposes + at.purpose) * Kind::COUNT + at.kind][usize::from(acting)];
        let row = table.blocks[of as usize].cell(subject, actor) as usize;
        table.rows[row * self.layers() + layer] & flow
    }

    /// What the masks of a context follow from, of every distinct table and purpose: equal keys, equal masks. `actor_group` is that of the
    /// actors whose counterparties are meant; none, if the actors themselves are.
    pub fn context_key(&self, period: usize, kind: usize, actor_group: Option<usize>) -> Vec<u32> {
        let acting = usize::from(actor_group.is_none());
        let mut key = Vec::with_capacity(self.purposes * (1 + 2 * self.tables.len()));
        for purpose in 0..self.purposes {
            let flow = self.flows[purpose * Kind::COUNT + kind][acting];
            key.push(flow);
            if flow == 0 {
                continue;
            }
            let actor = actor_group
                .map_or(0, |g| usize::from(self.states[usize::from(self.actors[g]) * self.purposes + purpose][1]));
            for table in &self.tables {
                let of = table.of[(period * self.purposes + purpose) * Kind::COUNT + kind][acting];
                key.extend([of, u32::from(table.blocks[of as usize].actor[actor])]);
            }
        }
        key
    }

    /// Masks of a context: by class, policy, purpose and layer.
    pub fn context_masks(&self, period: usize, kind: usize, actor_group: Option<usize>) -> Box<[u32]> {
        let layers = self.layers();
        let width = self.purposes * layers;
        let mut masks = Vec::with_capacity(self.classes.len() * self.policies * width);
        let mut of_tables = vec![0; self.tables.len() * width];
        // A policy of each table.
        let mut policy_of = vec![0; self.tables.len()];
        for (policy, &table) in self.table_of.iter().enumerate() {
            policy_of[table as usize] = policy;
        }
        for class in 0..self.classes.len() {
            for (cells, &policy) in of_tables.chunks_exact_mut(width).zip(&policy_of) {
                for (i, cell) in cells.iter_mut().enumerate() {
                    let at = DecisionIndex { period, policy, purpose: i / layers, kind };
                    *cell = match actor_group {
                        None => self.actor_mask(at, class, i % layers),
                        Some(group) => self.counterparty_mask(at, group, class, i % layers),
                    };
                }
            }
            for &table in &self.table_of {
                masks.extend_from_slice(&of_tables[table as usize * width..][..width]);
            }
        }
        masks.into()
    }

    /// Masks that contexts of reach take: every actor group and kind, in every period, for every class.
    pub fn all_context_masks(&self) -> u64 {
        let contexts = self.periods.len() * Kind::COUNT * (self.actor_groups() + 1);
        (contexts * self.classes.len() * self.policies * self.purposes) as u64
    }
}

/// The tables of all policies, each distinct one once, and the table of each policy.
fn distinct_tables(
    scenario: &Scenario,
    periods: &[u32],
    resolutions: &[Resolution],
    work: &mut Work,
) -> Result<(Vec<PolicyTable>, Vec<u32>), TooMuch> {
    // Policies that say the same need not be compiled twice; of those that do not, tables may still come out equal.
    let mut of_rules: HashMap<&[Rule], u32> = HashMap::new();
    let mut number: HashMap<PolicyTable, u32> = HashMap::new();
    let mut of = Vec::with_capacity(scenario.policies.len());
    for policy in &scenario.policies {
        let known = of_rules.get(&*policy.rules).copied();
        let table = match known {
            Some(table) => table,
            None => {
                let next = number.len() as u32;
                let table = PolicyTable::within(scenario, policy, periods, resolutions, work)?;
                *number.entry(table).or_insert(next)
            }
        };
        of_rules.insert(&policy.rules, table);
        of.push(table);
    }
    let mut tables: Vec<(u32, PolicyTable)> = number.into_iter().map(|(table, n)| (n, table)).collect();
    tables.sort_unstable_by_key(|&(n, _)| n);
    Ok((tables.into_iter().map(|(_, table)| table).collect(), of))
}

/// A policy's decision, the people aside.
#[derive(Clone, Copy, Debug)]
pub struct DecisionIndex {
    /// Index of the period.
    pub period: usize,
    /// Index of the policy.
    pub policy: usize,
    /// Index of the purpose.
    pub purpose: usize,
    /// Number of the kind.
    pub kind: usize,
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
