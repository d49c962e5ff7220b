//! What the parent holds about the people of a community under one policy, for one purpose or all.

use super::cell::Cell;
use super::observed::{Edge, Observed, edge};
use crate::exposure::contexts::{BITS, Plane};
use crate::exposure::grouping::PopulationGroup;
use crate::exposure::way::Way;
use crate::scenario::Resolution;
use crate::simd::ones;

/// What is held about each person: categories by resolution, from own acts and from those of others, and by whose acts.
#[derive(Debug)]
pub(super) struct Holding<'a> {
    pub of: &'a Observed<'a>,
    pub cell: Cell,
    /// How exactly values are held, fine to coarse. What is only in counts over groups is left out.
    pub resolutions: Vec<Resolution>,
    /// Masks of categories by person and resolution.
    own: Vec<u32>,
    others: Vec<u32>,
    /// First link of each person, and the end of the last.
    first_link: Vec<u32>,
    informants: Vec<u32>,
    /// Ways in which each informant told something that is held, as bits.
    ways: Vec<u8>,
    table: ContextTable,
}

impl<'a> Holding<'a> {
    /// What is held of a community in a cell.
    pub fn new(of: &'a Observed<'a>, cell: Cell) -> Self {
        let table = ContextTable::new(of, cell);
        let width = table.layers.len();
        let people = of.people() as usize;
        let (mut own, mut others) = (vec![0; people * width], vec![0; people * width]);
        let add = |held: &mut [u32], masks: &[u32]| held.iter_mut().zip(masks).for_each(|(held, mask)| *held |= mask);
        for (number, words) in of.acted.iter().enumerate() {
            let first = Plane { number, left: false }.place() * BITS;
            for (person, &word) in words.iter().enumerate() {
                for bit in ones(word.into()) {
                    let masks = table.masks(first + bit, of.class[person]);
                    add(&mut own[person * width..][..width], masks);
                }
            }
        }
        let (mut first_link, mut informants, mut ways) = (Vec::with_capacity(people + 1), Vec::new(), Vec::new());
        let mut tellings = of.tellings.chunk_by(|a, b| a.pair() == b.pair()).peekable();
        for subject in 0..of.people() {
            first_link.push(informants.len() as u32);
            let class = of.class[subject as usize];
            let held = &mut others[subject as usize * width..][..width];
            while let Some(told) = tellings.next_if(|told| told[0].subject() == subject) {
                let mut by = 0;
                for telling in told {
                    let masks = table.masks(telling.place().into(), class);
                    add(held, masks);
                    by |= u8::from(masks.iter().any(|mask| *mask != 0)) << telling.way() as u32;
                }
                if by != 0 {
                    informants.push(told[0].informant());
                    ways.push(by);
                }
            }
        }
        first_link.push(informants.len() as u32);
        let resolutions = table.resolutions.clone();
        Holding { of, cell, resolutions, own, others, first_link, informants, ways, table }
    }

    /// Population of a person in rows of the cell.
    pub fn population(&self, person: u32) -> PopulationGroup {
        self.of.population(person, self.cell.purpose)
    }

    /// Categories held from a person's own acts, at whatever resolution.
    pub fn own(&self, person: u32) -> u32 {
        self.at(&self.own, person).iter().fold(0, |all, mask| all | mask)
    }

    /// Categories held at each resolution, whoever told.
    pub fn by_resolution(&self, person: u32) -> impl Iterator<Item = (Resolution, u32)> + '_ {
        let masks =
            self.at(&self.own, person).iter().zip(self.at(&self.others, person)).map(|(own, others)| own | others);
        self.resolutions.iter().copied().zip(masks)
    }

    /// Categories whose value is held: as it is, or, if it is a time, rounded.
    pub fn values(&self, person: u32) -> u32 {
        let plain = |resolution: &Resolution| matches!(resolution, Resolution::Exact | Resolution::Round(_));
        self.by_resolution(person).filter(|(resolution, _)| plain(resolution)).fold(0, |all, (_, mask)| all | mask)
    }

    /// Different people by whose acts something is held about a person, as slots.
    pub fn informants(&self, person: u32) -> &[u32] {
        &self.informants[self.links(person)]
    }

    /// In which ways each of these told, as bits by [`Way`].
    pub fn ways(&self, person: u32) -> &[u8] {
        &self.ways[self.links(person)]
    }

    /// How many of these told in a way.
    pub fn informants_by(&self, person: u32, way: Way) -> u32 {
        self.ways(person).iter().map(|ways| u32::from(ways >> way as u32 & 1)).sum()
    }

    /// Ties that are held: of two local people, by an act of one of whom something is held about the other. In rising order, each once.
    pub fn ties(&self) -> Vec<Edge> {
        let of_person = |person: u32| {
            let informants = self.informants(person).iter().filter(|&&informant| self.of.community.is_local(informant));
            informants.map(move |&informant| edge(person, informant))
        };
        let mut ties: Vec<Edge> = (0..self.of.people()).flat_map(of_person).collect();
        ties.sort_unstable();
        ties.dedup();
        ties
    }

    /// Place of a person's class among those of the community.
    pub fn class_index(&self, person: u32) -> usize {
        usize::from(self.of.class[person as usize] - self.table.first)
    }

    /// How exactly a value of some categories is held from what somebody does in the context at a place, if it is as it is or, of a time, rounded: by class.
    pub fn plain_by_class(&self, place: u16, categories: u32) -> Vec<Option<Resolution>> {
        let plain = |resolution: &Resolution| matches!(resolution, Resolution::Exact | Resolution::Round(_));
        let of_class = |masks: &[u32]| {
            let held = self.resolutions.iter().zip(masks).filter(|(_, mask)| **mask & categories != 0);
            held.map(|(resolution, _)| *resolution).find(plain)
        };
        self.table.of_classes(place.into()).map(of_class).collect()
    }

    /// Days on which a value of some categories was let out about each person, whoever did something.
    pub fn days(&self, categories: u32) -> DaysHeld<'_> {
        let planes = self.of.acted.len();
        let marks = |place: usize, class: usize| {
            let tells = |bit: &usize| {
                let masks = self.table.of_classes(place * BITS + bit).nth(class).unwrap_or_default();
                masks.iter().any(|mask| mask & categories != 0)
            };
            (0..BITS).filter(tells).fold(0u16, |word, bit| word | 1 << bit)
        };
        let of_class = |class: usize| {
            let own = (0..planes).map(|number| marks(Plane { number, left: false }.place(), class)).collect();
            [own, (0..Plane::places(planes)).map(|place| marks(place, class)).collect()]
        };
        DaysHeld { holding: self, marks: (0..self.table.classes).map(of_class).collect() }
    }

    fn links(&self, person: u32) -> std::ops::Range<usize> {
        self.first_link[person as usize] as usize..self.first_link[person as usize + 1] as usize
    }

    fn at<'m>(&self, masks: &'m [u32], person: u32) -> &'m [u32] {
        let width = self.resolutions.len();
        &masks[person as usize * width..][..width]
    }
}

