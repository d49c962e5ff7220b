//! Conversations of groups.

use super::Traffic;
use crate::population::{Community, Group, NOBODY};
use crate::random::{Domain, Stream};
use crate::simd::kernel;
use crate::traffic::batch::{Batch, Event, Shape};
use crate::traffic::conversation::DayState;
use crate::traffic::diurnal_profile::DiurnalProfile;
use crate::traffic::expand::audience::write_seats;
use crate::traffic::group_conversation::GroupConversation;
use crate::traffic::plan::group_block::GroupBlock;
use crate::traffic::sink::{Sink, Tally};
use crate::traffic::time::DAY_MS;
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
        words.resize(community.groups.list.len(), 0);
        counts.fill(0, 1, &mut words);
        let mut active_groups = std::mem::take(&mut self.active_groups);
        active_groups.clear();
        find(&words, &community.groups.list, &tables.group_none, &mut active_groups);
        // Who has left is no member any more, but may be the one who would have begun a conversation, which goes with them.
        let somebody_left = community.somebody_left(day);
        if somebody_left && self.counting {
            self.present.fill(community, self.day_states.own());
        }
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
        let own = somebody_left.then_some(self.day_states.own());
        self.group_block.open(self.tables, profile, (self.day_states.voices(), own), &community.groups.seats);
        if self.counting {
            let present = somebody_left.then_some(&self.present);
            self.group_block.count(self.tables, profile, present, &mut self.late_groups);
            if !self.group_block.groups.is_empty() {
                let seats = present.map_or(&community.groups.seats, |present| &present.seats);
                sink.tally(community, self.today, Tally::Groups(&self.group_block, seats));
            }
        } else {
            for i in 0..self.group_block.len {
                let conversation = self.group_block.conversation(i);
                if conversation.length > 0 {
                    self.group_conversation(community, profile, somebody_left, i, &conversation, &mut last);
                }
            }
        }
        // Not before: conversations that are still to be expanded have their audiences in the batch.
        self.expander.groups(self.tables, &mut self.out.audience);
        self.expand_late_groups(community, profile, somebody_left);
        self.make_room(community, sink);
        self.group_block.len = 0;
    }

    /// Gathers the members of the group of conversation `i`.
    fn gather(&mut self, community: &Community, i: usize, somebody_left: bool) {
        self.members.clear();
        self.members.extend(community.groups.seats[self.group_block.seats(i)].iter().map(|&user| u32::from(user)));
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
                false => write_seats(&community.groups.seats[seats.start..], n, to),
            });
            *last = (number, audience);
        }
        self.expander.group(self.tables, conversation, last.1, profile.begins(conversation.when), out);
    }

    /// Hands on the events of the conversations that may run past midnight: today's, and tomorrow's.
    fn expand_late_groups(&mut self, community: &Community, profile: &'a DiurnalProfile, somebody_left: bool) {
        let conversations = std::mem::take(&mut self.late_groups);
        let mut late = std::mem::replace(&mut self.late_audience, Batch::new(Shape::Audience, 0));
        for &(i, ref conversation) in &conversations {
            self.gather(community, i, somebody_left);
            let n = self.members.len();
            if n > 1 {
                let audience =
                    late.add_audience(self.group_block.number[i], n, |to| to[..n].copy_from_slice(&self.members));
                let start = profile.begins(conversation.when);
                self.expander.group(self.tables, conversation, audience, start, &mut late);
            }
        }
        self.expander.groups(self.tables, &mut late);
        // The audience of the event before, today and tomorrow.
        let (mut last, mut audiences) = (NOBODY, [NOBODY; 2]);
        for event in (0..late.len()).map(|i| late.event(i)) {
            if event.target != last {
                (last, audiences) = (event.target, [NOBODY; 2]);
            }
            let tomorrow = usize::from(event.time >= DAY_MS);
            let out = if tomorrow == 0 { &mut self.out.audience } else { &mut self.carry.audience };
            if audiences[tomorrow] == NOBODY {
                let (members, group) = (late.audience(event.target), late.audiences[event.target as usize].group);
                audiences[tomorrow] =
                    out.add_audience(group, members.len(), |to| to[..members.len()].copy_from_slice(members));
            }
            out.push(Event { time: event.time % DAY_MS, target: audiences[tomorrow], ..event });
        }
        late.clear();
        (self.late_groups, self.late_audience) = (conversations, late);
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
        let group = community.groups.list[number as usize];
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
