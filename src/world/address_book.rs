//! Address books: whom a user's phone lists, without storing it.
//!
//! A user lists circle members, weak ties, a stretch of users around them in the order of local indices, and a stretch
//! of the non-users' ring. Users near each other list many of the same non-users, as families and neighbours do. Stretches are centred, so
//! that the longer book lists the owner of the shorter one back less often: entries are not all mutual.

use super::circle::{CIRCLES, Circles};
use super::layout::Shape;
use crate::vector::{each_bit, kernels};

/// Rule by which address books are filled.
#[derive(Clone, Copy, Debug)]
pub struct AddressBooks {
    non_user_share: f64,
    unlisted: f64,
}

/// Non-users per block of the ring in which coverage varies: the first of a block are listed most.
const POPULARITY_BLOCK: u64 = 1024;

impl AddressBooks {
    /// `non_user_share` of the entries are non-users; a share `unlisted` of the non-users, those with the highest local
    /// indices, stand in no address book.
    pub fn new(non_user_share: f64, unlisted: f64) -> Self {
        AddressBooks { non_user_share, unlisted }
    }

    /// Adds the contacts of `owner` within the community to a book, as local indices, each once. `entries` is the nominal
    /// size; what the community has not is left out. If `by_chunk`, who stands in it with a whole chunk of the third circle is
    /// given by [`Book::chunk`].
    pub fn local(
        &self,
        shape: &Shape,
        circles: &Circles,
        (owner, entries): (u32, u32),
        by_chunk: bool,
        book: &mut Book,
    ) {
        let users = shape.users;
        // Neither is negative, so that this rounds.
        let non_users = (f64::from(shape.people - users) * (1.0 - self.unlisted) + 0.5) as u32;
        let wanted_non_users = ((f64::from(entries) * self.non_user_share + 0.5) as u32).min(non_users);
        let wanted_users = (entries - wanted_non_users.min(entries)).min(users.saturating_sub(1));

        // The third circle lies in another order: its members are listed one by one, unless the stretch has them.
        let from_circle = (CIRCLES[2].1 - 1).min(wanted_users / 2);
        let stretch = wanted_users - from_circle;
        let first = around(owner + users - stretch / 2, users);
        // Modulo users, without a division: both are below it.
        let in_stretch = |person: u32| {
            let ahead = if person >= first { person - first } else { person + users - first };
            ahead <= stretch
        };
        book.ring(0, users, first, stretch + 1, Some(owner));
        let (place, members) = circles.chunk(owner);
        if let Ok(chunk) = <&[u16; CHUNK]>::try_from(members) {
            // The owner is in the middle of the stretch.
            let known = near(chunk, first as u16, stretch as u16, users);
            if by_chunk && from_circle as usize == CHUNK - 1 {
                book.chunk = Some(circles.third().1[owner as usize & 0xffff] / CHUNK as u16);
                each_bit(known.into(), |at| book.known.push(chunk[at].into()));
            } else {
                let listed = closer(place, from_circle) & !known;
                each_bit(listed.into(), |at| book.singles.push(chunk[at].into()));
            }
        } else {
            for (rank, &person) in members.iter().enumerate().map(|(at, person)| (at as u32 ^ place, person)) {
                if rank <= from_circle && !in_stretch(u32::from(person)) {
                    book.singles.push(person.into());
                }
            }
        }
        if non_users > 0 {
            let centre = popular_place(owner, users, non_users);
            let first = around(centre + non_users - wanted_non_users / 2, non_users);
            book.ring(users, non_users, first, wanted_non_users, None);
        }
    }
}

/// A place on a ring, of one that is at most once around it: without a division.
#[inline(always)]
fn around(place: u32, size: u32) -> u32 {
    if place >= size { place - size } else { place }
}

/// Members of a chunk of the third circle.
pub const CHUNK: usize = CIRCLES[2].1 as usize;

kernels! {
    /// Which of a chunk are among the `stretch + 1` users from `first` on, of a ring of `users`, as bits.
    fn near(chunk: &[u16; CHUNK], first: u16, stretch: u16, users: u32) -> u32 {
        let mut bits = 0;
        for (at, &person) in chunk.iter().enumerate() {
            // A ring of 2^16 users wraps by itself.
            let around = if person >= first { 0 } else { users as u16 };
            bits |= u32::from(person.wrapping_sub(first).wrapping_add(around) <= stretch) << at;
        }
        bits
    }

    /// Which places of a chunk are of a rank up to this, seen from a place, as bits.
    fn closer(place: u32, rank: u32) -> u32 {
        let mut bits = 0;
        for at in 0..CHUNK as u32 {
            bits |= u32::from((at ^ place) <= rank) << at;
        }
        bits
    }
}

