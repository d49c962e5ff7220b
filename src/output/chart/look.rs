//! How charts are dressed: for which size, on which ground, in which language.

use std::str::FromStr;

use crate::output::lang::Lang;

/// Where a chart is to stand: how wide it is there, and how large its letters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Size {
    /// A column of a report: 85 mm.
    Column,
    /// The width of a page: 170 mm.
    #[default]
    Page,
    /// A slide, 16:9.
    Slide,
    /// The screen of a telephone: 360 CSS pixels.
    Phone,
}

impl Size {
    /// All of them.
    pub const ALL: [Size; 4] = [Size::Column, Size::Page, Size::Slide, Size::Phone];

    /// As `--size` names it.
    pub fn id(self) -> &'static str {
        match self {
            Size::Column => "column",
            Size::Page => "page",
            Size::Slide => "slide",
            Size::Phone => "phone",
        }
    }

    /// Widths in units that the chart may be drawn at, the preferred first. Letters have the same number of units in all of them: of more units they are smaller.
    pub fn widths(self) -> &'static [f64] {
        match self {
            Size::Column => &[450.0],
            Size::Page => &[900.0],
            // The first whose height fits.
            Size::Slide => &[700.0, 820.0, 960.0, 1120.0, 1280.0, 1440.0, 1600.0, 1780.0],
            Size::Phone => &[360.0],
        }
    }

    /// Width in millimetres.
    pub fn millimetres(self) -> f64 {
        match self {
            Size::Column => 85.0,
            Size::Page => 170.0,
            // 13 1/3 inches.
            Size::Slide => 338.667,
            // 360 CSS pixels.
            Size::Phone => 95.25,
        }
    }

    /// Pixels of its PNG across.
    pub fn pixels(self) -> f64 {
        match self {
            // 300 to the inch.
            Size::Column => 1004.0,
            Size::Page => 2008.0,
            Size::Slide => 1920.0,
            Size::Phone => 1080.0,
        }
    }

    /// Height over width, if it is fixed.
    pub fn aspect(self) -> Option<f64> {
        (self == Size::Slide).then_some(9.0 / 16.0)
    }

    /// Points that a letter of so many units is high, on a chart drawn `width` units wide.
    pub fn points(self, units: f64, width: f64) -> f64 {
        units * self.millimetres() / width / 25.4 * 72.0
    }
}

/// On which ground a chart stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Theme {
    /// White.
    #[default]
    Light,
    /// Nearly black.
    Dark,
    /// Paper that may be copied without colours: black text, stronger lines.
    Print,
}

impl Theme {
    /// All of them.
    pub const ALL: [Theme; 3] = [Theme::Light, Theme::Dark, Theme::Print];

    /// As `--theme` names it.
    pub fn id(self) -> &'static str {
        match self {
            Theme::Light => "light",
            Theme::Dark => "dark",
            Theme::Print => "print",
        }
    }
}

/// How a chart is dressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Look {
    /// For which size.
    pub size: Size,
    /// On which ground.
    pub theme: Theme,
    /// In which language.
    pub lang: Lang,
}

fn find<T: Copy>(all: &[T], id: impl Fn(T) -> &'static str, text: &str) -> Result<T, String> {
    let names: Vec<&str> = all.iter().map(|of| id(*of)).collect();
    all.iter().copied().find(|of| id(*of) == text).ok_or_else(|| format!("expected one of {}", names.join(", ")))
}

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        find(&Size::ALL, Size::id, text)
    }
}

impl FromStr for Theme {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        find(&Theme::ALL, Theme::id, text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::chart::theme::SMALL;

    #[test]
    fn no_letter_is_smaller_than_six_and_a_half_points() {
        for size in Size::ALL {
            for &width in size.widths() {
                let points = size.points(SMALL, width);
                assert!(points >= 6.5, "{size:?} at {width}: {points} pt");
            }
        }
    }
}
