//! The binomial distribution to full precision at any size, and what a share may be at most when some of a sample have a mark: Clopper and Pearson's bound.
//!
//! Probabilities are kept as logarithms, and are made from deviances and Stirling's errors instead of differences of large factorials (C. Loader, Fast and accurate
//! computation of binomial probabilities, 2000): no digit is lost where there are 10^9 people.

use std::f64::consts::PI;

/// Logarithm of `x! / (sqrt(2 pi x) (x / e)^x)`: what Stirling's formula leaves out. `x` need not be whole; 0 at 0.
fn stirling_error(x: f64) -> f64 {
    if x == 0.0 {
        return 0.0;
    }
    if x < 16.0 {
        return libm::lgamma(x + 1.0) - (x + 0.5) * libm::log(x) + x - 0.5 * libm::log(2.0 * PI);
    }
    // Abramowitz and Stegun 6.1.41.
    let square = x * x;
    (1.0 / 12.0 - (1.0 / 360.0 - (1.0 / 1260.0 - (1.0 / 1680.0 - 1.0 / 1188.0 / square) / square) / square) / square)
        / x
}

/// `x ln(x / m) + m - x`, also where both are nearly the same.
fn deviance(x: f64, m: f64) -> f64 {
    let away = (x - m) / (x + m);
    if away.abs() >= 0.1 {
        return x * libm::log(x / m) + m - x;
    }
    // ln(x / m) is 2 artanh(away).
    let (mut sum, mut power) = ((x - m) * away, 2.0 * x * away);
    for k in 1..1000 {
        power *= away * away;
        let more = sum + power / f64::from(2 * k + 1);
        if more == sum {
            break;
        }
        sum = more;
    }
    sum
}

/// Logarithm of the probability that `x` of `n` have a mark that each has with probability `p`; `q` is `1 - p`, and is asked for because the smaller of the two is
/// known to more digits. Numbers need not be whole: then it is the same expression with gamma functions. Minus infinity where it can't be.
pub fn ln_binomial(x: f64, n: f64, p: f64, q: f64) -> f64 {
    if !(0.0..=n).contains(&x) {
        return f64::NEG_INFINITY;
    }
    let all = |n: f64, p: f64, q: f64| match n {
        0.0 => 0.0,
        _ if q < 0.5 => n * libm::log1p(-q),
        _ => n * libm::log(p),
    };
    if x == 0.0 {
        return all(n, q, p);
    }
    if x == n {
        return all(n, p, q);
    }
    if p == 0.0 || q == 0.0 {
        return f64::NEG_INFINITY;
    }
    let errors = stirling_error(n) - stirling_error(x) - stirling_error(n - x);
    let away = deviance(x, n * p) + deviance(n - x, n * q);
    // Next to both ends the difference is exact, and the share would not be.
    errors - away - 0.5 * libm::log(2.0 * PI * (x / n) * (n - x))
}

/// The regularised incomplete beta function I_x(a, b), for `a` and `b` above 0: by its continued fraction (DLMF 8.17.22, evaluated after Lentz).
pub fn incomplete_beta(x: f64, a: f64, b: f64) -> f64 {
    beta_of(x, 1.0 - x, a, b)
}

/// The same, with `y = 1 - x`: turned around, the smaller of the two keeps its digits.
fn beta_of(x: f64, y: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - beta_of(y, x, b, a);
    }
    // x^a (1-x)^b / B(a, b), which is a b / (a + b) times a binomial probability.
    let front = libm::exp(ln_binomial(a, a + b, x, y)) * a * b / (a + b);
    let no_zero = |v: f64| if v.abs() < 1e-300 { 1e-300 } else { v };
    let (mut c, mut d) = (1.0, 1.0 / no_zero(1.0 - (a + b) * x / (a + 1.0)));
    let mut fraction = d;
    // It takes about the root of the larger parameter.
    for m in 1..200_000 {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let mut step = 1.0;
        for term in [even, odd] {
            d = 1.0 / no_zero(1.0 + term * d);
            c = no_zero(1.0 + term / c);
            step = c * d;
            fraction *= step;
        }
        if (step - 1.0).abs() < 1e-16 {
            break;
        }
    }
    front * fraction / a
}

/// The share of marked things that, with this confidence, is not exceeded if `x` of `n` drawn independently have the mark: the largest share with which so few would be
/// found with a probability of more than `1 - confidence` (Clopper and Pearson, 1934; one-sided). 1 if nothing was drawn. Numbers need not be whole, as those of a clustered
/// sample that is worth fewer independent draws (Korn and Graubard, 1998).
pub fn upper_share(x: f64, n: f64, confidence: f64) -> f64 {
    if n <= x {
        return 1.0;
    }
    // P(X <= x) = 1 - I_p(x + 1, n - x).
    bisected(|p| incomplete_beta(p, x + 1.0, n - x) < confidence)
}

