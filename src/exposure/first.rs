//! How soon: on which day something about a person first reaches the parent, and each category.
//!
//! Counted from the first day of the run, and, for policies whose rules change within it, once more from the day of the last change: what was let out before would hide
//! what the rules now in force let out. Only people whose marks grew are looked at, and these are few after some days.

use std::collections::HashMap;

use super::contexts::{Contexts, Plane};
use super::cube::{Axis, AxisLengths, Cube};
use super::grouping::GroupingSets;
use super::marks::Marks;
use super::signature_counts::{Disclosed, disclosed};
use crate::policy::Compiled;
use crate::scenario::{Policy, Scenario};
use crate::simd::{kernel, ones};

/// People by the day on which they were first exposed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirstTotals {
    /// About whom something was disclosed on that day, and never before.
    pub people: Cube<4>,
    /// About whom a category was.
    pub by_category: Cube<4>,
    /// About whom something was, and never before under the rules that the policy ends with: of policies whose rules change in the run.
    pub since_rules: Cube<4>,
}

/// The day of the run on which the rules that a policy ends with took effect: the last one on which a rule begins or ends to hold; 0 if they are in force from the first.
pub fn rules_since(scenario: &Scenario, policy: &Policy) -> u32 {
    let dates = policy.rules.iter().flat_map(|rule| [rule.from, rule.until]).flatten();
    let days = dates.filter_map(|date| u32::try_from((date - scenario.start).num_days()).ok());
    days.filter(|&day| day < scenario.days).max().unwrap_or(0)
}

/// What was disclosed before is looked for since this day.
#[derive(Debug)]
struct Origin {
    day: u32,
    policies: Vec<usize>,
    /// What people were marked with since.
    marks: Marks,
}

/// Counts the people of the community at hand by their first day.
#[derive(Debug)]
pub(super) struct First<'a> {
    compiled: &'a Compiled,
    contexts: &'a Contexts,
    scopes: GroupingSets,
    /// The days, after the first, from which it is counted once more.
    origins: Vec<Origin>,
    /// Whose marks grew today.
    grown: Vec<u32>,
    /// How many people of a class had some words of marks before today, and have some now.
    changes: HashMap<Box<[u16]>, u64, foldhash::fast::FixedState>,
    masks: KnownMasks,
    pub(super) totals: FirstTotals,
}

/// The people of a community today: class of each, and today's words of marks with their planes.
pub(super) type Today<'t> = (&'t [u16], &'t [(Plane, &'t [u16])]);

impl<'a> First<'a> {
    pub(super) fn new(
        scenario: &Scenario,
        compiled: &'a Compiled,
        contexts: &'a Contexts,
        lengths: AxisLengths,
    ) -> Self {
        let mut origins: Vec<Origin> = Vec::new();
        for (policy, of) in scenario.policies.iter().enumerate() {
            let day = rules_since(scenario, of);
            match origins.iter_mut().find(|origin| origin.day == day) {
                _ if day == 0 => {}
                Some(origin) => origin.policies.push(policy),
                None => origins.push(Origin { day, policies: vec![policy], marks: Marks::new(contexts) }),
            }
        }
        First {
            compiled,
            contexts,
            scopes: GroupingSets::new(scenario.jurisdictions.len()),
            origins,
            grown: Vec::new(),
            changes: HashMap::default(),
            masks: KnownMasks::new(compiled),
            totals: FirstTotals::zeros(lengths),
        }
    }

    /// Turns to a community.
    pub(super) fn begin(&mut self) {
        for origin in &mut self.origins {
            origin.marks.clear();
        }
    }

    /// Adds people about whom something is disclosed on a day, if it is the first one that counts.
    pub(super) fn add(&mut self, day: u32, class: usize, disclosed: Disclosed, people: u64) {
        let layers = self.compiled.layers();
        let mut news = News { compiled: self.compiled, scopes: self.scopes, day, class, people };
        if day == 0 {
            let all = 0..self.compiled.policies;
            news.add(
                all,
                |cell| (0, disclosed.masks[cell * layers]),
                &mut self.totals.people,
                |at, categories| {
                    add_categories(&mut self.totals.by_category, at, categories, people);
                },
            );
        }
        for origin in self.origins.iter().filter(|origin| origin.day == day) {
            let policies = origin.policies.iter().copied();
            let before_and_now = |cell: usize| (0, disclosed.masks[cell * layers]);
            news.add(policies, before_and_now, &mut self.totals.since_rules, |_, _| {});
        }
    }

