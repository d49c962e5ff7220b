//! People counted by class and marks, with what is disclosed about them.

use super::contexts::{Contexts, Plane};
use crate::policy::Compiled;
use crate::random::mix;
use crate::simd::{each_bit, kernel};

/// The marks of a community's people.
pub(super) struct MarkedPeople<'a> {
    /// First class of their jurisdiction, and number of its classes.
    pub(super) home: (usize, usize),
    /// Class of each person.
    pub(super) class: &'a [u16],
    /// Words of marks, and of which plane they are.
    pub(super) words: Vec<(Plane, &'a [u16])>,
}

/// Categories that are disclosed about a person: masks by policy, purpose (then all) and layer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Disclosed<'a> {
    /// By whose act ever.
    pub(super) masks: &'a [u32],
    /// By acts of the person's own.
    pub(super) by_own_acts: &'a [u32],
    /// By acts of others.
    pub(super) by_others: &'a [u32],
}

impl<'a> Disclosed<'a> {
    /// Of masks one behind the other, as [`disclosed`] makes them.
    pub(super) fn thirds(all: &'a [u32]) -> Self {
        let (masks, rest) = all.split_at(all.len() / 3);
        let (by_own_acts, by_others) = rest.split_at(masks.len());
        Disclosed { masks, by_own_acts, by_others }
    }
}

/// People by (class, marks), with what is disclosed about them.
///
/// Where a person's marks are one word of few contexts, people are counted in a table, and what is disclosed about each entry is worked out once.
/// Otherwise: most people are like somebody before them; a small direct-mapped table finds those, and what it has no room for is worked
/// out again.
#[derive(Debug)]
pub(super) struct PersonCounts {
    /// A table for each plane, and for each of those since people left.
    tables: Vec<SignatureTable>,
    /// Counters of whichever table is at work, in copies, so that one person does not wait for the one before.
    people: Vec<u32>,
    /// A person of the slot's kind, and how many there were since.
    slots: Vec<(usize, u64)>,
    /// Masks of categories of each slot: policy, purpose (then all), layer; then those by own acts, and those by acts of others.
    masks: Vec<u32>,
    /// Masks of a slot.
    cells: usize,
}

impl PersonCounts {
    const SLOTS: usize = 1024;
    const EMPTY: (usize, u64) = (usize::MAX, 0);

    /// `masks`: by policy, purpose (then all) and layer.
    pub(super) fn new(contexts: &Contexts, masks: usize) -> Self {
        let cells = 3 * masks;
        PersonCounts {
            tables: (0..Plane::places(contexts.planes())).map(|_| SignatureTable::default()).collect(),
            people: Vec::new(),
            slots: vec![Self::EMPTY; Self::SLOTS],
            masks: vec![0; Self::SLOTS * cells],
            cells,
        }
    }

    /// Forgets whom it counted last.
    pub(super) fn begin(&mut self) {
        self.tables.iter_mut().for_each(|table| table.last.clear());
    }

    /// Counts those again whom it counted last by the marks of a plane, if it knows them.
    pub(super) fn again(&self, plane: Plane, mut add: impl FnMut(usize, Disclosed, u64)) -> bool {
        let table = &self.tables[plane.place()];
        for &(class, masks, n) in &table.last {
            add(class, Disclosed::thirds(&table.masks[masks..][..self.cells]), n);
        }
        !table.last.is_empty()
    }

    /// Calls `add(class, disclosed, people)` so that every person with a mark is counted once.
    pub(super) fn count(
        &mut self,
        marked: &MarkedPeople,
        compiled: &Compiled,
        contexts: &Contexts,
        mut add: impl FnMut(usize, Disclosed, u64),
    ) {
        if let &[(plane, marks)] = &marked.words[..]
            && SignatureTable::fits(marked.home, contexts.bits(plane.number))
        {
            let people = (marks, marked.class);
            let table = &mut self.tables[plane.place()];
            table.count(people, marked.home, contexts.bits(plane.number), &mut self.people, |class, marks, masks| {
                let from = masks.len();
                masks.resize(from + self.cells, 0);
                disclosed(compiled, contexts, class, [(plane, marks)].into_iter(), &mut masks[from..]);
            });
            self.again(plane, add);
            return;
        }
        let same = |a: usize, b: usize| marked.words.iter().all(|(_, marks)| marks[a] == marks[b]);
        for person in 0..marked.class.len() {
            let own = marked.words.iter().map(|(plane, marks)| (*plane, marks[person]));
            if own.clone().all(|(_, marks)| marks == 0) {
                continue;
            }
            let class = marked.class[person];
            let hash = own.clone().fold(u64::from(class), |h, (_, marks)| mix(h << 16 ^ u64::from(marks)));
            let i = hash as usize % Self::SLOTS;
            let (like, count) = self.slots[i];
            if like != usize::MAX && marked.class[like] == class && same(like, person) {
                self.slots[i].1 = count + 1;
                continue;
            }
            let masks = &mut self.masks[i * self.cells..][..self.cells];
            if like != usize::MAX {
                add(usize::from(marked.class[like]), Disclosed::thirds(masks), count);
            }
            self.slots[i] = (person, 1);
            disclosed(compiled, contexts, usize::from(class), own, masks);
        }
        for (slot, masks) in self.slots.iter_mut().zip(self.masks.chunks(self.cells.max(1))) {
            if slot.0 != usize::MAX {
                add(usize::from(marked.class[slot.0]), Disclosed::thirds(masks), slot.1);
                *slot = Self::EMPTY;
            }
        }
    }
}

