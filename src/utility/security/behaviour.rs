//! What the service sees of an account's own doings, day by day: a pass over all events.

use std::ops::Range;

use super::account_counts::{AccountCounts, AccountKind};
use super::accounts::{Accounts, CommunityAccounts};
use crate::population::Community;
use crate::scenario::{Kind, Security, SignalName};
use crate::simulate::Simulation;
use crate::traffic::{Batch, Shape, Sink};

/// Numbers of messages to one person, and to groups.
const TO_ONE: Range<u8> = Kind::TextMessage as u8..Kind::GroupText as u8;
const TO_GROUPS: Range<u8> = Kind::GroupText as u8..Kind::Call as u8;
/// Signals that there are.
const SIGNALS: usize = SignalName::ALL.len();

/// Sees what accounts do.
#[derive(Debug)]
pub struct BehaviourObserver<'a> {
    world: &'a Simulation,
    asked: &'a Security,
    accounts: Accounts,
    /// What was counted.
    pub counts: AccountCounts,
    /// Today, by local index: each signal.
    today: [Vec<u32>; SIGNALS],
    /// Messages to single people today, by local index: as many people at most were written to.
    sent: Vec<u32>,
    /// Who wrote to whom today, by slot.
    pairs: Vec<(u32, u32)>,
    /// Of those who wrote to many: user, other person, whether the other wrote.
    of_many: Vec<(u32, u64, bool)>,
    /// Steps that the strongest day so far reaches, by signal and local index.
    reached: [Vec<u8>; SIGNALS],
    /// Points of the strongest day so far, by local index.
    points: Vec<u16>,
    /// The strongest days so far of abusive accounts, day by day: by place in their list.
    abusive_days: Vec<u16>,
}

impl<'a> BehaviourObserver<'a> {
    /// Nothing is seen yet.
    pub fn new(world: &'a Simulation, asked: &'a Security) -> Self {
        BehaviourObserver {
            world,
            asked,
            accounts: Accounts::new(world.population.key, asked),
            counts: AccountCounts::new(world, asked),
            today: std::array::from_fn(|_| Vec::new()),
            sent: Vec::new(),
            pairs: Vec::new(),
            of_many: Vec::new(),
            reached: std::array::from_fn(|_| Vec::new()),
            points: Vec::new(),
            abusive_days: Vec::new(),
        }
    }

    /// The least number of people that gives any points.
    fn fewest(&self) -> u32 {
        let of_people = |name| matches!(name, SignalName::PeopleWrittenTo | SignalName::Unanswered);
        let first =
            self.asked.signals.iter().filter(|signal| of_people(signal.0)).filter_map(|signal| signal.1.first());
        first.map(|step| step.0).min().unwrap_or(u32::MAX)
    }

    /// Counts people of those who wrote to so many messages that they may have written to many people.
    fn count_people(&mut self, community: &Community) {
        let fewest = self.fewest();
        let many = |user: u32| self.sent.get(user as usize).is_some_and(|&sent| sent >= fewest);
        self.of_many.clear();
        for &(actor, target) in &self.pairs {
            if many(actor) {
                self.of_many.push((actor, community.id(target), false));
            }
            if many(target) {
                self.of_many.push((target, community.id(actor), true));
            }
        }
        self.of_many.sort_unstable();
        self.of_many.dedup();
        for of_two in self.of_many.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            let (user, _, wrote_first) = of_two[0];
            // Without a message of the user's own the only one is the other's.
            if !wrote_first {
                self.today[SignalName::PeopleWrittenTo as usize][user as usize] += 1;
                self.today[SignalName::Unanswered as usize][user as usize] += u32::from(of_two.len() == 1);
            }
        }
    }

    fn kind(&self, community: &Community, known: bool, user: u32, kind: usize) -> AccountKind {
        let class = community.columns.class[user as usize];
        AccountKind { class: self.world.compiled.merged[usize::from(class)], kind, known }
    }

    /// Points of what is known of an account whatever it does; what of it there is, by number of link, and of new accounts.
    fn standing_points(
        &self,
        of: &CommunityAccounts,
        user: u32,
        (kind, place): (usize, Option<usize>),
        mut there: impl FnMut(usize),
    ) -> u16 {
        let mut points = 0;
        for (i, link) in self.asked.links.iter().enumerate() {
            if self.accounts.is_linked(of, user, place, i) {
                points += link.points;
                there(i);
            }
        }
        if self.accounts.is_new(of, user, kind) {
            points += self.asked.new_account_points;
            there(self.asked.links.len());
        }
        points
    }
}

