//! What is added up within a community's day, in the form in which it is soonest added; cells take it over at the end of the day.

use super::address_book_counts::AddressBookCounts;
use super::jurisdiction_classes::{CLASS_BITS, MOST_CLASSES};
use crate::population::{ByLocal, Circles, by_local};
use crate::simd::kernel;
use crate::traffic::{GroupBlock, MessageCounts, ROOM, Speaker, StrongTieBlock, WeakTieBlock};

/// Copies of the cells of conversations, so that one conversation's count does not wait for that of the conversation before.
const LANES: usize = 4;
const STRONG_TIE_CELLS: usize = LANES << (2 * CLASS_BITS);

/// What is added up within a community's day, before it goes to cells.
#[derive(Clone, Debug)]
pub struct DayAccumulator {
    /// Conversations of two by lane, class of the starter, class of the other: messages of the starter, and of the other in the high half.
    pub(super) conversations: Box<[u64; STRONG_TIE_CELLS]>,
    /// The same of communities of few classes, by class of the starter, class of the other.
    pub(super) few: [ClassRow; FEW],
    /// Messages in these since cells took them over: each half holds 32 bits.
    pub(super) sent: u64,
    scratch: Scratch,
    pub(super) listings: AddressBookCounts,
    /// Where a user's class has its byte in a word of eight.
    pub(super) part: Box<ByLocal<u8>>,
    /// Messages to groups, of communities with few classes.
    pub(super) group_block: GroupCounts,
    pub(super) count: Vec<u32>,
    pub(super) words: Vec<u64>,
}

/// Most classes of a community whose conversations, of two and of groups, are counted in the parts of a register.
pub(super) const FEW: usize = 8;

/// A number for each of few classes: a line of the cache.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(64))]
pub(super) struct ClassRow(pub(super) [u64; FEW]);

/// By class: all ones at its part, zeros at the others.
static ONLY: [ClassRow; FEW] = {
    let mut only = [ClassRow([0; FEW]); FEW];
    let mut class = 0;
    while class < FEW {
        only[class].0[class] = u64::MAX;
        class += 1;
    }
    only
};

/// What follows from each conversation of a block alone.
#[derive(Clone, Debug)]
pub(super) struct Scratch {
    /// Messages of the starter, and of the other in the high half.
    both: Box<[u64; ROOM]>,
    /// The same of each user, by class of the other.
    by_class: Box<[ClassRow]>,
    /// All ones if it takes place; what the other is marked with for an answer.
    spoke: Box<[u16; ROOM]>,
    answered: Box<[u16; ROOM]>,
}

/// What was said in groups, by classes of the community at hand.
#[derive(Clone, Debug)]
pub(super) struct GroupCounts {
    /// Flows about members: class of the speaker, class of the member.
    pub(super) members: [ClassRow; FEW],
    /// Those that are about the speaker, by class.
    pub(super) less: [u64; FEW],
    /// Events: classes of those who heard it as bits, class of the speaker.
    pub(super) sets: Box<[u64; FEW << FEW]>,
    pub(super) delivered: u64,
    /// Members of each group of a block.
    rows: Box<[Members]>,
}

/// Members of a group.
#[derive(Clone, Copy, Debug, Default)]
struct Members {
    /// By class.
    count: ClassRow,
    /// Classes that occur, as bits.
    classes: usize,
    /// All.
    members: u64,
}

/// Marks who spoke in a group, and who heard it.
pub(super) fn mark_group(
    members: &[u16],
    speakers: &[Speaker],
    own: &ByLocal<u8>,
    actor_mark: u16,
    counterparty_mark: &[u16; MOST_CLASSES],
    marks: &mut ByLocal<u16>,
) {
    let mark_of = |user: u16| counterparty_mark[usize::from(own[usize::from(user)]) & (MOST_CLASSES - 1)];
    let all = speakers.iter().fold(0, |all, speaker| all | mark_of(speaker.user));
    let before: Vec<u16> = speakers.iter().map(|speaker| marks[usize::from(speaker.user)]).collect();
    for &member in members {
        marks[usize::from(member)] |= all;
    }
    // What a speaker hears is what the others say: nothing from itself.
    for (&Speaker { user, .. }, &before) in speakers.iter().zip(&before) {
        let others = speakers.iter().filter(|other| other.user != user);
        let heard = others.fold(0, |all, other| all | mark_of(other.user));
        marks[usize::from(user)] = before | heard | actor_mark;
    }
}

