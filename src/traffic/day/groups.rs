//! Talk in groups.

use super::{DAY_MS, Traffic};
use crate::rng::{Domain, Stream, mix};
use crate::scenario::Kind;
use crate::traffic::batch::{Event, Sink, Tally};
use crate::traffic::chat::GroupTalk;
use crate::traffic::chats::Chats;
use crate::traffic::model::{Clock, Model, SPAN_MS};
use crate::traffic::talk::Card;
use crate::traffic::unfold::{QUAD, quad};
use crate::vector::kernels;
use crate::world::{Community, Group, NOBODY};

impl<'a> Traffic<'a> {
    /// Conversations of all groups.
    pub(super) fn groups(&mut self, community: &Community, day: u32, clock: &'a Clock, sink: &mut impl Sink) {
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
    fn group_block(&mut self, community: &Community, clock: &'a Clock, somebody_left: bool, sink: &mut impl Sink) {
        let mut talks = std::mem::take(&mut self.group_talks);
        talks.clear();
        if self.counting && !somebody_left {
            self.chats.count(self.model, clock, self.cards.voices(), &community.seats, &mut talks);
            if !self.chats.groups.is_empty() {
                sink.tally(community, self.today, Tally::Chats(&self.chats, &community.seats));
            }
        } else {
            for i in 0..self.chats.len {
                let seats = &community.seats[self.chats.seats(i)];
                let talk = GroupTalk::open(self.model, clock, self.cards.own(), seats, self.chats.key(i));
                talks.extend(talk.map(|talk| (i, talk)));
            }
        }
        for &(i, ref talk) in &talks {
            let seats = &community.seats[self.chats.seats(i)];
            self.members.clear();
            self.members.extend(seats.iter().map(|&user| u32::from(user)));
            if somebody_left {
                self.members.retain(|&member| !self.cards.of(member).has(Card::GONE));
            }
            // Nobody talks to nobody: the one who speaks is a member too.
            if self.members.len() >= 2 {
                self.unfold_group(self.chats.number[i], talk, clock.begins(talk.when));
                self.make_room(community, sink);
            }
        }
        self.chats.len = 0;
        self.group_talks = talks;
    }

    /// The events of a talk among `members`.
    fn unfold_group(&mut self, number: u32, talk: &GroupTalk, start: u32) {
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
                    audiences[tomorrow] = out.add_audience(number, self.members.iter().copied());
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
    fn start(chats: &mut Chats, model: &Model, community: &Community, talking: &[u32], words: &[u64], keys: Stream, k: usize, first: usize) -> (usize, usize) {
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
