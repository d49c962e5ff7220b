//! How much each user does today, worked out for all of them at once.

use super::part::PART;
use crate::population::ByLocal;
use crate::random::{Stream, mix};
use crate::simd::{each_bit, kernel, mask};
use crate::traffic::conversation::DayState;
use crate::traffic::traffic_tables::{RARE_BITS, START_BITS, START_SLOTS, TrafficTables};
use crate::traffic::uploads::UPLOADS;

/// What the users of a community do on a day, by local index; nothing for those who are not active.
#[derive(Clone, Debug, Default)]
pub struct DailyCounts {
    /// Conversations over strong ties that they start.
    pub starts: Vec<u16>,
    /// Check-ins, at least one of who is active.
    pub checkins: Vec<u16>,
    /// Those who call, who upload their address book, to whom something rare happens.
    pub busy: [Vec<u16>; 3],
    /// Streams of numbers, and of everything else.
    streams: [Stream; 2],
    /// Words of these and of check-ins, of some users.
    words: [Vec<u64>; 3],
    /// Bits of what is in `busy`.
    flags: Vec<u8>,
}

/// What rare things happen to a user, from the stream of the rest of their day.
#[derive(Clone, Copy, Debug)]
pub struct OtherCounts {
    /// Whether there is a registration, a profile update, a group join.
    pub rare: [bool; 3],
    /// The stream of the rest.
    pub stream: Stream,
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

impl DailyCounts {
    /// Works out a day from the streams of numbers and of the rest.
    pub fn make(
        &mut self,
        tables: &TrafficTables,
        day_states: &ByLocal<DayState>,
        users: usize,
        counts: Stream,
        rest: Stream,
    ) {
        for words in &mut self.words {
            words.resize(PART, 0);
        }
        for column in [&mut self.starts, &mut self.checkins] {
            column.resize(users, 0);
        }
        self.flags.resize(users, 0);
        self.streams = [counts, rest];
        for from in (0..users).step_by(PART) {
            let n = PART.min(users - from);
            counts.fill(from as u64, 1, &mut self.words[0][..n]);
            rest.fill(from as u64, 1, &mut self.words[1][..n]);
            make(self, tables, day_states, from, n);
        }
        list(&self.flags, &mut self.busy);
    }

    /// Starts of the streams of the rest of the day of `n` users, from local index `from` on.
    pub fn rests(&self, from: usize, n: usize, rests: &mut Vec<u64>) {
        rests.resize(n, 0);
        self.streams[1].fill(from as u64, 1, rests);
    }

    /// The word of a user's number of calls, and the stream of the rest of their day.
    #[inline]
    pub fn calls(&self, user: u16) -> (u32, Stream) {
        let [counts, rest] = self.streams.map(|stream| stream.at(user.into()));
        (counts as u32, Stream::new(rest))
    }

    /// The stream of a user's uploads.
    #[inline]
    pub fn uploads(&self, user: u16) -> Stream {
        Stream::new(self.streams[1].at(user.into()) ^ UPLOADS)
    }

    /// The words of the number of uploads of some users: the first of their [`DailyCounts::uploads`].
    pub fn upload_words(&self, users: &[u16], words: &mut Vec<u64>) {
        words.resize(users.len(), 0);
        upload_words(self.streams[1], users, words);
    }

    /// What rare things happen to a user.
    pub fn other_counts(&self, tables: &TrafficTables, user: u16) -> OtherCounts {
        let stream = Stream::new(self.streams[1].at(user.into()));
        OtherCounts { rare: rare(stream.at(RARE), &tables.rare), stream }
    }
}

/// In [`DailyCounts::busy`]: who calls.
pub const CALLS: usize = 0;
/// Who uploads their address book.
pub const SYNCS: usize = 1;
/// To whom something rare happens.
pub const RARELY: usize = 2;

/// See [`DailyCounts::make`], for `n` users from local index `from` on.
#[kernel]
fn make(daily_counts: &mut DailyCounts, tables: &TrafficTables, day_states: &ByLocal<DayState>, from: usize, n: usize) {
    let DailyCounts { starts, checkins, words: [counts, rest, checkin], flags, .. } = daily_counts;
    let (counts, rest, checkin) = (&counts[..n], &rest[..n], &mut checkin[..n]);
    let (flags, day_states) = (&mut flags[from..][..n], &day_states[from..][..n]);
    let (no_call, no_upload) = (tables.calls.none(), tables.syncs.none());
    for i in 0..n {
        let stream = Stream::new(rest[i]);
        checkin[i] = mix(stream.place(CHECKINS));
        let happens = rare(mix(stream.place(RARE)), &tables.rare);
        let uploads = mix(Stream::new(rest[i] ^ UPLOADS).place(0)) & 0xffff_ffff >= no_upload;
        let calls = counts[i] & 0xffff_ffff >= no_call;
        let all = u8::from(calls) << CALLS
            | u8::from(uploads) << SYNCS
            | u8::from(happens[0] | happens[1] | happens[2]) << RARELY;
        flags[i] = all & 0u8.wrapping_sub(u8::from(day_states[i].has(DayState::ACTIVE)));
    }
    let (starts, checkins) = (&mut starts[from..][..n], &mut checkins[from..][..n]);
    for i in 0..n {
        let slot = (counts[i] >> (64 - START_BITS)) as usize & (START_SLOTS - 1);
        starts[i] = tables.starts[day_states[i].level()][slot];
    }
    for i in 0..n {
        checkins[i] = tables.checkins[(checkin[i] >> 52) as usize] + 1;
    }
    for i in 0..n {
        let active = 0u16.wrapping_sub(u16::from(day_states[i].has(DayState::ACTIVE)));
        starts[i] &= active;
        checkins[i] &= active;
    }
}

/// See [`DailyCounts::upload_words`].
#[kernel]
fn upload_words(rest: Stream, users: &[u16], words: &mut [u64]) {
    for (word, &user) in words.iter_mut().zip(users) {
        *word = Stream::new(rest.at(user.into()) ^ UPLOADS).at(0);
    }
}

/// Lists who is busy with what.
#[kernel]
fn list(flags: &[u8], busy: &mut [Vec<u16>; 3]) {
    let (words, rest) = flags.as_chunks::<64>();
    for (what, busy) in busy.iter_mut().enumerate() {
        busy.clear();
        for (word, flags) in (0..).zip(words) {
            each_bit(mask(|i| flags[i] >> what & 1 == 1), |bit| busy.push(64 * word + bit as u16));
        }
        let first = (flags.len() - rest.len()) as u16;
        busy.extend((first..).zip(rest).filter(|(_, flags)| **flags >> what & 1 == 1).map(|(i, _)| i));
    }
}
