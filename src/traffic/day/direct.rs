//! Talk between two over strong ties, and calls; and what becomes of talks, over whichever tie.

use super::{DAY_MS, Plan, Traffic};
use crate::rng::Stream;
use crate::scenario::Kind;
use crate::traffic::batch::{Event, Sink, Tally};
use crate::traffic::model::Clock;
use crate::traffic::talk::{BLOCK, Card};
use crate::traffic::unfold::unfold;
use crate::world::Community;

impl<'a> Traffic<'a> {
    /// Conversations that a user starts over strong ties, and calls.
    pub(super) fn direct(&mut self, community: &Community, user: u32, plan: Plan, clock: &'a Clock, sink: &mut impl Sink) {
        let model = self.model;
        let starts = model.starts[self.cards.of(user).level()].at((plan.counts >> 32) as u32);
        self.start(community, user, Stream::new(plan.conversations), starts as usize, clock, sink);
        let calls = model.calls.at(plan.counts as u32);
        let call_stream = Stream::new(plan.others ^ 0xCA11);
        for j in 0..u64::from(calls) {
            let (a, b) = (call_stream.at(2 * j), call_stream.at(2 * j + 1));
            let Some(other) = community.circles.contact_or_other(user, model.contacts.at(b), b) else { continue };
            if self.cards.of(other).has(Card::GONE) {
                continue;
            }
            self.out.pair.push(Event {
                time: clock.when.at((a >> 32) as u32),
                actor: user,
                target: other,
                kind: Kind::Call as u8,
                bytes: model.sizes[5].at(a as u32),
                conversation: a | 1,
            });
        }
    }

    /// `n` conversations over strong ties, whose keys are the first of a stream.
    pub(super) fn start(
        &mut self,
        community: &Community,
        user: u32,
        keys: Stream,
        n: usize,
        clock: &'a Clock,
        sink: &mut impl Sink,
    ) {
        let mut first = 0;
        while first < n {
            if self.starts.len() == BLOCK {
                self.strong(community, clock, sink);
            }
            let now = (n - first).min(BLOCK - self.starts.len());
            self.starts.push(user, keys, first as u64, now);
            first += now;
        }
    }

    /// Opens the talks that were started over strong ties, and hands them on.
    pub(super) fn strong(&mut self, community: &Community, clock: &'a Clock, sink: &mut impl Sink) {
        let model = self.model;
        self.talks.open(model, clock, &community.circles, self.cards.all(), &mut self.starts);
        if self.counting {
            self.talks.split_late(clock, &mut self.late);
            self.said.strong(model, &self.talks);
            sink.tally(community, self.today, Tally::Talks(&self.talks, &self.said));
            if self.late.len() >= BLOCK {
                self.late(community, sink);
            }
        } else {
            self.talks.begin(clock);
            let from = self.out.pair.len();
            let latest = unfold(model, &self.talks, &mut self.quads, &mut self.out.pair);
            if latest >= DAY_MS {
                self.out.pair.spill(from, DAY_MS, &mut self.carry.pair);
            }
        }
        self.talks.clear();
        self.make_room(community, sink);
    }

    /// Unfolds late talks.
    pub(super) fn late(&mut self, community: &Community, sink: &mut impl Sink) {
        unfold(self.model, &self.late, &mut self.quads, &mut self.talk);
        self.late.clear();
        self.share_out(community, sink);
    }

    /// Sorts the events of talks over any ties: what our users say is ours, what the other side says is incoming; each today
    /// or tomorrow.
    pub(super) fn share_out(&mut self, community: &Community, sink: &mut impl Sink) {
        for i in 0..self.talk.len() {
            let e = self.talk.event(i);
            let buffers = if e.time < DAY_MS { &mut self.out } else { &mut self.carry };
            let batch = if community.is_local(e.actor) { &mut buffers.pair } else { &mut buffers.incoming };
            batch.push(Event { time: e.time % DAY_MS, ..e });
        }
        self.talk.clear();
        self.make_room(community, sink);
    }
}
