//! What is usual among people who are known: of those with so many contacts, of whom such a share has a value, how many have it themselves.

/// Parts of the share of contacts that have a value: tenths, and all of them.
const SHARES: usize = 11;
/// Sizes of what is known of somebody: 1, 2 and 3, 4 to 7, 8 contacts or more.
const SIZES: usize = 4;
/// People who are taken to have been seen in each pattern, besides those who were: few that were seen by chance shall not mislead.
const BESIDES: f64 = 10.0;
/// Bits are added up in so many parts of one, as whole numbers.
const PARTS: f64 = (1 << 20) as f64;

/// Contacts of a person that are known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Contacts<'a> {
    /// How many have each value.
    pub counts: &'a [u32],
    /// How many there are.
    pub n: u32,
}

impl Contacts<'_> {
    /// The most frequent value, the first of those that are equally frequent; none of nobody.
    pub fn most(self) -> Option<u16> {
        let most = (0u16..).zip(self.counts).max_by_key(|(value, votes)| (**votes, std::cmp::Reverse(*value)));
        most.filter(|_| self.n > 0).map(|(value, _)| value)
    }

    /// Place of a pattern among all: of a value, by the number of contacts and the share of those who have it.
    fn pattern(self, value: usize) -> usize {
        let size = (self.n.max(1).ilog2() as usize).min(SIZES - 1);
        let share = (u64::from(self.counts[value]) * (SHARES as u64 - 1) / u64::from(self.n.max(1))) as usize;
        (value * SIZES + size) * SHARES + share
    }
}

/// How many people who are known have a value, by pattern.
#[derive(Clone, Debug)]
pub(super) struct Patterns {
    values: usize,
    /// People with each value, of those who are known.
    with: Vec<u64>,
    /// By pattern: people, and those of them who have the value.
    people: Vec<[u64; 2]>,
}

/// A guess of a value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Guess {
    /// The likeliest value, the first of those that are equally likely.
    pub value: u16,
    /// What is gained about the true value, in [`PARTS`] of a bit: logarithm of its likelihood by its share among those who are known.
    pub gain: i64,
}

impl Patterns {
    /// Nothing known, of so many values.
    pub fn new(values: usize) -> Self {
        Patterns { values, with: vec![0; values], people: vec![[0; 2]; values * SIZES * SHARES] }
    }

    /// Learns of a person who is known.
    pub fn learn(&mut self, value: u16, contacts: Contacts) {
        self.with[usize::from(value)] += 1;
        if contacts.n == 0 {
            return;
        }
        for other in 0..self.values {
            let [people, having] = &mut self.people[contacts.pattern(other)];
            *people += 1;
            *having += u64::from(other == usize::from(value));
        }
    }

    /// Share of a value among those who are known, as if each value had been seen once more.
    fn share(&self, value: usize) -> f64 {
        let known: u64 = self.with.iter().sum();
        (self.with[value] + 1) as f64 / (known + self.values as u64) as f64
    }

    /// Guesses the value of a person with some contacts, who has a true one. Who is `known` is not guessed by themselves.
    ///
    /// Each value is as likely as it is among those of its pattern, as if [`BESIDES`] more had been seen there who have it in the proportion of all; the likelihoods of all values are made to sum to 1.
    pub fn guess(&self, contacts: Contacts, truth: u16, known: bool) -> Guess {
        let truth = usize::from(truth);
        let likelihood = |value: usize| {
            let [people, having] = self.people[contacts.pattern(value)];
            let own = u64::from(known);
            let (people, having) = (people - own, having - if value == truth { own } else { 0 });
            (having as f64 + BESIDES * self.share(value)) / (people as f64 + BESIDES)
        };
        let (mut best, mut most, mut sum, mut of_truth) = (0, f64::NEG_INFINITY, 0.0, 0.0);
        for value in 0..self.values {
            let of_value = likelihood(value);
            sum += of_value;
            if of_value > most {
                (best, most) = (value, of_value);
            }
            if value == truth {
                of_truth = of_value;
            }
        }
        let gain = libm::log2(of_truth / sum / self.share(truth));
        Guess { value: best as u16, gain: (gain * PARTS).round() as i64 }
    }
}

