//! Which rules match, for all settings at once.
//!
//! A rule's constraints are about one thing each: purpose, kind, role, day, subject, actor. So every value of each of these
//! has a set of rules that it satisfies, and the rules that match a flow are the intersection of six sets, each a few
//! words of bits. Values with the same set are not told apart by any rule and become one. `either` is no conjunction, so
//! such a rule counts as two, one for each side.

use std::collections::HashMap;

use chrono::NaiveDate;

use crate::population::PersonClass;
use crate::scenario::{Choice, ChoiceOf, Kind, Rule};
use crate::simd::ones;

/// A set of terms, as words of bits.
pub type Bits = Box<[u64]>;

/// How much may still be done to find out what rules tell apart. Rules, dates, purposes, jurisdictions and choices multiply:
/// a small file can ask for more than any machine can do.
#[derive(Clone, Debug)]
pub struct Work(u64);

/// There would be more to do than was allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the rules tell too many flows apart")]
pub struct TooMuch;

impl Work {
    /// As much as it takes.
    pub fn unbounded() -> Self {
        Work(u64::MAX)
    }

    /// About a second's.
    pub fn bounded() -> Self {
        Work(1 << 26)
    }

    /// Some seconds': somebody asked.
    pub fn of_a_question() -> Self {
        Work(1 << 27)
    }

    /// Takes so many words of bits that will be looked at or stored, before they are.
    pub fn take(&mut self, words: usize) -> Result<(), TooMuch> {
        self.0 = self.0.checked_sub(words as u64).ok_or(TooMuch)?;
        Ok(())
    }
}

/// What a rule can tell of a subject, about the purpose at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// A user who neither objects nor agrees.
    Undecided,
    /// A user who objects.
    Objects,
    /// A user who agrees.
    Agrees,
    /// Nobody with an account: without a choice.
    NonUser,
}

impl Status {
    /// All, in the order of their numbers.
    pub const ALL: [Status; 4] = [Status::Undecided, Status::Objects, Status::Agrees, Status::NonUser];

    fn chooses(self, what: Choice) -> bool {
        matches!((self, what), (Status::Objects, Choice::Objects) | (Status::Agrees, Choice::Agrees))
    }
}

/// States of a subject: what rules can tell of it.
pub const SUBJECT_STATES: usize = 16;
/// States of an actor besides jurisdiction: a user always, so a choice or none.
pub const ACTOR_STATES: usize = 3;

/// A subject as rules see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SubjectState {
    /// Index of the jurisdiction.
    pub jurisdiction: usize,
    /// Account and choice.
    pub status: Status,
    /// Has an account with the parent.
    pub parent_account: bool,
    /// Is a minor.
    pub minor: bool,
}

impl SubjectState {
    /// The state of a number.
    pub fn of(number: usize) -> Self {
        SubjectState {
            jurisdiction: number / SUBJECT_STATES,
            status: Status::ALL[number / 4 % 4],
            parent_account: number & 2 != 0,
            minor: number & 1 != 0,
        }
    }

    /// Its number.
    pub fn number(&self) -> usize {
        self.jurisdiction * SUBJECT_STATES
            + self.status as usize * 4
            + usize::from(self.parent_account) * 2
            + usize::from(self.minor)
    }

    /// The state of a class of people, about a purpose.
    pub fn of_class(class: &PersonClass, purpose: usize) -> Self {
        SubjectState {
            jurisdiction: class.jurisdiction,
            status: status(class, purpose),
            parent_account: class.parent_account,
            minor: class.minor,
        }
    }

    /// The state of the same person as actor; `None` for a non-user, who never acts.
    pub fn as_actor(&self) -> Option<usize> {
        (self.status != Status::NonUser).then(|| self.jurisdiction * ACTOR_STATES + self.status as usize)
    }
}

fn status(class: &PersonClass, purpose: usize) -> Status {
    match class.has_account() {
        false => Status::NonUser,
        true if class.objects >> purpose & 1 == 1 => Status::Objects,
        true if class.agrees >> purpose & 1 == 1 => Status::Agrees,
        true => Status::Undecided,
    }
}

