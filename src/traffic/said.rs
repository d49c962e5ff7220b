//! From talks to how much each side said: what counting needs, without the columns that it does not read.
//!
//! The turns and kinds are those of [`super::unfold`], message by message, from the same words; times and sizes are not worked out,
//! so this is for talks that end on the day on which they begin.

use super::block::{Block, ROOM};
use super::model::{LONGEST, Model};
use super::talk::Talk;
use super::unfold::{LOW, QUAD, quad};
use crate::rng::{Stream, mix};
use crate::vector::kernels;

/// Kinds of message.
pub const KINDS: usize = 5;

/// How much was said in each talk of a block.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// Messages of the other; the rest are of the one who started.
    pub other: Vec<u16>,
    /// Messages of our users by kind: text, photo, voice, video, other.
    pub kinds: [u64; KINDS],
    /// Who speaks in the quad at hand: see [`SPEAKERS`].
    who: Vec<u16>,
    /// Numbers of the talks with more quads.
    more: Vec<u32>,
    /// Of talks over any ties: keys, turns, words of kinds, and which parts of these are of messages of ours.
    keys: Vec<u64>,
    turns: Vec<u32>,
    words: Vec<u64>,
    valid: Vec<u64>,
}

/// Ones at the top bits of the four parts of a word.
const TOP: u64 = !LOW;
/// Moves the top bits of the four parts to the top four bits of the word.
const GATHER: u64 = 1 << 45 | 1 << 30 | 1 << 15 | 1;
/// A number in each of the four parts.
pub const EACH: u64 = 0x0001_0001_0001_0001;

/// The first quad of a talk: by its messages (3 bits), and an index into [`SPEAKERS`] less its top bit (the starter speaks first): how
/// many the other says (3 bits), and who has spoken last (bit 3).
const FIRST_QUAD: [u8; 2048] = first_quad();

const fn first_quad() -> [u8; 2048] {
    let mut table = [0u8; 2048];
    let mut index = 0;
    while index < 5 << 8 {
        let speakers = SPEAKERS[index & 0xff];
        let valid = (1u32 << (index >> 8)) as u8 - 1;
        table[index] = (speakers & valid & 15).count_ones() as u8 | (speakers >> 4) << 3;
        index += 1;
    }
    table
}

/// Who speaks in a quad's four messages, and who has spoken last (bit 4): by who spoke before (bit 8 of the index), the messages at
/// which the other would pass the word back (4 bits), and those at which the starter would pass it on (4 bits).
const SPEAKERS: [u8; 512] = speakers();

const fn speakers() -> [u8; 512] {
    let mut table = [0u8; 512];
    let mut index = 0;
    while index < 512 {
        let mut speaker = index >> 8;
        let mut message = 0;
        while message < QUAD {
            speaker ^= index >> (4 * speaker + message) & 1;
            table[index] |= (speaker << message) as u8;
            message += 1;
        }
        table[index] |= (speaker << 4) as u8;
        index += 1;
    }
    table
}

/// Parts of a word for which the four bits of the index are set.
pub const PARTS: [u64; 16] = parts();

const fn parts() -> [u64; 16] {
    let mut table = [0u64; 16];
    let mut index = 0;
    while index < 16 {
        let mut part = 0;
        while part < QUAD {
            table[index] |= ((index >> part & 1) as u64 * 0xffff) << (16 * part);
            part += 1;
        }
        index += 1;
    }
    table
}

/// The messages at which the word is passed, if the starter has it and if the other has it, as an index into [`SPEAKERS`].
#[inline(always)]
fn passes(turns: u32, word: u64) -> u16 {
    let passed = |chance: u64| ((chance * EACH).wrapping_sub(word & LOW) & TOP).wrapping_mul(GATHER) >> 60;
    (passed(u64::from(turns & 0xffff)) | passed(u64::from(turns >> 16)) << 4) as u16
}

/// Adds the kinds of the messages whose parts are set in `valid`: photos; with voice; with video; all but text.
#[inline(always)]
pub fn add_kinds(below: &mut [u64; 4], cuts: &[u64; 4], word: u64, valid: u64) {
    let word = (word | !valid) & LOW;
    for (below, cut) in below.iter_mut().zip(cuts) {
        *below += (cut.wrapping_sub(word) & TOP) >> 15;
    }
}

/// Sum of the four parts of a word.
fn sum_parts(word: u64) -> u64 {
    (0..4).map(|part| word >> (16 * part) & 0xffff).sum()
}

