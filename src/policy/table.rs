//! A policy as a table: contexts (period, purpose, kind, role) in which the same rules can match share a block; in a block, states of
//! people that the same rules match share a group.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::decide::flows;
use super::rule_index::{ACTOR_STATES, Block, RuleIndex, SUBJECT_STATES, Sets, TooMuch, Work};
use crate::scenario::{Effect, Kind, Policy, Resolution, Rule, Scenario};

/// A policy as a table.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PolicyTable {
    pub(super) blocks: Vec<Block>,
    /// Block by period, purpose and kind: of counterparties, of actors.
    pub(super) of: Vec<[u32; 2]>,
    /// Masks of a row: what is let out at all, then at each resolution if there are several.
    pub(super) rows: Vec<u32>,
}

/// How large a compiled policy is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stats {
    /// Settings that a flow can have: period, purpose, kind, role, subject's and actor's state.
    pub cells: u64,
    /// Contexts (period, purpose, kind, role) that some rule tells apart.
    pub contexts: usize,
    /// Cells that are stored.
    pub stored: usize,
    /// Distinct rows: masks of what is let out.
    pub rows: usize,
    /// Bytes of the table.
    pub bytes: usize,
}

/// Layers of a mask: what is let out at all, then, if there are several resolutions, at each of them.
pub(super) fn layers(resolutions: &[Resolution]) -> usize {
    if resolutions.len() == 1 { 1 } else { resolutions.len() + 1 }
}

impl PolicyTable {
    /// Compiles a policy for periods that begin on these days of the run.
    ///
    /// # Errors
    /// If that is more work than is left.
    pub fn within(
        scenario: &Scenario,
        policy: &Policy,
        periods: &[u32],
        resolutions: &[Resolution],
        work: &mut Work,
    ) -> Result<Self, TooMuch> {
        let rules: Vec<&Rule> = policy.rules.iter().collect();
        let purposes = scenario.purposes.len();
        work.take(RuleIndex::work(&rules, scenario.jurisdictions.len()))?;
        let kernel = RuleIndex::new(&rules, purposes, scenario.jurisdictions.len(), &[]);
        let mut sets = Sets::default();
        let mut number: HashMap<(bool, Box<[u64]>), u32> = HashMap::new();
        let mut blocks = Vec::new();
        let mut of = Vec::with_capacity(periods.len() * purposes * Kind::COUNT);
        for &first in periods {
            let span = kernel.span_of(scenario.date(first));
            for purpose in 0..purposes {
                for kind in 0..Kind::COUNT {
                    let mut blocks_of = [0; 2];
                    for (of, actor) in blocks_of.iter_mut().zip([false, true]) {
                        work.take(kernel.of_context())?;
                        // Without a flow no rule can matter: all such contexts are one.
                        let mut context = kernel.context(span, purpose, kind, actor);
                        if flows(scenario, purpose, kind, actor) == 0 {
                            context.fill(0);
                        }
                        *of = match number.entry((actor, context)) {
                            Entry::Occupied(known) => *known.get(),
                            Entry::Vacant(new) => {
                                let next = blocks.len() as u32;
                                blocks.push(kernel.block_within(&new.key().1, actor, &mut sets, work)?);
                                *new.insert(next)
                            }
                        };
                    }
                    of.push(blocks_of);
                }
            }
        }
        let mut interned: HashMap<Vec<u32>, u32> = HashMap::new();
        let mut rows = Vec::new();
        let row_of: Vec<u32> = sets
            .all
            .iter()
            .map(|set| {
                let row = row(kernel.rules(set).map(|r| rules[r]), resolutions);
                let next = interned.len() as u32;
                *interned.entry(row).or_insert_with_key(|row| {
                    rows.extend(row);
                    next
                })
            })
            .collect();
        // Contexts that different rules match may still decide alike.
        let mut distinct: HashMap<Block, u32> = HashMap::new();
        let mut kept = Vec::new();
        let place: Vec<u32> = blocks
            .iter()
            .map(|b| {
                let next = kept.len() as u32;
                *distinct.entry(b.renumbered(|set| row_of[set as usize])).or_insert_with_key(|b| {
                    kept.push(b.clone());
                    next
                })
            })
            .collect();
        let of = of.into_iter().map(|pair: [u32; 2]| pair.map(|b| place[b as usize])).collect();
        Ok(PolicyTable { blocks: kept, of, rows })
    }

    /// How large the table is.
    pub fn stats(&self, scenario: &Scenario, resolutions: &[Resolution]) -> Stats {
        let states = (scenario.jurisdictions.len() * SUBJECT_STATES) as u64;
        let actors = (scenario.jurisdictions.len() * ACTOR_STATES) as u64;
        // As actors three of four states, non-users never act; as counterparties all, of every actor.
        let cells = self.of.len() as u64 * (states * 3 / 4 + states * actors);
        let stored = self.blocks.iter().map(|b| b.cells.len()).sum();
        Stats {
            cells,
            contexts: self.blocks.len(),
            stored,
            rows: self.rows.len() / layers(resolutions),
            bytes: self.blocks.iter().map(Block::bytes).sum::<usize>() + self.of.len() * 8 + self.rows.len() * 4,
        }
    }
}

/// What rules that match let out: at all, then at each resolution if there are several. The finest permit decides.
fn row<'a>(matching: impl Iterator<Item = &'a Rule>, resolutions: &[Resolution]) -> Vec<u32> {
    let mut at = vec![0u32; resolutions.len()];
    let mut forbidden = 0;
    for rule in matching {
        match rule.effect {
            Effect::Forbid => forbidden |= rule.categories,
            Effect::Permit => {
                if let Ok(r) = resolutions.binary_search(&rule.resolution) {
                    at[r] |= rule.categories;
                }
            }
        }
    }
    let mut out = 0;
    for mask in &mut at {
        *mask &= !(forbidden | out);
        out |= *mask;
    }
    if at.len() == 1 { at } else { std::iter::once(out).chain(at).collect() }
}
