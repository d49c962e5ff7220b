//! Cells: how often each thing happened between whom, told apart no further than policies and tables do. No policy is looked at.

use super::reach::Alike;
use super::sets::{Sets, add_local};
use crate::scenario::Kind;
use crate::traffic::{Batch, Block, Said, Shape, Talks};
use crate::vector::kernels;
use crate::world::{Book, ByLocal};

const KINDS: usize = Kind::COUNT;

/// Which classes the people of a community are of: those of one jurisdiction, which lie together. Those with an account come first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Home {
    /// First merged class of the jurisdiction.
    pub first: usize,
    /// Classes of those who act.
    pub acting: usize,
    /// Classes of all its people.
    pub all: usize,
    /// Merged classes of the run.
    pub classes: usize,
}

/// Counts of one day, of communities of one jurisdiction.
#[derive(Clone, Debug, Default)]
pub struct Cells {
    home: Home,
    /// Merged kinds.
    kinds: usize,
    /// Events with one counterparty: home class, class, merged kind.
    pub pairs: Vec<u64>,
    /// Events without: home class, merged kind.
    pub solos: Vec<u64>,
    /// Flows about members of audiences: home class of the actor (or another that is alike as actor), class, merged kind.
    pub members: Vec<u64>,
    /// Events with audiences.
    pub(super) sets: Sets,
    /// Events by kind.
    pub by_kind: [u64; KINDS],
    /// Messages delivered: one per recipient.
    pub delivered: u64,
}

/// Copies of the cells of talks, so that one talk's count does not wait for that of the talk before.
const LANES: usize = 4;
/// Bits of a class of the community at hand.
const CLASS_BITS: usize = 5;
/// Most classes of a community whose talks are counted whole.
pub const MOST_CLASSES: usize = 1 << CLASS_BITS;
const TALKS: usize = LANES << (2 * CLASS_BITS);

/// What is added up within a community's day, before it goes to cells.
#[derive(Clone, Debug)]
pub struct Today {
    /// Talks of two by lane, class of the starter, class of the other: messages of the starter, and of the other in the high half.
    talks: Box<[u64; TALKS]>,
    /// By home class that stands for all alike as actors: how many uploads list each local person, as differences from one
    /// person to the next; empty if there was none.
    listed: Vec<Vec<i32>>,
    count: Vec<u32>,
    words: Vec<u64>,
}

impl Cells {
    /// Empties the cells, for these classes and so many merged kinds.
    pub fn clear(&mut self, home: Home, kinds: usize) {
        (self.home, self.kinds) = (home, kinds);
        for cells in [&mut self.pairs, &mut self.members] {
            cells.clear();
            cells.resize(home.acting * home.classes * kinds, 0);
        }
        self.solos.clear();
        self.solos.resize(home.acting * kinds, 0);
        self.sets = Sets::default();
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
    pub fn observe(&mut self, batch: &Batch, class: &[u16], alike: &Alike, today: &mut Today) {
        match batch.shape {
            Shape::Pair => {
                for ((&a, &t), &k) in batch.actor.iter().zip(&batch.target).zip(&batch.kind) {
                    let (actor, target) = (usize::from(class[a as usize]), usize::from(class[t as usize]));
                    let cell = self.cell(actor, target, alike.of(k));
                    self.pairs[cell] += 1;
                    self.by_kind[usize::from(k) % KINDS] += 1;
                }
                let messages = batch.kind.iter().filter(|k| Kind::ALL[usize::from(**k)].is_message());
                self.delivered += messages.count() as u64;
            }
            Shape::Solo => {
                for (&a, &k) in batch.actor.iter().zip(&batch.kind) {
                    self.alone(usize::from(class[a as usize]), k, 1, alike);
                }
            }
            Shape::Audience => self.observe_audiences(batch, class, alike, today),
            // Counted where the actor lives.
            Shape::Incoming => {}
        }
    }

    /// Adds check-ins by local index, and marks who checked in. `own` is the class of each user, counted from the first of the
    /// community.
    pub fn checkins(&mut self, checkins: &[u16], own: &ByLocal<u8>, acts: u16, marks: &mut ByLocal<u16>, alike: &Alike) {
        let mut count = [0; MOST_CLASSES];
        count_checkins(checkins, own, acts, marks, &mut count);
        let kind = Kind::DeviceCheckin as u8;
        for (class, n) in count.into_iter().enumerate().take(self.home.acting) {
            self.solos[class * self.kinds + alike.of(kind)] += n;
            self.by_kind[usize::from(kind)] += n;
        }
    }

    /// Adds events without a counterparty.
    pub fn alone(&mut self, class: usize, kind: u8, n: u32, alike: &Alike) {
        self.solos[(class - self.home.first) * self.kinds + alike.of(kind)] += u64::from(n);
        self.by_kind[usize::from(kind)] += u64::from(n);
    }

    fn observe_audiences(&mut self, batch: &Batch, class: &[u16], alike: &Alike, today: &mut Today) {
        let (n, width) = (self.home.classes, self.width());
        let Today { count, words, .. } = today;
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
            let k = alike.of(kind);
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
            self.sets.counts[set as usize * width + (actor - self.home.first) * self.kinds + k] += 1;
            self.by_kind[usize::from(kind) % KINDS] += 1;
        }
    }

