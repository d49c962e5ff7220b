//! GroupBlock: what is said in groups, counted by speaker, for a block of conversations at once.

use crate::population::ByLocal;
use crate::random::{Stream, mix};
use crate::simd::{compress_u32, compress_u64, kernels, mask};
use crate::traffic::conversation::ConversationDraw;
use crate::traffic::count::kind_counters::{KINDS, KindCounters, add_kinds};
use crate::traffic::diurnal_profile::DiurnalProfile;
use crate::traffic::group_conversation::{GroupConversation, HEAD, PICKS, pick};
use crate::traffic::message::{EACH, first_parts};
use crate::traffic::message::{LOW, QUAD, quad};
use crate::traffic::plan::lanes::{BLOCK, LANES, Lane, Late, ROOM, each_late, find_late, write};
use crate::traffic::traffic_tables::{SPEAKERS, TrafficTables};

/// What was said in a group, in one or more talks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GroupMessages {
    /// First of the members' seats.
    pub from: u32,
    /// Members.
    pub members: u32,
    /// End of the group's speakers, which begin where those of the chat before end.
    pub speakers: u32,
}

/// Somebody who spoke in a group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Speaker {
    /// Local index.
    pub user: u16,
    /// Messages, at least 1.
    pub n: u16,
    /// Number of the chat.
    pub chat: u16,
}

/// Columns of what it takes to say who speaks: of the talks of a block, or of those that go on.
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
    said: Lane<u64>,
}

/// Talks of groups in a block, then what was said in them.
#[derive(Clone, Debug)]
pub struct GroupBlock {
    /// Groups that talked.
    pub groups: Vec<GroupMessages>,
    /// Those who spoke; somebody who spoke in several talks stands here for each of them.
    pub speakers: Vec<Speaker>,
    /// Messages by kind.
    pub kinds: [u64; KINDS],
    /// Talks.
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
    talks: SpeakerState,
    rest: SpeakerState,
    /// Numbers of the talks that go on.
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
            said: Box::new([0; ROOM]),
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
            talks: SpeakerState::default(),
            rest: SpeakerState::default(),
            number_of: [Box::new([0; ROOM]), Box::new([0; ROOM])],
            spare: SpeakerState::default(),
            late: [0; ROOM / 64],
        }
    }
}

/// Talks are moved in multiples of this.
const WORD: usize = 64;
/// Talks that are written at once, whether a group has as many or not.
const WIDE: usize = 4;

impl GroupBlock {
    /// Adds up to `n` talks of a group, given by number, first seat and members, with the keys of a stream from number `first` on.
    /// Returns how many there was room for.
    #[inline(always)]
    pub fn add(&mut self, (number, from, members): (u32, u32, u32), keys: Stream, (first, n): (usize, usize)) -> usize {
        let group = u64::from(number) | u64::from(from) << NUMBER | u64::from(members) << (2 * NUMBER);
        let n = write::<WIDE>(&mut self.talks.key, self.len, keys, (first, n), |lanes| self.group[lanes].fill(group));
        self.len += n;
        n
    }

    /// Says which groups talk: before the talks are looked at.
    pub fn identify(&mut self) {
        identify(self);
    }

    /// Key of a talk, before the talks are opened.
    pub fn key(&self, talk: usize) -> u64 {
        mix(self.talks.key[talk])
    }

    /// Where the members of the group of a talk sit.
    pub fn seats(&self, talk: usize) -> std::ops::Range<usize> {
        let from = self.from[talk] as usize;
        from..from + self.members[talk] as usize
    }

    /// Opens the talks. `voices` are the weights of users in a talk, 0 of who is not active; nobody may have left.
    pub fn open(&mut self, model: &TrafficTables, clock: &DiurnalProfile, voices: &ByLocal<u16>, seats: &[u16]) {
        if !seats.is_empty() {
            open(self, model, clock, voices, seats);
        }
    }

