//! Inference: what people's contacts tell about them.
//!
//! An attack guesses an attribute of a person as the value that most of their contacts have, of those to whom a tie is seen and from whose own acts something is held (of values that are equally frequent, the
//! first). The *control* does the same with contacts who are drawn in their place: those who disclosed are permuted at random, so that everybody has as many, of the same
//! values in all. The *baseline* guesses the value that most of those who disclosed have. What the attack finds beyond the control, as a share of what the control leaves, is due to
//! who the contacts are: `(a - c) / (1 - c)`, of rates after Wilson, as in Anonymeter (Giomi et al. 2023). Where people are not alike to those near them (`[likeness]`) it is 0.
//!
//! Most of the contacts is a blunt guess: a value that few have never wins. A second attack learns from those who disclosed themselves how likely each value is for somebody with so many contacts of whom such a share
//! has it (`pattern`), and says how many bits are gained about the true value beyond its share among them; the control learns likewise from contacts drawn at random.
//!
//! True values of contacts are taken, whether or not they are among what is let out: an upper bound for a parent that knows its own accounts and what its own users say of themselves. It does not say
//! what better guesses would find (shadow profiles: Garcia 2017; Bagrow et al. 2019).

use rand::seq::SliceRandom;

use super::attributes::{Attribute, Attributes};
use super::cell::Cell;
use super::contact_graph::ContactGraph;
use super::holding::Holding;
use super::pattern::{Contacts, Guess, Patterns, bits};
use super::rows::{RowMaker, WHOM, places};
use crate::exposure::grouping::PopulationGroup;
use crate::exposure::tables::{KnowledgeRow, Risk};
use crate::random::Domain;
use crate::scenario::{MetricFamily, Scenario};
use crate::statistics::SuccessRate;

const POPULATIONS: usize = PopulationGroup::ALL.len();
const ATTRIBUTES: usize = Attribute::ALL.len();

/// Counters of the family: by cell, population and attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct InferenceCounts(Vec<[AttackCounts; ATTRIBUTES]>);

/// How many people were attacked, and about how many a guess was right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct AttackCounts {
    attacked: u64,
    by_contacts: u64,
    by_control: u64,
    by_baseline: u64,
    /// By what is usual of people with such contacts, and with such contacts drawn at random: right guesses, and what was gained.
    by_pattern: [u64; 2],
    gained: [i64; 2],
}

impl InferenceCounts {
    /// Nothing, in so many cells.
    pub fn new(cells: usize) -> Self {
        InferenceCounts(vec![Default::default(); cells * POPULATIONS])
    }

    /// Adds the people of a community, with the graph of ties that is seen.
    pub fn add(&mut self, holding: &Holding, attributes: &Attributes, seen: &ContactGraph) {
        let of = holding.of;
        let people = of.people();
        let disclosed: Vec<u32> = (0..people).filter(|&person| holding.own(person) != 0).collect();
        // The same words for all policies: equal ones see equal draws.
        let mut rng = of.sources.population.key.rng(Domain::Knowledge, of.community.shape.number.into(), 3);
        let mut drawn = disclosed.clone();
        drawn.shuffle(&mut rng);
        // Who stands for whom; nobody for those who did not disclose.
        let mut instead: Vec<Option<u32>> = vec![None; people as usize];
        disclosed.iter().zip(&drawn).for_each(|(&person, &other)| instead[person as usize] = Some(other));
        let purpose = holding.cell.purpose;
        for (i, attribute) in Attribute::ALL.into_iter().enumerate() {
            let values: Vec<u16> = (0..people).map(|person| attributes.value(attribute, person, purpose)).collect();
            let value = |person: u32| values[person as usize];
            let mut votes = Votes::default();
            let n = attributes.values(attribute);
            // True contacts, and those who are drawn in their place.
            let tied = |person: u32| {
                let known = seen.neighbours(person).iter();
                known.filter_map(|&contact| Some([value(contact), value(instead[contact as usize]?)]))
            };
            let mut contacts_of = Contacts::default();
            let patterns = [0, 1].map(|drawn| {
                let mut patterns = Patterns::new(n);
                for &person in &disclosed {
                    contacts_of.count(n, tied(person).map(|both| both[drawn]));
                    patterns.learn(value(person), &contacts_of);
                }
                patterns
            });
            let Some(most) = votes.most(disclosed.iter().map(|&person| value(person))) else { continue };
            for person in 0..people {
                let contacts = || {
                    seen.neighbours(person).iter().filter_map(|&contact| Some((contact, instead[contact as usize]?)))
                };
                let Some(guess) = votes.most(contacts().map(|(contact, _)| value(contact))) else { continue };
                let control = votes.most(contacts().map(|(_, other)| value(other)));
                let at = holding.cell.number * POPULATIONS + holding.population(person) as usize;
                let counts = &mut self.0[at][i];
                counts.attacked += 1;
                counts.by_contacts += u64::from(guess == value(person));
                counts.by_control += u64::from(control == Some(value(person)));
                counts.by_baseline += u64::from(most == value(person));
                for (drawn, patterns) in patterns.iter().enumerate() {
                    contacts_of.count(n, tied(person).map(|both| both[drawn]));
                    let known = instead[person as usize].is_some();
                    let Guess { value: guess, gain } = patterns.guess(&contacts_of, value(person), known);
                    counts.by_pattern[drawn] += u64::from(guess == value(person));
                    counts.gained[drawn] += gain;
                }
            }
        }
    }

