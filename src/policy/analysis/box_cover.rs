//! Few boxes that cover the wanted cells of a small table, and no unwanted one.
//!
//! A box is a set of values for each dimension. Fewest is hard to find; this takes the best of some greedy boxes again and
//! again, and drops those that turn out to be covered by others. Cells that cannot occur may be covered or not.

use crate::policy::rule_index::{TooMuch, Work};

/// What a cell is to the boxes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Must be in a box.
    Wanted,
    /// Must be in none.
    Unwanted,
    /// Does not occur.
    Free,
}

/// Values by dimension, in order.
pub type Box = Vec<Vec<usize>>;

/// Boxes that cover the wanted cells of a table with these dimensions; the last one varies fastest in `cells`.
///
/// # Errors
/// If that is more work than is left.
pub fn cover(dims: &[usize], cells: &[Cell], work: &mut Work) -> Result<Vec<Box>, TooMuch> {
    // Each box grows from a cell once for each dimension, by every value of all of them.
    let of_box = dims.len() * dims.iter().sum::<usize>();
    work.take(cells.len())?;
    debug_assert_eq!(dims.iter().product::<usize>(), cells.len());
    let table = CellTable { dims, cells };
    let mut covered = vec![0u32; cells.len()];
    let mut boxes: Vec<Box> = Vec::new();
    for seed in 0..cells.len() {
        if cells[seed] != Cell::Wanted || covered[seed] > 0 {
            continue;
        }
        work.take(of_box)?;
        let candidates = (0..dims.len()).map(|first| table.grow(seed, first));
        let value = |b: &Box| {
            let fresh = table.within(b).filter(|&i| cells[i] == Cell::Wanted && covered[i] == 0).count();
            let whole = b.iter().zip(dims).filter(|(values, n)| values.len() == **n).count();
            (fresh, whole)
        };
        if let Some(best) = candidates.max_by_key(value) {
            for i in table.within(&best) {
                covered[i] += 1;
            }
            boxes.push(best);
        }
    }
    // A box all of whose cells later boxes cover as well says nothing.
    boxes.retain(|b| {
        let needed = table.within(b).any(|i| cells[i] == Cell::Wanted && covered[i] == 1);
        if !needed {
            for i in table.within(b) {
                covered[i] -= 1;
            }
        }
        needed
    });
    // Nor do values of a box whose cells others cover as well; but all values of a dimension read better than most.
    for b in &mut boxes {
        for d in 0..dims.len() {
            for value in b[d].clone() {
                if b[d].len() == dims[d] || b[d].len() == 1 {
                    break;
                }
                let mut slice = b.clone();
                slice[d] = vec![value];
                let mut wanted = table.within(&slice).filter(|&i| cells[i] == Cell::Wanted).peekable();
                if wanted.peek().is_some() && wanted.all(|i| covered[i] > 1) {
                    for i in table.within(&slice) {
                        covered[i] -= 1;
                    }
                    b[d].retain(|&v| v != value);
                }
            }
        }
    }
    Ok(boxes)
}

struct CellTable<'a> {
    dims: &'a [usize],
    cells: &'a [Cell],
}

impl CellTable<'_> {
    /// Indices of the cells of a box.
    fn within<'b>(&'b self, b: &'b Box) -> impl Iterator<Item = usize> + 'b {
        let count: usize = b.iter().map(Vec::len).product();
        (0..count).map(move |n| {
            let (mut rest, mut index, mut step) = (n, 0, 1);
            for (values, size) in b.iter().zip(self.dims).rev() {
                index += values[rest % values.len()] * step;
                rest /= values.len();
                step *= size;
            }
            index
        })
    }

    /// A largest box around a cell: dimensions are widened in turn, beginning with `first`, to all values if possible.
    fn grow(&self, seed: usize, first: usize) -> Box {
        let mut rest = seed;
        let mut grown: Box = self.dims.iter().rev().map(|&n| vec![(rest % n, rest /= n).0]).collect();
        grown.reverse();
        for turn in 0..self.dims.len() {
            let d = (first + turn) % self.dims.len();
            let own = grown[d][0];
            let others: Vec<usize> = (0..self.dims[d]).filter(|&v| v != own).collect();
            if self.may_add(&grown, d, &others) {
                grown[d] = (0..self.dims[d]).collect();
                continue;
            }
            for v in others {
                if self.may_add(&grown, d, &[v]) {
                    grown[d].push(v);
                }
            }
            grown[d].sort_unstable();
        }
        grown
    }

    fn may_add(&self, b: &Box, dimension: usize, values: &[usize]) -> bool {
        let mut slab = b.clone();
        slab[dimension] = values.to_vec();
        values.is_empty() || self.within(&slab).all(|i| self.cells[i] != Cell::Unwanted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn wanted_cells_are_covered_and_unwanted_are_not(
            dims in proptest::collection::vec(1usize..4, 1..5),
            seed in proptest::collection::vec(0u8..3, 256),
        ) {
            let count: usize = dims.iter().product();
            let cells: Vec<Cell> =
                seed.iter().cycle().take(count).map(|s| [Cell::Wanted, Cell::Unwanted, Cell::Free][*s as usize]).collect();
            let boxes = cover(&dims, &cells, &mut Work::unbounded()).expect("unbounded");
            let table = CellTable { dims: &dims, cells: &cells };
            let mut covered = vec![false; count];
            for i in boxes.iter().flat_map(|b| table.within(b)) {
                prop_assert!(cells[i] != Cell::Unwanted);
                covered[i] = true;
            }
            for (cell, covered) in cells.iter().zip(covered) {
                prop_assert!(*cell != Cell::Wanted || covered);
            }
        }
    }

    #[test]
    fn what_can_be_one_box_is_one() {
        use Cell::{Free, Unwanted, Wanted};
        // A cross: two lines.
        let cross = [Unwanted, Wanted, Unwanted, Wanted, Wanted, Wanted, Unwanted, Wanted, Unwanted];
        let cover = |dims: &[usize], cells: &[Cell]| cover(dims, cells, &mut Work::unbounded()).expect("unbounded");
        assert_eq!(cover(&[3, 3], &cross).len(), 2);
        assert_eq!(cover(&[2, 2], &[Wanted, Free, Free, Wanted]), [vec![vec![0, 1], vec![0, 1]]]);
        assert!(cover(&[2], &[Free, Unwanted]).is_empty());
    }
}