/// Number of the state of a class of users as actors, about a purpose; any for a class that does not act.
pub fn actor_state(class: &PersonClass, purpose: usize) -> usize {
    SubjectState::of_class(class, purpose).as_actor().unwrap_or(class.jurisdiction * ACTOR_STATES)
}

/// The sets of rules that each value satisfies.
#[derive(Clone, Debug)]
pub struct RuleIndex {
    /// Rule of each term.
    term: Vec<u32>,
    words: usize,
    purposes: Vec<Bits>,
    kinds: Vec<Bits>,
    /// Counterparty, actor.
    roles: [Bits; 2],
    /// First days of spans in which no rule begins or ends, the first of all days first; and their sets.
    spans: Vec<(NaiveDate, Bits)>,
    subjects: Vec<Bits>,
    actors: Vec<Bits>,
}

impl RuleIndex {
    /// The sets of some rules over so many purposes and jurisdictions. `boundaries` are days on which a span shall begin
    /// besides.
    pub fn new(rules: &[&Rule], purposes: usize, jurisdictions: usize, boundaries: &[NaiveDate]) -> Self {
        let mut term = Vec::new();
        // Of a rule with `either`: the sides whose choice the term asks for.
        let mut sides: Vec<(bool, bool)> = Vec::new();
        for (r, rule) in rules.iter().enumerate() {
            let asks: &[(bool, bool)] = match rule.choice.map(|(_, whose)| whose) {
                None => &[(false, false)],
                Some(ChoiceOf::Subject) => &[(true, false)],
                Some(ChoiceOf::Actor) => &[(false, true)],
                Some(ChoiceOf::Both) => &[(true, true)],
                Some(ChoiceOf::Either) => &[(true, false), (false, true)],
            };
            for &side in asks {
                term.push(r as u32);
                sides.push(side);
            }
        }
        let words = term.len().div_ceil(64);
        let set = |holds: &dyn Fn(&Rule, (bool, bool)) -> bool| -> Bits {
            let mut bits = vec![0u64; words].into_boxed_slice();
            for (i, (&r, &side)) in term.iter().zip(&sides).enumerate() {
                bits[i / 64] |= u64::from(holds(rules[r as usize], side)) << (i % 64);
            }
            bits
        };
        let chooses = |rule: &Rule, status: Status| rule.choice.is_none_or(|(what, _)| status.chooses(what));
        let mut days: Vec<NaiveDate> = rules.iter().flat_map(|r| [r.from, r.until]).flatten().collect();
        days.extend([NaiveDate::MIN]);
        days.extend(boundaries);
        days.sort_unstable();
        days.dedup();
        let holds_on = |r: &Rule, day: NaiveDate| r.from.is_none_or(|d| day >= d) && r.until.is_none_or(|d| day < d);
        let spans = days.into_iter().map(|day| (day, set(&|r, _| holds_on(r, day)))).collect();
        let subjects = (0..jurisdictions * SUBJECT_STATES)
            .map(SubjectState::of)
            .map(|s| {
                set(&|r, (of_subject, _)| {
                    r.jurisdictions >> s.jurisdiction & 1 == 1
                        && if s.status == Status::NonUser { r.non_users } else { r.users }
                        && r.parent_account.is_none_or(|p| p == s.parent_account)
                        && r.minor.is_none_or(|m| m == s.minor)
                        && (!of_subject || chooses(r, s.status))
                })
            })
            .collect();
        let actors = (0..jurisdictions * ACTOR_STATES)
            .map(|a| {
                set(&|r, (_, of_actor)| {
                    r.actor_jurisdictions >> (a / ACTOR_STATES) & 1 == 1
                        && (!of_actor || chooses(r, Status::ALL[a % ACTOR_STATES]))
                })
            })
            .collect();
        RuleIndex {
            words,
            purposes: (0..purposes).map(|p| set(&|r, _| r.purposes >> p & 1 == 1)).collect(),
            kinds: (0..Kind::COUNT).map(|k| set(&|r, _| r.kinds >> k & 1 == 1)).collect(),
            roles: [set(&|r, _| r.counterparty), set(&|r, _| r.actor)],
            spans,
            subjects,
            actors,
            term,
        }
    }

