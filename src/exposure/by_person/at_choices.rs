//! What was counted about people, as what policies let out once people have chosen.

use std::collections::HashMap;

use super::act_counts::Role;
use super::flows::PersonFlows;
use super::observer::planes_of;
use crate::exposure::contexts::Contexts;
use crate::exposure::cube::AxisLengths;
use crate::exposure::exceedance::ExceedanceTotals;
use crate::exposure::first::FirstTotals;
use crate::exposure::grouping::GroupingSets;
use crate::exposure::reach::ReachTotals;
use crate::exposure::score::ScoreScale;
use crate::exposure::signature_counts::{Disclosed, disclosed};
use crate::exposure::totals::Totals;
use crate::exposure::volume::VolumeTotals;
use crate::exposure::way::{ThroughOthers, Way};
use crate::policy::{Compiled, DecisionIndex};
use crate::population::PersonClass;
use crate::scenario::{Kind, Scenario};
use crate::simd::ones;

/// How people of a class have chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ChosenClass {
    /// The class, with its choices.
    pub class: PersonClass,
    /// Number of the variant of each policy that is about such people.
    pub variant: usize,
    /// Number of the class by which the variants were compiled.
    pub compiled: u16,
}

/// Counters of a scenario whose people have chosen, from what was counted about them in a run with `variants` variants of each policy, one after the other. `chosen` says, for each
/// class of people told apart, how they chose. Values, people and depth come over; events, days, and people by category, which were not counted so, stay 0.
pub fn at_choices(
    scenario: &Scenario,
    (compiled, contexts, variants): (&Compiled, &Contexts, usize),
    flows: &PersonFlows,
    chosen: &[ChosenClass],
) -> (Compiled, Totals) {
    let mut number: HashMap<ChosenClass, usize> = HashMap::new();
    let mut distinct: Vec<ChosenClass> = Vec::new();
    let of: Vec<usize> = chosen
        .iter()
        .map(|&class| {
            *number.entry(class).or_insert_with(|| {
                distinct.push(class);
                distinct.len() - 1
            })
        })
        .collect();
    // Classes of a jurisdiction lie together, as those of the run do.
    let mut at_point = compiled.clone();
    at_point.policies = scenario.policies.len();
    at_point.classes = distinct.iter().map(|of| of.class).collect();
    let lengths = AxisLengths::new(scenario, &at_point).without_days();
    let mut totals = Totals {
        volume: VolumeTotals::zeros(lengths, at_point.policies),
        reach: ReachTotals::zeros(lengths),
        first: FirstTotals::zeros(lengths),
        exceedance: ExceedanceTotals::new(scenario, lengths),
    };
    let width = PersonFlows::width(compiled);
    let mut acts = vec![0u64; distinct.len() * width];
    for (&class, numbers) in of.iter().zip(flows.acts()) {
        for (sum, n) in acts[class * width..][..width].iter_mut().zip(numbers) {
            *sum += n;
        }
    }
    let mut people: HashMap<(usize, &[u16]), u64> = HashMap::new();
    for (class, marks, n) in flows.people() {
        *people.entry((of[usize::from(class)], marks)).or_default() += n;
    }
    let (purposes, layers) = (compiled.purposes, compiled.layers());
    let merged = |of: &ChosenClass| usize::from(compiled.merged[usize::from(of.compiled)]);
    for (class, (chosen, acts)) in distinct.iter().zip(acts.chunks(width)).enumerate() {
        let known = merged(chosen);
        for (slot, &n) in acts.iter().enumerate().filter(|(_, n)| **n > 0) {
            let (period, kind, role) = flows.of_slot(slot);
            for policy in 0..at_point.policies {
                for purpose in 0..purposes {
                    let at = DecisionIndex { period, policy: policy * variants + chosen.variant, purpose, kind };
                    let way = match role {
                        Role::Actor => Some(Way::Own),
                        Role::Counterparty { .. } => Way::of_others(Kind::ALL[kind]),
                    };
                    for layer in 0..layers {
                        let mask = match role {
                            Role::Actor => compiled.actor_mask(at, known, layer),
                            Role::Counterparty { group } => compiled.counterparty_mask(at, group, known, layer),
                        };
                        for category in ones(mask.into()) {
                            totals.volume.values[[policy, purpose, class, category, layer]] += n;
                        }
                        if let Some(way) = way.filter(|_| layer == 0) {
                            let values = n * u64::from(mask.count_ones());
                            totals.volume.by_way[[policy, purpose, class, way as usize]] += values;
                        }
                    }
                }
            }
        }
    }
    // Masks of a run's policies: variants of all of them, and then all purposes together.
    let cells = (purposes + 1) * layers;
    let mut masks = vec![0u32; 3 * compiled.policies * cells];
    let scopes = GroupingSets::new(scenario.jurisdictions.len());
    let score = ScoreScale::new(scenario);
    let mut known_masks: HashMap<(usize, &[u16]), Vec<u32>> = HashMap::new();
    for (&(class, marks), &n) in &people {
        let chosen = &distinct[class];
        totals.reach.population[[class]] += n;
        let masks = known_masks.entry((merged(chosen), marks)).or_insert_with(|| {
            disclosed(compiled, contexts, merged(chosen), planes_of(marks), &mut masks);
            masks.clone()
        });
        for policy in 0..at_point.policies {
            let of_variant = |masks: &[u32]| masks[(policy * variants + chosen.variant) * cells..][..cells].to_vec();
            let Disclosed { masks, by_own_acts, by_others } = Disclosed::thirds(masks);
            let [masks, by_own_acts, by_others] = [masks, by_own_acts, by_others].map(of_variant);
            for (cell, &mask) in masks.iter().enumerate().filter(|(_, mask)| **mask != 0) {
                let (purpose, layer) = (cell / layers, cell % layers);
                totals.reach.people[[policy, purpose, layer, class]] += n;
                if layer == 0 {
                    totals.reach.depth[[policy, purpose, class, mask.count_ones() as usize - 1]] += n;
                    let others = ThroughOthers::of(mask, by_own_acts[cell], by_others[cell]);
                    for (through, facts) in others.into_iter().enumerate().filter(|(_, facts)| *facts > 0) {
                        totals.reach.through_others[[policy, purpose, class, through]] += facts * n;
                    }
                    let group = scopes.group(&chosen.class, Some(purpose).filter(|&p| p < purposes));
                    totals.reach.score[[policy, purpose, group, score.score(mask)]] += n;
                }
            }
        }
    }
    (at_point, totals)
}
