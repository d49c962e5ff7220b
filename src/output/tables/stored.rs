//! Rows of a run's table read back from its Parquet file, a part at a time: a table may be larger than memory.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::NaiveDate;
use polars_core::prelude::*;
use polars_io::prelude::{ParquetReader, SerReader};

use crate::exposure::{TableRow, Values};

/// Rows that are read at once: as many as a row group has that a run writes.
const AT_ONCE: usize = 100_000;

/// Most words that tables may hold: those of all runs together are some hundred. A file that has more is not one that a run wrote.
const MOST_WORDS: usize = 10_000;

/// A column as it was read.
enum StoredColumn {
    Names(Vec<Arc<str>>),
    Words(Vec<&'static str>),
    Whole(Vec<u32>),
    Figures(Vec<Option<f64>>),
    Days(Vec<NaiveDate>),
}

/// What stands in a row.
pub struct StoredRow<'a> {
    columns: &'a [(&'a str, StoredColumn)],
    row: usize,
}

impl StoredRow<'_> {
    fn column(&self, name: &str) -> Option<&StoredColumn> {
        self.columns.iter().find(|(known, _)| *known == name).map(|(_, column)| column)
    }

    /// A name.
    ///
    /// # Errors
    /// If the table has no such column of names; likewise for the other kinds.
    pub fn name(&self, column: &str) -> Result<Arc<str>, String> {
        match self.column(column) {
            Some(StoredColumn::Names(of)) => Ok(of[self.row].clone()),
            _ => Err(no_column(column, "names")),
        }
    }

    /// A word that is the same in every run.
    ///
    /// # Errors
    /// See [`StoredRow::name`].
    pub fn word(&self, column: &str) -> Result<&'static str, String> {
        match self.column(column) {
            Some(StoredColumn::Words(of)) => Ok(of[self.row]),
            _ => Err(no_column(column, "words")),
        }
    }

    /// A whole number of 32 bits.
    ///
    /// # Errors
    /// See [`StoredRow::name`].
    pub fn whole(&self, column: &str) -> Result<u32, String> {
        match self.column(column) {
            Some(StoredColumn::Whole(of)) => Ok(of[self.row]),
            _ => Err(no_column(column, "whole numbers")),
        }
    }

    /// A figure that may be missing.
    ///
    /// # Errors
    /// See [`StoredRow::name`].
    pub fn maybe(&self, column: &str) -> Result<Option<f64>, String> {
        match self.column(column) {
            Some(StoredColumn::Figures(of)) => Ok(of[self.row]),
            _ => Err(no_column(column, "figures")),
        }
    }

    /// A figure.
    ///
    /// # Errors
    /// See [`StoredRow::name`]; and if it is missing.
    pub fn figure(&self, column: &str) -> Result<f64, String> {
        self.maybe(column)?.ok_or_else(|| missing(column))
    }

    /// A calendar day.
    ///
    /// # Errors
    /// See [`StoredRow::name`].
    pub fn day(&self, column: &str) -> Result<NaiveDate, String> {
        match self.column(column) {
            Some(StoredColumn::Days(of)) => Ok(of[self.row]),
            _ => Err(no_column(column, "days")),
        }
    }
}

fn no_column(name: &str, what: &str) -> String {
    format!("it has no column `{name}` of {what}")
}

fn missing(name: &str) -> String {
    format!("`{name}` is missing in a row")
}

/// Reads a table of such rows, `restore` makes a row again of what stands there, and `take` takes them in their order.
///
/// # Errors
/// What is wrong with it: no such file or column, another type, a missing value.
pub fn read_rows<R: TableRow>(
    path: &Path,
    restore: impl Fn(&StoredRow) -> Result<R, String>,
    mut take: impl FnMut(R),
) -> Result<(), String> {
    read_rows_beside(path, &[], restore, |row, _| take(row))
}

