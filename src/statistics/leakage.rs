//! How much what is seen tells about what is not: leakage of a channel, from joint counts.

use std::collections::BTreeMap;

/// How many people have each secret, and of whom what is seen: a joint distribution in whole numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JointCounts(BTreeMap<(u64, u16), u64>);

impl JointCounts {
    /// Adds people of whom this is seen, with this secret.
    pub fn add(&mut self, seen: u64, secret: u16, people: u64) {
        if people > 0 {
            *self.0.entry((seen, secret)).or_default() += people;
        }
    }

    /// Adds all of another one.
    pub fn merge(&mut self, other: &JointCounts) {
        other.0.iter().for_each(|(&(seen, secret), &people)| self.add(seen, secret, people));
    }

    /// People.
    pub fn people(&self) -> u64 {
        self.0.values().sum()
    }

    /// Share of people whose secret is among so many best guesses of somebody who sees nothing: the prior vulnerability. 0 of nobody.
    pub fn prior(&self, guesses: usize) -> f64 {
        share(best(self.secrets().into_values().collect(), guesses), self.people())
    }

    /// The same of somebody who sees what is seen of each: the posterior vulnerability.
    pub fn posterior(&self, guesses: usize) -> f64 {
        let of_seen = self.by_seen().into_values().map(|people| best(people, guesses)).sum();
        share(of_seen, self.people())
    }

    /// Logarithm of posterior by prior vulnerability, bits: with one guess min-entropy leakage (Smith 2009), with several g-leakage whose gain is to have the secret among them
    /// (Alvim et al. 2012). At least 0, and at most the logarithm of how much can be seen. It rises with chance where few people are alike in what is seen.
    pub fn leakage(&self, guesses: usize) -> f64 {
        if self.0.is_empty() { 0.0 } else { libm::log2(self.posterior(guesses) / self.prior(guesses)) }
    }

    /// Mutual information of what is seen and the secret, bits; less its bias in a sample of so many people, `(K - K_seen - K_secret + 1) / (2 n ln 2)` (Miller and Madow 1955), with `K` the numbers of values that
    /// occur. So it may be a little below 0.
    pub fn mutual_information(&self) -> f64 {
        let n = self.people() as f64;
        if self.0.is_empty() {
            return 0.0;
        }
        let (seen, secrets) = (self.by_seen(), self.secrets());
        let all: BTreeMap<u64, u64> = seen.into_iter().map(|(seen, people)| (seen, people.iter().sum())).collect();
        let of_pair = |(&(seen, secret), &people): (&(u64, u16), &u64)| {
            let people = people as f64;
            people / n * libm::log2(people * n / (all[&seen] as f64 * secrets[&secret] as f64))
        };
        let plain: f64 = self.0.iter().map(of_pair).sum();
        let cells = self.0.len() as f64 - all.len() as f64 - secrets.len() as f64 + 1.0;
        plain - cells / (2.0 * n * std::f64::consts::LN_2)
    }

    /// People by secret.
    fn secrets(&self) -> BTreeMap<u16, u64> {
        let mut secrets = BTreeMap::new();
        self.0.iter().for_each(|(&(_, secret), people)| *secrets.entry(secret).or_default() += people);
        secrets
    }

    /// People by secret, for each of what is seen.
    fn by_seen(&self) -> BTreeMap<u64, Vec<u64>> {
        let mut seen: BTreeMap<u64, Vec<u64>> = BTreeMap::new();
        self.0.iter().for_each(|(&(of, _), &people)| seen.entry(of).or_default().push(people));
        seen
    }
}

/// How many are guessed.
fn best(mut people: Vec<u64>, guesses: usize) -> u64 {
    people.sort_unstable_by_key(|&n| std::cmp::Reverse(n));
    people.iter().take(guesses).sum()
}

fn share(some: u64, all: u64) -> f64 {
    if all == 0 { 0.0 } else { some as f64 / all as f64 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(rows: &[(u64, u16, u64)]) -> JointCounts {
        let mut counts = JointCounts::default();
        rows.iter().for_each(|&(seen, secret, people)| counts.add(seen, secret, people));
        counts
    }

    #[test]
    fn leakage_by_hand() {
        // Seen 0: 3 and 1; seen 1: 1 and 5.
        let counts = of(&[(0, 7, 3), (0, 8, 1), (1, 7, 1), (1, 8, 5)]);
        assert_eq!((counts.prior(1), counts.posterior(1)), (0.6, 0.8));
        assert!((counts.leakage(1) - (0.8f64 / 0.6).log2()).abs() < 1e-15);
        assert_eq!((counts.posterior(2), counts.leakage(2)), (1.0, 0.0));
        assert_eq!((of(&[]).leakage(1), of(&[]).mutual_information(), of(&[]).posterior(1)), (0.0, 0.0, 0.0));
    }

    proptest! {
        /// A deterministic channel of a uniform secret leaks the logarithm of how much can be seen; what is seen whole leaks the entropy.
        #[test]
        fn a_deterministic_channel_leaks_as_much_as_is_told_apart(secrets in 1u16..40, told in 1u64..12, each in 1u64..9) {
            let rows: Vec<_> = (0..secrets).map(|secret| (u64::from(secret) % told, secret, each)).collect();
            let counts = of(&rows);
            let apart = u64::from(secrets).min(told) as f64;
            prop_assert!((counts.leakage(1) - apart.log2()).abs() < 1e-12);
            let whole: Vec<_> = (0..secrets).map(|secret| (secret.into(), secret, each)).collect();
            let bias = (1.0 - f64::from(secrets)) / (2.0 * f64::from(secrets) * each as f64 * std::f64::consts::LN_2);
            prop_assert!((of(&whole).mutual_information() + bias - f64::from(secrets).log2()).abs() < 1e-12);
        }

        /// What has nothing to do with the secret tells nothing of it.
        #[test]
        fn independent_things_leak_nothing(seen in proptest::collection::vec(1u64..9, 1..8), secrets in proptest::collection::vec(1u64..9, 1..8), guesses in 1usize..4) {
            let mut counts = JointCounts::default();
            for (s, n) in (0..).zip(&seen) {
                for (x, m) in (0..).zip(&secrets) {
                    counts.add(s, x, n * m);
                }
            }
            prop_assert!(counts.leakage(guesses).abs() < 1e-12);
            let n = counts.people() as f64;
            let bias = ((seen.len() - 1) * (secrets.len() - 1)) as f64 / (2.0 * n * std::f64::consts::LN_2);
            prop_assert!((counts.mutual_information() + bias).abs() < 1e-12);
        }
    }
}