    /// Adds the kinds of messages to one person, or to groups.
    pub fn add_kinds(&mut self, first: Kind, kinds: &[u64]) {
        for (sum, n) in self.by_kind[first as usize..].iter_mut().zip(kinds) {
            *sum += n;
        }
    }

    /// Adds talks over weak ties: what our side says. `people` is the number of local slots.
    pub fn weak_talks(&mut self, talks: &Talks, said: &Said, class: &[u16], people: u32, kind: usize) {
        for i in 0..talks.len() {
            let (starter, other) = (talks.starter[i], talks.other[i]);
            let ours = starter < people;
            let (us, them) = if ours { (starter, other) } else { (other, starter) };
            let n = if ours { talks.length[i] - said.other[i] } else { said.other[i] };
            let cell = self.cell(usize::from(class[us as usize]), usize::from(class[them as usize]), kind);
            self.pairs[cell] += u64::from(n);
        }
        self.add_kinds(Kind::TextMessage, &said.kinds);
        self.delivered += said.kinds.iter().sum::<u64>();
    }

    /// Adds what was said in a group. `actors` gives the class that stands for all alike as actors.
    pub fn group(&mut self, members: &[u32], speakers: &[(u32, u32)], class: &[u16], kind: usize, today: &mut Today) {
        let Home { first, acting, classes, .. } = self.home;
        let width = self.width();
        today.count.clear();
        today.count.resize(acting, 0);
        let mut bits = 0u32;
        for &member in members {
            let c = usize::from(class[member as usize]) - first;
            bits |= 1 << c;
            today.count[c] += 1;
        }
        for &(slot, messages) in speakers {
            let actor = usize::from(class[slot as usize]);
            let own = actor - first;
            let messages = u64::from(messages);
            let mut rest = bits;
            while rest != 0 {
                let c = rest.trailing_zeros() as usize;
                rest &= rest - 1;
                // Not about the speaker.
                let others = u64::from(today.count[c]) - u64::from(c == own);
                self.members[(own * classes + first + c) * self.kinds + kind] += messages * others;
            }
            let alone = u32::from(today.count[own] == 1) << own;
            let set = self.sets.local_number(bits & !alone, first, classes, width);
            self.sets.counts[set as usize * width + own * self.kinds + kind] += messages;
            self.delivered += messages * (members.len() as u64 - 1);
        }
    }

