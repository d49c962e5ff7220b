//! What a person does alone: check-ins, registrations, updates, joins, and uploads of the address book.

use super::cards::UPLOADS;
use super::{Plan, Traffic};
use crate::rng::{Stream, below};
use crate::scenario::Kind;
use crate::traffic::batch::{Event, Sink, Tally};
use crate::traffic::model::Clock;
use crate::world::{Community, NOBODY};

impl<'a> Traffic<'a> {
    /// Events without a counterparty, and uploads of the address book.
    pub(super) fn solo(&mut self, community: &Community, user: u32, plan: Plan, clock: &'a Clock, sink: &mut impl Sink) {
        let model = self.model;
        let stream = Stream::new(plan.others);
        let checkins = 1 + model.checkins.at(stream.at(0) as u32);
        let rare = stream.at(1);
        let happens = [rare & 0xffff_ffff, rare >> 32].into_iter().zip(model.rare).map(|(word, limit)| word < limit);
        let kinds = [Kind::Registration, Kind::ProfileUpdate];
        let join = Stream::new(plan.others ^ 0x6A01).at(0);
        let joined = || {
            let layer = below(join, u32::from(self.world.group_layers)) as u8;
            community.group_of(layer, user)
        };
        let joined = if join & 0xffff_ffff < model.rare[2] { joined() } else { None };
        if self.counting {
            let mut alone = |kind, n| sink.tally(community, self.today, Tally::Alone { user, kind, n });
            alone(Kind::DeviceCheckin, checkins);
            for (kind, _) in kinds.into_iter().zip(happens).filter(|(_, happens)| *happens) {
                alone(kind, 1);
            }
            if joined.is_some() {
                alone(Kind::GroupJoin, 1);
            }
        } else {
            let one = |kind: Kind, number: u64, target: u32| Event {
                time: clock.when.at((stream.at(number) >> 32) as u32),
                actor: user,
                target,
                kind: kind as u8,
                bytes: model.control_bytes,
                conversation: 0,
            };
            let solo = &mut self.out.solo;
            for i in 0..u64::from(checkins) {
                solo.push(one(Kind::DeviceCheckin, RARE + 3 + i, NOBODY));
            }
            for (i, (kind, _)) in (0..).zip(kinds.into_iter().zip(happens)).filter(|(_, (_, happens))| *happens) {
                solo.push(one(kind, RARE + i, NOBODY));
            }
            if let Some(group) = joined {
                solo.push(one(Kind::GroupJoin, RARE + 2, group));
            }
        }
        let uploads = Stream::new(plan.others ^ UPLOADS);
        let n = self.model.syncs.at(uploads.at(0) as u32);
        if n > 0 {
            let mut book = std::mem::take(&mut self.book);
            community.address_book(self.world, user, &mut book);
            if self.counting {
                sink.tally(community, self.today, Tally::Uploads { owner: user, book: &book, n });
            } else {
                let bytes = u64::from(model.control_bytes) + u64::from(model.entry_bytes) * book.len() as u64;
                let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
                let kind = Kind::ContactSync as u8;
                for time in self.uploads(uploads, clock) {
                    let target = self.out.audience.add_audience(NOBODY, book.entries());
                    self.out.audience.push(Event { time, actor: user, target, kind, bytes, conversation: 0 });
                }
            }
            self.book = book;
        }
        self.make_room(community, sink);
    }

    /// Times of a person's address book uploads, from their stream.
    pub(super) fn uploads(&self, stream: Stream, clock: &'a Clock) -> impl Iterator<Item = u32> + use<'a> {
        let n = self.model.syncs.at(stream.at(0) as u32);
        (0..u64::from(n)).map(move |i| clock.when.at((stream.at(1 + i) >> 32) as u32))
    }
}

/// Number of the first word that says when something happens: the rare things, then check-ins.
const RARE: u64 = 2;
