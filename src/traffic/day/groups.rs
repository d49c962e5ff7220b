//! Conversation in groups.

use super::{DAY_MS, Traffic};
use crate::population::{Community, Group, NOBODY};
use crate::random::{Domain, Stream, mix};
use crate::scenario::Kind;
use crate::simd::kernels;
use crate::traffic::batch::Event;
use crate::traffic::conversation::DayState;
use crate::traffic::diurnal_profile::DiurnalProfile;
use crate::traffic::expand::audience::write_seats;
use crate::traffic::group_conversation::GroupConversation;
use crate::traffic::message::{QUAD, quad};
use crate::traffic::plan::group_block::GroupBlock;
use crate::traffic::sink::{Sink, Tally};
use crate::traffic::traffic_tables::{SPAN_MS, TrafficTables};

impl<'a> Traffic<'a> {
    /// Conversations of all groups.
    pub(super) fn groups(&mut self, community: &Community, day: u32, clock: &'a DiurnalProfile, sink: &mut impl Sink) {
        let (model, number) = (self.model, u64::from(community.shape.number));
        let [counts, keys, ..] = self.world.key.streams(Domain::GroupDay, number, u64::from(day), 0);
        let mut words = std::mem::take(&mut self.words);
        words.resize(community.groups.len(), 0);
        counts.fill(0, 1, &mut words);
        let mut talking = std::mem::take(&mut self.talking);
        talking.clear();
        find(&words, &community.groups, &model.group_none, &mut talking);
        // Who has left is no member any more, but may be the one who would have begun a conversation, which goes with them.
        let somebody_left = community.somebody_left(day);
        let mut at = (0, 0);
        loop {
            at = start(&mut self.chats, model, community, &talking, &words, keys, at.0, at.1);
            if at.0 == talking.len() {
                break;
            }
            self.group_block(community, clock, somebody_left, sink);
        }
        self.group_block(community, clock, somebody_left, sink);
        (self.words, self.talking) = (words, talking);
    }

    /// Hands on the talks of groups that were started.
    fn group_block(
        &mut self,
        community: &Community,
        clock: &'a DiurnalProfile,
        somebody_left: bool,
        sink: &mut impl Sink,
    ) {
        self.chats.identify();
        self.group_talks.clear();
        let mut last = (NOBODY, 0);
        if somebody_left {
            for i in 0..self.chats.len {
                let seats = &community.seats[self.chats.seats(i)];
                if let Some(talk) =
                    GroupConversation::open(self.model, clock, self.cards.own(), seats, self.chats.key(i))
                {
                    self.group_talk(community, clock, true, i, &talk, &mut last);
                }
            }
        } else {
            self.chats.open(self.model, clock, self.cards.voices(), &community.seats);
            if self.counting {
                self.chats.count(self.model, clock, &mut self.group_talks);
                if !self.chats.groups.is_empty() {
                    sink.tally(community, self.today, Tally::Groups(&self.chats, &community.seats));
                }
            } else {
                for i in 0..self.chats.len {
                    let talk = self.chats.talk(i);
                    if talk.length > 0 {
                        self.group_talk(community, clock, false, i, &talk, &mut last);
                    }
                }
            }
        }
        // Not before: talks that are still to be unfolded have their audiences in the batch.
        self.unfolding.groups(self.model, &mut self.out.audience);
        let talks = std::mem::take(&mut self.group_talks);
        for &(i, ref talk) in &talks {
            self.gather(community, i, somebody_left);
            if self.members.len() > 1 {
                self.unfold_late(self.chats.number[i], talk, clock.begins(talk.when));
            }
        }
        self.group_talks = talks;
        self.make_room(community, sink);
        self.chats.len = 0;
    }

    /// Gathers the members of the group of talk `i`.
    fn gather(&mut self, community: &Community, i: usize, somebody_left: bool) {
        self.members.clear();
        self.members.extend(community.seats[self.chats.seats(i)].iter().map(|&user| u32::from(user)));
        if somebody_left {
            self.members.retain(|&member| !self.cards.of(member).has(DayState::GONE));
        }
    }

