//! Blocks of conversations over weak ties, all begun by our users or all by others of one time zone. Both communities make them, alike to the
//! last digit.

use crate::random::Stream;
use crate::simd::kernel;
use crate::traffic::conversation::{Conversation, DayState, TurnIndex};
use crate::traffic::diurnal_profile::DiurnalProfile;
use crate::traffic::plan::lanes::{LANES, Lane, Late, ROOM, find_late, measure, shorten, take_late, write};
use crate::traffic::traffic_tables::{ANSWERS, TrafficTables};

/// Conversations that are written at once, whether somebody has as many or not.
const WIDE: usize = 4;

/// A block of conversations over weak ties.
#[derive(Clone, Debug)]
pub struct WeakTieBlock {
    /// Whether our users start them.
    pub we_start: bool,
    /// Conversations.
    pub len: usize,
    /// Key: id, and start of the stream of the conversation's messages.
    pub key: Lane<u64>,
    /// Local index of our user.
    pub user: Lane<u16>,
    /// Slot of the weak tie.
    pub slot: Lane<u32>,
    /// Messages, 0 of a conversation that does not take place, and beyond the end.
    pub length: Lane<u16>,
    /// Turn-taking: chances of the starter in the low half, of the other in the high half.
    pub turns: Lane<u32>,
    /// Between whom: slot, local index of the user (from bit 32 on), where turn-taking stands in its table (from bit 48 on). One column to
    /// write, and taken apart in vectors.
    between: Lane<u64>,
    /// Conversations that may run past midnight.
    late: Late,
}

impl Default for WeakTieBlock {
    fn default() -> Self {
        WeakTieBlock {
            we_start: false,
            len: 0,
            key: Box::new([0; ROOM]),
            user: Box::new([0; ROOM]),
            slot: Box::new([0; ROOM]),
            length: Box::new([0; ROOM]),
            turns: Box::new([0; ROOM]),
            between: Box::new([0; ROOM]),
            late: [0; ROOM / 64],
        }
    }
}

impl WeakTieBlock {
    /// Adds up to `n` conversations between our user and a slot, who have these states of the day, with the keys of a stream from number `first` on. Returns
    /// how many there was room for.
    #[inline(always)]
    pub fn add(
        &mut self,
        (user, slot): (u32, u32),
        [starter, other]: [DayState; 2],
        keys: Stream,
        (first, n): (usize, usize),
    ) -> usize {
        let between =
            u64::from(slot) | u64::from(user as u16) << 32 | u64::from(TurnIndex::of(starter).index(other)) << 48;
        let n = write::<WIDE>(&mut self.key, self.len, keys, (first, n), |lanes| self.between[lanes].fill(between));
        self.len += n;
        n
    }

    /// Opens the conversations. Those that run past midnight are moved to `late`; if not `timed`, those that may.
    pub fn open(
        &mut self,
        tables: &TrafficTables,
        profile: &DiurnalProfile,
        timed: bool,
        late: &mut Vec<Conversation>,
    ) {
        open(self, tables, profile);
        take_late(
            (&self.late, self.len),
            (&self.key, &self.turns, &mut self.length),
            |i| if self.we_start { [self.user[i].into(), self.slot[i]] } else { [self.slot[i], self.user[i].into()] },
            (tables, profile, timed),
            late,
        );
    }
}

/// See [`WeakTieBlock::open`].
#[kernel]
fn open(weak: &mut WeakTieBlock, tables: &TrafficTables, profile: &DiurnalProfile) {
    let len = weak.len.min(ROOM);
    let n = len.next_multiple_of(LANES).min(ROOM);
    let WeakTieBlock { key, user, slot, length, turns, between, late, .. } = weak;
    let (key, length, turns, between) = (&mut key[..n], &mut length[..n], &mut turns[..n], &between[..n]);
    let (user, slot) = (&mut user[..n], &mut slot[..n]);
    for i in 0..n {
        slot[i] = between[i] as u32;
        user[i] = (between[i] >> 32) as u16;
    }
    measure(key, length, tables, profile);
    length[len..].fill(0);
    for i in 0..n {
        shorten(&mut length[i], ((between[i] >> 48) as u16 / ANSWERS as u16) & 1);
    }
    for i in 0..n {
        turns[i] = tables.turns_at((between[i] >> 48) as u16);
    }
    find_late(late, key, length, profile);
}
