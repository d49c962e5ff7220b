//! The forms that figures take: bars, lines, fields. A figure says what it shows; a form puts it down so that it fits, whatever the size.
//!
//! ```text
//! rows of tables ─► figure: panels, values, words ─► form: where each stands at this width ─► canvas ─► SVG, PNG
//! ```

pub mod bars;
mod line;
pub mod lines;
mod names;
mod panel_grid;
mod x_axis;

pub use bars::{Bar, BarPanel, BarStyle, Bars};
pub use line::Line;
pub use lines::{LinePanel, Lines, Zone};
pub use x_axis::XAxis;

use super::row_index::Interval;
use crate::output::lang::Lang;
use crate::output::number::{MISSING, count, count_range, percent, share_range, three_digits, tick};

/// What figures are counted in, and so how they are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A number of something.
    Count,
    /// A share, from 0 to 1.
    Share,
    /// A change in percent of a baseline, with its sign.
    Change,
    /// A difference of two shares, in percentage points.
    Points,
    /// A mean or a rate.
    Number,
}

impl Unit {
    /// A value as a reader sees it.
    pub fn written(self, x: f64, lang: Lang) -> String {
        lang.number(match self {
            Unit::Count => count(x),
            Unit::Share => percent(x),
            Unit::Change => signed(x),
            Unit::Points => format!("{}{:.1}", if x <= -5e-4 { "−" } else { "" }, (x * 100.0).abs()),
            Unit::Number => three_digits(x),
        })
    }

    /// A value at an axis, as short as it can be.
    pub fn tick(self, x: f64, lang: Lang) -> String {
        let short = |x: f64| {
            let text = format!("{x:.6}");
            text.trim_end_matches('0').trim_end_matches('.').replace('-', "−")
        };
        lang.number(match self {
            Unit::Count => tick(x),
            Unit::Share => short(x * 100.0) + "%",
            Unit::Change => short(x) + "%",
            Unit::Points => short(x * 100.0),
            Unit::Number => short(x),
        })
    }

    /// A value with its interval, where the two differ as they are written.
    pub fn within(self, x: f64, interval: Interval, lang: Lang) -> String {
        let range = match self {
            Unit::Count => count_range(interval),
            Unit::Share => share_range(interval),
            _ => interval.and_then(|(lo, hi)| {
                let [lo, hi] = [lo, hi].map(|end| self.written(end, Lang::En));
                (lo != hi).then(|| format!("{lo} to {hi}"))
            }),
        };
        let value = self.written(x, lang);
        range.map_or_else(|| value.clone(), |range| format!("{value} ({})", lang.number(range)))
    }
}

/// A change as a reader expects it: "+3.2%", "−41%"; from nothing there is none.
fn signed(percent: f64) -> String {
    if !percent.is_finite() {
        return MISSING.to_owned();
    }
    let digits = if percent.abs() < 9.95 { 1 } else { 0 };
    let text = format!("{:.digits$}", percent.abs());
    if text.trim_matches(['0', '.']).is_empty() {
        return if percent == 0.0 { "0%".into() } else { "<0.1%".into() };
    }
    format!("{}{text}%", if percent < 0.0 { '−' } else { '+' })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_by_their_unit() {
        let write = |unit: Unit, x| unit.written(x, Lang::En);
        assert_eq!(write(Unit::Change, -76.4), "−76%");
        assert_eq!(write(Unit::Change, 3.21), "+3.2%");
        assert_eq!([0.0, 0.01, f64::NAN].map(|x| write(Unit::Change, x)), ["0%", "<0.1%", MISSING]);
        assert_eq!(write(Unit::Points, -0.0123), "−1.2");
        assert_eq!(Unit::Share.within(0.84, Some((0.83, 0.85)), Lang::Fr), "84\u{202f}% (83 à 85\u{202f}%)");
        assert_eq!(Unit::Share.tick(0.25, Lang::En), "25%");
        assert_eq!(Unit::Change.tick(-50.0, Lang::Fr), "−50\u{202f}%");
    }
}
