//! Messages to groups, counted by speaker, for a block of conversations at once.

use crate::population::ByLocal;
use crate::random::{Stream, mix};
use crate::simd::{compress_u32, compress_u64, kernel, mask};
use crate::traffic::conversation::ConversationDraw;
use crate::traffic::conversation::DayState;
use crate::traffic::count::kind_counters::KindCounters;
use crate::traffic::diurnal_profile::DiurnalProfile;
use crate::traffic::group_conversation::{GroupConversation, HEAD, PICKS, pick};
use crate::traffic::message::kinds::{KINDS, add_kinds, cuts_of_parts};
use crate::traffic::message::{KIND_WORD, LOW, QUAD, TURN_WORD, first_parts, passing, quad, word};
use crate::traffic::plan::lanes::{BLOCK, LANES, Lane, Late, ROOM, each_late, find_late, write};
use crate::traffic::plan::present::Present;
use crate::traffic::traffic_tables::{SPEAKERS, TrafficTables};

/// What was said in a group, in one or more conversations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GroupMessages {
    /// First of the members' seats.
    pub from: u32,
    /// Members.
    pub members: u32,
    /// End of the group's speakers, which begin where those of the group before end.
    pub speakers: u32,
}

/// Somebody who spoke in a group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Speaker {
    /// Local index.
    pub user: u16,
    /// Messages, at least 1.
    pub n: u16,
    /// Number of the group.
    pub group_messages: u16,
}

/// Columns of what it takes to say who speaks: of the conversations of a block, or of those that go on.
#[derive(Clone, Debug)]
struct SpeakerState {
    key: Lane<u64>,
    /// Weights of those who are asked, added up; nobody who is not active is picked.
    until: [Lane<u32>; SPEAKERS],
    /// Messages, or those that are left.
    left: Lane<u32>,
    /// Number of the one who has spoken last.
    last: Lane<u64>,
    /// Messages of each who is asked, 16 bits for one.
    sent: Lane<u64>,
}

/// Conversations of groups in a block, then what was said in them.
#[derive(Clone, Debug)]
pub struct GroupBlock {
    /// Groups that talked.
    pub groups: Vec<GroupMessages>,
    /// Those who spoke; somebody who spoke in several conversations stands here for each of them.
    pub speakers: Vec<Speaker>,
    /// Messages by kind.
    pub kinds: [u64; KINDS],
    /// Conversations.
    pub len: usize,
    /// The group: number, first seat, members, as one word. One column to write, and taken apart in vectors.
    group: Lane<u64>,
    /// The same: number of the group, its first seat, its members.
    pub number: Lane<u32>,
    from: Lane<u32>,
    members: Lane<u32>,
    /// Those who are asked.
    asked: [Lane<u16>; SPEAKERS],
    /// A seat of each, before it is known who sits there.
    seat: Lane<u32>,
    conversations: SpeakerState,
    ongoing: SpeakerState,
    /// Numbers of the conversations that go on.
    number_of: [Lane<u32>; 2],
    spare: SpeakerState,
    late: Late,
}

impl Default for SpeakerState {
    fn default() -> Self {
        SpeakerState {
            key: Box::new([0; ROOM]),
            until: std::array::from_fn(|_| Box::new([0; ROOM])),
            left: Box::new([0; ROOM]),
            last: Box::new([0; ROOM]),
            sent: Box::new([0; ROOM]),
        }
    }
}

impl Default for GroupBlock {
    fn default() -> Self {
        GroupBlock {
            groups: vec![GroupMessages::default(); ROOM],
            speakers: vec![Speaker::default(); SPEAKERS * (ROOM + 1)],
            kinds: [0; KINDS],
            len: 0,
            group: Box::new([0; ROOM]),
            number: Box::new([0; ROOM]),
            from: Box::new([0; ROOM]),
            members: Box::new([0; ROOM]),
            asked: std::array::from_fn(|_| Box::new([0; ROOM])),
            seat: Box::new([0; ROOM]),
            conversations: SpeakerState::default(),
            ongoing: SpeakerState::default(),
            number_of: [Box::new([0; ROOM]), Box::new([0; ROOM])],
            spare: SpeakerState::default(),
            late: [0; ROOM / 64],
        }
    }
}

