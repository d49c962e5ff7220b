//! A community's day: who is active, what they do, what spills into the next day.

use super::batch::{Batch, Event, Shape, Sink};
use super::model::{Clock, DAY_MS, LONGEST, Model, SPEAKERS};
use crate::rng::{Domain, Stream, below};
use crate::scenario::Kind;
use crate::world::{Community, LEVELS, NOBODY, World};

/// Events per batch: the columns of one shape stay in the L1 and L2 caches.
const BATCH: usize = 2048;

/// Makes the traffic of one community, day after day. The buffers are used again for the next community.
#[derive(Debug)]
pub struct Traffic<'a> {
    world: &'a World,
    model: &'a Model,
    /// Whether each acting slot is active today.
    active: Vec<bool>,
    out: Buffers,
    /// Events after midnight of conversations that began before.
    carry: Buffers,
    spare: Buffers,
    /// A talk over a weak tie, before it is sorted.
    talk: Batch,
    contacts: Vec<u32>,
    today: u32,
}

/// One batch of each shape.
#[derive(Debug)]
struct Buffers {
    pair: Batch,
    incoming: Batch,
    solo: Batch,
    audience: Batch,
}

impl Buffers {
    fn new(capacity: usize) -> Self {
        Buffers {
            pair: Batch::new(Shape::Pair, capacity),
            incoming: Batch::new(Shape::Incoming, capacity),
            solo: Batch::new(Shape::Solo, capacity),
            audience: Batch::new(Shape::Audience, capacity),
        }
    }

    fn each(&mut self) -> [&mut Batch; 4] {
        [&mut self.pair, &mut self.incoming, &mut self.solo, &mut self.audience]
    }

    fn flush(&mut self, community: &Community, day: u32, sink: &mut impl Sink) {
        for batch in self.each() {
            if !batch.is_empty() {
                sink.batch(community, day, batch);
            }
            batch.clear();
        }
    }
}

/// What a person does today besides conversations over weak ties.
#[derive(Clone, Copy)]
struct Plan {
    conversations: u64,
    counts: u64,
    others: u64,
}

/// Two sides and a beginning: all that a conversation needs to unfold.
#[derive(Clone, Copy)]
struct Opening {
    stream: Stream,
    id: u64,
    sides: [u32; 2],
    start: u32,
    length: usize,
    other_active: bool,
}

impl<'a> Traffic<'a> {
    /// Traffic of a world by a model.
    pub fn new(world: &'a World, model: &'a Model) -> Self {
        Traffic {
            world,
            model,
            active: Vec::new(),
            out: Buffers::new(BATCH + LONGEST),
            carry: Buffers::new(0),
            spare: Buffers::new(0),
            talk: Batch::new(Shape::Pair, LONGEST),
            contacts: Vec::new(),
            today: 0,
        }
    }

    /// Forgets what spilled from the community before: call at the start of each community.
    pub fn begin(&mut self) {
        for batch in self.carry.each() {
            batch.clear();
        }
    }

    /// All events of UTC day `day` that concern the community's people, in no particular order. Days must follow each
    /// other, from any first day; what began before the first one is left out.
    pub fn day(&mut self, community: &Community, day: u32, sink: &mut impl Sink) {
        self.today = day;
        let model: &'a Model = self.model;
        let clocks = model.clocks(day);
        let clock = &clocks[usize::from(community.zone)];
        std::mem::swap(&mut self.carry, &mut self.spare);
        self.spare.flush(community, day, sink);
        self.mark_active(community, day);
        for user in 0..community.shape.users {
            self.weak(community, day, user, clocks, sink);
            if self.active[user as usize] {
                let plan = self.plan(community, day, user);
                self.direct(community, user, plan, clock, sink);
                self.solo(community, user, plan, clock, sink);
            }
        }
        self.groups(community, day, clock, sink);
        self.out.flush(community, day, sink);
    }

    fn block(&self, community: &Community, day: u32, slot: u32) -> [u64; 4] {
        self.world.key.block(Domain::PersonDay, community.id(slot), u64::from(day), 0)
    }

    fn mark_active(&mut self, community: &Community, day: u32) {
        self.active.clear();
        let users = community.shape.users;
        let acting = (0..users).chain((community.shape.people..).take(users as usize * community.layers()));
        for slot in acting {
            let threshold = self.world.people.presence[usize::from(community.presence(slot))];
            let there = community.id(slot) != u64::MAX;
            let active = there && (self.block(community, day, slot)[0] >> 32) < threshold;
            self.active.push(active);
        }
    }

    #[inline]
    fn is_active(&self, community: &Community, slot: u32) -> bool {
        let i = if community.is_local(slot) { slot } else { slot - community.shape.people + community.shape.users };
        self.active[i as usize]
    }

    fn plan(&self, community: &Community, day: u32, user: u32) -> Plan {
        // The first word decided about being active.
        let [_, conversations, counts, others] = self.block(community, day, user);
        Plan { conversations, counts, others }
    }

