//! A figure over replicates: mean and interval.

use super::student_t::student_t;

/// On what scale an interval is symmetric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// Amounts, at least 0: on their own scale.
    Amount,
    /// Differences, of either sign: on their own scale.
    Difference,
    /// Shares between 0 and 1: on that of the logarithm of the odds, so that no end lies beyond 0 or 1. Where a share is 0 or 1 itself, on its own scale.
    Share,
}

/// A mean over independent worlds with its 95 % interval: in 95 of 100 studies it holds the mean over all worlds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Mean over replicates.
    pub mean: f64,
    /// Ends of the interval: none of a single replicate.
    pub interval: Option<(f64, f64)>,
}

impl Estimate {
    /// Of the values in independent worlds, at least one: Student's t over replicates.
    pub fn of(values: &[f64], scale: Scale) -> Self {
        let n = values.len() as f64;
        let mean = mean(values);
        let first = values.first().copied().unwrap_or(0.0);
        if values.len() < 2 {
            return Estimate { mean, interval: None };
        }
        if values.iter().all(|&x| x == first) {
            // Rounding of the mean must not make a difference where there is none.
            return Estimate { mean: first, interval: Some((first, first)) };
        }
        let half = |values: &[f64], mean: f64| {
            let squares: f64 = values.iter().map(|x| (x - mean) * (x - mean)).sum();
            student_t(values.len() as u32 - 1) * libm::sqrt(squares / (n - 1.0) / n)
        };
        let inside = values.iter().all(|x| (f64::MIN_POSITIVE..1.0).contains(x));
        let interval = match scale {
            Scale::Share if inside => {
                let odds: Vec<f64> = values.iter().map(|x| libm::log(x / (1.0 - x))).collect();
                let middle = self::mean(&odds);
                let half = half(&odds, middle);
                let share = |x: f64| 1.0 / (1.0 + libm::exp(-x));
                // The mean of shares is not the share of the mean odds: it lies within all the same.
                (share(middle - half).min(mean), share(middle + half).max(mean))
            }
            _ => {
                let half = half(values, mean);
                let (least, most) = match scale {
                    Scale::Amount => (0.0, f64::INFINITY),
                    Scale::Difference => (f64::NEG_INFINITY, f64::INFINITY),
                    Scale::Share => (0.0, 1.0),
                };
                ((mean - half).max(least), (mean + half).min(most))
            }
        };
        Estimate { mean, interval: Some(interval) }
    }
}

impl Estimate {
    /// How much larger the mean of the second values is than that of the first, in worlds that have nothing to do with each other: Welch's interval, with the degrees of
    /// freedom of Satterthwaite, rounded down. None where one of them has a single world.
    pub fn of_difference(first: &[f64], second: &[f64]) -> Self {
        let mean = self::mean(second) - self::mean(first);
        if first.len() < 2 || second.len() < 2 {
            return Estimate { mean, interval: None };
        }
        // Variance of the mean, and degrees of freedom.
        let [a, b] = [first, second].map(|values| {
            let (n, middle) = (values.len() as f64, self::mean(values));
            let squares: f64 = values.iter().map(|x| (x - middle) * (x - middle)).sum();
            (squares / (n - 1.0) / n, n - 1.0)
        });
        let variance = a.0 + b.0;
        if variance == 0.0 {
            return Estimate { mean, interval: Some((mean, mean)) };
        }
        let degrees = variance * variance / (a.0 * a.0 / a.1 + b.0 * b.0 / b.1);
        let half = student_t(degrees.max(1.0) as u32) * libm::sqrt(variance);
        Estimate { mean, interval: Some((mean - half, mean + half)) }
    }
}