/// The same of a table that has columns of figures beside those of its rows, some of which are wanted.
///
/// # Errors
/// See [`read_rows`].
pub fn read_rows_beside<R: TableRow>(
    path: &Path,
    beside: &[&str],
    restore: impl Fn(&StoredRow) -> Result<R, String>,
    mut take: impl FnMut(R, &[f64]),
) -> Result<(), String> {
    let rows = open(path)?.num_rows().map_err(|e| e.to_string())?;
    let own = R::COLUMNS.iter().filter(|column| !matches!(column.values, Values::Split));
    let wanted: Vec<(&str, Option<&Values<R>>)> =
        own.map(|column| (column.name, Some(&column.values))).chain(beside.iter().map(|name| (*name, None))).collect();
    let names: Vec<String> = wanted.iter().map(|(name, _)| (*name).to_owned()).collect();
    // Of millions of rows most say the same.
    let mut known: HashMap<String, Arc<str>> = HashMap::new();
    let mut numbers = Vec::new();
    for from in (0..rows).step_by(AT_ONCE) {
        let reader = open(path)?.with_slice(Some((from, AT_ONCE))).with_columns(Some(names.clone()));
        let frame = reader.finish().map_err(|e| e.to_string())?;
        if frame.height() == 0 {
            return Err("it has fewer rows than it says".to_owned());
        }
        let columns = wanted.iter().map(|(name, values)| Ok((*name, column(&frame, name, *values, &mut known)?)));
        let columns = columns.collect::<Result<Vec<_>, String>>()?;
        for row in 0..frame.height() {
            let stored = StoredRow { columns: &columns, row };
            numbers.clear();
            for name in beside {
                numbers.push(stored.figure(name)?);
            }
            take(restore(&stored)?, &numbers);
        }
    }
    Ok(())
}

/// Names of the columns of a table, from left to right.
///
/// # Errors
/// If it can't be read.
pub fn column_names(path: &Path) -> Result<Vec<String>, String> {
    let schema = open(path)?.schema().map_err(|e| e.to_string())?;
    Ok(schema.iter_names().map(|name| name.to_string()).collect())
}

fn open(path: &Path) -> Result<ParquetReader<File>, String> {
    File::open(path).map(ParquetReader::new).map_err(|e| e.to_string())
}

fn column<R>(
    frame: &DataFrame,
    name: &str,
    values: Option<&Values<R>>,
    known: &mut HashMap<String, Arc<str>>,
) -> Result<StoredColumn, String> {
    let told = |e: PolarsError| e.to_string();
    let column = frame.column(name).map_err(told)?;
    Ok(match values {
        Some(Values::Name(_) | Values::Split) => {
            let mut named = |text: &str| match known.get(text) {
                Some(name) => name.clone(),
                None => known.entry(text.to_owned()).or_insert_with(|| text.into()).clone(),
            };
            let names =
                column.str().map_err(told)?.iter().map(|text| text.map(&mut named).ok_or_else(|| missing(name)));
            StoredColumn::Names(names.collect::<Result<_, _>>()?)
        }
        Some(Values::Word(_)) => {
            let mut words: HashMap<&str, &'static str> = HashMap::new();
            let mut word = |text| match words.get(text) {
                Some(&word) => Ok(word),
                None => interned(text).inspect(|&word| {
                    words.insert(text, word);
                }),
            };
            let texts = column.str().map_err(told)?.iter();
            StoredColumn::Words(texts.map(|text| word(text.ok_or_else(|| missing(name))?)).collect::<Result<_, _>>()?)
        }
        Some(Values::Number(_)) => {
            let numbers = column.u32().map_err(told)?.iter().map(|n| n.ok_or_else(|| missing(name)));
            StoredColumn::Whole(numbers.collect::<Result<_, _>>()?)
        }
        Some(Values::Count(_)) => {
            StoredColumn::Figures(column.u64().map_err(told)?.iter().map(|n| n.map(|n| n as f64)).collect())
        }
        Some(Values::Figure(_) | Values::Maybe(_)) | None => {
            StoredColumn::Figures(column.f64().map_err(told)?.iter().collect())
        }
        Some(Values::Day(_)) => {
            if *column.dtype() != DataType::Date {
                return Err(no_column(name, "days"));
            }
            let days = column.cast(&DataType::Int32).map_err(told)?;
            let day = |days: Option<i32>| {
                let since = chrono::TimeDelta::days(days.ok_or_else(|| missing(name))?.into());
                NaiveDate::default().checked_add_signed(since).ok_or_else(|| format!("`{name}` is beyond all days"))
            };
            StoredColumn::Days(days.i32().map_err(told)?.iter().map(day).collect::<Result<_, _>>()?)
        }
    })
}

