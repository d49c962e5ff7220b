//! One community in memory: what traffic and metrics look up about its people, in arrays that are used again for the next.

use super::Population;
use super::abuse::AbusiveAccount;
use super::address_book::Book;
use super::circle::Circles;
use super::class::Classes;
use super::groups::{Group, Groups};
use super::layout::{CommunityInfo, NEIGHBOURHOOD_BITS, person_id};
use super::person_columns::{PersonColumns, Run};
use super::standing::Standing;
use super::weak::{Pairing, Pairings, RESIDUES};
use crate::random::{Domain, Stream};

/// Nobody, where a slot is optional.
pub const NOBODY: u32 = u32::MAX;

/// A community's people, the people elsewhere that they have weak ties to, and those beside them whom they list.
///
/// A *slot* is a place in the columns: `0..people` are the local people (users first), then come the weak ties: for each layer those of
/// each residue of local indices, in their order, so that those of a cell lie side by side; then, cell by cell, people beside the ties who never joined.
#[derive(Clone, Debug, Default)]
pub struct Community {
    /// Number, jurisdiction and size.
    pub shape: CommunityInfo,
    /// Time zone, an index into [`Population::zones`].
    pub zone: u8,
    /// Class number (for those who leave the one before: see [`Community::class_on`]), levels of activity and presence, by
    /// slot; all 0 for a weak tie that is not there.
    pub columns: PersonColumns,
    /// First day of the run on which each slot is gone from the service, `u32::MAX` for never. Empty if the scenario
    /// lets nobody leave.
    pub left_day: Vec<u32>,
    /// (day, slot) of all who leave on some day, by day.
    pub leavers: Vec<(u32, u32)>,
    /// Weak ties.
    pub pairings: Pairings,
    /// First slot of the people beside the ties of each cell, and the end of the last.
    beside: Vec<u32>,
    /// Zone of each cell of the pairings.
    zones: Vec<u8>,
    /// Numbers of the cells, by zone.
    by_zone: Vec<u16>,
    /// Accounts that behave as their abuse class does.
    pub abusive: Vec<AbusiveAccount>,
    /// Strong ties.
    pub circles: Circles,
    /// Chat groups.
    pub groups: Groups,
    /// What decides about the size of address books, by neighbourhood.
    neighbourhoods: Vec<f64>,
    /// The fourth stream of the people's attributes.
    pub(super) own: Stream,
}

impl Community {
    /// Room for a community; [`Community::fill`] makes it one.
    pub fn empty() -> Self {
        Community::default()
    }

    /// Makes this community number `number` of the population. Nothing of the one before is left.
    pub fn fill(&mut self, population: &Population, number: u32) {
        let shape = population.layout.shape(number);
        self.shape = shape;
        self.zone = population.zone(&shape);
        self.left_day.clear();
        self.leavers.clear();
        self.columns.begin();
        let listable = shape.users + population.books.listable(&shape);
        for (standing, first, end) in [
            (Standing::User, 0, shape.users),
            (Standing::Listable, shape.users, listable),
            (Standing::Unlisted, listable, shape.people),
        ] {
            let run = Run { standing, first, step: 1, n: (end - first) as usize };
            population.people.append(&population.classes, &shape, run, &mut self.columns);
        }
        self.fill_weak(population);
        self.columns.end();
        self.own = population.people.streams(number)[3];
        population.people.abusive(&shape, &mut self.abusive);
        self.neighbourhoods.clear();
        self.neighbourhoods.extend(population.people.neighbourhoods(&shape));

        let [w0, w1, w2, _] = population.key.block(Domain::Community, u64::from(number), 0, 0);
        self.circles.fill(shape.users, (w0, w1));
        self.groups.fill(&self.circles, population.group_layers, &population.group_sizes, Stream::new(w2));
        if population.somebody_leaves() {
            self.fill_left(population);
        }
    }

