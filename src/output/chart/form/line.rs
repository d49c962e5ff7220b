//! What lines have in common, whatever they run along.

use crate::output::chart::hues::Hue;

/// A line.
#[derive(Clone, Debug)]
pub struct Line {
    /// What it is called.
    pub name: String,
    /// Its colour.
    pub hue: Hue,
    /// Where it goes: places that rise, and values. Along days it is broken where a day is missing.
    pub points: Vec<(f64, f64)>,
    /// The 95 % intervals at some of these places.
    pub band: Vec<(f64, (f64, f64))>,
    /// Dots alone, with whiskers in place of the band.
    pub dots: bool,
}
