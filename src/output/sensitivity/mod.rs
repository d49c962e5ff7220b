//! What a study of sensitivity leaves: the indices of each parameter, every draw, and how stable the order of policies is.

mod draws;
mod figure;
mod indices;
mod rank_stability;
mod tornado;

pub use draws::DrawsTable;
pub use figure::{FigureName, Studied};
pub use indices::{IndexRow, Method, indices};
pub use rank_stability::{RankRow, rank_stability};
pub use tornado::{drawn, in_words, past_indices, tornado};

use std::path::Path;
use std::sync::Arc;

use crate::exposure::TableRow;
use crate::output::tables::{ColumnData, TableColumns, TableError, TableFile, columns};

/// Writes a table of such rows at `stem`.parquet and `stem`.csv, with the name of the scenario and of the run in every row.
///
/// # Errors
/// If a file can't be written.
pub fn write_rows<R: TableRow>(
    stem: &Path,
    about: &[(&'static str, String)],
    rows: &[R],
    run: &[Arc<str>; 2],
) -> Result<u64, TableError> {
    let mut file = TableFile::new(stem, true, about);
    let with_run = |text: bool| {
        let mut all: TableColumns = columns(rows, text);
        for (name, of) in ["scenario", "run"].into_iter().zip(run) {
            all.push((name, ColumnData::Str(vec![of.clone(); rows.len()])));
        }
        all
    };
    file.write(with_run(false), Some(with_run(true)))?;
    file.finish()?;
    Ok(rows.len() as u64)
}
