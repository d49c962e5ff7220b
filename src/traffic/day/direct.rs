//! Conversations of two over strong ties, and calls; and what becomes of conversations, over whichever tie.

use super::Traffic;
use super::daily_counts::CALLS;
use crate::population::Community;
use crate::random::Stream;
use crate::scenario::Kind;
use crate::traffic::batch::Event;
use crate::traffic::conversation::DayState;
use crate::traffic::diurnal_profile::DiurnalProfile;
use crate::traffic::plan::lanes::BLOCK;
use crate::traffic::sink::{Sink, Tally};
use crate::traffic::time::DAY_MS;

impl<'a> Traffic<'a> {
    /// Calls.
    pub(super) fn calls(&mut self, community: &Community, profile: &'a DiurnalProfile, sink: &mut impl Sink) {
        let tables = self.tables;
        self.calls.clear();
        for k in 0..self.daily_counts.busy[CALLS].len() {
            let user = self.daily_counts.busy[CALLS][k];
            let (calls, rest) = self.daily_counts.calls(user);
            let stream = Stream::new(rest.start() ^ 0xCA11);
            for j in 0..u64::from(tables.calls.at(calls)) {
                let b = stream.at(2 * j + 1);
                let contact = tables.contacts.at(self.day_states.of(user.into()).contact_table(), b);
                let other = community.circles.contact(self.turnover.origin(&community.circles, user), contact);
                let Some(other) = other.filter(|&other| !self.day_states.of(other).has(DayState::GONE)) else {
                    continue;
                };
                if self.counting {
                    self.calls.push((user, other as u16));
                    continue;
                }
                let a = stream.at(2 * j);
                self.out.pair.push(Event {
                    time: profile.at_by((a >> 32) as u32, self.chronotypes[usize::from(user)]),
                    actor: user.into(),
                    target: other,
                    kind: Kind::Call as u8,
                    bytes: tables.sizes[5].at(a as u32),
                    conversation: a | 1,
                });
            }
            self.make_room(community, sink);
        }
        if !self.calls.is_empty() {
            sink.tally(community, self.today, Tally::Calls(&self.calls));
        }
    }

    /// `n` conversations over strong ties, whose keys are the first of a stream.
    #[inline]
    pub(super) fn start(
        &mut self,
        community: &Community,
        user: u32,
        keys: Stream,
        n: usize,
        profile: &'a DiurnalProfile,
        sink: &mut impl Sink,
    ) {
        let of = (self.turnover.origin(&community.circles, user as u16), self.day_states.of(user));
        let mut first = self.block.add(of, keys, (0, n));
        while first < n {
            self.strong(community, profile, sink);
            first += self.block.add(of, keys, (first, n - first));
        }
    }

    /// Opens the conversations that were started over strong ties, and hands them on.
    pub(super) fn strong(&mut self, community: &Community, profile: &'a DiurnalProfile, sink: &mut impl Sink) {
        let tables = self.tables;
        let day_states = (self.day_states.own(), community.somebody_left(self.today));
        self.block.open(tables, profile, &community.circles, day_states, self.counting, &mut self.late);
        if self.counting {
            self.sent.strong(tables, &self.block);
            sink.tally(community, self.today, Tally::StrongTies(&self.block, &self.sent));
        } else {
            let starters = self.block.user[..self.block.len].iter();
            self.clocks.clear();
            self.clocks.extend(starters.map(|&user| self.chronotypes[usize::from(user)]));
            let mut at = 0;
            while at < self.block.len {
                let clocks = (profile, &self.clocks[..]);
                at = self.expander.block(tables, clocks, &self.block, at, &mut self.out.pair);
                self.make_room(community, sink);
            }
        }
        if self.late.len() >= BLOCK {
            self.late(community, sink);
        }
        self.block.clear();
        self.make_room(community, sink);
    }

    /// Unfolds late conversations.
    pub(super) fn late(&mut self, community: &Community, sink: &mut impl Sink) {
        self.expander.conversations(self.tables, &self.late, &mut self.conversation);
        self.late.clear();
        let [today, tomorrow] = &mut self.late_events;
        self.partitioner.part(&self.conversation, &self.conversation.time, DAY_MS, today, tomorrow);
        std::mem::swap(&mut self.conversation, today);
        today.clear();
        self.share_out(community);
        for i in 0..self.late_events[1].len() {
            let e = self.late_events[1].event(i);
            let batch = if community.is_local(e.actor) { &mut self.carry.pair } else { &mut self.carry.incoming };
            batch.push(Event { time: e.time - DAY_MS, ..e });
        }
        self.late_events[1].clear();
        self.make_room(community, sink);
    }

    /// Sorts today's events of conversations over any ties: what our users say is ours, what the other side says is incoming.
    pub(super) fn share_out(&mut self, community: &Community) {
        let (ours, theirs) = (&mut self.out.pair, &mut self.out.incoming);
        self.partitioner.part(&self.conversation, &self.conversation.actor, community.shape.people, ours, theirs);
        self.conversation.clear();
    }
}
