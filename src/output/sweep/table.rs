//! The table `sweep`: the varied keys as columns, then those of `exposure`.

use std::path::Path;
use std::sync::Arc;

use super::parts::Numbers;
use crate::exposure::{ExposureRow, FigureValue, Spread};
use crate::output::tables::{ColumnData, TableError, TableFile, columns};

/// A column of a varied key: its name, and its value at each point.
#[derive(Clone, Debug)]
pub enum SweepColumns {
    /// Numbers.
    Numbers(String, Vec<f64>),
    /// Ids of policies.
    Names(String, Vec<Arc<str>>),
}

/// Writes the table, a point after the other.
pub struct SweepTable {
    file: TableFile,
    /// What rows of each point are about.
    rows: Vec<ExposureRow>,
    keys: Vec<SweepColumns>,
    replicates: u32,
    /// Name of the scenario, and of the run.
    run: [Arc<str>; 2],
    /// Rows written.
    pub written: u64,
}

impl SweepTable {
    /// A table at `stem`.parquet and `stem`.csv. `rows` are those of a point, whatever their figures.
    pub fn new(
        stem: &Path,
        about: &[(&'static str, String)],
        (rows, replicates): (Vec<ExposureRow>, u32),
        keys: Vec<SweepColumns>,
        run: [Arc<str>; 2],
    ) -> Self {
        SweepTable { file: TableFile::new(stem, true, about), rows, keys, replicates, run, written: 0 }
    }

    /// Appends a point. `at` says which value each key has.
    ///
    /// # Errors
    /// If a file can't be written.
    pub fn write(&mut self, point: usize, at: &[usize], numbers: &Numbers) -> Result<(), TableError> {
        let of_policy = self.keys.iter().zip(at).find_map(|(column, &i)| match column {
            SweepColumns::Names(_, ids) => Some(ids[i].clone()),
            SweepColumns::Numbers(..) => None,
        });
        let rows: Vec<ExposureRow> = self
            .rows
            .iter()
            .zip(numbers)
            .filter(|(row, _)| of_policy.as_ref().is_none_or(|id| *id == row.policy))
            .map(|(row, numbers)| figures(row, *numbers, self.replicates))
            .collect();
        let with_keys = |text: bool| {
            let n = rows.len();
            let mut all: Vec<(String, ColumnData)> = vec![("point".into(), ColumnData::U64(vec![point as u64; n]))];
            for (column, &i) in self.keys.iter().zip(at) {
                match column {
                    SweepColumns::Numbers(name, values) => {
                        all.push((name.clone(), ColumnData::F64(vec![values[i]; n])))
                    }
                    // The column `policy` of the rows says it.
                    SweepColumns::Names(..) => {}
                }
            }
            all.extend(columns(&rows, text).into_iter().map(|(name, data)| (name.to_owned(), data)));
            for (name, of) in ["scenario", "run"].into_iter().zip(&self.run) {
                all.push((name.to_owned(), ColumnData::Str(vec![of.clone(); n])));
            }
            all
        };
        self.written += rows.len() as u64;
        self.file.write(with_keys(false), Some(with_keys(true)))
    }

    /// Ends the files.
    ///
    /// # Errors
    /// If the end can't be written.
    pub fn finish(self) -> Result<u64, TableError> {
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
