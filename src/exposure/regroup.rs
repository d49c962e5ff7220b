//! What was counted about people by their attitudes, as what would have been counted had they chosen by it.

use super::cube::AxisLengths;
use super::exceedance::ExceedanceTotals;
use super::reach::ReachTotals;
use super::totals::Totals;
use super::volume::VolumeTotals;
use crate::policy::Compiled;
use crate::population::PersonClass;
use crate::scenario::Scenario;

/// Counters of a scenario whose people are of `classes`, from counters of a run with several variants of each of its policies: of a policy and a class those of the variant
/// that `variant` names. What is counted by class comes over; events, and people by category, which are not, stay 0.
pub fn regroup(
    scenario: &Scenario,
    (run, totals): (&Compiled, &Totals),
    classes: Vec<PersonClass>,
    variant: impl Fn(usize, &PersonClass) -> usize,
) -> (Compiled, Totals) {
    let mut compiled = run.clone();
    (compiled.policies, compiled.classes) = (scenario.policies.len(), classes);
    let lengths = AxisLengths::new(scenario, &compiled).without_days();
    let mut regrouped = Totals {
        volume: VolumeTotals::zeros(lengths, compiled.policies),
        reach: ReachTotals::zeros(lengths),
        exceedance: ExceedanceTotals::new(scenario, lengths),
    };
    regrouped.reach.population = totals.reach.population.clone();
    let (purposes, layers, categories) = (compiled.purposes, compiled.layers(), scenario.categories.len());
    for policy in 0..compiled.policies {
        for (class, of) in compiled.classes.iter().enumerate() {
            let from = variant(policy, of);
            for purpose in 0..purposes {
                for category in 0..categories {
                    for layer in 0..layers {
                        regrouped.volume.values[[policy, purpose, class, category, layer]] =
                            totals.volume.values[[from, purpose, class, category, layer]];
                    }
                }
            }
            for purpose in 0..=purposes {
                for layer in 0..layers {
                    regrouped.reach.people[[policy, purpose, layer, class]] =
                        totals.reach.people[[from, purpose, layer, class]];
                }
                for depth in 0..categories {
                    regrouped.reach.depth[[policy, purpose, class, depth]] =
                        totals.reach.depth[[from, purpose, class, depth]];
                }
            }
        }
    }
    (compiled, regrouped)
}
