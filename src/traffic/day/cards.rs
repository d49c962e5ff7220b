//! Who is there today: a word for each acting slot, worked out in vectors from the day's streams.

use crate::rng::{Domain, Stream, mix};
use crate::traffic::model::Model;
use crate::traffic::talk::Card;
use crate::vector::kernels;
use crate::world::{ByLocal, Columns, Community, LEVELS, Pairing, RESIDUES, World, by_local};

/// The cards of a community's day, and the streams that they and what follows are drawn from.
#[derive(Clone, Debug)]
pub struct Cards {
    /// Of users, by local index.
    own: Box<ByLocal<Card>>,
    /// Of weak ties, by slot from the first one on.
    ties: Vec<Card>,
    /// Number of people, which is the first slot of weak ties.
    people: u32,
    /// Of the community's people: activity, conversations, counts, the rest.
    streams: [Stream; 4],
    /// Of the community's weak ties, by layer: numbers of conversations, their keys.
    own_weak: Vec<[Stream; 4]>,
    /// By cell of the pairings: the same of the community at the other end.
    cells: Vec<CellStreams>,
    words: [Vec<u64>; 4],
}

/// The streams of the community at the other end of a cell.
#[derive(Clone, Copy, Debug)]
pub struct CellStreams {
    /// The rest of what a person does.
    pub others: Stream,
    activity: Stream,
    /// Numbers of conversations over the layer, their keys.
    pub weak: [Stream; 4],
}

/// Tells the uploads apart from the rest of what a person does.
pub const UPLOADS: u64 = 0x5C00;

impl Cards {
    /// The card of a user or a weak tie.
    #[inline(always)]
    pub fn of(&self, slot: u32) -> Card {
        if slot < self.people { self.own[slot as usize & 0xffff] } else { self.ties[(slot - self.people) as usize] }
    }

    /// The cards of users, by local index.
    pub fn own(&self) -> &ByLocal<Card> {
        &self.own
    }

    /// Streams of what users do: activity, conversations, numbers, the rest.
    pub fn streams(&self) -> [Stream; 4] {
        self.streams
    }

    /// Streams of the conversations that our users start over a layer: numbers, keys.
    pub fn own_weak(&self, layer: usize) -> [Stream; 4] {
        self.own_weak[layer]
    }

    /// Streams of the other community of a cell.
    pub fn cell(&self, layer: usize, user: u32) -> CellStreams {
        self.cells[layer * RESIDUES as usize + (user % RESIDUES) as usize]
    }

    /// Works out the cards of a day.
    pub fn deal(&mut self, world: &World, model: &Model, community: &Community, day: u32) {
        let users = community.shape.users as usize;
        self.people = community.shape.people;
        let streams = |domain, number: u32, part| world.key.streams(domain, u64::from(number), u64::from(day), part);
        self.streams = streams(Domain::PersonDay, community.shape.number, 0);
        let layers = 0..community.layers();
        self.own_weak.clear();
        self.own_weak.extend(layers.map(|l| streams(Domain::WeakDay, community.shape.number, l as u64)));
        self.cells.clear();
        self.cells.extend(community.cells().map(|(cell, _)| {
            let [activity, .., others] = streams(Domain::PersonDay, cell.other.number, 0);
            CellStreams { activity, others, weak: streams(Domain::WeakDay, cell.other.number, cell.layer as u64) }
        }));
        // Every acting slot is dealt anew.
        self.ties.resize(community.slots() - community.shape.people as usize, Card::default());
        let columns = &community.columns;
        let [words, ..] = &mut self.words;
        words.resize(users, 0);
        self.streams[0].fill(0, 1, words);
        activate(words, &columns.level, &columns.presence, &world.people.presence, &mut self.own[..users]);
        let leaving = !community.left_day.is_empty();
        if leaving {
            for (slot, card) in (0..).zip(&mut self.own[..users]) {
                take_leave(community, day, slot, card);
            }
        }
        for (i, (cell, _)) in community.cells().enumerate() {
            let first = cell.layer * users + cell.residue as usize;
            for run in cell.runs() {
                self.deal_run(world, model, columns, (cell, self.cells[i]), run, first);
            }
            // Nobody at the other end: our users start conversations all the same, which then go to a strong tie.
            let [count, ..] = self.own_weak[cell.layer];
            for user in (cell.rows() * RESIDUES + cell.residue..users as u32).step_by(RESIDUES as usize) {
                let card = self.own[user as usize & 0xffff];
                let starts = card.has(Card::ACTIVE) && count.at(u64::from(user)) as u32 >= model.weak_none[card.level()];
                let slot = first + (user - cell.residue) as usize;
                self.ties[slot] = Card(if starts { Card::OURS } else { 0 });
            }
        }
        if leaving {
            for (slot, card) in (community.shape.people..).zip(&mut self.ties) {
                take_leave(community, day, slot, card);
            }
        }
    }

