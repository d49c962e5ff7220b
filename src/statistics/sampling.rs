//! Points that fill a cube evenly: a Latin hypercube, and the Sobol' sequence.

use rand::Rng;
use rand::seq::SliceRandom;

/// Most dimensions of [`sobol_sequence`].
pub const MOST_DIMENSIONS: usize = sobol_burley::NUM_DIMENSIONS as usize;
/// Most points of [`sobol_sequence`].
pub const MOST_SEQUENCE: usize = 1 << 16;

/// Points of the unit cube: each coordinate is how far along its range a parameter is.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitPoints {
    dimensions: usize,
    /// Point after point.
    shares: Vec<f64>,
}

impl UnitPoints {
    /// Points whose coordinates stand one after the other, so many for each.
    pub fn new(dimensions: usize, shares: Vec<f64>) -> Self {
        debug_assert!(dimensions > 0 && shares.len().is_multiple_of(dimensions));
        UnitPoints { dimensions, shares }
    }

    /// Number of points.
    pub fn len(&self) -> usize {
        self.shares.len() / self.dimensions.max(1)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.shares.is_empty()
    }

    /// Number of coordinates of a point.
    pub fn dimensions(&self) -> usize {
        self.dimensions
    }

    /// The coordinates of a point, each from 0 to 1.
    pub fn at(&self, point: usize) -> &[f64] {
        &self.shares[point * self.dimensions..][..self.dimensions]
    }
}

/// A Latin hypercube (McKay et al. 1979): of `points` equal parts of each coordinate every one has a point, at a place within it that is drawn; which parts go
/// together is drawn too.
pub fn latin_hypercube(points: usize, dimensions: usize, rng: &mut impl Rng) -> UnitPoints {
    let mut shares = vec![0.0; points * dimensions];
    let mut part: Vec<u32> = (0..points as u32).collect();
    for d in 0..dimensions {
        part.shuffle(rng);
        for (point, &part) in part.iter().enumerate() {
            shares[point * dimensions + d] = (f64::from(part) + unit(rng.next_u64())) / points as f64;
        }
    }
    UnitPoints::new(dimensions, shares)
}

/// The first points of the Sobol' sequence, scrambled after Owen (Burley 2020) as the seed says: of 2^m points every part of a coordinate that is 2^-m wide has
/// one. Coordinates have 24 bits.
///
/// At most [`MOST_SEQUENCE`] points and [`MOST_DIMENSIONS`] dimensions.
pub fn sobol_sequence(points: usize, dimensions: usize, seed: u32) -> UnitPoints {
    let of = |point: usize| (0..dimensions).map(move |d| f64::from(sobol_burley::sample(point as u32, d as u32, seed)));
    UnitPoints::new(dimensions, (0..points).flat_map(of).collect())
}

/// A word as a number from 0 to below 1, of 53 bits.
fn unit(word: u64) -> f64 {
    (word >> 11) as f64 / (1u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Domain, Key};

    fn parts_of(points: &UnitPoints, parts: usize, d: usize) -> Vec<usize> {
        let mut counts = vec![0; parts];
        (0..points.len()).for_each(|i| counts[(points.at(i)[d] * parts as f64) as usize] += 1);
        counts
    }

    #[test]
    fn every_part_of_every_coordinate_has_a_point() {
        let lhs = latin_hypercube(97, 5, &mut Key::new(7, 0).rng(Domain::Design, 0, 0));
        let sobol = sobol_sequence(256, 40, 7);
        for d in 0..5 {
            assert!(parts_of(&lhs, 97, d).iter().all(|&n| n == 1));
        }
        for d in 0..40 {
            assert!(parts_of(&sobol, 256, d).iter().all(|&n| n == 1), "{d}");
        }
        // Two coordinates are not in step.
        let together = (0..97).filter(|&i| (lhs.at(i)[0] - lhs.at(i)[1]).abs() < 0.05).count();
        assert!(together < 30, "{together}");
    }

    /// The mean of a product over all coordinates: a hypercube of 4,096 points is as near as chance, a sequence much nearer.
    #[test]
    fn integrals_are_near() {
        let product = |x: &[f64]| x.iter().map(|x| 12.0f64.sqrt() * (x - 0.5)).map(|z| 1.0 + 0.3 * z).product::<f64>();
        let mean = |p: &UnitPoints| (0..p.len()).map(|i| product(p.at(i))).sum::<f64>() / p.len() as f64;
        let errors: Vec<[f64; 2]> = (0..8)
            .map(|seed| {
                let lhs = latin_hypercube(4096, 6, &mut Key::new(seed, 0).rng(Domain::Design, 0, 0));
                [mean(&lhs) - 1.0, mean(&sobol_sequence(4096, 6, seed as u32)) - 1.0]
            })
            .collect();
        let root = |k: usize| (errors.iter().map(|e| e[k] * e[k]).sum::<f64>() / 8.0).sqrt();
        assert!(root(0) < 0.02 && root(1) < 0.004 && root(1) < root(0) / 3.0, "{} {}", root(0), root(1));
    }

    /// Another version of what draws them must not give other studies.
    #[test]
    fn points_stay_what_they_are() {
        let lhs = latin_hypercube(4, 1, &mut Key::new(42, 0).rng(Domain::Design, 0, 0));
        let sobol = sobol_sequence(2, 2, 42);
        assert_eq!(lhs.shares, [0.7664363148306935, 0.21258582054509284, 0.4456208431508427, 0.639394647499456]);
        assert_eq!(sobol.shares, [0.9898844957351685, 0.6608899831771851, 0.33800947666168213, 0.4670165777206421]);
    }
}
