//! From talks to events: turns, gaps, kinds and sizes, in all columns.
//!
//! A talk's stream has a *quad* of words for every four messages: turns, kinds, gaps and sizes, 16 bits each. Talks are taken to a
//! [`Sheet`], whose quads are then worked out at once by a [`Filling`].

use super::batch::Batch;
use super::block::Block;
use super::chat::GroupTalk;
use super::fill::Filling;
use super::model::{Clock, Model, SPAN_MS};
use super::sheet::Sheet;
use super::talk::Talk;
use crate::rng::{Stream, mix};

/// Messages of a quad.
pub const QUAD: usize = 4;
/// Number in a talk's stream of the first word of the first quad; a quad has four words.
pub const TURNS: u64 = 1;

/// Place of the words of a talk's quad: turns, kinds, gaps, sizes, [`Stream::STEP`] apart.
#[inline(always)]
pub fn quad(key: u64, number: u64) -> u64 {
    Stream::new(key).place(TURNS + 4 * number)
}

/// The 15 bits that decide a message's turn or kind; all ones pass no threshold.
pub const LOW: u64 = 0x7fff_7fff_7fff_7fff;

/// When the last message of a talk is sent: milliseconds since the midnight before it began.
pub fn ends(model: &Model, talk: &Talk) -> u32 {
    let chances = [talk.turns & 0xffff, talk.turns >> 16];
    let (mut speaker, mut since) = (0usize, 0u32);
    for number in 0..talk.length.div_ceil(QUAD as u16) {
        let place = quad(talk.key, u64::from(number));
        let (mut turns, mut gaps) = (mix(place) & LOW, mix(place.wrapping_add(Stream::STEP.wrapping_mul(2))));
        for message in 0..(talk.length - number * QUAD as u16).min(QUAD as u16) {
            if number + message > 0 {
                let turn = ((chances[speaker] - (turns as u32 & 0xffff)) >> 15 & 1) as usize;
                speaker ^= turn;
                since += model.gaps[turn].at((gaps as u32) << 16);
            }
            (turns, gaps) = (turns >> 16, gaps >> 16);
        }
    }
    talk.start + since.min(SPAN_MS)
}

/// Turns talks into events, a sheet at a time.
#[derive(Debug, Default)]
pub struct Unfolding {
    sheet: Box<Sheet>,
    filling: Box<Filling>,
    /// Talks of groups on the sheet.
    groups: Vec<GroupTalk>,
}

impl Unfolding {
    /// Appends the events of talks that have begun to a batch.
    pub fn talks(&mut self, model: &Model, talks: &[Talk], batch: &mut Batch) {
        let mut at = 0;
        while at < talks.len() {
            at += self.sheet.take(&talks[at..]);
            self.filling.fill(model, &self.sheet, batch);
        }
    }

    /// Appends the events of a block of talks, opened, begun by this clock.
    pub fn block(&mut self, model: &Model, clock: &Clock, block: &Block, batch: &mut Batch) {
        let mut at = 0;
        while at < block.len {
            at = self.sheet.take_block(block, clock, at);
            self.filling.fill(model, &self.sheet, batch);
        }
    }

    /// Takes a talk of a group, whose audience is in the batch, to the sheet, and unfolds if that is full.
    pub fn group(&mut self, model: &Model, talk: &GroupTalk, audience: u32, start: u32, batch: &mut Batch) {
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
    pub fn groups(&mut self, model: &Model, batch: &mut Batch) {
        if !self.groups.is_empty() {
            self.filling.fill_groups(model, &self.sheet, &self.groups, batch);
            self.groups.clear();
        }
    }
}
