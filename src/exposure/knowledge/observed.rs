//! A community once all its days are over: who did what, who told of whom, who knows whom.

use super::sources::KnowledgeSources;
use super::telling::Telling;
use super::timeline::Timeline;
use crate::exposure::grouping::PopulationGroup;
use crate::population::{Book, Community, PersonClass};

/// What was observed of a community.
#[derive(Debug)]
pub(super) struct Observed<'a> {
    pub sources: KnowledgeSources<'a>,
    pub community: &'a Community,
    /// Merged class of each local person before anybody left.
    pub class: &'a [u16],
    /// Marks of what each local person did, by plane.
    pub acted: &'a [Vec<u16>],
    /// Days on which each local person did something.
    pub active_days: &'a [u16],
    /// When people did something and were told of.
    pub timeline: &'a Timeline,
    /// Who told of whom, by person and informant. An informant is the least slot of that person.
    pub tellings: &'a [Telling],
    /// In how many address books of the community each local person stands.
    pub listed: Vec<u32>,
    /// Ties, each once, in rising order: the service's own graph. Two people are tied if one lists the other, or an act of one was about the other.
    pub ties: Vec<Edge>,
}

/// Two local people, the one with the lower index first.
pub(super) type Edge = (u16, u16);

/// Two local people, in order.
pub(super) fn edge(a: u32, b: u32) -> Edge {
    (a.min(b) as u16, a.max(b) as u16)
}

impl<'a> Observed<'a> {
    /// Looks through the address books of a community, of which all else was observed.
    pub fn new(
        sources: KnowledgeSources<'a>,
        community: &'a Community,
        class: &'a [u16],
        same_person: &[u32],
        (acted, active_days, timeline): (&'a [Vec<u16>], &'a [u16], &'a Timeline),
        tellings: &'a [Telling],
    ) -> Self {
        let mut listed = vec![0; class.len()];
        let is_local = |&slot: &u32| community.is_local(slot);
        let told = tellings.iter().filter(|telling| is_local(&telling.informant()));
        let mut ties: Vec<Edge> = told.map(|telling| edge(telling.subject(), telling.informant())).collect();
        ties.dedup();
        let mut book = Book::default();
        for owner in 0..community.shape.users {
            community.address_book(sources.population, owner, &mut book);
            for person in book.entries().map(|slot| same_person[slot as usize]).filter(is_local) {
                listed[person as usize] += 1;
                ties.push(edge(owner, person));
            }
        }
        ties.sort_unstable();
        ties.dedup();
        Observed { sources, community, class, acted, active_days, timeline, tellings, listed, ties }
    }

    /// Local people.
    pub fn people(&self) -> u32 {
        self.community.shape.people
    }

    /// What a rule can tell about a person, before anybody left: not merged with what no rule of the run tells apart.
    pub fn person_class(&self, person: u32) -> &PersonClass {
        let class = self.community.columns.class[person as usize];
        &self.sources.population.classes.all()[usize::from(class)]
    }

    /// Population of a person in rows of a purpose, or of all.
    pub fn population(&self, person: u32, purpose: Option<usize>) -> PopulationGroup {
        PopulationGroup::of(self.person_class(person), purpose)
    }
}