    /// Conversations over strong ties, and calls.
    fn direct(&mut self, community: &Community, user: u32, plan: Plan, clock: &'a Clock, sink: &mut impl Sink) {
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
    fn open_strong(&mut self, community: &Community, user: u32, key: u64, clock: &'a Clock, sink: &mut impl Sink) {
        let stream = Stream::new(key);
        let (a, b) = (stream.at(0), stream.at(1));
        if (a as u32 & 0xffff) >= clock.keep {
            return;
        }
        let contact = self.model.contacts.at(b);
        let Some(other) = community.circles.contact_or_other(user, contact, b) else { return };
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
    fn weak(&mut self, community: &Community, day: u32, user: u32, clocks: &'a [Clock], sink: &mut impl Sink) {
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

    /// Uploads by a weak tie, whose address book lists our user: what they say of the user counts here.
    fn listed_elsewhere(&mut self, community: &Community, day: u32, sides: [u32; 2], clocks: &'a [Clock]) {
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

    /// Times of a person's address book uploads.
    fn uploads(&self, plan: Plan, clock: &'a Clock) -> impl Iterator<Item = u32> + use<'a> {
        let stream = Stream::new(plan.others ^ 0x5C00);
        let n = self.model.syncs.at(stream.at(0) as u32);
        (0..u64::from(n)).map(move |i| clock.when.at((stream.at(1 + i) >> 32) as u32))
    }

    /// Conversations that `sides[0]` starts over a weak tie. Both communities make them, alike to the last digit.
    fn weak_side(
        &mut self,
        community: &Community,
        day: u32,
        layer: usize,
        sides: [u32; 2],
        clocks: &'a [Clock],
        sink: &mut impl Sink,
    ) {
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
    fn unfold(&mut self, community: &Community, opening: Opening, sink: &mut impl Sink) {
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
    fn share_out(&mut self, community: &Community) {
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

    /// Hands full batches on.
    fn make_room(&mut self, community: &Community, sink: &mut impl Sink) {
        for batch in self.out.each() {
            if batch.len() >= BATCH {
                sink.batch(community, self.today, batch);
                batch.clear();
            }
        }
    }

    /// Events without a counterparty, and uploads of the address book.
    fn solo(&mut self, community: &Community, user: u32, plan: Plan, clock: &'a Clock, sink: &mut impl Sink) {
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
            let bytes = model.control_bytes + model.entry_bytes * self.contacts.len() as u32;
            let target = self.out.audience.add_audience(NOBODY, self.contacts.iter().copied());
            self.out.audience.push(Event { bytes, ..one(Kind::ContactSync, time, target) });
        }
        self.make_room(community, sink);
    }

    /// Conversations of all groups.
    fn groups(&mut self, community: &Community, day: u32, clock: &'a Clock, sink: &mut impl Sink) {
        for number in 0..community.groups.len() as u32 {
            let entity = u64::from(community.shape.number) << 32 | u64::from(number);
            let [w0, start, ..] = self.world.key.block(Domain::GroupDay, entity, u64::from(day), 0);
            let size = usize::from(community.groups[number as usize].size);
            let n = self.model.group_starts[size].at(w0 as u32);
            let stream = Stream::new(start);
            for j in 0..u64::from(n) {
                self.unfold_group(community, number, stream.at(j), clock);
                self.make_room(community, sink);
            }
        }
    }

    /// One conversation of a group: up to four members who are active today speak in turn.
    fn unfold_group(&mut self, community: &Community, number: u32, key: u64, clock: &'a Clock) {
        let model = self.model;
        let stream = Stream::new(key);
        let (a, b) = (stream.at(0), stream.at(1));
        if (a as u32 & 0xffff) >= clock.keep {
            return;
        }
        let group = community.groups[number as usize];
        self.contacts.clear();
        self.contacts.extend(community.members(&group));
        // Distinct candidates: a run of the group, which is in random order, from a random place.
        let first = below(b, u32::from(group.size)) as usize;
        let mut speakers = [(0u32, 0u32); SPEAKERS];
        let (mut count, mut weight) = (0, 0);
        for i in 0..SPEAKERS.min(self.contacts.len()) {
            let member = self.contacts[(first + i) % self.contacts.len()];
            if self.active[member as usize] {
                weight += model.voice[usize::from(community.level(member))];
                speakers[count] = (member, weight);
                count += 1;
            }
        }
        if count == 0 {
            return;
        }
        let pick = |word: u64| {
            let at = below(word, weight);
            speakers[..count].iter().position(|s| at < s.1).unwrap_or(0)
        };
        let mut speaker = pick(b << 32);
        let mut time = u64::from(clock.when.at((a >> 32) as u32));
        let mut audiences = [NOBODY; 2];
        for i in 0..usize::from(model.lengths[(a as usize >> 16) & 4095]) {
            let r = stream.at(2 + i as u64);
            if i > 0 {
                let before = speaker;
                if (r as u32 & 0xffff) < model.group_pass {
                    speaker = pick(crate::rng::mix(r));
                }
                time += u64::from(model.gaps[usize::from(speaker != before)].at(((r >> 16) as u32) << 10));
            }
            let media = model.media[(r >> 38) as usize & 4095];
            let tomorrow = usize::from(time >= u64::from(DAY_MS));
            if time >= 2 * u64::from(DAY_MS) {
                break;
            }
            let out = if tomorrow == 0 { &mut self.out.audience } else { &mut self.carry.audience };
            if audiences[tomorrow] == NOBODY {
                audiences[tomorrow] = out.add_audience(number, self.contacts.iter().copied());
            }
            out.push(Event {
                time: time as u32 - tomorrow as u32 * DAY_MS,
                actor: speakers[speaker].0,
                target: audiences[tomorrow],
                kind: media + Kind::GroupText as u8,
                bytes: model.sizes[usize::from(media)].at(((r >> 50) as u32) << 18),
                conversation: key,
            });
        }
    }
}
