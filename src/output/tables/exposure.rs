//! The table `exposure`: what each policy discloses in the whole run.

use std::sync::Arc;

use super::{ColumnData, TableColumns, values};
use crate::exposure::ExposureRow;

/// Columns of `tables/exposure`; `text` writes counts without a decimal point, for CSV.
pub fn exposure_columns(rows: &[ExposureRow], text: bool) -> TableColumns {
    let names = |f: &dyn Fn(&ExposureRow) -> &Arc<str>| ColumnData::Str(rows.iter().map(|r| f(r).clone()).collect());
    vec![
        ("replicate", ColumnData::U32(rows.iter().map(|r| r.replicate).collect())),
        ("policy", names(&|r| &r.policy)),
        ("purpose", names(&|r| &r.purpose)),
        ("jurisdiction", names(&|r| &r.jurisdiction)),
        ("population", names(&|r| &r.population)),
        ("category", names(&|r| &r.category)),
        ("metric", names(&|r| &r.metric)),
        ("value", values(rows.iter().map(|r| r.value), text)),
        ("lo", ColumnData::OptF64(vec![None; rows.len()])),
        ("hi", ColumnData::OptF64(vec![None; rows.len()])),
        ("unit", ColumnData::Str(rows.iter().map(|r| r.unit.into()).collect())),
    ]
}
