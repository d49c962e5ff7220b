//! The table `daily`: what each policy discloses on each day.

use std::sync::Arc;

use super::{ColumnData, TableColumns, days};
use crate::exposure::DailyRow;

/// Columns of `tables/daily`; `text` writes days as text, for CSV.
pub fn daily_columns(rows: &[DailyRow], text: bool) -> TableColumns {
    let names = |f: &dyn Fn(&DailyRow) -> &Arc<str>| ColumnData::Str(rows.iter().map(|r| f(r).clone()).collect());
    vec![
        ("day", days(rows.iter().map(|r| r.day), text)),
        ("policy", names(&|r| &r.policy)),
        ("purpose", names(&|r| &r.purpose)),
        ("jurisdiction", names(&|r| &r.jurisdiction)),
        ("population", names(&|r| &r.population)),
        ("metric", names(&|r| &r.metric)),
        ("value", ColumnData::U64(rows.iter().map(|r| r.value).collect())),
    ]
}