    /// Counts those about whom something is disclosed today that was not before; `ever` has the marks of all days before. To be called before these take today's.
    pub(super) fn day(&mut self, day: u32, today: Today, ever: &Marks) {
        if day > 0 {
            self.count_changes(today, ever);
            self.add_changes(day, None);
        }
        for i in 0..self.origins.len() {
            let since = self.origins[i].day;
            if day < since {
                continue;
            }
            let mut marks = std::mem::replace(&mut self.origins[i].marks, Marks::new(self.contexts));
            if day > since {
                self.count_changes(today, &marks);
                self.add_changes(day, Some(i));
            }
            for (plane, words) in today.1 {
                marks.add(*plane, words);
            }
            self.origins[i].marks = marks;
        }
    }

    /// Adds the people of `changes`: from the first day of the run on, or from a later one.
    fn add_changes(&mut self, day: u32, origin: Option<usize>) {
        let First { compiled, contexts, scopes, origins, changes, masks, totals, .. } = self;
        let layers = compiled.layers();
        for (change, people) in changes.drain() {
            let (class, words) = (change[0], change[1..].split_at(change.len() / 2));
            let mut news = News { compiled, scopes: *scopes, day, class: usize::from(class), people };
            let [before, now] = masks.of(compiled, contexts, class, words.into());
            let before_and_now = |cell: usize| (before[cell * layers], now[cell * layers]);
            match origin {
                None => news.add(0..compiled.policies, before_and_now, &mut totals.people, |at, categories| {
                    add_categories(&mut totals.by_category, at, categories, people);
                }),
                Some(i) => {
                    let policies = origins[i].policies.iter().copied();
                    news.add(policies, before_and_now, &mut totals.since_rules, |_, _| {});
                }
            }
        }
    }

    /// Fills `changes`.
    fn count_changes(&mut self, (class, today): Today, before: &Marks) {
        self.grown.clear();
        for (plane, words) in today {
            grown(&words[..class.len()], before.of(*plane).map(|before| &before[..class.len()]), &mut self.grown);
        }
        if today.len() > 1 {
            self.grown.sort_unstable();
            self.grown.dedup();
        }
        let planes: Vec<Option<&[u16]>> = before.planes().map(|plane| before.of(plane)).collect();
        let places = planes.len();
        let mut key = vec![0; 1 + 2 * places];
        for &person in &self.grown {
            let person = person as usize;
            key[0] = class[person];
            for (place, words) in planes.iter().enumerate() {
                let word = words.map_or(0, |words| words[person]);
                (key[1 + place], key[1 + places + place]) = (word, word);
            }
            for (plane, words) in today {
                key[1 + places + plane.place()] |= words[person];
            }
            match self.changes.get_mut(&key[..]) {
                Some(n) => *n += 1,
                None => {
                    self.changes.insert(key.clone().into(), 1);
                }
            }
        }
    }
}

/// People of a class about whom something is disclosed on a day.
struct News<'a> {
    compiled: &'a Compiled,
    scopes: GroupingSets,
    day: u32,
    class: usize,
    people: u64,
}

impl News<'_> {
    /// Adds them where nothing was disclosed before: `masks(cell)` gives the categories that were disclosed before, and those that are now. Calls `categories` with what
    /// is new.
    fn add(
        &mut self,
        policies: impl Iterator<Item = usize>,
        masks: impl Fn(usize) -> (u32, u32),
        first: &mut Cube<4>,
        mut categories: impl FnMut([usize; 3], u32),
    ) {
        let purposes = self.compiled.purposes;
        let class = &self.compiled.classes[self.class];
        for policy in policies {
            for purpose in 0..=purposes {
                let (before, now) = masks(policy * (purposes + 1) + purpose);
                if now & !before == 0 {
                    continue;
                }
                categories([self.day as usize, policy, purpose], now & !before);
                if before == 0 {
                    let group = self.scopes.group(class, Some(purpose).filter(|&p| p < purposes));
                    first[[self.day as usize, policy, purpose, group]] += self.people;
                }
            }
        }
    }
}

