//! Sobol' indices: which share of an output's variance is due to each parameter.
//!
//! First order after Saltelli et al., Computer Physics Communications 181 (2010), total order after Jansen, Computer Physics Communications 117 (1999), both on the
//! design of Saltelli.

use rand::Rng;

use super::sampling::{UnitPoints, sobol_sequence};
use crate::random::below;

/// How often a study is drawn again for its intervals.
const RESAMPLES: usize = 1000;

/// An index with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SobolIndex {
    /// The index: a share of the variance, but for what an estimate is off by, which may take it below 0 or above 1.
    pub value: f64,
    /// Ends of the interval.
    pub interval: (f64, f64),
}

/// What a parameter does to an output's variance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SobolIndices {
    /// Share that would go if the parameter were known, the others not.
    pub first: SobolIndex,
    /// Share that would stay if all others were known, and the parameter not: with all that it does together with others.
    pub total: SobolIndex,
}

/// Saltelli's design on `n` points of the Sobol' sequence in twice as many dimensions: for each point A, then A with each coordinate in turn from B, then B: `n` times
/// `dimensions` + 2 points.
pub fn saltelli(n: usize, dimensions: usize, seed: u32) -> UnitPoints {
    let both = sobol_sequence(n, 2 * dimensions, seed);
    let mut shares = Vec::with_capacity(n * (dimensions + 2) * dimensions);
    for point in 0..n {
        let (a, b) = both.at(point).split_at(dimensions);
        shares.extend_from_slice(a);
        for (d, from_b) in b.iter().enumerate() {
            shares.extend(a.iter().enumerate().map(|(i, x)| if i == d { from_b } else { x }));
        }
        shares.extend_from_slice(b);
    }
    UnitPoints::new(dimensions, shares)
}

/// The indices of each parameter for an output, which has a value at each point of [`saltelli`]; `None` if the output never varies.
///
/// Intervals: points of the sequence are drawn again, with repetition, 1,000 times; the middle 95 % of the indices of these.
pub fn sobol_indices(outputs: &[f64], dimensions: usize, rng: &mut impl Rng) -> Option<Vec<SobolIndices>> {
    let rows: Vec<&[f64]> = outputs.chunks_exact(dimensions + 2).collect();
    let mean = outputs.iter().sum::<f64>() / outputs.len().max(1) as f64;
    let all: Vec<usize> = (0..rows.len()).collect();
    let values = indices(&rows, mean, &all)?;
    let mut again: Vec<Vec<[f64; 2]>> = vec![Vec::with_capacity(RESAMPLES); dimensions];
    let mut drawn = all;
    for _ in 0..RESAMPLES {
        drawn.iter_mut().for_each(|row| *row = below(rng.next_u64(), rows.len() as u32) as usize);
        // A draw in which nothing varies says nothing.
        for (again, index) in again.iter_mut().zip(indices(&rows, mean, &drawn).into_iter().flatten()) {
            again.push(index);
        }
    }
    let with_interval = |(value, again): ([f64; 2], Vec<[f64; 2]>)| {
        let [first, total] = [0, 1].map(|k| {
            let of: Vec<f64> = again.iter().map(|index| index[k]).collect();
            SobolIndex { value: value[k], interval: middle(of).unwrap_or((value[k], value[k])) }
        });
        SobolIndices { first, total }
    };
    Some(values.into_iter().zip(again).map(with_interval).collect())
}

/// First and total order of each parameter, from these rows of A, A with one coordinate of B, and B.
fn indices(rows: &[&[f64]], mean: f64, chosen: &[usize]) -> Option<Vec<[f64; 2]>> {
    let dimensions = rows.first()?.len() - 2;
    let n = chosen.len() as f64;
    let of = |row: usize, column: usize| rows[row][column] - mean;
    let last = dimensions + 1;
    let both = || chosen.iter().flat_map(|&row| [of(row, 0), of(row, last)]);
    let middle = both().sum::<f64>() / (2.0 * n);
    let variance = both().map(|x| (x - middle) * (x - middle)).sum::<f64>() / (2.0 * n);
    // What rounding leaves of a constant is no variance.
    let size = both().fold(mean.abs(), |most, x| most.max(x.abs()));
    if variance.is_nan() || variance <= (size * 1e-12) * (size * 1e-12) {
        return None;
    }
    let index = |d: usize| {
        let (mut first, mut total) = (0.0, 0.0);
        for &row in chosen {
            let (a, b, ab) = (of(row, 0), of(row, last), of(row, 1 + d));
            first += b * (ab - a);
            total += (a - ab) * (a - ab);
        }
        [first / n / variance, 0.5 * total / n / variance]
    };
    Some((0..dimensions).map(index).collect())
}