    /// Works out the people at the other ends of weak ties, a run of a cell at a time.
    fn fill_weak(&mut self, population: &Population) {
        self.pairings = population.weak.pairings(&population.layout, &population.books, &self.shape);
        self.zones.clear();
        for cell in self.pairings.cells() {
            self.zones.push(population.zone(&cell.other));
            for (_, there, len) in cell.runs() {
                let first = there.wrapping_mul(RESIDUES).wrapping_add(cell.residue);
                let step = -(RESIDUES as i32);
                let run = Run { standing: Standing::User, first, step, n: len as usize };
                population.people.append(&population.classes, &cell.other, run, &mut self.columns);
            }
            let end = self.shape.people
                + cell.layer as u32 * self.shape.users
                + rows_before(self.shape.users, cell.residue + 1);
            self.columns.pad(end as usize);
        }
        self.beside.clear();
        let mut slot = self.layer_start(self.layers());
        for cell in self.pairings.cells() {
            self.beside.push(slot);
            let n = cell.theirs.before(cell.rows());
            for (first, len) in cell.theirs.stretches(n) {
                let run = Run { standing: Standing::Listable, first, step: 1, n: len as usize };
                population.people.append_elsewhere(&population.classes, &cell.other, run, &mut self.columns);
            }
            slot += n;
        }
        self.beside.push(slot);
        self.by_zone.clear();
        self.by_zone.extend(0..self.zones.len() as u16);
        self.by_zone.sort_by_key(|&cell| self.zones[usize::from(cell)]);
    }

    fn fill_left(&mut self, population: &Population) {
        for slot in 0..self.slots() as u32 {
            let id = self.id(slot);
            let day = if id == u64::MAX { None } else { population.leaves(self.columns.class[slot as usize], id) };
            self.left_day.push(day.map_or(u32::MAX, |day| day.clamp(0, i64::from(u32::MAX - 1)) as u32));
        }
        let leavers = (0..).zip(&self.left_day).filter(|(_, day)| **day != u32::MAX).map(|(slot, &day)| (day, slot));
        self.leavers.extend(leavers);
        self.leavers.sort_unstable();
    }

    /// Whether a slot is gone from the service on a day of the run.
    #[inline(always)]
    pub fn gone(&self, slot: u32, day: u32) -> bool {
        self.left_day.get(slot as usize).is_some_and(|&left| left <= day)
    }

    /// Whether any slot is gone on a day of the run.
    pub fn somebody_left(&self, day: u32) -> bool {
        self.leavers.first().is_some_and(|&(left, _)| left <= day)
    }

    /// Class number of a slot on a day of the run.
    pub fn class_on(&self, classes: &Classes, slot: u32, day: u32) -> u16 {
        let class = self.columns.class[slot as usize];
        if self.gone(slot, day) { classes.left(class) } else { class }
    }

    /// Number of slots.
    pub fn slots(&self) -> usize {
        self.columns.class.len()
    }

    /// Layers of weak ties.
    pub fn layers(&self) -> usize {
        self.pairings.layers()
    }

    /// First slot of a layer of weak ties.
    #[inline]
    pub fn layer_start(&self, layer: usize) -> u32 {
        self.shape.people + layer as u32 * self.shape.users
    }

    /// First slot of a cell of weak ties: that of row 0.
    #[inline]
    pub fn cell_start(&self, layer: usize, residue: u32) -> u32 {
        self.layer_start(layer) + rows_before(self.shape.users, residue)
    }

    /// Slot of a user's weak tie in a layer, [`NOBODY`] if there is none.
    #[inline]
    pub fn weak_slot(&self, layer: usize, user: u32) -> u32 {
        let row = user / RESIDUES;
        if row < self.pairings.cell(layer, user).rows() {
            self.cell_start(layer, user % RESIDUES) + row
        } else {
            NOBODY
        }
    }

    /// Slot of the weak tie in a layer that a user's address book lists, [`NOBODY`] if there is none.
    #[inline]
    pub fn listed_slot(&self, layer: usize, user: u32) -> u32 {
        if self.pairings.cell(layer, user).is_within() { NOBODY } else { self.weak_slot(layer, user) }
    }