/// An address book: slots one by one, and stretches of local indices. Nobody stands in it twice.
#[derive(Clone, Debug, Default)]
pub struct Book {
    /// Slots of weak ties.
    pub elsewhere: Vec<u32>,
    /// Local indices that are listed one by one: members of the third circle.
    pub singles: Vec<u32>,
    /// Stretches of local indices, as first and end.
    pub ranges: Vec<(u32, u32)>,
    /// Number of a chunk of the third circle that is listed without those who are `known`: its owner, and members of a stretch.
    pub chunk: Option<u16>,
    /// See `chunk`.
    pub known: Vec<u32>,
}

impl Book {
    /// Forgets all entries.
    pub fn clear(&mut self) {
        self.elsewhere.clear();
        self.singles.clear();
        self.ranges.clear();
        self.chunk = None;
        self.known.clear();
    }

    /// Number of entries.
    pub fn len(&self) -> usize {
        self.elsewhere.len()
            + self.singles.len()
            + self.chunk.map_or(0, |_| CHUNK - self.known.len())
            + self.ranges.iter().map(|(from, to)| (to - from) as usize).sum::<usize>()
    }

    /// Whether nobody is listed.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All entries, as slots; those of a chunk are not among them.
    pub fn entries(&self) -> impl Iterator<Item = u32> + '_ {
        let singles = self.elsewhere.iter().chain(&self.singles).copied();
        singles.chain(self.ranges.iter().flat_map(|&(from, to)| from..to))
    }

    /// Adds `len` neighbours on a ring of `size` people that begins at local index `base`, without `except`.
    fn ring(&mut self, base: u32, size: u32, first: u32, len: u32, except: Option<u32>) {
        let until_end = len.min(size - first.min(size));
        for (from, to) in [(first, first + until_end), (0, len - until_end)] {
            let cut = except.filter(|e| (from..to).contains(e));
            let parts = cut.map_or([(from, to), (to, to)], |e| [(from, e), (e + 1, to)]);
            self.ranges.extend(parts.iter().filter(|(from, to)| from < to).map(|(from, to)| (base + from, base + to)));
        }
    }
}

/// Centre of a user's stretch on the ring of non-users. Squaring the place within a block crowds its beginning: a few
/// non-users stand in many address books, most in few.
fn popular_place(user: u32, users: u32, non_users: u32) -> u32 {
    let even = u64::from(user) * u64::from(non_users) / u64::from(users.max(1));
    let (block, place) = (even / POPULARITY_BLOCK, even % POPULARITY_BLOCK);
    (block * POPULARITY_BLOCK + place * place / POPULARITY_BLOCK) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn contacts_are_distinct_and_others(people in 1u32..900, user_share in 0.01f64..1.0, owner: u32, entries in 0u32..1500, a: u64, b: u64) {
            let users = ((f64::from(people) * user_share) as u32).clamp(1, people);
            let shape = Shape { number: 0, jurisdiction: 0, rank: 0, people, users };
            let owner = owner % users;
            let mut book = Book::default();
            let (books, circles) = (AddressBooks::new(0.35, 0.15), Circles::new(users, (a, b)));
            books.local(&shape, &circles, (owner, entries), false, &mut book);
            let contacts: Vec<u32> = book.entries().collect();
            prop_assert_eq!(contacts.len(), book.len());
            let mut sorted = contacts.clone();
            sorted.sort_unstable();
            sorted.dedup();
            prop_assert_eq!(sorted.len(), contacts.len());
            prop_assert!(!contacts.contains(&owner));
            prop_assert!(contacts.iter().all(|&c| c < people));
            prop_assert!(contacts.len() <= entries as usize);
            let mut by_chunk = Book::default();
            books.local(&shape, &circles, (owner, entries), true, &mut by_chunk);
            let mut others: Vec<u32> = by_chunk.entries().collect();
            if let Some(chunk) = by_chunk.chunk {
                let members = &circles.third().0[usize::from(chunk) * CHUNK..][..CHUNK];
                others.extend(members.iter().map(|&m| u32::from(m)).filter(|m| !by_chunk.known.contains(m)));
            }
            prop_assert_eq!(others.len(), by_chunk.len());
            others.sort_unstable();
            prop_assert_eq!(others, sorted);
        }
    }
}
