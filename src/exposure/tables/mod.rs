//! The tables of a run, a file for each: its row, its columns, what `results_digest` covers of them, and how the rows follow
//! from counters. A column more is a change of that file (and of docs/FORMAT.md).

mod daily;
mod exceedance;
mod exceedance_daily;
mod exposure;
mod row;
mod tabulation;

pub use daily::DailyRow;
pub use exceedance::{ExceedanceRow, Exceedances};
pub use exceedance_daily::ExceedanceDay;
pub use exposure::ExposureRow;
pub use row::{ALL, FigureValue, TableColumn, TableRow, Values, digest_line};
pub use tabulation::Tabulation;
