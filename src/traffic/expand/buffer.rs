//! A sheet of talks to be unfolded at once: what each has for all its messages, and the places of its quads.

use crate::random::Stream;
use crate::simd::kernels;
use crate::traffic::conversation::{Conversation, ConversationDraw};
use crate::traffic::diurnal_profile::DiurnalProfile;
use crate::traffic::message::EACH;
use crate::traffic::message::parts_of;
use crate::traffic::message::{QUAD, quad};
use crate::traffic::plan::strong_ties::StrongTieBlock;
use crate::traffic::plan::weak_ties::WeakTieBlock;
use crate::traffic::traffic_tables::LONGEST;

/// Quads at which no more talks of groups are added: what a sheet needs stays in the L1 and L2 caches.
const FULL: usize = 512;
/// Most talks of two.
const TALKS: usize = 256;
/// Messages of a short talk, whose quads are all written at once.
const SHORT: usize = QUAD * QUAD;
/// Messages of the first quads of a talk, by its messages.
const PARTED: [[u8; QUAD]; SHORT + 1] = parted();

const fn parted() -> [[u8; QUAD]; SHORT + 1] {
    let mut table = [[0; QUAD]; SHORT + 1];
    let mut message = 0;
    while message < SHORT {
        let mut length = message + 1;
        while length <= SHORT {
            table[length][message / QUAD] += 1;
            length += 1;
        }
        message += 1;
    }
    table
}

/// Room for quads: a power of two beyond the last talk's.
pub const QUADS: usize = 1024;
/// Room for a column of quads. All four parts of a quad are written, also of the last; and columns that are a power of two long would
/// all lie in the same few lines of the cache.
pub const ROWS: usize = QUADS + 24;
/// Most messages on a sheet: a power of two.
pub const MESSAGES: usize = QUADS * QUAD;
/// Room for them.
pub const LAID: usize = MESSAGES + 96;

/// Talks that have begun, and their quads, in columns.
#[derive(Debug)]
pub struct ExpansionBuffer {
    /// Talks.
    pub talks: usize,
    /// Id.
    pub key: [u64; ROWS],
    /// When it begins.
    pub start: [u32; ROWS],
    /// Who starts.
    pub starter: [u32; ROWS],
    /// The other side, xor who starts.
    pub across: [u32; ROWS],
    /// Quads.
    pub quads: usize,
    /// Places of the quad's words.
    pub place: [u64; ROWS],
    /// Number of the talk.
    pub talk: [u16; ROWS],
    /// Turn-taking.
    pub turns: [u32; ROWS],
    /// Messages.
    pub messages: [u8; ROWS],
    /// Number in the talk.
    pub number: [u8; ROWS],
    /// Messages of all talks.
    pub events: usize,
}

impl Default for ExpansionBuffer {
    fn default() -> Self {
        ExpansionBuffer {
            talks: 0,
            key: [0; ROWS],
            start: [0; ROWS],
            starter: [0; ROWS],
            across: [0; ROWS],
            quads: 0,
            place: [0; ROWS],
            talk: [0; ROWS],
            turns: [0; ROWS],
            messages: [0; ROWS],
            number: [0; ROWS],
            events: 0,
        }
    }
}

impl ExpansionBuffer {
    /// Adds the quads of a talk, without a branch: all that most have are written, those that there are are kept.
    /// The number of the talk stands in all four parts of `talk`.
    #[inline(always)]
    fn add(&mut self, quads: usize, talk: u64, key: u64, turns: u32, length: u16) -> usize {
        const STEP: u64 = Stream::STEP.wrapping_mul(QUAD as u64);
        let q = quads & (QUADS - 1);
        let place = quad(key, 0);
        self.place[q..q + QUAD].copy_from_slice(&[0, 1, 2, 3].map(|n| place.wrapping_add(STEP.wrapping_mul(n))));
        self.talk[q..q + QUAD].copy_from_slice(&parts_of(talk));
        self.turns[q..q + QUAD].copy_from_slice(&[turns; QUAD]);
        self.messages[q..q + QUAD].copy_from_slice(&PARTED[usize::from(length.min(SHORT as u16))]);
        self.number[q..q + QUAD].copy_from_slice(&[0, 1, 2, 3]);
        if usize::from(length) > SHORT {
            self.add_rest(q, key, length);
        }
        quads + usize::from(length.div_ceil(QUAD as u16))
    }

    /// The quads behind those of a short talk: few talks have any.
    #[cold]
    #[inline(never)]
    fn add_rest(&mut self, q: usize, key: u64, length: u16) {
        for number in QUAD as u16..length.div_ceil(QUAD as u16) {
            let at = (q + usize::from(number)) & (QUADS - 1);
            self.place[at] = quad(key, number.into());
            (self.talk[at], self.turns[at], self.number[at]) = (self.talk[q], self.turns[q], number as u8);
            self.messages[at] = (length - number * QUAD as u16).min(QUAD as u16) as u8;
        }
    }

    /// How many of the talks of these lengths are taken.
    fn measure(&mut self, lengths: &[u16]) -> usize {
        (self.talks, self.events) = fits(|n| count(&lengths[..n]), lengths.len());
        self.talks
    }

