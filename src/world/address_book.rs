//! Address books: whom a user's phone lists, without storing it.
//!
//! A user lists circle members, weak ties, a stretch of users around them in the order of local indices, and a stretch
//! of the non-users' ring. Users near each other list many of the same non-users, as families and neighbours do. Stretches are centred, so
//! that the longer book lists the owner of the shorter one back less often: entries are not all mutual.

use super::circle::{CIRCLES, Circles, Contact};
use super::layout::Shape;

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

    /// Appends the contacts of `owner` within the community, as local indices, each once. `entries` is the nominal
    /// size; what the community has not is left out.
    pub fn local(&self, shape: &Shape, circles: &Circles, owner: u32, entries: u32, contacts: &mut Vec<u32>) {
        let users = shape.users;
        let non_users = (f64::from(shape.people - users) * (1.0 - self.unlisted)).round() as u32;
        let wanted_non_users = ((f64::from(entries) * self.non_user_share).round() as u32).min(non_users);
        let wanted_users = (entries - wanted_non_users.min(entries)).min(users.saturating_sub(1));

        // The third circle lies in another order: its members are listed one by one, unless the stretch has them.
        let from_circle = (CIRCLES[2].1 - 1).min(wanted_users / 2);
        let stretch = wanted_users - from_circle;
        let first = (owner + users - stretch / 2) % users.max(1);
        let in_stretch = |person: u32| (person + users - first) % users <= stretch;
        push_ring(contacts, 0, users, first, stretch + 1, Some(owner));
        for rank in 1..=from_circle {
            let contact = Contact { circle: 2, rank: rank as u8 };
            if let Some(person) = circles.contact(owner, contact)
                && !in_stretch(person)
            {
                contacts.push(person);
            }
        }
        if non_users > 0 {
            let centre = popular_place(owner, users, non_users);
            let first = (centre + non_users - wanted_non_users / 2 % non_users) % non_users;
            push_ring(contacts, users, non_users, first, wanted_non_users, None);
        }
    }
}

/// Appends `len` neighbours on a ring of `size` people that begins at local index `base`, without `except`.
fn push_ring(contacts: &mut Vec<u32>, base: u32, size: u32, first: u32, len: u32, except: Option<u32>) {
    let until_end = len.min(size - first.min(size));
    let ranges = [(first, first + until_end), (0, len - until_end)];
    for (from, to) in ranges {
        match except.filter(|e| (from..to).contains(e)) {
            Some(e) => {
                contacts.extend((from..e).map(|i| base + i));
                contacts.extend((e + 1..to).map(|i| base + i));
            }
            None => contacts.extend((from..to).map(|i| base + i)),
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
            let mut contacts = Vec::new();
            AddressBooks::new(0.35, 0.15).local(&shape, &Circles::new(users, (a, b)), owner, entries, &mut contacts);
            let mut sorted = contacts.clone();
            sorted.sort_unstable();
            sorted.dedup();
            prop_assert_eq!(sorted.len(), contacts.len());
            prop_assert!(!contacts.contains(&owner));
            prop_assert!(contacts.iter().all(|&c| c < people));
            prop_assert!(contacts.len() <= entries as usize);
        }
    }
}
