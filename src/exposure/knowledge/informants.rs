//! Informants: by how many other people's acts the parent holds something about a person.
//!
//! An informant about a person is somebody else by at least one of whose acts a flow about the person was let out, of any category. So many people would all have to
//! object, or leave, before the parent held nothing about the person from others. Where each of `k` people who could tell does so independently with probability `a`, the share of people
//! about whom somebody tells is `1 - G(1 - a)`, with `G` the generating function of `k` (collateral privacy: Symeonidis et al. 2016; Garcia 2017).
//!
//! It does not say how much each informant tells, nor that the parent could not do without: one is enough.

use super::cell::Cell;
use super::holding::Holding;
use super::rows::{RowMaker, WHOM, places};
use crate::exposure::grouping::PopulationGroup;
use crate::exposure::tables::{KnowledgeRow, Risk};
use crate::exposure::way::Way;
use crate::scenario::{MetricFamily, Scenario};
use crate::statistics::Histogram;

const POPULATIONS: usize = PopulationGroup::ALL.len();
const WAYS: usize = Way::OTHERS.len();

/// Counters of the family, by cell and population.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct InformantCounts {
    /// People by number of informants.
    people: Vec<Histogram>,
    /// By way: people about whom somebody told so, and sum over people of those who did.
    by_way: Vec<[[u64; 2]; WAYS]>,
}

/// Ranges of numbers of informants: 0, 1, 2 and 3, 4 to 7, ... to more than there are people in a community and around it.
fn ranges() -> impl Iterator<Item = (u32, u32)> {
    std::iter::once((0, 0)).chain((0..20).map(|power| (1 << power, (2 << power) - 1)))
}

impl InformantCounts {
    /// Nothing, in so many cells.
    pub fn new(cells: usize) -> Self {
        InformantCounts {
            people: vec![Histogram::default(); cells * POPULATIONS],
            by_way: vec![[[0; 2]; WAYS]; cells * POPULATIONS],
        }
    }

    /// Adds the people of a community.
    pub fn add(&mut self, holding: &Holding) {
        for person in 0..holding.of.people() {
            let at = holding.cell.number * POPULATIONS + holding.population(person) as usize;
            self.people[at].add(holding.informants(person).len() as u32, 1);
            for way in Way::OTHERS {
                let n = holding.informants_by(person, way);
                let [people, informants] = &mut self.by_way[at][way.of_other()];
                *people += u64::from(n > 0);
                *informants += u64::from(n);
            }
        }
    }

    /// Adds what was counted elsewhere.
    pub fn merge(&mut self, other: &InformantCounts) {
        self.people.iter_mut().zip(&other.people).for_each(|(sum, more)| sum.merge(more));
        let (own, others) = (self.by_way.iter_mut(), other.by_way.iter());
        for (sum, more) in own.zip(others).flat_map(|(own, other)| own.iter_mut().zip(other)) {
            sum.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
        }
    }

    /// Rows of a policy.
    pub fn rows(&self, scenario: &Scenario, cells: impl Iterator<Item = Cell>, rows: &mut Vec<KnowledgeRow>) {
        let mut make = RowMaker::new(scenario, MetricFamily::Informants, Risk::Linkability, rows);
        for cell in cells {
            make.turn_to(cell);
            for whom in WHOM {
                make.about(whom);
                let at = places(whom).map(|population| cell.number * POPULATIONS + population);
                let mut people = Histogram::default();
                let mut by_way = [[0; 2]; WAYS];
                for at in at {
                    people.merge(&self.people[at]);
                    for (sum, more) in by_way.iter_mut().zip(&self.by_way[at]) {
                        sum.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
                    }
                }
                let all = people.people();
                make.count("people", "", all, "people");
                make.ratio("people_told_of", "", (all - people.between(0, 0), all), "share");
                make.count("links", "", people.sum(), "links");
                make.ratio("informants", "mean", (people.sum(), all), "informants");
                for (name, percent) in [("median", 50), ("p90", 90), ("p99", 99)] {
                    make.count("informants", name, people.percentile(percent).into(), "informants");
                }
                make.count("informants", "max", people.max().into(), "informants");
                for (least, most) in ranges() {
                    let name = if least == most { least.to_string() } else { format!("{least}-{most}") };
                    make.count("people_by_informants", &name, people.between(least, most), "people");
                }
                for (way, [told_of, informants]) in Way::OTHERS.into_iter().zip(by_way) {
                    make.ratio("people_told_of_by_way", way.word(), (told_of, all), "share");
                    make.ratio("informants_by_way", way.word(), (informants, all), "informants");
                }
            }
        }
    }
}
