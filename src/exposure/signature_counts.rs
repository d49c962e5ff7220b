//! People counted by class and marks, with what is disclosed about them.

use super::contexts::{BITS, Contexts};
use crate::policy::Compiled;
use crate::simd::kernels;

/// The marks of a community's people.
pub(super) struct Marks<'a> {
    /// First class of their jurisdiction, and number of its classes.
    pub(super) home: (usize, usize),
    pub(super) width: usize,
    pub(super) marks: &'a [u16],
    pub(super) class: &'a [u16],
}

impl Marks<'_> {
    fn of(&self, person: usize) -> &[u16] {
        &self.marks[person * self.width..][..self.width]
    }
}

/// People by (class, marks), with what is disclosed about them.
///
/// Where classes and contexts are few, people are counted in a table, and what is disclosed about each entry is worked out once.
/// Otherwise: most people are like somebody before them; a small direct-mapped table finds those, and what it has no room for is worked
/// out again.
#[derive(Debug)]
pub(super) struct Cache {
    signatures: SignatureCounts,
    /// A person of the slot's kind, and how many there were since.
    slots: Vec<(usize, u64)>,
    /// Masks of categories of each slot: policy, purpose (then all), layer.
    masks: Vec<u32>,
    cells: usize,
}

impl Cache {
    const SLOTS: usize = 1024;
    const EMPTY: (usize, u64) = (usize::MAX, 0);

    pub(super) fn new(cells: usize) -> Self {
        Cache {
            signatures: SignatureCounts::default(),
            slots: vec![Self::EMPTY; Self::SLOTS],
            masks: vec![0; Self::SLOTS * cells],
            cells,
        }
    }

    /// Forgets whom it counted last.
    pub(super) fn begin(&mut self) {
        self.signatures.last.clear();
    }

    /// Counts those again whom it counted last, if it knows them.
    pub(super) fn again(&self, mut add: impl FnMut(usize, &[u32], u64)) -> bool {
        for &(class, masks, n) in &self.signatures.last {
            add(class, &self.signatures.masks[masks..][..self.cells], n);
        }
        !self.signatures.last.is_empty()
    }

    /// Calls `add(class, masks, people)` so that every person with a mark is counted once.
    pub(super) fn count(
        &mut self,
        people: &Marks,
        compiled: &Compiled,
        contexts: &Contexts,
        mut add: impl FnMut(usize, &[u32], u64),
    ) {
        if people.width == 1 && self.signatures.fits(people.home, contexts.count()) {
            self.signatures.count(people, compiled, contexts, self.cells, add);
            return;
        }
        for person in 0..people.class.len() {
            let own = people.of(person);
            if own.iter().all(|&w| w == 0) {
                continue;
            }
            let class = people.class[person];
            let hash = own.iter().fold(u64::from(class), |h, &w| crate::random::mix(h << 16 ^ u64::from(w)));
            let i = hash as usize % Self::SLOTS;
            let (like, count) = self.slots[i];
            if like != usize::MAX && people.class[like] == class && people.of(like) == own {
                self.slots[i].1 = count + 1;
                continue;
            }
            let masks = &mut self.masks[i * self.cells..][..self.cells];
            if like != usize::MAX {
                add(usize::from(people.class[like]), masks, count);
            }
            self.slots[i] = (person, 1);
            disclosed(compiled, contexts, usize::from(class), own, masks);
        }
        for (slot, masks) in self.slots.iter_mut().zip(self.masks.chunks(self.cells.max(1))) {
            if slot.0 != usize::MAX {
                add(usize::from(people.class[slot.0]), masks, slot.1);
                *slot = Self::EMPTY;
            }
        }
    }
}

/// People counted in a table by class and marks.
#[derive(Debug, Default)]
struct SignatureCounts {
    /// First class and number of classes that the table is for.
    home: (usize, usize),
    /// People, in copies, so that one does not wait for the one before.
    people: Vec<u32>,
    /// Where the masks of an entry begin, plus 1; 0 while nobody asked.
    known: Vec<usize>,
    masks: Vec<u32>,
    /// Who was counted last: class, where the masks begin, people.
    last: Vec<(usize, usize, u64)>,
}

