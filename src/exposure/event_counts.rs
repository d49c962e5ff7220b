//! How often each thing happened between whom, told apart no further than policies and tables do. No policy is looked at.

use super::class_sets::{InternedClassSets, add_local};
use super::contexts::KindPartition;
use super::day_accumulator::{ClassRow, DayAccumulator, FEW};
use super::day_accumulator::{count_checkins, count_groups, count_weak_ties, mark_group};
use super::jurisdiction_classes::{CLASS_BITS, JurisdictionClasses, MOST_CLASSES};
use super::pairs;
use crate::population::{AddressBookBatch, ByLocal, NOBODY};
use crate::scenario::Kind;
use crate::traffic::{Batch, GroupBlock, MessageCounts, Shape, Speaker, WeakTieBlock};

const KINDS: usize = Kind::COUNT;

/// Counts of one day, of communities of one jurisdiction.
#[derive(Clone, Debug, Default)]
pub struct EventCounts {
    home: JurisdictionClasses,
    /// Merged kinds.
    kinds: usize,
    /// Events with one counterparty: home class, class, merged kind.
    pub pairs: Vec<u64>,
    /// Events without: home class, merged kind.
    pub solos: Vec<u64>,
    /// Flows about members of audiences: home class of the actor (or another that is alike as actor), class, merged kind.
    pub members: Vec<u64>,
    /// Events with audiences.
    pub(super) sets: InternedClassSets,
    /// Events by kind.
    pub by_kind: [u64; KINDS],
    /// Messages delivered: one per recipient.
    pub delivered: u64,
}

impl EventCounts {
    /// Empties the cells, for these classes and so many merged kinds.
    pub fn clear(&mut self, home: JurisdictionClasses, kinds: usize) {
        (self.home, self.kinds) = (home, kinds);
        for cells in [&mut self.pairs, &mut self.members] {
            cells.clear();
            // One more, which is nobody's.
            cells.resize(home.acting * home.classes * kinds + 1, 0);
        }
        self.solos.clear();
        self.solos.resize(home.acting * kinds, 0);
        self.sets = InternedClassSets::default();
        (self.by_kind, self.delivered) = ([0; KINDS], 0);
    }

    /// Whether nothing was counted.
    pub fn is_empty(&self) -> bool {
        self.by_kind.iter().all(|n| *n == 0)
    }

    /// Width of the counters of a set.
    pub fn width(&self) -> usize {
        self.home.acting * self.kinds
    }

    fn cell(&self, actor: usize, class: usize, kind: usize) -> usize {
        ((actor - self.home.first) * self.home.classes + class) * self.kinds + kind
    }

    /// Adds events one by one. `class` is the merged class of each slot.
    pub fn observe(
        &mut self,
        batch: &Batch,
        class: &[u16],
        partition: &KindPartition,
        accumulator: &mut DayAccumulator,
    ) {
        match batch.shape {
            Shape::Pair => {
                for ((&a, &t), &k) in batch.actor.iter().zip(&batch.target).zip(&batch.kind) {
                    let (actor, target) = (usize::from(class[a as usize]), usize::from(class[t as usize]));
                    let cell = self.cell(actor, target, partition.of(k));
                    self.pairs[cell] += 1;
                    self.by_kind[usize::from(k) % KINDS] += 1;
                }
                let messages = batch.kind.iter().filter(|k| Kind::ALL[usize::from(**k)].is_message());
                self.delivered += messages.count() as u64;
            }
            Shape::Solo => {
                for (&a, &k) in batch.actor.iter().zip(&batch.kind) {
                    self.alone(usize::from(class[a as usize]), k, 1, partition);
                }
            }
            Shape::Audience => self.observe_audiences(batch, class, partition, accumulator),
            // Counted where the actor lives.
            Shape::Incoming => {}
        }
    }

    /// Adds the kinds of events between two, in the order of [`pairs::KINDS`].
    pub fn kinds_of_pairs(&mut self, kinds: &[u64; pairs::KINDS.len()]) {
        for (kind, n) in pairs::KINDS.into_iter().zip(kinds) {
            self.by_kind[kind as usize] += n;
            self.delivered += if kind.is_message() { *n } else { 0 };
        }
    }

