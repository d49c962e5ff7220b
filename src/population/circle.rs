//! Circles without a stored graph: pseudo-random orders of a community's users, cut into aligned chunks.
//!
//! Two users of a chunk are a tie; the tie's rank is the exclusive or of their places in it, so that both sides give it
//! the same rank: the contact that I write to most writes most to me.

use super::layout::MAX_COMMUNITY;
use crate::random::distribution::GuideTable;
use crate::random::{Stream, below};
use crate::simd::kernel;

/// Kinds of circle: (name, size). Sizes are powers of two, so that places pair by exclusive or.
pub const CIRCLES: [(&str, u32); 3] = [("household and closest", 4), ("friends", 16), ("work, class, club", 32)];

/// Places by which the chunks of each circle are shifted, so that friends are not all of the same household.
pub const SHIFT: [u32; 3] = [0, 8, 0];

/// A pseudo-random order of `0..n`: place = a * x + b mod n, with a prime to n. Two multiplications, nothing stored;
/// neighbours in one order are strangers in the next.
#[derive(Clone, Copy, Debug)]
pub struct AffinePermutation {
    n: u64,
    a: u64,
    a_inverse: u64,
    b: u64,
}

impl AffinePermutation {
    /// An order of `0..n` from two random words.
    pub fn new(n: u32, words: (u64, u64)) -> Self {
        let n = u64::from(n.max(1));
        // Steps near 0 or n would keep neighbours together; most of the range is far from both.
        let mut a = n / 5 + words.0 % (n / 2 + 1);
        while gcd(a.max(1), n) != 1 {
            a += 1;
        }
        let a = a.max(1) % n.max(2);
        AffinePermutation { n, a, a_inverse: inverse(a, n), b: words.1 % n }
    }

    /// The person at a place.
    #[inline(always)]
    pub fn at(&self, place: u32) -> u32 {
        ((u64::from(place) * self.a + self.b) % self.n) as u32
    }

    /// The place of a person.
    #[inline(always)]
    pub fn place(&self, person: u32) -> u32 {
        ((u64::from(person) + self.n - self.b) * self.a_inverse % self.n) as u32
    }

    /// The people at places 0, 1, ... of the order.
    pub fn list(&self, people: &mut [u16]) {
        const LANES: usize = 32;
        let n = self.n as u32;
        if n as usize >= 2 * LANES {
            let first = std::array::from_fn(|i| self.at(i as u32));
            list(first, (self.a * LANES as u64 % self.n) as u32, n, people);
        } else {
            for (person, at) in people.iter_mut().zip(self.run(0, n)) {
                *person = at as u16;
            }
        }
    }

    /// The people at `start..start + len`, which must lie in `0..n`.
    pub fn run(&self, start: u32, len: u32) -> impl Iterator<Item = u32> + use<> {
        let (n, a) = (self.n, self.a);
        let mut at = u64::from(self.at(start));
        (0..len).map(move |_| {
            let here = at as u32;
            at += a;
            if at >= n {
                at -= n;
            }
            here
        })
    }
}

/// 32 people at a time: those of the next places are a step further on, modulo `n`.
#[kernel]
fn list(first: [u32; 32], step: u32, n: u32, people: &mut [u16]) {
    let mut at = first;
    for people in people.chunks_mut(32) {
        for (person, at) in people.iter_mut().zip(&mut at) {
            *person = *at as u16;
            let next = *at + step;
            *at = next.min(next.wrapping_sub(n));
        }
    }
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// Inverse of `a` modulo `n` (extended Euclid); 0 for n = 1.
fn inverse(a: u64, n: u64) -> u64 {
    let (mut r0, mut r1) = (n as i64, (a % n) as i64);
    let (mut t0, mut t1) = (0i64, 1i64);
    while r1 != 0 {
        let q = r0 / r1;
        (r0, r1) = (r1, r0 - q * r1);
        (t0, t1) = (t1, t0 - q * t1);
    }
    t0.rem_euclid(n as i64) as u64
}

/// The strong ties of a community's users.
#[derive(Clone, Debug)]
pub struct Circles {
    users: u32,
    /// Person at each place of the order of the third circle; the first two circles lie in the order of local indices.
    at: Box<ByLocal<u16>>,
    /// Place of each person in that order.
    place: Box<ByLocal<u16>>,
}

/// A column by local index, as long as a community can be: an index of 16 bits needs no check.
pub type ByLocal<T> = [T; MAX_COMMUNITY as usize];

/// An empty column by local index.
pub fn by_local<T: Copy>(value: T) -> Box<ByLocal<T>> {
    match vec![value; MAX_COMMUNITY as usize].try_into() {
        Ok(column) => column,
        Err(_) => unreachable!("of that length"),
    }
}

impl Default for Circles {
    fn default() -> Self {
        Circles { users: 0, at: by_local(0), place: by_local(0) }
    }
}

/// Which contact a conversation goes to: circle and rank in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Contact {
    /// Index into [`CIRCLES`].
    pub circle: u8,
    /// Exclusive or of the places, from 1.
    pub rank: u8,
}

