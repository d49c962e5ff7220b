//! From talks to events: turns, gaps, kinds and sizes, in all columns.
//!
//! A talk's stream has a *quad* of words for every four messages: turns, kinds, gaps and sizes, 16 bits each. Talks are taken to a
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

/// Turns talks into events, a sheet at a time.
#[derive(Debug, Default)]
pub struct Expander {
    sheet: Box<ExpansionBuffer>,
    filling: Box<EventWriter>,
    /// Talks of groups on the sheet.
    groups: Vec<GroupConversation>,
}

impl Expander {
    /// Appends the events of talks that have begun to a batch.
    pub fn talks(&mut self, model: &TrafficTables, talks: &[Conversation], batch: &mut Batch) {
        let mut at = 0;
        while at < talks.len() {
            at += self.sheet.take(&talks[at..]);
            self.filling.fill(model, &self.sheet, batch);
        }
    }

    /// Appends the events of a sheet's talks of a block, opened, begun by this clock, from number `at` on. Returns the number of the next
    /// one: a whole block's events would not stay in the cache.
    pub fn block(
        &mut self,
        model: &TrafficTables,
        clock: &DiurnalProfile,
        block: &StrongTieBlock,
        at: usize,
        batch: &mut Batch,
    ) -> usize {
        let next = self.sheet.take_block(block, clock, at);
        self.filling.fill(model, &self.sheet, batch);
        next
    }

    /// Appends the events of a block of talks over weak ties, opened, begun by this clock.
    pub fn far(&mut self, model: &TrafficTables, clock: &DiurnalProfile, far: &WeakTieBlock, batch: &mut Batch) {
        let mut at = 0;
        while at < far.len {
            at = self.sheet.take_far(far, clock, at);
            self.filling.fill(model, &self.sheet, batch);
        }
    }

    /// Takes a talk of a group, whose audience is in the batch, to the sheet, and unfolds if that is full.
    pub fn group(
        &mut self,
        model: &TrafficTables,
        talk: &GroupConversation,
        audience: u32,
        start: u32,
        batch: &mut Batch,
    ) {
        if self.groups.is_empty() {
            self.sheet.clear();
        }
        self.sheet.add_group(talk.key, talk.first(), audience, start, talk.length);
        self.groups.push(*talk);
        if self.sheet.is_full() {
            self.groups(model, batch);
        }
    }

    /// Appends the events of the talks of groups on the sheet.
    pub fn groups(&mut self, model: &TrafficTables, batch: &mut Batch) {
        if !self.groups.is_empty() {
            self.filling.fill_groups(model, &self.sheet, &self.groups, batch);
            self.groups.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::population::World;
    use crate::random::{Stream, mix};
    use crate::scenario::{Overrides, load};
    use crate::simd::Path;
    use crate::traffic::batch::{Event, Shape};
    use crate::traffic::conversation::ConversationDraw;
    use crate::traffic::conversation::ends_late;
    use crate::traffic::message::quad;
    use crate::traffic::traffic_tables::LONGEST;
    use crate::traffic::traffic_tables::{DAY_MS, SPAN_MS};

    fn model() -> TrafficTables {
        let scenario = load(std::path::Path::new("scenarios/cnil-2017.toml"), &Overrides::default());
        let Ok((scenario, _)) = scenario else { panic!("the scenario does not load") };
        TrafficTables::new(&scenario, &World::new(&scenario, 0))
    }

    /// The events of a talk, one after the other, by the tables of whole functions.
    fn one_by_one(model: &TrafficTables, talk: &Conversation) -> Vec<Event> {
        let chances = [talk.turns & 0xffff, talk.turns >> 16];
        let (mut speaker, mut since) = (0usize, 0u32);
        let one = |message: u16| {
            let place = quad(talk.key, u64::from(message) / 4);
            let [turn, kind, gap, size] = [0, 1, 2, 3].map(|word: u64| {
                (mix(place.wrapping_add(Stream::STEP.wrapping_mul(word))) >> (16 * (message % 4))) as u32 & 0xffff
            });
            if message > 0 {
                let turned = usize::from((turn & 0x7fff) + 0x7fff < chances[speaker]);
                speaker ^= turned;
                since += model.gaps[turned].at(gap << 16);
            }
            let kind = model.media[(kind as usize & 0x7fff) >> 3];
            Event {
                time: talk.start + since.min(SPAN_MS),
                actor: talk.sides[speaker],
                target: talk.sides[speaker ^ 1],
                kind,
                bytes: model.sizes[usize::from(kind)].at(size << 16),
                conversation: talk.key,
            }
        };
        (0..talk.length).map(one).collect()
    }

    fn listed(events: impl IntoIterator<Item = Event>) -> Vec<String> {
        events.into_iter().map(|event| format!("{event:?}")).collect()
    }

    #[test]
    fn a_sheet_holds_the_messages_of_its_talks_one_by_one() {
        let model = model();
        let clock = &model.clocks(2)[0];
        let words = Stream::new(77);
        let talks: Vec<Conversation> = (0..900u16)
            .map(|i| {
                let word = words.at(i.into());
                let key = words.at(1000 + u64::from(i));
                let level = word as usize % (2 * crate::population::LEVELS);
                let length =
                    if i % 9 == 0 { 1 + (word >> 40) as u16 % LONGEST as u16 } else { 1 + (word >> 40) as u16 % 6 };
                let start = clock.begins(ConversationDraw::of(key).when);
                let sides = [u32::from(i) % 50 * 7, (word >> 50) as u32];
                Conversation { key, sides, turns: model.turns[level], start, length }
            })
            .collect();
        let mut block = StrongTieBlock::default();
        block.len = 800;
        for (i, talk) in talks[..block.len / 2].iter().enumerate() {
            // Every other talk does not take place.
            let (at, other) = (2 * i + i % 2, talk.sides[1] as u16);
            block.user[at] = talk.sides[0] as u16;
            (block.key[at], block.other[at], block.length[at], block.turns[at]) =
                (talk.key, other, talk.length, talk.turns);
        }
        let expected = listed(talks.iter().flat_map(|talk| one_by_one(&model, talk)));
        let of_block = listed(talks[..block.len / 2].iter().flat_map(|talk| one_by_one(&model, talk)));
        for path in Path::ALL {
            path.hold();
            let mut unfolding = Expander::default();
            for (expected, blocks) in [(&expected, false), (&of_block, true)] {
                let mut batch = Batch::new(Shape::Pair, 0);
                if blocks {
                    let mut at = 0;
                    while at < block.len {
                        at = unfolding.block(&model, clock, &block, at, &mut batch);
                    }
                } else {
                    unfolding.talks(&model, &talks, &mut batch);
                }
                assert_eq!(&listed((0..batch.len()).map(|i| batch.event(i))), expected);
            }
        }
        Path::Avx512.hold();
        // Late in the day, so that about half of the talks that last run past midnight.
        let mut late = 0;
        for talk in &talks {
            let talk = Conversation { start: DAY_MS - 1 - talk.start % 1_000_000, ..*talk };
            let ends = one_by_one(&model, &talk).last().map_or(0, |e| e.time);
            assert_eq!(ends_late(&model, &talk), ends >= DAY_MS);
            late += usize::from(ends >= DAY_MS);
        }
        assert!(late > 100 && late < 700, "{late}");
    }
}
