//! Morris' elementary effects: which of many parameters matter at all, from few points.
//!
//! Morris, "Factorial sampling plans for preliminary computational experiments", Technometrics 33 (1991); mu* after Campolongo et al., Environmental Modelling &
//! Software 22 (2007).

use rand::Rng;
use rand::seq::SliceRandom;

use super::interval::{Estimate, Scale};
use super::sampling::UnitPoints;
use crate::random::below;

/// What a parameter does to an output, over trajectories: in units of the output, for a move across the whole range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ElementaryEffects {
    /// Mean effect, with its sign.
    pub mu: Estimate,
    /// Mean size of the effect.
    pub mu_star: Estimate,
    /// Standard deviation of effects: large where the effect depends on where the other parameters, or the parameter itself, are. `None` of a single trajectory.
    pub sigma: Option<f64>,
}

/// Trajectories over a grid of `levels` (an even number): each begins at a place that is drawn, and moves one coordinate after the other, in an order that is drawn,
/// by half of the levels. Each is `dimensions` + 1 points.
pub fn trajectories(count: usize, dimensions: usize, levels: u32, rng: &mut impl Rng) -> UnitPoints {
    let mut shares = Vec::with_capacity(count * (dimensions + 1) * dimensions);
    let share = |level: u32| f64::from(level) / f64::from(levels - 1);
    let mut order: Vec<usize> = (0..dimensions).collect();
    for _ in 0..count {
        let mut at: Vec<u32> = (0..dimensions).map(|_| below(rng.next_u64(), levels)).collect();
        order.shuffle(rng);
        shares.extend(at.iter().map(|&level| share(level)));
        for &d in &order {
            let half = levels / 2;
            at[d] = if at[d] < half { at[d] + half } else { at[d] - half };
            shares.extend(at.iter().map(|&level| share(level)));
        }
    }
    UnitPoints::new(dimensions, shares)
}

/// The effects of each parameter on an output, which has a value at each point of [`trajectories`] of so many levels. An effect is the difference that a move makes,
/// divided by its length as a share of the range; that of a parameter of which a move changes nothing (whole numbers that round to the same) is 0.
///
/// The interval of mu* is Student's t over trajectories, which are independent: 95 %.
pub fn elementary_effects(points: &UnitPoints, outputs: &[f64], levels: u32) -> Vec<ElementaryEffects> {
    let dimensions = points.dimensions();
    let step = f64::from(levels / 2) / f64::from(levels - 1);
    let mut effects: Vec<Vec<f64>> = vec![Vec::new(); dimensions];
    for first in (0..points.len()).step_by(dimensions + 1) {
        for point in first..first + dimensions {
            let (before, after) = (points.at(point), points.at(point + 1));
            let Some(d) = (0..dimensions).find(|&d| before[d] != after[d]) else { continue };
            let change = outputs[point + 1] - outputs[point];
            effects[d].push(if after[d] > before[d] { change } else { -change } / step);
        }
    }
    let of = |effects: Vec<f64>| {
        let sizes: Vec<f64> = effects.iter().map(|x| x.abs()).collect();
        let mu = Estimate::of(&effects, Scale::Difference);
        let squares: f64 = effects.iter().map(|x| (x - mu.mean) * (x - mu.mean)).sum();
        let sigma = (effects.len() > 1).then(|| libm::sqrt(squares / (effects.len() - 1) as f64));
        ElementaryEffects { mu, mu_star: Estimate::of(&sizes, Scale::Amount), sigma }
    };
    effects.into_iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Domain, Key};

    fn design(seed: u64, count: usize, dimensions: usize, levels: u32) -> UnitPoints {
        trajectories(count, dimensions, levels, &mut Key::new(seed, 0).rng(Domain::Design, 0, 0))
    }

    fn outputs(points: &UnitPoints, f: impl Fn(&[f64]) -> f64) -> Vec<f64> {
        (0..points.len()).map(|i| f(points.at(i))).collect()
    }

    #[test]
    fn a_trajectory_moves_every_coordinate_once_by_half_of_the_levels() {
        let points = design(3, 40, 7, 6);
        assert_eq!(points.len(), 40 * 8);
        let mut levels = [0; 6];
        for first in (0..points.len()).step_by(8) {
            let mut moved = [0; 7];
            for point in first..first + 7 {
                let (a, b) = (points.at(point), points.at(point + 1));
                let changed: Vec<usize> = (0..7).filter(|&d| a[d] != b[d]).collect();
                assert_eq!(changed.len(), 1);
                moved[changed[0]] += 1;
                assert!(((a[changed[0]] - b[changed[0]]).abs() - 0.6).abs() < 1e-12);
            }
            assert_eq!(moved, [1; 7]);
            points.at(first).iter().for_each(|x| levels[(x * 5.0).round() as usize] += 1);
        }
        // 280 starts over six levels.
        assert!(levels.iter().all(|n| (25..=70).contains(n)), "{levels:?}");
    }

    /// Of a linear function each effect is its coefficient, everywhere.
    #[test]
    fn a_linear_function_has_its_coefficients() {
        let points = design(1, 5, 3, 4);
        let of = elementary_effects(&points, &outputs(&points, |x| 3.0 * x[0] - 2.0 * x[1] + 7.0), 4);
        for (effects, (mu, size)) in of.iter().zip([(3.0, 3.0), (-2.0, 2.0), (0.0, 0.0)]) {
            assert!((effects.mu.mean - mu).abs() < 1e-12 && (effects.mu_star.mean - size).abs() < 1e-12);
            assert!(effects.sigma.is_some_and(|s| s < 1e-12));
            assert!(effects.mu_star.interval.is_some_and(|(lo, hi)| hi - lo < 1e-12));
        }
    }

    /// x times y moves by y, which is one of four levels each time: mean 1/2, deviation sqrt(5/36).
    #[test]
    fn an_interaction_shows_in_sigma() {
        let points = design(2, 4000, 2, 4);
        let of = elementary_effects(&points, &outputs(&points, |x| x[0] * x[1]), 4);
        for effects in of {
            assert!((effects.mu.mean - 0.5).abs() < 0.02, "{effects:?}");
            assert!(effects.sigma.is_some_and(|s| (s - (5.0f64 / 36.0).sqrt()).abs() < 0.01), "{effects:?}");
        }
    }

    /// Of 2,000 designs of ten trajectories about 95 % have an interval that holds the mean size of effects: of those of a product of three, whose sizes are skewed,
    /// some less.
    #[test]
    fn intervals_cover() {
        let f = |x: &[f64]| x[0] * (1.0 + x[1] + x[2]) + x[1] * x[2];
        // The effect of the first is 1 + y + z: 2 in the mean.
        let studies = 2000;
        let covered = (0..studies)
            .filter(|&seed| {
                let points = design(seed, 10, 3, 4);
                let of = elementary_effects(&points, &outputs(&points, f), 4);
                of[0].mu_star.interval.is_some_and(|(lo, hi)| lo <= 2.0 && 2.0 <= hi)
            })
            .count();
        let share = covered as f64 / studies as f64;
        // Four standard errors.
        assert!((share - 0.95).abs() < 4.0 * (0.95f64 * 0.05 / studies as f64).sqrt(), "{share}");
    }
}
