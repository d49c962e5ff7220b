//! What a table is made of: rows with one value each, tidy, and the columns that they are written in.
//!
//! A column names its value by a function, so that order, name, type and part in the digest of the results stand once, beside the row. Derived
//! serializers would take names and order from the struct, where a harmless edit then changes a digest.

use std::fmt::{self, Write};
use std::sync::Arc;

use chrono::NaiveDate;

use crate::statistics::Scale;

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

impl fmt::Display for FigureValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FigureValue::Count(n) => write!(f, "{n}"),
            FigureValue::Ratio(x) => write!(f, "{x}"),
        }
    }
}

/// How far a figure varies over replicates: what its row says beside the mean.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// Ends of the 95 % interval of the mean over all worlds; none of a single replicate.
    pub interval: Option<(f64, f64)>,
    /// Replicates that the row is the mean of.
    pub replicates: u32,
}

impl Default for Spread {
    /// Of one world.
    fn default() -> Self {
        Spread { interval: None, replicates: 1 }
    }
}

impl Spread {
    /// Lower end of the interval.
    pub fn lo(&self) -> Option<f64> {
        self.interval.map(|(lo, _)| lo)
    }

    /// Upper end of the interval.
    pub fn hi(&self) -> Option<f64> {
        self.interval.map(|(_, hi)| hi)
    }
}

/// A row with a figure that differs between replicates.
pub trait FigureRow: TableRow + Clone {
    /// The figure.
    fn figure(&self) -> FigureValue;
    /// On what scale its interval is.
    fn scale(&self) -> Scale;
    /// The same row of several replicates.
    fn over(self, value: FigureValue, spread: Spread) -> Self;
}

/// A row of a table. Its file says all about the table: what a row holds, the columns, their order, and which of them
/// `results_digest` covers.
pub trait TableRow: Sized + 'static {
    /// Name of the table.
    const TABLE: &'static str;
    /// Whether `results_digest` covers the table: not if it follows from others.
    const IN_DIGEST: bool = true;
    /// Its columns, from left to right.
    const COLUMNS: &'static [TableColumn<Self>];
}

/// A column of a table.
pub struct TableColumn<R: 'static> {
    /// Header.
    pub name: &'static str,
    /// Its values.
    pub values: Values<R>,
    /// Whether `results_digest` covers it.
    pub digested: bool,
}

/// The values of a column, from the rows.
pub enum Values<R: 'static> {
    /// Names, shared by many rows.
    Name(fn(&R) -> &Arc<str>),
    /// Words, the same in every run.
    Word(fn(&R) -> &'static str),
    /// Whole numbers of 32 bits.
    Number(fn(&R) -> u32),
    /// Exact counts.
    Count(fn(&R) -> u64),
    /// Counts or ratios.
    Figure(fn(&R) -> FigureValue),
    /// Calendar days.
    Day(fn(&R) -> NaiveDate),
    /// Floats, some missing.
    Maybe(fn(&R) -> Option<f64>),
    /// Names of the columns, of all names in the row, that it is split by.
    Split,
}

impl<R> TableColumn<R> {
    /// A column that `results_digest` covers.
    pub const fn digested(name: &'static str, values: Values<R>) -> Self {
        TableColumn { name, values, digested: true }
    }

    /// A column that `results_digest` leaves out.
    pub const fn plain(name: &'static str, values: Values<R>) -> Self {
        TableColumn { name, values, digested: false }
    }
}

/// The digested columns of a row as a line of text: values with bars in between.
pub fn digest_line<R: TableRow>(row: &R, line: &mut String) {
    line.clear();
    for column in R::COLUMNS.iter().filter(|c| c.digested) {
        if !line.is_empty() {
            line.push('|');
        }
        // Writing to a string does not fail.
        let _ = match column.values {
            Values::Name(of) => line.write_str(of(row)),
            Values::Word(of) => line.write_str(of(row)),
            Values::Number(of) => write!(line, "{}", of(row)),
            Values::Count(of) => write!(line, "{}", of(row)),
            Values::Figure(of) => write!(line, "{}", of(row)),
            Values::Day(of) => write!(line, "{}", of(row)),
            Values::Maybe(of) => of(row).map_or(Ok(()), |x| write!(line, "{x}")),
            // It follows from the other columns.
            Values::Split => Ok(()),
        };
    }
    line.push('\n');
}
