//! Talk over weak ties. Both communities make it, alike to the last digit.

use super::Traffic;
use super::cards::UPLOADS;
use crate::rng::{Domain, Stream, mix};
use crate::scenario::Kind;
use crate::traffic::batch::{Event, Sink, Tally};
use crate::traffic::block::BLOCK;
use crate::traffic::model::Clock;
use crate::traffic::talk::{Card, Talk};
use crate::vector::kernels;
use crate::world::{Community, LEVELS, Pairing, RESIDUES};

const STRIDE: usize = RESIDUES as usize;

/// The weak ties of a run of users, every eighth: what is drawn for each, and who does what.
#[derive(Clone, Debug, Default)]
pub struct Ties {
    /// Words of theirs: activity, the rest of their day, number of conversations; and of the number of ours.
    words: [Vec<u64>; 4],
    /// Their cards.
    cards: Vec<Card>,
    /// Numbers in the run of the ties over which our users start conversations, theirs do, whose owners upload an address book.
    ours: Vec<u32>,
    theirs: Vec<u32>,
    uploads: Vec<u32>,
}

impl<'a> Traffic<'a> {
    /// Conversations over weak ties, those that our users start and those that the other sides start; and who of the others
    /// uploads an address book, in which our user stands.
    pub(super) fn weak(&mut self, community: &Community, clocks: &'a [Clock], sink: &mut impl Sink) {
        let our_clock = &clocks[usize::from(community.zone)];
        for (cell, zone) in community.cells() {
            let clock = &clocks[usize::from(zone)];
            for run in cell.runs().into_iter().filter(|run| run.2 > 0) {
                self.weak_run(community, cell, run, [our_clock, clock], sink);
            }
            // Nobody at the other end: the conversations go to strong ties instead.
            let [counts, keys, ..] = self.weak_streams(community.shape.number, cell.layer);
            let alone = cell.rows() * RESIDUES + cell.residue..community.shape.users;
            for user in alone.step_by(STRIDE) {
                let card = self.cards.of(user);
                if card.has(Card::ACTIVE) {
                    let n = self.model.weak_starts(card.level(), counts.at(u64::from(user)));
                    self.start(community, user, Stream::new(keys.at(u64::from(user))), n.into(), our_clock, sink);
                }
            }
        }
        self.ties(community, sink);
    }

    fn weak_streams(&self, community: u32, layer: usize) -> [Stream; 4] {
        self.world.key.streams(Domain::WeakDay, u64::from(community), u64::from(self.today), layer as u64)
    }