/// Conversations are moved in multiples of this.
const WORD: usize = 64;
/// Conversations that are written at once, whether a group has as many or not.
const WIDE: usize = 4;

impl GroupBlock {
    /// Adds up to `n` conversations of a group, given by number, first seat and members, with the keys of a stream from number `first` on.
    /// Returns how many there was room for.
    #[inline(always)]
    pub fn add(&mut self, (number, from, members): (u32, u32, u32), keys: Stream, (first, n): (usize, usize)) -> usize {
        let group = u64::from(number) | u64::from(from) << NUMBER | u64::from(members) << (2 * NUMBER);
        let n = write::<WIDE>(&mut self.conversations.key, self.len, keys, (first, n), |lanes| {
            self.group[lanes].fill(group)
        });
        self.len += n;
        n
    }

    /// Says whose conversations these are: before the conversations are looked at.
    pub fn identify(&mut self) {
        identify(self);
    }

    /// Where the members of the group of a conversation sit.
    pub fn seats(&self, conversation: usize) -> std::ops::Range<usize> {
        let from = self.from[conversation] as usize;
        from..from + self.members[conversation] as usize
    }

    /// Opens the conversations. `voices` are the weights of users in a conversation, 0 of who is not active; and their states of the day, if somebody may have
    /// left.
    pub fn open(
        &mut self,
        tables: &TrafficTables,
        profile: &DiurnalProfile,
        (voices, left): (&ByLocal<u16>, Option<&ByLocal<DayState>>),
        seats: &[u16],
    ) {
        if !seats.is_empty() {
            open(self, tables, profile, voices, left, seats);
        }
    }

    /// An opened conversation; of length 0 if it does not take place.
    #[inline(always)]
    pub fn conversation(&self, i: usize) -> GroupConversation {
        let (key, length) = (self.conversations.key[i], self.conversations.left[i]);
        let (speakers, until) =
            (self.asked.each_ref().map(|a| a[i]), self.conversations.until.each_ref().map(|u| u[i]));
        GroupConversation { key, length, when: ConversationDraw::of(key).when, speakers, until }
    }

    /// Counts opened conversations. Those that run past midnight are left to `late`, as number and conversation. `present` are the seats of groups if somebody
    /// has left.
    pub fn count(
        &mut self,
        tables: &TrafficTables,
        profile: &DiurnalProfile,
        present: Option<&Present>,
        late: &mut Vec<(usize, GroupConversation)>,
    ) {
        let bits = self.late;
        each_late(&bits, self.len, |i| {
            let conversation = self.conversation(i);
            if conversation.ends_late(tables, profile.begins(conversation.when)) {
                self.conversations.left[i] = 0;
                late.push((i, conversation));
            }
        });
        if let Some(present) = present {
            for (left, &number) in self.conversations.left[..self.len].iter_mut().zip(self.number.iter()) {
                // A message needs a recipient besides the one who speaks, who is a member too.
                *left = if present.groups[number as usize].1 < 2 { 0 } else { *left };
            }
        }
        speak(self, tables);
        self.sum_up(present);
    }

    /// Lists groups and speakers.
    fn sum_up(&mut self, present: Option<&Present>) {
        self.groups.resize(ROOM, GroupMessages::default());
        self.speakers.resize(SPEAKERS * (ROOM + 1), Speaker::default());
        let (mut groups, mut kept, mut last) = (0, 0, u32::MAX);
        for i in 0..self.len.min(BLOCK) {
            let takes_place = self.conversations.left[i] > 0;
            let here = (self.from[i], self.members[i]);
            let (from, members) = present.map_or(here, |present| present.groups[self.number[i] as usize]);
            groups += usize::from(takes_place & (from != last));
            let group_messages = groups.wrapping_sub(1);
            // All are written, those who spoke are kept.
            for (k, asked) in self.asked.iter().enumerate() {
                let n = (self.conversations.sent[i] >> (16 * k)) as u16;
                self.speakers[kept] = Speaker { user: asked[i], n, group_messages: group_messages as u16 };
                kept += usize::from(n > 0);
            }
            // What does not take place is written where the next group comes to stand.
            let at = if takes_place { group_messages } else { groups };
            self.groups[at] = GroupMessages { from, members, speakers: kept as u32 };
            last = if takes_place { from } else { last };
        }
        self.groups.truncate(groups);
        self.speakers.truncate(kept);
    }
}

