//! Blocks of conversations over strong ties, user by user: most of the traffic, in columns that stay in the L2 cache.
//!
//! What takes arithmetic alone is worked out for many conversations at once; what takes a table is a loop of its own, of a few instructions.

use crate::traffic::plan::lanes::{LANES, Lane, Late, ROOM, find_late, measure, shorten, take_late, write};

use crate::population::{ByLocal, Circles, Contact, Origin, TurnoverDay};
use crate::random::Stream;
use crate::simd::kernel;
use crate::traffic::conversation::{Conversation, ConversationDraw, DayState, TurnIndex};
use crate::traffic::diurnal_profile::DiurnalProfile;
use crate::traffic::traffic_tables::TrafficTables;

/// Conversations that are written at once, whether a user has as many or not.
const WIDE: usize = 16;

/// Lanes that are looked through together for contacts beyond the end of an order.
const GROUP: usize = 16;

/// Conversations of a user that follow one another in a block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Turn {
    /// Local index of the user who starts them.
    pub user: u16,
    /// How many.
    pub n: u16,
}

/// A block of conversations over strong ties.
#[derive(Clone, Debug)]
pub struct StrongTieBlock {
    turns_of: Lane<Turn>,
    users: usize,
    /// Conversations.
    pub len: usize,
    /// Key: id, and start of the stream of the conversation's messages.
    pub key: Lane<u64>,
    /// Local index of the other.
    pub other: Lane<u16>,
    /// Messages, 0 of a conversation that does not take place, and beyond the end.
    pub length: Lane<u16>,
    /// Turn-taking: chances of the starter in the low half, of the other in the high half.
    pub turns: Lane<u32>,
    /// Local index of the one who starts it, and their state of the day.
    pub user: Lane<u16>,
    starter: Lane<DayState>,
    /// The rest of the [`Origin`] of their contacts.
    place: Lane<u16>,
    near: Lane<u16>,
    wider: Lane<u16>,
    /// Which contact.
    contact: Lane<Contact>,
    /// Where that is: its slot in the tables, its place in the order of the wider circles; then where turn-taking with it is.
    there: Lane<u16>,
    /// Numbers of the groups of lanes with contacts beyond the end of an order.
    astray: [u16; ROOM / GROUP],
    /// Conversations that may run past midnight.
    late: Late,
}

impl Default for StrongTieBlock {
    fn default() -> Self {
        StrongTieBlock {
            turns_of: Box::new([Turn::default(); ROOM]),
            users: 0,
            len: 0,
            key: Box::new([0; ROOM]),
            other: Box::new([0; ROOM]),
            length: Box::new([0; ROOM]),
            turns: Box::new([0; ROOM]),
            user: Box::new([0; ROOM]),
            starter: Box::new([DayState::default(); ROOM]),
            place: Box::new([0; ROOM]),
            near: Box::new([0; ROOM]),
            wider: Box::new([0; ROOM]),
            contact: Box::new([Contact::default(); ROOM]),
            there: Box::new([0; ROOM]),
            astray: [0; ROOM / GROUP],
            late: [0; ROOM / 64],
        }
    }
}

impl StrongTieBlock {
    /// Users with their conversations, in the order of the conversations.
    #[inline]
    pub fn users(&self) -> &[Turn] {
        &self.turns_of[..self.users]
    }

    /// Adds conversations of the users from local index `base` on, still to be opened: of each from number `at.0` on as many as `starts` says, whose
    /// keys are those of the stream that `keys` begins; of the first of them those from number `at.1` on. Returns where it stopped for lack of
    /// room, or the end of `starts`.
    pub fn start(
        &mut self,
        (circles, turnover): (&Circles, &TurnoverDay),
        day_states: &ByLocal<DayState>,
        base: usize,
        (starts, keys): (&[u16], &[u64]),
        at: (usize, usize),
    ) -> (usize, usize) {
        start(self, circles, turnover, day_states, base, starts, keys, at.0, at.1)
    }

    /// Adds up to `n` conversations of one user, given by the origin of their contacts and state of the day, with the keys of a stream from number `first` on. Returns how many there was room for.
    #[inline(always)]
    pub fn add(&mut self, (from, starter): (Origin, DayState), stream: Stream, (first, n): (usize, usize)) -> usize {
        let n = write::<WIDE>(&mut self.key, self.len, stream, (first, n), |lanes| {
            self.user[lanes.clone()].fill(from.user);
            self.starter[lanes.clone()].fill(starter);
            self.place[lanes.clone()].fill(from.place);
            self.near[lanes.clone()].fill(from.near);
            self.wider[lanes].fill(from.wider);
        });
        self.turns_of[self.users & (ROOM - 1)] = Turn { user: from.user, n: n as u16 };
        self.users += usize::from(n > 0);
        self.len += n;
        n
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        (self.users, self.len) = (0, 0);
    }

    /// Opens the conversations: whom they go to, how long they are: 0 if they do not take place, for which somebody must be gone or the day
    /// not be a busy one. Those that run past midnight are moved to `late`; if not `timed`, those that may.
    pub fn open(
        &mut self,
        tables: &TrafficTables,
        profile: &DiurnalProfile,
        circles: &Circles,
        (day_states, gone): (&ByLocal<DayState>, bool),
        timed: bool,
        late: &mut Vec<Conversation>,
    ) {
        open(self, tables, profile, circles, day_states, gone);
        take_late(
            (&self.late, self.len),
            (&self.key, &self.turns, &mut self.length),
            |i| [self.user[i].into(), self.other[i].into()],
            (tables, profile, timed),
            late,
        );
    }
}

