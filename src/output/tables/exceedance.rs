//! The table `exceedance`: what each policy lets out that an order prohibits.

use std::sync::Arc;

use super::{ColumnData, TableColumns, values};
use crate::exposure::ExceedanceRow;

/// Columns of `tables/exceedance`; `text` for CSV.
pub fn exceedance_columns(rows: &[ExceedanceRow], text: bool) -> TableColumns {
    let names = |f: &dyn Fn(&ExceedanceRow) -> &Arc<str>| ColumnData::Str(rows.iter().map(|r| f(r).clone()).collect());
    vec![
        ("replicate", ColumnData::U32(rows.iter().map(|r| r.replicate).collect())),
        ("order", names(&|r| &r.order)),
        ("policy", names(&|r| &r.policy)),
        ("purpose", names(&|r| &r.purpose)),
        ("population", names(&|r| &r.population)),
        ("phase", names(&|r| &r.phase)),
        ("metric", names(&|r| &r.metric)),
        ("value", values(rows.iter().map(|r| r.value), text)),
        ("unit", ColumnData::Str(rows.iter().map(|r| r.unit.into()).collect())),
    ]
}
