//! What is needed: recall under every subset of the categories.

use std::collections::BTreeMap;

use super::account_counts::AccountCounts;
use super::detector::{Detector, Told};
use super::parent_knowledge::{Form, ParentKnowledge};
use crate::statistics::shapley_values;

/// Recall under every subset of the categories, told about everybody: by the subset's bits.
#[derive(Clone, Debug, PartialEq)]
pub struct Necessity {
    /// By subset.
    pub recall: Vec<f64>,
}

impl Necessity {
    /// Tries all subsets, at this share of false bans.
    pub fn new(counts: &AccountCounts, parent: &ParentKnowledge, false_bans: f64) -> Self {
        let tells = |(i, of): (usize, &crate::scenario::SharedCategory)| {
            let tells = of.finds > 0.0 || (of.points > 0 && of.marks != [0.0; 2]);
            u32::from(tells) << i
        };
        let telling: u32 = parent.categories.iter().enumerate().map(tells).sum();
        // What tells nothing changes nothing: subsets that differ in it alone are scored once.
        let mut scored: BTreeMap<u32, f64> = BTreeMap::new();
        let detector = Detector { counts, parent, form: Form::Exact };
        let recall = (0..1u32 << parent.categories.len())
            .map(|subset| {
                let recall = || {
                    let scores = detector.scores(&Told::Everybody(subset & telling));
                    scores.recall(scores.all().cut(false_bans), None)
                };
                *scored.entry(subset & telling).or_insert_with(recall)
            })
            .collect();
        Necessity { recall }
    }

    /// Recall if nothing is told.
    pub fn none(&self) -> f64 {
        self.recall[0]
    }

    /// Recall if all is told.
    pub fn full(&self) -> f64 {
        self.recall[self.recall.len() - 1]
    }

    /// What each category adds to recall: over all orders in which they might be told.
    pub fn shapley(&self) -> Vec<f64> {
        shapley_values(&self.recall)
    }
}

/// The smallest subset with at least this value, of equals the one with the most; `None` if there is none.
pub fn smallest(values: &[f64], least: f64) -> Option<u32> {
    let mut best: Option<u32> = None;
    for (subset, &value) in (0u32..).zip(values) {
        let better = |best: u32| {
            (subset.count_ones(), best.count_ones()) < (best.count_ones(), subset.count_ones())
                || subset.count_ones() == best.count_ones() && value > values[best as usize]
        };
        if value >= least && best.is_none_or(better) {
            best = Some(subset);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_subset_is_found() {
        let values = [0.5, 0.9, 0.95, 0.97, 0.6, 0.9, 0.95, 1.0];
        assert_eq!(smallest(&values, 0.4), Some(0));
        assert_eq!(smallest(&values, 0.9), Some(2));
        assert_eq!(smallest(&values, 0.96), Some(3));
        assert_eq!(smallest(&values, 1.0), Some(7));
        assert_eq!(smallest(&values, 1.1), None);
    }
}
