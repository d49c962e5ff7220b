//! Marks of a community's people over days, a word per person for each plane of contexts.

use super::contexts::{Contexts, Plane};

/// What people were marked with on some days.
#[derive(Clone, Debug)]
pub(super) struct Marks {
    /// By place of the plane; the words of one that no day had mean nothing.
    words: Vec<Vec<u16>>,
    /// Which planes a day had.
    used: Vec<bool>,
}

impl Marks {
    /// No marks.
    pub(super) fn new(contexts: &Contexts) -> Self {
        let places = Plane::places(contexts.planes());
        Marks { words: vec![Vec::new(); places], used: vec![false; places] }
    }

    /// Forgets all marks, and keeps the room.
    pub(super) fn clear(&mut self) {
        self.used.fill(false);
    }

    /// Adds a day's marks.
    pub(super) fn add(&mut self, plane: Plane, today: &[u16]) {
        let (words, used) = self.plane(plane);
        if !used {
            words.clear();
            words.extend_from_slice(today);
            return;
        }
        for (word, today) in words.iter_mut().zip(today) {
            *word |= today;
        }
    }

    /// Adds a day's marks, and leaves none of them.
    pub(super) fn take(&mut self, plane: Plane, today: &mut Vec<u16>) {
        let (words, used) = self.plane(plane);
        if !used {
            std::mem::swap(words, today);
            today.clear();
            today.resize(words.len(), 0);
            return;
        }
        for (word, today) in words.iter_mut().zip(today) {
            *word |= *today;
            *today = 0;
        }
    }

    /// The words of the planes that days had.
    pub(super) fn words(&self) -> Vec<(Plane, &[u16])> {
        let of_plane = |place: usize| self.used[place].then(|| (Plane::at(place), &self.words[place][..]));
        (0..self.words.len()).filter_map(of_plane).collect()
    }

    /// All planes, whether a day had them or not.
    pub(super) fn planes(&self) -> impl Iterator<Item = Plane> + use<> {
        (0..self.words.len()).map(Plane::at)
    }

    /// The words of a plane, if a day had it.
    pub(super) fn of(&self, plane: Plane) -> Option<&[u16]> {
        let place = plane.place();
        self.used[place].then(|| &self.words[place][..])
    }

    /// The words of a plane, and whether a day had it before.
    fn plane(&mut self, plane: Plane) -> (&mut Vec<u16>, bool) {
        let place = plane.place();
        (&mut self.words[place], std::mem::replace(&mut self.used[place], true))
    }
}