/// Mean, added up in the order of the values.
fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::distribution::normal_quantile;
    use crate::random::{Domain, Key};

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9 * (1.0 + b.abs())
    }

    #[test]
    fn means_and_intervals_by_hand() {
        // Mean 3, variance 2.5, five values: 2.776445 times sqrt(2.5 / 5).
        let of = Estimate::of(&[1.0, 2.0, 3.0, 4.0, 5.0], Scale::Amount);
        let half = 2.776_445_105_197_793 * 0.5f64.sqrt();
        assert!(of.mean == 3.0 && of.interval.is_some_and(|(lo, hi)| near(lo, 3.0 - half) && near(hi, 3.0 + half)));
        assert_eq!(Estimate::of(&[7.0], Scale::Amount), Estimate { mean: 7.0, interval: None });
        assert_eq!(Estimate::of(&[0.1; 3], Scale::Share), Estimate { mean: 0.1, interval: Some((0.1, 0.1)) });
        // Nothing is below nothing, but a difference may be.
        assert_eq!(Estimate::of(&[0.0, 1.0], Scale::Amount).interval.map(|i| i.0), Some(0.0));
        assert!(Estimate::of(&[0.0, 1.0], Scale::Difference).interval.is_some_and(|i| i.0 < -5.0));
        // Odds 1/9 and 1/4: on their scale.
        let share = Estimate::of(&[0.1, 0.2], Scale::Share);
        let (lo, hi) = share.interval.expect("two worlds");
        assert!(0.0 < lo && lo < 0.15 && 0.15 < hi && hi < 1.0 && near(share.mean, 0.15));
        assert_eq!(Estimate::of(&[0.0, 0.5, 1.0], Scale::Share).interval, Some((0.0, 1.0)));
    }

    #[test]
    fn welch_by_hand() {
        // Variances of the means 1/3 and 4/3: degrees (5/3)^2 / ((1/9)/2 + (16/9)/2) = 2.94.
        let of = Estimate::of_difference(&[1.0, 2.0, 3.0], &[10.0, 12.0, 14.0]);
        let half = 4.302_652_729_749_464 * (5.0f64 / 3.0).sqrt();
        assert!(of.mean == 10.0 && of.interval.is_some_and(|(lo, hi)| near(lo, 10.0 - half) && near(hi, 10.0 + half)));
        assert_eq!(Estimate::of_difference(&[1.0], &[2.0, 3.0]).interval, None);
        assert_eq!(Estimate::of_difference(&[1.0, 1.0], &[2.0, 2.0]).interval, Some((1.0, 1.0)));
    }

    /// Of 95 % intervals 95 % hold what they estimate: of normal amounts, differences and shares, for few replicates and for many.
    #[test]
    fn intervals_cover() {
        let words = Key::new(17, 0).streams(Domain::Sample, 0, 0, 0)[0];
        let mut at = 0;
        let mut normal = || {
            at += 1;
            normal_quantile(((words.at(at) >> 11) as f64 + 0.5) / (1u64 << 53) as f64)
        };
        for n in [2, 3, 5, 20] {
            let studies = 8000;
            let (mut amounts, mut shares) = (0, 0);
            for _ in 0..studies {
                let errors: Vec<f64> = (0..n).map(|_| normal()).collect();
                let values: Vec<f64> = errors.iter().map(|e| 100.0 + 5.0 * e).collect();
                let holds = |e: Estimate, truth: f64| e.interval.is_some_and(|(lo, hi)| lo <= truth && truth <= hi);
                amounts += usize::from(holds(Estimate::of(&values, Scale::Amount), 100.0));
                let odds: Vec<f64> = errors.iter().map(|e| 1.0 / (1.0 + (-(1.4 + 0.05 * e)).exp())).collect();
                shares += usize::from(holds(Estimate::of(&odds, Scale::Share), 1.0 / (1.0 + (-1.4f64).exp())));
            }
            for covered in [amounts, shares] {
                // Four standard errors of a share of .95 in 8,000.
                let share = covered as f64 / f64::from(studies);
                assert!((share - 0.95).abs() < 4.0 * (0.95f64 * 0.05 / 8000.0).sqrt(), "{n}: {share}");
            }
        }
    }
}