impl Circles {
    /// Circles of `users` people, at most 65,536, from two random words.
    pub fn new(users: u32, words: (u64, u64)) -> Self {
        let mut circles = Circles::default();
        circles.fill(users, words);
        circles
    }

    /// Makes these the circles of `users` people.
    pub fn fill(&mut self, users: u32, words: (u64, u64)) {
        self.users = users;
        AffinePermutation::new(users, words).list(&mut self.at[..users as usize]);
        for (place, &person) in self.at[..users as usize].iter().enumerate() {
            self.place[usize::from(person)] = place as u16;
        }
    }

    /// Number of people.
    pub fn users(&self) -> u32 {
        self.users
    }

    /// Person at each place of the third circle's order, and place of each person.
    pub fn third(&self) -> (&ByLocal<u16>, &ByLocal<u16>) {
        (&self.at, &self.place)
    }

    /// The members of somebody's chunk of the third circle, and their own place in it: the exclusive or of two places is the rank
    /// of a tie.
    pub fn chunk(&self, user: u32) -> (u32, &[u16]) {
        let (place, size) = (u32::from(self.place[user as usize & 0xffff]), CIRCLES[2].1);
        let first = place & !(size - 1);
        (place - first, &self.at[first as usize..(first + size).min(self.users) as usize])
    }

    /// The person at the other end of a tie, if the chunk is that long there.
    #[inline]
    pub fn contact(&self, user: u32, contact: Contact) -> Option<u32> {
        let rank = u32::from(contact.rank);
        let other = match contact.circle {
            2 => {
                let place = u32::from(self.place[user as usize]) ^ rank;
                if place >= self.users {
                    return None;
                }
                u32::from(self.at[place as usize & 0xffff])
            }
            circle => ((user + SHIFT[usize::from(circle)]) ^ rank).wrapping_sub(SHIFT[usize::from(circle)]),
        };
        (other < self.users).then_some(other)
    }

    /// The contact, or somebody else of the community if there is none of that rank. `None` if there is nobody else.
    #[inline]
    pub fn contact_or_other(&self, user: u32, contact: Contact, word: u64) -> Option<u32> {
        self.contact(user, contact).or_else(|| self.other(user, word))
    }

    /// Somebody else of the community, `None` if there is nobody else.
    #[cold]
    pub fn other(&self, user: u32, word: u64) -> Option<u32> {
        (self.users > 1).then(|| {
            let other = user + 1 + below(word, self.users - 1);
            if other >= self.users { other - self.users } else { other }
        })
    }
}

/// Contacts in the order of their rank over all circles: closest first.
pub fn ranked_contacts() -> Vec<Contact> {
    CIRCLES
        .iter()
        .enumerate()
        .flat_map(|(circle, &(_, size))| (1..size).map(move |rank| Contact { circle: circle as u8, rank: rank as u8 }))
        .collect()
}

/// Choice of the contact of a conversation: 2,048 equal slots, filled in proportion to rank^-exponent.
#[derive(Clone, Debug)]
pub struct ContactChoice(Box<[Packed; ContactChoice::SLOTS]>);

/// A contact as one word: rank, the shift of its circle from bit 8 on, bit 15 for the third circle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Packed(u16);

impl From<Contact> for Packed {
    fn from(contact: Contact) -> Self {
        let shift = SHIFT[usize::from(contact.circle)];
        Packed(u16::from(contact.rank) | (shift as u16) << 8 | u16::from(contact.circle == 2) << 15)
    }
}

impl Packed {
    /// Places of the other end in the order of local indices, for the first two circles; in the third circle's order.
    #[inline(always)]
    pub fn ends(self, user: u32, place: u32) -> (u32, u32) {
        let (rank, shift) = (u32::from(self.0 & 0xff), u32::from(self.0 >> 8 & 0x7f));
        (((user + shift) ^ rank).wrapping_sub(shift), place ^ rank)
    }

    /// Whether it is of the third circle.
    #[inline(always)]
    pub fn third(self) -> bool {
        self.0 >> 15 != 0
    }

    /// The contact.
    pub fn contact(self) -> Contact {
        let circle = if self.third() { 2 } else { u8::from(self.0 >> 8 & 0x7f != 0) };
        Contact { circle, rank: self.0 as u8 }
    }
}

impl ContactChoice {
    /// Number of slots.
    const SLOTS: usize = 2048;