    /// Takes opened talks, who speaks in them apart. Returns their quads.
    #[inline(always)]
    fn take_opened(&mut self, key: &[u64], turns: &[u32], length: &[u16], clock: &DiurnalProfile) -> usize {
        let mut quads = 0;
        for (i, (&key, (&turns, &length))) in key.iter().zip(turns.iter().zip(length)).enumerate() {
            self.key[i] = key;
            quads = self.add(quads, i as u64 * EACH, key, turns, length);
        }
        for (start, &key) in self.start.iter_mut().zip(key) {
            *start = clock.begins(ConversationDraw::of(key).when);
        }
        quads
    }

    /// Takes talks of a block from number `from` on, by this clock. Returns the number of the next one.
    pub fn take_block(&mut self, block: &StrongTieBlock, clock: &DiurnalProfile, from: usize) -> usize {
        let n = self.measure(&block.length[from..block.len]);
        self.quads = take_block(self, block, clock, from, n);
        from + n
    }

    /// Takes talks over weak ties from number `from` on, by this clock. Returns the number of the next one.
    pub fn take_far(&mut self, far: &WeakTieBlock, clock: &DiurnalProfile, from: usize) -> usize {
        let n = self.measure(&far.length[from..far.len]);
        self.quads = take_far(self, far, clock, from, n);
        from + n
    }

    /// Takes the first of these talks. Returns how many.
    pub fn take(&mut self, talks: &[Conversation]) -> usize {
        let all = |n| talks[..n].iter().map(|talk| talk.length);
        let quads = |n| all(n).map(|length| usize::from(length.div_ceil(QUAD as u16))).sum();
        let (n, events) = fits(|n| (quads(n), all(n).map(usize::from).sum()), talks.len());
        (self.talks, self.events) = (n, events);
        self.quads = take(self, &talks[..n]);
        n
    }

    /// Forgets all talks.
    pub fn clear(&mut self) {
        (self.talks, self.quads, self.events) = (0, 0, 0);
    }

    /// Whether no more talks are to be added.
    pub fn is_full(&self) -> bool {
        self.quads >= FULL
    }

    /// Adds a group's talk: number of the one who speaks first, and audience.
    pub fn add_group(&mut self, key: u64, first: usize, audience: u32, start: u32, length: u32) {
        let talk = self.talks & (QUADS - 1);
        (self.key[talk], self.start[talk]) = (key, start);
        (self.starter[talk], self.across[talk]) = (first as u32, audience);
        self.quads = self.add(self.quads, talk as u64 * EACH, key, 0, length as u16);
        self.talks += 1;
        self.events += length as usize;
    }
}

/// How many of `n` talks fit a sheet, and their messages, from a function that gives quads and messages of the first talks.
fn fits(count: impl Fn(usize) -> (usize, usize), n: usize) -> (usize, usize) {
    let mut n = n.min(TALKS);
    loop {
        let (quads, events) = count(n);
        if quads <= QUADS {
            return (n, events);
        }
        n /= 2;
    }
}

const _: () = assert!(FULL + LONGEST / QUAD < QUADS);

kernels! {
    /// Quads and messages of talks of these lengths.
    fn count(lengths: &[u16]) -> (usize, usize) {
        let (mut quads, mut messages) = (0u32, 0u32);
        for &length in lengths {
            quads += u32::from(length.div_ceil(QUAD as u16));
            messages += u32::from(length);
        }
        (quads as usize, messages as usize)
    }

    /// See [`ExpansionBuffer::take_block`], which has found that `n` talks fit. Returns their quads.
    fn take_block(sheet: &mut ExpansionBuffer, block: &StrongTieBlock, clock: &DiurnalProfile, from: usize, n: usize) -> usize {
        let n = n.min(TALKS);
        let (users, other) = (&block.user[from..][..n], &block.other[from..][..n]);
        for (((starter, across), &user), &other) in sheet.starter[..n].iter_mut().zip(&mut sheet.across[..n]).zip(users).zip(other) {
            *starter = u32::from(user);
            *across = u32::from(user ^ other);
        }
        sheet.take_opened(&block.key[from..][..n], &block.turns[from..][..n], &block.length[from..][..n], clock)
    }

    /// See [`ExpansionBuffer::take_far`], which has found that `n` talks fit. Returns their quads.
    fn take_far(sheet: &mut ExpansionBuffer, far: &WeakTieBlock, clock: &DiurnalProfile, from: usize, n: usize) -> usize {
        let n = n.min(TALKS);
        let (user, slot) = (&far.user[from..][..n], &far.slot[from..][..n]);
        for (((starter, across), &user), &slot) in sheet.starter[..n].iter_mut().zip(&mut sheet.across[..n]).zip(user).zip(slot) {
            let user = u32::from(user);
            *starter = if far.we_start { user } else { slot };
            *across = user ^ slot;
        }
        sheet.take_opened(&far.key[from..][..n], &far.turns[from..][..n], &far.length[from..][..n], clock)
    }

    /// See [`ExpansionBuffer::take`], which has found that all fit. Returns their quads.
    fn take(sheet: &mut ExpansionBuffer, talks: &[Conversation]) -> usize {
        let mut quads = 0;
        for (i, &Conversation { key, sides, turns, start, length, .. }) in talks.iter().take(TALKS).enumerate() {
            (sheet.key[i], sheet.start[i]) = (key, start);
            (sheet.starter[i], sheet.across[i]) = (sides[0], sides[0] ^ sides[1]);
            quads = sheet.add(quads, i as u64 * EACH, key, turns, length);
        }
        quads
    }
}