/// Bits of a group's number, and of a seat's: there are at most 2^8 orders of 2^16 users.
const NUMBER: u32 = 24;

/// See [`GroupBlock::identify`].
#[kernel]
fn identify(group_block: &mut GroupBlock) {
    const MASK: u64 = (1 << NUMBER) - 1;
    let n = group_block.len.next_multiple_of(LANES).min(ROOM);
    let (group, number, from) = (&group_block.group[..n], &mut group_block.number[..n], &mut group_block.from[..n]);
    let members = &mut group_block.members[..n];
    for i in 0..n {
        number[i] = (group[i] & MASK) as u32;
        from[i] = (group[i] >> NUMBER & MASK) as u32;
        members[i] = (group[i] >> (2 * NUMBER)) as u32;
    }
}

/// Opens the conversations: who is asked, how long they are, 0 of those that do not take place, and which may run past midnight.
#[kernel]
fn open(
    group_block: &mut GroupBlock,
    tables: &TrafficTables,
    profile: &DiurnalProfile,
    voices: &ByLocal<u16>,
    left: Option<&ByLocal<DayState>>,
    seats: &[u16],
) {
    let len = group_block.len.min(ROOM);
    let n = len.next_multiple_of(LANES).min(ROOM);
    let GroupBlock { from, members, asked, seat, conversations, late, .. } = group_block;
    let (from, members, seat) = (&from[..n], &members[..n], &mut seat[..n]);
    let (key, length, first) =
        (&mut conversations.key[..n], &mut conversations.left[..n], &mut conversations.last[..n]);
    for i in 0..n {
        key[i] = mix(key[i]);
        first[i] = Stream::new(key[i]).at(HEAD);
    }
    for i in 0..n {
        length[i] = ConversationDraw::of(key[i]).length(tables).into();
    }
    if profile.keep <= 0xffff {
        for i in 0..n {
            length[i] &= 0u32.wrapping_sub(u32::from(ConversationDraw::of(key[i]).keeps(profile)));
        }
    }
    // Distinct candidates: a run of the group, which is in random order, from a random place.
    let last_seat = seats.len() - 1;
    for k in 0..SPEAKERS {
        let asked = &mut asked[k][..n];
        for i in 0..n {
            let at = ((first[i] >> 32) * u64::from(members[i])) >> 32;
            let at = at as u32 + k as u32;
            let at = if at >= members[i] { at.wrapping_sub(members[i]) } else { at };
            seat[i] = from[i].wrapping_add(at);
        }
        for i in 0..n {
            asked[i] = seats[(seat[i] as usize).min(last_seat)];
        }
        let (before, until) = conversations.until.split_at_mut(k);
        let until = &mut until[0][..n];
        for i in 0..n {
            until[i] = u32::from(voices[usize::from(asked[i])]);
        }
        for i in 0..n {
            until[i] = if (k as u32) < members[i] { until[i] } else { 0 };
        }
        if let Some(before) = before.last() {
            for (until, before) in until.iter_mut().zip(before.iter()) {
                *until += before;
            }
        }
    }
    let weight = &conversations.until[SPEAKERS - 1][..n];
    for i in 0..n {
        length[i] = if weight[i] > 0 { length[i] } else { 0 };
    }
    if let Some(day_states) = left {
        // A conversation goes with the one who is asked first: a group converses less in proportion to whom it lost.
        for (length, &first) in length.iter_mut().zip(&asked[0][..n]) {
            *length = if day_states[usize::from(first)].has(DayState::GONE) { 0 } else { *length };
        }
    }
    length[len..].fill(0);
    find_late(late, key, length, profile);
}

