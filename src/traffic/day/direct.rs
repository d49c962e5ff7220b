//! Talk between two: conversations over strong and weak ties, and calls.

use super::{DAY_MS, Opening, Plan, Traffic};
use crate::rng::{Domain, Stream};
use crate::scenario::Kind;
use crate::traffic::batch::{Event, Sink};
use crate::traffic::model::Clock;
use crate::world::{Community, LEVELS, NOBODY};

impl<'a> Traffic<'a> {
    /// Conversations over strong ties, and calls.
    pub(super) fn direct(
        &mut self,
        community: &Community,
        user: u32,
        plan: Plan,
        clock: &'a Clock,
        sink: &mut impl Sink,
    ) {
        let model = self.model;
        let stream = Stream::new(plan.conversations);
        let n = model.starts[usize::from(community.level(user))].at((plan.counts >> 32) as u32);
        for j in 0..u64::from(n) {
            self.open_strong(community, user, stream.at(j), clock, sink);
        }
        let calls = model.calls.at(plan.counts as u32);
        let call_stream = Stream::new(plan.others ^ 0xCA11);
        for j in 0..u64::from(calls) {
            let (a, b) = (call_stream.at(2 * j), call_stream.at(2 * j + 1));
            let Some(other) = community.circles.contact_or_other(user, model.contacts.at(b), b) else { continue };
            if community.gone(other, self.today) {
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
        self.make_room(community, sink);
    }

    /// A conversation over a strong tie; `key` is its own.
    pub(super) fn open_strong(
        &mut self,
        community: &Community,
        user: u32,
        key: u64,
        clock: &'a Clock,
        sink: &mut impl Sink,
    ) {
        let stream = Stream::new(key);
        let (a, b) = (stream.at(0), stream.at(1));
        if (a as u32 & 0xffff) >= clock.keep {
            return;
        }
        let contact = self.model.contacts.at(b);
        let Some(other) = community.circles.contact_or_other(user, contact, b) else { return };
        if community.gone(other, self.today) {
            return;
        }
        let opening = Opening {
            stream,
            id: key,
            sides: [user, other],
            start: clock.when.at((a >> 32) as u32),
            length: usize::from(self.model.lengths[(a as usize >> 16) & 4095]),
            other_active: self.is_active(community, other),
        };
        self.unfold(community, opening, sink);
    }

    /// Conversations over a user's weak ties: those that the user starts and those that the other side starts.
    pub(super) fn weak(
        &mut self,
        community: &Community,
        day: u32,
        user: u32,
        clocks: &'a [Clock],
        sink: &mut impl Sink,
    ) {
        for layer in 0..community.layers() {
            let other = community.weak_slot(layer, user);
            if self.active[user as usize] {
                self.weak_side(community, day, layer, [user, other], clocks, sink);
            }
            if other != NOBODY && self.is_active(community, other) {
                self.weak_side(community, day, layer, [other, user], clocks, sink);
                self.listed_elsewhere(community, day, [other, user], clocks);
            }
        }
    }

    /// Uploads by a weak tie, whose address book lists our user: what they say of the user counts here, also after the
    /// user left the service.
    pub(super) fn listed_elsewhere(&mut self, community: &Community, day: u32, sides: [u32; 2], clocks: &'a [Clock]) {
        let plan = self.plan(community, day, sides[0]);
        for time in self.uploads(plan, &clocks[usize::from(community.zone_of(sides[0]))]) {
            self.out.incoming.push(Event {
                time,
                actor: sides[0],
                target: sides[1],
                kind: Kind::ContactSync as u8,
                bytes: 0,
                conversation: 0,
            });
        }
    }

    /// Conversations that `sides[0]` starts over a weak tie. Both communities make them, alike to the last digit.
    pub(super) fn weak_side(
        &mut self,
        community: &Community,
        day: u32,
        layer: usize,
        sides: [u32; 2],
        clocks: &'a [Clock],
        sink: &mut impl Sink,
    ) {
        if community.gone(sides[1], day) {
            return;
        }
        let [w0, start, ..] =
            self.world.key.block(Domain::WeakDay, community.id(sides[0]), u64::from(day), layer as u64);
        let stream = Stream::new(start);
        let n = self.model.weak_starts[usize::from(community.level(sides[0]))].at(w0 as u32);
        // Both communities must agree: the clock is that of the one who starts.
        let clock = &clocks[usize::from(community.zone_of(sides[0]))];
        for j in 0..u64::from(n) {
            let key = stream.at(j);
            if sides[1] == NOBODY {
                // Nobody there: the conversation goes to a strong tie instead.
                self.open_strong(community, sides[0], key, clock, sink);
                continue;
            }
            let stream = Stream::new(key);
            let a = stream.at(0);
            if (a as u32 & 0xffff) >= clock.keep {
                continue;
            }
            let opening = Opening {
                stream,
                id: key,
                sides,
                start: clock.when.at((a >> 32) as u32),
                length: usize::from(self.model.lengths[(a as usize >> 16) & 4095]),
                other_active: self.is_active(community, sides[1]),
            };
            self.unfold(community, opening, sink);
        }
    }

    /// Message after message: turns, gaps, kinds and sizes, 64 random bits each.
    #[inline]
    pub(super) fn unfold(&mut self, community: &Community, opening: Opening, sink: &mut impl Sink) {
        let model = self.model;
        let Opening { stream, id, sides, start, length, other_active } = opening;
        let difference = LEVELS + usize::from(community.level(sides[1])) - usize::from(community.level(sides[0]));
        let mut pass = model.turns[difference].pass;
        if !other_active {
            pass[0] = 0;
        }
        let mut speaker = 0usize;
        let mut time = start;
        let both_here = community.is_local(sides[0]) && community.is_local(sides[1]);
        let talk = if both_here { &mut self.out.pair } else { &mut self.talk };
        let from = talk.len();
        talk.extend(length, id, |i| {
            let r = stream.at(2 + i as u64);
            if i > 0 {
                let turn = u32::from((r as u32 & 0xffff) < pass[speaker]);
                speaker ^= turn as usize;
                // Never beyond the end of u32, which is far beyond the day after, where events are dropped.
                time = time.saturating_add(model.gaps[turn as usize].at(((r >> 16) as u32) << 10));
            }
            let kind = model.media[(r >> 38) as usize & 4095];
            let bytes = model.sizes[usize::from(kind)].at(((r >> 50) as u32) << 18);
            (time, sides[speaker], sides[speaker ^ 1], kind, bytes)
        });
        if both_here {
            if time >= DAY_MS {
                self.out.pair.spill(from, DAY_MS, &mut self.carry.pair);
            }
        } else {
            self.share_out(community);
        }
        self.make_room(community, sink);
    }

    /// Sorts a talk over a weak tie: what our user says is ours, what the other side says is incoming; each today or
    /// tomorrow.
    pub(super) fn share_out(&mut self, community: &Community) {
        for i in 0..self.talk.len() {
            let e = self.talk.event(i);
            let buffers = match e.time / DAY_MS {
                0 => &mut self.out,
                1 => &mut self.carry,
                _ => break,
            };
            let batch = if community.is_local(e.actor) { &mut buffers.pair } else { &mut buffers.incoming };
            batch.push(Event { time: e.time % DAY_MS, ..e });
        }
        self.talk.clear();
    }
}
