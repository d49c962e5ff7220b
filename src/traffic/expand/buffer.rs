//! A buffer of conversations to be expanded at once: what each has for all its messages, and the places of its quads.

use crate::random::Stream;
use crate::simd::kernel;
use crate::traffic::conversation::{Conversation, ConversationDraw};
use crate::traffic::diurnal_profile::DiurnalProfile;
use crate::traffic::message::{EACH, QUAD, WORDS, parts_of, quad};
use crate::traffic::plan::strong_ties::StrongTieBlock;
use crate::traffic::plan::weak_ties::WeakTieBlock;
use crate::traffic::traffic_tables::LONGEST;

/// Quads at which no more conversations of groups are added: what a buffer needs stays in the L1 and L2 caches.
const FULL: usize = 512;
/// Most conversations of two.
const CONVERSATIONS: usize = 256;
/// Messages of a short conversation, whose quads are all written at once.
const SHORT: usize = QUAD * QUAD;
/// Messages of the first quads of a conversation, by its messages.
const QUADS_OF_SHORT: [[u8; QUAD]; SHORT + 1] = quads_of_short();

const fn quads_of_short() -> [[u8; QUAD]; SHORT + 1] {
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

/// Room for quads: a power of two beyond the last conversation's.
pub const QUADS: usize = 1024;
/// Room for a column of quads. All four parts of a quad are written, also of the last; and columns that are a power of two long would
/// all lie in the same few lines of the cache.
pub const ROWS: usize = QUADS + 24;
/// Most messages in a buffer: a power of two.
pub const MESSAGES: usize = QUADS * QUAD;
/// Room for them.
pub const LAID: usize = MESSAGES + 96;

/// Conversations that have begun, and their quads, in columns.
#[derive(Debug)]
pub struct ExpansionBuffer {
    /// Conversations.
    pub conversations: usize,
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
    /// Number of the conversation.
    pub conversation: [u16; ROWS],
    /// Turn-taking.
    pub turns: [u32; ROWS],
    /// Messages.
    pub messages: [u8; ROWS],
    /// Number in the conversation.
    pub number: [u8; ROWS],
    /// Messages of all conversations.
    pub events: usize,
}

impl Default for ExpansionBuffer {
    fn default() -> Self {
        ExpansionBuffer {
            conversations: 0,
            key: [0; ROWS],
            start: [0; ROWS],
            starter: [0; ROWS],
            across: [0; ROWS],
            quads: 0,
            place: [0; ROWS],
            conversation: [0; ROWS],
            turns: [0; ROWS],
            messages: [0; ROWS],
            number: [0; ROWS],
            events: 0,
        }
    }
}

impl ExpansionBuffer {
    /// Adds the quads of a conversation, without a branch: all that most have are written, those that there are are kept.
    /// The number of the conversation stands in all four parts of `conversation`.
    #[inline(always)]
    fn add(&mut self, quads: usize, conversation: u64, key: u64, turns: u32, length: u16) -> usize {
        const STEP: u64 = Stream::STEP.wrapping_mul(WORDS);
        let q = quads & (QUADS - 1);
        let place = quad(key, 0);
        self.place[q..q + QUAD].copy_from_slice(&[0, 1, 2, 3].map(|n| place.wrapping_add(STEP.wrapping_mul(n))));
        self.conversation[q..q + QUAD].copy_from_slice(&parts_of(conversation));
        self.turns[q..q + QUAD].copy_from_slice(&[turns; QUAD]);
        self.messages[q..q + QUAD].copy_from_slice(&QUADS_OF_SHORT[usize::from(length.min(SHORT as u16))]);
        self.number[q..q + QUAD].copy_from_slice(&[0, 1, 2, 3]);
        if usize::from(length) > SHORT {
            self.add_rest(q, key, length);
        }
        quads + usize::from(length.div_ceil(QUAD as u16))
    }

    /// The quads behind those of a short conversation: few conversations have any.
    #[cold]
    #[inline(never)]
    fn add_rest(&mut self, q: usize, key: u64, length: u16) {
        for number in QUAD as u16..length.div_ceil(QUAD as u16) {
            let at = (q + usize::from(number)) & (QUADS - 1);
            self.place[at] = quad(key, number.into());
            (self.conversation[at], self.turns[at], self.number[at]) =
                (self.conversation[q], self.turns[q], number as u8);
            self.messages[at] = (length - number * QUAD as u16).min(QUAD as u16) as u8;
        }
    }

    /// How many of the conversations of these lengths are taken.
    fn measure(&mut self, lengths: &[u16]) -> usize {
        (self.conversations, self.events) = fits(|n| count(&lengths[..n]), lengths.len());
        self.conversations
    }

    /// Takes opened conversations, who speaks in them apart. Returns their quads.
    #[inline(always)]
    fn take_opened(
        &mut self,
        (key, turns, length): (&[u64], &[u32], &[u16]),
        (profile, chronotypes): (&DiurnalProfile, &[u8]),
    ) -> usize {
        let mut quads = 0;
        for (i, (&key, (&turns, &length))) in key.iter().zip(turns.iter().zip(length)).enumerate() {
            self.key[i] = key;
            quads = self.add(quads, i as u64 * EACH, key, turns, length);
        }
        for (start, (&key, &chronotype)) in self.start.iter_mut().zip(key.iter().zip(chronotypes)) {
            *start = profile.begins_by(ConversationDraw::of(key).when, chronotype);
        }
        quads
    }

    /// Takes conversations of a block from number `from` on, by this diurnal profile and the chronotypes of those who start them. Returns the number of the next one.
    pub fn take_block(&mut self, block: &StrongTieBlock, clocks: (&DiurnalProfile, &[u8]), from: usize) -> usize {
        let n = self.measure(&block.length[from..block.len]);
        self.quads = take_block(self, block, clocks, from, n);
        from + n
    }

    /// Takes conversations over weak ties from number `from` on, by this diurnal profile and the chronotypes of those who start them. Returns the number of the next one.
    pub fn take_weak_ties(&mut self, weak: &WeakTieBlock, clocks: (&DiurnalProfile, &[u8]), from: usize) -> usize {
        let n = self.measure(&weak.length[from..weak.len]);
        self.quads = take_weak_ties(self, weak, clocks, from, n);
        from + n
    }

    /// Takes the first of these conversations. Returns how many.
    pub fn take(&mut self, conversations: &[Conversation]) -> usize {
        let all = |n| conversations[..n].iter().map(|conversation| conversation.length);
        let quads = |n| all(n).map(|length| usize::from(length.div_ceil(QUAD as u16))).sum();
        let (n, events) = fits(|n| (quads(n), all(n).map(usize::from).sum()), conversations.len());
        (self.conversations, self.events) = (n, events);
        self.quads = take(self, &conversations[..n]);
        n
    }

    /// Forgets all conversations.
    pub fn clear(&mut self) {
        (self.conversations, self.quads, self.events) = (0, 0, 0);
    }

    /// Whether no more conversations are to be added.
    pub fn is_full(&self) -> bool {
        self.quads >= FULL
    }

    /// Adds a group's conversation: number of the one who speaks first, and audience.
    pub fn add_group(&mut self, key: u64, first: usize, audience: u32, start: u32, length: u32) {
        let conversation = self.conversations & (QUADS - 1);
        (self.key[conversation], self.start[conversation]) = (key, start);
        (self.starter[conversation], self.across[conversation]) = (first as u32, audience);
        self.quads = self.add(self.quads, conversation as u64 * EACH, key, 0, length as u16);
        self.conversations += 1;
        self.events += length as usize;
    }
}

/// How many of `n` conversations fit a buffer, and their messages, from a function that gives quads and messages of the first conversations.
fn fits(count: impl Fn(usize) -> (usize, usize), n: usize) -> (usize, usize) {
    let mut n = n.min(CONVERSATIONS);
    loop {
        let (quads, events) = count(n);
        if quads <= QUADS {
            return (n, events);
        }
        n /= 2;
    }
}

const _: () = assert!(FULL + LONGEST / QUAD < QUADS);

/// Quads and messages of conversations of these lengths.
#[kernel]
fn count(lengths: &[u16]) -> (usize, usize) {
    let (mut quads, mut messages) = (0u32, 0u32);
    for &length in lengths {
        quads += u32::from(length.div_ceil(QUAD as u16));
        messages += u32::from(length);
    }
    (quads as usize, messages as usize)
}

/// See [`ExpansionBuffer::take_block`], which has found that `n` conversations fit. Returns their quads.
#[kernel]
fn take_block(
    buffer: &mut ExpansionBuffer,
    block: &StrongTieBlock,
    (profile, chronotypes): (&DiurnalProfile, &[u8]),
    from: usize,
    n: usize,
) -> usize {
    let n = n.min(CONVERSATIONS);
    let (users, other) = (&block.user[from..][..n], &block.other[from..][..n]);
    for (((starter, across), &user), &other) in
        buffer.starter[..n].iter_mut().zip(&mut buffer.across[..n]).zip(users).zip(other)
    {
        *starter = u32::from(user);
        *across = u32::from(user ^ other);
    }
    let conversations = (&block.key[from..][..n], &block.turns[from..][..n], &block.length[from..][..n]);
    buffer.take_opened(conversations, (profile, &chronotypes[from..][..n]))
}

/// See [`ExpansionBuffer::take_weak_ties`], which has found that `n` conversations fit. Returns their quads.
#[kernel]
fn take_weak_ties(
    buffer: &mut ExpansionBuffer,
    weak: &WeakTieBlock,
    (profile, chronotypes): (&DiurnalProfile, &[u8]),
    from: usize,
    n: usize,
) -> usize {
    let n = n.min(CONVERSATIONS);
    let (user, slot) = (&weak.user[from..][..n], &weak.slot[from..][..n]);
    for (((starter, across), &user), &slot) in
        buffer.starter[..n].iter_mut().zip(&mut buffer.across[..n]).zip(user).zip(slot)
    {
        let user = u32::from(user);
        *starter = if weak.we_start { user } else { slot };
        *across = user ^ slot;
    }
    let conversations = (&weak.key[from..][..n], &weak.turns[from..][..n], &weak.length[from..][..n]);
    buffer.take_opened(conversations, (profile, &chronotypes[from..][..n]))
}

/// See [`ExpansionBuffer::take`], which has found that all fit. Returns their quads.
#[kernel]
fn take(buffer: &mut ExpansionBuffer, conversations: &[Conversation]) -> usize {
    let mut quads = 0;
    for (i, &Conversation { key, sides, turns, start, length, .. }) in
        conversations.iter().take(CONVERSATIONS).enumerate()
    {
        (buffer.key[i], buffer.start[i]) = (key, start);
        (buffer.starter[i], buffer.across[i]) = (sides[0], sides[0] ^ sides[1]);
        quads = buffer.add(quads, i as u64 * EACH, key, turns, length);
    }
    quads
}
