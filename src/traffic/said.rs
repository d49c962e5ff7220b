//! From talks to how much each side said: what counting needs, without the columns that it does not read.
//!
//! The turns and kinds are those of [`super::unfold`], message by message, from the same words; times and sizes are not worked out,
//! so this is for talks that end on the day on which they begin.

use super::block::{Block, Column, LANES, ROOM};
use super::rest::Rest;
use super::model::Model;
use super::talk::Talk;
use super::unfold::{LOW, QUAD, quad};
use crate::rng::{Stream, mix};
use crate::vector::{each_bit, kernels, mask};

/// Kinds of message.
pub const KINDS: usize = 5;

/// How much was said in each talk of a block.
#[derive(Clone, Debug)]
pub struct Said {
    /// Messages of the other; the rest are of the one who started.
    pub other: Vec<u16>,
    /// Messages of our users by kind: text, photo, voice, video, other.
    pub kinds: [u64; KINDS],
    /// Who speaks in the quad at hand: see [`SPEAKERS`].
    who: Vec<u16>,
    /// Numbers of the talks with more quads than one, and the rest of what is said in them.
    longer: Column<u16>,
    rest: Rest,
    /// Of talks over any ties: keys, turns, words of kinds, and which parts of these are of messages of ours.
    keys: Vec<u64>,
    turns: Vec<u32>,
    words: Vec<u64>,
    valid: Vec<u64>,
}

impl Default for Said {
    fn default() -> Self {
        Said {
            other: Vec::new(),
            kinds: [0; KINDS],
            who: Vec::new(),
            longer: Box::new([0; ROOM]),
            rest: Rest::default(),
            keys: Vec::new(),
            turns: Vec::new(),
            words: Vec::new(),
            valid: Vec::new(),
        }
    }
}

/// Ones at the top bits of the four parts of a word.
const TOP: u64 = !LOW;
/// Moves the top bits of the four parts to the top four bits of the word.
const GATHER: u64 = 1 << 45 | 1 << 30 | 1 << 15 | 1;
/// A number in each of the four parts.
pub const EACH: u64 = 0x0001_0001_0001_0001;

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
pub fn passes(turns: u32, word: u64) -> u16 {
    let passed = |chance: u64| ((chance * EACH).wrapping_sub(word & LOW) & TOP).wrapping_mul(GATHER) >> 60;
    (passed(u64::from(turns & 0xffff)) | passed(u64::from(turns >> 16)) << 4) as u16
}

/// The parts of a quad's first messages.
#[inline(always)]
pub fn first_parts(messages: u64) -> u64 {
    if messages < 4 { (1u64 << (16 * messages)) - 1 } else { u64::MAX }
}

/// What [`SPEAKERS`] says, in arithmetic: how many of a quad's first `messages` are the other's, and who has spoken last, from who spoke
/// before and who would pass the word on when.
#[inline(always)]
pub fn by_other(before: u16, passes: u16, messages: u16) -> (u16, u16) {
    let (mut speaker, mut by_other) = (before, 0);
    for message in 0..QUAD as u16 {
        // The other's passes are in the high bits.
        let passes = if speaker == 0 { passes } else { passes >> QUAD };
        speaker ^= passes >> message & 1;
        by_other += if message < messages { speaker } else { 0 };
    }
    (by_other, speaker)
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
        let n = talks.len.next_multiple_of(LANES).min(ROOM);
        let (key, length, turns) = (&talks.key[..n], &talks.length[..n], &talks.turns[..n]);
        let (other, who) = (&mut said.other[..n], &mut said.who[..n]);
        let cuts = model.media_cuts.map(|cut| u64::from(cut) * EACH);
        let mut below = [0u64; 4];
        for i in 0..n {
            let place = quad(key[i], 0);
            who[i] = passes(turns[i], mix(place));
            add_kinds(&mut below, &cuts, mix(place.wrapping_add(Stream::STEP)), first_parts(u64::from(length[i])));
        }
        let mut all = 0u32;
        for i in 0..n {
            // The one who starts speaks first.
            (other[i], who[i]) = by_other(0, who[i] & 0xee, length[i]);
            all += u32::from(length[i]);
        }
        let mut longer = 0;
        for (word, length) in length.as_chunks::<64>().0.iter().enumerate() {
            each_bit(mask(|i| length[i] > 4), |bit| {
                said.longer[longer & (ROOM - 1)] = (64 * word + bit) as u16;
                longer += 1;
            });
        }
        said.rest.count(talks, &said.longer[..longer.min(ROOM)], who, other, &cuts, &mut below);
        said.add_below(below, all.into());
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
        self.kinds = [0; KINDS];
    }

    fn add_below(&mut self, below: [u64; 4], all: u64) {
        add_below(&mut self.kinds, below, all);
    }

    /// Counts what each side says in talks over strong ties.
    pub fn strong(&mut self, model: &Model, talks: &Block) {
        self.resize(talks.len.next_multiple_of(LANES).min(ROOM));
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
