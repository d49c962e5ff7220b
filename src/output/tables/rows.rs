//! Rows of a run's tables as columns.

use std::sync::Arc;

use super::{ColumnData, TableColumns};
use crate::exposure::{FigureValue, TableRow, Values};

/// The columns of some rows; `text` for CSV: days as text, and counts without a decimal point.
pub fn columns<R: TableRow>(rows: &[R], text: bool) -> TableColumns {
    R::COLUMNS.iter().map(|column| (column.name, data(rows, &column.values, text))).collect()
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
        Values::Missing => ColumnData::OptF64(vec![None; rows.len()]),
    }
}
