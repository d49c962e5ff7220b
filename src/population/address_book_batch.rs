//! Address books of many owners in columns: stretches and ranks in place of entries.

use super::Population;
use super::address_book::CommunityRule;
use super::book_sizes::BookSizes;
use super::circle::Circles;
use super::community::{Community, NOBODY};
use super::weak::RESIDUES;
use crate::random::Stream;
use crate::simd::kernel;

/// Most books at once: their columns stay in the cache.
pub const BOOKS: usize = 1024;

/// Address books, by owner. Columns are as in `Contacts`.
#[derive(Clone, Debug, Default)]
pub struct AddressBookBatch {
    /// Owners, by local index.
    pub owner: Vec<u16>,
    /// Slots of weak ties by layer, then of people beside them who never joined by layer of those that lie anywhere; [`NOBODY`] where there is none.
    pub elsewhere: Vec<Vec<u32>>,
    /// Users and non-users in the rings of which stretches are parts.
    pub rings: [u32; 2],
    /// First of the stretch of users.
    pub first: Vec<u16>,
    /// Users of the stretch beside the owner.
    pub stretch: Vec<u16>,
    /// Place of the owner in the order of the third circle.
    pub place: Vec<u16>,
    /// Highest rank listed of the owner's chunk.
    pub rank: Vec<u16>,
    /// First of the stretch of non-users, counted from the first of them.
    pub first_other: Vec<u16>,
    /// Non-users of the stretch.
    pub others: Vec<u16>,
    shared: Vec<f64>,
    level: Vec<u8>,
    word: Vec<u32>,
    scratch: Vec<u32>,
    size: Vec<u32>,
}

/// Weak ties of a layer, by residue of the owner.
#[derive(Clone, Copy, Debug)]
struct ResidueRows {
    rows: [u32; RESIDUES as usize],
    start: [u32; RESIDUES as usize],
}

impl AddressBookBatch {
    /// Makes these the books of some users of a community, at most [`BOOKS`].
    pub fn fill(&mut self, population: &Population, community: &Community, owners: &[u16]) {
        let n = owners.len();
        self.owner.clear();
        self.owner.extend_from_slice(owners);
        let layers = community.layers();
        self.elsewhere.resize(layers + community.layers_beside().len(), Vec::new());
        for column in [&mut self.word, &mut self.scratch, &mut self.size].into_iter().chain(&mut self.elsewhere) {
            column.resize(n, 0);
        }
        let AddressBookBatch { first, stretch, place, rank, first_other, others, .. } = self;
        for column in [first, stretch, place, rank, first_other, others] {
            column.resize(n, 0);
        }
        self.shared.clear();
        self.shared.extend(owners.iter().map(|&owner| community.neighbourhood(owner.into())));
        self.level.clear();
        self.level.extend(owners.iter().map(|&owner| community.columns.level[usize::from(owner)]));
        self.rings = [community.shape.users, population.books.listable(&community.shape)];
        let (ties, beside) = self.elsewhere.split_at_mut(layers);
        for (layer, slots) in community.layers_beside().zip(beside) {
            for (slot, &owner) in slots.iter_mut().zip(owners) {
                *slot = community.slot_beside(layer, owner.into());
            }
        }
        for (layer, slots) in ties.iter_mut().enumerate() {
            let ties = ResidueRows {
                rows: std::array::from_fn(|residue| {
                    let cell = community.pairings.cell(layer, residue as u32);
                    if cell.is_within() { 0 } else { cell.rows() }
                }),
                start: std::array::from_fn(|residue| community.cell_start(layer, residue as u32)),
            };
            tie(owners, &ties, slots);
        }
        let rule = population.books.rule(&community.shape);
        fill(self, &population.people.books, rule, &community.circles, community.own);
    }
}

/// Slots of the weak ties of a layer.
#[kernel]
fn tie(owners: &[u16], ties: &ResidueRows, slots: &mut [u32]) {
    for (slot, &owner) in slots.iter_mut().zip(owners) {
        let (row, residue) = (u32::from(owner) / RESIDUES, (u32::from(owner) % RESIDUES) as usize);
        *slot = if row < ties.rows[residue] { ties.start[residue] + row } else { NOBODY };
    }
}

