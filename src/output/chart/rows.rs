//! The column of policy names at the left of bar charts, and the panels beside it.

use super::Named;
use super::canvas::{Anchor, Canvas, Face, label};
use super::layout::wrap;
use super::theme::{BODY, CONTENT, MARGIN, text_width};

/// White space between panels that stand side by side.
const GUTTER: f64 = 22.0;
/// Height of one line of a label.
const LEADING: f64 = 16.5;

/// Labels, one per row, and the height that all rows get.
pub struct RowLabels {
    lines: Vec<Vec<String>>,
    /// Width of the column, with the gap to its right.
    pub width: f64,
    /// Height of a row.
    pub row: f64,
}

impl RowLabels {
    /// Labels for `names`, at most `most` pixels wide.
    pub fn new(names: &[Named], most: f64) -> Self {
        Self::of(names.iter().map(|n| n.title.as_str()), most)
    }

    /// Labels for any texts.
    pub fn of<'a>(texts: impl Iterator<Item = &'a str>, most: f64) -> Self {
        let lines: Vec<Vec<String>> = texts.map(|t| wrap(t, most, BODY, false, 2)).collect();
        let widest = lines.iter().flatten().map(|l| text_width(l, BODY, false)).fold(0.0, f64::max);
        let tall = lines.iter().any(|l| l.len() > 1);
        Self { lines, width: widest + 12.0, row: if tall { 40.0 } else { 27.0 } }
    }

    /// Draws label `i` right-aligned against the bars, centred on `y`.
    pub fn draw(&self, sheet: &mut Canvas, i: usize, y: f64) {
        self.at(sheet, i, MARGIN + self.width - 10.0, y, label(BODY).anchored(Anchor::End));
    }

    /// Draws label `i` left-aligned at the margin in the colour of `face`, centred on `y`: for tables.
    pub fn draw_in(&self, sheet: &mut Canvas, i: usize, y: f64, face: Face) {
        self.at(sheet, i, MARGIN, y, face);
    }

    fn at(&self, sheet: &mut Canvas, i: usize, x: f64, y: f64, face: Face) {
        if let Some(lines) = self.lines.get(i) {
            let first = y + BODY * 0.36 - LEADING * (lines.len() as f64 - 1.0) / 2.0;
            sheet.lines(x, first, lines, LEADING, face);
        }
    }
}

/// Left edges and the common width of `n` panels beside a label column of `labels` pixels.
pub fn panels(n: usize, labels: f64) -> (Vec<f64>, f64) {
    let n = n.max(1);
    let width = (CONTENT - labels - GUTTER * (n as f64 - 1.0)) / n as f64;
    ((0..n).map(|i| MARGIN + labels + (width + GUTTER) * i as f64).collect(), width)
}

/// How many of `n` panels stand side by side.
pub fn columns(n: usize) -> usize {
    match n {
        0 | 1 => 1,
        2 | 4 => 2,
        _ => 3,
    }
}
