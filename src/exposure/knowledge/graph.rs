//! The graph: which ties between people the parent sees, and how well it can guess those that it does not.
//!
//! *Ties* are the service's own graph of a community: two of its people are tied if one stands in the other's address book, or an act of one was about the other (message, call, group
//! message, upload). A tie is *seen* if by an act of one something is let out about the other. Where each end shows a tie independently with probability `a`, `2a - a^2` of the ties are seen that
//! both ends could show. *Silent* is from whose own acts nothing is held.
//!
//! Guessing (link prediction, Liben-Nowell and Kleinberg 2007): of ties that are not seen between two silent people some are drawn at random, each with two silent people who are not tied; the
//! area under the curve is the probability that the tie scores higher in the graph that is seen, by common neighbours, Adamic and Adar's index, resource allocation (`src/statistics/auc.rs`).
//! 0.5 is guessing blindly. It does not say how many ties would be guessed right: those that are not tied are far more.
//!
//! Ties to people of other communities are left out.

use std::collections::HashMap;

use rand::{Rng, RngExt};

use super::cell::Cell;
use super::contact_graph::ContactGraph;
use super::holding::Holding;
use super::observed::{Edge, edge};
use super::rows::{RowMaker, WHOM, places};
use crate::exposure::grouping::PopulationGroup;
use crate::exposure::tables::{KnowledgeRow, Risk};
use crate::random::Domain;
use crate::scenario::{MetricFamily, Scenario};
use crate::statistics::{LinkScores, area_under_curve};

const POPULATIONS: usize = PopulationGroup::ALL.len();
/// Pairs that are compared in each community, at most.
const COMPARISONS: usize = 2000;
/// How often two people are drawn who turn out to be tied, before it is given up.
const TRIES: usize = 64;
/// What pairs are scored by.
const SCORES: [&str; 3] = ["common_neighbours", "adamic_adar", "resource_allocation"];

/// Counters of the family.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct GraphCounts {
    cells: Vec<TieCounts>,
    /// By cell and population: people by how many ties they have (high half), and how many of these are seen.
    degrees: Vec<HashMap<u64, u64, foldhash::fast::FixedState>>,
}

/// Counters of ties.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct TieCounts {
    /// Ties, and those of them that are seen.
    ties: [u64; 2],
    /// The same between two silent people.
    silent: [u64; 2],
    compared: u64,
    /// By score: how often the tie's was higher, and the same.
    scored: [[u64; 2]; SCORES.len()],
}

impl GraphCounts {
    /// Nothing, in so many cells.
    pub fn new(cells: usize) -> Self {
        GraphCounts { cells: vec![TieCounts::default(); cells], degrees: vec![HashMap::default(); cells * POPULATIONS] }
    }

    /// Adds the ties of a community; those that are seen, as ties and as a graph.
    pub fn add(&mut self, holding: &Holding, true_graph: &ContactGraph, seen: &[Edge], seen_graph: &ContactGraph) {
        let of = holding.of;
        let people = of.people();
        for person in 0..people {
            let at = holding.cell.number * POPULATIONS + holding.population(person) as usize;
            let degrees = u64::from(true_graph.degree(person)) << 32 | u64::from(seen_graph.degree(person));
            *self.degrees[at].entry(degrees).or_default() += 1;
        }
        let silent: Vec<bool> = (0..people).map(|person| holding.own(person) == 0).collect();
        let both_silent = |&(a, b): &Edge| silent[usize::from(a)] && silent[usize::from(b)];
        let counts = &mut self.cells[holding.cell.number];
        let mut seen = seen.iter().peekable();
        let mut hidden: Vec<Edge> = Vec::new();
        for tie in &of.ties {
            let is_seen = seen.next_if(|seen| *seen == tie).is_some();
            counts.ties[0] += 1;
            counts.ties[1] += u64::from(is_seen);
            if both_silent(tie) {
                counts.silent[0] += 1;
                counts.silent[1] += u64::from(is_seen);
                if !is_seen {
                    hidden.push(*tie);
                }
            }
        }
        debug_assert!(seen.next().is_none(), "what is seen is a tie");
        let nobody_acts: Vec<u32> = (0..people).filter(|&person| silent[person as usize]).collect();
        // The same words for all policies: equal ones see equal pairs.
        let mut rng = of.sources.population.key.rng(Domain::Knowledge, of.community.shape.number.into(), 2);
        let score = |&(a, b): &Edge| {
            let [one, other] = [a, b].map(|person| seen_graph.neighbours(person.into()));
            LinkScores::of(one, other, |person| seen_graph.degree(person))
        };
        let n = if hidden.is_empty() { 0 } else { COMPARISONS };
        for _ in 0..n {
            let tie = hidden[rng.random_range(0..hidden.len())];
            let Some(other) = not_tied(&mut rng, &nobody_acts, &of.ties) else { continue };
            let (tie, other) = (score(&tie), score(&other));
            let pairs = [
                (f64::from(tie.common), f64::from(other.common)),
                (tie.adamic_adar, other.adamic_adar),
                (tie.allocation, other.allocation),
            ];
            counts.compared += 1;
            for ([higher, same], (of_tie, of_other)) in counts.scored.iter_mut().zip(pairs) {
                *higher += u64::from(of_tie > of_other);
                *same += u64::from(of_tie == of_other);
            }
        }
    }

