//! The table `exceedance_daily`: the same, day by day.

use std::sync::Arc;

use super::{ColumnData, TableColumns, days};
use crate::exposure::ExceedanceDay;

/// Columns of `tables/exceedance_daily`; `text` for CSV.
pub fn exceedance_day_columns(rows: &[ExceedanceDay], text: bool) -> TableColumns {
    let names = |f: &dyn Fn(&ExceedanceDay) -> &Arc<str>| ColumnData::Str(rows.iter().map(|r| f(r).clone()).collect());
    vec![
        ("day", days(rows.iter().map(|r| r.day), text)),
        ("order", names(&|r| &r.order)),
        ("policy", names(&|r| &r.policy)),
        ("purpose", names(&|r| &r.purpose)),
        ("population", names(&|r| &r.population)),
        ("phase", names(&|r| &r.phase)),
        ("metric", names(&|r| &r.metric)),
        ("value", ColumnData::U64(rows.iter().map(|r| r.value).collect())),
    ]
}
