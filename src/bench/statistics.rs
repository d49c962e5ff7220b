//! Median and median absolute deviation: what a neighbour on the machine can't spoil by one slow round.

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