    /// Layers of the ties beside which people stand who never joined.
    pub fn layers_beside(&self) -> std::ops::Range<usize> {
        self.pairings.layers_anywhere()
    }

    /// Slot of the person beside a user's weak tie in a layer who never joined, and whom the user's address book lists; [`NOBODY`] if there is none.
    #[inline]
    pub fn slot_beside(&self, layer: usize, user: u32) -> u32 {
        let cell = layer * RESIDUES as usize + (user % RESIDUES) as usize;
        let number = self.pairings.cells()[cell].listed_beside(user / RESIDUES);
        number.map_or(NOBODY, |number| self.beside[cell] + number)
    }

    /// Whether a slot is a person of this community.
    #[inline(always)]
    pub fn is_local(&self, slot: u32) -> bool {
        slot < self.shape.people
    }

    /// Layer and user of the slot of a weak tie.
    fn tie(&self, slot: u32) -> (usize, u32) {
        let (users, i) = (self.shape.users, slot - self.shape.people);
        let (layer, i) = (i / users, i % users);
        // The first residues have a row more.
        let (rows, more) = (users / RESIDUES, users % RESIDUES);
        let residue = if i < more * (rows + 1) { i / (rows + 1) } else { (i - more) / rows };
        (layer as usize, (i - rows_before(users, residue)) * RESIDUES + residue)
    }

    /// Number of the cell beside whose ties the person of a slot stands; `None` of everybody else.
    fn cell_beside(&self, slot: u32) -> Option<usize> {
        // The last of the cells that begin there: those before it have nobody.
        self.beside.partition_point(|&first| first <= slot).checked_sub(1)
    }

    /// Community and local index of a slot; `None` for a weak tie that is not there.
    pub fn place(&self, slot: u32) -> Option<(CommunityInfo, u32)> {
        if self.is_local(slot) {
            return Some((self.shape, slot));
        }
        if let Some(cell) = self.cell_beside(slot) {
            let Pairing { other, theirs, .. } = &self.pairings.cells()[cell];
            return Some((*other, theirs.numbered(slot - self.beside[cell])));
        }
        let (layer, user) = self.tie(slot);
        Some((self.pairings.cell(layer, user).other, self.pairings.partner(layer, user)?))
    }

    /// Person id of a slot; `u64::MAX` for a weak tie that is not there.
    pub fn id(&self, slot: u32) -> u64 {
        self.place(slot).map_or(u64::MAX, |(shape, local)| person_id(shape.number, local))
    }

    /// Time zone of a slot.
    #[inline]
    pub fn zone_of(&self, slot: u32) -> u8 {
        if self.is_local(slot) {
            return self.zone;
        }
        if let Some(cell) = self.cell_beside(slot) {
            return self.zones[cell];
        }
        let (layer, user) = self.tie(slot);
        self.zones[layer * RESIDUES as usize + (user % RESIDUES) as usize]
    }

    /// The cells of the weak ties, each with its time zone: those of the same zone one after the other.
    pub fn cells_by_zone(&self) -> impl Iterator<Item = (&Pairing, u8)> {
        self.by_zone.iter().map(|&cell| (&self.pairings.cells()[usize::from(cell)], self.zones[usize::from(cell)]))
    }

    /// Where the members of a group sit.
    #[inline]
    pub fn seats_of(&self, group: &Group) -> std::ops::Range<usize> {
        group.start as usize..group.start as usize + usize::from(group.size)
    }

