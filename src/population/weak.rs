//! Weak ties: each layer pairs people of different communities by an involution, so that both sides find each other
//! without talking.

use super::address_book::AddressBooks;
use super::layout::{CommunityInfo, Layout};
use crate::random::{Domain, Key, mix};

/// Residues of local indices that pair with different communities, or with different places of one: as many as there are people whose households and friends
/// lie within them, so that no two of these have weak ties to people who know each other.
pub const RESIDUES: u32 = 64;

/// How many of `users` have a residue.
#[inline(always)]
pub fn rows_of(users: u32, residue: u32) -> u32 {
    users / RESIDUES + u32::from(residue < users % RESIDUES)
}

/// How far a layer reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LayerScope {
    /// Communities of the same jurisdiction.
    Domestic,
    /// Any community.
    Anywhere,
}

/// The layers of weak ties.
#[derive(Clone, Debug)]
pub struct WeakTies {
    key: Key,
    layers: Vec<LayerScope>,
}

impl WeakTies {
    /// So many layers of each reach.
    pub fn new(key: Key, domestic: usize, anywhere: usize) -> Self {
        let layers = std::iter::repeat_n(LayerScope::Domestic, domestic)
            .chain(std::iter::repeat_n(LayerScope::Anywhere, anywhere));
        WeakTies { key, layers: layers.collect() }
    }

    /// Community that (community, layer, residue) pairs with: its own if no other is left for it.
    fn partner_community(&self, layout: &Layout, shape: &CommunityInfo, layer: usize, residue: u32) -> u32 {
        let (first, count, salt) = match self.layers[layer] {
            LayerScope::Domestic => {
                let span = &layout.spans()[shape.jurisdiction];
                (span.first, span.communities, shape.jurisdiction as u64 + 1)
            }
            LayerScope::Anywhere => (0, layout.communities(), 0),
        };
        // x -> s - x modulo count is its own inverse; an odd s leaves none alone when the count is even.
        let word = self.key.block(Domain::Pairing, salt, layer as u64, u64::from(residue))[0];
        let s = (word % u64::from(count)) as u32 | 1;
        first + (s % count + count - (shape.number - first)) % count
    }

    /// Which people of `listed` who never joined stand in the address books of those who pair with its users of a residue in a layer.
    fn beside(&self, books: &AddressBooks, listed: &CommunityInfo, (layer, residue): (usize, u32)) -> NonUsersBeside {
        let listable = books.listable(listed);
        if self.layers[layer] == LayerScope::Domestic || listable == 0 {
            return NonUsersBeside::default();
        }
        let place = u64::from(RESIDUES + residue);
        let word = self.key.block(Domain::Pairing, u64::from(listed.number), layer as u64, place)[0];
        let per_row = (books.beside(listed.jurisdiction) * f64::from(NonUsersBeside::ONE) + 0.5) as u32;
        NonUsersBeside { base: listed.users, listable, first: (word % u64::from(listable)) as u32, per_row }
    }

    /// The pairings of a community, layer by layer.
    pub fn pairings(&self, layout: &Layout, books: &AddressBooks, shape: &CommunityInfo) -> Pairings {
        let layers = self.layers.len();
        let mut cells: Vec<Pairing> = Vec::with_capacity(layers * RESIDUES as usize);
        for layer in 0..layers {
            for residue in 0..RESIDUES {
                let number = self.partner_community(layout, shape, layer, residue);
                let other = layout.shape(number);
                // Rows of a residue that both communities have; row -> t - row modulo rows is its own inverse.
                let both = rows_of(shape.users.min(other.users), residue);
                let within = number == shape.number;
                // Within a community an even number of rows, and an odd sum: then no row is its own partner.
                let rows = if within { both & !1 } else { both };
                let (lo, hi) = (shape.number.min(number), shape.number.max(number));
                let pair = mix(u64::from(lo) << 32 | u64::from(hi)) ^ (layer as u64) << 8 ^ u64::from(residue);
                let word = self.key.block(Domain::Pairing, pair, u64::MAX, 0)[0];
                let turn = (word % u64::from(rows.max(1))) as u32 | u32::from(within);
                // Ties that an earlier layer has are not repeated: of a residue it has all of them or none.
                let again = |c: &Pairing| c.residue == residue && c.other.number == number && c.turn == turn;
                let repeated = cells.iter().any(again);
                // Books list people of the community itself whether they are a weak tie or not.
                let none = within || repeated;
                let beside = |listed: &CommunityInfo| {
                    if none { NonUsersBeside::default() } else { self.beside(books, listed, (layer, residue)) }
                };
                let (ours, theirs) = (beside(shape), beside(&other));
                cells.push(Pairing { layer, residue, other, ours, theirs, turn, rows, within, repeated });
            }
        }
        let domestic = self.layers.iter().filter(|scope| **scope == LayerScope::Domestic).count();
        Pairings { domestic, layers, cells }
    }
}