    /// An opened talk; of length 0 if it does not take place.
    #[inline(always)]
    pub fn talk(&self, i: usize) -> GroupConversation {
        let (key, length) = (self.talks.key[i], self.talks.left[i]);
        let (speakers, until) = (self.asked.each_ref().map(|a| a[i]), self.talks.until.each_ref().map(|u| u[i]));
        GroupConversation { key, length, when: ConversationDraw::of(key).when, speakers, until }
    }

    /// Counts opened talks. Those that run past midnight are left to `late`, as number and talk.
    pub fn count(&mut self, model: &TrafficTables, clock: &DiurnalProfile, late: &mut Vec<(usize, GroupConversation)>) {
        let bits = self.late;
        each_late(&bits, self.len, |i| {
            let talk = self.talk(i);
            if talk.ends_late(model, clock.begins(talk.when)) {
                self.talks.left[i] = 0;
                late.push((i, talk));
            }
        });
        speak(self, model);
        self.sum_up();
    }

    /// Lists groups and speakers.
    fn sum_up(&mut self) {
        self.groups.resize(ROOM, GroupMessages::default());
        self.speakers.resize(SPEAKERS * (ROOM + 1), Speaker::default());
        let (mut groups, mut kept, mut last) = (0, 0, u32::MAX);
        for i in 0..self.len.min(BLOCK) {
            let (from, takes_place) = (self.from[i], self.talks.left[i] > 0);
            groups += usize::from(takes_place & (from != last));
            let chat = groups.wrapping_sub(1);
            // All are written, those who spoke are kept.
            for (k, asked) in self.asked.iter().enumerate() {
                let n = (self.talks.said[i] >> (16 * k)) as u16;
                self.speakers[kept] = Speaker { user: asked[i], n, chat: chat as u16 };
                kept += usize::from(n > 0);
            }
            // What does not take place is written where the next group comes to stand.
            let at = if takes_place { chat } else { groups };
            self.groups[at] = GroupMessages { from, members: self.members[i], speakers: kept as u32 };
            last = if takes_place { from } else { last };
        }
        self.groups.truncate(groups);
        self.speakers.truncate(kept);
    }
}

/// Bits of a group's number, and of a seat's: there are at most 2^8 orders of 2^16 users.
const NUMBER: u32 = 24;

