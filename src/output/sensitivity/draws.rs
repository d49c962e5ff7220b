//! The table `draws`: every point of a study, with the values of its parameters and what it gave.

use std::path::Path;
use std::sync::Arc;

use crate::output::tables::{ColumnData, TableError, TableFile};

/// Points that are written at once.
const AT_ONCE: usize = 10_000;

/// Writes the table, a point after the other.
pub struct DrawsTable {
    file: TableFile,
    /// Names of the columns: parameters, then figures.
    names: Vec<String>,
    run: [Arc<str>; 2],
    /// Number of the first point that waits to be written, and values by column.
    first: u64,
    waiting: Vec<Vec<f64>>,
}

impl DrawsTable {
    /// A table at `stem`.parquet and `stem`.csv with columns of these names.
    pub fn new(stem: &Path, about: &[(&'static str, String)], names: Vec<String>, run: [Arc<str>; 2]) -> Self {
        let waiting = vec![Vec::new(); names.len()];
        DrawsTable { file: TableFile::new(stem, true, about), names, run, first: 0, waiting }
    }

    /// Appends the next point: a value for each column.
    ///
    /// # Errors
    /// If a file can't be written.
    pub fn write(&mut self, values: impl IntoIterator<Item = f64>) -> Result<(), TableError> {
        self.waiting.iter_mut().zip(values).for_each(|(column, value)| column.push(value));
        if self.rows() < AT_ONCE { Ok(()) } else { self.flush() }
    }

    fn rows(&self) -> usize {
        self.waiting.first().map_or(0, Vec::len)
    }

    fn flush(&mut self) -> Result<(), TableError> {
        let n = self.rows();
        let last = self.first + n as u64;
        let mut all: Vec<(String, ColumnData)> = vec![("point".into(), ColumnData::U64((self.first..last).collect()))];
        let columns = self.waiting.iter_mut().map(std::mem::take).map(ColumnData::F64);
        all.extend(self.names.iter().cloned().zip(columns));
        for (name, of) in ["scenario", "run"].into_iter().zip(&self.run) {
            all.push((name.into(), ColumnData::Str(vec![of.clone(); n])));
        }
        self.first = last;
        self.file.write(all, None)
    }

    /// Ends the files, and says how many rows they have.
    ///
    /// # Errors
    /// If the end can't be written.
    pub fn finish(mut self) -> Result<u64, TableError> {
        self.flush()?;
        self.file.finish()?;
        Ok(self.first)
    }
}
