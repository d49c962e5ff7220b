//! Talk between two over strong ties, and calls; and what becomes of talks, over whichever tie.

use super::plans::CALLS;
use super::{DAY_MS, Traffic};
use crate::rng::Stream;
use crate::scenario::Kind;
use crate::traffic::batch::{Event, Sink, Tally};
use crate::traffic::block::BLOCK;
use crate::traffic::model::Clock;
use crate::traffic::talk::{Card, Turning};
use crate::traffic::unfold::unfold;
use crate::world::Community;

impl<'a> Traffic<'a> {
    /// Calls.
    pub(super) fn calls(&mut self, community: &Community, clock: &'a Clock, sink: &mut impl Sink) {
        let model = self.model;
        self.calls.clear();
        for k in 0..self.plans.busy[CALLS].len() {
            let user = self.plans.busy[CALLS][k];
            let rest = self.plans.rest(model, user);
            let stream = Stream::new(rest.stream.start() ^ 0xCA11);
            for j in 0..u64::from(model.calls.at(rest.calls)) {
                let b = stream.at(2 * j + 1);
                let other = community.circles.contact_or_other(user.into(), model.contacts.at(b).contact(), b);
                let Some(other) = other.filter(|&other| !self.cards.of(other).has(Card::GONE)) else {
                    continue;
                };
                if self.counting {
                    self.calls.push((user, other as u16));
                    continue;
                }
                let a = stream.at(2 * j);
                self.out.pair.push(Event {
                    time: clock.when.at((a >> 32) as u32),
                    actor: user.into(),
                    target: other,
                    kind: Kind::Call as u8,
                    bytes: model.sizes[5].at(a as u32),
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
        clock: &'a Clock,
        sink: &mut impl Sink,
    ) {
        let of = (user as u16, community.circles.third().1[user as usize & 0xffff], Turning::of(self.cards.of(user)));
        let mut first = self.block.add(of, keys, (0, n));
        while first < n {
            self.strong(community, clock, sink);
            first += self.block.add(of, keys, (first, n - first));
        }
    }

    /// Opens the talks that were started over strong ties, and hands them on.
    pub(super) fn strong(&mut self, community: &Community, clock: &'a Clock, sink: &mut impl Sink) {
        let model = self.model;
        let cards = (self.cards.own(), community.somebody_left(self.today));
        self.block.open(model, clock, &community.circles, cards, self.counting, &mut self.late);
        if self.counting {
            self.said.strong(model, &self.block);
            sink.tally(community, self.today, Tally::Talks(&self.block, &self.said));
        } else {
            let mut talks = std::mem::take(&mut self.begun);
            talks.clear();
            self.block.begin(clock, &mut talks);
            unfold(model, &talks, &mut self.quads, &mut self.out.pair);
            self.begun = talks;
        }
        if self.late.len() >= BLOCK {
            self.ties(community, sink);
        }
        self.block.clear();
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
