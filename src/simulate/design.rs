//! Which points a study has, and in which order they are simulated.

use crate::statistics::UnitPoints;

/// Points of a study, numbered: for each a place along every key that varies.
#[derive(Clone, Debug, PartialEq)]
pub enum Design {
    /// Combinations of values.
    Grid {
        /// How many values each key has.
        lengths: Vec<usize>,
        /// Whether the first values go together, the second, and so on; else each goes with each.
        zip: bool,
    },
    /// Points all over the ranges.
    Sample(UnitPoints),
}

/// Where a point is along a key.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Coordinate {
    /// At the value of this number.
    Value(usize),
    /// So far along the range: from 0 to 1.
    Share(f64),
}

impl Design {
    /// Combinations of keys with so many values; `None` if values that are to go together are not as many, or there are too many points to count.
    pub fn grid(lengths: Vec<usize>, zip: bool) -> Option<Self> {
        let alike = !zip || lengths.windows(2).all(|w| w[0] == w[1]);
        let counts = lengths.iter().try_fold(1usize, |product, &n| product.checked_mul(n)).is_some();
        (alike && counts).then_some(Design::Grid { lengths, zip })
    }

    /// Number of points.
    pub fn len(&self) -> usize {
        match self {
            Design::Grid { lengths, zip: true } => lengths.first().copied().unwrap_or(0),
            Design::Grid { lengths, zip: false } => lengths.iter().product(),
            Design::Sample(points) => points.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether the first values of all keys go together, the second, and so on.
    pub fn goes_together(&self) -> bool {
        matches!(self, Design::Grid { zip: true, .. })
    }

    /// The points of a sample; none of combinations.
    pub fn sample(&self) -> Option<&UnitPoints> {
        match self {
            Design::Sample(points) => Some(points),
            Design::Grid { .. } => None,
        }
    }

    /// Where a point is along each key; in a grid the last key runs fastest.
    pub fn at(&self, point: usize) -> Vec<Coordinate> {
        match self {
            Design::Sample(points) => points.at(point).iter().map(|&share| Coordinate::Share(share)).collect(),
            Design::Grid { lengths, zip: true } => vec![Coordinate::Value(point); lengths.len()],
            Design::Grid { lengths, zip: false } => {
                let mut rest = point;
                let value = |&n: &usize| {
                    let value = rest % n;
                    rest /= n;
                    Coordinate::Value(value)
                };
                let mut values: Vec<Coordinate> = lengths.iter().rev().map(value).collect();
                values.reverse();
                values
            }
        }
    }

    /// All points, so that those of any beginning are spread evenly over the whole: steps of the golden section around a ring, each point once.
    pub fn interleaved(&self) -> impl Iterator<Item = usize> + use<> {
        let n = self.len();
        let near = (n as f64 * 0.618_033_988_749_895) as usize;
        // The nearest step that meets all.
        let step =
            (0..n.max(1)).flat_map(|d| [near + d, near.saturating_sub(d)]).find(|&s| s > 0 && gcd(s, n.max(1)) == 1);
        let step = step.unwrap_or(1);
        (0..n).map(move |i| (i as u128 * step as u128 % n as u128) as usize)
    }
}

fn gcd(a: usize, b: usize) -> usize {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(design: &Design) -> Vec<Vec<usize>> {
        let value = |c: Coordinate| match c {
            Coordinate::Value(value) => value,
            Coordinate::Share(_) => usize::MAX,
        };
        (0..design.len()).map(|point| design.at(point).into_iter().map(value).collect()).collect()
    }

    #[test]
    fn points_are_all_combinations_or_go_together() {
        let grid = Design::grid(vec![2, 3], false).expect("a grid");
        assert_eq!(values(&grid), [[0, 0], [0, 1], [0, 2], [1, 0], [1, 1], [1, 2]]);
        let together = Design::grid(vec![3, 3], true).expect("a grid");
        assert_eq!(values(&together), [[0, 0], [1, 1], [2, 2]]);
        assert_eq!(Design::grid(vec![2, 3], true), None);
        assert_eq!(Design::grid(vec![usize::MAX, 3], false), None);
    }

    #[test]
    fn a_sample_has_the_points_of_its_cube() {
        let sample = Design::Sample(UnitPoints::new(2, vec![0.0, 0.5, 0.25, 1.0]));
        assert_eq!(sample.len(), 2);
        assert_eq!(sample.at(1), [Coordinate::Share(0.25), Coordinate::Share(1.0)]);
    }

    #[test]
    fn every_point_comes_once_and_beginnings_are_balanced() {
        for n in [1, 2, 3, 4, 5, 6, 12, 100, 101, 1024, 9973] {
            let grid = Design::grid(vec![n], false).expect("a grid");
            let order: Vec<usize> = grid.interleaved().collect();
            let mut sorted = order.clone();
            sorted.sort_unstable();
            assert_eq!(sorted, (0..n).collect::<Vec<_>>());
            // Of the first half, as many are in the lower half as in the upper one, but for a few.
            let half = n / 2;
            let lower = order[..half].iter().filter(|&&p| p < half).count();
            assert!((2 * lower).abs_diff(half) <= 4 + half / 64, "{n}: {lower} of {half}");
        }
    }
}