impl SignatureCounts {
    const LANES: usize = 8;
    /// Most entries.
    const MOST: usize = 1 << 14;
    /// From one copy to the next: a line more, lest the same entry of two look like the same address in its low bits.
    const LANE: usize = Self::MOST + 16;

    fn fits(&self, (_, classes): (usize, usize), contexts: usize) -> bool {
        contexts <= BITS && classes << contexts <= Self::MOST
    }

    fn count(
        &mut self,
        people: &Marks,
        compiled: &Compiled,
        contexts: &Contexts,
        cells: usize,
        mut add: impl FnMut(usize, &[u32], u64),
    ) {
        let bits = contexts.count();
        let entries = people.home.1 << bits;
        if self.home != people.home {
            self.home = people.home;
            self.people.resize(Self::LANES * Self::LANE, 0);
            self.known = vec![0; entries];
            self.masks.clear();
        }
        self.last.clear();
        count_crowd(people.marks, people.class, people.home.0, bits as u32, &mut self.people);
        for entry in 0..entries {
            let here = (0..Self::LANES).map(|lane| std::mem::take(&mut self.people[lane * Self::LANE + entry]));
            let n = here.sum::<u32>();
            let (class, marks) = (people.home.0 + (entry >> bits), [(entry & ((1 << bits) - 1)) as u16]);
            if n == 0 || marks == [0] {
                continue;
            }
            if self.known[entry] == 0 {
                let from = self.masks.len();
                self.masks.resize(from + cells, 0);
                disclosed(compiled, contexts, class, &marks, &mut self.masks[from..]);
                self.known[entry] = from + 1;
            }
            let masks = self.known[entry] - 1;
            self.last.push((class, masks, n.into()));
            add(class, &self.masks[masks..][..cells], n.into());
        }
    }
}

kernels! {
    /// Counts people by class and marks.
    fn count_crowd(marks: &[u16], class: &[u16], first: usize, bits: u32, people: &mut [u32]) {
        // Entries of some people at a time: worked out in vectors, and read when they have reached the cache.
        const ROOM: usize = 1024;
        let people = &mut people[..SignatureCounts::LANES * SignatureCounts::LANE];
        let marks = &marks[..class.len()];
        let (first, most) = (first as u16, SignatureCounts::MOST as u16 - 1);
        let mut entries = [0u16; ROOM];
        for (marks, class) in marks.chunks(ROOM).zip(class.chunks(ROOM)) {
            let entries = &mut entries[..class.len()];
            for ((entry, &marks), &class) in entries.iter_mut().zip(marks).zip(class) {
                *entry = ((class - first) << bits | marks) & most;
            }
            let rows = entries.chunks_exact(SignatureCounts::LANES);
            for &entry in rows.remainder() {
                people[usize::from(entry)] += 1;
            }
            for row in rows {
                for (lane, &entry) in row.iter().enumerate() {
                    people[lane * SignatureCounts::LANE + usize::from(entry)] += 1;
                }
            }
        }
    }

    /// How many people are of a class.
    pub(super) fn count_class(classes: &[u16], class: u16) -> u64 {
        classes.iter().map(|&c| u32::from(c == class)).sum::<u32>().into()
    }
}

/// What is disclosed about a person of a class with these marks: mask of categories by policy, purpose (then all) and
/// layer.
fn disclosed(compiled: &Compiled, contexts: &Contexts, class: usize, marks: &[u16], masks: &mut [u32]) {
    masks.fill(0);
    let layers = compiled.layers();
    let per_policy = compiled.purposes * layers;
    for (word, bits) in marks.iter().enumerate() {
        let mut rest = *bits;
        while rest != 0 {
            let context = &contexts.masks[word * BITS + rest.trailing_zeros() as usize];
            rest &= rest - 1;
            let own = context[class * compiled.policies * per_policy..].chunks(per_policy);
            for (out, own) in masks.chunks_mut(per_policy + layers).zip(own) {
                for (out, mask) in out.iter_mut().zip(own) {
                    *out |= mask;
                }
            }
        }
    }
    for out in masks.chunks_mut(per_policy + layers) {
        let (each, all) = out.split_at_mut(per_policy);
        for (i, mask) in each.iter().enumerate() {
            all[i % layers] |= mask;
        }
    }
}
