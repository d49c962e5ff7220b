//! Circles without a stored graph: orders of a community's users, cut into aligned chunks.
//!
//! Two users of a chunk are a tie; the tie's rank is the exclusive or of their places in it, so that both sides give it
//! the same rank: the contact that I write to most writes most to me.
//!
//! Of 64 users in the order of local indices, four in a row are a household, and those at the same place in each of the sixteen households
//! are friends: nobody is both. The wider circles lie in a pseudo-random order.

use super::circle_kinds::CIRCLES;
use super::contact_table::{Contact, Origin};
use super::layout::MAX_COMMUNITY;
use crate::simd::kernel;

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
    /// Person at each place of the order of the wider circles; the first two circles lie in the order of local indices.
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

    /// Person at each place of the order of the wider circles, and place of each person.
    pub fn wider(&self) -> (&ByLocal<u16>, &ByLocal<u16>) {
        (&self.at, &self.place)
    }

    /// The members of somebody's chunk of the third circle, and their own place in it: the exclusive or of two places is the rank
    /// of a tie.
    pub fn chunk(&self, user: u32) -> (u32, &[u16]) {
        let (place, size) = (u32::from(self.place[user as usize & 0xffff]), CIRCLES[2].1);
        let first = place & !(size - 1);
        (place - first, &self.at[first as usize..(first + size).min(self.users) as usize])
    }

    /// The contact of a user; `None` if there is nobody else.
    #[inline]
    pub fn contact(&self, from: Origin, contact: Contact) -> Option<u32> {
        if contact.wider() {
            let there = self.within(contact.there(from), from.place, CIRCLES[3].1)?;
            Some(self.at[there as usize & 0xffff].into())
        } else {
            self.within(contact.near(from), from.user, CIRCLES[0].1 * CIRCLES[1].1)
        }
    }

    /// A place that somebody holds, in place of one beyond the end: the last chunk may not be full, and its members have each other instead. `None` if there
    /// is nobody but `me`.
    #[inline]
    fn within(&self, place: u16, me: u16, chunk: u32) -> Option<u32> {
        let (place, me) = (u32::from(place), u32::from(me));
        if place < self.users {
            return Some(place);
        }
        let first = me & !(chunk - 1);
        let instead = first + (place - first) % (self.users - first);
        if instead != me {
            Some(instead)
        } else if me + 1 < self.users {
            Some(me + 1)
        } else {
            // The last of all: the first of the chunk, or whoever is before it.
            if first < me { Some(first) } else { first.checked_sub(1) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::population::contact_table::{ContactTables, Signatures};
    use crate::population::turnover::{Turnover, TurnoverDay};
    use crate::random::Key;
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

        /// In whole chunks, whoever I reach by a contact reaches me by it, on any day.
        #[test]
        fn ties_are_mutual(users in 1u32..3000, a: u64, b: u64, user: u32, word: u64, day in 0u32..300) {
            let circles = Circles::new(users, (a, b));
            let mut today = TurnoverDay::default();
            Turnover::new(Key::new(a, 0), [5, 50]).fill(1, day, &mut today);
            let tables = ContactTables::new(
                Signatures { exponent: 0.5, spread: 0.0, contacts: 300.0, by_activity: 0.0, sigma: 1.0 });
            let (user, contact) = (user % users, tables.at(0, word));
            let from = |user: u32| today.origin(&circles, user as u16);
            match circles.contact(from(user), contact) {
                None => prop_assert_eq!(users, 1),
                Some(other) => {
                    prop_assert!(other != user && other < users);
                    let reached = |from: u32| (0..2048).any(|word| circles.contact(today.origin(&circles, from as u16), tables.at(0, word)) == Some(user));
                    let end = if contact.wider() { from(user).place & !255 } else { user as u16 & !63 };
                    if u32::from(end) + 256 <= users {
                        prop_assert!(reached(other));
                    }
                }
            }
        }
    }
}