/// Counts what each says, and the kinds.
#[kernel]
fn speak(group_block: &mut GroupBlock, tables: &TrafficTables) {
    let n = group_block.len.next_multiple_of(LANES).min(ROOM);
    let cuts = cuts_of_parts(tables);
    let mut below = KindCounters::default();
    let GroupBlock { conversations, ongoing, spare, number_of, .. } = group_block;
    let all = conversations.left[..n].iter().sum::<u32>();
    let [a, b, c, w] = conversations.until.each_ref().map(|u| &u[..n]);
    let (last, sent) = (&mut conversations.last[..n], &mut conversations.sent[..n]);
    for i in 0..n {
        last[i] = pick([a[i], b[i], c[i], w[i]].map(u64::from), last[i]);
        sent[i] = 0;
    }
    round::<true>(tables.group_pass, conversations, 0, n, &cuts, below.room(n));
    // Those that go on are moved together, round by round.
    let [numbers, other_numbers] = number_of;
    for (i, number) in (0..).zip(numbers.iter_mut()) {
        *number = i;
    }
    let mut keep = keeps(&conversations.left[..n], QUAD as u32);
    let mut kept = conversations.move_to(ongoing, &keep, n);
    compress_u32(&numbers[..n], &keep[..n / WORD], &mut other_numbers[..n]);
    std::mem::swap(numbers, other_numbers);
    let mut number = 1;
    while kept > 0 {
        let n = kept.next_multiple_of(WORD).min(ROOM);
        ongoing.left[kept..n].fill(0);
        for left in &mut ongoing.left[..n] {
            *left = left.saturating_sub(QUAD as u32);
        }
        ongoing.sent[..n].fill(0);
        let lanes = kept.next_multiple_of(16).min(ROOM);
        round::<false>(tables.group_pass, ongoing, number, lanes, &cuts, below.room(lanes));
        for (&i, &sent) in numbers.iter().zip(ongoing.sent.iter()).take(kept) {
            conversations.sent[i as usize & (ROOM - 1)] += sent;
        }
        keep = keeps(&ongoing.left[..n], QUAD as u32);
        kept = ongoing.move_to(spare, &keep, n);
        std::mem::swap(ongoing, spare);
        compress_u32(&numbers[..n], &keep[..n / WORD], &mut other_numbers[..n]);
        std::mem::swap(numbers, other_numbers);
        number += 1;
    }
    group_block.kinds = below.kinds(all.into());
}

impl SpeakerState {
    /// Moves those of the first `n` conversations whose bits are set to the beginning of `to`, without what they said. Returns how many.
    #[inline(always)]
    fn move_to(&self, to: &mut SpeakerState, keep: &[u64; ROOM / WORD], n: usize) -> usize {
        let keep = &keep[..n / WORD];
        compress_u64(&self.key[..n], keep, &mut to.key[..n]);
        compress_u64(&self.last[..n], keep, &mut to.last[..n]);
        for (from, to) in self.until.iter().zip(&mut to.until) {
            compress_u32(&from[..n], keep, &mut to[..n]);
        }
        compress_u32(&self.left[..n], keep, &mut to.left[..n])
    }
}

/// Which conversations have more messages than these.
#[inline(always)]
fn keeps(left: &[u32], than: u32) -> [u64; ROOM / WORD] {
    let mut keep = [0; ROOM / WORD];
    for (keep, left) in keep.iter_mut().zip(left.as_chunks::<WORD>().0) {
        *keep = mask(|k| left[k] > than);
    }
    keep
}

/// A quad of each of the first `n` conversations.
#[inline(always)]
fn round<const FIRST: bool>(
    group_pass: u16,
    voices: &mut SpeakerState,
    number: u64,
    n: usize,
    cuts: &[u64; 4],
    below: &mut [u64; 4],
) {
    let n = n.min(ROOM);
    let [a, b, c, w] = voices.until.each_ref().map(|u| &u[..n]);
    let (key, left) = (&voices.key[..n], &voices.left[..n]);
    let (last, sent) = (&mut voices.last[..n], &mut voices.sent[..n]);
    for i in 0..n {
        let place = quad(key[i], number);
        let turns = passing(group_pass.into(), word(place, TURN_WORD) & LOW);
        let picks = Stream::new(key[i]).at(PICKS + number);
        let weights = [a[i], b[i], c[i], w[i]].map(u64::from);
        let (mut speaker, mut sum) = (last[i], sent[i]);
        for message in 0..QUAD as u64 {
            if !(FIRST && message == 0) {
                let next = pick(weights, picks >> (16 * message));
                let passes = turns >> (16 * message) & 1 == 1;
                speaker = if passes { next } else { speaker };
            }
            sum += u64::from(message < u64::from(left[i])) << (16 * (speaker & (SPEAKERS as u64 - 1)));
        }
        (last[i], sent[i]) = (speaker, sum);
        add_kinds(below, cuts, word(place, KIND_WORD), first_parts(u64::from(left[i])));
    }
}