    /// Slots for this exponent.
    pub fn new(exponent: f64) -> Self {
        let ranked = ranked_contacts();
        let weights: Vec<f64> = (0..ranked.len()).map(|i| libm::pow(i as f64 + 1.0, -exponent)).collect();
        let total: f64 = weights.iter().sum();
        let mut slots = Vec::with_capacity(Self::SLOTS);
        let mut sum = 0.0;
        for (contact, w) in ranked.iter().zip(&weights) {
            sum += w;
            let until = ((sum / total) * Self::SLOTS as f64).round() as usize;
            slots.resize(until.min(Self::SLOTS), *contact);
        }
        let mut choice = Box::new([Packed::from(Contact { circle: 0, rank: 1 }); Self::SLOTS]);
        for (slot, contact) in choice.iter_mut().zip(slots) {
            *slot = contact.into();
        }
        ContactChoice(choice)
    }

    /// The contact for the 11 low bits.
    #[inline(always)]
    pub fn at(&self, bits: u64) -> Packed {
        self.0[(bits as usize) & (Self::SLOTS - 1)]
    }
}

/// A chat group: a run of one of the community's orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Group {
    /// Which order.
    pub layer: u8,
    /// Members.
    pub size: u16,
    /// First place.
    pub start: u32,
}

/// Distribution of group sizes.
#[derive(Clone, Debug)]
pub struct GroupSizes {
    draw: GuideTable,
    /// Mean size.
    pub mean: f64,
    /// Mean of the squared size.
    pub mean_square: f64,
}

impl GroupSizes {
    /// 2 + negative binomial with this mean (above 2) and dispersion k, cut at `max`.
    pub fn new(mean: f64, k: f64, max: f64) -> Self {
        let extra = (mean - 2.0).max(0.0);
        let p = extra / (extra + k.max(1e-6));
        let count = (max.clamp(2.0, f64::from(u16::MAX)) - 2.0) as u32;
        let weights: Vec<f64> = (0..=count)
            .map(|x| {
                let x = f64::from(x);
                let tail = if x > 0.0 { x * libm::log(p.max(1e-300)) } else { 0.0 };
                libm::exp(libm::lgamma(x + k) - libm::lgamma(k) - libm::lgamma(x + 1.0) + tail)
            })
            .collect();
        let total: f64 = weights.iter().sum();
        let moment =
            |power: i32| weights.iter().enumerate().map(|(x, w)| w * (x as f64 + 2.0).powi(power)).sum::<f64>() / total;
        GroupSizes { draw: GuideTable::new(2, &weights), mean: moment(1), mean_square: moment(2) }
    }

    /// Cuts `layers` orders of `users` people into groups; a remainder of one person is in none. `ends` are the ends of the last group of
    /// each order.
    pub fn cut(&self, users: u32, layers: u8, stream: Stream, groups: &mut Vec<Group>, ends: &mut Vec<u32>) {
        groups.clear();
        ends.clear();
        let mut words = [0; 256];
        let mut drawn = 0;
        for layer in 0..layers {
            let mut start = 0;
            while users - start >= 2 {
                if drawn % words.len() == 0 {
                    stream.fill(drawn as u64, 1, &mut words);
                }
                let size = self.draw.at((words[drawn % words.len()] >> 32) as u32).min(users - start);
                drawn += 1;
                groups.push(Group { layer, size: size as u16, start });
                start += size;
            }
            ends.push(start);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn orders_are_permutations(n in 1u32..3000, a: u64, b: u64) {
            let order = AffinePermutation::new(n, (a, b));
            let mut seen = vec![false; n as usize];
            for x in order.run(0, n) {
                prop_assert!(!std::mem::replace(&mut seen[x as usize], true));
            }
            for x in 0..n {
                prop_assert_eq!(order.at(order.place(x)), x);
            }
            let mut list = vec![0; n as usize];
            order.list(&mut list);
            prop_assert!(list.iter().map(|&x| u32::from(x)).eq(order.run(0, n)));
        }

        #[test]
        fn ties_are_mutual(users in 1u32..3000, a: u64, b: u64, user: u32, slot in 0usize..49) {
            let circles = Circles::new(users, (a, b));
            let user = user % users;
            let contact = ranked_contacts()[slot];
            if let Some(other) = circles.contact(user, contact) {
                prop_assert!(other != user && other < users);
                prop_assert_eq!(circles.contact(other, contact), Some(user));
            }
        }
    }

    #[test]
    fn group_sizes_have_their_mean() {
        let sizes = GroupSizes::new(9.0, 0.7, 256.0);
        assert!((sizes.mean - 9.0).abs() < 0.01, "{}", sizes.mean);
        let mut groups = Vec::new();
        sizes.cut(60_000, 9, Stream::new(5), &mut groups, &mut Vec::new());
        let mean = groups.iter().map(|g| f64::from(g.size)).sum::<f64>() / groups.len() as f64;
        assert!((mean - 9.0).abs() < 0.15, "{mean}");
        let mut small: Vec<u16> = groups.iter().map(|g| g.size).collect();
        small.sort_unstable();
        assert!(small[small.len() / 2] < 10);
    }
}
