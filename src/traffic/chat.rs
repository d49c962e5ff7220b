//! Chats: what is said in groups, counted by speaker.

use super::model::{Clock, Model, SPEAKERS};
use super::said::{EACH, KINDS, PARTS, add_below, add_kinds};
use super::talk::{Card, Opening};
use super::unfold::{LOW, QUAD, quad};
use crate::rng::{Stream, below, mix};
use crate::vector::kernels;
use crate::world::{ByLocal, LEVELS};

/// Number in a talk's stream of the word that says which members are asked first.
const HEAD: u64 = 0;
/// Number of the first of the words that say who speaks next, one for each quad.
pub const PICKS: u64 = 1 << 20;

/// What was said in a group, in one or more talks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Chat {
    /// First of the members' seats.
    pub from: u32,
    /// Members.
    pub members: u32,
    /// End of the group's speakers, which begin where those of the chat before end.
    pub speakers: u32,
}

/// What was said in groups on a day.
#[derive(Clone, Debug, Default)]
pub struct Chats {
    /// Groups that talked.
    pub groups: Vec<Chat>,
    /// Local indices of those who spoke, and messages; somebody who spoke in several talks stands here for each of them.
    pub speakers: Vec<(u16, u16)>,
    /// Messages by kind.
    pub kinds: [u64; KINDS],
    /// Number of the speakers that count.
    spoke: usize,
    below: [u64; 4],
    said: u64,
    quads: u32,
}

/// A conversation of a group, opened: who may speak.
#[derive(Clone, Copy, Debug)]
pub struct GroupTalk {
    /// Key: id, and start of the stream of the talk's messages.
    pub key: u64,
    /// Messages.
    pub length: u32,
    /// Word of when it begins.
    pub when: u32,
    /// Those who are asked.
    pub speakers: [u16; SPEAKERS],
    /// Weights of those who are active today, added up: one who is not has the sum of the one before, and is never picked.
    until: [u32; SPEAKERS],
}

impl GroupTalk {
    /// Opens the talk of a key: up to four members who are active today speak in turn. `None` if it does not take place.
    #[inline(always)]
    pub fn open(model: &Model, clock: &Clock, cards: &ByLocal<Card>, members: &[u16], key: u64) -> Option<Self> {
        let opening = Opening::of(key);
        let length = opening.messages(model, clock);
        let (mut speakers, mut until) = ([0; SPEAKERS], [0; SPEAKERS]);
        let (mut weight, mut first_gone) = (0, false);
        // Distinct candidates: a run of the group, which is in random order, from a random place.
        let mut at = below(Stream::new(key).at(HEAD), members.len() as u32) as usize;
        for i in 0..SPEAKERS {
            let member = members[at];
            at = if at + 1 == members.len() { 0 } else { at + 1 };
            let card = cards[usize::from(member)];
            // A talk goes with the one who is asked first: a group talks less in proportion to whom it lost.
            first_gone |= i == 0 && card.has(Card::GONE);
            let asked = card.has(Card::ACTIVE) && i < members.len();
            weight += if asked { model.voice[card.level() & (LEVELS - 1)] } else { 0 };
            (speakers[i], until[i]) = (member, weight);
        }
        let takes_place = length > 0 && weight > 0 && !first_gone;
        takes_place.then_some(GroupTalk { key, length: length.into(), when: opening.when, speakers, until })
    }

    /// Number of the one who speaks, for 16 bits.
    #[inline(always)]
    fn pick(&self, word: u64) -> usize {
        let [a, b, c, weight] = self.until;
        let at = (((word & 0xffff) * u64::from(weight)) >> 16) as u32;
        usize::from(a <= at) + usize::from(b <= at) + usize::from(c <= at)
    }

    /// Number of the one who speaks first.
    #[inline(always)]
    pub fn first(&self) -> usize {
        self.pick(Stream::new(self.key).at(HEAD))
    }

    /// Words of a quad: turns, and who speaks next.
    #[inline(always)]
    pub fn quad(&self, number: u64) -> (u64, u64) {
        (mix(quad(self.key, number)) & LOW, Stream::new(self.key).at(PICKS + number))
    }

