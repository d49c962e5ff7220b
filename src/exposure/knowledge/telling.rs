//! Who told of whom: triples of a person, an informant, and the way and context in which the informant's act was about the person.

use crate::exposure::way::Way;

/// Bits of a context's place.
const PLACE_BITS: u32 = 14;
/// Most places of contexts: bits of all planes, of those since people left too. The last number says that the context discloses nothing under any policy.
pub const MOST_PLACES: usize = (1 << PLACE_BITS) - 1;
/// The place of a context that discloses nothing.
pub(super) const NOWHERE: u16 = MOST_PLACES as u16;

/// A person of the community, an informant, and how the informant told of the person, in a word: tellings in rising order are by person, then informant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Telling(u64);

impl Telling {
    /// Of a person, by an informant (slots), in a way and a context.
    #[inline(always)]
    pub fn new(subject: u32, informant: u32, way: Way, place: u16) -> Self {
        let how = (way.of_other() as u64) << PLACE_BITS | u64::from(place);
        Telling(u64::from(subject) << 48 | u64::from(informant) << 16 | how)
    }

    /// Of whom.
    pub fn subject(self) -> u32 {
        (self.0 >> 48) as u32
    }

    /// By whom.
    pub fn informant(self) -> u32 {
        (self.0 >> 16) as u32
    }

    /// Equal in all tellings of a person by an informant.
    pub fn pair(self) -> u64 {
        self.0 >> 16
    }

    /// In which way.
    pub fn way(self) -> Way {
        Way::OTHERS[(self.0 >> PLACE_BITS) as usize & 3]
    }

    /// In which context.
    pub fn place(self) -> u16 {
        self.0 as u16 & NOWHERE
    }

    /// A word that tells it apart.
    #[inline(always)]
    fn word(self) -> u64 {
        self.0
    }
}

/// Tellings of a community, each once.
#[derive(Debug)]
pub(super) struct Tellings {
    /// Those that were put in order, each once.
    all: Vec<Telling>,
    /// Those that came since, in no order.
    fresh: Vec<Telling>,
    /// Room.
    merged: Vec<Telling>,
    /// Some that came lately: most tell what was told a moment before.
    recent: Vec<Option<Telling>>,
}

impl Tellings {
    const RECENT_BITS: u32 = 14;
    /// Fresh ones that are put in order at once.
    const FRESH: usize = 1 << 22;

    /// None.
    pub fn new() -> Self {
        let recent = vec![None; 1 << Self::RECENT_BITS];
        Tellings { all: Vec::new(), fresh: Vec::new(), merged: Vec::new(), recent }
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        self.all.clear();
        self.fresh.clear();
        self.recent.fill(None);
    }

    /// Adds one.
    #[inline]
    pub fn add(&mut self, telling: Telling) {
        let known = &mut self.recent[(crate::random::mix(telling.word()) >> (64 - Self::RECENT_BITS)) as usize];
        if *known == Some(telling) {
            return;
        }
        *known = Some(telling);
        self.fresh.push(telling);
        if self.fresh.len() >= Self::FRESH {
            self.put_in_order();
        }
    }

    /// All of them, each once, by person and informant.
    pub fn in_order(&mut self) -> &[Telling] {
        self.put_in_order();
        &self.all
    }

    fn put_in_order(&mut self) {
        self.fresh.sort_unstable();
        self.fresh.dedup();
        self.merged.clear();
        self.merged.reserve(self.all.len() + self.fresh.len());
        let (mut old, mut new) = (self.all.iter().copied().peekable(), self.fresh.iter().copied().peekable());
        loop {
            let next = match (old.peek(), new.peek()) {
                (Some(a), Some(b)) if a == b => {
                    new.next();
                    old.next()
                }
                (Some(a), Some(b)) if b < a => new.next(),
                (Some(_), _) => old.next(),
                (None, _) => new.next(),
            };
            match next {
                Some(telling) => self.merged.push(telling),
                None => break,
            }
        }
        std::mem::swap(&mut self.all, &mut self.merged);
        self.fresh.clear();
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_word_holds_all_of_it(subject in 0u32..1 << 16, informant: u32, way in 0usize..4, place in 0u16..=NOWHERE) {
            let of = Telling::new(subject, informant, Way::OTHERS[way], place);
            prop_assert_eq!((of.subject(), of.informant(), of.way(), of.place()), (subject, informant, Way::OTHERS[way], place));
            prop_assert_eq!(of.pair(), u64::from(subject) << 32 | u64::from(informant));
        }

        #[test]
        fn each_is_kept_once(told in proptest::collection::vec((0u32..5, 0u32..5, 0u16..3), 0..200), cut in 0usize..200) {
            let mut tellings = Tellings::new();
            let mut expected = BTreeSet::new();
            for (i, &(subject, informant, place)) in told.iter().enumerate() {
                let telling = Telling::new(subject, informant, Way::Group, place);
                tellings.add(telling);
                expected.insert(telling);
                if i == cut {
                    tellings.put_in_order();
                }
            }
            prop_assert_eq!(tellings.in_order(), &expected.into_iter().collect::<Vec<_>>()[..]);
            tellings.clear();
            prop_assert!(tellings.in_order().is_empty());
        }
    }
}
