//! How long somebody can be followed who is a pseudonym: records that bear a hash under the same key belong together, until the key changes.

use chrono::{Datelike, NaiveDate, TimeDelta};

/// When the key changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rotation {
    /// Never in the run.
    Stable,
    /// With each month.
    Month,
    /// With each week, on Mondays.
    Week,
    /// With each day.
    Day,
}

impl Rotation {
    /// All of them, in the order of tables.
    pub const ALL: [Rotation; 4] = [Rotation::Stable, Rotation::Month, Rotation::Week, Rotation::Day];

    /// The word in tables.
    pub fn id(self) -> &'static str {
        match self {
            Rotation::Stable => "key=stable",
            Rotation::Month => "key=month",
            Rotation::Week => "key=week",
            Rotation::Day => "key=day",
        }
    }

    /// A number of the key that is in use on a day: greater on later days than on earlier ones, if it is another.
    fn key(self, date: NaiveDate) -> i32 {
        match self {
            Rotation::Stable => 0,
            Rotation::Month => date.year() * 12 + date.month0() as i32,
            // Of the common era, the first day was a Monday.
            Rotation::Week => (date.num_days_from_ce() - 1).div_euclid(7),
            Rotation::Day => date.num_days_from_ce(),
        }
    }
}

/// Keys by day of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Keys([Vec<i32>; Rotation::ALL.len()]);

impl Keys {
    /// Those of a run of so many days from this one.
    pub fn new(start: NaiveDate, days: u32) -> Self {
        let date = |day: u32| start + TimeDelta::days(day.into());
        Keys(Rotation::ALL.map(|rotation| (0..days).map(|day| rotation.key(date(day))).collect()))
    }

    /// The longest time, in days, from the first record under a key to the last, both days included: of records of these days, in order. By [`Rotation`].
    pub fn longest(&self, days: impl Iterator<Item = u32>) -> [u32; Rotation::ALL.len()] {
        let mut longest = [0; Rotation::ALL.len()];
        let mut first: [Option<(i32, u32)>; Rotation::ALL.len()] = [None; Rotation::ALL.len()];
        for day in days {
            for ((longest, first), keys) in longest.iter_mut().zip(&mut first).zip(&self.0) {
                let key = keys[day as usize];
                let since = match *first {
                    Some((of, since)) if of == key => since,
                    _ => {
                        *first = Some((key, day));
                        day
                    }
                };
                *longest = (*longest).max(day - since + 1);
            }
        }
        longest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From Monday 27 November 2017: a week ends with day 6, the month with day 3.
    #[test]
    fn a_new_key_is_a_new_pseudonym() {
        let keys = Keys::new(NaiveDate::from_ymd_opt(2017, 11, 27).expect("a day"), 14);
        assert_eq!(keys.longest([0, 2, 9].into_iter()), [10, 3, 3, 1]);
        // The longest of the month is from day 4 on, of the week from day 7 on.
        assert_eq!(keys.longest([3, 4, 6, 7, 13].into_iter()), [11, 10, 7, 1]);
        assert_eq!(keys.longest([6, 7].into_iter()), [2, 2, 1, 1]);
        assert_eq!(keys.longest([].into_iter()), [0; 4]);
        assert_eq!(keys.longest(0..14), [14, 10, 7, 1]);
    }
}