    /// What the sets of some rules cost, about: a bit for each term and value.
    pub fn work(rules: &[&Rule], jurisdictions: usize) -> usize {
        let dates = rules.iter().flat_map(|r| [r.from, r.until]).flatten().count();
        let values = dates + jurisdictions * (SUBJECT_STATES + ACTOR_STATES) + Kind::COUNT;
        values * (8 + rules.len())
    }

    /// Number of spans of days.
    pub fn spans(&self) -> usize {
        self.spans.len()
    }

    /// First day of a span; the first span begins before all days.
    pub fn first_day(&self, span: usize) -> NaiveDate {
        self.spans[span].0
    }

    /// The span of a day.
    pub fn span_of(&self, day: NaiveDate) -> usize {
        self.spans.partition_point(|s| s.0 <= day).saturating_sub(1)
    }

    /// Terms that hold in a span of days.
    pub fn of_span(&self, span: usize) -> &Bits {
        &self.spans[span].1
    }

    /// Terms about a purpose.
    pub fn of_purpose(&self, purpose: usize) -> &Bits {
        &self.purposes[purpose]
    }

    /// Terms about a kind.
    pub fn of_kind(&self, kind: usize) -> &Bits {
        &self.kinds[kind]
    }

    /// Terms that a state of subjects satisfies.
    pub fn of_subject(&self, state: usize) -> &Bits {
        &self.subjects[state]
    }

    /// Terms that a state of actors satisfies.
    pub fn of_actor(&self, state: usize) -> &Bits {
        &self.actors[state]
    }

    /// The rules of a set of terms, each once, in order.
    pub fn rules<'a>(&'a self, set: &'a [u64]) -> impl Iterator<Item = usize> + 'a {
        let mut last = usize::MAX;
        set.iter().enumerate().flat_map(|(w, &bits)| ones(bits).map(move |b| w * 64 + b)).filter_map(move |term| {
            let rule = self.term[term] as usize;
            let again = rule == last;
            last = rule;
            (!again).then_some(rule)
        })
    }

    /// The terms that match in a context, whoever is concerned.
    pub fn context(&self, span: usize, purpose: usize, kind: usize, actor: bool) -> Bits {
        let sets = [&self.purposes[purpose], &self.kinds[kind], &self.roles[usize::from(actor)], &self.spans[span].1];
        (0..self.words).map(|w| sets.iter().fold(u64::MAX, |bits, set| bits & set[w])).collect()
    }

    /// Whom the terms of a context tell apart: as counterparties of actors, or as actors themselves.
    ///
    /// # Errors
    /// If that is more work than is left.
    pub fn block_within(
        &self,
        context: &[u64],
        actor: bool,
        sets: &mut Sets,
        work: &mut Work,
    ) -> Result<Block, TooMuch> {
        // Beside its words a set has a hash and a place.
        let of_set = self.words + 4;
        work.take((self.subjects.len() + self.actors.len()) * of_set)?;
        let and = |a: &[u64], b: &[u64]| -> Bits { a.iter().zip(b).map(|(a, b)| a & b).collect() };
        let mut subjects = Groups::default();
        let mut actors = Groups::default();
        for (state, bits) in self.subjects.iter().enumerate() {
            let own = match SubjectState::of(state).as_actor() {
                // Who acts is subject and actor at once.
                Some(same) if actor => and(bits, &self.actors[same]),
                // A non-user never acts: no rule says anything.
                None if actor => vec![0; self.words].into(),
                _ => bits.clone(),
            };
            subjects.push(and(context, &own));
        }
        if actor {
            actors.push(context.into());
            actors.of.resize(self.actors.len(), 0);
        } else {
            for bits in &self.actors {
                actors.push(and(context, bits));
            }
        }
        work.take(subjects.sets.len() * actors.sets.len() * of_set)?;
        let cells = subjects
            .sets
            .iter()
            .flat_map(|s| actors.sets.iter().map(move |a| (s, a)))
            .map(|(s, a)| sets.number(and(s, a)))
            .collect();
        Ok(Block { subject: subjects.of.into(), actor: actors.of.into(), actors: actors.sets.len(), cells })
    }