    /// A run of a cell: (row here, row there, length). The clocks are ours and theirs: that of the one who starts counts.
    fn weak_run(
        &mut self,
        community: &Community,
        cell: &Pairing,
        (here, there, len): (u32, u32, u32),
        [our_clock, their_clock]: [&'a Clock; 2],
        sink: &mut impl Sink,
    ) {
        let model = self.model;
        let mut ties = std::mem::take(&mut self.met);
        let n = len as usize;
        let (our_first, their_first) = (here * RESIDUES + cell.residue, there * RESIDUES + cell.residue);
        let slots = community.layer_start(cell.layer) + our_first;
        let [our_counts, our_keys, ..] = self.weak_streams(community.shape.number, cell.layer);
        let [their_counts, their_keys, ..] = self.weak_streams(cell.other.number, cell.layer);
        let day = u64::from(self.today);
        let [activity, .., rest] = self.world.key.streams(Domain::PersonDay, u64::from(cell.other.number), day, 0);
        let back = u64::from(RESIDUES).wrapping_neg();
        for words in &mut ties.words {
            words.resize(n, 0);
        }
        activity.fill(their_first.into(), back, &mut ties.words[0]);
        rest.fill(their_first.into(), back, &mut ties.words[1]);
        their_counts.fill(their_first.into(), back, &mut ties.words[2]);
        our_counts.fill(our_first.into(), RESIDUES.into(), &mut ties.words[3]);
        let (level, presence) =
            (&community.columns.level[slots as usize..], &community.columns.presence[slots as usize..]);
        let own = &self.cards.own()[our_first as usize..];
        meet(&mut ties, own, level, presence, &self.world.people.presence, model.syncs.none(), &model.weak_none);
        if !community.left_day.is_empty() {
            for (i, card) in (0..).zip(&mut ties.cards) {
                super::cards::take_leave(community, self.today, slots + i * RESIDUES, card);
            }
        }
        let place = |i: u32| (our_first + i * RESIDUES, slots + i * RESIDUES, u64::from(their_first - i * RESIDUES));
        list(&mut ties);
        for &i in &ties.ours {
            let ((user, slot, _), card) = (place(i), ties.cards[i as usize]);
            let our_card = self.cards.of(user);
            let n = model.weak_starts(our_card.level(), ties.words[3][i as usize]);
            let keys = Stream::new(our_keys.at(u64::from(user)));
            self.meet(community, [user, slot], [our_card, card], (keys, n), our_clock, sink);
        }
        for &i in &ties.theirs {
            let ((user, slot, local), card) = (place(i), ties.cards[i as usize]);
            let n = model.weak_starts(card.level(), ties.words[2][i as usize]);
            let keys = Stream::new(their_keys.at(local));
            self.meet(community, [slot, user], [card, self.cards.of(user)], (keys, n), their_clock, sink);
        }
        for &i in &ties.uploads {
            let (owner, user) = (place(i).1, place(i).0);
            if self.counting {
                sink.tally(community, self.today, Tally::Listed { owner, user });
            } else {
                self.listed_elsewhere(ties.words[1][i as usize], [owner, user], their_clock);
            }
        }
        self.met = ties;
    }

    /// `n` conversations over a weak tie, whose keys are the first of a stream.
    #[inline]
    fn meet(
        &mut self,
        community: &Community,
        sides: [u32; 2],
        cards: [Card; 2],
        (keys, n): (Stream, u16),
        clock: &'a Clock,
        sink: &mut impl Sink,
    ) {
        for j in 0..u64::from(n) {
            if let Some(talk) = Talk::open(self.model, clock, keys.at(j), sides, cards) {
                if talk.late {
                    self.late.push(talk);
                } else {
                    self.talks.push(talk);
                }
            }
        }
        if self.talks.len() >= BLOCK {
            self.ties(community, sink);
        }
    }

    /// Hands on talks that have begun, and those that may run past midnight.
    pub(super) fn ties(&mut self, community: &Community, sink: &mut impl Sink) {
        self.late(community, sink);
        let model = self.model;
        if self.counting {
            // A long run of talks of one user may have gone beyond a block.
            for talks in self.talks.chunks(BLOCK) {
                self.said.ties(model, talks, community.shape.people);
                sink.tally(community, self.today, Tally::Ties(talks, &self.said));
            }
        } else {
            self.unfolding.talks(model, &self.talks, &mut self.talk);
            // They all end today.
            self.share_out(community);
            self.make_room(community, sink);
        }
        self.talks.clear();
    }

    /// Uploads by a weak tie, whose address book lists our user: what they say of the user counts here, also after the
    /// user left the service. `rest` is the word of the rest of what the tie does.
    fn listed_elsewhere(&mut self, rest: u64, [owner, user]: [u32; 2], clock: &'a Clock) {
        for time in self.uploads(Stream::new(rest ^ UPLOADS), clock) {
            self.out.incoming.push(Event {
                time,
                actor: owner,
                target: user,
                kind: Kind::ContactSync as u8,
                bytes: 0,
                conversation: 0,
            });
        }
    }
}

kernels! {
    /// Cards of ties. `own` are the cards of our users, `level` and `presence` columns of the ties, every eighth of each.
    fn meet(ties: &mut Ties, own: &[Card], level: &[u8], presence: &[u8], thresholds: &[u64; 64], no_upload: u32, none: &[u32; LEVELS]) {
        let Ties { words: [activity, rest, theirs, ours], cards, .. } = ties;
        let n = activity.len();
        cards.resize(n, Card::default());
        let (activity, rest, theirs, ours, cards) = (&activity[..n], &rest[..n], &theirs[..n], &ours[..n], &mut cards[..n]);
        let columns = own.iter().step_by(STRIDE).zip(level.iter().step_by(STRIDE)).zip(presence.iter().step_by(STRIDE));
        for (i, ((&our, &level), &presence)) in columns.take(n).enumerate() {
            let active = activity[i] >> 32 < thresholds[usize::from(presence & 63)];
            let uploads = mix(Stream::new(rest[i] ^ UPLOADS).place(0)) as u32 >= no_upload;
            let they_start = theirs[i] as u32 >= none[usize::from(level) & (LEVELS - 1)];
            let we_start = ours[i] as u32 >= none[our.level()];
            cards[i] = Card(
                u16::from(level)
                    | (Card::ACTIVE * u16::from(active))
                    | (Card::UPLOADS * u16::from(active & uploads))
                    | (Card::THEIRS * u16::from(active & they_start))
                    | (Card::OURS * u16::from(our.has(Card::ACTIVE) & we_start)),
            );
        }
    }

    /// Lists who does what.
    fn list(ties: &mut Ties) {
        let Ties { cards, ours, theirs, uploads, .. } = ties;
        let lists = [ours, theirs, uploads];
        for (list, flag) in lists.into_iter().zip([Card::OURS, Card::THEIRS, Card::UPLOADS]) {
            list.resize(cards.len(), 0);
            let mut n = 0;
            for (i, card) in cards.iter().enumerate() {
                list[n] = i as u32;
                n += usize::from(card.has(flag));
            }
            list.truncate(n);
        }
    }
}
