//! Talk over weak ties. Both communities make it, alike to the last digit.

use super::Traffic;
use super::cards::UPLOADS;
use crate::rng::Stream;
use crate::scenario::Kind;
use crate::traffic::batch::{Event, Sink, Tally};
use crate::traffic::block::BLOCK;
use crate::traffic::model::Clock;
use crate::traffic::talk::Card;
use crate::traffic::unfold::unfold;
use crate::world::Community;

impl<'a> Traffic<'a> {
    /// Conversations over weak ties, those that our users start and those that the other sides start; and who of the others
    /// uploads an address book, in which our user stands.
    pub(super) fn weak(&mut self, community: &Community, clocks: &'a [Clock], sink: &mut impl Sink) {
        let (model, users) = (self.model, community.shape.users);
        let our_clock = &clocks[usize::from(community.zone)];
        let zones: Vec<u8> = community.cells().map(|(_, zone)| zone).collect();
        for layer in 0..community.layers() {
            let first = community.layer_start(layer);
            let [counts, keys, ..] = self.cards.own_weak(layer);
            for user in 0..users {
                let slot = first + user;
                let card = self.cards.of(slot);
                if !card.has(Card::OURS | Card::THEIRS | Card::UPLOADS) {
                    continue;
                }
                let our_card = self.cards.of(user);
                let partner = community.pairings.partner(layer, user);
                if card.has(Card::OURS) {
                    let n = model.weak_starts(our_card.level(), counts.at(u64::from(user)));
                    let keys = Stream::new(keys.at(u64::from(user)));
                    if partner.is_none() {
                        // Nobody there: the conversations go to strong ties instead.
                        self.start(community, user, keys, n as usize, our_clock, sink);
                    } else {
                        for j in 0..u64::from(n) {
                            let (sides, cards) = ([user, slot], [our_card, card]);
                            self.weak.push(model, our_clock, keys.at(j), sides, cards, &mut self.late);
                        }
                    }
                }
                let (true, Some(local)) = (card.has(Card::THEIRS | Card::UPLOADS), partner) else { continue };
                let theirs = self.cards.cell(layer, user);
                // The clock is that of the one who starts.
                let cell = layer * crate::world::RESIDUES as usize + (user % crate::world::RESIDUES) as usize;
                let clock = &clocks[usize::from(zones[cell])];
                if card.has(Card::THEIRS) {
                    let [counts, keys, ..] = theirs.weak;
                    let n = model.weak_starts(card.level(), counts.at(u64::from(local)));
                    let keys = Stream::new(keys.at(u64::from(local)));
                    for j in 0..u64::from(n) {
                        let (sides, cards) = ([slot, user], [card, our_card]);
                        self.weak.push(model, clock, keys.at(j), sides, cards, &mut self.late);
                    }
                }
                if card.has(Card::UPLOADS) {
                    if self.counting {
                        sink.tally(community, self.today, Tally::Listed { owner: slot, user });
                    } else {
                        self.listed_elsewhere(theirs.others.at(u64::from(local)), [slot, user], clock);
                    }
                }
            }
            // After each layer, and not only when the block is full: it may be over-full by one user's talks.
            self.weak_talks(community, sink);
        }
    }

    fn weak_talks(&mut self, community: &Community, sink: &mut impl Sink) {
        let model = self.model;
        if self.counting {
            self.said.weak(model, &self.weak, community.shape.people);
            sink.tally(community, self.today, Tally::WeakTalks(&self.weak, &self.said));
        } else {
            unfold(model, &self.weak, &mut self.quads, &mut self.talk);
            self.share_out(community, sink);
        }
        self.weak.clear();
        if self.late.len() >= BLOCK {
            self.late(community, sink);
        }
    }

    /// Uploads by a weak tie, whose address book lists our user: what they say of the user counts here, also after the
    /// user left the service. `others` is the word of what else the tie does.
    fn listed_elsewhere(&mut self, others: u64, [owner, user]: [u32; 2], clock: &'a Clock) {
        let stream = Stream::new(others ^ UPLOADS);
        for time in self.uploads(stream, clock) {
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