impl Default for DayAccumulator {
    fn default() -> Self {
        let group_block = GroupCounts {
            members: [ClassRow::default(); FEW],
            less: [0; FEW],
            sets: Box::new([0; FEW << FEW]),
            delivered: 0,
            rows: vec![Members::default(); ROOM].into(),
        };
        let scratch = Scratch {
            both: Box::new([0; ROOM]),
            by_class: vec![ClassRow::default(); ROOM].into(),
            spoke: Box::new([0; ROOM]),
            answered: Box::new([0; ROOM]),
        };
        DayAccumulator {
            conversations: Box::new([0; STRONG_TIE_CELLS]),
            few: [ClassRow::default(); FEW],
            sent: 0,
            scratch,
            listings: AddressBookCounts::default(),
            part: by_local(0),
            group_block,
            count: Vec::new(),
            words: Vec::new(),
        }
    }
}

impl DayAccumulator {
    /// Forgets all.
    pub fn begin(&mut self) {
        self.conversations.fill(0);
        self.few.fill(ClassRow::default());
        self.sent = 0;
    }

    /// Looks at the users of a community and their third circle. `own` are its people's classes, counted from its first, of which
    /// `acting` act.
    pub fn look_around(&mut self, circles: &Circles, own: &[u8], acting: usize) {
        for (part, own) in self.part.iter_mut().zip(own).take(circles.users() as usize) {
            *part = own << 3;
        }
        self.listings.look_around(circles, own, acting);
    }

    /// Adds conversations between people of the community, and marks them: as actors of messages with `actor_mark`, as counterparties of a
    /// message with the mark of the actor's class. `own` is the class of each user, counted from the first of the community.
    pub fn conversations(
        &mut self,
        conversations: &StrongTieBlock,
        sent: &MessageCounts,
        own: &ByLocal<u8>,
        few: bool,
        (actor_mark, counterparty_mark): (u16, &[u16; MOST_CLASSES]),
        marks: &mut ByLocal<u16>,
    ) {
        if few {
            count_strong_ties(
                conversations,
                &sent.other,
                own,
                actor_mark,
                counterparty_mark,
                marks,
                &mut self.scratch,
                &mut self.few,
            );
        } else {
            count_strong_ties_of_many(
                conversations,
                &sent.other,
                own,
                actor_mark,
                counterparty_mark,
                marks,
                &mut self.conversations,
            );
        }
    }
}