    /// Cards of a run of a cell: (row here, row there, length).
    fn deal_run(
        &mut self,
        world: &World,
        model: &Model,
        columns: &Columns,
        (cell, theirs): (&Pairing, CellStreams),
        (here, there, len): (u32, u32, u32),
        first: usize,
    ) {
        if len == 0 {
            return;
        }
        let n = len as usize;
        let our_first = here * RESIDUES + cell.residue;
        let their_first = u64::from(there.wrapping_mul(RESIDUES).wrapping_add(cell.residue));
        let back = u64::from(RESIDUES).wrapping_neg();
        for words in &mut self.words {
            words.resize(n.max(words.len()), 0);
        }
        let [activity, others, their_counts, our_counts] = &mut self.words;
        theirs.activity.fill(their_first, back, &mut activity[..n]);
        theirs.others.fill(their_first, back, &mut others[..n]);
        theirs.weak[0].fill(their_first, back, &mut their_counts[..n]);
        self.own_weak[cell.layer][0].fill(u64::from(our_first), u64::from(RESIDUES), &mut our_counts[..n]);
        let tie = first + (here * RESIDUES) as usize;
        let slot = self.people as usize + tie;
        deal_ties(
            [&activity[..n], &others[..n], &their_counts[..n], &our_counts[..n]],
            &self.own[our_first as usize..],
            columns.level.get(slot..).unwrap_or(&[]),
            columns.presence.get(slot..).unwrap_or(&[]),
            &world.people.presence,
            model.syncs.none(),
            &model.weak_none,
            &mut self.ties[tie..],
        );
    }
}

/// Whoever has left takes no part.
fn take_leave(community: &Community, day: u32, slot: u32, card: &mut Card) {
    if community.gone(slot, day) {
        *card = Card(card.0 & 0x7f | Card::GONE);
    }
}

impl Default for Cards {
    fn default() -> Self {
        Cards {
            own: by_local(Card::default()),
            ties: Vec::new(),
            people: 0,
            streams: [Stream::default(); 4],
            own_weak: Vec::new(),
            cells: Vec::new(),
            words: Default::default(),
        }
    }
}

kernels! {
    /// Cards of users: who is active.
    fn activate(words: &[u64], level: &[u8], presence: &[u8], thresholds: &[u64; 64], cards: &mut [Card]) {
        for (((card, &word), &level), &presence) in cards.iter_mut().zip(words).zip(level).zip(presence) {
            let active = word >> 32 < thresholds[usize::from(presence & 63)];
            *card = Card(u16::from(level) | Card::ACTIVE * u16::from(active));
        }
    }

    /// Cards of weak ties, every eighth slot: who is active, uploads, starts conversations. Words: activity, the rest, numbers
    /// of conversations of theirs and of ours.
    fn deal_ties(words: [&[u64]; 4], ours: &[Card], level: &[u8], presence: &[u8], thresholds: &[u64; 64], no_upload: u32, none: &[u32; LEVELS], cards: &mut [Card]) {
        const STRIDE: usize = RESIDUES as usize;
        let n = words[0].len();
        let [activity, others, theirs, starts] = words.map(|w| &w[..n]);
        for i in 0..n {
            let (level, our) = (level[i * STRIDE], ours[i * STRIDE]);
            let active = activity[i] >> 32 < thresholds[usize::from(presence[i * STRIDE] & 63)];
            let uploads = mix(Stream::new(others[i] ^ UPLOADS).place(0)) as u32 >= no_upload;
            let they_start = theirs[i] as u32 >= none[usize::from(level) & (LEVELS - 1)];
            let we_start = starts[i] as u32 >= none[our.level()];
            cards[i * STRIDE] = Card(
                u16::from(level)
                    | Card::ACTIVE * u16::from(active)
                    | Card::UPLOADS * u16::from(active & uploads)
                    | Card::THEIRS * u16::from(active & they_start)
                    | Card::OURS * u16::from(our.has(Card::ACTIVE) & we_start),
            );
        }
    }
}