/// The share that, with this confidence, is not fallen short of: as [`upper_share`], of those without the mark.
pub fn lower_share(x: f64, n: f64, confidence: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    bisected(|p| incomplete_beta(p, x, n - x + 1.0) < 1.0 - confidence)
}

/// Where `below` turns from true to false between 0 and 1, to the last bit.
fn bisected(below: impl Fn(f64) -> bool) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    // A share of 10^-12 to 15 digits takes some ninety steps.
    for _ in 0..100 {
        let middle = (low + high) / 2.0;
        if below(middle) { low = middle } else { high = middle }
    }
    (low + high) / 2.0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn near(a: f64, b: f64, relative: f64) -> bool {
        (a - b).abs() <= relative * b.abs()
    }

    /// The continued fraction loses digits to the distance of 1 - p from 1: eight are left of 10^9.
    /// Of no finding the bound has a closed form, `1 - (1 - c)^(1/n)`, and is nearly 3 / n at 95 %: the rule of three (Hanley and Lippman-Hand, 1983).
    #[test]
    fn the_rule_of_three() {
        for n in [1.0, 2.0, 30.0, 1000.0, 1e6, 1e9] {
            let bound = upper_share(0.0, n, 0.95);
            assert!(near(bound, -libm::expm1(libm::log(0.05) / n), 1e-11 + 1e-17 * n), "{n}: {bound}");
            assert!(n < 30.0 || (bound * n < 3.0 && bound * n > 2.85), "{n}: {bound}");
        }
    }

    /// Published: 95 % two-sided of 10 in 100, and of 1 in 10, are 97.5 % one-sided.
    #[test]
    fn clopper_pearson_as_published() {
        for (x, n, lo, hi) in [
            (10.0, 100.0, 0.049_004_69, 0.176_222_6),
            (1.0, 10.0, 0.002_528_579, 0.445_016_1),
            (5.0, 5.0, 0.478_176_2, 1.0),
        ] {
            assert!(near(lower_share(x, n, 0.975), lo, 2e-7), "{}", lower_share(x, n, 0.975));
            assert!(near(upper_share(x, n, 0.975), hi, 2e-7), "{}", upper_share(x, n, 0.975));
        }
        assert_eq!((upper_share(0.0, 0.0, 0.95), lower_share(0.0, 9.0, 0.95)), (1.0, 0.0));
    }

    /// C(60, 30) / 2^60, and a probability far from the middle, in whole numbers.
    #[test]
    fn probabilities_are_those_of_whole_numbers() {
        let middle = 118_264_581_564_861_424.0 / (1u64 << 60) as f64;
        assert!(near(libm::exp(ln_binomial(30.0, 60.0, 0.5, 0.5)), middle, 1e-14));
        let far = 100.0 * libm::log(1e-9) + libm::log(1e9) * 0.0;
        assert!(near(ln_binomial(100.0, 100.0, 1e-9, 1.0 - 1e-9), far, 1e-14));
        assert_eq!(ln_binomial(3.0, 2.0, 0.5, 0.5), f64::NEG_INFINITY);
    }

    proptest! {
        /// The beta function sums the binomial distribution, which sums to 1.
        #[test]
        fn the_sum_of_probabilities(n in 1u32..400, at in 0.0..1.0f64, p in 0.001..0.999f64) {
            let x = (at * f64::from(n)) as u32;
            let terms = |range: std::ops::RangeInclusive<u32>| -> f64 {
                range.map(|k| libm::exp(ln_binomial(k.into(), n.into(), p, 1.0 - p))).sum()
            };
            prop_assert!((terms(0..=n) - 1.0).abs() < 1e-11);
            if x < n {
                let sum = terms(0..=x);
                prop_assert!((1.0 - incomplete_beta(p, f64::from(x) + 1.0, f64::from(n - x)) - sum).abs() < 1e-11);
            }
        }

        /// What is found lies between the bounds, and more confidence puts them farther apart.
        #[test]
        fn bounds_hold_what_was_found(n in 1u32..10_000, at in 0.0..=1.0f64, confidence in 0.6..0.999f64) {
            let (n, x) = (f64::from(n), (at * f64::from(n)).floor());
            let (lo, hi) = (lower_share(x, n, confidence), upper_share(x, n, confidence));
            prop_assert!(lo <= x / n && x / n <= hi);
            prop_assert!(lower_share(x, n, 0.9995) <= lo && upper_share(x, n, 0.9995) >= hi);
        }
    }
}
