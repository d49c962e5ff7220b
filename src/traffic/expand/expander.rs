//! From conversations to events: turns, gaps, kinds and sizes, in all columns.
//!
//! A conversation's stream has a *quad* of words for every four messages: turns, kinds, gaps and sizes, 16 bits each. Conversations are taken to a
//! [`ExpansionBuffer`], whose quads are then worked out at once by a [`EventWriter`].

use crate::traffic::batch::Batch;
use crate::traffic::conversation::Conversation;
use crate::traffic::diurnal_profile::DiurnalProfile;
use crate::traffic::expand::buffer::ExpansionBuffer;
use crate::traffic::expand::writer::EventWriter;
use crate::traffic::group_conversation::GroupConversation;
use crate::traffic::plan::strong_ties::StrongTieBlock;
use crate::traffic::plan::weak_ties::WeakTieBlock;
use crate::traffic::traffic_tables::TrafficTables;

/// Turns conversations into events, a buffer at a time.
#[derive(Debug, Default)]
pub struct Expander {
    buffer: Box<ExpansionBuffer>,
    writer: Box<EventWriter>,
    /// Conversations of groups in the buffer.
    groups: Vec<GroupConversation>,
}

impl Expander {
    /// Appends the events of conversations that have begun to a batch.
    pub fn conversations(&mut self, tables: &TrafficTables, conversations: &[Conversation], batch: &mut Batch) {
        let mut at = 0;
        while at < conversations.len() {
            at += self.buffer.take(&conversations[at..]);
            self.writer.fill(tables, &self.buffer, batch);
        }
    }

    /// Appends the events of a buffer's conversations of a block, opened, begun by this diurnal profile and the chronotypes of those who start them, from number
    /// `at` on. Returns the number of the next one: a whole block's events would not stay in the cache.
    pub fn block(
        &mut self,
        tables: &TrafficTables,
        clocks: (&DiurnalProfile, &[u8]),
        block: &StrongTieBlock,
        at: usize,
        batch: &mut Batch,
    ) -> usize {
        let next = self.buffer.take_block(block, clocks, at);
        self.writer.fill(tables, &self.buffer, batch);
        next
    }

    /// Appends the events of a block of conversations over weak ties, opened, begun by this diurnal profile and the chronotypes of those who start them.
    pub fn weak(
        &mut self,
        tables: &TrafficTables,
        clocks: (&DiurnalProfile, &[u8]),
        weak: &WeakTieBlock,
        batch: &mut Batch,
    ) {
        let mut at = 0;
        while at < weak.len {
            at = self.buffer.take_weak_ties(weak, clocks, at);
            self.writer.fill(tables, &self.buffer, batch);
        }
    }

    /// Takes a conversation of a group, whose audience is in the batch, to the buffer, and expands it if that is full.
    pub fn group(
        &mut self,
        tables: &TrafficTables,
        conversation: &GroupConversation,
        audience: u32,
        start: u32,
        batch: &mut Batch,
    ) {
        if self.groups.is_empty() {
            self.buffer.clear();
        }
        self.buffer.add_group(conversation.key, conversation.first(), audience, start, conversation.length);
        self.groups.push(*conversation);
        if self.buffer.is_full() {
            self.groups(tables, batch);
        }
    }

