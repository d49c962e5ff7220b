//! How often each person of a community acted, and was concerned by others' acts.

use crate::population::{ByLocal, by_local};
use crate::scenario::Kind;
use crate::traffic::{GroupBlock, MessageCounts, StrongTieBlock, WeakTieBlock};

const KINDS: usize = Kind::COUNT;

/// Numbers by kind of event, and by local person. Of messages that are alike to all policies the kinds may be counted as text.
#[derive(Debug)]
pub(super) struct ActCounts {
    /// Groups of actors that policies tell apart in what they say of others.
    groups: usize,
    /// Acts of each person: by kind.
    acted: Vec<Option<Box<ByLocal<u32>>>>,
    /// Acts of others that concern each person: by kind, then group of the actor.
    concerned: Vec<Option<Box<ByLocal<u32>>>>,
}

/// Who is counted: those who act, or those whom others' acts concern; of which kind of event, by actors of which group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Actor,
    Counterparty { group: usize },
}

impl ActCounts {
    pub(super) fn new(groups: usize) -> Self {
        let none = |n: usize| (0..n).map(|_| None).collect();
        ActCounts { groups, acted: none(KINDS), concerned: none(KINDS * groups) }
    }

    /// Acts of each person, of a kind.
    pub(super) fn acted(&mut self, kind: usize) -> &mut ByLocal<u32> {
        self.acted[kind].get_or_insert_with(|| by_local(0))
    }

    /// Acts of others of a group that concern each person, of a kind.
    pub(super) fn concerned(&mut self, kind: usize, group: usize) -> &mut ByLocal<u32> {
        self.concerned[kind * self.groups + group].get_or_insert_with(|| by_local(0))
    }

    /// Both of these.
    fn both(&mut self, kind: Kind) -> (&mut ByLocal<u32>, &mut ByLocal<u32>) {
        let ActCounts { acted, concerned, groups } = self;
        let acted = acted[kind as usize].get_or_insert_with(|| by_local(0));
        (acted, concerned[kind as usize * *groups].get_or_insert_with(|| by_local(0)))
    }

    /// Calls `of(kind, role, numbers)` for what was counted, and forgets it.
    pub(super) fn take(&mut self, people: usize, mut of: impl FnMut(usize, Role, &[u32])) {
        let groups = self.groups;
        let acted = self.acted.iter_mut().enumerate().map(|(kind, counts)| (kind, Role::Actor, counts));
        let concerned = self.concerned.iter_mut().enumerate();
        let concerned = concerned.map(|(at, counts)| (at / groups, Role::Counterparty { group: at % groups }, counts));
        for (kind, role, counts) in acted.chain(concerned) {
            if let Some(counts) = counts {
                of(kind, role, &counts[..people]);
                counts[..people].fill(0);
            }
        }
    }

    /// Adds conversations between people of the community, all actors of one group.
    pub(super) fn strong_ties(&mut self, block: &StrongTieBlock, sent: &MessageCounts) {
        let (acted, concerned) = self.both(Kind::TextMessage);
        let mut conversations = block.other[..block.len].iter().zip(&block.length[..block.len]).zip(&sent.other);
        for turn in block.users() {
            let (mut ours, mut theirs) = (0, 0);
            for ((&other, &length), &by_other) in conversations.by_ref().take(turn.n.into()) {
                let (by_us, by_other) = (u32::from(length - by_other), u32::from(by_other));
                acted[usize::from(other)] += by_other;
                concerned[usize::from(other)] += by_us;
                ours += by_us;
                theirs += by_other;
            }
            acted[usize::from(turn.user)] += ours;
            concerned[usize::from(turn.user)] += theirs;
        }
    }

    /// Adds conversations over weak ties: what is about our users.
    pub(super) fn weak_ties(&mut self, block: &WeakTieBlock, sent: &MessageCounts) {
        let (acted, concerned) = self.both(Kind::TextMessage);
        let conversations = block.user[..block.len].iter().zip(&block.length[..block.len]).zip(&sent.other);
        for ((&user, &length), &by_other) in conversations {
            let (by_starter, by_other) = (u32::from(length - by_other), u32::from(by_other));
            let (by_us, by_them) = if block.we_start { (by_starter, by_other) } else { (by_other, by_starter) };
            acted[usize::from(user)] += by_us;
            concerned[usize::from(user)] += by_them;
        }
    }

    /// Adds what was said in groups, whose members sit on `seats`.
    pub(super) fn groups(&mut self, block: &GroupBlock, seats: &[u16]) {
        let (acted, concerned) = self.both(Kind::GroupText);
        let mut from = 0;
        for group in &block.groups {
            let members = &seats[group.from as usize..(group.from + group.members) as usize];
            let speakers = &block.speakers[from..group.speakers as usize];
            from = group.speakers as usize;
            let said: u32 = speakers.iter().map(|speaker| u32::from(speaker.n)).sum();
            for &member in members {
                concerned[usize::from(member)] += said;
            }
            for speaker in speakers {
                // Nobody is told by themselves.
                acted[usize::from(speaker.user)] += u32::from(speaker.n);
                concerned[usize::from(speaker.user)] -= u32::from(speaker.n);
            }
        }
    }

    /// Adds check-ins by local index of the user.
    pub(super) fn checkins(&mut self, checkins: &[u16]) {
        let acted = self.acted(Kind::DeviceCheckin as usize);
        for (acted, &n) in acted.iter_mut().zip(checkins) {
            *acted += u32::from(n);
        }
    }

    /// Adds calls: who calls whom.
    pub(super) fn calls(&mut self, calls: &[(u16, u16)]) {
        let (acted, concerned) = self.both(Kind::Call);
        for &(caller, called) in calls {
            acted[usize::from(caller)] += 1;
            concerned[usize::from(called)] += 1;
        }
    }
}