/// See [`DayAccumulator::conversations`], for few classes: what a user hears is held in a register by class.
#[kernel]
fn count_strong_ties(
    conversations: &StrongTieBlock,
    by_other: &[u16],
    own: &ByLocal<u8>,
    actor_mark: u16,
    counterparty_mark: &[u16; MOST_CLASSES],
    marks: &mut ByLocal<u16>,
    scratch: &mut Scratch,
    cells: &mut [ClassRow; FEW],
) {
    let n = conversations.len.min(ROOM);
    let (length, other, by_other) = (&conversations.length[..n], &conversations.other[..n], &by_other[..n]);
    let (both, spoke, answered) = (&mut scratch.both[..n], &mut scratch.spoke[..n], &mut scratch.answered[..n]);
    for i in 0..n {
        both[i] = u64::from(length[i] - by_other[i]) | u64::from(by_other[i]) << 32;
    }
    for i in 0..n {
        spoke[i] = if length[i] > 0 { u16::MAX } else { 0 };
        answered[i] = if by_other[i] > 0 { actor_mark } else { 0 };
    }
    let mut at = 0;
    for (turn, by_class) in conversations.users().iter().zip(scratch.by_class.iter_mut()) {
        let our_counterparty_mark = counterparty_mark[usize::from(own[usize::from(turn.user)]) & (FEW - 1)];
        let mut sums = [0u64; FEW];
        let until = (at + usize::from(turn.n)).min(n);
        for i in at..until {
            let them = usize::from(other[i]);
            let of_class = &ONLY[usize::from(own[them]) & (FEW - 1)].0;
            for c in 0..FEW {
                sums[c] += both[i] & of_class[c];
            }
            marks[them] |= spoke[i] & our_counterparty_mark | answered[i];
        }
        at = until;
        by_class.0 = sums;
    }
    for (turn, by_class) in conversations.users().iter().zip(scratch.by_class.iter()) {
        let user = usize::from(turn.user);
        let (row, by_class) = (&mut cells[usize::from(own[user]) & (FEW - 1)].0, &by_class.0);
        let mut heard = 0;
        for c in 0..FEW {
            row[c] += by_class[c];
            heard |= if by_class[c] >> 32 > 0 { counterparty_mark[c] } else { 0 }
                | if by_class[c] > 0 { actor_mark } else { 0 };
        }
        marks[user] |= heard;
    }
}

/// See [`DayAccumulator::conversations`].
#[kernel]
fn count_strong_ties_of_many(
    conversations: &StrongTieBlock,
    by_other: &[u16],
    own: &ByLocal<u8>,
    actor_mark: u16,
    counterparty_mark: &[u16; MOST_CLASSES],
    marks: &mut ByLocal<u16>,
    cells: &mut [u64; STRONG_TIE_CELLS],
) {
    const CLASS: usize = MOST_CLASSES - 1;
    let n = conversations.len;
    let (length, other, by_other) = (&conversations.length[..n], &conversations.other[..n], &by_other[..n]);
    let mut rest = length.iter().zip(other).zip(by_other);
    let mut lane = 0;
    for turn in conversations.users() {
        let our = usize::from(own[usize::from(turn.user)]) & CLASS;
        let our_counterparty_mark = counterparty_mark[our];
        let mut heard = 0;
        for ((&length, &them), &by_other) in rest.by_ref().take(usize::from(turn.n)) {
            let their = usize::from(own[usize::from(them)]) & CLASS;
            // All ones if the other answered.
            let answered = 0u16.wrapping_sub(u16::from(by_other > 0));
            lane = (lane + 1) % LANES;
            cells[lane << (2 * CLASS_BITS) | our << CLASS_BITS | their] +=
                u64::from(length - by_other) | u64::from(by_other) << 32;
            let spoke = 0u16.wrapping_sub(u16::from(length > 0));
            marks[usize::from(them)] |= (our_counterparty_mark & spoke) | (actor_mark & answered);
            heard |= (counterparty_mark[their] & answered) | (actor_mark & spoke);
        }
        marks[usize::from(turn.user)] |= heard;
    }
}

/// See [`EventCounts::weak`].
#[kernel]
pub(super) fn count_weak_ties(
    conversations: &WeakTieBlock,
    by_other: &[u16],
    of: (&ByLocal<u8>, &[u16]),
    place: [usize; 3],
    actor_mark: u16,
    counterparty_mark: &[u16],
    pairs: &mut [u64],
    marks: &mut ByLocal<u16>,
) {
    let ([classes, kinds, kind], (own, class)) = (place, of);
    let n = conversations.len.min(ROOM);
    let (user, slot, length, by_other) =
        (&conversations.user[..n], &conversations.slot[..n], &conversations.length[..n], &by_other[..n]);
    for i in 0..n {
        let (them, us) = (usize::from(class[slot[i] as usize]), usize::from(user[i]));
        let (by_us, by_them) = if conversations.we_start {
            (length[i] - by_other[i], by_other[i])
        } else {
            (by_other[i], length[i] - by_other[i])
        };
        pairs[(usize::from(own[us]) * classes + them) * kinds + kind] += u64::from(by_us);
        let all = |n: u16| 0u16.wrapping_sub(u16::from(n > 0));
        marks[us] |= actor_mark & all(by_us) | counterparty_mark[them] & all(by_them);
    }
}