    /// Appends the events of the conversations of groups in the buffer.
    pub fn groups(&mut self, tables: &TrafficTables, batch: &mut Batch) {
        if !self.groups.is_empty() {
            self.writer.fill_groups(tables, &self.buffer, &self.groups, batch);
            self.groups.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Stream;
    use crate::simd::InstructionSet;
    use crate::traffic::batch::{Event, Shape};
    use crate::traffic::conversation::ConversationDraw;
    use crate::traffic::conversation::ends_late;
    use crate::traffic::fixtures::tables;
    use crate::traffic::message::one_by_one::{Message, messages};
    use crate::traffic::time::{DAY_MS, since_first};
    use crate::traffic::traffic_tables::LONGEST;

    /// The events of a conversation, one after the other.
    fn one_by_one(tables: &TrafficTables, conversation: &Conversation) -> Vec<Event> {
        let chances = [conversation.turns & 0xffff, conversation.turns >> 16];
        let (mut speaker, mut since) = (0usize, 0u32);
        let event = |message: Message| {
            let turned = message.passes(chances[speaker]);
            speaker ^= usize::from(turned);
            since += message.gap(tables, turned);
            Event {
                time: conversation.start + since_first(since),
                actor: conversation.sides[speaker],
                target: conversation.sides[speaker ^ 1],
                kind: message.kind(tables),
                bytes: message.size(tables),
                conversation: conversation.key,
            }
        };
        messages(conversation.key, conversation.length.into()).map(event).collect()
    }

    fn listed(events: impl IntoIterator<Item = Event>) -> Vec<String> {
        events.into_iter().map(|event| format!("{event:?}")).collect()
    }

    #[test]
    fn a_buffer_holds_the_messages_of_its_conversations_one_by_one() {
        let tables = tables();
        let profile = &tables.profiles(2)[0];
        let words = Stream::new(77);
        let conversations: Vec<Conversation> = (0..900u16)
            .map(|i| {
                let word = words.at(i.into());
                let key = words.at(1000 + u64::from(i));
                let level = word as usize % (2 * crate::population::LEVELS);
                let length =
                    if i % 9 == 0 { 1 + (word >> 40) as u16 % LONGEST as u16 } else { 1 + (word >> 40) as u16 % 6 };
                let start = profile.begins_by(ConversationDraw::of(key).when, (i % 8) as u8);
                let sides = [u32::from(i) % 50 * 7, (word >> 50) as u32];
                Conversation { key, sides, turns: tables.turns[level], start, length }
            })
            .collect();
        let mut block = StrongTieBlock::default();
        block.len = 800;
        for (i, conversation) in conversations[..block.len / 2].iter().enumerate() {
            // Every other conversation does not take place.
            let (at, other) = (2 * i + i % 2, conversation.sides[1] as u16);
            block.user[at] = conversation.sides[0] as u16;
            (block.key[at], block.other[at], block.length[at], block.turns[at]) =
                (conversation.key, other, conversation.length, conversation.turns);
        }
        let mut chronotypes = vec![0; block.len];
        for i in 0..block.len / 2 {
            chronotypes[2 * i + i % 2] = (i % 8) as u8;
        }
        let expected = listed(conversations.iter().flat_map(|conversation| one_by_one(&tables, conversation)));
        let of_block =
            listed(conversations[..block.len / 2].iter().flat_map(|conversation| one_by_one(&tables, conversation)));
        for set in InstructionSet::ALL {
            let mut expander = Expander::default();
            for (expected, blocks) in [(&expected, false), (&of_block, true)] {
                let mut batch = Batch::new(Shape::Pair, 0);
                if blocks {
                    let mut at = 0;
                    while at < block.len {
                        at = set.run(|| expander.block(&tables, (profile, &chronotypes), &block, at, &mut batch));
                    }
                } else {
                    set.run(|| expander.conversations(&tables, &conversations, &mut batch));
                }
                assert_eq!(&listed((0..batch.len()).map(|i| batch.event(i))), expected);
            }
        }
        // Late in the day, so that about half of the conversations that last run past midnight.
        let mut late = 0;
        for conversation in &conversations {
            let conversation = Conversation { start: DAY_MS - 1 - conversation.start % 1_000_000, ..*conversation };
            let ends = one_by_one(&tables, &conversation).last().map_or(0, |e| e.time);
            assert_eq!(ends_late(&tables, &conversation), ends >= DAY_MS);
            late += usize::from(ends >= DAY_MS);
        }
        assert!(late > 100 && late < 700, "{late}");
    }
}
