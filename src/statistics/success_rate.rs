//! How often an attack succeeds, and how much of that is due to what it used.

/// Two-sided quantile of 95 % of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// A rate of success with its uncertainty: Wilson's interval (1927), as Anonymeter has it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SuccessRate {
    /// Middle of the interval: `(s + z^2 / 2) / (n + z^2)` of `s` successes in `n` attempts.
    pub rate: f64,
    /// Half of its width: `z / (n + z^2) * sqrt(s (n - s) / n + z^2 / 4)`.
    pub error: f64,
}

impl SuccessRate {
    /// Of so many successes in so many attempts; 0.5 and 0.5 of none.
    pub fn of(successes: u64, attempts: u64) -> Self {
        let (s, n) = (successes as f64, attempts as f64);
        let spread = if attempts == 0 { 0.0 } else { s * (n - s) / n };
        let square = Z * Z;
        SuccessRate {
            rate: (s + square / 2.0) / (n + square),
            error: Z / (n + square) * libm::sqrt(spread + square / 4.0),
        }
    }

    /// What an attack finds beyond a control that lacks what the attack uses, as a share of what the control leaves: `(a - c) / (1 - c)`, with the error that follows from both. Not cut at 0: an
    /// attack may do worse than its control.
    pub fn beyond(self, control: SuccessRate) -> SuccessRate {
        let left = 1.0 - control.rate;
        let (by_attack, by_control) = (self.error / left, (self.rate - 1.0) / (left * left) * control.error);
        SuccessRate {
            rate: (self.rate - control.rate) / left,
            error: libm::sqrt(by_attack * by_attack + by_control * by_control),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Wilson's interval of 10 in 100: 0.0552 to 0.1744 (Newcombe 1998 has such tables).
    #[test]
    fn wilson_as_published() {
        let of = SuccessRate::of(10, 100);
        assert!(
            (of.rate - of.error - 0.055_229).abs() < 1e-6 && (of.rate + of.error - 0.174_366).abs() < 1e-6,
            "{of:?}"
        );
        let none = SuccessRate::of(0, 0);
        assert!(none.rate == 0.5 && (none.error - 0.5).abs() < 1e-15, "{none:?}");
    }

    proptest! {
        /// The ends are where the score test turns: `(p - s/n)^2 = z^2 p (1 - p) / n`.
        #[test]
        fn ends_solve_the_score_equation(n in 1u64..5000, at in 0.0..=1.0f64) {
            let s = (at * n as f64) as u64;
            let of = SuccessRate::of(s, n);
            for p in [of.rate - of.error, of.rate + of.error] {
                let share = s as f64 / n as f64;
                prop_assert!(((p - share).powi(2) - Z * Z * p * (1.0 - p) / n as f64).abs() < 1e-9);
            }
            let same = of.beyond(of);
            prop_assert!(same.rate == 0.0 && same.error >= of.error);
        }
    }
}