    /// Adds check-ins by local index, and marks who checked in. `own` is the class of each user, counted from the first of the
    /// community.
    pub fn checkins(
        &mut self,
        checkins: &[u16],
        own: &ByLocal<u8>,
        actor_mark: u16,
        marks: &mut ByLocal<u16>,
        partition: &KindPartition,
    ) {
        let mut count = [0; MOST_CLASSES];
        count_checkins(checkins, own, actor_mark, marks, &mut count);
        let kind = Kind::DeviceCheckin as u8;
        for (class, n) in count.into_iter().enumerate().take(self.home.acting) {
            self.solos[class * self.kinds + partition.of(kind)] += n;
            self.by_kind[usize::from(kind)] += n;
        }
    }

    /// Adds events without a counterparty.
    pub fn alone(&mut self, class: usize, kind: u8, n: u32, partition: &KindPartition) {
        self.solos[(class - self.home.first) * self.kinds + partition.of(kind)] += u64::from(n);
        self.by_kind[usize::from(kind)] += u64::from(n);
    }

    fn observe_audiences(
        &mut self,
        batch: &Batch,
        class: &[u16],
        partition: &KindPartition,
        accumulator: &mut DayAccumulator,
    ) {
        let (n, width) = (self.home.classes, self.width());
        let DayAccumulator { count, words, .. } = accumulator;
        count.clear();
        count.resize(n, 0);
        words.clear();
        words.resize(n.div_ceil(64), 0);
        let mut present: Vec<usize> = Vec::with_capacity(n);
        let mut last = u32::MAX;
        let mut full = 0;
        for i in 0..batch.len() {
            let (target, kind) = (batch.target[i], batch.kind[i]);
            if target != last {
                last = target;
                for c in present.drain(..) {
                    count[c] = 0;
                }
                words.fill(0);
                for &member in batch.audience(target) {
                    let c = usize::from(class[member as usize]);
                    if count[c] == 0 {
                        present.push(c);
                        words[c / 64] |= 1 << (c % 64);
                    }
                    count[c] += 1;
                }
                full = self.sets.number(words, width);
            }
            let actor = usize::from(class[batch.actor[i] as usize]);
            let k = partition.of(kind);
            // A group's audience holds the actor, who is no counterparty; an address book does not hold its owner.
            let own = kind != Kind::ContactSync as u8;
            for &c in &present {
                let cell = self.cell(actor, c, k);
                self.members[cell] += u64::from(count[c]);
            }
            let mut set = full;
            if own {
                let cell = self.cell(actor, actor, k);
                self.members[cell] -= 1;
                self.delivered += batch.audience(target).len() as u64 - 1;
                if count[actor] == 1 {
                    words[actor / 64] ^= 1 << (actor % 64);
                    set = self.sets.number(words, width);
                    words[actor / 64] ^= 1 << (actor % 64);
                }
            }
            self.sets.add(set, (actor - self.home.first) * self.kinds + k, width, 1);
            self.by_kind[usize::from(kind) % KINDS] += 1;
        }
    }

    /// Adds the kinds of messages to one person, or to groups.
    pub fn add_kinds(&mut self, first: Kind, kinds: &[u64]) {
        for (sum, n) in self.by_kind[first as usize..].iter_mut().zip(kinds) {
            *sum += n;
        }
    }

    /// Adds conversations over weak ties: what our users say; and marks them, with `actor_mark` and with the mark of each class's listeners. `own` is the
    /// class of each user, counted from the first of the community, `class` that of each slot.
    pub fn weak(
        &mut self,
        (conversations, sent): (&WeakTieBlock, &MessageCounts),
        of: (&ByLocal<u8>, &[u16]),
        kind: usize,
        (actor_mark, counterparty_mark): (u16, &[u16]),
        marks: &mut ByLocal<u16>,
    ) {
        let place = [self.home.classes, self.kinds, kind];
        count_weak_ties(conversations, &sent.other, of, place, actor_mark, counterparty_mark, &mut self.pairs, marks);
        self.add_kinds(Kind::TextMessage, &sent.kinds);
        self.delivered += sent.kinds.iter().sum::<u64>();
    }