    /// Number of the one who speaks after `before`, for the low parts of the two words.
    #[inline(always)]
    pub fn next(&self, model: &Model, before: usize, turns: u64, picks: u64) -> usize {
        let passes = (u64::from(model.group_pass) - (turns & 0xffff)) >> 15 & 1 == 1;
        let next = self.pick(picks);
        if passes { next } else { before }
    }
}

impl Chats {
    /// Forgets all.
    pub fn clear(&mut self) {
        self.groups.clear();
        self.spoke = 0;
        (self.kinds, self.below, self.said, self.quads) = ([0; KINDS], [0; 4], 0, 0);
    }

    /// Whether nothing was said.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// Counts a talk of the group whose members sit at `from`.
    #[inline(always)]
    fn count(&mut self, model: &Model, talk: &GroupTalk, cuts: &[u64; 4], (from, members): (u32, u32)) {
        let mut speaker = talk.first();
        // Messages of each, 16 bits for one.
        let mut said = 0u64;
        let (mut left, mut number) = (talk.length, 0);
        while left > 0 {
            let messages = left.min(QUAD as u32);
            let (mut turns, mut picks) = talk.quad(number);
            // All four, so that there is no branch to guess: those that are not sent do not count.
            for i in 0..QUAD as u32 {
                let next = talk.next(model, speaker, turns, picks);
                speaker = if number == 0 && i == 0 { speaker } else { next };
                said += u64::from(i < messages) << (16 * (speaker & (SPEAKERS - 1)));
                (turns, picks) = (turns >> 16, picks >> 16);
            }
            let kinds = mix(quad(talk.key, number).wrapping_add(Stream::STEP));
            add_kinds(&mut self.below, cuts, kinds, PARTS[((1usize << messages) - 1) & 15]);
            self.quads += 1;
            left -= messages;
            number += 1;
        }
        if self.quads > u32::from(u16::MAX) / 2 {
            self.settle();
        }
        self.said += u64::from(talk.length);
        // All are written, those who spoke are kept.
        let mut kept = self.spoke;
        self.speakers.resize((kept + SPEAKERS).max(self.speakers.len()), (0, 0));
        for (i, &user) in talk.speakers.iter().enumerate() {
            let n = (said >> (16 * i)) as u16;
            self.speakers[kept] = (user, n);
            kept += usize::from(n > 0);
        }
        self.spoke = kept;
        let speakers = kept as u32;
        match self.groups.last_mut() {
            Some(last) if last.from == from => last.speakers = speakers,
            _ => self.groups.push(Chat { from, members, speakers }),
        }
    }

    /// Brings the kinds up to date.
    pub fn settle(&mut self) {
        add_below(&mut self.kinds, self.below, self.said);
        (self.below, self.said, self.quads) = ([0; 4], 0, 0);
    }

    /// Counts the talks of groups, as (first seat, members, key), in the order of groups. Those that may run past midnight are left to
    /// `late`, as numbers.
    pub fn count_all(
        &mut self,
        model: &Model,
        clock: &Clock,
        cards: &ByLocal<Card>,
        seats: &[u16],
        talks: &[(u32, u32, u64)],
        late: &mut Vec<u32>,
    ) {
        count_all(self, model, clock, cards, seats, talks, late);
    }
}

kernels! {
    /// See [`Chats::count_all`].
    fn count_all(chats: &mut Chats, model: &Model, clock: &Clock, cards: &ByLocal<Card>, seats: &[u16], talks: &[(u32, u32, u64)], late: &mut Vec<u32>) {
        let cuts = model.media_cuts.map(|cut| u64::from(cut) * EACH);
        for (number, &(from, members, key)) in (0..).zip(talks) {
            let seated = &seats[from as usize..(from + members) as usize];
            let Some(talk) = GroupTalk::open(model, clock, cards, seated, key) else { continue };
            if talk.when >= clock.late {
                late.push(number);
            } else {
                chats.count(model, &talk, &cuts, (from, members));
            }
        }
    }
}