/// Bits from what guesses gained.
pub(super) fn bits(gain: i64) -> f64 {
    gain as f64 / PARTS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Stream;

    /// Contacts with these values, of so many.
    fn counts(values: usize, of: &[u16]) -> (Vec<u32>, u32) {
        let mut counts = vec![0; values];
        of.iter().for_each(|&value| counts[usize::from(value)] += 1);
        (counts, of.len() as u32)
    }

    fn contacts((counts, n): &(Vec<u32>, u32)) -> Contacts<'_> {
        Contacts { counts, n: *n }
    }

    #[test]
    fn the_most_frequent_value_wins_and_the_first_of_equals() {
        let most = |of: &[u16]| contacts(&counts(4, of)).most();
        assert_eq!(most(&[3, 1, 3]), Some(3));
        assert_eq!(most(&[2, 1]), Some(1));
        assert_eq!(most(&[]), None);
        assert_eq!(most(&[0]), Some(0));
    }

    /// Worlds of people with ten contacts each, who have the person's value of two more often than not: by `alike` of a hundred.
    fn learned(alike: u64) -> (Patterns, f64, f64) {
        let word = |i: u64| Stream::new(11).at(i) >> 20;
        let n = 4000;
        let person = |i: u64| {
            let own = u16::from(word(i << 8) % 100 < 30);
            let of = |c: u64| {
                if word(i << 8 | (c + 1)) % 100 < alike { own } else { u16::from(word(i << 8 | (c + 100)) % 100 < 30) }
            };
            (own, counts(2, &(0..10).map(of).collect::<Vec<_>>()))
        };
        let mut patterns = Patterns::new(2);
        (0..n).map(person).for_each(|(own, of)| patterns.learn(own, contacts(&of)));
        let (mut right, mut gain) = (0, 0);
        for (own, of) in (n..2 * n).map(person) {
            let guess = patterns.guess(contacts(&of), own, false);
            right += u64::from(guess.value == own);
            gain += guess.gain;
        }
        (patterns, right as f64 / n as f64, bits(gain) / n as f64)
    }

    #[test]
    fn contacts_tell_as_much_as_they_are_alike() {
        let (_, right, gain) = learned(0);
        // Nothing is gained, and no more is lost than learning costs: some tens of patterns of four thousand people.
        assert!((right - 0.7).abs() < 0.03 && (-0.02..0.005).contains(&gain), "{right} {gain}");
        let (_, more, some) = learned(20);
        let (_, most, much) = learned(60);
        assert!(more > right && most > 0.95, "{more} {most}");
        // There are 0.88 bits to be known.
        assert!(some > 0.1 && much > 0.7 && much < 0.8813, "{some} {much}");
    }

    #[test]
    fn nobody_is_guessed_by_themselves() {
        let mut patterns = Patterns::new(3);
        let both = counts(3, &[2, 2]);
        let of = contacts(&both);
        patterns.learn(2, of);
        // Alone in the pattern: without them there is nothing but the shares.
        let guess = patterns.guess(of, 2, true);
        let share = [0.25, 0.25, 0.5];
        assert_eq!(guess.value, 2);
        assert!((bits(guess.gain) - f64::log2(share[2] / share[2])).abs() < 1e-5);
        let other = patterns.guess(of, 2, false);
        // 6 of 11 against 2.5 of 11 each.
        assert!((bits(other.gain) - f64::log2(6.0 / 11.0 / 0.5)).abs() < 1e-5, "{other:?}");
    }

    #[test]
    fn patterns_are_apart() {
        let places: Vec<usize> = [counts(2, &[0]), counts(2, &[0, 1]), counts(2, &[1; 8]), counts(2, &[1; 90])]
            .iter()
            .flat_map(|of| [0, 1].map(|value| contacts(of).pattern(value)))
            .collect();
        assert_eq!(places, [10, 44, 16, 60, 33, 87, 33, 87]);
        assert!(places.iter().all(|&place| place < 2 * SIZES * SHARES));
    }
}