    /// Adds what was counted elsewhere.
    pub fn merge(&mut self, other: &GraphCounts) {
        for (sum, more) in self.cells.iter_mut().zip(&other.cells) {
            let add = |sum: &mut [u64; 2], more: &[u64; 2]| sum.iter_mut().zip(more).for_each(|(s, m)| *s += m);
            add(&mut sum.ties, &more.ties);
            add(&mut sum.silent, &more.silent);
            sum.compared += more.compared;
            sum.scored.iter_mut().zip(&more.scored).for_each(|(sum, more)| add(sum, more));
        }
        for (sum, more) in self.degrees.iter_mut().zip(&other.degrees) {
            more.iter().for_each(|(&degrees, people)| *sum.entry(degrees).or_default() += people);
        }
    }

    /// Rows of a policy.
    pub fn rows(&self, scenario: &Scenario, cells: impl Iterator<Item = Cell>, rows: &mut Vec<KnowledgeRow>) {
        let mut make = RowMaker::new(scenario, MetricFamily::Graph, Risk::Linkability, rows);
        for cell in cells {
            make.turn_to(cell);
            make.about(None);
            let counts = &self.cells[cell.number];
            for (parameter, [ties, seen]) in [("", counts.ties), ("between_silent", counts.silent)] {
                make.count("ties", parameter, ties, "ties");
                make.count("ties_seen", parameter, seen, "ties");
                make.ratio("share_of_ties_seen", parameter, (seen, ties), "share");
            }
            make.count("pairs_compared", "", counts.compared, "pairs");
            for (score, [higher, same]) in SCORES.into_iter().zip(counts.scored) {
                let area = area_under_curve(higher, same, counts.compared);
                make.figure("tie_prediction_auc", score, area, "share");
            }
            for whom in WHOM {
                make.about(whom);
                let mut degrees: Vec<(u64, u64)> = places(whom)
                    .flat_map(|population| &self.degrees[cell.number * POPULATIONS + population])
                    .map(|(&degrees, &people)| (degrees, people))
                    .collect();
                // Floats are added in an order that does not depend on the map.
                degrees.sort_unstable();
                let of = |(degrees, people): &(u64, u64)| ((degrees >> 32), degrees & 0xffff_ffff, *people);
                let all: u64 = degrees.iter().map(|(_, people)| people).sum();
                let sum = |degree: &dyn Fn((u64, u64, u64)) -> u64| degrees.iter().map(|d| degree(of(d))).sum::<u64>();
                make.ratio("degree", "true", (sum(&|(of, _, n)| of * n), all), "ties");
                make.ratio("degree", "seen", (sum(&|(_, seen, n)| seen * n), all), "ties");
                let tied = sum(&|(of, _, n)| if of > 0 { n } else { 0 });
                let shares = degrees.iter().map(of).filter(|(of, ..)| *of > 0);
                let shares: f64 = shares.map(|(of, seen, n)| n as f64 * (seen as f64 / of as f64)).sum();
                let mean = if tied == 0 { 0.0 } else { shares / tied as f64 };
                make.figure("degree_share_seen", "mean", mean, "share");
            }
        }
    }
}

/// Two of these people who are not tied, drawn at random.
fn not_tied(rng: &mut impl Rng, people: &[u32], ties: &[Edge]) -> Option<Edge> {
    (0..TRIES).find_map(|_| {
        let [a, b] = [(); 2].map(|()| people[rng.random_range(0..people.len())]);
        let pair = edge(a, b);
        (a != b && ties.binary_search(&pair).is_err()).then_some(pair)
    })
}
