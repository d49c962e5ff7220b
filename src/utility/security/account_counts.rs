//! How many accounts have how many points, before the parent adds any.

use std::collections::BTreeMap;

use crate::scenario::Security;
use crate::simulate::Simulation;

/// Accounts by points of their own doings and of links: integers that merge by addition.
#[derive(Clone, Debug, PartialEq)]
pub struct AccountCounts {
    /// Most points, and one: the length of a column.
    pub points: usize,
    /// Abuse classes, and one for ordinary accounts.
    pub kinds: usize,
    /// Days.
    pub days: usize,
    /// By merged class of people: by kind (0 is ordinary), by whether they have an account with the parent, by the points of the strongest day.
    whole_run: BTreeMap<u16, Vec<u64>>,
    /// The same of abusive accounts, by day: points of the strongest day so far.
    by_day: BTreeMap<u16, Vec<u64>>,
    /// Accounts by step of each signal that they reach on some day, by kind: links after signals, and then new accounts.
    pub reached: Vec<u64>,
}

/// Somebody's account: its class of people, kind, and whether there is an account with the parent.
#[derive(Clone, Copy, Debug)]
pub struct AccountKind {
    /// Merged class of people.
    pub class: u16,
    /// 0, or 1 + index of the abuse class.
    pub kind: usize,
    /// Whether the person has an account with the parent.
    pub known: bool,
}

impl AccountCounts {
    /// No accounts.
    pub fn new(world: &Simulation, asked: &Security) -> Self {
        let kinds = 1 + world.scenario.file.abuse_classes.len();
        AccountCounts {
            points: most_points(asked) + 1,
            kinds,
            days: world.scenario.days as usize,
            whole_run: BTreeMap::new(),
            by_day: BTreeMap::new(),
            reached: vec![0; kinds * reachable(asked)],
        }
    }

    /// Adds an account with the points of its strongest day.
    pub fn add(&mut self, of: AccountKind, points: usize) {
        let at = (of.kind * 2 + usize::from(of.known)) * self.points + points;
        let size = self.kinds * 2 * self.points;
        self.whole_run.entry(of.class).or_insert_with(|| vec![0; size])[at] += 1;
    }

    /// Adds an abusive account with the points of its strongest day up to a day.
    pub fn add_by_day(&mut self, of: AccountKind, day: usize, points: usize) {
        let size = (self.kinds - 1) * 2 * self.points;
        let at = day * size + ((of.kind - 1) * 2 + usize::from(of.known)) * self.points + points;
        let days = self.days;
        self.by_day.entry(of.class).or_insert_with(|| vec![0; size * days])[at] += 1;
    }

    /// Adds what was counted elsewhere.
    pub fn merge(&mut self, other: &AccountCounts) {
        let merge = |own: &mut BTreeMap<u16, Vec<u64>>, theirs: &BTreeMap<u16, Vec<u64>>| {
            for (&class, theirs) in theirs {
                let own = own.entry(class).or_insert_with(|| vec![0; theirs.len()]);
                own.iter_mut().zip(theirs).for_each(|(sum, more)| *sum += more);
            }
        };
        merge(&mut self.whole_run, &other.whole_run);
        merge(&mut self.by_day, &other.by_day);
        self.reached.iter_mut().zip(&other.reached).for_each(|(sum, more)| *sum += more);
    }

    /// Merged classes of people that occur.
    pub fn classes(&self) -> impl Iterator<Item = u16> + '_ {
        self.whole_run.keys().copied()
    }

    /// Accounts of a class of people and kind, with or without an account with the parent, by points.
    pub fn of(&self, of: AccountKind) -> &[u64] {
        let from = (of.kind * 2 + usize::from(of.known)) * self.points;
        self.whole_run.get(&of.class).map_or(&[], |counts| &counts[from..from + self.points])
    }

    /// The same of abusive accounts up to a day.
    pub fn until(&self, of: AccountKind, day: usize) -> &[u64] {
        let size = (self.kinds - 1) * 2 * self.points;
        let from = day * size + ((of.kind - 1) * 2 + usize::from(of.known)) * self.points;
        self.by_day.get(&of.class).map_or(&[], |counts| &counts[from..from + self.points])
    }

    /// Accounts of a class of people, of all kinds, whose owners have an account with the parent.
    pub fn known(&self, class: u16) -> u64 {
        (0..self.kinds).flat_map(|kind| self.of(AccountKind { class, kind, known: true })).sum()
    }

    /// Accounts of a class of people, of all kinds.
    pub fn accounts(&self, class: u16) -> u64 {
        self.whole_run.get(&class).map_or(0, |counts| counts.iter().sum())
    }
}

/// Most points of an account's own doings and links.
fn most_points(asked: &Security) -> usize {
    let signals = asked.signals.iter().map(|(_, steps)| steps.last().map_or(0, |step| step.1));
    let links = asked.links.iter().map(|link| link.points);
    signals.chain(links).map(usize::from).sum::<usize>() + usize::from(asked.new_account_points)
}

/// Steps of signals, links, and new accounts.
pub fn reachable(asked: &Security) -> usize {
    asked.signals.iter().map(|(_, steps)| steps.len()).sum::<usize>() + asked.links.len() + 1
}
