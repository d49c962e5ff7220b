//! Leakage: how much what is held about people tells about what is not.
//!
//! What is seen of a person is which categories are held about them, at whatever resolution and from whoever's acts, and by how many informants (in powers of two); not the values. The secret is one of their
//! attributes: age band, operating system, account with the parent, choice. Min-entropy leakage is by how much one guess at the secret gets better (Smith 2009), in bits; with two guesses
//! it is a g-leakage (Alvim et al. 2012); mutual information has its bias taken off (`src/statistics/leakage.rs`).
//!
//! It does not say what the values tell: an operating system that is let out is known, whatever stands here. And it is about these people, not about others: where few are alike in what is seen,
//! chance leaks.

use super::attributes::{Attribute, Attributes};
use super::cell::Cell;
use super::holding::Holding;
use super::rows::{RowMaker, WHOM, places};
use crate::exposure::grouping::PopulationGroup;
use crate::exposure::tables::{KnowledgeRow, Risk};
use crate::scenario::{MetricFamily, Scenario};
use crate::statistics::JointCounts;

const POPULATIONS: usize = PopulationGroup::ALL.len();
const ATTRIBUTES: usize = Attribute::ALL.len();

/// Counters of the family: by cell, population and attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LeakageCounts(Vec<[JointCounts; ATTRIBUTES]>);

impl LeakageCounts {
    /// Nothing, in so many cells.
    pub fn new(cells: usize) -> Self {
        LeakageCounts(vec![Default::default(); cells * POPULATIONS])
    }

    /// Adds the people of a community.
    pub fn add(&mut self, holding: &Holding, attributes: &Attributes) {
        for person in 0..holding.of.people() {
            let counts = &mut self.0[holding.cell.number * POPULATIONS + holding.population(person) as usize];
            let held = holding.by_resolution(person).fold(0, |all, (_, mask)| all | mask);
            let informants = u32::BITS - (holding.informants(person).len() as u32).leading_zeros();
            let seen = u64::from(held) << 32 | u64::from(informants);
            for (counts, attribute) in counts.iter_mut().zip(Attribute::ALL) {
                counts.add(seen, attributes.value(attribute, person, holding.cell.purpose), 1);
            }
        }
    }

    /// Adds what was counted elsewhere.
    pub fn merge(&mut self, other: &LeakageCounts) {
        let both = self.0.iter_mut().flatten().zip(other.0.iter().flatten());
        both.for_each(|(sum, more)| sum.merge(more));
    }

    /// Rows of a policy.
    pub fn rows(&self, scenario: &Scenario, cells: impl Iterator<Item = Cell>, rows: &mut Vec<KnowledgeRow>) {
        let mut make = RowMaker::new(scenario, MetricFamily::Leakage, Risk::Inference, rows);
        for cell in cells {
            make.turn_to(cell);
            for whom in WHOM {
                make.about(whom);
                for (i, attribute) in Attribute::ALL.into_iter().enumerate() {
                    let mut counts = JointCounts::default();
                    places(whom)
                        .for_each(|population| counts.merge(&self.0[cell.number * POPULATIONS + population][i]));
                    let name = attribute.id();
                    make.figure("guessed_blindly", name, counts.prior(1), "share");
                    make.figure("guessed", name, counts.posterior(1), "share");
                    make.figure("min_entropy_leakage", name, counts.leakage(1), "bits");
                    make.figure("two_guesses_leakage", name, counts.leakage(2), "bits");
                    make.figure("mutual_information", name, counts.mutual_information(), "bits");
                }
            }
        }
    }
}
