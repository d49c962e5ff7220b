//! Which of their contacts people write to: tables by the shape of a person's social signature and by activity.
//!
//! A signature is the share of an ego's messages that each ranked alter takes. It differs between people and stays with them while the alters change
//! (Saramäki et al. 2014), and whoever writes more writes to more people: strength grows a little faster than degree.

use super::circle_kinds::CIRCLES;
use super::levels::LEVELS;
use crate::random::distribution::normal_quantile;

/// Shapes of social signatures.
pub const SHAPES: usize = 4;
/// Classes of activity: below -1, to 0, to 1, above 1 standard deviation of the logarithm of the rate.
const ACTIVITY_CLASSES: usize = 4;
/// Levels of activity a standard deviation has.
const STEPS: usize = 16;
/// Bits of a word that choose a contact.
const SLOT_BITS: u32 = 10;
const SLOTS: usize = 1 << SLOT_BITS;

/// A contact as one word. A household member or friend: the exclusive or of the local indices, and bit 14 for a friend. Others: the exclusive or of the places
/// in the order of the wider circles, and bit 15.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Contact(u16);

impl Contact {
    const FRIEND: u16 = 1 << 14;
    const WIDER: u16 = 1 << 15;

    /// The contact of a circle and rank: ranks of a circle begin where those of the circle within it end.
    fn of(circle: usize, rank: u16) -> Self {
        match circle {
            0 => Contact(rank),
            1 => Contact((rank * CIRCLES[0].1 as u16) | Self::FRIEND),
            _ => Contact(rank | Self::WIDER),
        }
    }

    /// Whether it is found in the order of the wider circles.
    #[inline(always)]
    pub fn wider(self) -> bool {
        self.0 >= Self::WIDER
    }

    /// Local index, if it is a household member or friend.
    #[inline(always)]
    pub fn near(self, from: Origin) -> u16 {
        // The turnover of the household, or that of the friends.
        let circle = HOUSEHOLD ^ (0u16.wrapping_sub(self.0 >> 14 & 1) & (HOUSEHOLD | FRIENDS));
        let moved = (from.near ^ from.user) & circle;
        // Nobody is their own contact: whom the turnover leaves without another gets the one that it took.
        let other = moved ^ self.0 & 0xff;
        from.user ^ if other == 0 { moved } else { other }
    }

    /// Place in the order of the wider circles, if it is found there.
    #[inline(always)]
    pub fn there(self, from: Origin) -> u16 {
        let there = from.wider ^ self.0 & 0xff;
        if there == from.place { from.wider } else { there }
    }
}

/// Bits of the local index in which members of a household differ, and friends.
const HOUSEHOLD: u16 = CIRCLES[0].1 as u16 - 1;
const FRIENDS: u16 = (CIRCLES[0].1 * CIRCLES[1].1) as u16 - 1 - HOUSEHOLD;

/// From where somebody's contacts are counted today.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// Local index.
    pub user: u16,
    /// Place in the order of the wider circles.
    pub place: u16,
    /// The local index, moved by today's turnover in household and among friends.
    pub near: u16,
    /// The place, moved by today's turnover in the wider circles.
    pub wider: u16,
}

/// How many contacts people have, and how unevenly they write to them.
#[derive(Clone, Copy, Debug)]
pub struct Signatures {
    /// Mean exponent of the fall of a contact's share by rank.
    pub exponent: f64,
    /// Standard deviation of the exponent over people.
    pub spread: f64,
    /// Contacts of somebody of median activity.
    pub contacts: f64,
    /// Exponent of the number of contacts in the rate.
    pub by_activity: f64,
    /// Standard deviation of the logarithm of the rate.
    pub sigma: f64,
}

/// Choice of the contact of a conversation, by [`ContactTables::index`]: equal slots.
#[derive(Clone, Debug)]
pub struct ContactTables(Box<[Contact; SHAPES * ACTIVITY_CLASSES * SLOTS]>);

impl ContactTables {
    /// Tables in which a contact's slots are in proportion to rank^-exponent.
    pub fn new(of: Signatures) -> Self {
        let mut tables = Box::new([Contact::of(0, 1); SHAPES * ACTIVITY_CLASSES * SLOTS]);
        for (i, table) in tables.chunks_mut(SLOTS).enumerate() {
            let (shape, class) = (i / ACTIVITY_CLASSES, i % ACTIVITY_CLASSES);
            let exponent = of.exponent + of.spread * normal_quantile((shape as f64 + 0.5) / SHAPES as f64);
            let contacts = of.contacts * libm::exp(of.by_activity * of.sigma * median_of_class(class));
            fill(table, &ranked(shape), exponent.max(0.0), contacts);
        }
        ContactTables(tables)
    }

    /// Where the table of somebody of this shape and level of activity begins.
    #[inline(always)]
    pub fn index(shape: u16, level: u16) -> u16 {
        const FIRST: u16 = (LEVELS / 2 / STEPS - ACTIVITY_CLASSES / 2) as u16;
        const LAST: u16 = ACTIVITY_CLASSES as u16 - 1;
        let class = (level / STEPS as u16).clamp(FIRST, FIRST + LAST) - FIRST;
        (shape % SHAPES as u16 * ACTIVITY_CLASSES as u16 + class) << SLOT_BITS
    }

