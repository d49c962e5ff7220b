//! Conversations of groups.

use super::Traffic;
use crate::population::{Community, Group, NOBODY};
use crate::random::{Domain, Stream, mix};
use crate::scenario::Kind;
use crate::simd::kernel;
use crate::traffic::batch::Event;
use crate::traffic::conversation::DayState;
use crate::traffic::diurnal_profile::DiurnalProfile;
use crate::traffic::expand::audience::write_seats;
use crate::traffic::group_conversation::GroupConversation;
use crate::traffic::message::{QUAD, quad};
use crate::traffic::plan::group_block::GroupBlock;
use crate::traffic::sink::{Sink, Tally};
use crate::traffic::time::{DAY_MS, SPAN_MS};
use crate::traffic::traffic_tables::TrafficTables;

impl<'a> Traffic<'a> {
    /// Conversations of all groups.
    pub(super) fn groups(
        &mut self,
        community: &Community,
        day: u32,
        profile: &'a DiurnalProfile,
        sink: &mut impl Sink,
    ) {
        let (tables, number) = (self.tables, u64::from(community.shape.number));
        let [counts, keys, ..] = self.population.key.streams(Domain::GroupDay, number, u64::from(day), 0);
        let mut words = std::mem::take(&mut self.words);
        words.resize(community.groups.len(), 0);
        counts.fill(0, 1, &mut words);
        let mut active_groups = std::mem::take(&mut self.active_groups);
        active_groups.clear();
        find(&words, &community.groups, &tables.group_none, &mut active_groups);
        // Who has left is no member any more, but may be the one who would have begun a conversation, which goes with them.
        let somebody_left = community.somebody_left(day);
        let mut at = (0, 0);
        loop {
            at = start(&mut self.group_block, tables, community, &active_groups, &words, keys, at.0, at.1);
            if at.0 == active_groups.len() {
                break;
            }
            self.group_block(community, profile, somebody_left, sink);
        }
        self.group_block(community, profile, somebody_left, sink);
        (self.words, self.active_groups) = (words, active_groups);
    }

    /// Hands on the conversations of groups that were started.
    fn group_block(
        &mut self,
        community: &Community,
        profile: &'a DiurnalProfile,
        somebody_left: bool,
        sink: &mut impl Sink,
    ) {
        self.group_block.identify();
        self.late_groups.clear();
        let mut last = (NOBODY, 0);
        if somebody_left {
            for i in 0..self.group_block.len {
                let seats = &community.seats[self.group_block.seats(i)];
                if let Some(conversation) =
                    GroupConversation::open(self.tables, profile, self.day_states.own(), seats, self.group_block.key(i))
                {
                    self.group_conversation(community, profile, true, i, &conversation, &mut last);
                }
            }
        } else {
            self.group_block.open(self.tables, profile, self.day_states.voices(), &community.seats);
            if self.counting {
                self.group_block.count(self.tables, profile, &mut self.late_groups);
                if !self.group_block.groups.is_empty() {
                    sink.tally(community, self.today, Tally::Groups(&self.group_block, &community.seats));
                }
            } else {
                for i in 0..self.group_block.len {
                    let conversation = self.group_block.conversation(i);
                    if conversation.length > 0 {
                        self.group_conversation(community, profile, false, i, &conversation, &mut last);
                    }
                }
            }
        }
        // Not before: conversations that are still to be unfolded have their audiences in the batch.
        self.unfolding.groups(self.tables, &mut self.out.audience);
        let conversations = std::mem::take(&mut self.late_groups);
        for &(i, ref conversation) in &conversations {
            self.gather(community, i, somebody_left);
            if self.members.len() > 1 {
                self.unfold_late(self.group_block.number[i], conversation, profile.begins(conversation.when));
            }
        }
        self.late_groups = conversations;
        self.make_room(community, sink);
        self.group_block.len = 0;
    }

    /// Gathers the members of the group of conversation `i`.
    fn gather(&mut self, community: &Community, i: usize, somebody_left: bool) {
        self.members.clear();
        self.members.extend(community.seats[self.group_block.seats(i)].iter().map(|&user| u32::from(user)));
        if somebody_left {
            self.members.retain(|&member| !self.day_states.of(member).has(DayState::GONE));
        }
    }