/// Counts conversations of groups of a community of few classes, and marks who spoke and who heard it.
#[kernel]
pub(super) fn count_groups(
    group_block: &GroupBlock,
    seats: &[u16],
    own: &ByLocal<u8>,
    part: &ByLocal<u8>,
    actor_mark: u16,
    counterparty_mark: &[u16; MOST_CLASSES],
    cells: &mut GroupCounts,
    marks: &mut ByLocal<u16>,
) {
    let partition = counterparty_mark.iter().all(|&mark| mark == counterparty_mark[0]);
    let mut from = 0;
    for (group_messages, row) in group_block.groups.iter().zip(&mut cells.rows) {
        let members = &seats[group_messages.from as usize..(group_messages.from + group_messages.members) as usize];
        let speakers = &group_block.speakers[from..group_messages.speakers as usize];
        from = group_messages.speakers as usize;
        // What all hear, if they hear the same from all who speak.
        let mut all = counterparty_mark[0];
        if !partition {
            let mark_of =
                |speaker: &Speaker| counterparty_mark[usize::from(own[usize::from(speaker.user)]) & (MOST_CLASSES - 1)];
            all = speakers.first().map_or(0, mark_of);
            if speakers.iter().any(|speaker| mark_of(speaker) != all) {
                mark_group(members, speakers, own, actor_mark, counterparty_mark, marks);
                all = 0;
            }
        }
        let only = speakers.first().map_or(0, |speaker| speaker.user);
        let before = marks[usize::from(only)];
        // A byte for each class: none is full before it is emptied.
        let mut count = [0u64; FEW];
        for members in members.chunks(255) {
            let mut bytes = 0u64;
            for &member in members {
                bytes += 1 << (part[usize::from(member)] & 63);
                marks[usize::from(member)] |= all;
            }
            for (c, count) in count.iter_mut().enumerate() {
                *count += bytes >> (8 * c) & 255;
            }
        }
        row.count.0 = count;
        row.members = members.len() as u64;
        row.classes = 0;
        for (c, &n) in count.iter().enumerate() {
            row.classes |= usize::from(n > 0) << c;
        }
        if all != 0 && speakers.iter().all(|speaker| speaker.user == only) {
            // What a speaker hears is what the others say: nothing from itself.
            marks[usize::from(only)] = before;
        }
    }
    for speaker in &group_block.speakers {
        let user = usize::from(speaker.user);
        let (actor, messages) = (usize::from(own[user]) & (FEW - 1), u64::from(speaker.n));
        marks[user] |= actor_mark;
        let group_messages = &cells.rows[usize::from(speaker.group_messages) & (ROOM - 1)];
        for (sum, &n) in cells.members[actor].0.iter_mut().zip(&group_messages.count.0) {
            *sum += messages * n;
        }
        // Not about the speaker: taken off in the end, as a part of a row that was just written is slow to read.
        cells.less[actor] += messages;
        let alone = usize::from(group_messages.count.0[actor] == 1) << actor;
        cells.sets[((group_messages.classes & !alone) * FEW + actor) & ((FEW << FEW) - 1)] += messages;
        cells.delivered += messages * (group_messages.members - 1);
    }
}

/// Marks who checked in, and counts check-ins by class.
#[kernel]
pub(super) fn count_checkins(
    checkins: &[u16],
    own: &ByLocal<u8>,
    actor_mark: u16,
    marks: &mut ByLocal<u16>,
    count: &mut [u64; MOST_CLASSES],
) {
    for (user, &n) in checkins.iter().enumerate() {
        let user = user & 0xffff;
        marks[user] |= if n > 0 { actor_mark } else { 0 };
        count[usize::from(own[user]) & (MOST_CLASSES - 1)] += u64::from(n);
    }
}
