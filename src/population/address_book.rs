//! Address books: whom a user's phone lists, without storing it.
//!
//! A user lists circle members, weak ties, people who never joined beside those that lie anywhere, a stretch of users around them in the order of local
//! indices, and a stretch of the non-users' ring. Users near each other list many of the same non-users, as families and neighbours do. Stretches are centred, so
//! that the longer book lists the owner of the shorter one back less often: entries are not all mutual.

use super::circle::Circles;
use super::circle_kinds::CIRCLES;
use super::layout::CommunityInfo;
use crate::simd::{each_bit, kernel};

/// Rule by which address books are filled.
#[derive(Clone, Debug)]
pub struct AddressBooks {
    /// Share of entries that are not users, by jurisdiction.
    non_users: Vec<f64>,
    /// Non-users who stand beside a user elsewhere, by jurisdiction of those listed.
    beside: Vec<f64>,
    unlisted: f64,
}

/// The rule in a community.
#[derive(Clone, Copy, Debug)]
pub struct CommunityRule {
    users: u32,
    /// Non-users who stand in some address book.
    listable: u32,
    /// Share of entries that are not users.
    non_users: f64,
}

/// Non-users per block of the ring in which coverage varies: the first of a block are listed most.
const POPULARITY_BLOCK: u32 = 1024;

impl AddressBooks {
    /// A user of the same country has `odds` times the chance of a non-user to be listed, so that the share of entries that are not users follows from how many
    /// of a jurisdiction's people are; `users` are their shares. A share `unlisted` of the non-users, those with the highest local
    /// indices, stand in no address book.
    pub fn new(odds: f64, users: impl Iterator<Item = f64>, unlisted: f64) -> Self {
        let share = |users: f64| {
            let non_users = (1.0 - users) * (1.0 - unlisted);
            if non_users > 0.0 { non_users / (non_users + odds * users) } else { 0.0 }
        };
        let non_users: Vec<f64> = users.map(share).collect();
        // By the same odds: who lists so many users of a country lists so many others of it.
        let beside = non_users.iter().map(|&others| if others < 0.5 { others / (1.0 - others) } else { 1.0 }).collect();
        AddressBooks { non_users, beside, unlisted }
    }

    /// How many non-users of a jurisdiction stand in an address book elsewhere for each user of it: by the same odds as at home, and one at most.
    pub fn beside(&self, jurisdiction: usize) -> f64 {
        self.beside[jurisdiction]
    }

    /// The rule in a community.
    pub fn rule(&self, shape: &CommunityInfo) -> CommunityRule {
        CommunityRule {
            users: shape.users,
            listable: shape.listable(self.unlisted),
            non_users: self.non_users[shape.jurisdiction],
        }
    }

    /// Non-users of a community who stand in some address book.
    pub fn listable(&self, shape: &CommunityInfo) -> u32 {
        shape.listable(self.unlisted)
    }

    /// Adds the contacts of `owner` within the community to a book, as local indices, each once.
    pub fn local(&self, shape: &CommunityInfo, circles: &Circles, (owner, entries): (u32, u32), book: &mut Book) {
        let (users, non_users) = (shape.users, self.listable(shape));
        let Contacts { first, stretch, rank, first_other, others } = self.rule(shape).contacts((owner, entries));
        book.ring(0, users, first, stretch + 1, Some(owner));
        // The third circle lies in another order: its members are listed one by one, unless the stretch has them.
        let (place, members) = circles.chunk(owner);
        let mut chunk = [0; CHUNK];
        chunk[..members.len()].copy_from_slice(members);
        let listed = ranked(&chunk, (place, rank), (first as u16, stretch as u16, users));
        let exist = u32::MAX >> (CHUNK - members.len());
        each_bit((listed & exist).into(), |at| book.singles.push(chunk[at].into()));
        book.ring(users, non_users, first_other, others, None);
    }
}

impl CommunityRule {
    /// Which contacts `owner` has within the community. `entries` is the nominal size; what the community has not is left out.
    #[inline(always)]
    pub fn contacts(&self, (owner, entries): (u32, u32)) -> Contacts {
        let (users, non_users) = (self.users, self.listable);
        let others = ((f64::from(entries) * self.non_users + 0.5) as u32).min(non_users);
        let wanted = (entries - others.min(entries)).min(users.saturating_sub(1));
        let rank = (CIRCLES[2].1 - 1).min(wanted / 2);
        let stretch = wanted - rank;
        let first = around(owner + users - stretch / 2, users);
        let centre = popular_place(owner, users, non_users);
        Contacts { first, stretch, rank, first_other: around(centre + non_users - others / 2, non_users), others }
    }
}