    /// Takes conversation `i` of the block to the buffer, or lists it if it may run past midnight. `last` are the group before and its audience:
    /// conversations of the same group share it.
    #[inline(always)]
    fn group_conversation(
        &mut self,
        community: &Community,
        profile: &'a DiurnalProfile,
        somebody_left: bool,
        i: usize,
        conversation: &GroupConversation,
        last: &mut (u32, u32),
    ) {
        if conversation.when >= profile.late && conversation.length > 1 {
            self.late_groups.push((i, *conversation));
            return;
        }
        let (seats, number) = (self.group_block.seats(i), self.group_block.number[i]);
        if somebody_left {
            self.gather(community, i, true);
        }
        let n = if somebody_left { self.members.len() } else { seats.len() };
        // A message needs a recipient besides the one who speaks, who is a member too.
        if n < 2 {
            return;
        }
        let out = &mut self.out.audience;
        if last.0 != number {
            let audience = out.add_audience(number, n, |to| match somebody_left {
                true => to[..n].copy_from_slice(&self.members),
                false => write_seats(&community.seats[seats.start..], n, to),
            });
            *last = (number, audience);
        }
        self.unfolding.group(self.tables, conversation, last.1, profile.begins(conversation.when), out);
    }

    /// The events of a conversation among `members` that may run past midnight.
    fn unfold_late(&mut self, number: u32, conversation: &GroupConversation, start: u32) {
        let tables = self.tables;
        let mut speaker = conversation.first();
        let mut since = 0;
        let mut audiences = [NOBODY; 2];
        for q in 0..conversation.length.div_ceil(QUAD as u32) {
            let place = quad(conversation.key, u64::from(q));
            let word = |i: u64| mix(place.wrapping_add(Stream::STEP.wrapping_mul(i)));
            let (mut kinds, mut gaps, mut sizes) = (word(1), word(2), word(3));
            let (mut turns, mut picks) = conversation.quad(u64::from(q));
            for i in 0..(conversation.length - q * QUAD as u32).min(QUAD as u32) {
                if q + i > 0 {
                    let before = speaker;
                    speaker = conversation.next(tables, speaker, turns, picks);
                    since += tables.gaps[usize::from(speaker != before)].at((gaps as u32) << 16);
                }
                let time = start + since.min(SPAN_MS);
                let media = tables.media[(kinds as usize & 0x7fff) >> 3];
                let tomorrow = (time / DAY_MS) as usize;
                let out = if tomorrow == 0 { &mut self.out.audience } else { &mut self.carry.audience };
                if audiences[tomorrow] == NOBODY {
                    let n = self.members.len();
                    audiences[tomorrow] = out.add_audience(number, n, |to| to[..n].copy_from_slice(&self.members));
                }
                out.push(Event {
                    time: time % DAY_MS,
                    actor: conversation.speakers[speaker].into(),
                    target: audiences[tomorrow],
                    kind: media + Kind::GroupText as u8,
                    bytes: tables.sizes[usize::from(media)].at((sizes as u32) << 16),
                    conversation: conversation.key,
                });
                (turns, kinds, gaps, sizes, picks) = (turns >> 16, kinds >> 16, gaps >> 16, sizes >> 16, picks >> 16);
            }
        }
    }
}

/// Adds the conversations of groups, from the one at `k` of those with any, of which from number `first` on. Returns where it stopped for lack of
/// room, or the end.
#[kernel]
fn start(
    group_block: &mut GroupBlock,
    tables: &TrafficTables,
    community: &Community,
    active_groups: &[u32],
    words: &[u64],
    keys: Stream,
    k: usize,
    first: usize,
) -> (usize, usize) {
    let mut first = first;
    for (k, &number) in active_groups.iter().enumerate().skip(k) {
        let group = community.groups[number as usize];
        let size = usize::from(group.size);
        let starts = tables.group_starts[size].at_ends(&tables.group_ends[size], words[number as usize] as u32);
        let (wanted, seats) = (starts as usize - first, community.seats_of(&group));
        let of = (number, seats.start as u32, u32::from(group.size));
        let done = group_block.add(of, Stream::new(keys.at(u64::from(number))), (first, wanted));
        if done < wanted {
            return (k, first + done);
        }
        first = 0;
    }
    (active_groups.len(), 0)
}

/// Numbers of the groups whose words start a conversation.
#[kernel]
fn find(words: &[u64], groups: &[Group], none: &[u32], active_groups: &mut Vec<u32>) {
    active_groups.resize(words.len(), 0);
    let mut n = 0;
    for (i, (&word, group)) in words.iter().zip(groups).enumerate() {
        active_groups[n] = i as u32;
        n += usize::from(word as u32 >= none[usize::from(group.size)]);
    }
    active_groups.truncate(n);
}
