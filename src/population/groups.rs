//! Chat groups: who sits in them, and how large they are.
//!
//! There are several orders of a community's users: some keep neighbours together, whose households and friends then share groups, some those of the wider circles, and
//! the others nobody. Each user takes part in some of the orders, and each order's participants are cut into groups.

use super::circle::{AffinePermutation, ByLocal, Circles, by_local};
use super::circle_kinds::CIRCLES;
use super::group_sizes::GroupSizes;
use crate::random::Stream;
use crate::simd::kernel;

/// Orders of which one number says who takes part.
const SOME: u8 = 32;
/// Orders to one group of a user: everybody takes part in half of them on average.
const ORDERS_PER_GROUP: u8 = 2;
/// Orders of users for so many groups of a user on average.
pub fn layers_for(groups_per_user: f64) -> u8 {
    groups_per_user.round() as u8 * ORDERS_PER_GROUP
}

/// Mean number of groups of a user with so many orders.
pub fn groups_per_user(layers: u8) -> f64 {
    f64::from(layers) / f64::from(ORDERS_PER_GROUP)
}

/// In which orders one of `users` takes part, as bits, for the orders from a multiple of [`SOME`] on: between one and seven eighths of them. The first and the last take
/// part in opposite orders, the second and the last but one, and so on, so that the mean number of groups is what it is to be in every world.
#[inline(always)]
fn takes_part(stream: Stream, users: u32, user: u32) -> u32 {
    const EVERY_OTHER: u32 = 0x5555_5555;
    let opposite = users - 1 - user;
    let number = user.min(opposite);
    let [a, c] = [0, 1].map(|part| stream.at(2 * u64::from(number) + part));
    // A bit is set with a chance in eighths, of which each but 0 and 1 is as likely: built from the last digit to the first.
    let eighths = 1 + (((c >> 32) * 7) >> 32) as u32;
    let digit = |bits: u32, word: u32, digit: u32| {
        let set = 0u32.wrapping_sub(eighths >> digit & 1);
        (bits & word) | (bits | word) & set
    };
    let bits = digit(digit(digit(0, a as u32, 0), (a >> 32) as u32, 1), c as u32, 2);
    if user == opposite {
        EVERY_OTHER
    } else if user < opposite {
        bits
    } else {
        !bits
    }
}

/// An order of those who take part, as they come among the users or in the order of the wider circles.
#[derive(Clone, Copy, Debug)]
enum Order {
    /// Those near each other in the order of local indices stay near each other: households and friends.
    Neighbours(Mixed),
    /// Those near each other in the order of the wider circles stay near each other.
    Wider(Mixed),
    /// No circle.
    Anybody(AffinePermutation),
}

/// Places mixed within aligned blocks: odd factor and shift modulo the block.
#[derive(Clone, Copy, Debug)]
struct Mixed {
    block: u32,
    factor: u32,
    inverse: u32,
    shift: u32,
    /// Places in all.
    n: u32,
}

impl Mixed {
    fn new(block: u32, word: u64, n: u32) -> Self {
        let factor = word as u32 | 1;
        // Newton's method: each step doubles the digits of the inverse modulo 2^32.
        let inverse =
            (0..5).fold(factor, |inverse, _| inverse.wrapping_mul(2u32.wrapping_sub(factor.wrapping_mul(inverse))));
        Mixed { block, factor, inverse, shift: (word >> 32) as u32, n }
    }

    /// What is at a place. The last block, which may not be full, is as it is.
    #[inline(always)]
    fn at(self, place: u32) -> u32 {
        let within = self.block - 1;
        let mixed = place & !within | place.wrapping_mul(self.factor).wrapping_add(self.shift) & within;
        if place | within < self.n { mixed } else { place }
    }

    #[inline(always)]
    fn place(self, at: u32) -> u32 {
        let within = self.block - 1;
        let place = at & !within | at.wrapping_sub(self.shift).wrapping_mul(self.inverse) & within;
        if at | within < self.n { place } else { at }
    }
}

/// An order with its seats.
#[derive(Clone, Copy, Debug)]
struct Layer {
    order: Order,
    /// First seat.
    first: u32,
    /// Who takes part and is left over from the last group.
    alone: Option<u16>,
}

/// Who sits in a community's groups.
#[derive(Clone, Debug)]
pub struct Groups {
    /// By order, then by first seat.
    pub list: Vec<Group>,
    /// Users by order and place, without those who do not take part: the members of a group sit side by side.
    pub seats: Vec<u16>,
    layers: Vec<Layer>,
    /// Streams that decide who takes part, one for [`SOME`] orders.
    parts: Vec<Stream>,
    /// Orders in which each user takes part, as bits; and each place of the wider circles.
    bits: [Vec<u32>; 2],
    /// Those who take part in an order, as they come; and in its order.
    taking: Box<ByLocal<u16>>,
    order: Vec<u16>,
}