/// Whom an address book lists within the community.
#[derive(Clone, Copy, Debug)]
pub struct Contacts {
    /// First of a stretch of users, with the owner in its middle.
    pub first: u32,
    /// Users of the stretch beside the owner.
    pub stretch: u32,
    /// Members of the owner's chunk of the third circle are listed up to this rank, if the stretch has them not.
    pub rank: u32,
    /// First of a stretch of non-users.
    pub first_other: u32,
    /// Non-users of that stretch.
    pub others: u32,
}

/// Whether a user is one of the `stretch + 1` from `first` on, of a ring of `users`.
#[inline(always)]
pub fn among(user: u16, first: u16, stretch: u16, users: u32) -> bool {
    // A ring of 2^16 users wraps by itself.
    let around = if user >= first { 0 } else { users as u16 };
    user.wrapping_sub(first).wrapping_add(around) <= stretch
}

/// Members of a chunk of the third circle.
pub const CHUNK: usize = CIRCLES[2].1 as usize;

/// Which of a chunk are of a rank up to `rank`, seen from `place`, and not in a stretch, as bits.
#[kernel]
fn ranked(chunk: &[u16; CHUNK], until: (u32, u32), stretch: (u16, u16, u32)) -> u32 {
    let ((place, rank), (first, stretch, users)) = (until, stretch);
    let mut bits = 0;
    for (at, &person) in (0..).zip(chunk) {
        bits |= u32::from((at ^ place <= rank) & !among(person, first, stretch, users)) << at;
    }
    bits
}

/// A place on a ring, of one that is at most once around it: without a division.
#[inline(always)]
pub fn around(place: u32, size: u32) -> u32 {
    if place >= size { place - size } else { place }
}

/// An address book: slots one by one, and stretches of local indices. Nobody stands in it twice.
#[derive(Clone, Debug, Default)]
pub struct Book {
    /// Slots of weak ties, and of people beside them who never joined.
    pub elsewhere: Vec<u32>,
    /// Local indices that are listed one by one: members of the third circle.
    pub singles: Vec<u32>,
    /// Stretches of local indices, as first and end.
    pub ranges: Vec<(u32, u32)>,
}

impl Book {
    /// Forgets all entries.
    pub fn clear(&mut self) {
        self.elsewhere.clear();
        self.singles.clear();
        self.ranges.clear();
    }

    /// Number of entries.
    pub fn len(&self) -> usize {
        self.elsewhere.len()
            + self.singles.len()
            + self.ranges.iter().map(|(from, to)| (to - from) as usize).sum::<usize>()
    }

    /// Whether nobody is listed.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All entries, as slots.
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
#[inline(always)]
fn popular_place(user: u32, users: u32, non_users: u32) -> u32 {
    // A community has at most 2^16 people: the product has no more than 32 bits, and the quotient is further from a whole number that it
    // is not than these numbers round. Vectors have no division of integers.
    let even = (f64::from(user) * f64::from(non_users) / f64::from(users.max(1))) as u32;
    let (block, place) = (even / POPULARITY_BLOCK, even % POPULARITY_BLOCK);
    block * POPULARITY_BLOCK + place * place / POPULARITY_BLOCK
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn contacts_are_distinct_and_others(people in 1u32..900, user_share in 0.01f64..1.0, owner: u32, entries in 0u32..1500, a: u64, b: u64) {
            let users = ((f64::from(people) * user_share) as u32).clamp(1, people);
            let shape = CommunityInfo { number: 0, jurisdiction: 0, rank: 0, people, users, first_neighbourhood: 0 };
            let owner = owner % users;
            let mut book = Book::default();
            let (books, circles) = (AddressBooks::new(3.0, std::iter::once(user_share), 0.15), Circles::new(users, (a, b)));
            books.local(&shape, &circles, (owner, entries), &mut book);
            let contacts: Vec<u32> = book.entries().collect();
            prop_assert_eq!(contacts.len(), book.len());
            let mut sorted = contacts.clone();
            sorted.sort_unstable();
            sorted.dedup();
            prop_assert_eq!(sorted.len(), contacts.len());
            prop_assert!(!contacts.contains(&owner));
            prop_assert!(contacts.iter().all(|&c| c < people));
            prop_assert!(contacts.len() <= entries as usize);
        }
    }

    #[test]
    fn the_centre_is_that_of_whole_numbers() {
        let sizes = [1u32, 2, 3, 7, 1000, 16_384, 17_011, 32_768, 48_525, 65_535, 65_536];
        for users in sizes {
            for non_users in sizes.into_iter().chain([0]) {
                for user in (0..users).step_by(1 + users as usize / 3000) {
                    let even = u64::from(user) * u64::from(non_users) / u64::from(users);
                    let (block, place) = (even / 1024, even % 1024);
                    assert_eq!(u64::from(popular_place(user, users, non_users)), block * 1024 + place * place / 1024);
                }
            }
        }
    }
}
