//! One community in memory: what traffic and metrics look up about its people, in arrays that are used again for the next.

use super::World;
use super::circle::{Circles, Group, Order};
use super::class::Classes;
use super::layout::{Shape, person_id};
use super::weak::Pairings;
use crate::rng::{Domain, Stream};

/// Nobody, where a slot is optional.
pub const NOBODY: u32 = u32::MAX;

/// A community's people and the people elsewhere that they have weak ties to.
///
/// A *slot* is a place in the arrays: `0..people` are the local people (users first), then come the weak ties, user by
/// user for each layer.
#[derive(Clone, Debug)]
pub struct Community {
    /// Number, jurisdiction and size.
    pub shape: Shape,
    /// Time zone, an index into [`World::zones`].
    pub zone: u8,
    /// Class number of each slot, for those who leave the one before: see [`Community::class_on`].
    pub class: Vec<u16>,
    /// First day of the run on which each slot is gone from the service, `u32::MAX` for never. Empty if the scenario
    /// lets nobody leave.
    pub left_day: Vec<u32>,
    /// (day, slot) of all who leave on some day, by day.
    pub leavers: Vec<(u32, u32)>,
    /// Level of activity of each acting slot: users, then weak ties.
    level: Vec<u8>,
    /// Level of presence of each acting slot.
    presence: Vec<u8>,
    /// Nominal entries of each user's address book.
    book: Vec<u16>,
    /// Person ids of the weak ties, `u64::MAX` for none.
    remote: Vec<u64>,
    /// Their zones.
    remote_zone: Vec<u8>,
    /// Strong ties.
    pub circles: Circles,
    /// Chat groups.
    pub groups: Vec<Group>,
    orders: Vec<Order>,
    layers: usize,
}

impl Community {
    /// Room for a community; [`Community::fill`] makes it one.
    pub fn empty() -> Self {
        Community {
            shape: Shape { number: 0, jurisdiction: 0, rank: 0, people: 0, users: 0 },
            zone: 0,
            class: Vec::new(),
            left_day: Vec::new(),
            leavers: Vec::new(),
            level: Vec::new(),
            presence: Vec::new(),
            book: Vec::new(),
            remote: Vec::new(),
            remote_zone: Vec::new(),
            circles: Circles::new(0, (0, 0)),
            groups: Vec::new(),
            orders: Vec::new(),
            layers: 0,
        }
    }

    /// Makes this community number `number` of the world. Nothing of the one before is left.
    pub fn fill(&mut self, world: &World, number: u32) {
        let shape = world.layout.shape(number);
        self.shape = shape;
        self.zone = world.zone(&shape);
        self.remote_zone.clear();
        for column in [&mut self.level, &mut self.presence] {
            column.clear();
        }
        self.class.clear();
        self.left_day.clear();
        self.leavers.clear();
        self.book.clear();
        self.remote.clear();
        for local in 0..shape.people {
            let user = local < shape.users;
            let person = world.people.person(&shape, person_id(number, local), user);
            self.class.push(world.class_of(&shape, user, &person));
            if user {
                self.level.push(person.level);
                self.presence.push(person.presence);
                self.book.push(person.book);
            }
        }
        let pairings: Pairings = world.weak.pairings(&world.layout, &shape);
        self.layers = pairings.layers();
        for layer in 0..self.layers {
            for user in 0..shape.users {
                match pairings.partner(layer, user) {
                    Some(id) => {
                        let other = world.layout.shape((id >> super::layout::LOCAL_BITS) as u32);
                        let person = world.people.person(&other, id, true);
                        self.remote.push(id);
                        self.remote_zone.push(world.zone(&other));
                        self.class.push(world.class_of(&other, true, &person));
                        self.level.push(person.level);
                        self.presence.push(person.presence);
                    }
                    None => {
                        self.remote.push(u64::MAX);
                        self.remote_zone.push(0);
                        self.class.push(0);
                        self.level.push(0);
                        self.presence.push(0);
                    }
                }
            }
        }
        let words = |part| world.key.block(Domain::Community, u64::from(number), 0, part);
        let [w0, w1, w2, _] = words(0);
        self.circles = Circles::new(shape.users, (w0, w1));
        self.orders.clear();
        self.orders.extend((0..world.group_layers).map(|layer| {
            let w = words(1 + u64::from(layer));
            Order::new(shape.users, (w[0], w[1]))
        }));
        world.group_sizes.cut(shape.users, world.group_layers, Stream::new(w2), &mut self.groups);
        if world.somebody_leaves() {
            self.fill_left(world);
        }
    }

