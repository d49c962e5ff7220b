//! A small decision space, covered as a whole: contexts and people at once.

use std::collections::{BTreeMap, HashMap};

use super::alike::Alike;
use super::box_cover::{Cell, cover};
use super::decision_space::{ContextClasses, Space, unravel};
use super::line::{Actors, Line, Subjects};
use super::question::{Answer, Asked};
use crate::policy::rule_index::{ACTOR_STATES, Status, SubjectState, TooMuch, Work};
use crate::scenario::Chosen;

const DIMENSIONS: usize = 11;

/// Terms that match; `None` if there is no flow.
type Matching = Option<Box<[u64]>>;

/// A space with its people: values that no rule tells apart as one.
pub struct Flat<'a> {
    space: &'a Space<'a>,
    contexts: &'a ContextClasses,
    /// Of subjects: jurisdictions, statuses, parent accounts, minors; of actors: jurisdictions, choices.
    people: [Alike; 6],
    dims: [usize; DIMENSIONS],
}

fn state(at: [usize; 4]) -> SubjectState {
    let [jurisdiction, status, parent_account, minor] = at;
    let status = Status::ALL[status];
    SubjectState { jurisdiction, status, parent_account: parent_account == 1, minor: minor == 1 }
}

impl<'a> Flat<'a> {
    /// The people that are asked about, in the contexts that are.
    pub fn new(space: &'a Space<'a>, asked: &Asked, contexts: &'a ContextClasses) -> Self {
        let (query, jurisdictions) = (asked.query, space.scenario.jurisdictions.len());
        let chosen = |choice: Chosen| match choice {
            Chosen::None => Status::Undecided as usize,
            Chosen::Objects => Status::Objects as usize,
            Chosen::Agrees => Status::Agrees as usize,
        };
        let any = |values: usize, asked: Option<usize>| {
            (0..values).filter(move |v| asked.is_none_or(|a| a == *v)).collect::<Vec<_>>()
        };
        let statuses = (0..4).filter(|&s| {
            query.choice.is_none_or(|c| chosen(c) == s)
                && query.user.is_none_or(|user| user == (s != Status::NonUser as usize))
        });
        let subjects = [
            any(jurisdictions, query.jurisdiction)
                .into_iter()
                .filter(|j| asked.jurisdictions >> j & 1 == 1)
                .collect::<Vec<_>>(),
            statuses.collect(),
            any(2, query.parent_account.map(usize::from)),
            any(2, query.minor.map(usize::from)),
        ];
        let actors = [any(jurisdictions, query.actor_jurisdiction), any(ACTOR_STATES, query.actor_choice.map(chosen))];
        let acts = |j: usize, choice: usize| space.kernel.of_actor(j * ACTOR_STATES + choice);
        // Two values are alike if they are with whatever else; as people act themselves, as actors too.
        let subject = |d: usize| {
            Alike::new(subjects[d].iter().copied(), |value| {
                let others: Vec<usize> = (0..4).filter(|&o| o != d).collect();
                let mut key: Vec<u64> = Vec::new();
                for &a in &subjects[others[0]] {
                    for &b in &subjects[others[1]] {
                        for &c in &subjects[others[2]] {
                            let mut at = [0; 4];
                            (at[d], at[others[0]], at[others[1]], at[others[2]]) = (value, a, b, c);
                            let state = state(at);
                            key.extend(space.kernel.of_subject(state.number()).iter());
                            if let Some(actor) = state.as_actor() {
                                key.extend(space.kernel.of_actor(actor).iter());
                            }
                        }
                    }
                }
                // A non-user never acts: that tells a status apart.
                (key, d == 1 && value == Status::NonUser as usize)
            })
        };
        let people = [
            subject(0),
            subject(1),
            subject(2),
            subject(3),
            Alike::new(actors[0].iter().copied(), |j| {
                (0..ACTOR_STATES).flat_map(|c| acts(j, c).iter().copied()).collect::<Vec<u64>>()
            }),
            Alike::new(actors[1].iter().copied(), |c| {
                (0..jurisdictions).flat_map(|j| acts(j, c).iter().copied()).collect::<Vec<u64>>()
            }),
        ];
        let c = contexts;
        let outer = [&c.spans, &c.purposes, &c.categories, &c.kinds, &c.roles];
        let mut dims = [0; DIMENSIONS];
        for (size, alike) in dims.iter_mut().zip(outer.into_iter().chain(&people)) {
            *size = alike.len();
        }
        Flat { space, contexts, people, dims }
    }

    /// Number of cells.
    pub fn cells(&self) -> usize {
        self.dims.iter().try_fold(1usize, |n, &d| n.checked_mul(d)).unwrap_or(usize::MAX)
    }

