//! Figures of what purposes achieve by models: rows of `tables/utility`.

pub mod business_intelligence;
pub mod detection;
pub mod necessity;
pub mod recall;

use crate::output::chart::row_index::Interval;
use crate::utility::UtilityRow;

/// Rows of a model and metric.
pub fn of<'a>(rows: &'a [UtilityRow], model: &'a str, metric: &'a str) -> impl Iterator<Item = &'a UtilityRow> + 'a {
    rows.iter().filter(move |row| row.model == model && row.metric == metric)
}

/// A row's value and interval.
pub fn figure_of(row: &UtilityRow) -> (f64, Interval) {
    (row.value.as_f64(), row.spread.interval)
}

/// An id as words.
pub fn words(id: &str) -> String {
    id.replace('_', " ")
}
