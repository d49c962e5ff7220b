//! Conversations of two. What a conversation's key decides is decided here, once for all of its messages; messages
//! follow from the key in [`crate::traffic::expand::expander`] one by one, or are only counted in [`crate::traffic::count::message_counts`].

use crate::population::{ContactTables, LEVELS};
use crate::traffic::diurnal_profile::{DiurnalProfile, WHEN_BITS};
use crate::traffic::message::ends_soon;
use crate::traffic::message::one_by_one::messages;
use crate::traffic::time::{DAY_MS, since_first};
use crate::traffic::traffic_tables::{ANSWERS, TrafficTables};

/// What the traffic of a day needs to know about an acting slot, in one word that is looked up at once.
///
/// Bits 0 to 6: level of activity. Then flags; bits 13 and 14: shape of the social signature.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DayState(pub u16);

impl DayState {
    /// Uses the service today.
    pub const ACTIVE: u16 = 1 << 8;
    /// Has left the service.
    pub const GONE: u16 = 1 << 9;
    /// Of a weak tie: uploads the address book today.
    pub const UPLOADS: u16 = 1 << 10;
    /// Of a weak tie: our user starts conversations over it today.
    pub const OURS: u16 = 1 << 11;
    /// Of a weak tie: the other side does.
    pub const THEIRS: u16 = 1 << 12;

    /// First bit of the shape of the social signature.
    pub const SHAPE: u32 = 13;

    /// Where [`TrafficTables::contacts`] has the contacts of somebody like this.
    #[inline(always)]
    pub fn contact_table(self) -> u16 {
        ContactTables::index(self.0 >> Self::SHAPE, self.0 & 0x7f)
    }

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

/// A conversation that has begun, over any tie.
#[derive(Clone, Copy, Debug, Default)]
pub struct Conversation {
    /// Key: id, and start of the stream of the conversation's messages.
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

/// Whether the last message of a conversation is sent past the midnight after it began.
pub fn ends_late(tables: &TrafficTables, conversation: &Conversation) -> bool {
    if ends_soon(tables, conversation.key, conversation.start, conversation.length.into()) {
        return false;
    }
    let chances = [conversation.turns & 0xffff, conversation.turns >> 16];
    let (mut speaker, mut since) = (0usize, 0u32);
    for message in messages(conversation.key, conversation.length.into()) {
        let turned = message.passes(chances[speaker]);
        speaker ^= usize::from(turned);
        since += message.gap(tables, turned);
    }
    conversation.start + since_first(since) >= DAY_MS
}

/// What the bits of a key decide.
#[derive(Clone, Copy, Debug)]
pub struct ConversationDraw {
    /// Which contact, for conversations over strong ties.
    contact: u64,
    length: usize,
    keep: u32,
    /// Word of when it begins.
    pub when: u32,
}

impl ConversationDraw {
    /// Bit of the key from which on it decides when.
    pub const WHEN: u32 = 64 - WHEN_BITS;

    /// Takes a key apart: 11 bits of contact, 12 of length, 16 of whether it takes place at all, 25 of when.
    #[inline(always)]
    pub fn of(key: u64) -> Self {
        ConversationDraw {
            contact: key,
            length: (key >> 11) as usize & 4095,
            keep: (key >> 23) as u32 & 0xffff,
            when: (key >> Self::WHEN) as u32,
        }
    }

    /// Messages beyond the first, if it takes place.
    #[inline(always)]
    pub fn beyond_first(&self, tables: &TrafficTables) -> u16 {
        tables.lengths[self.length].into()
    }

    /// Messages, if it takes place.
    #[inline(always)]
    pub fn length(&self, tables: &TrafficTables) -> u16 {
        self.beyond_first(tables) + 1
    }

    /// Whether it takes place by this diurnal profile.
    #[inline(always)]
    pub fn keeps(&self, profile: &DiurnalProfile) -> bool {
        self.keep < profile.keep
    }

    /// Slot of the contact that it goes to, of the table of the one who starts.
    #[inline(always)]
    pub fn contact_slot(&self, table: u16) -> u16 {
        ContactTables::slot(table, self.contact)
    }
}

/// Turn-taking as one word, for one who starts.
#[derive(Clone, Copy, Debug)]
pub struct TurnIndex(pub u16);

impl TurnIndex {
    /// For conversations that somebody with this state of the day starts.
    #[inline(always)]
    pub fn of(starter: DayState) -> Self {
        TurnIndex(LEVELS as u16 - (starter.0 & 0x7f))
    }

    /// Where [`TrafficTables::turns`] has the chances with somebody of this state of the day, in the low bits; nobody who is not active answers.
    #[inline(always)]
    pub fn index(self, other: DayState) -> u16 {
        // Levels are below 128, so that their sum is below 256; the flag is the next bit, and further ones do not count.
        const { assert!(DayState::ACTIVE as usize == ANSWERS) };
        self.0 + other.0
    }
}
