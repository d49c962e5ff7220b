//! Names at the right of a panel, where its lines end.

use super::canvas::{Canvas, Face};
use super::layout::{Wish, spread, wrap};
use super::theme::{self, AXIS, BODY};

/// Height of a line of a name.
const LEADING: f64 = 16.5;
/// From the right edge of the panel to a name.
const GAP: f64 = 17.0;

/// A line's name.
pub struct EndName {
    /// The height at which the line ends.
    pub y: f64,
    /// What it is called.
    pub text: String,
    /// Index of its colour.
    pub colour: usize,
}

/// Writes names into the `room` at the right of a panel from `top` to `bottom`, whose right edge is `right`; those of lines that end at one place stand below each other.
pub fn end_names(sheet: &mut Canvas, mut names: Vec<EndName>, room: f64, right: f64, (top, bottom): (f64, f64)) {
    names.sort_by(|a, b| a.y.total_cmp(&b.y));
    let texts: Vec<Vec<String>> = names.iter().map(|name| wrap(&name.text, room - 24.0, BODY, true, 2)).collect();
    let wish = |(name, text): (&EndName, &Vec<String>)| Wish {
        at: name.y + LEADING * (text.len() as f64 - 1.0) / 2.0,
        height: text.len() as f64 * LEADING + 3.0,
    };
    let wishes: Vec<Wish> = names.iter().zip(&texts).map(wish).collect();
    for ((name, text), centre) in names.iter().zip(&texts).zip(spread(&wishes, top - 4.0, bottom + 14.0)) {
        let first = centre - LEADING * (text.len() as f64 - 1.0) / 2.0;
        sheet.line(&[(right + 3.0, name.y), (right + 13.0, first)], 0.8, AXIS);
        let face = Face::new(BODY, theme::policy_ink(name.colour)).bold();
        sheet.lines(right + GAP, first + BODY * 0.36, text, LEADING, face);
    }
}
