//! The people of a question: subjects and actors as rules see them, and regions of the two.

use std::collections::BTreeMap;

use super::box_cover::{Cell, cover};
use super::line::{Actors, Subjects};
use super::question::Asked;
use crate::policy::rule_index::{ACTOR_STATES, Block, SUBJECT_STATES, Status, SubjectState, TooMuch, Work};
use crate::scenario::Chosen;

/// A set of states as words of bits.
pub type States = Box<[u64]>;

/// Whom a question is about.
pub struct AskedPeople {
    jurisdictions: usize,
    subjects: Vec<bool>,
    actors: Vec<bool>,
}

fn bits(holds: impl Iterator<Item = bool>) -> States {
    let mut words = Vec::new();
    for (i, one) in holds.enumerate() {
        if i % 64 == 0 {
            words.push(0u64);
        }
        words[i / 64] |= u64::from(one) << (i % 64);
    }
    words.into()
}

fn has(states: &[u64], i: usize) -> bool {
    states[i / 64] >> (i % 64) & 1 == 1
}

impl AskedPeople {
    /// The people that a question leaves open.
    pub fn new(jurisdictions: usize, asked: &Asked) -> Self {
        let query = asked.query;
        let chosen = |choice: Chosen| match choice {
            Chosen::None => Status::Undecided,
            Chosen::Objects => Status::Objects,
            Chosen::Agrees => Status::Agrees,
        };
        let actors: Vec<bool> = (0..jurisdictions * ACTOR_STATES)
            .map(|a| {
                query.actor_jurisdiction.is_none_or(|j| j == a / ACTOR_STATES)
                    && query.actor_choice.is_none_or(|c| chosen(c) as usize == a % ACTOR_STATES)
            })
            .collect();
        let subjects = (0..jurisdictions * SUBJECT_STATES)
            .map(SubjectState::of)
            .map(|s| {
                asked.jurisdictions >> s.jurisdiction & 1 == 1
                    && query.jurisdiction.is_none_or(|j| j == s.jurisdiction)
                    && query.user.is_none_or(|user| user == (s.status != Status::NonUser))
                    && query.choice.is_none_or(|c| chosen(c) == s.status)
                    && query.parent_account.is_none_or(|p| p == s.parent_account)
                    && query.minor.is_none_or(|m| m == s.minor)
            })
            .collect();
        AskedPeople { jurisdictions, subjects, actors }
    }

    /// Whether a state of subjects is asked about; as the actor, what is asked about the actor holds for the subject.
    fn asked(&self, state: usize, acting: bool) -> bool {
        let same = |state: usize| SubjectState::of(state).as_actor().is_some_and(|a| self.actors[a]);
        self.subjects[state] && (!acting || same(state))
    }

    fn all_actors(&self) -> States {
        bits(self.actors.iter().copied())
    }

    /// All people asked about, as a region.
    pub fn everybody(&self, acting: bool) -> Vec<(States, States)> {
        let subjects = bits((0..self.subjects.len()).map(|s| self.asked(s, acting)));
        if subjects.iter().all(|&w| w == 0) { Vec::new() } else { vec![(subjects, self.all_actors())] }
    }

    /// The region of each label in a block: subjects by the set of actors that they have the label with.
    pub fn regions<L: Clone + Ord>(
        &self,
        block: &Block,
        acting: bool,
        label: &mut impl FnMut(u32) -> Option<L>,
    ) -> Vec<(L, Vec<(States, States)>)> {
        let groups = block.cells.len() / block.actors.max(1);
        let mut subjects_of: Vec<Vec<usize>> = vec![Vec::new(); groups];
        for (state, &group) in block.subject.iter().enumerate().filter(|(s, _)| self.asked(*s, acting)) {
            subjects_of[usize::from(group)].push(state);
        }
        let actors_of: Vec<States> = (0..block.actors)
            .map(|group| match acting {
                true => self.all_actors(),
                false => bits((0..self.actors.len()).map(|a| self.actors[a] && usize::from(block.actor[a]) == group)),
            })
            .collect();
        // By label, then set of actors: the states of subjects.
        let mut by_label: BTreeMap<L, BTreeMap<States, Vec<usize>>> = BTreeMap::new();
        for (group, states) in subjects_of.iter().enumerate().filter(|(_, states)| !states.is_empty()) {
            let mut with: BTreeMap<L, States> = BTreeMap::new();
            for (actors, own) in actors_of.iter().enumerate().filter(|(_, own)| own.iter().any(|&w| w != 0)) {
                if let Some(label) = label(block.cells[group * block.actors + actors]) {
                    let all = with.entry(label).or_insert_with(|| vec![0; own.len()].into());
                    for (all, own) in all.iter_mut().zip(own) {
                        *all |= own;
                    }
                }
            }
            for (label, actors) in with {
                by_label.entry(label).or_default().entry(actors).or_default().extend(states);
            }
        }
        let region = |by_actors: BTreeMap<States, Vec<usize>>| {
            let set = |states: &[usize]| {
                let mut member = vec![false; self.subjects.len()];
                for &state in states {
                    member[state] = true;
                }
                bits(member.into_iter())
            };
            let mut region: Vec<(States, States)> = by_actors.into_iter().map(|(a, s)| (set(&s), a)).collect();
            region.sort_unstable();
            region
        };
        by_label.into_iter().map(|(label, by_actors)| (label, region(by_actors))).collect()
    }

    /// A region as few products of subjects and actors.
    ///
    /// # Errors
    /// If that is more work than is left.
    pub fn boxes(
        &self,
        region: &[(States, States)],
        acting: bool,
        work: &mut Work,
    ) -> Result<Vec<(Subjects, Actors)>, TooMuch> {
        let mut boxes = Vec::new();
        for (subjects, actors) in region {
            let state = |member: bool, asked: bool| match (member, asked) {
                (true, _) => Cell::Wanted,
                (false, true) => Cell::Unwanted,
                (false, false) => Cell::Free,
            };
            let subject_cells: Vec<Cell> =
                (0..self.subjects.len()).map(|i| state(has(subjects, i), self.asked(i, acting))).collect();
            let actor_cells: Vec<Cell> =
                (0..self.actors.len()).map(|i| state(has(actors, i), self.actors[i])).collect();
            let actor_boxes = cover(&[self.jurisdictions, ACTOR_STATES], &actor_cells, work)?;
            for s in cover(&[self.jurisdictions, 4, 2, 2], &subject_cells, work)? {
                for a in &actor_boxes {
                    boxes.push((
                        Subjects {
                            jurisdictions: s[0].clone(),
                            statuses: s[1].clone(),
                            parent_accounts: s[2].clone(),
                            minors: s[3].clone(),
                        },
                        Actors { jurisdictions: a[0].clone(), choices: a[1].clone() },
                    ));
                }
            }
        }
        Ok(boxes)
    }
}
