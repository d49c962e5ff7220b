//! Figures as cells: a number, and its interval where it has one.

use super::blocks::Cell;
use crate::output::lang::Lang;
use crate::output::number::{MISSING, count, count_range, percent, share_range};

/// A figure and its 95 % interval; none of a single world.
pub type Figure = (f64, Option<(f64, f64)>);

/// An amount.
pub fn amount(lang: Lang, of: Option<Figure>) -> Cell {
    of.map_or_else(missing, |(value, interval)| {
        Cell::figure(lang.number(count(value)), count_range(interval).map(|range| lang.number(range)))
    })
}

/// A share.
pub fn share(lang: Lang, of: Option<Figure>) -> Cell {
    of.map_or_else(missing, |(value, interval)| {
        Cell::figure(lang.number(percent(value)), share_range(interval).map(|range| lang.number(range)))
    })
}

/// A share that may be below nothing: what rounds to nothing has no sign.
pub fn signed_share(lang: Lang, of: Option<Figure>) -> Cell {
    let written = |share: f64| format!("{:.1}", (share * 1000.0).round() / 10.0 + 0.0).replace('-', "\u{2212}");
    of.filter(|(value, _)| value.is_finite()).map_or_else(missing, |(value, interval)| {
        let ends = interval.map(|(lo, hi)| (written(lo), written(hi))).filter(|(lo, hi)| lo != hi);
        let range = ends.map(|(lo, hi)| lang.number(format!("{lo} to {hi}%")));
        Cell::figure(lang.number(format!("{}%", written(value))), range)
    })
}

/// People, and which share of their population they are, with the interval of the share.
pub fn people_and_share(lang: Lang, people: f64, of: Option<Figure>) -> Cell {
    match of {
        Some((value, interval)) => Cell::figure(
            lang.number(format!("{} ({})", count(people), percent(value))),
            share_range(interval).map(|range| lang.number(range)),
        ),
        None if people == 0.0 => missing(),
        None => amount(lang, Some((people, None))),
    }
}

/// A cell without a figure.
pub fn missing() -> Cell {
    Cell::figure(MISSING.to_owned(), None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_their_intervals_in_the_language_of_the_page() {
        let cell = |of| signed_share(Lang::Fr, Some(of));
        let read = |cell: Cell| (cell.text.text, cell.range);
        assert_eq!(read(cell((-0.0004, None))), ("0,0\u{202f}%".into(), String::new()));
        assert_eq!(read(cell((0.441, Some((0.4, 0.47))))), ("44,1\u{202f}%".into(), "40,0 à 47,0\u{202f}%".into()));
        let people = people_and_share(Lang::En, 1234.0, Some((0.5, Some((0.4, 0.6)))));
        assert_eq!(read(people), ("1,234 (50%)".into(), "40 to 60%".into()));
        assert_eq!(people_and_share(Lang::En, 0.0, None), missing());
    }
}
