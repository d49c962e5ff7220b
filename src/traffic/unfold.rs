//! From talks to events: turns, gaps, kinds and sizes, message by message, in all columns.
//!
//! A talk's stream has a *quad* of words for every four messages: turns, kinds, gaps and sizes, 16 bits each. The words of
//! a block of talks are drawn at once, in vectors; the messages then follow one another.

use super::batch::Batch;
use super::model::{DAY_MS, GAP_PARTS, Model, SPAN_MS};
use super::said::first_parts;
use super::talk::Talk;
use crate::rng::{Stream, mix};
use crate::vector::kernels;

/// Messages of a quad.
pub const QUAD: usize = 4;
/// Number in a talk's stream of the first word of the first quad; a quad has four words.
const FIRST: u64 = 1;

/// Place of the words of a talk's quad: turns, kinds, gaps, sizes, [`Stream::STEP`] apart.
#[inline(always)]
pub fn quad(key: u64, number: u64) -> u64 {
    Stream::new(key).place(FIRST + 4 * number)
}

/// The 15 bits that decide a message's turn or kind; all ones pass no threshold.
pub const LOW: u64 = 0x7fff_7fff_7fff_7fff;

/// Words of the quads of a block of talks.
#[derive(Clone, Debug, Default)]
pub struct Quads {
    turns: Vec<u64>,
    kinds: Vec<u64>,
    gaps: Vec<u64>,
    sizes: Vec<u64>,
}

impl Quads {
    /// Draws the words of all talks.
    fn draw(&mut self, talks: &[Talk]) {
        self.turns.clear();
        for &Talk { key, length, .. } in talks {
            self.turns.push(quad(key, 0));
            for number in 1..length.div_ceil(QUAD as u16) {
                self.turns.push(quad(key, u64::from(number)));
            }
        }
        let n = self.turns.len();
        for column in [&mut self.kinds, &mut self.gaps, &mut self.sizes] {
            column.resize(n, 0);
        }
        draw(&mut self.turns, &mut self.kinds, &mut self.gaps, &mut self.sizes);
    }
}

kernels! {
    /// Turns places of quads into their four words.
    fn draw(turns: &mut [u64], kinds: &mut [u64], gaps: &mut [u64], sizes: &mut [u64]) {
        let n = turns.len();
        let (kinds, gaps, sizes) = (&mut kinds[..n], &mut gaps[..n], &mut sizes[..n]);
        for i in 0..n {
            let place = turns[i];
            turns[i] = mix(place);
            kinds[i] = mix(place.wrapping_add(Stream::STEP));
            gaps[i] = mix(place.wrapping_add(Stream::STEP.wrapping_mul(2)));
            sizes[i] = mix(place.wrapping_add(Stream::STEP.wrapping_mul(3)));
        }
    }

    /// Fills in the events of talks, whose places in the columns are at the end of `batch`. Returns the latest time.
    fn fill(model: &Model, talks: &[Talk], quads: &Quads, batch: &mut Batch, from: usize) -> u32 {
        let time = &mut batch.time[from..];
        let n = time.len();
        let (actor, target) = (&mut batch.actor[from..][..n], &mut batch.target[from..][..n]);
        let (kind, bytes) = (&mut batch.kind[from..][..n], &mut batch.bytes[from..][..n]);
        let conversation = &mut batch.conversation[from..][..n];
        let (mut at, mut quad, mut latest) = (0, 0, 0);
        for &Talk { key, sides, turns, start, length, .. } in talks {
            let length = usize::from(length);
            let chances = [turns & 0xffff, turns >> 16];
            let (mut speaker, mut since) = (0usize, 0u32);
            let mut first = true;
            for messages in [QUAD; crate::traffic::model::LONGEST / QUAD].into_iter().take(length.div_ceil(QUAD)).enumerate().map(|(q, n)| n.min(length - q * QUAD)) {
                let (mut turns, mut kinds) = (quads.turns[quad] & LOW, quads.kinds[quad] & LOW);
                let (mut gaps, mut sizes) = (quads.gaps[quad], quads.sizes[quad]);
                quad += 1;
                for _ in 0..messages {
                    let turn = (((chances[speaker] - (turns as u32 & 0xffff)) >> 15) & 1) as usize & usize::from(!first);
                    speaker ^= turn;
                    let gap = model.gaps[turn].at((gaps as u32) << 16);
                    since += if first { 0 } else { gap };
                    first = false;
                    let what = model.media[(kinds as usize & 0x7fff) >> 3];
                    time[at] = start + since.min(SPAN_MS);
                    actor[at] = sides[speaker];
                    target[at] = sides[speaker ^ 1];
                    kind[at] = what;
                    bytes[at] = model.sizes[usize::from(what)].at((sizes as u32) << 16);
                    conversation[at] = key;
                    at += 1;
                    (turns, kinds, gaps, sizes) = (turns >> 16, kinds >> 16, gaps >> 16, sizes >> 16);
                }
            }
            latest = latest.max(start + since.min(SPAN_MS));
        }
        latest
    }
}

/// Whether a talk of two or of a group surely ends on the day on which it starts, as no gap in it is long: most do.
pub fn ends_soon(model: &Model, key: u64, start: u32, length: u32) -> bool {
    let Some(gaps) = length.checked_sub(1).filter(|gaps| *gaps > 0) else { return true };
    let longest = (DAY_MS - 1).saturating_sub(start).min(SPAN_MS) / gaps;
    let short = model.short_gaps[(longest / (SPAN_MS / GAP_PARTS as u32)) as usize];
    (0..length.div_ceil(QUAD as u32)).all(|number| {
        let mut words = mix(quad(key, number.into()).wrapping_add(Stream::STEP.wrapping_mul(2)));
        // Before the first message there is no gap.
        words &= if number == 0 { !0xffff } else { u64::MAX };
        words &= first_parts(u64::from(length - number * QUAD as u32));
        (0..QUAD).all(|part| ((words >> (16 * part)) as u32 & 0xffff) < short)
    })
}

/// Whether the last message of a talk is sent past the midnight after it began.
pub fn ends_late(model: &Model, talk: &Talk) -> bool {
    if ends_soon(model, talk.key, talk.start, talk.length.into()) {
        return false;
    }
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
    talk.start + since.min(SPAN_MS) >= DAY_MS
}

/// Appends the events of talks that have begun to a batch. Returns the time of the last one, which may be past midnight.
pub fn unfold(model: &Model, talks: &[Talk], quads: &mut Quads, batch: &mut Batch) -> u32 {
    quads.draw(talks);
    let (from, n) = (batch.len(), talks.iter().map(|talk| usize::from(talk.length)).sum());
    batch.grow(n);
    fill(model, talks, quads, batch, from)
}