    /// Adds uploads of an address book: the events, and what they say of people elsewhere. People here are added up for the
    /// day. `bits` has the class of each local person as a bit; `actor` is the class of the owner, and `stands` the one that
    /// stands for it as actor.
    pub fn uploads(
        &mut self,
        (book, n): (&Book, u32),
        class: &[u16],
        bits: &[u32],
        (actor, stands): (usize, usize),
        kind: usize,
        today: &mut Today,
    ) {
        let Home { first, classes, .. } = self.home;
        let (width, n) = (self.width(), n as i32);
        let mut here = 0;
        today.words.clear();
        today.words.resize(classes.div_ceil(64), 0);
        let listed = &mut today.listed[stands - first];
        listed.resize(bits.len() + 1, 0);
        let mut elsewhere = false;
        for &slot in &book.singles {
            if let Some(bit) = bits.get(slot as usize) {
                here |= bit;
                listed[slot as usize] += n;
                listed[slot as usize + 1] -= n;
            } else {
                let c = usize::from(class[slot as usize]);
                today.words[c / 64] |= 1 << (c % 64);
                elsewhere = true;
                let cell = ((actor - first) * classes + c) * self.kinds + kind;
                self.members[cell] += n as u64;
            }
        }
        for &(from, to) in &book.ranges {
            listed[from as usize] += n;
            listed[to as usize] -= n;
            here |= union(&bits[from as usize..to as usize]);
        }
        let set = if elsewhere {
            add_local(&mut today.words, here, first);
            self.sets.number(&today.words, width)
        } else {
            self.sets.local_number(here, first, classes, width)
        };
        self.sets.counts[set as usize * width + (actor - first) * self.kinds + kind] += n as u64;
        self.by_kind[Kind::ContactSync as usize] += n as u64;
    }

    /// Moves what was added up for the day of a community to cells, and marks everybody who was listed: `marks[person] |=
    /// mark(actor class)`.
    pub fn end_day(
        &mut self,
        class: &[u16],
        (message, upload): (usize, usize),
        today: &mut Today,
        marks: &mut [u16],
        mark: impl Fn(usize) -> u16,
    ) {
        let Home { first, classes, .. } = self.home;
        for (i, talks) in today.talks.iter_mut().enumerate().filter(|(_, t)| **t != 0) {
            let (starter, other) = (i >> CLASS_BITS & (MOST_CLASSES - 1), i & (MOST_CLASSES - 1));
            self.pairs[(starter * classes + first + other) * self.kinds + message] += *talks & 0xffff_ffff;
            self.pairs[(other * classes + first + starter) * self.kinds + message] += *talks >> 32;
            *talks = 0;
        }
        for (actor, listed) in today.listed.iter_mut().enumerate().filter(|(_, l)| !l.is_empty()) {
            today.count.clear();
            today.count.resize(self.home.all, 0);
            listers(listed, class, first, mark(first + actor), marks, &mut today.count);
            for (c, &n) in today.count.iter().enumerate() {
                self.members[(actor * classes + first + c) * self.kinds + upload] += u64::from(n);
            }
            listed.clear();
        }
    }
}

impl Default for Today {
    fn default() -> Self {
        Today { talks: Box::new([0; TALKS]), listed: Vec::new(), count: Vec::new(), words: Vec::new() }
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
                marks[usize::from(them)] |= told_by_us | (acts & answered);
                heard |= told[their] & answered;
            }
            marks[usize::from(turn.user)] |= if turn.n > 0 { acts | heard } else { 0 };
        }
    }

    /// Marks who checked in, and counts check-ins by class.
    fn count_checkins(checkins: &[u16], own: &ByLocal<u8>, acts: u16, marks: &mut ByLocal<u16>, count: &mut [u64; MOST_CLASSES]) {
        for (user, &n) in checkins.iter().enumerate() {
            let user = user & 0xffff;
            marks[user] |= if n > 0 { acts } else { 0 };
            count[usize::from(own[user]) & (MOST_CLASSES - 1)] += u64::from(n);
        }
    }

    /// Classes that occur.
    fn union(bits: &[u32]) -> u32 {
        bits.iter().fold(0, |all, bit| all | bit)
    }

    /// How often people of each class are listed, from differences; marks who is.
    fn listers(listed: &[i32], class: &[u16], first: usize, mark: u16, marks: &mut [u16], count: &mut [u32]) {
        let mut times = 0;
        for ((&change, &class), marks) in listed.iter().zip(class).zip(marks) {
            times += change;
            count[usize::from(class) - first] += times as u32;
            *marks |= if times > 0 { mark } else { 0 };
        }
    }
}
