//! Of which classes the people of a community can be: few, so that counts by them fit in registers.

use crate::policy::Compiled;
use crate::simd::kernel;

/// Bits of a class of the community at hand.
pub const CLASS_BITS: usize = 5;
/// Most classes of a community whose conversations are counted whole.
pub const MOST_CLASSES: usize = 1 << CLASS_BITS;

/// Which classes the people of a community are of: those of one jurisdiction, which lie together. Those with an account come first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JurisdictionClasses {
    /// First merged class of the jurisdiction.
    pub first: usize,
    /// Classes of those who act.
    pub acting: usize,
    /// Classes of all its people.
    pub all: usize,
    /// Merged classes of the run.
    pub classes: usize,
}

impl JurisdictionClasses {
    /// The first class of the community that is alike to this one as actor.
    pub fn stands(&self, compiled: &Compiled, class: usize) -> usize {
        let group = compiled.actor_group[class];
        (self.first..self.first + self.acting).find(|&c| compiled.actor_group[c] == group).unwrap_or(class)
    }
}

/// Classes of people, counted from the first of theirs.
#[kernel]
pub fn own_classes(class: &[u16], first: u16, own: &mut [u8]) {
    for (own, &class) in own.iter_mut().zip(class) {
        *own = (class - first) as u8;
    }
}

/// Classes that occur, as bits; all that do are in `all`, so that no more is looked at once those were found.
#[kernel]
pub fn union(own: &[u8], all: u32) -> u32 {
    let mut found = 0;
    for own in own.chunks(64) {
        for own in own {
            found |= 1 << (own & (MOST_CLASSES as u8 - 1));
        }
        if found == all {
            break;
        }
    }
    found
}
