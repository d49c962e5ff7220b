//! A conversation's messages one after another: the plain form, which the forms for four messages of many conversations at once are held to, and which times
//! the few conversations that may run past midnight.

use crate::traffic::message::gaps_and_sizes::gap;
use crate::traffic::message::{GAP_WORD, KIND_WORD, QUAD, SIZE_WORD, TURN_WORD, parts_of, passes_at, quad, word};
#[cfg(test)]
use crate::traffic::message::{gaps_and_sizes::size, kinds::kind};
use crate::traffic::traffic_tables::TrafficTables;

/// A message, as its bits say.
#[derive(Clone, Copy, Debug)]
pub struct Message {
    /// Number in its conversation.
    pub number: u32,
    /// Bits of its turn, kind, gap and size.
    bits: [u16; 4],
}

/// The messages of a conversation of a key.
#[inline(always)]
pub fn messages(key: u64, length: u32) -> impl Iterator<Item = Message> {
    let in_quad = move |number: u32| {
        let place = quad(key, number.into());
        let words = [TURN_WORD, KIND_WORD, GAP_WORD, SIZE_WORD].map(|number| word(place, number));
        let parts = words.map(parts_of);
        let first = number * QUAD as u32;
        (0..(length - first).min(QUAD as u32))
            .map(move |i| Message { number: first + i, bits: parts.map(|parts| parts[i as usize]) })
    };
    (0..length.div_ceil(QUAD as u32)).flat_map(in_quad)
}

impl Message {
    /// Whether the word is passed at it, by a chance: at the first message never.
    #[inline(always)]
    pub fn passes(&self, chance: u32) -> bool {
        self.number > 0 && passes_at(chance, self.bits[0])
    }

    /// Milliseconds since the message before, of whose side it is unless it `turned`; none before the first.
    #[inline(always)]
    pub fn gap(&self, tables: &TrafficTables, turned: bool) -> u32 {
        if self.number == 0 { 0 } else { gap(tables, turned, self.bits[2], self.bits[3]) }
    }

    /// Its kind, numbered from text = 0.
    #[cfg(test)]
    #[inline(always)]
    pub fn kind(&self, tables: &TrafficTables) -> u8 {
        kind(tables, self.bits[1])
    }

    /// Bytes.
    #[cfg(test)]
    #[inline(always)]
    pub fn size(&self, tables: &TrafficTables) -> u32 {
        size(tables, self.kind(tables), self.bits[3])
    }
}
