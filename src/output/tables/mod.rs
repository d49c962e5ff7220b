//! Tables in memory, as Parquet and as CSV, whatever their columns. The only folder that names polars.

mod arrow;
mod frames;
mod read;
mod rows;
mod stored;
mod texts;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use polars_core::prelude::*;
use polars_io::csv::write::{BatchedWriter as CsvBatches, CsvWriter};
use polars_io::parquet::write::{BatchedWriter as ParquetBatches, KeyValueMetadata, ParquetWriter};
use polars_io::prelude::SerWriter;
use polars_parquet::write::schema_to_metadata_key;

pub use arrow::arrow_file;
pub use frames::{Tables, tables};
pub use read::read;
pub use rows::columns;
pub use stored::{StoredRow, column_names, read_rows, read_rows_beside};
pub use texts::{TextTable, Texts, read_texts};

/// Starts the threads that write tables: where there can be none, the library that does it panics, and that is better known before the work.
///
/// # Errors
/// What the system says.
pub fn start_threads() -> Result<(), String> {
    let hook = std::panic::take_hook();
    // The panic is told by the error.
    std::panic::set_hook(Box::new(|_| {}));
    let started = std::panic::catch_unwind(|| polars_core::runtime::RAYON.current_num_threads());
    std::panic::set_hook(hook);
    let why = |panic: Box<dyn std::any::Any + Send>| panic.downcast_ref::<String>().cloned().unwrap_or_default();
    started.map(drop).map_err(why)
}

/// A table could not be written.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {reason}")]
pub struct TableError {
    path: String,
    reason: String,
}

impl TableError {
    /// Of a table by its name.
    pub fn new(table: &str, reason: String) -> Self {
        TableError { path: table.to_owned(), reason }
    }
}

/// A column of a table in memory.
#[derive(Clone, Debug)]
pub enum ColumnData {
    /// Names, shared.
    Str(Vec<Arc<str>>),
    /// Whole numbers.
    U64(Vec<u64>),
    /// Whole numbers, some missing.
    OptU64(Vec<Option<u64>>),
    /// Whole numbers of 32 bits.
    U32(Vec<u32>),
    /// Floats.
    F64(Vec<f64>),
    /// Floats, some missing.
    OptF64(Vec<Option<f64>>),
    /// Yes or no.
    Bool(Vec<bool>),
    /// Calendar days.
    Date(Vec<NaiveDate>),
    /// Calendar days, some missing.
    OptDate(Vec<Option<NaiveDate>>),
    /// Milliseconds since 1970, UTC.
    Time(Vec<i64>),
    /// Lists of whole numbers: all values, and where each list ends.
    List(Vec<u64>, Vec<usize>),
}

impl ColumnData {
    fn column(self, name: &str) -> PolarsResult<Column> {
        let name: PlSmallStr = name.into();
        Ok(match self {
            ColumnData::Str(v) => StringChunked::from_iter_values(name, v.iter().map(|s| &**s)).into_column(),
            ColumnData::U64(v) => Column::new(name, v),
            ColumnData::OptU64(v) => Column::new(name, v),
            ColumnData::U32(v) => Column::new(name, v),
            ColumnData::F64(v) => Column::new(name, v),
            ColumnData::OptF64(v) => Column::new(name, v),
            ColumnData::Bool(v) => Column::new(name, v),
            ColumnData::Date(v) => {
                let days: Vec<i32> = v.into_iter().map(days_since_1970).collect();
                Column::new(name, days).cast(&DataType::Date)?
            }
            ColumnData::OptDate(v) => {
                let days: Vec<Option<i32>> = v.into_iter().map(|date| date.map(days_since_1970)).collect();
                Column::new(name, days).cast(&DataType::Date)?
            }
            ColumnData::Time(v) => {
                Column::new(name, v).cast(&DataType::Datetime(TimeUnit::Milliseconds, Some(TimeZone::UTC)))?
            }
            ColumnData::List(values, ends) => {
                let mut list =
                    ListPrimitiveChunkedBuilder::<UInt64Type>::new(name, ends.len(), values.len(), DataType::UInt64);
                let mut start = 0;
                for end in ends {
                    list.append_slice(&values[start..end]);
                    start = end;
                }
                list.finish().into_column()
            }
        })
    }
}

fn days_since_1970(date: NaiveDate) -> i32 {
    date.num_days_from_ce() - NaiveDate::default().num_days_from_ce()
}

