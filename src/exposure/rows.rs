//! The figures of a run as tidy rows: one value a row, every column named (FORMAT.md lists the splits).

use std::sync::Arc;

use chrono::NaiveDate;

/// Stands in a column that a row is not split by.
pub const ALL: &str = "all";

/// A figure: a count, exact; or a ratio of counts, made once, at the end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum FigureValue {
    /// An exact integer.
    Count(u64),
    /// A ratio or a mean of exact integers.
    Ratio(f64),
}

impl FigureValue {
    /// The figure as a float, for charts and the `value` column. Counts are exact below 2^53.
    pub fn as_f64(self) -> f64 {
        match self {
            FigureValue::Count(n) => n as f64,
            FigureValue::Ratio(x) => x,
        }
    }
}

impl std::fmt::Display for FigureValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            FigureValue::Count(n) => write!(f, "{n}"),
            FigureValue::Ratio(x) => write!(f, "{x}"),
        }
    }
}

/// One figure of the whole run: a row of `tables/exposure`.
#[derive(Clone, Debug, PartialEq)]
pub struct ExposureRow {
    /// Number of the replicate, from 0.
    pub replicate: u32,
    /// Policy id.
    pub policy: Arc<str>,
    /// Purpose id or `all`.
    pub purpose: Arc<str>,
    /// Jurisdiction code of the subject, or `all`.
    pub jurisdiction: Arc<str>,
    /// `agreed`, `opted_out`, `non_user`, or `all`.
    pub population: Arc<str>,
    /// Category id or `all`.
    pub category: Arc<str>,
    /// Name of the metric (FORMAT.md).
    pub metric: Arc<str>,
    /// The figure.
    pub value: FigureValue,
    /// `flows`, `events`, `bytes`, `people`, `share`, `categories`.
    pub unit: &'static str,
}

/// One figure of one UTC day: a row of `tables/daily`.
#[derive(Clone, Debug, PartialEq)]
pub struct DailyRow {
    /// UTC date of the events.
    pub day: NaiveDate,
    /// Policy id.
    pub policy: Arc<str>,
    /// Purpose id or `all`.
    pub purpose: Arc<str>,
    /// Jurisdiction code of the subject, or `all`.
    pub jurisdiction: Arc<str>,
    /// `agreed`, `opted_out`, `non_user`, or `all`.
    pub population: Arc<str>,
    /// Name of the metric.
    pub metric: Arc<str>,
    /// The exact count.
    pub value: u64,
}

/// One figure of a policy against an order: a row of `tables/exceedance`.
#[derive(Clone, Debug, PartialEq)]
pub struct ExceedanceRow {
    /// Number of the replicate, from 0.
    pub replicate: u32,
    /// Order id.
    pub order: Arc<str>,
    /// Policy id.
    pub policy: Arc<str>,
    /// Purpose id of those that the order prohibits, or `all` of them.
    pub purpose: Arc<str>,
    /// `agreed`, `opted_out`, `non_user`, or `all`.
    pub population: Arc<str>,
    /// `before_notice`, `grace`, `after_deadline`, or `all`.
    pub phase: Arc<str>,
    /// Name of the metric (FORMAT.md).
    pub metric: Arc<str>,
    /// The figure.
    pub value: FigureValue,
    /// `flows`, `bytes`, `people`, `person-days`, `days`, `share`.
    pub unit: &'static str,
}

/// One figure of one UTC day against an order: a row of `tables/exceedance_daily`.
#[derive(Clone, Debug, PartialEq)]
pub struct ExceedanceDay {
    /// UTC date of the events.
    pub day: NaiveDate,
    /// Order id.
    pub order: Arc<str>,
    /// Policy id.
    pub policy: Arc<str>,
    /// Purpose id of those that the order prohibits, or `all` of them.
    pub purpose: Arc<str>,
    /// `agreed`, `opted_out`, `non_user`, or `all`.
    pub population: Arc<str>,
    /// The phase that the day lies in.
    pub phase: Arc<str>,
    /// `disclosed_values`, `disclosed_bytes`, `people_exposed`.
    pub metric: Arc<str>,
    /// The exact count.
    pub value: u64,
}
