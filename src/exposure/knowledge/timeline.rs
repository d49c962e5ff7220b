//! When: in which half hours people of a community did something, and on which days something was said of them.

use crate::exposure::contexts::{BITS, Plane};
use crate::exposure::knowledge::telling::NOWHERE;

/// Half hours of a day: as many as a word has room for.
pub(super) const SLOTS: usize = 48;
/// Length of one, milliseconds.
const SLOT_MS: u32 = 86_400_000 / SLOTS as u32;

/// What is kept of when things happened; each part only if somebody asks.
#[derive(Debug)]
pub(super) struct Timeline {
    days: usize,
    people: usize,
    /// Half hours (UTC) in which each person did something on a day, as bits, by place of the context; the last is of acts that disclose nothing.
    acts: Option<Vec<Vec<u64>>>,
    /// Marks of a day by plane, and of what others did by place of a plane.
    marks: Option<[Vec<Vec<u16>>; 2]>,
}

impl Timeline {
    /// Of so many days and planes. `times` and `marks`: what is kept.
    pub fn new(days: u32, planes: usize, times: bool, marks: bool) -> Self {
        let places = Plane::places(planes);
        Timeline {
            days: days as usize,
            people: 0,
            acts: times.then(|| vec![Vec::new(); places * BITS + 1]),
            marks: marks.then(|| [vec![Vec::new(); planes], vec![Vec::new(); places]]),
        }
    }

    /// Forgets all, and turns to a community of so many people.
    pub fn begin(&mut self, people: usize) {
        self.people = people;
        let of_days = people * self.days;
        // Contexts are few of many places: room is made when one occurs.
        self.acts.iter_mut().flatten().for_each(Vec::clear);
        for marks in self.marks.iter_mut().flatten().flatten() {
            marks.clear();
            marks.resize(of_days, 0);
        }
    }

    /// Whether it is kept on which days something is said of people.
    pub fn keeps_days(&self) -> bool {
        self.marks.is_some()
    }

    /// A person does something at a time of a day, milliseconds since midnight UTC.
    #[inline]
    pub fn acts(&mut self, person: usize, place: u16, day: u32, time: u32) {
        let at = day as usize * self.people + person;
        if let Some(acts) = &mut self.acts {
            let last = acts.len() - 1;
            let of_place = &mut acts[usize::from(place).min(last)];
            if of_place.is_empty() {
                of_place.resize(self.people * self.days, 0);
            }
            of_place[at] |= 1 << (time / SLOT_MS).min(SLOTS as u32 - 1);
        }
        if let Some([own, _]) = &mut self.marks
            && place != NOWHERE
        {
            let place = usize::from(place);
            own[Plane::at(place / BITS).number][at] |= 1 << (place % BITS);
        }
    }

    /// On a day somebody does something about a person.
    #[inline]
    pub fn told_of(&mut self, person: usize, place: u16, day: u32) {
        if let Some([_, told]) = &mut self.marks
            && place != NOWHERE
        {
            let place = usize::from(place);
            told[place / BITS][day as usize * self.people + person] |= 1 << (place % BITS);
        }
    }

    /// Half hours (UTC) of each day in which a person did something in contexts at some of [`Timeline::places`], as bits.
    pub fn half_hours<'a>(&'a self, person: u32, places: &'a [u16]) -> impl Iterator<Item = u64> + 'a {
        let acts = self.acts.as_deref().unwrap_or_default();
        (0..self.days).map(move |day| {
            let at = day * self.people + person as usize;
            let of_place = |place: u16| acts[usize::from(place).min(acts.len() - 1)][at];
            places.iter().fold(0, |all, &place| all | of_place(place))
        })
    }

    /// Places of contexts in which anybody did something; the last may be [`NOWHERE`].
    pub fn places(&self) -> Vec<u16> {
        let acts = self.acts.as_deref().unwrap_or_default();
        let place = |i: usize| if i + 1 == acts.len() { NOWHERE } else { i as u16 };
        acts.iter().enumerate().filter(|(_, acts)| !acts.is_empty()).map(|(i, _)| place(i)).collect()
    }

    /// Days on which a person was in contexts of some marks: own ones by plane, those of others' acts by place of a plane.
    pub fn days<'a>(&'a self, person: u32, [own, told]: [&'a [u16]; 2]) -> impl Iterator<Item = u32> + 'a {
        let at = move |day: usize| day * self.people + person as usize;
        let any = move |marks: &[Vec<u16>], telling: &[u16], day: usize| {
            marks.iter().zip(telling).any(|(marks, telling)| *telling != 0 && marks[at(day)] & telling != 0)
        };
        let days = 0..self.marks.as_ref().map_or(0, |_| self.days);
        days.filter(move |&day| {
            self.marks.as_ref().is_some_and(|[of_own, of_others]| any(of_own, own, day) || any(of_others, told, day))
        })
        .map(|day| day as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happened_when_is_found_again() {
        let mut timeline = Timeline::new(3, 2, true, true);
        timeline.begin(2);
        // A mark of the first plane and one of the second, of those who have not left; and what discloses nothing.
        let of_second = (Plane { number: 1, left: false }.place() * BITS + 3) as u16;
        timeline.acts(1, 2, 0, 0);
        timeline.acts(1, of_second, 0, 86_399_999);
        timeline.acts(1, NOWHERE, 2, 3_600_000);
        timeline.told_of(0, of_second, 1);
        timeline.told_of(0, NOWHERE, 2);
        assert_eq!(timeline.half_hours(1, &timeline.places()).collect::<Vec<_>>(), [1 | 1 << 47, 0, 4]);
        assert_eq!(timeline.half_hours(1, &[2]).collect::<Vec<_>>(), [1, 0, 0]);
        assert_eq!(timeline.half_hours(0, &timeline.places()).collect::<Vec<_>>(), [0, 0, 0]);
        assert_eq!(timeline.places(), [2, of_second, NOWHERE]);
        let days = |person, own: [u16; 2], told: [u16; 4]| timeline.days(person, [&own, &told]).collect::<Vec<_>>();
        assert_eq!(days(1, [1 << 2, 0], [0; 4]), [0]);
        assert_eq!(days(1, [1 << 3, 1 << 2], [0; 4]), [] as [u32; 0]);
        assert_eq!(days(0, [0; 2], [0, 0, 1 << 3, 0]), [1]);
        timeline.begin(1);
        assert!(timeline.places().is_empty());
    }

    #[test]
    fn what_nobody_asks_for_is_not_kept() {
        let mut timeline = Timeline::new(3, 1, false, false);
        timeline.begin(1);
        timeline.acts(0, 0, 1, 5);
        timeline.told_of(0, 0, 1);
        assert!(!timeline.keeps_days());
        assert!(timeline.places().is_empty());
        assert_eq!(timeline.days(0, [&[u16::MAX], &[u16::MAX; 2]]).count(), 0);
    }
}