kernels! {
    /// Counts what each side says in talks over strong ties.
    fn strong(model: &Model, talks: &Block, said: &mut Said) {
        let n = talks.len.min(ROOM);
        let (key, length, turns) = (&talks.key[..n], &talks.length[..n], &talks.turns[..n]);
        let (other, who) = (&mut said.other[..n], &mut said.who[..n]);
        let cuts = model.media_cuts.map(|cut| u64::from(cut) * EACH);
        let mut below = [0u64; 4];
        let mut all = 0;
        for i in 0..n {
            let place = quad(key[i], 0);
            let messages = u64::from(length[i]);
            all += messages;
            let first = messages.min(4);
            who[i] = (passes(turns[i], mix(place)) & 0xee) | (first as u16) << 8;
            let valid = if messages < 4 { (1u64 << (16 * messages)) - 1 } else { u64::MAX };
            add_kinds(&mut below, &cuts, mix(place.wrapping_add(Stream::STEP)), valid);
        }
        let more = &mut said.more[..ROOM];
        let mut left = 0;
        for i in 0..n {
            let quad = FIRST_QUAD[usize::from(who[i]) & 2047];
            other[i] = u16::from(quad & 7);
            who[i] = u16::from(quad >> 3);
            more[left & (ROOM - 1)] = i as u32;
            left += usize::from(length[i] > 4);
        }
        for &i in &more[..left.min(ROOM)] {
            let i = i as usize;
            let (mut last, mut by_others) = (usize::from(who[i]), other[i]);
            for number in 1..LONGEST as u16 / 4 {
                let messages = length[i].saturating_sub(4 * number).min(4);
                if messages == 0 {
                    break;
                }
                let place = quad(key[i], u64::from(number));
                let by_other = SPEAKERS[(last << 8 | usize::from(passes(turns[i], mix(place)))) & 511];
                let valid = (1u16 << messages) - 1;
                by_others += (u16::from(by_other) & valid).count_ones() as u16;
                last = usize::from(by_other >> 4);
                add_kinds(&mut below, &cuts, mix(place.wrapping_add(Stream::STEP)), PARTS[usize::from(valid) & 15]);
            }
            other[i] = by_others;
        }
        said.add_below(below, all);
    }

    /// Draws the words of the first quads of talks: who passes the word, and kinds.
    fn first_quads(talks: &[Talk], key: &mut [u64], turns: &mut [u32], who: &mut [u16], kinds: &mut [u64]) {
        let n = talks.len();
        let (key, turns, who, kinds) = (&mut key[..n], &mut turns[..n], &mut who[..n], &mut kinds[..n]);
        for (talk, (key, turns)) in talks.iter().zip(key.iter_mut().zip(turns.iter_mut())) {
            (*key, *turns) = (talk.key, talk.turns);
        }
        for i in 0..n {
            let place = quad(key[i], 0);
            who[i] = passes(turns[i], mix(place)) & 0xee;
            kinds[i] = mix(place.wrapping_add(Stream::STEP));
        }
    }

    /// Adds the kinds of messages whose parts are set.
    fn add_all(below: &mut [u64; 4], cuts: &[u64; 4], kinds: &[u64], valid: &[u64]) {
        let mut sum = *below;
        for (&kinds, &valid) in kinds.iter().zip(valid) {
            add_kinds(&mut sum, cuts, kinds, valid);
        }
        *below = sum;
    }

    /// Counts what each side says in talks over any ties, and the kinds of what those below `people` say.
    fn ties(model: &Model, talks: &[Talk], people: u32, said: &mut Said) {
        let n = talks.len();
        let cuts = model.media_cuts.map(|cut| u64::from(cut) * EACH);
        let mut below = [0u64; 4];
        let mut ours = 0;
        let (other, who, valid) = (&mut said.other[..n], &said.who[..n], &mut said.valid[..n]);
        for (i, talk) in talks.iter().enumerate() {
            // Whose messages are ours: of the starter where bits are 0, of the other where they are 1.
            let [starter, us] = talk.sides.map(|side| if side < people { 15 } else { 0 });
            let mut by_other = u32::from(SPEAKERS[usize::from(who[i]) & 511]);
            let mut messages = (1u32 << talk.length.min(4)) - 1;
            let mut our = (by_other & us | !by_other & starter) & messages;
            let mut by_others = (by_other & messages).count_ones();
            valid[i] = PARTS[our as usize & 15];
            ours += u64::from(our.count_ones());
            let mut left = talk.length.saturating_sub(4);
            let mut number = 1;
            while left > 0 {
                let place = quad(talk.key, number);
                let last = (by_other >> 4) as usize & 1;
                by_other = u32::from(SPEAKERS[last << 8 | usize::from(passes(talk.turns, mix(place))) & 255]);
                messages = (1u32 << left.min(4)) - 1;
                our = (by_other & us | !by_other & starter) & messages;
                by_others += (by_other & messages).count_ones();
                ours += u64::from(our.count_ones());
                add_kinds(&mut below, &cuts, mix(place.wrapping_add(Stream::STEP)), PARTS[our as usize & 15]);
                left = left.saturating_sub(4);
                number += 1;
            }
            other[i] = by_others as u16;
        }
        add_all(&mut below, &cuts, &said.words[..n], valid);
        said.add_below(below, ours);
    }
}

/// Adds messages, of which so many, added over the four parts, are photos; photos or voice; these or video; all but text.
pub fn add_below(kinds: &mut [u64; KINDS], below: [u64; 4], all: u64) {
    let [photo, voice, video, other] = below.map(sum_parts);
    for (kind, n) in kinds.iter_mut().zip([all - other, photo, voice - photo, video - voice, other - video]) {
        *kind += n;
    }
}

impl Said {
    fn resize(&mut self, n: usize) {
        self.other.resize(n, 0);
        self.who.resize(n, 0);
        self.more.resize(ROOM, 0);
        self.kinds = [0; KINDS];
    }

    fn add_below(&mut self, below: [u64; 4], all: u64) {
        add_below(&mut self.kinds, below, all);
    }

    /// Counts what each side says in talks over strong ties.
    pub fn strong(&mut self, model: &Model, talks: &Block) {
        self.resize(talks.len);
        strong(model, talks, self);
    }

    /// Counts what each side says in talks over any ties, at most a block of them; our users are the slots below `people`.
    pub fn ties(&mut self, model: &Model, talks: &[Talk], people: u32) {
        let n = talks.len();
        self.resize(n);
        for column in [&mut self.keys, &mut self.words, &mut self.valid] {
            column.resize(n, 0);
        }
        self.turns.resize(n, 0);
        first_quads(talks, &mut self.keys, &mut self.turns, &mut self.who, &mut self.words);
        ties(model, talks, people, self);
    }
}