impl Default for Groups {
    fn default() -> Self {
        Groups {
            list: Vec::new(),
            seats: Vec::new(),
            layers: Vec::new(),
            parts: Vec::new(),
            bits: [Vec::new(), Vec::new()],
            taking: by_local(0),
            order: Vec::new(),
        }
    }
}

impl Groups {
    /// Makes these the groups of a community, from a stream of its own.
    pub fn fill(&mut self, circles: &Circles, layers: u8, sizes: &GroupSizes, stream: Stream) {
        let users = circles.users() as usize;
        let [part, order, size] = [0, 1, 2].map(|i| Stream::new(stream.at(i)));
        self.seats.clear();
        self.layers.clear();
        self.list.clear();
        self.parts.clear();
        for bits in &mut self.bits {
            bits.resize(users, 0);
        }
        self.order.resize(users, 0);
        let mut sizes = sizes.draws(size);
        for layer in 0..layers {
            let [by_user, by_place] = &mut self.bits;
            if layer % SOME == 0 {
                self.parts.push(Stream::new(part.at(u64::from(layer / SOME))));
                take_part(self.parts[self.parts.len() - 1], by_user);
                look_up(by_user, &circles.wider().0[..users], by_place);
            }
            let words = [0, 1].map(|i| order.at(2 * u64::from(layer) + i));
            let wider = layer % 4 == 1;
            let bits = if wider { by_place } else { by_user };
            let n = take(bits, u32::from(layer % SOME), &mut self.taking);
            let (taking, places) = (&mut self.taking[..n], &mut self.order[..n]);
            let of = match layer % 4 {
                0 => Order::Neighbours(Mixed::new(CIRCLES[0].1 * CIRCLES[1].1, words[0], n as u32)),
                1 => Order::Wider(Mixed::new(CIRCLES[2].1, words[0], n as u32)),
                _ => Order::Anybody(AffinePermutation::new(n as u32, (words[0], words[1]))),
            };
            of.list(places);
            let first = self.seats.len();
            self.seats.resize(first + n, 0);
            let seats = &mut self.seats[first..];
            look_up(taking, places, seats);
            if wider {
                replace(circles.wider().0, seats);
            }
            let (mut start, end) = (first as u32, (first + n) as u32);
            while end - start >= 2 {
                let size = sizes.next().min(end - start);
                self.list.push(Group { layer, size: size as u16, start });
                start += size;
            }
            // A remainder of one person is in no group.
            let alone = seats.last().filter(|_| start < end).copied();
            self.layers.push(Layer { order: of, first: first as u32, alone });
        }
    }

    /// Whether a user is in a group of order `layer`.
    #[inline]
    pub fn holds(&self, circles: &Circles, layer: u8, user: u32) -> bool {
        let of = self.layers.get(usize::from(layer)).zip(self.parts.get(usize::from(layer / SOME)));
        of.is_some_and(|(of, part)| {
            takes_part(*part, circles.users(), user) >> (layer % SOME) & 1 == 1 && of.alone != Some(user as u16)
        })
    }

    /// Number of the group that a user is in, of those of order `layer`; `None` if the user is in none.
    pub fn of(&self, circles: &Circles, layer: u8, user: u32) -> Option<u32> {
        if !self.holds(circles, layer, user) {
            return None;
        }
        let Layer { order, first, .. } = self.layers[usize::from(layer)];
        // Those who come before: among users, or in the order of the wider circles.
        let wider = matches!(order, Order::Wider(_));
        let (at, place) = circles.wider();
        let until = if wider { place[user as usize & 0xffff].into() } else { user };
        let bit = layer % SOME;
        let number = if self.parts.len() == 1 {
            self.bits[usize::from(wider)][..until as usize].iter().map(|bits| bits >> bit & 1).sum::<u32>()
        } else {
            let user = |i: u32| if wider { at[i as usize].into() } else { i };
            let part = self.parts[usize::from(layer / SOME)];
            (0..until).map(|i| takes_part(part, circles.users(), user(i)) >> bit & 1).sum()
        };
        let seat = first + order.place(number);
        let next = self.list.partition_point(|group| (group.layer, group.start) <= (layer, seat));
        Some(next as u32 - 1)
    }
}

impl Order {
    /// The numbers of those who take part, place by place.
    fn list(self, to: &mut [u16]) {
        match self {
            Order::Neighbours(mixed) | Order::Wider(mixed) => mix(mixed, to),
            Order::Anybody(order) => order.list(to),
        }
    }

    /// The place of a number.
    fn place(self, number: u32) -> u32 {
        match self {
            Order::Neighbours(mixed) | Order::Wider(mixed) => mixed.place(number),
            Order::Anybody(order) => order.place(number),
        }
    }
}

