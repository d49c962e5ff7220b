//! Talks: conversations of two. What a conversation's key decides is decided here, once for all of its messages; messages
//! follow from the key in [`super::unfold`] one by one, or are only counted in [`super::said`].

use super::model::{ANSWERS, Clock, Model, WHEN_BITS};
use crate::population::{LEVELS, Packed};

/// What the traffic of a day needs to know about an acting slot, in one word that is looked up at once.
///
/// Bits 0 to 6: level of activity. Then flags.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Card(pub u16);

impl Card {
    /// Uses the service today.
    pub const ACTIVE: u16 = 1 << 8;
    /// Has left the service.
    pub const GONE: u16 = 1 << 9;
    /// Of a weak tie: uploads the address book today.
    pub const UPLOADS: u16 = 1 << 10;
    /// Of a weak tie: our user starts talks over it today.
    pub const OURS: u16 = 1 << 11;
    /// Of a weak tie: the other side does.
    pub const THEIRS: u16 = 1 << 12;

    /// Whether a flag is set.
    #[inline(always)]
    pub fn has(self, flag: u16) -> bool {
        self.0 & flag != 0
    }

    /// Level of activity.
    #[inline(always)]
    pub fn level(self) -> usize {
        usize::from(self.0 & 0x7f)
    }
}

/// A talk that has begun, over any tie.
#[derive(Clone, Copy, Debug, Default)]
pub struct Talk {
    /// Key: id, and start of the stream of the talk's messages.
    pub key: u64,
    /// Slots of the one who starts and of the other.
    pub sides: [u32; 2],
    /// Turn-taking: chances of the starter in the low half, of the other in the high half.
    pub turns: u32,
    /// When it begins, milliseconds since midnight UTC.
    pub start: u32,
    /// Messages.
    pub length: u16,
}

/// What the bits of a key decide.
#[derive(Clone, Copy, Debug)]
pub struct Opening {
    /// Which contact, for talks over strong ties.
    contact: u64,
    length: usize,
    keep: u32,
    /// Word of when it begins.
    pub when: u32,
}

impl Opening {
    /// Bit of the key from which on it decides when.
    pub const WHEN: u32 = 64 - WHEN_BITS;

    /// Takes a key apart: 11 bits of contact, 12 of length, 16 of whether it takes place at all, 25 of when.
    #[inline(always)]
    pub fn of(key: u64) -> Self {
        Opening {
            contact: key,
            length: (key >> 11) as usize & 4095,
            keep: (key >> 23) as u32 & 0xffff,
            when: (key >> Self::WHEN) as u32,
        }
    }

    /// Messages beyond the first, if it takes place.
    #[inline(always)]
    pub fn beyond_first(&self, model: &Model) -> u16 {
        model.lengths[self.length].into()
    }

    /// Messages, if it takes place.
    #[inline(always)]
    pub fn length(&self, model: &Model) -> u16 {
        self.beyond_first(model) + 1
    }

    /// Whether it takes place by this clock.
    #[inline(always)]
    pub fn keeps(&self, clock: &Clock) -> bool {
        self.keep < clock.keep
    }

    /// Messages, if it takes place by this clock; 0 if it does not.
    #[inline(always)]
    pub fn messages(&self, model: &Model, clock: &Clock) -> u16 {
        self.length(model) * u16::from(self.keeps(clock))
    }

    /// Which contact it goes to.
    #[inline(always)]
    pub fn contact(&self, model: &Model) -> Packed {
        model.contacts.at(self.contact)
    }
}

/// Turn-taking as one word, for one who starts.
#[derive(Clone, Copy, Debug)]
pub struct Turning(pub u16);

impl Turning {
    /// For talks that somebody with this card starts.
    #[inline(always)]
    pub fn of(starter: Card) -> Self {
        Turning(LEVELS as u16 - (starter.0 & 0x7f))
    }

    /// Where [`Model::turns`] has the chances with somebody of this card, in the low bits; nobody who is not active answers.
    #[inline(always)]
    pub fn index(self, other: Card) -> u16 {
        // Levels are below 128, so that their sum is below 256; the flag is the next bit, and further ones do not count.
        const { assert!(Card::ACTIVE as usize == ANSWERS) };
        self.0 + other.0
    }

    /// The chances with somebody of this card.
    #[inline(always)]
    pub fn with(self, model: &Model, other: Card) -> u32 {
        model.turns[usize::from(self.index(other)) & (2 * ANSWERS - 1)]
    }
}