    /// What looking at a context costs.
    pub fn of_context(&self) -> usize {
        self.words + 4
    }
}

/// Values by the set that they satisfy.
#[derive(Default)]
struct Groups {
    number: HashMap<Bits, u16>,
    of: Vec<u16>,
    sets: Vec<Bits>,
}

impl Groups {
    fn push(&mut self, set: Bits) {
        let group = *self.number.entry(set).or_insert_with_key(|set| {
            self.sets.push(set.clone());
            self.sets.len() as u16 - 1
        });
        self.of.push(group);
    }
}

/// Distinct sets of matching terms.
#[derive(Clone, Debug, Default)]
pub struct Sets {
    number: HashMap<Bits, u32>,
    /// The sets, by number.
    pub all: Vec<Bits>,
}

impl Sets {
    fn number(&mut self, set: Bits) -> u32 {
        *self.number.entry(set).or_insert_with_key(|set| {
            self.all.push(set.clone());
            self.all.len() as u32 - 1
        })
    }
}

/// The subjects and actors that a context tells apart, and a number for each pair of the two.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Block {
    /// Group of each state of subjects.
    pub subject: Box<[u16]>,
    /// Group of each state of actors.
    pub actor: Box<[u16]>,
    /// Groups of actors.
    pub actors: usize,
    /// By group of subjects, then of actors: a set of terms, or what became of it.
    pub cells: Box<[u32]>,
}

impl Block {
    /// The number of a pair of states.
    #[inline]
    pub fn cell(&self, subject: usize, actor: usize) -> u32 {
        self.cells[usize::from(self.subject[subject]) * self.actors + usize::from(self.actor[actor])]
    }

    /// The block with other numbers; groups that they no longer tell apart become one.
    pub fn renumbered(&self, number: impl Fn(u32) -> u32) -> Block {
        let cells: Vec<u32> = self.cells.iter().map(|&c| number(c)).collect();
        let subjects = self.cells.len() / self.actors.max(1);
        let (mut rows, mut columns) = (Merge::default(), Merge::default());
        for s in 0..subjects {
            rows.push(cells[s * self.actors..][..self.actors].to_vec());
        }
        for a in 0..self.actors {
            columns.push(rows.kept.iter().map(|&s| cells[s * self.actors + a]).collect());
        }
        Block {
            subject: self.subject.iter().map(|&g| rows.of[usize::from(g)]).collect(),
            actor: self.actor.iter().map(|&g| columns.of[usize::from(g)]).collect(),
            actors: columns.kept.len(),
            cells: rows
                .kept
                .iter()
                .flat_map(|&s| columns.kept.iter().map(move |&a| (s, a)))
                .map(|(s, a)| cells[s * self.actors + a])
                .collect(),
        }
    }

    /// Bytes that it takes.
    pub fn bytes(&self) -> usize {
        (self.subject.len() + self.actor.len()) * 2 + self.cells.len() * 4
    }
}

/// Lines of a table, equal ones as one.
#[derive(Default)]
struct Merge {
    number: HashMap<Vec<u32>, u16>,
    of: Vec<u16>,
    /// The first of each.
    kept: Vec<usize>,
}

impl Merge {
    fn push(&mut self, line: Vec<u32>) {
        let at = self.of.len();
        let next = self.kept.len() as u16;
        let group = *self.number.entry(line).or_insert(next);
        if group == next {
            self.kept.push(at);
        }
        self.of.push(group);
    }
}
