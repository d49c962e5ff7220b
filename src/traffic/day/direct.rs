//! Talk between two over strong ties, and calls; and what becomes of talks, over whichever tie.

use super::plans::Rest;
use super::{DAY_MS, Traffic};
use crate::rng::Stream;
use crate::scenario::Kind;
use crate::traffic::batch::{Event, Sink, Tally};
use crate::traffic::block::BLOCK;
use crate::traffic::model::Clock;
use crate::traffic::talk::Card;
use crate::traffic::unfold::ends;
use crate::world::Community;

impl<'a> Traffic<'a> {
    /// Calls of a user.
    pub(super) fn calls(&mut self, community: &Community, user: u32, rest: Rest, clock: &'a Clock) {
        let model = self.model;
        let stream = Stream::new(rest.stream.start() ^ 0xCA11);
        for j in 0..u64::from(model.calls.at(rest.calls)) {
            let (a, b) = (stream.at(2 * j), stream.at(2 * j + 1));
            let Some(other) = community.circles.contact_or_other(user, model.contacts.at(b).contact(), b) else {
                continue;
            };
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
        let mut first = self.block.start(user as u16, keys, 0, n);
        while first < n {
            self.strong(community, clock, sink);
            first += self.block.start(user as u16, keys, first as u64, n - first);
        }
    }

    /// Opens the talks that were started over strong ties, and hands them on.
    pub(super) fn strong(&mut self, community: &Community, clock: &'a Clock, sink: &mut impl Sink) {
        let model = self.model;
        let cards = (self.cards.own(), community.somebody_left(self.today));
        self.block.open(model, clock, &community.circles, cards, &mut self.late);
        if self.counting {
            self.said.strong(model, &self.block);
            sink.tally(community, self.today, Tally::Talks(&self.block, &self.said));
        } else {
            self.unfolding.block(model, clock, &self.block, &mut self.out.pair);
        }
        if self.late.len() >= BLOCK {
            self.ties(community, sink);
        }
        self.block.clear();
        self.make_room(community, sink);
    }

    /// Takes late talks that do end today to the others, and unfolds the rest.
    pub(super) fn late(&mut self, community: &Community, sink: &mut impl Sink) {
        if self.counting {
            let (model, talks) = (self.model, &mut self.talks);
            self.late.retain(|talk| {
                let crosses = ends(model, talk) >= DAY_MS;
                if !crosses {
                    talks.push(*talk);
                }
                crosses
            });
        }
        self.unfolding.talks(self.model, &self.late, &mut self.talk);
        self.late.clear();
        let [today, tomorrow] = &mut self.parted;
        self.parting.part(&self.talk, &self.talk.time, DAY_MS, today, tomorrow);
        std::mem::swap(&mut self.talk, today);
        today.clear();
        self.share_out(community);
        for i in 0..self.parted[1].len() {
            let e = self.parted[1].event(i);
            let batch = if community.is_local(e.actor) { &mut self.carry.pair } else { &mut self.carry.incoming };
            batch.push(Event { time: e.time - DAY_MS, ..e });
        }
        self.parted[1].clear();
        self.make_room(community, sink);
    }

    /// Sorts today's events of talks over any ties: what our users say is ours, what the other side says is incoming.
    pub(super) fn share_out(&mut self, community: &Community) {
        let (ours, theirs) = (&mut self.out.pair, &mut self.out.incoming);
        self.parting.part(&self.talk, &self.talk.actor, community.shape.people, ours, theirs);
        self.talk.clear();
    }
}