    /// Slot for the low bits of a word, in the table at an [index](ContactTables::index).
    #[inline(always)]
    pub fn slot(index: u16, word: u64) -> u16 {
        index | (word as u16 & (SLOTS as u16 - 1))
    }

    /// The contact in a slot.
    #[inline(always)]
    pub fn in_slot(&self, slot: u16) -> Contact {
        self.0[usize::from(slot) & (SHAPES * ACTIVITY_CLASSES * SLOTS - 1)]
    }

    /// The contact for the low bits of a word.
    #[inline(always)]
    pub fn at(&self, index: u16, word: u64) -> Contact {
        self.in_slot(Self::slot(index, word))
    }
}

/// Median of a class of activity, in standard deviations from the median of all.
fn median_of_class(class: usize) -> f64 {
    // The shares of the normal distribution below -1, 0 and 1.
    let below = [0.0, 0.158_655_254, 0.5, 0.841_344_746, 1.0];
    normal_quantile((below[class] + below[class + 1]) / 2.0)
}

/// All contacts, closest first. Of every other shape friends come before the household.
fn ranked(shape: usize) -> Vec<Contact> {
    let order = if shape.is_multiple_of(2) { [0, 1, 2, 3] } else { [1, 0, 2, 3] };
    let ranks = |circle: usize| match circle {
        0 | 1 => 1..CIRCLES[circle].1,
        2 => 1..CIRCLES[2].1,
        _ => CIRCLES[2].1..CIRCLES[3].1,
    };
    order.into_iter().flat_map(|circle| ranks(circle).map(move |rank| Contact::of(circle, rank as u16))).collect()
}

fn fill(slots: &mut [Contact], ranked: &[Contact], exponent: f64, contacts: f64) {
    let n = (contacts.round() as usize).clamp(1, ranked.len());
    let weights: Vec<f64> = (0..n).map(|i| libm::pow(i as f64 + 1.0, -exponent)).collect();
    let total: f64 = weights.iter().sum();
    let (mut sum, mut from) = (0.0, 0);
    for (contact, weight) in ranked.iter().zip(&weights) {
        sum += weight;
        let until = ((sum / total * slots.len() as f64).round() as usize).min(slots.len());
        slots[from..until.max(from)].fill(*contact);
        from = until.max(from);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn tables(spread: f64, by_activity: f64) -> ContactTables {
        ContactTables::new(Signatures { exponent: 1.2, spread, contacts: 40.0, by_activity, sigma: 1.4 })
    }

    fn of(tables: &ContactTables, shape: u16, level: u16) -> Vec<Contact> {
        (0..SLOTS as u64).map(|word| tables.at(ContactTables::index(shape, level), word)).collect()
    }

    fn distinct(contacts: &[Contact]) -> usize {
        contacts.iter().map(|contact| contact.0).collect::<HashSet<_>>().len()
    }

    #[test]
    fn the_active_write_to_more_people() {
        let tables = tables(0.35, 0.8);
        let degrees = [20, 50, 70, 100].map(|level| distinct(&of(&tables, 0, level)));
        assert!(degrees.is_sorted() && degrees[0] < 12 && degrees[3] > 120, "{degrees:?}");
        assert_eq!(ContactTables::index(1, 0), ContactTables::index(1, 47));
        assert_ne!(ContactTables::index(1, 47), ContactTables::index(1, 48));
        assert_eq!(ContactTables::index(3, 80), ContactTables::index(3, 127));
        let alike = [20, 50, 70, 100].map(|level| distinct(&of(&super::tests::tables(0.0, 0.0), 2, level)));
        assert!(alike.iter().all(|&n| n == alike[0]), "{alike:?}");
    }

    #[test]
    fn shapes_differ_in_the_share_of_the_first() {
        let tables = tables(0.35, 0.8);
        let first = [0, 1, 2, 3].map(|shape| {
            let contacts = of(&tables, shape, 64);
            contacts.iter().filter(|&&contact| contact == contacts[0]).count() as f64 / SLOTS as f64
        });
        assert!(first.is_sorted() && first[0] < 0.25 && first[3] > 0.4, "{first:?}");
    }

    #[test]
    fn contacts_are_others_and_circles_do_not_meet() {
        // With and without turnover, each end is somebody else, and nobody is met in two circles.
        for (near, wider) in [(0, 0), (9, 3), (63, 31)] {
            let from = Origin { user: 1000, place: 77, near: 1000 ^ near, wider: 77 ^ wider };
            let (mut by_near, mut by_place) = (HashSet::new(), HashSet::new());
            for contact in ranked(0) {
                let new = if contact.wider() {
                    by_place.insert(contact.there(from))
                } else {
                    by_near.insert(contact.near(from))
                };
                assert!(new, "{contact:?}");
            }
            assert!(!by_near.contains(&1000) && !by_place.contains(&77));
            assert_eq!((by_near.len(), by_place.len()), (3 + 15, 255));
        }
    }
}
