//! A community's day: who is active, what they do, what spills into the next day.

mod direct;
mod groups;
mod leaving;
mod solo;

use super::batch::{Batch, Shape, Sink};
use super::model::{DAY_MS, LONGEST, Model};
use crate::rng::{Domain, Stream};
use crate::world::{Community, World};

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
        self.spare.drop_gone(community, day);
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
            let there = community.id(slot) != u64::MAX && !community.gone(slot, day);
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

    /// Hands full batches on.
    fn make_room(&mut self, community: &Community, sink: &mut impl Sink) {
        for batch in self.out.each() {
            if batch.len() >= BATCH {
                sink.batch(community, self.today, batch);
                batch.clear();
            }
        }
    }
}
