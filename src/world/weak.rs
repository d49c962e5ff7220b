//! Weak ties: each layer pairs people of different communities by an involution, so that both sides find each other
//! without talking.

use super::layout::{Layout, Shape, person_id};
use crate::rng::{Domain, Key, mix};

/// Residues of local indices that pair with different communities: a community has ties to this many in each layer.
const RESIDUES: u32 = 8;

/// How far a layer reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Communities of the same jurisdiction.
    Domestic,
    /// Any community.
    Anywhere,
}

/// The layers of weak ties.
#[derive(Clone, Debug)]
pub struct WeakTies {
    key: Key,
    layers: Vec<Reach>,
}

impl WeakTies {
    /// So many layers of each reach.
    pub fn new(key: Key, domestic: usize, anywhere: usize) -> Self {
        let layers =
            std::iter::repeat_n(Reach::Domestic, domestic).chain(std::iter::repeat_n(Reach::Anywhere, anywhere));
        WeakTies { key, layers: layers.collect() }
    }

    /// Community that (community, layer, residue) pairs with; its own if it has no partner.
    fn partner_community(&self, layout: &Layout, shape: &Shape, layer: usize, residue: u32) -> u32 {
        let (first, count, salt) = match self.layers[layer] {
            Reach::Domestic => {
                let span = &layout.spans()[shape.jurisdiction];
                (span.first, span.communities, shape.jurisdiction as u64 + 1)
            }
            Reach::Anywhere => (0, layout.communities(), 0),
        };
        // x -> s - x modulo count is its own inverse; an odd s leaves none alone when the count is even.
        let word = self.key.block(Domain::Pairing, salt, layer as u64, u64::from(residue))[0];
        let s = (word % u64::from(count)) as u32 | 1;
        first + (s % count + count - (shape.number - first)) % count
    }

    /// The pairings of a community, layer by layer.
    pub fn pairings(&self, layout: &Layout, shape: &Shape) -> Pairings {
        let layers = self.layers.len();
        let cells = (0..layers)
            .flat_map(|layer| (0..RESIDUES).map(move |residue| (layer, residue)))
            .map(|(layer, residue)| {
                let other = self.partner_community(layout, shape, layer, residue);
                let rows = if other == shape.number {
                    0
                } else {
                    // Rows of a residue that both communities have; row -> t - row modulo rows is its own inverse.
                    shape.users.min(layout.shape(other).users) / RESIDUES
                };
                let (lo, hi) = (shape.number.min(other), shape.number.max(other));
                let pair = mix(u64::from(lo) << 32 | u64::from(hi)) ^ (layer as u64) << 8 ^ u64::from(residue);
                let word = self.key.block(Domain::Pairing, pair, u64::MAX, 0)[0];
                Pairing { other, rows, turn: (word % u64::from(rows.max(1))) as u32 }
            })
            .collect();
        Pairings { layers, cells }
    }
}

/// Whom the people of one residue pair with.
#[derive(Clone, Copy, Debug)]
struct Pairing {
    other: u32,
    rows: u32,
    turn: u32,
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

    /// The weak tie of a user in a layer, as a person id. A tie that an earlier layer has is not repeated.
    pub fn partner(&self, layer: usize, user: u32) -> Option<u64> {
        let tie = self.raw(layer, user)?;
        (0..layer).all(|earlier| self.raw(earlier, user) != Some(tie)).then_some(tie)
    }

    fn raw(&self, layer: usize, user: u32) -> Option<u64> {
        let (row, residue) = (user / RESIDUES, user % RESIDUES);
        let cell = self.cells[layer * RESIDUES as usize + residue as usize];
        (row < cell.rows).then(|| person_id(cell.other, (cell.turn + cell.rows - row) % cell.rows * RESIDUES + residue))
    }
}