    /// Adds calls, and marks both sides.
    pub fn calls(
        &mut self,
        calls: &[(u16, u16)],
        own: &ByLocal<u8>,
        kind: usize,
        (actor_mark, counterparty_mark): (u16, &[u16; MOST_CLASSES]),
        marks: &mut [u16],
    ) {
        let JurisdictionClasses { first, classes, .. } = self.home;
        for &(caller, called) in calls {
            let [of_caller, of_called] = [caller, called].map(|user| usize::from(own[usize::from(user)]));
            self.pairs[(of_caller * classes + first + of_called) * self.kinds + kind] += 1;
            marks[usize::from(caller)] |= actor_mark;
            marks[usize::from(called)] |= counterparty_mark[of_caller & (MOST_CLASSES - 1)];
        }
        self.by_kind[Kind::Call as usize] += calls.len() as u64;
    }

    /// Adds what was said in a group, whatever the number of classes.
    fn group_messages(
        &mut self,
        members: &[u16],
        speakers: &[Speaker],
        own: &ByLocal<u8>,
        kind: usize,
        count: &mut Vec<u32>,
    ) {
        let JurisdictionClasses { first, acting, classes, .. } = self.home;
        let width = self.width();
        count.clear();
        count.resize(acting, 0);
        let mut bits = 0u32;
        for &member in members {
            let c = usize::from(own[usize::from(member)]);
            bits |= 1 << c;
            count[c] += 1;
        }
        for &Speaker { user, n: messages, .. } in speakers {
            let (actor, messages) = (usize::from(own[usize::from(user)]), u64::from(messages));
            for (c, &n) in count.iter().enumerate() {
                // Not about the speaker.
                let others = u64::from(n) - u64::from(c == actor);
                self.members[(actor * classes + first + c) * self.kinds + kind] += messages * others;
            }
            let alone = u32::from(count[actor] == 1) << actor;
            let set = self.sets.local_number(bits & !alone, first, classes, width);
            self.sets.add(set, actor * self.kinds + kind, width, messages);
            self.delivered += messages * (members.len() as u64 - 1);
        }
    }

    /// Adds what was said in groups, and marks who spoke with `actor_mark`, and who heard it with the mark of the speaker's class.
    pub fn group_block(
        &mut self,
        (group_block, seats): (&GroupBlock, &[u16]),
        own: &ByLocal<u8>,
        kind: usize,
        (actor_mark, counterparty_mark): (u16, &[u16; MOST_CLASSES]),
        accumulator: &mut DayAccumulator,
        marks: &mut ByLocal<u16>,
    ) {
        self.add_kinds(Kind::GroupText, &group_block.kinds);
        if self.home.acting <= FEW {
            let (part, cells) = (&accumulator.part, &mut accumulator.group_block);
            count_groups(group_block, seats, own, part, actor_mark, counterparty_mark, cells, marks);
            return;
        }
        let mut from = 0;
        for group_messages in &group_block.groups {
            let members = &seats[group_messages.from as usize..(group_messages.from + group_messages.members) as usize];
            let speakers = &group_block.speakers[from..group_messages.speakers as usize];
            from = group_messages.speakers as usize;
            self.group_messages(members, speakers, own, kind, &mut accumulator.count);
            mark_group(members, speakers, own, actor_mark, counterparty_mark, marks);
        }
    }

