//! Talk in groups.

use super::{DAY_MS, Traffic};
use crate::rng::{Domain, Stream, below};
use crate::scenario::Kind;
use crate::traffic::batch::{Event, Sink, Tally};
use crate::traffic::model::{Clock, SPAN_MS, SPEAKERS};
use crate::traffic::said::{KINDS, quad_kinds};
use crate::traffic::talk::{Card, Opening};
use crate::traffic::unfold::{LOW, QUAD, quad};
use crate::vector::kernels;
use crate::world::{Community, Group, NOBODY};

/// Number in a talk's stream of the word that says which members are asked first.
const HEAD: u64 = 0;
/// Number of the first of the words that say who speaks next, one for each quad.
const PICKS: u64 = 1 << 20;

/// A conversation of a group, opened: who may speak.
struct Talk {
    key: u64,
    length: u32,
    /// Milliseconds since midnight.
    start: u32,
    late: bool,
    /// Slots with the sums of their weights and of those before.
    speakers: [(u32, u32); SPEAKERS],
    count: usize,
    weight: u32,
}

impl Talk {
    /// Who speaks, for 16 bits.
    #[inline(always)]
    fn pick(&self, word: u64) -> usize {
        let at = ((word & 0xffff) as u32 * u64::from(self.weight) as u32) >> 16;
        // Sums rise, and beyond the last speaker no sum is below.
        self.speakers.iter().take(self.count).filter(|s| s.1 <= at).count()
    }
}

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
        for &number in &talking {
            let group = community.groups[number as usize];
            let n = model.group_starts[usize::from(group.size)].at(words[number as usize] as u32);
            let keys = Stream::new(keys.at(u64::from(number)));
            self.members.clear();
            self.members.extend(community.members(&group));
            self.speakers.clear();
            let mut kinds = [0; KINDS];
            let members = self.members.len();
            // Who has left is no member any more, but may be the one who would have begun a conversation, which goes with them.
            let all = community.somebody_left(day).then(|| self.members.clone());
            if all.is_some() {
                self.members.retain(|&member| !self.cards.of(member).has(Card::GONE));
            }
            for j in 0..u64::from(n) {
                let all = all.as_deref().unwrap_or(&self.members);
                debug_assert_eq!(all.len(), members);
                let Some(talk) = self.open_group(all, keys.at(j), clock) else { continue };
                // Nobody talks to nobody: the one who speaks is a member too.
                if self.members.len() < 2 {
                    continue;
                }
                if self.counting && !talk.late {
                    self.count_group(&talk, &mut kinds);
                } else {
                    self.unfold_group(number, &talk);
                    self.make_room(community, sink);
                }
            }
            if !self.speakers.is_empty() {
                let (members, speakers) = (&self.members[..], &self.speakers[..]);
                sink.tally(community, day, Tally::Group { members, speakers, kinds: &kinds });
            }
        }
        (self.words, self.talking) = (words, talking);
    }

    /// Up to four members who are active today speak in turn. `None` if the talk does not take place.
    fn open_group(&self, members: &[u32], key: u64, clock: &'a Clock) -> Option<Talk> {
        let model = self.model;
        let opening = Opening::of(key);
        let length = opening.messages(model, clock);
        if length == 0 {
            return None;
        }
        let late = opening.when >= clock.late;
        let start = if late || !self.counting { clock.begins(opening.when) } else { 0 };
        let mut talk = Talk { key, length: length.into(), start, late, speakers: [(0, 0); SPEAKERS], count: 0, weight: 0 };
        // Distinct candidates: a run of the group, which is in random order, from a random place.
        let mut at = below(Stream::new(key).at(HEAD), members.len() as u32) as usize;
        for i in 0..SPEAKERS.min(members.len()) {
            let member = members[at];
            at = if at + 1 == members.len() { 0 } else { at + 1 };
            let card = self.cards.of(member);
            // A talk goes with the one who is asked first: a group talks less in proportion to whom it lost.
            if i == 0 && card.has(Card::GONE) {
                return None;
            }
            let active = u32::from(card.has(Card::ACTIVE));
            talk.weight += active * model.voice[card.level()];
            talk.speakers[talk.count] = (member, talk.weight);
            talk.count += active as usize;
        }
        (talk.count > 0).then_some(talk)
    }

    /// Counts a talk's messages by speaker and kind.
    fn count_group(&mut self, talk: &Talk, kinds: &mut [u64; KINDS]) {
        let stream = Stream::new(talk.key);
        let chance = u64::from(self.model.group_pass);
        let mut speaker = talk.pick(stream.at(HEAD));
        let mut said = [0u32; SPEAKERS];
        for q in 0..talk.length.div_ceil(QUAD as u32) {
            let messages = (talk.length - q * QUAD as u32).min(QUAD as u32);
            let mut turns = crate::rng::mix(quad(talk.key, u64::from(q))) & LOW;
            let mut picks = stream.at(PICKS + u64::from(q));
            for i in 0..messages {
                let pass = (chance - (turns & 0xffff)) >> 15 & u64::from(q + i > 0);
                let next = talk.pick(picks);
                speaker = if pass != 0 { next } else { speaker };
                said[speaker & (SPEAKERS - 1)] += 1;
                (turns, picks) = (turns >> 16, picks >> 16);
            }
            quad_kinds(self.model, talk.key, u64::from(q), (1 << messages) - 1, kinds);
        }
        for (&(slot, _), n) in talk.speakers.iter().zip(said).filter(|(_, n)| *n > 0) {
            match self.speakers.iter_mut().find(|s| s.0 == slot) {
                Some(known) => known.1 += n,
                None => self.speakers.push((slot, n)),
            }
        }
    }

    /// The events of a talk.
    fn unfold_group(&mut self, number: u32, talk: &Talk) {
        let model = self.model;
        let stream = Stream::new(talk.key);
        let chance = u64::from(model.group_pass);
        let mut speaker = talk.pick(stream.at(HEAD));
        let mut since = 0;
        let mut audiences = [NOBODY; 2];
        for q in 0..talk.length.div_ceil(QUAD as u32) {
            let place = quad(talk.key, u64::from(q));
            let word = |i: u64| crate::rng::mix(place.wrapping_add(Stream::STEP.wrapping_mul(i)));
            let (mut turns, mut kinds, mut gaps, mut sizes) = (word(0) & LOW, word(1) & LOW, word(2), word(3));
            let mut picks = stream.at(PICKS + u64::from(q));
            for i in 0..(talk.length - q * QUAD as u32).min(QUAD as u32) {
                let before = speaker;
                if q + i > 0 {
                    if (chance - (turns & 0xffff)) >> 15 & 1 == 1 {
                        speaker = talk.pick(picks);
                    }
                    since += model.gaps[usize::from(speaker != before)].at((gaps as u32) << 16);
                }
                let time = talk.start + since.min(SPAN_MS);
                let media = model.media[(kinds as usize & 0x7fff) >> 3];
                let tomorrow = (time / DAY_MS) as usize;
                let out = if tomorrow == 0 { &mut self.out.audience } else { &mut self.carry.audience };
                if audiences[tomorrow] == NOBODY {
                    audiences[tomorrow] = out.add_audience(number, self.members.iter().copied());
                }
                out.push(Event {
                    time: time % DAY_MS,
                    actor: talk.speakers[speaker].0,
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
