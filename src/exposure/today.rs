//! What is added up within a community's day, in the form in which it is soonest added; cells take it over at the end of the day.

use super::cells::Home;
use crate::traffic::{Block, Chats, Said, Talk};
use crate::vector::kernels;
use crate::world::ByLocal;

/// Copies of the cells of talks, so that one talk's count does not wait for that of the talk before.
const LANES: usize = 4;
/// Bits of a class of the community at hand.
pub(super) const CLASS_BITS: usize = 5;
/// Most classes of a community whose talks are counted whole.
pub const MOST_CLASSES: usize = 1 << CLASS_BITS;
const TALKS: usize = LANES << (2 * CLASS_BITS);

/// What is added up within a community's day, before it goes to cells.
#[derive(Clone, Debug)]
pub struct Today {
    /// Talks of two by lane, class of the starter, class of the other: messages of the starter, and of the other in the high half.
    pub(super) talks: Box<[u64; TALKS]>,
    /// By home class that stands for all alike as actors: how many uploads list each local person, as differences from one
    /// person to the next; empty if there was none.
    pub(super) listed: Vec<Vec<i32>>,
    /// Chats of communities with few classes.
    pub(super) chats: ChatCells,
    pub(super) count: Vec<u32>,
    pub(super) words: Vec<u64>,
}

/// Most classes of a community whose chats are counted in a word of bytes.
pub(super) const FEW: usize = 8;

/// What was said in groups, by classes of the community at hand.
#[derive(Clone, Debug)]
pub(super) struct ChatCells {
    /// Flows about members: class of the speaker, class of the member.
    pub(super) members: [u64; FEW * FEW],
    /// Events: classes of those who heard it as bits, class of the speaker.
    pub(super) sets: Box<[u64; FEW << FEW]>,
    pub(super) delivered: u64,
}

/// Marks who spoke in a chat, and who heard it.
pub(super) fn mark_chat(
    members: &[u16],
    speakers: &[(u16, u16)],
    own: &ByLocal<u8>,
    acts: u16,
    told: &[u16; MOST_CLASSES],
    marks: &mut ByLocal<u16>,
) {
    let mark_of = |user: u16| told[usize::from(own[usize::from(user)]) & (MOST_CLASSES - 1)];
    let all = speakers.iter().fold(0, |all, &(user, _)| all | mark_of(user));
    let before: Vec<u16> = speakers.iter().map(|&(user, _)| marks[usize::from(user)]).collect();
    for &member in members {
        marks[usize::from(member)] |= all;
    }
    // What a speaker hears is what the others say: nothing from itself.
    for (&(user, _), &before) in speakers.iter().zip(&before) {
        let others = speakers.iter().filter(|(other, _)| *other != user);
        let heard = others.fold(0, |all, &(other, _)| all | mark_of(other));
        marks[usize::from(user)] = before | heard | acts;
    }
}

impl Default for Today {
    fn default() -> Self {
        let chats = ChatCells { members: [0; FEW * FEW], sets: Box::new([0; FEW << FEW]), delivered: 0 };
        Today { talks: Box::new([0; TALKS]), listed: Vec::new(), chats, count: Vec::new(), words: Vec::new() }
    }
}

impl Today {
    /// Forgets all, for a community of these classes.
    pub fn begin(&mut self, home: Home) {
        self.talks.fill(0);
        self.listed.resize(home.acting, Vec::new());
        for listed in &mut self.listed {
            listed.clear();
        }
    }

    /// Adds talks between people of the community, and marks them: as actors of messages with `acts`, as counterparties of a
    /// message with the mark of the actor's class. `own` is the class of each user, counted from the first of the community.
    pub fn talks(
        &mut self,
        talks: &Block,
        said: &Said,
        own: &ByLocal<u8>,
        acts: u16,
        told: &[u16; MOST_CLASSES],
        marks: &mut ByLocal<u16>,
    ) {
        count_talks(talks, &said.other, own, acts, told, marks, &mut self.talks);
    }
}