/// Contacts within the community.
#[kernel]
fn fill(books: &mut AddressBookBatch, sizes: &BookSizes, rule: CommunityRule, circles: &Circles, own: Stream) {
    let n = books.owner.len();
    let AddressBookBatch { owner, elsewhere, shared, level, word, scratch, size, .. } = books;
    let (owner, word, scratch, size) = (&owner[..n], &mut word[..n], &mut scratch[..n], &mut size[..n]);
    for (word, &owner) in word.iter_mut().zip(owner) {
        *word = BookSizes::word(own.at(owner.into()));
    }
    sizes.fill(&mut shared[..n], (word, &level[..n]), scratch, size);
    for slots in elsewhere {
        for (size, &slot) in size.iter_mut().zip(&*slots) {
            *size = size.saturating_sub(u32::from(slot != NOBODY));
        }
    }
    let place_of = circles.wider().1;
    for (place, &owner) in books.place.iter_mut().zip(owner) {
        *place = place_of[usize::from(owner)];
    }
    let AddressBookBatch { first, stretch, rank, first_other, others, .. } = books;
    let (first, stretch, rank) = (&mut first[..n], &mut stretch[..n], &mut rank[..n]);
    let (first_other, others) = (&mut first_other[..n], &mut others[..n]);
    let (owner, size) = (&books.owner[..n], &books.size[..n]);
    for i in 0..n {
        let contacts = rule.contacts((owner[i].into(), size[i]));
        first[i] = contacts.first as u16;
        stretch[i] = contacts.stretch as u16;
        rank[i] = contacts.rank as u16;
        first_other[i] = contacts.first_other as u16;
        others[i] = contacts.others as u16;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::population::{Book, CHUNK, among};
    use crate::scenario::{Overrides, load};

    /// Slots that a book lists, in order.
    fn listed(books: &AddressBookBatch, i: usize, community: &Community) -> Vec<u32> {
        let owner = u32::from(books.owner[i]);
        let [users, ring] = books.rings;
        let (first, stretch) = (books.first[i], books.stretch[i]);
        let mut slots: Vec<u32> = books.elsewhere.iter().map(|slots| slots[i]).filter(|&slot| slot != NOBODY).collect();
        slots.extend((0..=u32::from(stretch)).map(|k| (u32::from(first) + k) % users).filter(|&user| user != owner));
        slots.extend((0..u32::from(books.others[i])).map(|k| users + (u32::from(books.first_other[i]) + k) % ring));
        let (place, members) = community.circles.chunk(owner);
        assert_eq!(place, u32::from(books.place[i]) % CHUNK as u32);
        let members = (0..).zip(members).filter(|(at, _)| at ^ place <= books.rank[i].into());
        slots.extend(members.filter(|(_, m)| !among(**m, first, stretch, users)).map(|(_, &m)| u32::from(m)));
        slots.sort_unstable();
        slots
    }

    #[test]
    fn columns_list_whom_books_list() {
        for people in [40, 900, 120_000] {
            let overrides = Overrides { people: Some(people), ..Overrides::default() };
            let scenario = load(std::path::Path::new("scenarios/cnil-2017.toml"), &overrides);
            let Ok((scenario, _)) = scenario else { panic!("the scenario does not load") };
            let population = Population::new(&scenario, 0);
            let (mut community, mut books, mut book) =
                (Community::empty(), AddressBookBatch::default(), Book::default());
            community.fill(&population, 1);
            let owners: Vec<u16> = (0..community.shape.users as u16).collect();
            for owners in owners.chunks(BOOKS) {
                books.fill(&population, &community, owners);
                for (i, &owner) in owners.iter().enumerate() {
                    community.address_book(&population, owner.into(), &mut book);
                    let mut entries: Vec<u32> = book.entries().collect();
                    entries.sort_unstable();
                    assert_eq!(listed(&books, i, &community), entries, "owner {owner}");
                }
            }
        }
    }
}
