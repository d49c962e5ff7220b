//! Rows of a run's tables as columns.

use std::collections::HashMap;
use std::sync::Arc;

use super::{ColumnData, TableColumns};
use crate::exposure::{ALL, FigureValue, TableColumn, TableRow, Values};

/// The columns of some rows; `text` for CSV: days as text, and counts without a decimal point.
pub fn columns<R: TableRow>(rows: &[R], text: bool) -> TableColumns {
    let of = |column: &TableColumn<R>| match column.values {
        Values::Split => ColumnData::Str(splits(rows)),
        ref values => data(rows, values, text),
    };
    R::COLUMNS.iter().map(|column| (column.name, of(column))).collect()
}

/// The name that a row has in a column.
type NameOf<R> = fn(&R) -> &Arc<str>;

/// By which of the named columns each row is split: those that do not say `all`, but for those that every row has.
fn splits<R: TableRow>(rows: &[R]) -> Vec<Arc<str>> {
    let named: Vec<(&str, NameOf<R>)> = R::COLUMNS
        .iter()
        .filter(|column| !matches!(column.name, "metric" | "parameter" | "baseline" | "since"))
        .filter_map(|column| match column.values {
            Values::Name(of) => Some((column.name, of)),
            _ => None,
        })
        .collect();
    // There are few ways to split, and many rows.
    let mut names: HashMap<u32, Arc<str>> = HashMap::new();
    let of = |row: &R| {
        let split = (0..).zip(&named).fold(0, |bits, (i, (_, of))| bits | u32::from(**of(row) != *ALL) << i);
        let name = || {
            let columns = (0..).zip(&named).filter(|(i, _)| split >> i & 1 == 1).map(|(_, (name, _))| *name);
            columns.collect::<Vec<_>>().join(",").into()
        };
        names.entry(split).or_insert_with(name).clone()
    };
    rows.iter().map(of).collect()
}

fn data<R>(rows: &[R], values: &Values<R>, text: bool) -> ColumnData {
    let rows = rows.iter();
    match *values {
        Values::Name(of) => ColumnData::Str(rows.map(|r| of(r).clone()).collect()),
        Values::Word(of) => ColumnData::Str(rows.map(|r| of(r).into()).collect()),
        Values::Number(of) => ColumnData::U32(rows.map(of).collect()),
        Values::Count(of) => ColumnData::U64(rows.map(of).collect()),
        Values::Figure(of) if text => ColumnData::Str(rows.map(|r| Arc::from(of(r).to_string())).collect()),
        Values::Figure(of) => ColumnData::F64(rows.map(of).map(FigureValue::as_f64).collect()),
        Values::Day(of) if text => ColumnData::Str(rows.map(|r| Arc::from(of(r).to_string())).collect()),
        Values::Day(of) => ColumnData::Date(rows.map(of).collect()),
        Values::Maybe(of) => ColumnData::OptF64(rows.map(of).collect()),
        Values::Split => ColumnData::Str(Vec::new()),
    }
}
