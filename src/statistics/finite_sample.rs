//! Samples without replacement of a finite number of things, some of which are marked: whether any is found, how many must be drawn, and how many there may be if so
//! few were found. The hypergeometric distribution, exact at any size.

use super::binomial::ln_binomial;

/// Things, of which some are marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marked {
    /// All things.
    pub of: u64,
    /// Those with the mark, at most all.
    pub marked: u64,
}

impl Marked {
    /// Logarithm of the probability that exactly `x` of `n` drawn are marked: three binomial probabilities (Loader 2000), so that nothing is the difference of large numbers.
    fn ln_exactly(self, x: u64, n: u64) -> f64 {
        let others = self.of - self.marked;
        if x > self.marked.min(n) || n - x > others {
            return f64::NEG_INFINITY;
        }
        if n == 0 || n == self.of {
            return 0.0;
        }
        let [of, marked, rest, n, x] = [self.of, self.marked, others, n, x].map(|k| k as f64);
        let (p, q) = (n / of, (of - n) / of);
        ln_binomial(x, marked, p, q) + ln_binomial(n - x, rest, p, q) - ln_binomial(n, of, p, q)
    }

    /// Logarithm of the probability that none of `n` drawn (at most all) is marked: `C(of - marked, n) / C(of, n)`.
    pub fn ln_none(self, n: u64) -> f64 {
        self.ln_exactly(0, n.min(self.of)).min(0.0)
    }

    /// Logarithm of the probability that at most `x` of `n` drawn are marked.
    fn ln_at_most(self, x: u64, n: u64) -> f64 {
        let most = self.marked.min(n);
        if x >= most {
            return 0.0;
        }
        let first = self.ln_exactly(x, n);
        if first == f64::NEG_INFINITY {
            return first;
        }
        // From x down to 0, by the ratio of neighbours.
        let (others, mut term, mut sum) = (self.of - self.marked, 1.0, 1.0);
        for k in (1..=x).rev() {
            if n - k + 1 > others {
                break;
            }
            let back = k as f64 * (others - (n - k)) as f64 / ((self.marked - k + 1) as f64 * (n - k + 1) as f64);
            term *= back;
            sum += term;
            if term < sum * 1e-18 {
                break;
            }
        }
        (first + libm::log(sum)).min(0.0)
    }
}

/// The largest number of marked things, of `of`, that would let at most `x` of `n` drawn be marked with a probability of more than `1 - confidence`: with this confidence
/// there are no more. Exact; `x <= n <= of`.
pub fn most_marked(x: u64, n: u64, of: u64, confidence: f64) -> u64 {
    let limit = libm::log1p(-confidence);
    // As many as were found there are; what was drawn without a mark has none.
    let (mut low, mut high) = (x, of - (n - x));
    while low < high {
        let middle = low + (high - low).div_ceil(2);
        let there = Marked { of, marked: middle };
        if there.ln_at_most(x, n) > limit { low = middle } else { high = middle - 1 }
    }
    low
}

/// The least `n` up to `most` for which `enough(n)`; `None` if there is none. Once enough, always enough.
pub fn least(most: u64, enough: impl Fn(u64) -> bool) -> Option<u64> {
    // Doubling first: small samples are asked for most often, and are the cheapest to try.
    let (mut low, mut high) = (0, 1.min(most));
    while !enough(high) {
        if high >= most {
            return None;
        }
        (low, high) = (high, high.saturating_mul(2).min(most));
    }
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if enough(middle) { high = middle } else { low = middle }
    }
    Some(high)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::statistics::upper_share;

    /// C(of - marked, n) / C(of, n), factor by factor.
    fn product(all: Marked, n: u64) -> f64 {
        (0..n).map(|i| (all.of - all.marked).saturating_sub(i) as f64 / (all.of - i) as f64).product()
    }

    #[test]
    fn closed_forms() {
        // One marked is found by the share that is drawn.
        for (of, n) in [(10, 3), (1000, 999), (1_000_000_000, 123_456_789)] {
            let none = Marked { of, marked: 1 }.ln_none(n);
            assert!((libm::exp(none) - (of - n) as f64 / of as f64).abs() < 1e-12, "{of}, {n}: {none}");
        }
        // One drawn finds the share that is marked; and no fewer than 10^9 things are too many.
        let few = Marked { of: 1_000_000_000, marked: 1000 };
        assert!((few.ln_none(1) - libm::log1p(-1e-6)).abs() < 1e-15);
        assert!((few.ln_none(1000) - 1000.0 * libm::log1p(-1e-6)).abs() < 1e-9);
        assert_eq!(Marked { of: 5, marked: 0 }.ln_none(5), 0.0);
        assert_eq!(Marked { of: 5, marked: 2 }.ln_none(4), f64::NEG_INFINITY);
        assert_eq!(Marked { of: 5, marked: 2 }.ln_none(5), f64::NEG_INFINITY);
    }

    /// Known: 59 of very many find a share of 5 % with 95 % confidence; 45 of 100 find one of 5.
    #[test]
    fn samples_that_auditors_know() {
        let needed = |all: Marked| least(all.of, |n| all.ln_none(n) <= libm::log(0.05));
        assert_eq!(needed(Marked { of: 100_000_000, marked: 5_000_000 }), Some(59));
        assert_eq!(needed(Marked { of: 100, marked: 5 }), Some(45));
        assert_eq!(needed(Marked { of: 100, marked: 0 }), None);
        assert_eq!(needed(Marked { of: 1, marked: 1 }), Some(1));
        assert_eq!(least(0, |_| false), None);
    }

    /// Of infinitely many it is Clopper and Pearson's; whoever sees all knows.
    #[test]
    fn bounds_of_finitely_many() {
        for (x, n) in [(0, 100), (3, 50), (20, 400)] {
            let of = 2_000_000_000u64;
            let share = most_marked(x, n, of, 0.95) as f64 / of as f64;
            let clopper_pearson = upper_share(x as f64, n as f64, 0.95);
            assert!((share / clopper_pearson - 1.0).abs() < 1e-6, "{x} of {n}: {share} {clopper_pearson}");
        }
        assert_eq!(most_marked(3, 40, 40, 0.95), 3);
        assert_eq!(most_marked(0, 0, 40, 0.95), 40);
    }

    proptest! {
        #[test]
        fn none_is_the_product(of in 1u64..2000, marked in 0.0..=1.0f64, n in 0.0..=1.0f64) {
            let all = Marked { of, marked: (marked * of as f64) as u64 };
            let n = (n * of as f64) as u64;
            let (ours, plain) = (libm::exp(all.ln_none(n)), product(all, n));
            prop_assert!((ours - plain).abs() < 1e-12 + 1e-10 * plain, "{ours} {plain}");
        }

        /// So many would hide, one more would not.
        #[test]
        fn the_bound_is_the_last(of in 2u64..500, n in 0.01..1.0f64, x in 0.0..=1.0f64, confidence in 0.5..0.999f64) {
            let n = ((n * of as f64) as u64).max(1);
            let x = (x * n as f64) as u64;
            let most = most_marked(x, n, of, confidence);
            let hidden = |marked: u64| -> f64 {
                // The plain sum.
                (0..=x).map(|k| libm::exp(Marked { of, marked }.ln_exactly(k, n))).sum()
            };
            prop_assert!(most >= x && most <= of - (n - x));
            prop_assert!(most == x || hidden(most) > 1.0 - confidence - 1e-9);
            prop_assert!(most == of - (n - x) || hidden(most + 1) <= 1.0 - confidence + 1e-9);
        }
    }
}