/// On which days something is let out about people.
pub(super) struct DaysHeld<'a> {
    holding: &'a Holding<'a>,
    /// By class: marks of own contexts by plane that tell it, and of those of others' acts by place of a plane.
    marks: Vec<[Vec<u16>; 2]>,
}

impl DaysHeld<'_> {
    /// Those about a person, in order.
    pub fn of(&self, person: u32) -> impl Iterator<Item = u32> + '_ {
        let [own, told] = &self.marks[self.holding.class_index(person)];
        self.holding.of.timeline.days(person, [own, told])
    }
}

/// What each context lets out about people of the community's classes, in a cell.
#[derive(Debug)]
struct ContextTable {
    resolutions: Vec<Resolution>,
    /// Layer of each of these.
    layers: Vec<usize>,
    /// First class of the community.
    first: u16,
    classes: usize,
    /// By place, class, resolution.
    masks: Vec<u32>,
    /// Of what discloses nothing.
    nothing: Vec<u32>,
}

impl ContextTable {
    fn new(of: &Observed, cell: Cell) -> Self {
        let (compiled, contexts) = (of.sources.compiled, of.sources.contexts);
        let layers = compiled.layers();
        let all = compiled.resolutions.iter().enumerate();
        let held = all.filter(|(_, resolution)| !matches!(resolution, Resolution::Aggregate(_)));
        // With one resolution alone there is but the layer of all that is let out.
        let (resolutions, layer_of): (Vec<_>, Vec<_>) =
            held.map(|(i, &resolution)| (resolution, if layers == 1 { 0 } else { i + 1 })).unzip();
        let first = of.class.iter().copied().min().unwrap_or(0);
        let classes = usize::from(of.class.iter().copied().max().unwrap_or(0) - first) + 1;
        let purposes = cell.purpose.map_or(0..compiled.purposes, |purpose| purpose..purpose + 1);
        let width = layer_of.len();
        let mut masks = vec![0; of.sources.places() * classes * width];
        for (place, of_place) in masks.chunks_mut((classes * width).max(1)).enumerate() {
            let (plane, bit) = (Plane::at(place / BITS), place % BITS);
            if bit >= contexts.bits(plane.number) || plane.left && !contexts.leaves() {
                continue;
            }
            let context = contexts.masks(plane, bit);
            for (class, held) in (usize::from(first)..).zip(of_place.chunks_mut(width.max(1))) {
                for purpose in purposes.clone() {
                    let from = ((class * compiled.policies + cell.policy) * compiled.purposes + purpose) * layers;
                    held.iter_mut().zip(&layer_of).for_each(|(held, layer)| *held |= context[from + layer]);
                }
            }
        }
        let nothing = vec![0; width];
        ContextTable { resolutions, layers: layer_of, first, classes, masks, nothing }
    }

    /// Masks by resolution.
    fn masks(&self, place: usize, class: u16) -> &[u32] {
        let width = self.layers.len();
        let from = (place * self.classes + usize::from(class - self.first)) * width;
        self.masks.get(from..from + width).unwrap_or(&self.nothing)
    }

    /// Masks by resolution, of each class.
    fn of_classes(&self, place: usize) -> impl Iterator<Item = &[u32]> {
        (0..self.classes).map(move |class| self.masks(place, self.first + class as u16))
    }
}
