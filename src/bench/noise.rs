//! What a difference of two medians has to exceed to mean something, and how many rounds would tell what is asked.

use super::statistics::{Spread, error_in_mads};

/// A difference has to be so many times its standard error to be more than noise: where nothing changed, one stage in some hundreds
/// differs by as much.
const ERRORS: f64 = 3.0;
/// More rounds of one side than so many times those that both sides together would need are not advised.
const ONE_SIDED: u64 = 4;

/// What differs by less is noise: [`ERRORS`] standard errors of the difference, as a share. What disturbs a machine makes everything
/// on it slower by a factor, so that shares are what is spread alike; the errors of the two are independent.
pub fn noise(spreads: [Spread; 2], rounds: [usize; 2]) -> f64 {
    let [a, b] = [0, 1].map(|i| of_one(spreads[i], rounds[i]));
    a.hypot(b)
}

/// The part of one side.
fn of_one(spread: Spread, rounds: usize) -> f64 {
    let deviation = spread.relative();
    // No number of rounds errs where nothing varies.
    if deviation == 0.0 { 0.0 } else { ERRORS * deviation * error_in_mads(rounds) }
}

/// How many rounds it takes to tell a regression of some size from noise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needed {
    /// So many of this result, against the baseline as it is.
    Here(u64),
    /// So many of both: the baseline itself is too noisy.
    Both(u64),
    /// No number is enough: nothing at all is allowed, and something varies.
    Never,
}

impl Needed {
    /// For a baseline of so many rounds and a result that vary as they do; `allowed` is a share.
    pub fn of(spreads: [Spread; 2], baseline_rounds: usize, allowed: f64) -> Self {
        let both = |n: usize| noise(spreads, [n, n]);
        let here = |n: usize| noise(spreads, [baseline_rounds, n]);
        match (first(here, allowed), first(both, allowed)) {
            (_, None) => Needed::Never,
            (Some(here), Some(both)) if here <= both.saturating_mul(ONE_SIDED) => Needed::Here(here),
            (_, Some(both)) => Needed::Both(both),
        }
    }
}

/// The least number of rounds at which `noise` is no more than is allowed, if there is one: noise falls as rounds are added.
fn first(noise: impl Fn(usize) -> f64, allowed: f64) -> Option<u64> {
    // Beyond it nobody would wait.
    const MOST: usize = 1 << 40;
    let enough = |n: &usize| noise(*n) <= allowed;
    let mut above = std::iter::successors(Some(10), |n| Some(n * 2)).take_while(|n| *n <= MOST).find(enough)?;
    let mut below = if above == 10 { 1 } else { above / 2 };
    while above - below > 1 {
        let middle = usize::midpoint(below, above);
        if enough(&middle) { above = middle } else { below = middle }
    }
    Some(above as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn spread(mad: f64) -> Spread {
        Spread { median: 100.0, mad }
    }

    #[test]
    fn noise_is_three_errors_of_both() {
        assert_eq!(noise([spread(0.0); 2], [1, 1]), 0.0);
        let one = 3.0 * 0.02 * error_in_mads(20);
        assert!((noise([spread(2.0), spread(0.0)], [20, 5]) - one).abs() < 1e-15);
        assert!((noise([spread(2.0), spread(2.0)], [20, 20]) - one * 2f64.sqrt()).abs() < 1e-15);
        // Four times the rounds, half the noise.
        let ratio = noise([spread(2.0); 2], [1000; 2]) / noise([spread(2.0); 2], [4000; 2]);
        assert!((ratio - 2.0).abs() < 0.01, "{ratio}");
    }

    #[test]
    fn rounds_that_tell() {
        // A steady baseline; this side needs (3 * 1.858 * 0.1 / 0.1)^2 rounds.
        assert_eq!(Needed::of([spread(0.0), spread(10.0)], 5, 0.1), Needed::Here(33));
        assert!(
            matches!(Needed::of([spread(40.0), spread(40.0)], 5, 0.1), Needed::Both(n) if (950..1100).contains(&n))
        );
        assert_eq!(Needed::of([spread(1.0), spread(1.0)], 5, 0.0), Needed::Never);
    }

    proptest! {
        /// With as many rounds as are said the noise is no more than is allowed, and with one less it is.
        #[test]
        fn what_is_needed_is_enough_and_not_too_much(
            (a, b) in (0.0..200.0f64, 0.1..200.0f64), rounds in 3..200usize, allowed in 0.01..1.0f64,
        ) {
            let spreads = [spread(a), spread(b)];
            let at = |n: u64| match Needed::of(spreads, rounds, allowed) {
                Needed::Here(_) => noise(spreads, [rounds, n as usize]),
                _ => noise(spreads, [n as usize; 2]),
            };
            match Needed::of(spreads, rounds, allowed) {
                Needed::Here(n) | Needed::Both(n) => {
                    prop_assert!(at(n) <= allowed, "{n} rounds are not enough");
                    // Of few rounds an even number may err more than the odd one before.
                    prop_assert!(n <= 10 || at(n - 1) > allowed, "{n} rounds are too many");
                }
                Needed::Never => prop_assert!(false, "some number is enough"),
            }
        }
    }
}