kernels! {
    /// See [`Today::talks`].
    fn count_talks(talks: &Block, by_other: &[u16], own: &ByLocal<u8>, acts: u16, told: &[u16; MOST_CLASSES], marks: &mut ByLocal<u16>, cells: &mut [u64; TALKS]) {
        const CLASS: usize = MOST_CLASSES - 1;
        let n = talks.len;
        let (length, other, by_other) = (&talks.length[..n], &talks.other[..n], &by_other[..n]);
        let mut rest = length.iter().zip(other).zip(by_other);
        let mut lane = 0;
        for turn in &talks.users {
            let our = usize::from(own[usize::from(turn.user)]) & CLASS;
            let told_by_us = told[our];
            let mut heard = 0;
            for ((&length, &them), &by_other) in rest.by_ref().take(usize::from(turn.n)) {
                let their = usize::from(own[usize::from(them)]) & CLASS;
                // All ones if the other answered.
                let answered = 0u16.wrapping_sub(u16::from(by_other > 0));
                lane = (lane + 1) % LANES;
                cells[lane << (2 * CLASS_BITS) | our << CLASS_BITS | their] += u64::from(length - by_other) | u64::from(by_other) << 32;
                let spoke = 0u16.wrapping_sub(u16::from(length > 0));
                marks[usize::from(them)] |= (told_by_us & spoke) | (acts & answered);
                heard |= (told[their] & answered) | (acts & spoke);
            }
            marks[usize::from(turn.user)] |= heard;
        }
    }

    /// See [`Cells::ties`].
    pub(super) fn count_ties(talks: &[Talk], by_other: &[u16], class: &[u16], people: u32, place: [usize; 4], acts: u16, told: &[u16], pairs: &mut [u64], marks: &mut ByLocal<u16>) {
        let [first, classes, kinds, kind] = place;
        for (talk, &by_other) in talks.iter().zip(by_other) {
            let [starter, other] = talk.sides;
            let [of_starter, of_other] = talk.sides.map(|side| usize::from(class[side as usize]));
            // The starter speaks always.
            let answered = 0u16.wrapping_sub(u16::from(by_other > 0));
            if starter < people {
                pairs[((of_starter - first) * classes + of_other) * kinds + kind] += u64::from(talk.length - by_other);
                marks[starter as usize & 0xffff] |= acts | told[of_other] & answered;
            }
            if other < people {
                pairs[((of_other - first) * classes + of_starter) * kinds + kind] += u64::from(by_other);
                marks[other as usize & 0xffff] |= told[of_starter] | acts & answered;
            }
        }
    }

    /// Counts chats of a community of few classes, and marks who spoke and who heard it.
    pub(super) fn count_chats(chats: &Chats, seats: &[u16], own: &ByLocal<u8>, acts: u16, told: &[u16; MOST_CLASSES], cells: &mut ChatCells, marks: &mut ByLocal<u16>) {
        let mut from = 0;
        for chat in &chats.groups {
            let members = &seats[chat.from as usize..(chat.from + chat.members) as usize];
            let speakers = &chats.speakers[from..chat.speakers as usize];
            from = chat.speakers as usize;
            // Whether there are two speakers, and whether all are alike to those who hear them.
            let (mut lowest, mut highest, mut all, mut each) = (u16::MAX, 0, 0, u16::MAX);
            for &(user, _) in speakers {
                (lowest, highest) = (lowest.min(user), highest.max(user));
                let mark = told[usize::from(own[usize::from(user)]) & (MOST_CLASSES - 1)];
                (all, each) = (all | mark, each & mark);
            }
            let before = marks[usize::from(lowest)];
            let mut count = [0u64; FEW];
            let mut bits = 0u64;
            if all != each {
                mark_chat(members, speakers, own, acts, told, marks);
                all = 0;
            }
            // A byte for each class: none is full before it is emptied.
            for members in members.chunks(255) {
                let mut bytes = 0u64;
                for &member in members {
                    bytes += 1 << (8 * (own[usize::from(member)] & (FEW as u8 - 1)));
                    marks[usize::from(member)] |= all;
                }
                for (c, count) in count.iter_mut().enumerate() {
                    *count += bytes >> (8 * c) & 255;
                }
            }
            if lowest == highest && all != 0 {
                // What a speaker hears is what the others say: nothing from itself.
                marks[usize::from(lowest)] = before;
            }
            for (c, &n) in count.iter().enumerate() {
                bits |= u64::from(n > 0) << c;
            }
            for &(user, messages) in speakers {
                let (actor, messages) = (usize::from(own[usize::from(user)]) & (FEW - 1), u64::from(messages));
                marks[usize::from(user)] |= acts;
                let row = &mut cells.members[FEW * actor..][..FEW];
                for (sum, &n) in row.iter_mut().zip(&count) {
                    *sum += messages * n;
                }
                // Not about the speaker.
                row[actor] -= messages;
                let alone = u64::from(count[actor] == 1) << actor;
                cells.sets[((bits & !alone) as usize * FEW + actor) & ((FEW << FEW) - 1)] += messages;
                cells.delivered += messages * (members.len() as u64 - 1);
            }
        }
    }

    /// Marks who checked in, and counts check-ins by class.
    pub(super) fn count_checkins(checkins: &[u16], own: &ByLocal<u8>, acts: u16, marks: &mut ByLocal<u16>, count: &mut [u64; MOST_CLASSES]) {
        for (user, &n) in checkins.iter().enumerate() {
            let user = user & 0xffff;
            marks[user] |= if n > 0 { acts } else { 0 };
            count[usize::from(own[user]) & (MOST_CLASSES - 1)] += u64::from(n);
        }
    }

    /// Merged classes.
    pub(super) fn merge(class: &[u16], merged: &[u16], out: &mut [u16]) {
        for (out, &class) in out.iter_mut().zip(class) {
            *out = merged[usize::from(class)];
        }
    }

    /// Classes of people, counted from the first of theirs: as bits, and as numbers.
    pub(super) fn own_classes(class: &[u16], first: u16, bits: &mut [u32], own: &mut [u8]) {
        for ((bit, own), &class) in bits.iter_mut().zip(own).zip(class) {
            let class = class - first;
            *bit = 1 << (class & (MOST_CLASSES as u16 - 1));
            *own = class as u8;
        }
    }

    /// Classes that occur.
    pub(super) fn union(bits: &[u32]) -> u32 {
        bits.iter().fold(0, |all, bit| all | bit)
    }

    /// How often people of each class are listed, from differences; marks who is.
    pub(super) fn listers(listed: &[i32], class: &[u16], first: usize, mark: u16, marks: &mut [u16], count: &mut [u32]) {
        let mut times = 0;
        for ((&change, &class), marks) in listed.iter().zip(class).zip(marks) {
            times += change;
            count[usize::from(class) - first] += times as u32;
            *marks |= if times > 0 { mark } else { 0 };
        }
    }
}