impl Sink for BehaviourObserver<'_> {
    fn begin_community(&mut self, community: &Community) {
        let users = community.shape.users as usize;
        for column in &mut self.reached {
            column.clear();
            column.resize(users, 0);
        }
        self.points.clear();
        self.points.resize(users, 0);
        self.abusive_days.clear();
    }

    fn begin_day(&mut self, community: &Community, _: u32) {
        let users = community.shape.users as usize;
        for column in self.today.iter_mut().chain([&mut self.sent]) {
            column.clear();
            column.resize(users, 0);
        }
        self.pairs.clear();
    }

    fn batch(&mut self, _: &Community, _: u32, batch: &Batch) {
        let kinds = batch.kind.iter();
        match batch.shape {
            Shape::Pair | Shape::Incoming => {
                let ours = batch.shape == Shape::Pair;
                for (kind, (&actor, &target)) in kinds.zip(batch.actor.iter().zip(batch.target.iter())) {
                    if !TO_ONE.contains(kind) {
                        continue;
                    }
                    if ours {
                        self.sent[actor as usize] += 1;
                    }
                    // Messages of a conversation follow one another.
                    if self.pairs.last() != Some(&(actor, target)) {
                        self.pairs.push((actor, target));
                    }
                }
            }
            Shape::Solo => {
                for (&kind, &actor) in kinds.zip(batch.actor.iter()) {
                    let entered = kind == Kind::GroupJoin as u8;
                    self.today[SignalName::GroupsEntered as usize][actor as usize] += u32::from(entered);
                }
            }
            Shape::Audience => {
                for (kind, &actor) in kinds.zip(batch.actor.iter()) {
                    let sent = u32::from(TO_GROUPS.contains(kind));
                    self.today[SignalName::GroupMessages as usize][actor as usize] += sent;
                }
            }
        }
    }

    fn end_day(&mut self, community: &Community, _: u32) {
        self.count_people(community);
        for user in 0..community.shape.users as usize {
            let mut points = 0;
            for (name, steps) in &self.asked.signals {
                let signal = *name as usize;
                let reached = steps.partition_point(|step| step.0 <= self.today[signal][user]);
                points += reached.checked_sub(1).map_or(0, |last| steps[last].1);
                self.reached[signal][user] = self.reached[signal][user].max(reached as u8);
            }
            self.points[user] = self.points[user].max(points);
        }
        self.abusive_days.extend(community.abusive.iter().map(|account| self.points[usize::from(account.user)]));
    }

    fn end_community(&mut self, community: &Community) {
        let world = self.world;
        let accounts = self.accounts.of(community);
        let mut places = community.abusive.iter().enumerate().peekable();
        let n = community.abusive.len();
        let mut counts = std::mem::replace(&mut self.counts, AccountCounts::new(world, self.asked));
        let kinds = counts.kinds;
        for user in 0..community.shape.users {
            let abusive = places.next_if(|(_, account)| u32::from(account.user) == user);
            let place = abusive.map(|(place, _)| place);
            let kind = abusive.map_or(0, |(_, account)| 1 + usize::from(account.class));
            let person = &world.population.classes.all()[usize::from(community.columns.class[user as usize])];
            let of = self.kind(community, person.parent_account, user, kind);
            let mut step = 0;
            for (name, steps) in &self.asked.signals {
                for reached in 0..usize::from(self.reached[*name as usize][user as usize]) {
                    counts.reached[(step + reached) * kinds + kind] += 1;
                }
                step += steps.len();
            }
            let standing = self.standing_points(&accounts, user, (kind, place), |what| {
                counts.reached[(step + what) * kinds + kind] += 1;
            });
            counts.add(of, usize::from(standing + self.points[user as usize]));
            if let Some(place) = place {
                for day in 0..counts.days {
                    let points = self.abusive_days[day * n + place] + standing;
                    counts.add_by_day(of, day, points.into());
                }
            }
        }
        self.counts = counts;
    }
}
