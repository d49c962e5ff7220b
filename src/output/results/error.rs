//! Why results could not be written.

use crate::output::staging::OutputError;
use crate::output::tables::TableError;

/// Results could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ResultsError {
    /// Counters that are too small for what was counted.
    #[error(
        "counters of 64 bits do not hold {0} disclosed values or bytes: simulate fewer people or days, or write smaller `bytes`"
    )]
    Overflow(u128),
    /// A file.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// A table.
    #[error("can't write table {0}")]
    Table(#[from] TableError),
    /// The manifest.
    #[error("can't write the manifest: {0}")]
    Json(#[from] serde_json::Error),
}