/// The same word for as long as the program runs, as rows have them: there are few.
fn interned(text: &str) -> Result<&'static str, String> {
    static WORDS: Mutex<Option<HashSet<&'static str>>> = Mutex::new(None);
    let mut words = WORDS.lock().unwrap_or_else(PoisonError::into_inner);
    let words = words.get_or_insert_default();
    if let Some(word) = words.get(text) {
        return Ok(word);
    }
    if words.len() >= MOST_WORDS {
        return Err(format!("more than {MOST_WORDS} different words stand where few do"));
    }
    let word: &'static str = Box::leak(text.into());
    words.insert(word);
    Ok(word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exposure::{DailyRow, FigureValue, Spread};
    use crate::output::tables::{TableFile, columns};

    fn restore(row: &StoredRow) -> Result<DailyRow, String> {
        Ok(DailyRow {
            day: row.day("day")?,
            policy: row.name("policy")?,
            purpose: row.name("purpose")?,
            jurisdiction: row.name("jurisdiction")?,
            population: row.name("population")?,
            metric: row.name("metric")?,
            value: FigureValue::Ratio(row.figure("value")?),
            spread: Spread { interval: row.maybe("lo")?.zip(row.maybe("hi")?), replicates: row.whole("replicates")? },
        })
    }

    #[test]
    fn rows_are_those_that_were_written() {
        let folder = tempfile::tempdir().expect("a folder");
        let row = |n: u32| DailyRow {
            day: NaiveDate::default() + chrono::Days::new(u64::from(n) % 20_000),
            policy: format!("p{}", n % 3).into(),
            purpose: "all".into(),
            jurisdiction: "FR".into(),
            population: "objecting".into(),
            metric: "disclosed_values".into(),
            value: FigureValue::Ratio(f64::from(n) / 3.0),
            spread: Spread { interval: n.is_multiple_of(2).then(|| (0.1, f64::from(n))), replicates: 5 },
        };
        // More than are read at once, in groups of another size.
        let rows: Vec<DailyRow> = (0..250_001).map(row).collect();
        let mut table = TableFile::new(&folder.path().join("daily"), false, &[]);
        for part in rows.chunks(70_000) {
            table.write(columns(part, false), None).expect("writes");
        }
        table.finish().expect("ends");
        let mut read = Vec::new();
        read_rows(&folder.path().join("daily.parquet"), restore, |row| read.push(row)).expect("reads");
        assert!(read == rows);
        let wrong = read_rows(&folder.path().join("daily.parquet"), |row| row.whole("value").map(|_| row_of()), drop);
        assert!(wrong.is_err_and(|why| why.contains("`value`")));
        assert!(read_rows(&folder.path().join("none.parquet"), restore, drop).is_err());
    }

    fn row_of() -> DailyRow {
        DailyRow {
            day: NaiveDate::default(),
            policy: "p".into(),
            purpose: "p".into(),
            jurisdiction: "j".into(),
            population: "p".into(),
            metric: "m".into(),
            value: FigureValue::Count(0),
            spread: Spread::default(),
        }
    }

    #[test]
    fn a_table_of_other_columns_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut table = TableFile::new(&folder.path().join("daily"), false, &[]);
        table.write(vec![("day", super::super::ColumnData::F64(vec![1.0]))], None).expect("writes");
        table.finish().expect("ends");
        let why = read_rows(&folder.path().join("daily.parquet"), restore, drop).expect_err("no such columns");
        assert!(!why.is_empty());
    }
}