/// Ends of the middle 95 % of some values.
fn middle(mut values: Vec<f64>) -> Option<(f64, f64)> {
    values.sort_by(f64::total_cmp);
    let last = values.len().checked_sub(1)? as f64;
    let at = |share: f64| {
        let place = share * last;
        let (below, rest) = (place as usize, place.fract());
        let above = (below + 1).min(values.len() - 1);
        values[below] + (values[above] - values[below]) * rest
    };
    Some((at(0.025), at(0.975)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Domain, Key};
    use std::f64::consts::PI;

    /// Ishigami and Homma's function of three numbers between -pi and pi.
    fn ishigami(x: &[f64]) -> f64 {
        let [x, y, z] = [x[0], x[1], x[2]].map(|u| PI * (2.0 * u - 1.0));
        libm::sin(x) + 7.0 * libm::sin(y) * libm::sin(y) + 0.1 * z * z * z * z * libm::sin(x)
    }

    /// Closed form: variances 0.5 (1 + 0.1 pi^4 / 5)^2 of x alone, 49 / 8 of y alone, 0.01 pi^8 8 / 225 of x with z.
    fn truth() -> [[f64; 2]; 3] {
        let x = 0.5 * (1.0 + 0.1 * PI.powi(4) / 5.0).powi(2);
        let (y, xz) = (49.0 / 8.0, 0.01 * PI.powi(8) * 8.0 / 225.0);
        let all = x + y + xz;
        [[x / all, (x + xz) / all], [y / all, y / all], [0.0, xz / all]]
    }

    fn study(n: usize, seed: u32) -> Vec<SobolIndices> {
        let points = saltelli(n, 3, seed);
        assert_eq!(points.len(), n * 5);
        let outputs: Vec<f64> = (0..points.len()).map(|i| ishigami(points.at(i))).collect();
        let mut rng = Key::new(seed.into(), 0).rng(Domain::Design, 1, 0);
        sobol_indices(&outputs, 3, &mut rng).expect("it varies")
    }

    #[test]
    fn ishigami_has_its_closed_form() {
        let truth = truth();
        // The published digits.
        for (index, digits) in truth.as_flattened().iter().zip([0.3139, 0.5576, 0.4424, 0.4424, 0.0, 0.2437]) {
            assert!((index - digits).abs() < 5e-5, "{index}");
        }
        for (of, [first, total]) in study(4096, 1).iter().zip(truth) {
            assert!((of.first.value - first).abs() < 0.01 && (of.total.value - total).abs() < 0.01, "{of:?}");
            assert!(of.first.interval.0 < of.first.interval.1 && of.total.interval.0 < of.total.interval.1);
        }
    }

    /// Points of a sequence are nearer than those drawn by chance, which the bootstrap takes them for: intervals hold the truth at least as often as they say.
    #[test]
    fn intervals_cover() {
        let (studies, truth) = (60, truth());
        let mut covered = [[0; 2]; 3];
        for seed in 0..studies {
            for ((of, truth), covered) in study(256, seed).iter().zip(truth).zip(&mut covered) {
                for (k, index) in [of.first, of.total].iter().enumerate() {
                    covered[k] += usize::from(index.interval.0 <= truth[k] && truth[k] <= index.interval.1);
                }
            }
        }
        // At least 95 % but for three standard errors.
        let least = studies as f64 * (0.95 - 3.0 * (0.95f64 * 0.05 / studies as f64).sqrt());
        assert!(covered.as_flattened().iter().all(|&n| n as f64 >= least), "{covered:?} of {studies}");
    }

    #[test]
    fn what_never_varies_has_no_indices() {
        let mut rng = Key::new(1, 0).rng(Domain::Design, 1, 0);
        assert_eq!(sobol_indices(&[0.1 + 0.2; 5 * 8], 3, &mut rng), None);
        assert_eq!(sobol_indices(&[], 3, &mut rng), None);
        assert_eq!(middle(vec![3.0]), Some((3.0, 3.0)));
    }
}