/// Mixed places.
#[kernel]
fn mix(mixed: Mixed, to: &mut [u16]) {
    for (place, to) in (0..).zip(to) {
        *to = mixed.at(place) as u16;
    }
}

/// What there is at each of some places.
#[kernel]
fn look_up<T: Copy>(of: &[T], places: &[u16], to: &mut [T]) {
    for (to, &place) in to.iter_mut().zip(places) {
        *to = of[usize::from(place)];
    }
}

/// In which of [`SOME`] orders each user takes part.
#[kernel]
fn take_part(stream: Stream, bits: &mut [u32]) {
    let users = bits.len() as u32;
    for (user, bits) in (0..).zip(bits) {
        *bits = takes_part(stream, users, user);
    }
}

/// Who takes part in an order, as they come; returns how many.
#[kernel]
fn take(bits: &[u32], layer: u32, taking: &mut ByLocal<u16>) -> usize {
    let mut n = 0;
    for (user, bits) in (0..).zip(bits) {
        // All are written, those who take part are kept.
        taking[n & 0xffff] = user;
        n += (bits >> layer & 1) as usize;
    }
    n
}

/// Who is at each place.
#[kernel]
fn replace(at: &ByLocal<u16>, places: &mut [u16]) {
    for place in places {
        *place = at[usize::from(*place)];
    }
}

/// A chat group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Group {
    /// Which order.
    pub layer: u8,
    /// Members.
    pub size: u16,
    /// First seat.
    pub start: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn group_sizes_have_their_mean() {
        let sizes = GroupSizes::new(9.0, 0.7, 256.0);
        assert!((sizes.mean - 9.0).abs() < 0.01, "{}", sizes.mean);
        let groups = groups(60_000, 18, &sizes);
        let mean = groups.list.iter().map(|g| f64::from(g.size)).sum::<f64>() / groups.list.len() as f64;
        assert!((mean - 9.0).abs() < 0.15, "{mean}");
        let mut small: Vec<u16> = groups.list.iter().map(|g| g.size).collect();
        small.sort_unstable();
        assert!(small[small.len() / 2] < 10);
    }

    fn groups(users: u32, layers: u8, sizes: &GroupSizes) -> Groups {
        let mut groups = Groups::default();
        groups.fill(&Circles::new(users, (3, 4)), layers, sizes, Stream::new(5));
        groups
    }

    /// Members of all groups, by group.
    fn members(groups: &Groups) -> Vec<&[u16]> {
        groups.list.iter().map(|g| &groups.seats[g.start as usize..][..g.size.into()]).collect()
    }

    #[test]
    fn people_are_in_as_many_groups_as_they_are_to_on_average_and_differ() {
        let groups = groups(20_480, layers_for(9.0), &GroupSizes::new(9.0, 0.7, 256.0));
        let mut of_user = vec![0u32; 20_480];
        for &member in members(&groups).into_iter().flatten() {
            of_user[usize::from(member)] += 1;
        }
        let n = of_user.len() as f64;
        let mean = f64::from(of_user.iter().sum::<u32>()) / n;
        let deviation = (of_user.iter().map(|&g| (f64::from(g) - mean).powi(2)).sum::<f64>() / n).sqrt();
        // A remainder of one at the end of an order is in no group.
        assert!((8.998..=9.0).contains(&mean), "{mean}");
        assert!((4.0..5.5).contains(&deviation), "{deviation}");
        assert!(of_user.contains(&1) && of_user.contains(&17));
    }

    #[test]
    fn everybody_is_found_in_their_groups_once() {
        for users in [1, 2, 3, 63, 64, 65, 700, 5_000] {
            let circles = Circles::new(users, (3, 4));
            let groups = groups(users, 9, &GroupSizes::new(5.0, 0.7, 256.0));
            let mut found = std::collections::HashSet::new();
            for (number, members) in members(&groups).into_iter().enumerate() {
                for &member in members {
                    let layer = groups.list[number].layer;
                    assert_eq!(groups.of(&circles, layer, member.into()), Some(number as u32));
                    assert!(found.insert((layer, member)));
                }
            }
            for (layer, user) in (0..9).flat_map(|layer| (0..users as u16).map(move |user| (layer, user))) {
                assert_eq!(groups.of(&circles, layer, user.into()).is_some(), found.contains(&(layer, user)));
            }
        }
    }

    #[test]
    fn mixed_places_come_back() {
        for word in [0, 7 << 32 | 6, u64::MAX] {
            let mixed = Mixed::new(64, word, 270);
            for place in 0..270 {
                assert_eq!((mixed.place(mixed.at(place)), mixed.at(place) / 64), (place, place / 64));
            }
        }
    }
}