/// People counted in a table by class and the marks of one plane.
#[derive(Debug, Default)]
struct SignatureTable {
    /// First class and number of classes that the table is for.
    home: (usize, usize),
    /// Where the masks of an entry begin, plus 1; 0 while nobody asked.
    known: Vec<usize>,
    masks: Vec<u32>,
    /// Who was counted last: class, where the masks begin, people.
    last: Vec<(usize, usize, u64)>,
}

impl SignatureTable {
    const LANES: usize = 8;
    /// Most entries.
    const MOST: usize = 1 << 14;
    /// From one copy to the next: a line more, lest the same entry of two look like the same address in its low bits.
    const LANE: usize = Self::MOST + 16;

    fn fits((_, classes): (usize, usize), bits: usize) -> bool {
        classes << bits <= Self::MOST
    }

    /// Counts people by their marks and classes, into `last`; `disclose(class, marks, masks)` adds the masks of such people.
    fn count(
        &mut self,
        (marks, class): (&[u16], &[u16]),
        home: (usize, usize),
        bits: usize,
        people: &mut Vec<u32>,
        disclose: impl Fn(usize, u16, &mut Vec<u32>),
    ) {
        let entries = home.1 << bits;
        if self.home != home {
            self.home = home;
            self.known.clear();
            self.known.resize(entries, 0);
            self.masks.clear();
        }
        self.last.clear();
        people.resize(Self::LANES * Self::LANE, 0);
        count_signatures(marks, class, home.0, bits as u32, people);
        for entry in 0..entries {
            let here = (0..Self::LANES).map(|lane| std::mem::take(&mut people[lane * Self::LANE + entry]));
            let n = here.sum::<u32>();
            let (class, marks) = (home.0 + (entry >> bits), (entry & ((1 << bits) - 1)) as u16);
            if n == 0 || marks == 0 {
                continue;
            }
            if self.known[entry] == 0 {
                self.known[entry] = self.masks.len() + 1;
                disclose(class, marks, &mut self.masks);
            }
            self.last.push((class, self.known[entry] - 1, n.into()));
        }
    }
}

/// Counts people by class and marks.
#[kernel]
fn count_signatures(marks: &[u16], class: &[u16], first: usize, bits: u32, people: &mut [u32]) {
    // Entries of some people at a time: worked out in vectors, and read when they have reached the cache.
    const ROOM: usize = 1024;
    let people = &mut people[..SignatureTable::LANES * SignatureTable::LANE];
    let marks = &marks[..class.len()];
    let (first, most) = (first as u16, SignatureTable::MOST as u16 - 1);
    let mut entries = [0u16; ROOM];
    for (marks, class) in marks.chunks(ROOM).zip(class.chunks(ROOM)) {
        let entries = &mut entries[..class.len()];
        for ((entry, &marks), &class) in entries.iter_mut().zip(marks).zip(class) {
            *entry = ((class - first) << bits | marks) & most;
        }
        let rows = entries.chunks_exact(SignatureTable::LANES);
        for &entry in rows.remainder() {
            people[usize::from(entry)] += 1;
        }
        for row in rows {
            for (lane, &entry) in row.iter().enumerate() {
                people[lane * SignatureTable::LANE + usize::from(entry)] += 1;
            }
        }
    }
}

/// How many people are of a class.
#[kernel]
pub(super) fn count_class(classes: &[u16], class: u16) -> u64 {
    classes.iter().map(|&c| u32::from(c == class)).sum::<u32>().into()
}

/// What is disclosed about a person of a class with these marks: mask of categories by policy, purpose (then all) and
/// layer; then what is by own acts, and what is by acts of others.
pub(super) fn disclosed(
    compiled: &Compiled,
    contexts: &Contexts,
    class: usize,
    marks: impl Iterator<Item = (Plane, u16)>,
    masks: &mut [u32],
) {
    masks.fill(0);
    let layers = compiled.layers();
    let per_policy = compiled.purposes * layers;
    let (all, rest) = masks.split_at_mut(masks.len() / 3);
    let (by_own_acts, by_others) = rest.split_at_mut(all.len());
    for (plane, marks) in marks {
        each_bit(marks.into(), |bit| {
            let own = &contexts.masks(plane, bit)[class * compiled.policies * per_policy..];
            let add = |to: &mut [u32]| {
                for (out, own) in to.chunks_mut(per_policy + layers).zip(own.chunks(per_policy)) {
                    for (out, mask) in out.iter_mut().zip(own) {
                        *out |= mask;
                    }
                }
            };
            add(all);
            add(if contexts.is_own_act(plane, bit) { by_own_acts } else { by_others });
        });
    }
    for out in masks.chunks_mut(per_policy + layers) {
        let (each, all) = out.split_at_mut(per_policy);
        for (i, mask) in each.iter().enumerate() {
            all[i % layers] |= mask;
        }
    }
}