/// People who never joined beside the users of a residue, whom the address books of these users' weak ties list too: who knows a user abroad knows others there.
/// From row to row they follow each other around the ring of those who may be listed, so that their number is exact, and either side finds the other.
#[derive(Clone, Copy, Debug, Default)]
pub struct NonUsersBeside {
    /// Local index of the first of the ring, and how many it has.
    base: u32,
    listable: u32,
    /// Who of the ring comes first.
    first: u32,
    /// How many a row has, of [`NonUsersBeside::ONE`].
    per_row: u32,
}

impl NonUsersBeside {
    /// One a row, the most that there are.
    const ONE: u32 = 1 << 16;

    /// How many the rows before this one have.
    #[inline(always)]
    pub fn before(&self, row: u32) -> u32 {
        // A community has at most 2^16 users, and 1/RESIDUES as many rows of a residue: 26 bits.
        row * self.per_row / Self::ONE
    }

    /// Who is beside the user of a row, as a local index.
    #[inline(always)]
    pub fn of(&self, row: u32) -> Option<u32> {
        let number = self.before(row);
        (self.before(row + 1) > number).then(|| self.numbered(number))
    }

    /// The local index of number `number` of them.
    pub fn numbered(&self, number: u32) -> u32 {
        self.base + (self.first + number) % self.listable
    }

    /// Stretches of the first `n` of them, as (local index of the first, length).
    pub fn stretches(&self, n: u32) -> impl Iterator<Item = (u32, u32)> + use<> {
        let (this, mut done) = (*self, 0);
        std::iter::from_fn(move || {
            let at = (this.first + done) % this.listable.max(1);
            let len = (n - done).min(this.listable.saturating_sub(at));
            done += len;
            (len > 0).then_some((this.base + at, len))
        })
    }
}

/// Whom the users of one residue pair with in a layer.
#[derive(Clone, Copy, Debug)]
pub struct Pairing {
    /// Number of the layer.
    pub layer: usize,
    /// Local indices are `row * RESIDUES + residue` on both sides.
    pub residue: u32,
    /// The other community.
    pub other: CommunityInfo,
    /// People of ours who never joined, beside our users of a row, in the books of the others.
    pub ours: NonUsersBeside,
    /// People of theirs who never joined, beside their users of a row, in the books of ours.
    pub theirs: NonUsersBeside,
    turn: u32,
    rows: u32,
    within: bool,
    repeated: bool,
}

impl Pairing {
    /// Rows that have a tie: `0..rows`.
    pub fn rows(&self) -> u32 {
        if self.repeated { 0 } else { self.rows }
    }

    /// Whether it pairs people of one community. Address books list them, or do not, whether they are a weak tie or not.
    pub fn is_within(&self) -> bool {
        self.within
    }

    /// Rows with a tie as two runs, each as (first row here, first row there, length): rows here rise, those there fall.
    pub fn runs(&self) -> [(u32, u32, u32); 2] {
        let rows = self.rows();
        let first = (self.turn + 1).min(rows);
        [(0, self.turn, first), (first, rows.wrapping_sub(1), rows - first)]
    }

