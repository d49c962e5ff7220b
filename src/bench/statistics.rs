//! Median and median absolute deviation: what a neighbour on the machine can't spoil by one slow round; and how far the median of
//! so many rounds can be off.

use serde::{Deserialize, Serialize};

/// A figure over rounds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    /// Median over rounds.
    pub median: f64,
    /// Median absolute deviation from it, in the same unit; not scaled to a standard deviation.
    pub mad: f64,
}

impl Spread {
    /// Of values in any order; zero of none.
    pub fn of(values: &[f64]) -> Self {
        let median = median(values);
        let deviations: Vec<f64> = values.iter().map(|v| (v - median).abs()).collect();
        Spread { median, mad: self::median(&deviations) }
    }

    /// The deviation as a share of the median, 0 to 1 and more.
    pub fn relative(&self) -> f64 {
        if self.median == 0.0 { 0.0 } else { self.mad / self.median.abs() }
    }
}

/// Median absolute deviations in a standard deviation, if values are spread normally: 1 / 0.6745.
const DEVIATIONS: f64 = 1.4826;
/// How much more a median varies than a mean of as many values: root of pi / 2.
const MEDIAN: f64 = 1.2533;
/// By how much the median absolute deviation of 2 to 9 values is too small on average (Croux and Rousseeuw 1992).
const FEW: [f64; 8] = [1.196, 1.495, 1.363, 1.206, 1.200, 1.140, 1.129, 1.107];

/// The standard error of a median over `rounds` values, in their median absolute deviations. Rounds are taken to be independent:
/// what slows a machine for the whole of one benchmark and not of another is not in it.
pub fn error_in_mads(rounds: usize) -> f64 {
    let n = rounds as f64;
    let too_small = match rounds {
        // One value deviates from nothing, and tells nothing.
        0 | 1 => return f64::INFINITY,
        2..=9 => FEW[rounds - 2],
        _ => n / (n - 0.8),
    };
    MEDIAN * DEVIATIONS * too_small / n.sqrt()
}

/// The value in the middle; of an even number the mean of the two there, of none zero.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let half = sorted.len() / 2;
    match sorted.len() {
        0 => 0.0,
        n if n % 2 == 1 => sorted[half],
        _ => f64::midpoint(sorted[half - 1], sorted[half]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn medians_are_exact() {
        assert_eq!(median(&[]), 0.0);
        assert_eq!(median(&[7.0]), 7.0);
        assert_eq!(median(&[9.0, 1.0, 5.0]), 5.0);
        assert_eq!(median(&[4.0, 1.0, 3.0, 2.0]), 2.5);
        assert_eq!(median(&[f64::MAX, f64::MAX]), f64::MAX);
    }

    #[test]
    fn one_slow_round_moves_nothing() {
        let quiet = Spread::of(&[10.0, 11.0, 9.0, 10.0, 10.0]);
        let noisy = Spread::of(&[10.0, 11.0, 900.0, 10.0, 10.0]);
        assert_eq!(quiet, Spread { median: 10.0, mad: 0.0 });
        assert_eq!(noisy, Spread { median: 10.0, mad: 0.0 });
        assert_eq!(Spread::of(&[1.0, 1.0, 2.0, 2.0, 4.0, 6.0, 9.0]), Spread { median: 2.0, mad: 1.0 });
    }

    #[test]
    fn deviation_as_a_share() {
        assert_eq!(Spread { median: 4.0, mad: 1.0 }.relative(), 0.25);
        assert_eq!(Spread::of(&[]).relative(), 0.0);
    }

    #[test]
    fn more_rounds_err_less() {
        assert!(error_in_mads(1).is_infinite());
        assert!((error_in_mads(4) - 1.2533 * 1.4826 * 1.363 / 2.0).abs() < 1e-12);
        assert!((error_in_mads(10_000) - 0.018583).abs() < 1e-5);
        assert!((2..500).all(|n| error_in_mads(n + 2) < error_in_mads(n)));
    }

    /// Medians of rounds that are drawn, against what is said of them.
    #[test]
    fn the_error_is_what_medians_vary_by() {
        let stream = crate::random::Stream::new(7);
        for n in [5, 9, 10, 30, 100] {
            let (mut medians, mut said) = (Vec::new(), Vec::new());
            for trial in 0..2000u64 {
                // Twelve uniform numbers, added up, are as good as normal: mean 6, deviation 1.
                let normal = |i: u64| {
                    (0..12).map(|k| stream.at((trial << 20) + i * 12 + k) as f64 / u64::MAX as f64).sum::<f64>()
                };
                let spread = Spread::of(&(0..n as u64).map(normal).collect::<Vec<_>>());
                medians.push(spread.median);
                said.push(spread.mad * error_in_mads(n));
            }
            let mean = medians.iter().sum::<f64>() / medians.len() as f64;
            let deviation = (medians.iter().map(|m| (m - mean).powi(2)).sum::<f64>() / medians.len() as f64).sqrt();
            let said = said.iter().sum::<f64>() / said.len() as f64;
            assert!(
                (said / deviation - 1.0).abs() < 0.13,
                "{n} rounds: {said} is said, and medians vary by {deviation}"
            );
        }
    }

    proptest! {
        #[test]
        fn half_lie_on_each_side(values in prop::collection::vec(-1e9..1e9f64, 1..60)) {
            let m = median(&values);
            let below = values.iter().filter(|v| **v < m).count();
            let above = values.iter().filter(|v| **v > m).count();
            prop_assert!(below * 2 <= values.len() && above * 2 <= values.len());
        }

        #[test]
        fn order_does_not_matter(mut values in prop::collection::vec(-1e9..1e9f64, 0..60)) {
            let before = Spread::of(&values);
            values.reverse();
            prop_assert_eq!(before, Spread::of(&values));
        }
    }
}
