//! What each user does today, worked out for all of them at once.

use super::cards::UPLOADS;
use crate::rng::{Stream, mix};
use crate::traffic::model::{Model, RARE_BITS, START_BITS, START_SLOTS};
use crate::traffic::talk::Card;
use crate::vector::kernels;
use crate::world::ByLocal;

/// What the users of a community do on a day, by local index; nothing for those who are not active.
#[derive(Clone, Debug, Default)]
pub struct Plans {
    /// Conversations over strong ties that they start.
    pub starts: Vec<u16>,
    /// Check-ins, at least one of who is active.
    pub checkins: Vec<u16>,
    /// Those who do anything else: calls, uploads, or something rare.
    pub busy: Vec<u16>,
    /// Words of numbers, of everything else, and what follows from it.
    words: [Vec<u64>; 4],
}

/// What a user does besides conversations and check-ins, from the stream of the rest of their day.
#[derive(Clone, Copy, Debug)]
pub struct Rest {
    /// Word of the number of calls.
    pub calls: u32,
    /// Whether there is a registration, a profile update, a group join.
    pub rare: [bool; 3],
    /// The stream of the rest.
    pub stream: Stream,
    /// The stream of uploads.
    pub uploads: Stream,
}

/// Numbers in the stream of the rest of a day: check-ins; rare things.
const CHECKINS: u64 = 0;
const RARE: u64 = 1;
/// The first that say when something happens.
pub const WHEN: u64 = 2;

/// Whether each of the rare things happens, for a word.
#[inline(always)]
fn rare(word: u64, limits: &[u32; 3]) -> [bool; 3] {
    const LOW: u64 = (1 << RARE_BITS) - 1;
    [0, 1, 2].map(|i| (word >> (RARE_BITS * i as u32) & LOW) < u64::from(limits[i]))
}

impl Plans {
    /// Plans a day from the streams of numbers and of the rest.
    pub fn make(&mut self, model: &Model, cards: &ByLocal<Card>, users: usize, counts: Stream, rest: Stream) {
        for words in &mut self.words {
            words.resize(users, 0);
        }
        for column in [&mut self.starts, &mut self.checkins, &mut self.busy] {
            column.resize(users, 0);
        }
        counts.fill(0, 1, &mut self.words[0]);
        rest.fill(0, 1, &mut self.words[1]);
        let busy = make(self, model, cards);
        self.busy.truncate(busy);
    }

    /// Words of all users at which the streams of the rest start.
    pub fn rests(&self) -> &[u64] {
        &self.words[1]
    }

    /// What a busy user does besides.
    pub fn rest(&self, model: &Model, user: u16) -> Rest {
        let (counts, rest) = (self.words[0][usize::from(user)], self.words[1][usize::from(user)]);
        let stream = Stream::new(rest);
        let rare = rare(stream.at(RARE), &model.rare);
        Rest { calls: counts as u32, rare, stream, uploads: Stream::new(rest ^ UPLOADS) }
    }
}

kernels! {
    /// See [`Plans::make`]. Returns how many are busy.
    fn make(plans: &mut Plans, model: &Model, cards: &ByLocal<Card>) -> usize {
        let Plans { starts, checkins, busy, words: [counts, rest, checkin, flags] } = plans;
        let n = counts.len();
        let (counts, rest, checkin, flags) = (&counts[..n], &rest[..n], &mut checkin[..n], &mut flags[..n]);
        let (no_call, no_upload) = (u64::from(model.calls.none()), u64::from(model.syncs.none()));
        for i in 0..n {
            let stream = Stream::new(rest[i]);
            checkin[i] = mix(stream.place(CHECKINS));
            let happens = rare(mix(stream.place(RARE)), &model.rare);
            let uploads = mix(Stream::new(rest[i] ^ UPLOADS).place(0)) & 0xffff_ffff >= no_upload;
            let calls = counts[i] & 0xffff_ffff >= no_call;
            flags[i] = u64::from(happens[0] | happens[1] | happens[2] | uploads | calls);
        }
        let (starts, checkins, busy) = (&mut starts[..n], &mut checkins[..n], &mut busy[..n]);
        let mut found = 0;
        for i in 0..n {
            let card = cards[i & 0xffff];
            let active = u16::from(card.has(Card::ACTIVE));
            let slot = (counts[i] >> (64 - START_BITS)) as usize & (START_SLOTS - 1);
            starts[i] = model.starts[card.level()][slot] * active;
            checkins[i] = (model.checkins[(checkin[i] >> 52) as usize] + 1) * active;
            busy[found] = i as u16;
            found += usize::from(active) & flags[i] as usize;
        }
        found
    }
}