    /// The lines of an answer, as [`Space::lines`] has it.
    pub fn lines<L: Clone + Ord>(
        &self,
        flows_only: bool,
        work: &mut Work,
        mut answer: impl FnMut(Option<&[usize]>, usize) -> Answer<L>,
    ) -> Result<Vec<Line<L>>, TooMuch> {
        let ContextClasses { spans, purposes, categories, kinds, roles } = self.contexts;
        let (kernel, rules) = (&self.space.kernel, &self.space.rules);
        let mut labels: HashMap<(Matching, usize), (Option<L>, usize)> = HashMap::new();
        let mut found: BTreeMap<(bool, L), Vec<usize>> = BTreeMap::new();
        // Cells in which there may be a flow.
        let mut flows_there = vec![false; self.cells()];
        let mut possible = vec![false; self.cells()];
        let mut context: (Option<[usize; 5]>, Box<[u64]>) = (None, Box::default());
        for cell in 0..self.cells() {
            let at = unravel(cell, &self.dims);
            let outer = [at[0], at[1], at[2], at[3], at[4]];
            let acting = roles.first(outer[4]) == 1;
            let Some((subject, actor)) = self.pair([at[5], at[6], at[7], at[8], at[9], at[10]], acting) else {
                continue;
            };
            work.take(kernel.of_context())?;
            possible[cell] = true;
            let category = categories.first(outer[2]);
            let flow = self.contexts.flows(self.space.scenario, outer);
            flows_there[cell] = flow;
            if !flow && flows_only {
                continue;
            }
            if context.0 != Some(outer) {
                let bits =
                    kernel.context(spans.first(outer[0]), purposes.first(outer[1]), kinds.first(outer[3]), acting);
                context = (Some(outer), bits);
            }
            let matching = flow.then(|| -> Box<[u64]> {
                let people = kernel.of_subject(subject).iter().zip(kernel.of_actor(actor).iter());
                context.1.iter().zip(people).map(|(c, (s, a))| c & s & a).collect()
            });
            let label = labels.entry((matching.clone(), outer[2])).or_insert_with(|| {
                let hits: Option<Vec<usize>> = matching
                    .map(|set| kernel.rules(&set).filter(|&r| rules[r].categories >> category & 1 == 1).collect());
                match answer(hits.as_deref(), category) {
                    Answer::Is(label) => (Some(label), hits.map_or(0, |hits| hits.len())),
                    Answer::No => (None, 0),
                }
            });
            // A label may name all rules that match: to copy and compare it takes as long.
            work.take(4 * label.1)?;
            if let Some(label) = &label.0 {
                found.entry((flow, label.clone())).or_default().push(cell);
            }
        }
        let mut lines = Vec::new();
        for ((flow, label), wanted) in found {
            // What is true of flows may be said where there are none; that there are none, only there.
            let mut table: Vec<Cell> = possible
                .iter()
                .zip(&flows_there)
                .map(|(&p, &f)| if p && (f || !flow) { Cell::Unwanted } else { Cell::Free })
                .collect();
            for cell in wanted {
                table[cell] = Cell::Wanted;
            }
            for b in cover(&self.dims, &table, work)? {
                lines.push(Line {
                    label: label.clone(),
                    spans: spans.all(&b[0]),
                    purposes: purposes.all(&b[1]),
                    categories: categories.all(&b[2]),
                    kinds: kinds.all(&b[3]),
                    roles: roles.all(&b[4]),
                    subjects: Subjects {
                        jurisdictions: self.people[0].all(&b[5]),
                        statuses: self.people[1].all(&b[6]),
                        parent_accounts: self.people[2].all(&b[7]),
                        minors: self.people[3].all(&b[8]),
                    },
                    actors: Actors { jurisdictions: self.people[4].all(&b[9]), choices: self.people[5].all(&b[10]) },
                });
            }
        }
        Ok(lines)
    }

    /// States of a subject and an actor of these classes; `None` if there are none. Who acts is both: the classes must
    /// have somebody in common.
    fn pair(&self, at: [usize; 6], acting: bool) -> Option<(usize, usize)> {
        let first = |d: usize| self.people[d].first(at[d]);
        let subject = |j: usize, status: usize| state([j, status, first(2), first(3)]).number();
        if !acting {
            return Some((subject(first(0), first(1)), first(4) * ACTOR_STATES + first(5)));
        }
        let common = |a: usize, b: usize| {
            self.people[a].members[at[a]].iter().copied().find(|v| self.people[b].members[at[b]].contains(v))
        };
        // Statuses of users and choices of actors have the same numbers.
        let (jurisdiction, choice) = (common(0, 4)?, common(1, 5)?);
        Some((subject(jurisdiction, choice), jurisdiction * ACTOR_STATES + choice))
    }
}
