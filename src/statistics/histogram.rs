//! Whole numbers of many people, as how many have each: exact, and merging by addition.

use std::collections::BTreeMap;

/// How many people have each number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Histogram(BTreeMap<u32, u64>);

impl Histogram {
    /// Adds people with a number.
    pub fn add(&mut self, number: u32, people: u64) {
        if people > 0 {
            *self.0.entry(number).or_default() += people;
        }
    }

    /// Adds all of another one.
    pub fn merge(&mut self, other: &Histogram) {
        other.0.iter().for_each(|(&number, &people)| self.add(number, people));
    }

    /// People.
    pub fn people(&self) -> u64 {
        self.0.values().sum()
    }

    /// Sum of their numbers.
    pub fn sum(&self) -> u64 {
        self.0.iter().map(|(&number, people)| u64::from(number) * people).sum()
    }

    /// Mean number; 0 of nobody.
    pub fn mean(&self) -> f64 {
        if self.0.is_empty() { 0.0 } else { self.sum() as f64 / self.people() as f64 }
    }

    /// The largest number; 0 of nobody.
    pub fn max(&self) -> u32 {
        self.0.last_key_value().map_or(0, |(&number, _)| number)
    }

    /// The least number that at least so many percent of the people do not exceed: the inverse of the distribution, Hyndman and Fan's first definition. 0 of nobody.
    pub fn percentile(&self, percent: u64) -> u32 {
        let rank = (self.people() * percent).div_ceil(100).max(1);
        let mut below = 0;
        let found = self.0.iter().find(|(_, people)| {
            below += **people;
            below >= rank
        });
        found.map_or(0, |(&number, _)| number)
    }

    /// People whose number is in a range.
    pub fn between(&self, least: u32, most: u32) -> u64 {
        self.0.range(least..=most).map(|(_, people)| people).sum()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// As of the numbers themselves, sorted; whatever part of the people is added where.
        #[test]
        fn it_is_that_of_the_numbers(numbers in proptest::collection::vec(0u32..50, 1..200), cut in 0usize..200, percent in 1u64..=100) {
            let (mut of, mut rest) = (Histogram::default(), Histogram::default());
            for (i, &number) in numbers.iter().enumerate() {
                if i < cut { of.add(number, 1) } else { rest.add(number, 1) }
            }
            of.merge(&rest);
            let mut sorted = numbers.clone();
            sorted.sort_unstable();
            let n = sorted.len();
            let rank = (n as f64 * percent as f64 / 100.0 - 1e-9).ceil().max(1.0) as usize;
            prop_assert_eq!(of.percentile(percent), sorted[rank - 1]);
            prop_assert_eq!((of.people(), of.max()), (n as u64, sorted[n - 1]));
            prop_assert_eq!(of.sum(), sorted.iter().map(|&x| u64::from(x)).sum::<u64>());
            prop_assert_eq!(of.between(3, 7), sorted.iter().filter(|x| (3..=7).contains(*x)).count() as u64);
        }
    }

    #[test]
    fn nobody_has_nothing() {
        let nobody = Histogram::default();
        assert_eq!((nobody.people(), nobody.mean(), nobody.max(), nobody.percentile(50)), (0, 0.0, 0, 0));
    }
}