    /// Adds uploads of address books: the events, and what they say of people elsewhere. People here are added up for the
    /// day. `class` is that of each slot, `own` that of each local person, counted from the first of the community; `stands` is the one that stands
    /// for each as actor.
    pub fn uploads(
        &mut self,
        (books, times): (&AddressBookBatch, &[u32]),
        class: &[u16],
        own: &ByLocal<u8>,
        stands: &[u8; MOST_CLASSES],
        kind: usize,
        accumulator: &mut DayAccumulator,
    ) {
        let JurisdictionClasses { first, classes, .. } = self.home;
        let width = self.width();
        accumulator.listings.add(books, times, own, stands);
        // Bits of a class elsewhere, or of nobody.
        let bits = usize::BITS - classes.leading_zeros();
        let packs = books.elsewhere.len() as u32 * bits <= 32;
        for (i, here) in accumulator.listings.classes().enumerate() {
            let (actor, n) = (usize::from(own[usize::from(books.owner[i])]), u64::from(times[i]));
            // The set as a word: classes here, and those elsewhere if they fit.
            let mut packed = 0u64;
            for slots in &books.elsewhere {
                // Nobody is of no class.
                let somebody = slots[i] != NOBODY;
                let c = if somebody { usize::from(class[slots[i] as usize]) } else { 0 };
                packed = packed << bits.min(32) | if somebody { c as u64 + 1 } else { 0 };
                self.members[(actor * classes + c) * self.kinds + kind] += if somebody { n } else { 0 };
            }
            let packed = packs.then_some(packed << 32 | u64::from(here));
            let set = self.sets.known(packed).unwrap_or_else(|| {
                accumulator.words.clear();
                accumulator.words.resize(classes.div_ceil(64), 0);
                add_local(&mut accumulator.words, here, first);
                for slots in books.elsewhere.iter().filter(|slots| slots[i] != NOBODY) {
                    let c = usize::from(class[slots[i] as usize]);
                    accumulator.words[c / 64] |= 1 << (c % 64);
                }
                let set = self.sets.number(&accumulator.words, width);
                self.sets.remember(packed, set);
                set
            });
            self.sets.add(set, actor * self.kinds + kind, width, n);
            self.by_kind[Kind::ContactSync as usize] += n;
        }
    }

    /// Makes sure that another block's conversations can be added up: `messages` of them.
    pub fn make_room(&mut self, messages: u64, kind: usize, accumulator: &mut DayAccumulator) {
        if accumulator.sent + messages > u64::from(u32::MAX) {
            self.take_strong_ties(kind, accumulator);
        }
        accumulator.sent += messages;
    }

    /// Moves the conversations that were added up to cells.
    fn take_strong_ties(&mut self, message: usize, accumulator: &mut DayAccumulator) {
        let JurisdictionClasses { first, classes, .. } = self.home;
        for (i, conversations) in accumulator.conversations.iter_mut().enumerate().filter(|(_, t)| **t != 0) {
            let (starter, other) = (i >> CLASS_BITS & (MOST_CLASSES - 1), i & (MOST_CLASSES - 1));
            self.pairs[(starter * classes + first + other) * self.kinds + message] += *conversations & 0xffff_ffff;
            self.pairs[(other * classes + first + starter) * self.kinds + message] += *conversations >> 32;
            *conversations = 0;
        }
        for (starter, conversations) in accumulator.few.iter_mut().enumerate() {
            for (other, conversations) in conversations.0.iter_mut().enumerate().filter(|(_, t)| **t != 0) {
                self.pairs[(starter * classes + first + other) * self.kinds + message] += *conversations & 0xffff_ffff;
                self.pairs[(other * classes + first + starter) * self.kinds + message] += *conversations >> 32;
                *conversations = 0;
            }
        }
        accumulator.sent = 0;
    }

    /// Moves what was added up for the day of a community to cells, and marks everybody who was listed: `marks[person] |=
    /// mark(class of the actor, counted from the first of the community)`.
    pub fn end_day(
        &mut self,
        own: &[u8],
        [message, group, upload]: [usize; 3],
        accumulator: &mut DayAccumulator,
        marks: &mut [u16],
        mark: impl Fn(usize) -> u16,
    ) {
        self.take_strong_ties(message, accumulator);
        let JurisdictionClasses { first, acting, classes, .. } = self.home;
        let width = self.width();
        for (own, ClassRow(members)) in accumulator.group_block.members.iter_mut().enumerate().take(acting) {
            members[own] -= std::mem::take(&mut accumulator.group_block.less[own]);
            for (c, n) in members.iter_mut().enumerate().take(acting) {
                self.members[(own * classes + first + c) * self.kinds + group] += std::mem::take(n);
            }
        }
        for (bits, events) in accumulator.group_block.sets.chunks_mut(FEW).enumerate() {
            for (own, n) in events.iter_mut().enumerate().filter(|(_, n)| **n > 0) {
                let set = self.sets.local_number(bits as u32, first, classes, width);
                self.sets.add(set, own * self.kinds + group, width, std::mem::take(n));
            }
        }
        self.delivered += std::mem::take(&mut accumulator.group_block.delivered);
        accumulator.listings.end_day(own, marks, mark, |actor, count| {
            for (c, &n) in count.iter().enumerate() {
                self.members[(actor * classes + first + c) * self.kinds + upload] += n;
            }
        });
    }
}
