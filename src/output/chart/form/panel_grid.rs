//! Panels beside and below each other.

use crate::output::chart::canvas::Canvas;
use crate::output::chart::figure::Figure;

/// White space between panels that stand beside each other.
pub const GUTTER: f64 = 24.0;
/// White space below a panel.
const BELOW: f64 = 22.0;

/// A panel that is drawn: its marks from the corner (0, 0), and how tall it is.
pub struct DrawnPanel {
    /// Its marks.
    pub marks: Canvas,
    /// Its height.
    pub height: f64,
}

/// Puts panels down in `columns` of `width` each, row by row, the first at the margin moved by `indent`.
pub fn place(figure: &mut Figure, panels: Vec<DrawnPanel>, columns: usize, (indent, width): (f64, f64)) {
    let mut panels = panels.into_iter().peekable();
    while panels.peek().is_some() {
        let row: Vec<DrawnPanel> = panels.by_ref().take(columns.max(1)).collect();
        let height = row.iter().map(|panel| panel.height).fold(0.0, f64::max);
        for (k, panel) in row.into_iter().enumerate() {
            let x = figure.margin + indent + (width + GUTTER) * k as f64;
            figure.sheet.place(panel.marks, (x, figure.y));
        }
        figure.y += height + BELOW;
    }
    figure.y -= BELOW;
}
