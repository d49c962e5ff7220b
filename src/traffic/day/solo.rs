//! What a person does alone: check-ins, registrations, updates, joins, and uploads of the address book.

use super::{Plan, Traffic};
use crate::rng::{Stream, below};
use crate::scenario::Kind;
use crate::traffic::batch::{Event, Sink};
use crate::traffic::model::Clock;
use crate::world::{Community, NOBODY};

impl<'a> Traffic<'a> {
    /// Events without a counterparty, and uploads of the address book.
    pub(super) fn solo(
        &mut self,
        community: &Community,
        user: u32,
        plan: Plan,
        clock: &'a Clock,
        sink: &mut impl Sink,
    ) {
        let model = self.model;
        let stream = Stream::new(plan.others);
        let counts = stream.at(0);
        let mut drawn = 1;
        let mut when = || {
            drawn += 1;
            clock.when.at((stream.at(drawn) >> 32) as u32)
        };
        let one = |kind: Kind, time: u32, target: u32| Event {
            time,
            actor: user,
            target,
            kind: kind as u8,
            bytes: model.control_bytes,
            conversation: 0,
        };
        for _ in 0..=model.checkins.at(counts as u32) {
            self.out.solo.push(one(Kind::DeviceCheckin, when(), NOBODY));
        }
        let rare = stream.at(1);
        if (rare & 0xffff_ffff) < model.rare[0] {
            self.out.solo.push(one(Kind::Registration, when(), NOBODY));
        }
        if (rare >> 32) < model.rare[1] {
            self.out.solo.push(one(Kind::ProfileUpdate, when(), NOBODY));
        }
        let join = Stream::new(plan.others ^ 0x6A01).at(0);
        if (join & 0xffff_ffff) < model.rare[2] {
            let layer = below(join, u32::from(self.world.group_layers)) as u8;
            if let Some(group) = community.group_of(layer, user) {
                self.out.solo.push(one(Kind::GroupJoin, when(), group));
            }
        }
        for time in self.uploads(plan, clock) {
            self.contacts.clear();
            community.address_book(self.world, user, &mut self.contacts);
            let bytes = u64::from(model.control_bytes) + u64::from(model.entry_bytes) * self.contacts.len() as u64;
            let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
            let target = self.out.audience.add_audience(NOBODY, self.contacts.iter().copied());
            self.out.audience.push(Event { bytes, ..one(Kind::ContactSync, time, target) });
        }
        self.make_room(community, sink);
    }

    /// Times of a person's address book uploads.
    pub(super) fn uploads(&self, plan: Plan, clock: &'a Clock) -> impl Iterator<Item = u32> + use<'a> {
        let stream = Stream::new(plan.others ^ 0x5C00);
        let n = self.model.syncs.at(stream.at(0) as u32);
        (0..u64::from(n)).map(move |i| clock.when.at((stream.at(1 + i) >> 32) as u32))
    }
}
