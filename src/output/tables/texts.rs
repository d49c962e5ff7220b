//! Tables that somebody else may have written, Parquet or CSV: what stands in their columns as text, whatever the type there.

use std::collections::HashMap;
use std::fs::File;
use std::hash::Hash;
use std::path::Path;

use chrono::DateTime;
use polars_core::prelude::*;
use polars_io::csv::read::CsvReadOptions;
use polars_io::prelude::{ParquetReader, SerReader};

/// A column as text: numbers and yes or no as one writes them, points in time as RFC 3339 in UTC. Equal values are kept once, since of millions of rows most say the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts {
    places: Vec<u32>,
    distinct: Vec<Option<String>>,
}

impl Texts {
    /// What stands in a row; `None` if nothing does.
    pub fn get(&self, row: usize) -> Option<&str> {
        self.distinct[self.place(row)].as_deref()
    }

    /// Which of [`Texts::distinct`] stands in a row.
    pub fn place(&self, row: usize) -> usize {
        self.places[row] as usize
    }

    /// Every value once, in the order in which they come.
    pub fn distinct(&self) -> &[Option<String>] {
        &self.distinct
    }

    /// Of values, and how each is written.
    fn of<K: Copy + Eq + Hash>(values: impl Iterator<Item = Option<K>>, written: impl Fn(K) -> Option<String>) -> Self {
        let mut known: HashMap<Option<K>, u32> = HashMap::new();
        let mut texts = Texts::default();
        for value in values {
            let place = *known.entry(value).or_insert_with(|| {
                texts.distinct.push(value.and_then(&written));
                texts.distinct.len() as u32 - 1
            });
            texts.places.push(place);
        }
        texts
    }
}

/// Columns as text.
#[derive(Clone, Debug, Default)]
pub struct TextTable {
    rows: usize,
    names: Vec<String>,
    columns: HashMap<String, Texts>,
}

impl TextTable {
    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Names of all columns that the file has.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// A column, of those that were asked for; `None` if the file has none of this name.
    pub fn column(&self, name: &str) -> Option<&Texts> {
        self.columns.get(name)
    }
}

/// Reads the wanted columns of a file, as far as it has them: CSV if its name ends so, otherwise Parquet.
///
/// # Errors
/// What is wrong with the file: it can't be read, is of another format, or a column is of a type that is no value.
pub fn read_texts(path: &Path, wanted: &[&str]) -> Result<TextTable, String> {
    let frame = if path.extension().is_some_and(|end| end.eq_ignore_ascii_case("csv")) {
        // No types: a row that has no number where one belongs is to be named as it is.
        let options = CsvReadOptions::default().with_infer_schema_length(Some(0)).with_n_threads(Some(1));
        options.try_into_reader_with_file_path(Some(path.into())).and_then(SerReader::finish)
    } else {
        let file = File::open(path).map_err(|e| e.to_string())?;
        ParquetReader::new(file).finish()
    };
    let frame = frame.map_err(|e| e.to_string())?;
    let names: Vec<String> = frame.get_column_names().iter().map(|name| name.to_string()).collect();
    let mut columns = HashMap::new();
    for &name in wanted.iter().filter(|name| names.iter().any(|n| n == *name)) {
        let column = frame.column(name).map_err(|e| e.to_string())?;
        let texts = texts(column).map_err(|why| format!("column `{name}`: {why}"))?;
        columns.insert(name.to_owned(), texts);
    }
    Ok(TextTable { rows: frame.height(), names, columns })
}

fn texts(column: &Column) -> Result<Texts, String> {
    let told = |e: PolarsError| e.to_string();
    let whole = |column: &Column| column.cast(&DataType::Int64).map_err(told);
    let at = |ms: i64| DateTime::from_timestamp_millis(ms).map(|t| t.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string());
    Ok(match column.dtype() {
        DataType::String => Texts::of(column.str().map_err(told)?.iter(), |text| Some(text.to_owned())),
        DataType::Boolean => Texts::of(column.bool().map_err(told)?.iter(), |yes| Some(yes.to_string())),
        DataType::UInt64 => Texts::of(column.u64().map_err(told)?.iter(), |n| Some(n.to_string())),
        DataType::Datetime(unit, _) => {
            let per_ms = match unit {
                TimeUnit::Milliseconds => 1,
                TimeUnit::Microseconds => 1_000,
                TimeUnit::Nanoseconds => 1_000_000,
            };
            Texts::of(whole(column)?.i64().map_err(told)?.iter(), |time| at(time.div_euclid(per_ms)))
        }
        DataType::Date => Texts::of(whole(column)?.i64().map_err(told)?.iter(), |day| at(day.checked_mul(86_400_000)?)),
        kind if kind.is_integer() => Texts::of(whole(column)?.i64().map_err(told)?.iter(), |n| Some(n.to_string())),
        kind if kind.is_float() => {
            let numbers = column.cast(&DataType::Float64).map_err(told)?;
            let bits = numbers.f64().map_err(told)?.iter().map(|x| x.map(f64::to_bits));
            Texts::of(bits, |bits| Some(f64::from_bits(bits).to_string()))
        }
        DataType::Null => Texts::of((0..column.len()).map(|_| None::<u8>), |_| None),
        other => return Err(format!("values of type {other} are no text, number, time, or yes or no")),
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::output::tables::{ColumnData, TableFile};

    /// What is written as Parquet and as CSV is read as the same text.
    #[test]
    fn both_formats_read_alike() {
        let folder = tempfile::tempdir().expect("a folder");
        let columns = vec![
            ("id", ColumnData::U64(vec![7, u64::MAX])),
            ("word", ColumnData::Str(vec![Arc::from("a"), Arc::from("b, \"c\"")])),
            ("yes", ColumnData::Bool(vec![true, false])),
            ("maybe", ColumnData::OptU64(vec![None, Some(3)])),
        ];
        let mut table = TableFile::new(&folder.path().join("t"), true, &[]);
        table.write(columns, None).expect("writes");
        table.finish().expect("ends");
        let wanted = ["id", "word", "yes", "maybe", "not there"];
        let [parquet, csv] =
            ["parquet", "csv"].map(|end| read_texts(&folder.path().join(format!("t.{end}")), &wanted).expect("reads"));
        for name in &wanted[..4] {
            assert_eq!(parquet.column(name), csv.column(name), "{name}");
        }
        let cell = |column: &str, row| csv.column(column).expect("it is there").get(row);
        assert_eq!((cell("id", 0), cell("id", 1)), (Some("7"), Some(&*u64::MAX.to_string())));
        assert_eq!((cell("maybe", 0), cell("maybe", 1)), (None, Some("3")));
        assert!(csv.column("not there").is_none() && csv.names() == ["id", "word", "yes", "maybe"] && csv.rows() == 2);
        assert!(read_texts(&folder.path().join("none.parquet"), &wanted).is_err());
        std::fs::write(folder.path().join("bad.parquet"), "no").expect("writes");
        assert!(read_texts(&folder.path().join("bad.parquet"), &wanted).is_err());
    }

    #[test]
    fn times_are_utc() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut table = TableFile::new(&folder.path().join("t"), false, &[]);
        table.write(vec![("time", ColumnData::Time(vec![1_516_233_600_007]))], None).expect("writes");
        table.finish().expect("ends");
        let read = read_texts(&folder.path().join("t.parquet"), &["time"]).expect("reads");
        assert_eq!(read.column("time").and_then(|times| times.get(0)), Some("2018-01-18T00:00:00.007Z"));
    }
}
