//! Round numbers and dates for axes.
//!
//! The key points of plotters' ranges are as even, but know neither how wide a label is, nor that the last tick is to lie at or above the data (the
//! grid ends where the axis does), nor months and years.

use chrono::{Datelike, Days, Months, NaiveDate};

/// Round steps from 0 up to the first that is not below `max`: about `about` of them, at least one.
pub fn nice(max: f64, about: usize) -> Vec<f64> {
    if !(max.is_finite() && max > 0.0) {
        return vec![0.0, 1.0];
    }
    let raw = max / about.max(1) as f64;
    let power = 10f64.powf(raw.log10().floor());
    let step = [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().map(|m| m * power).find(|s| *s >= raw * 0.999).unwrap_or(raw);
    let steps = (max / step * 0.999_999).ceil().max(1.0) as usize;
    (0..=steps).map(|i| i as f64 * step).collect()
}

/// As `nice`, for counts: no fractions.
pub fn nice_count(max: f64, about: usize) -> Vec<f64> {
    let ticks = nice(max, about);
    // Here `max` is so small that a list of all integers is short.
    if ticks.len() > 1 && ticks[1] < 1.0 { (0..=max.ceil().max(1.0) as u32).map(f64::from).collect() } else { ticks }
}

/// Dates to label between `first` and `last`, at most `most` of them, with their labels.
///
/// The year stands on the first label and wherever it changes.
pub fn dates(first: NaiveDate, last: NaiveDate, most: usize) -> Vec<(NaiveDate, String)> {
    let span = (last - first).num_days().max(0) as usize;
    let most = most.max(1);
    let days = [1usize, 2, 7, 14].into_iter().find(|step| span / step < most);
    let picked: Vec<NaiveDate> = match days {
        Some(step) => (0..=span / step).filter_map(|i| first.checked_add_days(Days::new((i * step) as u64))).collect(),
        None => {
            let months =
                [1u32, 2, 3, 6, 12, 24, 60].into_iter().find(|m| span / (30 * *m as usize) < most).unwrap_or(120);
            let from = first.with_day(1).unwrap_or(first);
            let from = if from < first { from.checked_add_months(Months::new(1)).unwrap_or(first) } else { from };
            std::iter::successors(Some(from), |d| d.checked_add_months(Months::new(months)))
                .take_while(|d| *d <= last)
                .collect()
        }
    };
    let monthly = days.is_none();
    let mut year = None;
    picked
        .into_iter()
        .map(|d| {
            let format = match (monthly, year == Some(d.year())) {
                (false, true) => "%-d %b",
                (false, false) => "%-d %b %Y",
                (true, true) => "%b",
                (true, false) => "%b %Y",
            };
            year = Some(d.year());
            (d, d.format(format).to_string())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn steps_are_even_and_reach_the_top(max in 1e-6..1e15f64, about in 1usize..8) {
            let t = nice(max, about);
            prop_assert!(t.len() >= 2 && t.len() <= 2 * about + 2, "{t:?}");
            prop_assert!(t[t.len() - 1] >= max * 0.99999 && t[t.len() - 2] < max);
        }

        #[test]
        fn dates_are_inside_and_few(span in 0u64..2000, most in 1usize..12) {
            let first = NaiveDate::from_ymd_opt(2017, 11, 27).unwrap();
            let last = first + Days::new(span);
            let t = dates(first, last, most);
            prop_assert!(t.len() <= most + 1, "{} labels, {} allowed", t.len(), most);
            prop_assert!(t.iter().all(|(d, _)| *d >= first && *d <= last));
        }
    }

    #[test]
    fn nothing_to_show_still_has_an_axis() {
        assert_eq!(nice(0.0, 4), vec![0.0, 1.0]);
        assert_eq!(nice(f64::NAN, 4), vec![0.0, 1.0]);
        assert_eq!(nice_count(2.0, 4), vec![0.0, 1.0, 2.0]);
        assert_eq!(nice_count(f64::NAN, 4), vec![0.0, 1.0]);
    }
}