fn add_categories(to: &mut Cube<4>, [day, policy, purpose]: [usize; 3], categories: u32, people: u64) {
    for category in ones(categories.into()) {
        to[[day, policy, purpose, category]] += people;
    }
}

/// What is disclosed about people of a class with some marks: kept, as most were like somebody before them.
#[derive(Debug)]
struct KnownMasks {
    number: HashMap<Box<[u16]>, usize, foldhash::fast::FixedState>,
    masks: Vec<u32>,
    width: usize,
}

impl KnownMasks {
    /// Most words of masks that are kept: 16 MiB.
    const MOST: usize = 1 << 22;

    fn new(compiled: &Compiled) -> Self {
        let width = 3 * compiled.policies * (compiled.purposes + 1) * compiled.layers();
        KnownMasks { number: HashMap::default(), masks: Vec::new(), width }
    }

    /// Masks of people of a class with each of these words of marks.
    fn of(&mut self, compiled: &Compiled, contexts: &Contexts, class: u16, words: [&[u16]; 2]) -> [&[u32]; 2] {
        if self.masks.len() + 2 * self.width > Self::MOST {
            self.number.clear();
            self.masks.clear();
        }
        let at = words.map(|words| {
            let key: Vec<u16> = [class].iter().chain(words).copied().collect();
            if let Some(&known) = self.number.get(&key[..]) {
                return known;
            }
            let from = self.masks.len();
            self.masks.resize(from + self.width, 0);
            let planes = words.iter().enumerate().map(|(place, &marks)| (Plane::at(place), marks));
            disclosed(
                compiled,
                contexts,
                class.into(),
                planes.filter(|(_, marks)| *marks != 0),
                &mut self.masks[from..],
            );
            self.number.insert(key.into(), from);
            from
        });
        at.map(|from| &self.masks[from..from + self.width])
    }
}

/// Adds the people who have a mark today that they did not have before.
#[kernel]
fn grown(today: &[u16], before: Option<&[u16]>, people: &mut Vec<u32>) {
    const ROW: usize = 64;
    let nothing = [0; ROW];
    for (row, today) in today.chunks(ROW).enumerate() {
        let before = before.map_or(&nothing[..], |before| &before[row * ROW..][..today.len()]);
        let any = today.iter().zip(before).fold(0, |any, (today, before)| any | today & !before);
        if any == 0 {
            continue;
        }
        for (i, _) in today.iter().zip(before).enumerate().filter(|(_, (today, before))| *today & !*before != 0) {
            people.push((row * ROW + i) as u32);
        }
    }
}

impl FirstTotals {
    pub(super) fn zeros(lengths: AxisLengths) -> Self {
        let by_group = [Axis::Day, Axis::Policy, Axis::PurposeOrAll, Axis::Group];
        FirstTotals {
            people: lengths.zeros(by_group),
            by_category: lengths.zeros([Axis::Day, Axis::Policy, Axis::PurposeOrAll, Axis::Category]),
            since_rules: lengths.zeros(by_group),
        }
    }

    /// Adds what another worker counted.
    pub fn merge(&mut self, other: &FirstTotals) {
        self.people.merge(&other.people);
        self.by_category.merge(&other.by_category);
        self.since_rules.merge(&other.since_rules);
    }

    /// Number of counters.
    pub(super) fn counters(&self) -> usize {
        self.people.len() + self.by_category.len() + self.since_rules.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::InstructionSet;

    #[test]
    fn those_whose_marks_grew() {
        for set in InstructionSet::ALL {
            let today: Vec<u16> = (0..150).map(|i| if i % 50 == 7 { 0b11 } else { 0b01 }).collect();
            let before: Vec<u16> = (0..150).map(|i| if i == 100 { 0 } else { 0b01 }).collect();
            let mut people = Vec::new();
            set.run(|| grown(&today, Some(&before), &mut people));
            assert_eq!(people, [7, 57, 100, 107], "{set:?}");
            people.clear();
            set.run(|| grown(&today[..3], None, &mut people));
            assert_eq!(people, [0, 1, 2]);
        }
    }
}