    /// Adds what was counted elsewhere.
    pub fn merge(&mut self, other: &InferenceCounts) {
        let both = self.0.iter_mut().flatten().zip(other.0.iter().flatten());
        both.for_each(|(sum, more)| sum.merge(more));
    }

    /// Rows of a policy.
    pub fn rows(&self, scenario: &Scenario, cells: impl Iterator<Item = Cell>, rows: &mut Vec<KnowledgeRow>) {
        let mut make = RowMaker::new(scenario, MetricFamily::Inference, Risk::Inference, rows);
        for cell in cells {
            make.turn_to(cell);
            for whom in WHOM {
                make.about(whom);
                for (i, attribute) in Attribute::ALL.into_iter().enumerate() {
                    let mut counts = AttackCounts::default();
                    places(whom)
                        .for_each(|population| counts.merge(&self.0[cell.number * POPULATIONS + population][i]));
                    let (name, n) = (attribute.id(), counts.attacked);
                    make.count("people_attacked", name, n, "people");
                    make.ratio("guessed_by_contacts", name, (counts.by_contacts, n), "share");
                    make.ratio("guessed_by_control", name, (counts.by_control, n), "share");
                    make.ratio("guessed_by_baseline", name, (counts.by_baseline, n), "share");
                    make.ratio("guessed_by_pattern", name, (counts.by_pattern[0], n), "share");
                    make.ratio("guessed_by_pattern_of_control", name, (counts.by_pattern[1], n), "share");
                    for (metric, gain) in
                        ["gained_by_pattern", "gained_by_pattern_of_control"].into_iter().zip(counts.gained)
                    {
                        make.figure(metric, name, if n == 0 { 0.0 } else { bits(gain) / n as f64 }, "bits");
                    }
                    let [attack, control] = [counts.by_contacts, counts.by_control].map(|s| SuccessRate::of(s, n));
                    let beyond = attack.beyond(control);
                    make.figure("residual", name, beyond.rate, "residual");
                    make.figure("residual_least", name, beyond.rate - beyond.error, "residual");
                    make.figure("residual_most", name, beyond.rate + beyond.error, "residual");
                }
            }
        }
    }
}

impl AttackCounts {
    fn merge(&mut self, other: &AttackCounts) {
        self.attacked += other.attacked;
        self.by_contacts += other.by_contacts;
        self.by_control += other.by_control;
        self.by_baseline += other.by_baseline;
        self.by_pattern.iter_mut().zip(other.by_pattern).for_each(|(sum, more)| *sum += more);
        self.gained.iter_mut().zip(other.gained).for_each(|(sum, more)| *sum += more);
    }
}

/// Room to count values in.
#[derive(Default)]
struct Votes(Vec<u32>);

impl Votes {
    /// The most frequent of some values, the first of those that are equally frequent; none of nothing.
    fn most(&mut self, values: impl Iterator<Item = u16>) -> Option<u16> {
        self.0.fill(0);
        let mut any = false;
        for value in values.map(usize::from) {
            if self.0.len() <= value {
                self.0.resize(value + 1, 0);
            }
            self.0[value] += 1;
            any = true;
        }
        let most = (0u16..).zip(&self.0).max_by_key(|(value, votes)| (**votes, std::cmp::Reverse(*value)));
        most.filter(|_| any).map(|(value, _)| value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_frequent_value_wins_and_the_first_of_equals() {
        let mut votes = Votes::default();
        assert_eq!(votes.most([3, 1, 3].into_iter()), Some(3));
        assert_eq!(votes.most([2, 1].into_iter()), Some(1));
        assert_eq!(votes.most([].into_iter()), None);
        assert_eq!(votes.most([0].into_iter()), Some(0));
    }
}
