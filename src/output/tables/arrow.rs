//! A table as an Arrow file in memory (the IPC file format, which is Feather 2): for what other programs read and a pipe takes.

use std::sync::Arc;

use polars_core::prelude::*;
use polars_io::ipc::IpcWriter;
use polars_io::prelude::SerWriter;

use super::{ColumnData, TableError, frame};

/// The bytes of an Arrow file: one record batch, not compressed, text as large strings, `about` (key and value) in the metadata of the schema, as
/// it stands in the footer. Equal for equal input.
///
/// # Errors
/// If columns differ in length.
pub fn arrow_file(columns: Vec<(&'static str, ColumnData)>, (key, value): (&str, &str)) -> Result<Vec<u8>, TableError> {
    let written = || {
        let mut frame = frame(columns)?;
        let mut bytes = Vec::new();
        // Views of strings are newer than many readers.
        let mut writer = IpcWriter::new(&mut bytes).with_compat_level(CompatLevel::oldest()).with_parallel(false);
        writer.set_custom_schema_metadata(Arc::new([(key.into(), value.into())].into_iter().collect()));
        writer.finish(&mut frame)?;
        Ok(bytes)
    };
    written().map_err(|e: PolarsError| TableError::new("an Arrow file", e.to_string()))
}