    /// Row there of the partner of a row here.
    #[inline(always)]
    fn partner_row(&self, row: u32) -> u32 {
        let row = self.turn + self.rows - row;
        if row >= self.rows { row - self.rows } else { row }
    }

    /// Local index there of the partner of a row here.
    fn partner(&self, row: u32) -> u32 {
        self.partner_row(row) * RESIDUES + self.residue
    }

    /// Which of the people there who never joined, beside the partner of a row here, the book of its user lists: the number among those of the cell.
    #[inline(always)]
    pub fn listed_beside(&self, row: u32) -> Option<u32> {
        if row >= self.rows() {
            return None;
        }
        let there = self.partner_row(row);
        let number = self.theirs.before(there);
        (self.theirs.before(there + 1) > number).then_some(number)
    }
}

/// The weak ties of one community.
#[derive(Clone, Debug, Default)]
pub struct Pairings {
    domestic: usize,
    layers: usize,
    cells: Vec<Pairing>,
}

impl Pairings {
    /// Number of layers.
    pub fn layers(&self) -> usize {
        self.layers
    }

    /// The layers that reach anywhere: they come last.
    pub fn layers_anywhere(&self) -> std::ops::Range<usize> {
        self.domestic..self.layers
    }

    /// By layer, then residue.
    pub fn cells(&self) -> &[Pairing] {
        &self.cells
    }

    /// The pairing that a user is in, in a layer.
    #[inline]
    pub fn cell(&self, layer: usize, user: u32) -> &Pairing {
        &self.cells[layer * RESIDUES as usize + (user % RESIDUES) as usize]
    }

    /// The weak tie of a user in a layer, as a local index of the other community of the cell.
    #[inline]
    pub fn partner(&self, layer: usize, user: u32) -> Option<u32> {
        let (cell, row) = (self.cell(layer, user), user / RESIDUES);
        (row < cell.rows()).then(|| cell.partner(row))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_partners() {
        let other =
            CommunityInfo { number: 9, jurisdiction: 0, rank: 0, people: 900, users: 800, first_neighbourhood: 0 };
        for turn in [0, 1, 41, 99] {
            let none = NonUsersBeside::default();
            let (ours, theirs, within, repeated) = (none, none, false, false);
            let cell = Pairing { layer: 0, residue: 3, other, ours, theirs, turn, rows: 100, within, repeated };
            let mut seen = 0;
            for (here, there, len) in cell.runs() {
                for i in 0..len {
                    assert_eq!((there - i) * RESIDUES + 3, cell.partner(here + i));
                    // An involution: the partner's partner is the row.
                    assert_eq!(cell.partner(there - i), (here + i) * RESIDUES + 3);
                    seen += 1;
                }
            }
            assert_eq!(seen, 100);
        }
    }

    #[test]
    fn those_beside_are_as_many_as_is_said_and_go_around_the_ring() {
        for (listable, per_row) in [(1u32, 65_536u32), (7, 65_536), (7, 20_000), (5000, 30_000), (3, 1), (9, 0)] {
            let beside = NonUsersBeside { base: 800, listable, first: listable - 1, per_row };
            let people: Vec<u32> = (0..1024).filter_map(|row| beside.of(row)).collect();
            assert_eq!(people.len() as u32, beside.before(1024));
            assert_eq!(people.len() as u32, 1024 * per_row / 65_536);
            let expected = (0..people.len() as u32).map(|n| 800 + (listable - 1 + n) % listable);
            assert!(people.iter().copied().eq(expected));
            let stretches = beside.stretches(people.len() as u32).flat_map(|(first, len)| first..first + len);
            assert!(stretches.eq(people.iter().copied()));
            assert!(people.iter().zip(0..).all(|(&person, n)| person == beside.numbered(n)));
        }
        assert_eq!(NonUsersBeside::default().of(17), None);
    }
}
