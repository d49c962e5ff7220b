//! Which points a sweep has, and in which order they are simulated.

/// Points of a sweep: combinations of values, numbered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grid {
    /// How many values each varied key has.
    lengths: Vec<usize>,
    /// Whether the first values go together, the second, and so on; else each goes with each.
    zip: bool,
}

impl Grid {
    /// Points of keys with so many values; `None` if values that are to go together are not as many, or there are too many points to count.
    pub fn new(lengths: Vec<usize>, zip: bool) -> Option<Self> {
        let alike = !zip || lengths.windows(2).all(|w| w[0] == w[1]);
        let counts = lengths.iter().try_fold(1usize, |product, &n| product.checked_mul(n)).is_some();
        (alike && counts).then_some(Grid { lengths, zip })
    }

    /// Number of points.
    pub fn len(&self) -> usize {
        if self.zip { self.lengths.first().copied().unwrap_or(0) } else { self.lengths.iter().product() }
    }

    /// Whether the values of all keys go together.
    pub fn is_zip(&self) -> bool {
        self.zip
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Which value each key has at a point; the last key runs fastest.
    pub fn at(&self, point: usize) -> Vec<usize> {
        if self.zip {
            return vec![point; self.lengths.len()];
        }
        let mut rest = point;
        let mut values: Vec<usize> = self
            .lengths
            .iter()
            .rev()
            .map(|&n| {
                let value = rest % n;
                rest /= n;
                value
            })
            .collect();
        values.reverse();
        values
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

    #[test]
    fn points_are_all_combinations_or_go_together() {
        let grid = Grid::new(vec![2, 3], false).expect("a grid");
        let all: Vec<Vec<usize>> = (0..grid.len()).map(|point| grid.at(point)).collect();
        assert_eq!(all, [[0, 0], [0, 1], [0, 2], [1, 0], [1, 1], [1, 2]]);
        let together = Grid::new(vec![3, 3], true).expect("a grid");
        assert_eq!((0..together.len()).map(|point| together.at(point)).collect::<Vec<_>>(), [[0, 0], [1, 1], [2, 2]]);
        assert_eq!(Grid::new(vec![2, 3], true), None);
        assert_eq!(Grid::new(vec![usize::MAX, 3], false), None);
    }

    #[test]
    fn every_point_comes_once_and_beginnings_are_balanced() {
        for n in [1, 2, 3, 4, 5, 6, 12, 100, 101, 1024, 9973] {
            let grid = Grid::new(vec![n], false).expect("a grid");
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