/// See [`StrongTieBlock::start`].
#[kernel]
fn start(
    block: &mut StrongTieBlock,
    circles: &Circles,
    turnover: &TurnoverDay,
    day_states: &ByLocal<DayState>,
    base: usize,
    starts: &[u16],
    keys: &[u64],
    at: usize,
    number: usize,
) -> (usize, usize) {
    let n = starts.len().min(keys.len()).min(1 << 16);
    let (starts, keys) = (&starts[..n], &keys[..n]);
    let mut first = number;
    for at in at..n {
        let (user, wanted) = (base + at, usize::from(starts[at]) - first);
        let of = (turnover.origin(circles, user as u16), day_states[user & 0xffff]);
        let done = block.add(of, Stream::new(keys[at]), (first, wanted));
        if done < wanted {
            return (at, first + done);
        }
        first = 0;
    }
    (n, 0)
}

/// See [`StrongTieBlock::open`].
#[kernel]
fn open(
    block: &mut StrongTieBlock,
    tables: &TrafficTables,
    profile: &DiurnalProfile,
    circles: &Circles,
    day_states: &ByLocal<DayState>,
    gone: bool,
) {
    let len = block.len.min(ROOM);
    let n = len.next_multiple_of(LANES).min(ROOM);
    let (at, users) = (circles.wider().0, circles.users());
    let StrongTieBlock {
        key,
        other,
        length,
        turns,
        user,
        starter,
        place,
        near,
        wider,
        contact,
        there,
        astray,
        late,
        ..
    } = block;
    let (key, other, length, turns) = (&mut key[..n], &mut other[..n], &mut length[..n], &mut turns[..n]);
    let (user, starter, place, near, wider) = (&user[..n], &starter[..n], &place[..n], &near[..n], &wider[..n]);
    let (contact, there) = (&mut contact[..n], &mut there[..n]);
    measure(key, length, tables, profile);
    length[len..].fill(0);
    for i in 0..n {
        there[i] = ConversationDraw::of(key[i]).contact_slot(starter[i].contact_table());
    }
    for i in 0..n {
        contact[i] = tables.contacts.in_slot(there[i]);
    }
    // At the end of an order a chunk may not be full: few are astray, so that few groups of lanes have any.
    let from = |i: usize| Origin { user: user[i], place: place[i], near: near[i], wider: wider[i] };
    for i in 0..n {
        other[i] = contact[i].near(from(i));
    }
    for i in 0..n {
        there[i] = contact[i].there(from(i));
    }
    let last = users.saturating_sub(1) as u16;
    let mut groups_astray = 0;
    for group in 0..n / GROUP {
        let mut any = 0;
        for i in group * GROUP..(group + 1) * GROUP {
            let wider = 0u16.wrapping_sub(u16::from(contact[i].wider()));
            any |= u16::from((there[i] & wider | other[i] & !wider) > last);
        }
        astray[groups_astray] = group as u16;
        groups_astray += usize::from(any);
    }
    for there in &mut *there {
        *there = at[usize::from(*there)];
    }
    for i in 0..n {
        // Both are looked up, so that there is no branch to guess: most of the order that is asked stays in the cache.
        let wider = 0u16.wrapping_sub(u16::from(contact[i].wider()));
        other[i] = there[i] & wider | other[i] & !wider;
    }
    for &group in &astray[..groups_astray] {
        for i in usize::from(group) * GROUP..(usize::from(group) + 1) * GROUP {
            let at = if contact[i].wider() { contact[i].there(from(i)) } else { contact[i].near(from(i)) };
            if i < len && at > last {
                let somebody = circles.contact(from(i), contact[i]);
                other[i] = somebody.unwrap_or(user[i].into()) as u16;
                length[i] *= u16::from(somebody.is_some());
            }
        }
    }
    for (state, &other) in there.iter_mut().zip(&*other) {
        *state = day_states[usize::from(other)].0;
    }
    for i in 0..n {
        shorten(&mut length[i], (there[i] / DayState::ACTIVE) & 1);
        there[i] = TurnIndex::of(starter[i]).index(DayState(there[i]));
    }
    for i in 0..n {
        turns[i] = tables.turns_at(there[i]);
    }
    if gone {
        for i in 0..n {
            length[i] *= u16::from(!day_states[usize::from(other[i])].has(DayState::GONE));
        }
    }
    find_late(late, key, length, profile);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::mix;
    use crate::traffic::plan::lanes::BLOCK;

    #[test]
    fn starts_are_numbers_of_a_stream() {
        let (circles, turnover) = (Circles::new(8, (1, 2)), TurnoverDay::default());
        let day_states = crate::population::by_local(DayState::default());
        let mut block = StrongTieBlock::default();
        let (starts, keys) = ([0, 2, 1, 20, 2 * BLOCK as u16], [1, 99, 7, 5, 3]);
        assert_eq!(block.start((&circles, &turnover), &day_states, 0, (&starts, &keys), (0, 0)), (4, BLOCK - 23));
        let got: Vec<u64> = block.key[..4].iter().map(|&place| mix(place)).collect();
        let at = |key, i| Stream::new(key).at(i);
        assert_eq!(got, [at(99, 0), at(99, 1), at(7, 0), at(5, 0)]);
        assert_eq!(block.users()[..3], [Turn { user: 1, n: 2 }, Turn { user: 2, n: 1 }, Turn { user: 3, n: 20 }]);
        assert_eq!((block.len, block.users().len(), block.user[BLOCK - 1]), (BLOCK, 4, 4));
        block.clear();
        assert_eq!(
            block.start((&circles, &turnover), &day_states, 0, (&starts, &keys), (4, BLOCK - 23)),
            (4, 2 * BLOCK - 23)
        );
        assert_eq!(mix(block.key[0]), at(3, BLOCK as u64 - 23));
    }
}
