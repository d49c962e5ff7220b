//! Tables read back from disk.

use std::fs::File;
use std::path::Path;

use polars_core::prelude::DataFrame;
use polars_io::prelude::{ParquetReader, SerReader};

/// Columns of texts, and one of numbers, of a Parquet file that a run wrote.
///
/// # Errors
/// What is wrong with it: no such file or column, another type, a missing value.
pub fn read(path: &Path, texts: &[&str], number: &str) -> Result<(Vec<Vec<String>>, Vec<f64>), String> {
    let file = File::open(path).map_err(|e| e.to_string())?;
    let frame = ParquetReader::new(file).finish().map_err(|e| e.to_string())?;
    let columns = texts.iter().map(|name| column_of_texts(&frame, name)).collect::<Result<Vec<_>, _>>()?;
    let numbers = frame.column(number).and_then(|column| column.f64()).map_err(|e| e.to_string())?;
    let numbers = numbers.iter().map(|x| x.ok_or_else(|| format!("`{number}` is missing in a row")));
    Ok((columns, numbers.collect::<Result<_, _>>()?))
}

fn column_of_texts(frame: &DataFrame, name: &str) -> Result<Vec<String>, String> {
    let texts = frame.column(name).and_then(|column| column.str()).map_err(|e| e.to_string())?;
    texts.iter().map(|text| text.map(str::to_owned).ok_or_else(|| format!("`{name}` is missing in a row"))).collect()
}