/// Named columns of equal length.
pub type TableColumns = Vec<(&'static str, ColumnData)>;

/// A table on disk, written chunk by chunk, so that its size does not matter to memory.
pub struct TableFile {
    path: PathBuf,
    /// Key and value pairs for the Parquet file's metadata.
    about: Vec<(String, String)>,
    with_csv: bool,
    /// Rows that a row group of the Parquet file has at least, but for the last.
    row_group: usize,
    /// Rows that wait until there are so many.
    waiting: DataFrame,
    parquet: Option<ParquetBatches<File>>,
    csv: Option<CsvBatches<File>>,
}

impl TableFile {
    /// A table at `stem`.parquet and, if wanted, `stem`.csv. `about` lands in the Parquet metadata.
    pub fn new(stem: &Path, with_csv: bool, about: &[(&str, String)]) -> Self {
        let about = about.iter().map(|(k, v)| (format!("outflow.{k}"), v.clone())).collect();
        let (path, waiting) = (stem.to_path_buf(), DataFrame::empty());
        TableFile { path, about, with_csv, row_group: 1, waiting, parquet: None, csv: None }
    }

    /// The same with row groups of at least so many rows: for tables whose length has no bound. The writer keeps an account of each group until the end.
    pub fn in_groups_of(self, rows: usize) -> Self {
        TableFile { row_group: rows, ..self }
    }

    /// Appends rows. The first call decides the columns, so write an empty chunk if there may be no rows.
    ///
    /// # Errors
    /// If a file can't be created or written.
    pub fn write<N: AsRef<str>>(
        &mut self,
        parquet: Vec<(N, ColumnData)>,
        csv: Option<Vec<(N, ColumnData)>>,
    ) -> Result<(), TableError> {
        let name = self.name();
        self.try_write(parquet, csv).map_err(|e| TableError { path: name, reason: e.to_string() })
    }

    fn try_write<N: AsRef<str>>(
        &mut self,
        parquet: Vec<(N, ColumnData)>,
        csv: Option<Vec<(N, ColumnData)>>,
    ) -> PolarsResult<()> {
        let frame = frame(parquet)?;
        if self.parquet.is_none() {
            let file = File::create(self.path.with_extension("parquet"))?;
            let about = KeyValueMetadata::from_static([types(frame.schema()), self.about.clone()].concat());
            let writer = ParquetWriter::new(file).with_key_value_metadata(Some(about)).batched(frame.schema())?;
            self.parquet = Some(writer);
        }
        if self.with_csv {
            let frame = match csv {
                Some(columns) => &self::frame(columns)?,
                None => &frame,
            };
            if self.csv.is_none() {
                let file = File::create(self.path.with_extension("csv"))?;
                self.csv = Some(CsvWriter::new(file).n_threads(1).batched(frame.schema())?);
            }
            if let Some(writer) = &mut self.csv {
                writer.write_batch(frame)?;
            }
        }
        self.waiting.vstack_mut_owned(frame)?;
        if self.waiting.height() < self.row_group { Ok(()) } else { self.write_row_group() }
    }

    /// Writes the rows that wait as a row group of the Parquet file.
    fn write_row_group(&mut self) -> PolarsResult<()> {
        let mut frame = std::mem::take(&mut self.waiting);
        match &mut self.parquet {
            Some(writer) if frame.height() > 0 => writer.write_batch(frame.rechunk_mut()),
            _ => Ok(()),
        }
    }

    /// Ends the files.
    ///
    /// # Errors
    /// If the end can't be written.
    pub fn finish(mut self) -> Result<(), TableError> {
        let name = self.name();
        self.try_finish().map_err(|e| TableError { path: name, reason: e.to_string() })
    }

    fn try_finish(&mut self) -> PolarsResult<()> {
        self.write_row_group()?;
        if let Some(writer) = &self.parquet {
            writer.finish()?;
        }
        if let Some(writer) = &mut self.csv {
            writer.finish()?;
        }
        Ok(())
    }

    /// The table's name: the folder is a temporary one, whose name would tell nobody anything.
    fn name(&self) -> String {
        self.path.file_name().map_or_else(|| "table".into(), |n| n.to_string_lossy().into_owned())
    }
}

/// What readers that build on Arrow take the types from. The writer itself would name the newest ones: views of strings, at which
/// pyarrow before 16 gives up on the whole file, and which no pyarrow can filter or sort. Large strings are the same bytes on
/// disk, and every reader knows them.
fn types(schema: &Schema) -> Vec<(String, String)> {
    let key = schema_to_metadata_key(&schema.to_arrow(CompatLevel::oldest()));
    key.value.into_iter().map(|types| (key.key.clone(), types)).collect()
}

fn frame<N: AsRef<str>>(columns: Vec<(N, ColumnData)>) -> PolarsResult<DataFrame> {
    let columns = columns.into_iter().map(|(name, data)| data.column(name.as_ref()));
    DataFrame::new_infer_height(columns.collect::<PolarsResult<_>>()?)
}