kernels! {
    /// See [`GroupBlock::identify`].
    fn identify(chats: &mut GroupBlock) {
        const MASK: u64 = (1 << NUMBER) - 1;
        let n = chats.len.next_multiple_of(LANES).min(ROOM);
        let (group, number, from) = (&chats.group[..n], &mut chats.number[..n], &mut chats.from[..n]);
        let members = &mut chats.members[..n];
        for i in 0..n {
            number[i] = (group[i] & MASK) as u32;
            from[i] = (group[i] >> NUMBER & MASK) as u32;
            members[i] = (group[i] >> (2 * NUMBER)) as u32;
        }
    }

    /// Opens the talks: who is asked, how long they are, 0 of those that do not take place, and which may run past midnight.
    fn open(chats: &mut GroupBlock, model: &TrafficTables, clock: &DiurnalProfile, voices: &ByLocal<u16>, seats: &[u16]) {
        let len = chats.len.min(ROOM);
        let n = len.next_multiple_of(LANES).min(ROOM);
        let GroupBlock { from, members, asked, seat, talks, late, .. } = chats;
        let (from, members, seat) = (&from[..n], &members[..n], &mut seat[..n]);
        let (key, length, first) = (&mut talks.key[..n], &mut talks.left[..n], &mut talks.last[..n]);
        for i in 0..n {
            key[i] = mix(key[i]);
            first[i] = Stream::new(key[i]).at(HEAD);
        }
        for i in 0..n {
            length[i] = ConversationDraw::of(key[i]).length(model).into();
        }
        if clock.keep <= 0xffff {
            for i in 0..n {
                length[i] &= 0u32.wrapping_sub(u32::from(ConversationDraw::of(key[i]).keeps(clock)));
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
            let (before, until) = talks.until.split_at_mut(k);
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
        let weight = &talks.until[SPEAKERS - 1][..n];
        for i in 0..n {
            length[i] = if weight[i] > 0 { length[i] } else { 0 };
        }
        length[len..].fill(0);
        find_late(late, key, length, clock);
    }

    /// Counts what each says, and the kinds.
    fn speak(chats: &mut GroupBlock, model: &TrafficTables) {
        let n = chats.len.next_multiple_of(LANES).min(ROOM);
        let cuts = model.media_cuts.map(|cut| u64::from(cut) * EACH);
        let mut below = KindCounters::default();
        let GroupBlock { talks, rest, spare, number_of, .. } = chats;
        let all = talks.left[..n].iter().sum::<u32>();
        let [a, b, c, w] = talks.until.each_ref().map(|u| &u[..n]);
        let (last, said) = (&mut talks.last[..n], &mut talks.said[..n]);
        for i in 0..n {
            last[i] = pick([a[i], b[i], c[i], w[i]].map(u64::from), last[i]);
            said[i] = 0;
        }
        round::<true>(model.group_pass, talks, 0, n, &cuts, below.room(n));
        // Those that go on are moved together, round by round.
        let [numbers, other_numbers] = number_of;
        for (i, number) in (0..).zip(numbers.iter_mut()) {
            *number = i;
        }
        let mut keep = keeps(&talks.left[..n], QUAD as u32);
        let mut kept = talks.move_to(rest, &keep, n);
        compress_u32(&numbers[..n], &keep[..n / WORD], &mut other_numbers[..n]);
        std::mem::swap(numbers, other_numbers);
        let mut number = 1;
        while kept > 0 {
            let n = kept.next_multiple_of(WORD).min(ROOM);
            rest.left[kept..n].fill(0);
            for left in &mut rest.left[..n] {
                *left = left.saturating_sub(QUAD as u32);
            }
            rest.said[..n].fill(0);
            let lanes = kept.next_multiple_of(16).min(ROOM);
            round::<false>(model.group_pass, rest, number, lanes, &cuts, below.room(lanes));
            for (&i, &said) in numbers.iter().zip(rest.said.iter()).take(kept) {
                talks.said[i as usize & (ROOM - 1)] += said;
            }
            keep = keeps(&rest.left[..n], QUAD as u32);
            kept = rest.move_to(spare, &keep, n);
            std::mem::swap(rest, spare);
            compress_u32(&numbers[..n], &keep[..n / WORD], &mut other_numbers[..n]);
            std::mem::swap(numbers, other_numbers);
            number += 1;
        }
        chats.kinds = below.kinds(all.into());
    }
}

impl SpeakerState {
    /// Moves those of the first `n` talks whose bits are set to the beginning of `to`, without what they said. Returns how many.
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

/// Which talks have more messages than these.
#[inline(always)]
fn keeps(left: &[u32], than: u32) -> [u64; ROOM / WORD] {
    let mut keep = [0; ROOM / WORD];
    for (keep, left) in keep.iter_mut().zip(left.as_chunks::<WORD>().0) {
        *keep = mask(|k| left[k] > than);
    }
    keep
}

/// A quad of each of the first `n` talks.
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
    let (last, said) = (&mut voices.last[..n], &mut voices.said[..n]);
    for i in 0..n {
        let place = quad(key[i], number);
        let turns = u64::from(group_pass) * EACH - (mix(place) & LOW);
        let picks = Stream::new(key[i]).at(PICKS + number);
        let weights = [a[i], b[i], c[i], w[i]].map(u64::from);
        let (mut speaker, mut sum) = (last[i], said[i]);
        for message in 0..QUAD as u64 {
            if !(FIRST && message == 0) {
                let next = pick(weights, picks >> (16 * message));
                let passes = turns >> (16 * message + 15) & 1 == 1;
                speaker = if passes { next } else { speaker };
            }
            sum += u64::from(message < u64::from(left[i])) << (16 * (speaker & (SPEAKERS as u64 - 1)));
        }
        (last[i], said[i]) = (speaker, sum);
        add_kinds(below, cuts, mix(place.wrapping_add(Stream::STEP)), first_parts(u64::from(left[i])));
    }
}
