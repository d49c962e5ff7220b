//! The table `sweep`: the varied keys as columns, then those of `exposure`.

use std::path::Path;
use std::sync::Arc;

use super::parts::Numbers;
use crate::exposure::{ExposureRow, FigureValue, Spread};
use crate::output::tables::{ColumnData, TableError, TableFile, columns};

/// Rows that are made and written at once.
const AT_ONCE: usize = 20_000;
/// Least rows of a row group: of ten thousand points of five hundred rows there are some forty.
const ROW_GROUP: usize = 120_000;

/// Writes the table, a point after the other.
pub struct SweepTable {
    file: TableFile,
    /// What rows of each point are about.
    rows: Vec<ExposureRow>,
    /// Names of the columns of what varies.
    keys: Vec<String>,
    replicates: u32,
    /// Name of the scenario, and of the run.
    run: [Arc<str>; 2],
    /// Rows that are not written yet: of which point each is, with which values, and the row.
    waiting: Vec<(u64, Arc<[f64]>, ExposureRow)>,
    /// Rows written.
    written: u64,
}

impl SweepTable {
    /// A table at `stem`.parquet and `stem`.csv. `rows` are those of a point, whatever their figures.
    pub fn new(
        stem: &Path,
        about: &[(&'static str, String)],
        (rows, replicates): (Vec<ExposureRow>, u32),
        keys: Vec<String>,
        run: [Arc<str>; 2],
    ) -> Self {
        SweepTable {
            file: TableFile::new(stem, true, about).in_groups_of(ROW_GROUP),
            rows,
            keys,
            replicates,
            run,
            waiting: Vec::new(),
            written: 0,
        }
    }

    /// Appends a point: the values of what varies, and what it found; of one policy, if it is about one.
    ///
    /// # Errors
    /// If a file can't be written.
    pub fn write(
        &mut self,
        point: usize,
        (values, policy): (&[f64], Option<&str>),
        numbers: &Numbers,
    ) -> Result<(), TableError> {
        let values: Arc<[f64]> = values.into();
        let of_policy = |row: &ExposureRow| policy.is_none_or(|id| id == &*row.policy);
        for (row, numbers) in self.rows.iter().zip(numbers).filter(|(row, _)| of_policy(row)) {
            self.waiting.push((point as u64, values.clone(), figures(row, *numbers, self.replicates)));
        }
        if self.waiting.len() < AT_ONCE { Ok(()) } else { self.flush() }
    }

    fn flush(&mut self) -> Result<(), TableError> {
        let waiting = std::mem::take(&mut self.waiting);
        let n = waiting.len();
        let mut all: Vec<(String, ColumnData)> =
            vec![("point".into(), ColumnData::U64(waiting.iter().map(|(point, ..)| *point).collect()))];
        for (k, key) in self.keys.iter().enumerate() {
            all.push((key.clone(), ColumnData::F64(waiting.iter().map(|(_, values, _)| values[k]).collect())));
        }
        let rows: Vec<ExposureRow> = waiting.into_iter().map(|(.., row)| row).collect();
        let with_keys = |text: bool| {
            let mut all = all.clone();
            all.extend(columns(&rows, text).into_iter().map(|(name, data)| (name.to_owned(), data)));
            for (name, of) in ["scenario", "run"].into_iter().zip(&self.run) {
                all.push((name.to_owned(), ColumnData::Str(vec![of.clone(); n])));
            }
            all
        };
        self.written += n as u64;
        self.file.write(with_keys(false), Some(with_keys(true)))
    }

    /// Ends the files, and says how many rows they have.
    ///
    /// # Errors
    /// If the end can't be written.
    pub fn finish(mut self) -> Result<u64, TableError> {
        self.flush()?;
        self.file.finish()?;
        Ok(self.written)
    }
}

/// A row with these figures: means of counts that are whole are counts.
fn figures(row: &ExposureRow, [value, lo, hi]: [f64; 3], replicates: u32) -> ExposureRow {
    let counts = !matches!(row.unit, "share" | "categories");
    let whole = counts && value.fract() == 0.0 && (0.0..9e15).contains(&value);
    let value = if whole { FigureValue::Count(value as u64) } else { FigureValue::Ratio(value) };
    let interval = (!lo.is_nan() && !hi.is_nan()).then_some((lo, hi));
    ExposureRow { value, spread: Spread { interval, replicates }, ..row.clone() }
}