    /// Takes talk `i` of the block to the sheet, or lists it if it may run past midnight. `last` are the group before and its audience:
    /// talks of the same group share it.
    #[inline(always)]
    fn group_talk(
        &mut self,
        community: &Community,
        clock: &'a DiurnalProfile,
        somebody_left: bool,
        i: usize,
        talk: &GroupConversation,
        last: &mut (u32, u32),
    ) {
        if talk.when >= clock.late && talk.length > 1 {
            self.group_talks.push((i, *talk));
            return;
        }
        let (seats, number) = (self.chats.seats(i), self.chats.number[i]);
        if somebody_left {
            self.gather(community, i, true);
        }
        let n = if somebody_left { self.members.len() } else { seats.len() };
        // Nobody talks to nobody: the one who speaks is a member too.
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
        self.unfolding.group(self.model, talk, last.1, clock.begins(talk.when), out);
    }

    /// The events of a talk among `members` that may run past midnight.
    fn unfold_late(&mut self, number: u32, talk: &GroupConversation, start: u32) {
        let model = self.model;
        let mut speaker = talk.first();
        let mut since = 0;
        let mut audiences = [NOBODY; 2];
        for q in 0..talk.length.div_ceil(QUAD as u32) {
            let place = quad(talk.key, u64::from(q));
            let word = |i: u64| mix(place.wrapping_add(Stream::STEP.wrapping_mul(i)));
            let (mut kinds, mut gaps, mut sizes) = (word(1), word(2), word(3));
            let (mut turns, mut picks) = talk.quad(u64::from(q));
            for i in 0..(talk.length - q * QUAD as u32).min(QUAD as u32) {
                if q + i > 0 {
                    let before = speaker;
                    speaker = talk.next(model, speaker, turns, picks);
                    since += model.gaps[usize::from(speaker != before)].at((gaps as u32) << 16);
                }
                let time = start + since.min(SPAN_MS);
                let media = model.media[(kinds as usize & 0x7fff) >> 3];
                let tomorrow = (time / DAY_MS) as usize;
                let out = if tomorrow == 0 { &mut self.out.audience } else { &mut self.carry.audience };
                if audiences[tomorrow] == NOBODY {
                    let n = self.members.len();
                    audiences[tomorrow] = out.add_audience(number, n, |to| to[..n].copy_from_slice(&self.members));
                }
                out.push(Event {
                    time: time % DAY_MS,
                    actor: talk.speakers[speaker].into(),
                    target: audiences[tomorrow],
                    kind: media + Kind::GroupText as u8,
                    bytes: model.sizes[usize::from(media)].at((sizes as u32) << 16),
                    conversation: talk.key,
                });
                (turns, kinds, gaps, sizes, picks) = (turns >> 16, kinds >> 16, gaps >> 16, sizes >> 16, picks >> 16);
            }
        }
    }
}

kernels! {
    /// Adds the talks of groups, from the one at `k` of those that talk on, of which from number `first` on. Returns where it stopped for lack of
    /// room, or the end.
    fn start(chats: &mut GroupBlock, model: &TrafficTables, community: &Community, talking: &[u32], words: &[u64], keys: Stream, k: usize, first: usize) -> (usize, usize) {
        let mut first = first;
        for (k, &number) in talking.iter().enumerate().skip(k) {
            let group = community.groups[number as usize];
            let size = usize::from(group.size);
            let starts = model.group_starts[size].at_ends(&model.group_ends[size], words[number as usize] as u32);
            let (wanted, seats) = (starts as usize - first, community.seats_of(&group));
            let of = (number, seats.start as u32, u32::from(group.size));
            let done = chats.add(of, Stream::new(keys.at(u64::from(number))), (first, wanted));
            if done < wanted {
                return (k, first + done);
            }
            first = 0;
        }
        (talking.len(), 0)
    }

    /// Numbers of the groups whose words start a conversation.
    fn find(words: &[u64], groups: &[Group], none: &[u32], talking: &mut Vec<u32>) {
        talking.resize(words.len(), 0);
        let mut n = 0;
        for (i, (&word, group)) in words.iter().zip(groups).enumerate() {
            talking[n] = i as u32;
            n += usize::from(word as u32 >= none[usize::from(group.size)]);
        }
        talking.truncate(n);
    }
}
