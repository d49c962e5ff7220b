//! Samples without replacement of things that each stay silent with a probability of their own: people about whom many flows may leak are found sooner than those about
//! whom few may.

use std::f64::consts::PI;

use super::binomial::ln_binomial;

/// Things in groups: the probability that one of the group stays silent, and how many are in it.
#[derive(Clone, Debug, Default)]
pub struct Silent {
    of: u64,
    groups: Vec<(f64, f64)>,
}

impl Silent {
    /// Of groups (probability of silence, number).
    pub fn new(groups: impl IntoIterator<Item = (f64, u64)>) -> Self {
        let groups: Vec<(f64, u64)> = groups.into_iter().collect();
        let of = groups.iter().map(|g| g.1).sum();
        // Who is never silent is in no silent sample.
        Silent { of, groups: groups.into_iter().filter(|g| g.0 > 0.0).map(|(q, n)| (q, n as f64)).collect() }
    }

    /// All things.
    pub fn of(&self) -> u64 {
        self.of
    }

    /// How many are not silent, on average.
    pub fn showing(&self) -> f64 {
        // Differences first: few of many must not be lost in the sum.
        let silent: f64 = self.groups.iter().map(|g| g.1).sum();
        self.of as f64 - silent + self.groups.iter().map(|(q, n)| n * (1.0 - q)).sum::<f64>()
    }

    /// Logarithm of the probability that all of `n` drawn (at most all) are silent: the mean, over all samples, of the product of the probabilities of those in it, `e_n(q) /
    /// C(of, n)` with the elementary symmetric polynomial.
    ///
    /// Such a polynomial is a coefficient of the product of `1 + t q`. With `t = r z` that is, up to a factor, the probability that independent things with chances `r q / (1 + r q)`
    /// give `n` in sum. `r` is chosen so that `n` is the mean; the probability is then a trapezoidal sum of the characteristic function over so many points that what it
    /// leaves out is, by Bernstein's inequality, below 10^-16: exact to rounding (the saddle point of a contour integral).
    pub fn ln_none(&self, n: u64) -> f64 {
        let n = n.min(self.of);
        let silent: f64 = self.groups.iter().map(|g| g.1).sum();
        let (k, of) = (n as f64, self.of as f64);
        if n == 0 {
            return 0.0;
        }
        if k > silent {
            return f64::NEG_INFINITY;
        }
        if n == self.of {
            return self.groups.iter().map(|(q, m)| m * libm::log(*q)).sum();
        }
        // ln C(of, n), likewise: all of one group, with r = n / (of - n).
        let even = libm::log(k / (of - k));
        let ln_all = of * libm::log1p(k / (of - k)) - k * even + ln_binomial(k, of, k / of, (of - k) / of);
        if k == silent {
            let product: f64 = self.groups.iter().map(|(q, m)| m * libm::log(*q)).sum();
            return (product - ln_all).min(0.0);
        }
        let ln_r = self.tilt(k);
        let r = libm::exp(ln_r);
        let chances: Vec<(f64, f64)> = self.groups.iter().map(|&(q, m)| (r * q / (1.0 + r * q), m)).collect();
        let product: f64 = self.groups.iter().map(|(q, m)| m * libm::log1p(r * q)).sum();
        (product - k * ln_r + libm::log(sum_is(&chances, k)) - ln_all).min(0.0)
    }

    /// Logarithm of the `r` for which the chances add up to `k`, which is below their number.
    fn tilt(&self, k: f64) -> f64 {
        let sum =
            |ln_r: f64| -> f64 { self.groups.iter().map(|(q, m)| m / (1.0 + libm::exp(-ln_r - libm::log(*q)))).sum() };
        let (mut low, mut high) = (-60.0, 60.0);
        while sum(high) < k && high < 1e6 {
            high *= 2.0;
        }
        while sum(low) > k && low > -1e6 {
            low *= 2.0;
        }
        // Any r near it will do: what it changes is only how many points are needed.
        for _ in 0..48 {
            let middle = (low + high) / 2.0;
            if sum(middle) < k { low = middle } else { high = middle }
        }
        (low + high) / 2.0
    }
}

/// Probability that independent things with these chances (chance, how many have it) give `k` in sum, which is their mean.
fn sum_is(chances: &[(f64, f64)], k: f64) -> f64 {
    let variance: f64 = chances.iter().map(|(p, m)| m * p * (1.0 - p)).sum();
    // Bernstein: farther than t from the mean with probability below exp(-t^2 / 2 / (variance + t / 3)), which is exp(-38).
    let t = 38.0 / 3.0 + libm::sqrt(38.0 * 38.0 / 9.0 + 76.0 * variance);
    let points = (libm::ceil(t) as u32 + 1) | 1;
    let at = |point: u32| -> f64 {
        let angle = 2.0 * PI * f64::from(point) / f64::from(points);
        let (sin, cos, half) = (libm::sin(angle), libm::cos(angle), libm::sin(angle / 2.0));
        let (mut size, mut turn) = (0.0, -k * angle);
        for &(p, m) in chances {
            size += m * 0.5 * libm::log1p(-4.0 * p * (1.0 - p) * half * half);
            turn += m * libm::atan2(p * sin, 1.0 - p + p * cos);
        }
        libm::exp(size) * libm::cos(turn)
    };
    // The other half are the conjugates.
    let sum: f64 = (1..=points / 2).map(at).sum();
    (1.0 + 2.0 * sum) / f64::from(points)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::statistics::Marked;

    /// Elementary symmetric polynomials by their definition, over C(of, n): thing by thing.
    fn plain(silent: &[f64], n: usize) -> f64 {
        // Means instead of sums, so that nothing grows: e_j of the first i, over C(i, j).
        let mut mean = vec![0.0; n + 1];
        mean[0] = 1.0;
        for (i, q) in silent.iter().enumerate() {
            for j in (1..=n.min(i + 1)).rev() {
                let with = j as f64 / (i + 1) as f64;
                mean[j] = (1.0 - with) * mean[j] + with * q * mean[j - 1];
            }
        }
        mean[n]
    }

    proptest! {
        #[test]
        fn it_is_the_mean_over_all_samples(silent in prop::collection::vec(prop_oneof![Just(0.0), Just(1.0), 0.0..1.0f64], 1..120), n in 0.0..=1.0f64) {
            let n = (n * silent.len() as f64) as usize;
            let ours = libm::exp(Silent::new(silent.iter().map(|&q| (q, 1))).ln_none(n as u64));
            let plain = plain(&silent, n);
            prop_assert!((ours - plain).abs() <= 1e-13 + 1e-9 * plain, "{n} of {}: {ours} {plain}", silent.len());
        }

        /// Who is silent for certain, or never, is unmarked or marked.
        #[test]
        fn of_certainties_it_is_hypergeometric(of in 1u64..3_000_000, marked in 0.0..=1.0f64, n in 1u64..2000) {
            let marked = (marked * of as f64) as u64;
            let n = n.min(of);
            let ours = Silent::new([(1.0, of - marked), (0.0, marked)]).ln_none(n);
            let exact = Marked { of, marked }.ln_none(n);
            let near = (ours - exact).abs() < 1e-7 || ours == exact || exact < -500.0;
            prop_assert!(near, "{ours} {exact}");
        }
    }

    #[test]
    fn alike_are_independent() {
        let alike = Silent::new([(0.75, 1000)]);
        for n in [1, 10, 500, 1000] {
            assert!((alike.ln_none(n) - n as f64 * libm::log(0.75)).abs() < 1e-9, "{n}: {}", alike.ln_none(n));
        }
        assert_eq!(alike.ln_none(0), 0.0);
    }
}
