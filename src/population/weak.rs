//! Weak ties: each layer pairs people of different communities by an involution, so that both sides find each other
//! without talking.

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

    /// The pairings of a community, layer by layer.
    pub fn pairings(&self, layout: &Layout, shape: &CommunityInfo) -> Pairings {
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
                let again = cells.iter().any(again);
                cells.push(Pairing { layer, residue, other, turn, rows, within, repeated: again });
            }
        }
        Pairings { layers, cells }
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

    /// Local index there of the partner of a row here.
    fn partner(&self, row: u32) -> u32 {
        (self.turn + self.rows - row) % self.rows * RESIDUES + self.residue
    }
}

/// The weak ties of one community.
#[derive(Clone, Debug, Default)]
pub struct Pairings {
    layers: usize,
    cells: Vec<Pairing>,
}

impl Pairings {
    /// Number of layers.
    pub fn layers(&self) -> usize {
        self.layers
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
            let cell = Pairing { layer: 0, residue: 3, other, turn, rows: 100, within: false, repeated: false };
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
}
