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
        let mut tally = Tally::new(attributes, holding, &instead);
        let mut patterns =
            Attribute::ALL.map(|attribute| [(); 2].map(|()| Patterns::new(attributes.values(attribute))));
        let mut of_disclosed = Attribute::ALL.map(|attribute| vec![0; attributes.values(attribute)]);
        for &person in &disclosed {
            tally.count(seen.neighbours(person));
            for (i, (patterns, of_disclosed)) in patterns.iter_mut().zip(&mut of_disclosed).enumerate() {
                let value = tally.value(person, i);
                of_disclosed[usize::from(value)] += 1;
                for (drawn, patterns) in patterns.iter_mut().enumerate() {
                    patterns.learn(value, tally.contacts(i, drawn));
                }
            }
        }
        let n = disclosed.len() as u32;
        let most_of_all = of_disclosed.map(|counts| Contacts { counts: &counts, n }.most());
        for person in 0..people {
            tally.count(seen.neighbours(person));
            let at = holding.cell.number * POPULATIONS + holding.population(person) as usize;
            for (i, (counts, patterns)) in self.0[at].iter_mut().zip(&patterns).enumerate() {
                let value = tally.value(person, i);
                let Some(guess) = tally.contacts(i, 0).most() else { continue };
                counts.attacked += 1;
                counts.by_contacts += u64::from(guess == value);
                counts.by_control += u64::from(tally.contacts(i, 1).most() == Some(value));
                counts.by_baseline += u64::from(most_of_all[i] == Some(value));
                for (drawn, patterns) in patterns.iter().enumerate() {
                    let known = instead[person as usize].is_some();
                    let Guess { value: guess, gain } = patterns.guess(tally.contacts(i, drawn), value, known);
                    counts.by_pattern[drawn] += u64::from(guess == value);
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

/// Counts contacts by value, of all attributes at once: people have hundreds, and each of them is looked up in one place.
struct Tally {
    /// Of each person, the place of each attribute's value among all values.
    own: Vec<[u16; ATTRIBUTES]>,
    /// The same of each contact from whose own acts something is held, and of who is drawn in their place.
    known: Vec<Option<[[u16; ATTRIBUTES]; 2]>>,
    /// First place of each attribute, and the end of the last.
    first: [usize; ATTRIBUTES + 1],
    /// By true contacts or drawn ones, and place.
    counts: [Vec<u32>; 2],
    n: u32,
}

impl Tally {
    fn new(attributes: &Attributes, holding: &Holding, instead: &[Option<u32>]) -> Self {
        let mut first = [0; ATTRIBUTES + 1];
        for (i, attribute) in Attribute::ALL.into_iter().enumerate() {
            first[i + 1] = first[i] + attributes.values(attribute);
        }
        let places = |person: u32| -> [u16; ATTRIBUTES] {
            std::array::from_fn(|i| first[i] as u16 + attributes.value(Attribute::ALL[i], person, holding.cell.purpose))
        };
        let own: Vec<[u16; ATTRIBUTES]> = (0..instead.len() as u32).map(places).collect();
        let both = |(own_places, other): (&[u16; ATTRIBUTES], &Option<u32>)| {
            other.map(|other| [*own_places, own[other as usize]])
        };
        let known = own.iter().zip(instead).map(both).collect();
        let counts = [(); 2].map(|()| vec![0; first[ATTRIBUTES]]);
        Tally { own, known, first, counts, n: 0 }
    }

    /// Counts some contacts.
    fn count(&mut self, contacts: &[u32]) {
        self.counts.iter_mut().for_each(|counts| counts.fill(0));
        self.n = 0;
        for places in contacts.iter().filter_map(|&contact| self.known[contact as usize].as_ref()) {
            self.n += 1;
            for (counts, places) in self.counts.iter_mut().zip(places) {
                places.iter().for_each(|&place| counts[usize::from(place)] += 1);
            }
        }
    }

    /// What was counted of an attribute: of true contacts, or of those who are drawn.
    fn contacts(&self, attribute: usize, drawn: usize) -> Contacts<'_> {
        Contacts { counts: &self.counts[drawn][self.first[attribute]..self.first[attribute + 1]], n: self.n }
    }

    /// A person's value of an attribute.
    fn value(&self, person: u32, attribute: usize) -> u16 {
        self.own[person as usize][attribute] - self.first[attribute] as u16
    }
}