    fn fill_left(&mut self, world: &World) {
        for slot in 0..self.slots() as u32 {
            let id = self.id(slot);
            let day = if id == u64::MAX { None } else { world.leaves(self.class[slot as usize], id) };
            self.left_day.push(day.map_or(u32::MAX, |day| day.clamp(0, i64::from(u32::MAX - 1)) as u32));
        }
        let leavers = (0..).zip(&self.left_day).filter(|(_, day)| **day != u32::MAX).map(|(slot, &day)| (day, slot));
        self.leavers.extend(leavers);
        self.leavers.sort_unstable();
    }

    /// Whether a slot is gone from the service on a day of the run.
    #[inline(always)]
    pub fn gone(&self, slot: u32, day: u32) -> bool {
        self.left_day.get(slot as usize).is_some_and(|&left| left <= day)
    }

    /// Whether any slot is gone on a day of the run.
    pub fn somebody_left(&self, day: u32) -> bool {
        self.leavers.first().is_some_and(|&(left, _)| left <= day)
    }

    /// Class number of a slot on a day of the run.
    pub fn class_on(&self, classes: &Classes, slot: u32, day: u32) -> u16 {
        let class = self.class[slot as usize];
        if self.gone(slot, day) { classes.left(class) } else { class }
    }

    /// Number of slots.
    pub fn slots(&self) -> usize {
        self.class.len()
    }

    /// Layers of weak ties.
    pub fn layers(&self) -> usize {
        self.layers
    }

    /// Slot of a user's weak tie in a layer, [`NOBODY`] if there is none.
    #[inline]
    pub fn weak_slot(&self, layer: usize, user: u32) -> u32 {
        let i = layer * self.shape.users as usize + user as usize;
        if self.remote[i] == u64::MAX { NOBODY } else { self.shape.people + i as u32 }
    }

    /// Whether a slot is a person of this community.
    #[inline(always)]
    pub fn is_local(&self, slot: u32) -> bool {
        slot < self.shape.people
    }

    /// Person id of a slot.
    #[inline]
    pub fn id(&self, slot: u32) -> u64 {
        if self.is_local(slot) {
            person_id(self.shape.number, slot)
        } else {
            self.remote[(slot - self.shape.people) as usize]
        }
    }

    /// Time zone of a slot.
    #[inline]
    pub fn zone_of(&self, slot: u32) -> u8 {
        if self.is_local(slot) { self.zone } else { self.remote_zone[(slot - self.shape.people) as usize] }
    }

    #[inline(always)]
    fn acting(&self, slot: u32) -> usize {
        // Non-users have a class but never act: the acting arrays leave them out.
        if self.is_local(slot) { slot as usize } else { (slot - self.shape.people + self.shape.users) as usize }
    }

    /// Level of activity of a user or weak tie.
    #[inline(always)]
    pub fn level(&self, slot: u32) -> u8 {
        self.level[self.acting(slot)]
    }

    /// Level of presence of a user or weak tie.
    #[inline(always)]
    pub fn presence(&self, slot: u32) -> u8 {
        self.presence[self.acting(slot)]
    }

    /// The members of a group, as slots.
    pub fn members(&self, group: &Group) -> impl Iterator<Item = u32> + use<> {
        self.orders[usize::from(group.layer)].run(group.start, u32::from(group.size))
    }

    /// Number of the group that a user is in, of those of order `layer`; `None` if the user is in none.
    pub fn group_of(&self, layer: u8, user: u32) -> Option<u32> {
        let place = self.orders.get(usize::from(layer))?.place(user);
        // Groups lie by order, then by first place.
        let next = self.groups.partition_point(|g| (g.layer, g.start) <= (layer, place));
        let group = self.groups.get(next.checked_sub(1)?)?;
        (group.layer == layer && place < group.start + u32::from(group.size)).then_some(next as u32 - 1)
    }

    /// Appends the address book of a user, as slots: weak ties, then contacts of the community.
    pub fn address_book(&self, world: &World, user: u32, contacts: &mut Vec<u32>) {
        let before = contacts.len();
        contacts.extend((0..self.layers).map(|layer| self.weak_slot(layer, user)).filter(|&slot| slot != NOBODY));
        let entries = u32::from(self.book[user as usize]).saturating_sub((contacts.len() - before) as u32);
        world.books.local(&self.shape, &self.circles, user, entries, contacts);
    }
}