    /// The members of a group, as slots.
    pub fn members(&self, group: &Group) -> impl Iterator<Item = u32> + '_ {
        self.groups.seats[self.seats_of(group)].iter().map(|&user| user.into())
    }

    /// What a user's neighbourhood has in common, for the sizes of address books.
    #[inline]
    pub(super) fn neighbourhood(&self, user: u32) -> f64 {
        self.neighbourhoods[(user >> NEIGHBOURHOOD_BITS) as usize]
    }

    /// Makes `book` the address book of a user: weak ties, people beside them, then contacts of the community, one by one or in stretches.
    pub fn address_book(&self, population: &Population, user: u32, book: &mut Book) {
        book.clear();
        let ties = (0..self.layers()).map(|layer| self.listed_slot(layer, user));
        let beside = self.layers_beside().map(|layer| self.slot_beside(layer, user));
        book.elsewhere.extend(ties.chain(beside).filter(|&slot| slot != NOBODY));
        let level = self.columns.level[user as usize];
        let entries = u32::from(population.people.book(self.neighbourhood(user), self.own.at(u64::from(user)), level));
        let entries = entries.saturating_sub(book.elsewhere.len() as u32);
        population.books.local(&self.shape, &self.circles, (user, entries), book);
    }
}

/// How many of `users` have a residue below `residue`.
#[inline(always)]
pub fn rows_before(users: u32, residue: u32) -> u32 {
    residue * (users / RESIDUES) + residue.min(users % RESIDUES)
}

#[cfg(test)]
mod tests {
    use super::super::weak::rows_of;
    use super::*;
    use crate::scenario::{Overrides, load};

    #[test]
    fn rows_lie_by_residue() {
        for users in [1, 63, 64, 65, 1000] {
            let before: Vec<u32> = (0..=RESIDUES).map(|residue| rows_before(users, residue)).collect();
            assert_eq!((before[0], before[RESIDUES as usize]), (0, users));
            for residue in 0..RESIDUES {
                let of_residue = (0..users).filter(|user| user % RESIDUES == residue).count() as u32;
                assert_eq!(before[residue as usize + 1] - before[residue as usize], of_residue);
                assert_eq!(rows_of(users, residue), of_residue);
            }
        }
    }

    /// Who lists whom beside a weak tie, from the owner's side and from that of the person listed: as many as the odds of the country say.
    #[test]
    fn both_sides_know_who_is_listed_beside_a_tie() {
        let overrides = Overrides { people: Some(60_000), ..Overrides::default() };
        let (scenario, _) = load("cnil-2017".as_ref(), &overrides).expect("it ships");
        let population = Population::new(&scenario, 0);
        let mut community = Community::empty();
        let (mut by_owner, mut by_listed) = (Vec::new(), Vec::new());
        let (mut abroad, mut expected) = (0, 0.0);
        for number in 0..population.layout.communities() {
            community.fill(&population, number);
            for user in 0..community.shape.users {
                for layer in community.layers_beside() {
                    let slot = community.slot_beside(layer, user);
                    if slot == NOBODY {
                        continue;
                    }
                    let (other, local) = community.place(slot).expect("somebody");
                    let person = population.people.person(&other, local, false);
                    assert!(local >= other.users && local < other.users + population.books.listable(&other));
                    assert_eq!(community.columns.class[slot as usize], population.class_of(&other, false, &person));
                    assert_eq!(community.zone_of(slot), population.zone(&other));
                    by_owner.push((number, user, other.number, local));
                    abroad += usize::from(other.jurisdiction != community.shape.jurisdiction);
                }
            }
            for cell in community.pairings.cells() {
                for row in 0..cell.rows() {
                    let user = row * RESIDUES + cell.residue;
                    let owner = community.pairings.partner(cell.layer, user).expect("a tie");
                    by_listed.extend(cell.ours.of(row).map(|local| (cell.other.number, owner, number, local)));
                    if cell.layer >= community.layers_beside().start && !cell.is_within() {
                        expected += population.books.beside(community.shape.jurisdiction);
                    }
                }
            }
        }
        by_owner.sort_unstable();
        by_listed.sort_unstable();
        assert_eq!(by_owner, by_listed);
        assert!(abroad > 1000, "{abroad}");
        let n = by_owner.len() as f64;
        // Rounded down once for each of the 64 rows of a community.
        assert!(n <= expected && expected - n < 64.0 * f64::from(population.layout.communities()), "{n} {expected}");
    }
}
