//! The tables of a run, a file for each: its row, its columns, what `results_digest` covers of them, and how the rows follow
//! from counters. A column more is a change of that file (and of docs/FORMAT.md).

mod daily;
mod differences;
mod exceedance;
mod exceedance_daily;
mod exposure;
mod first_exposure;
mod knowledge;
mod over_replicates;
mod replicates;
mod row;
mod tabulation;

pub use daily::DailyRow;
pub use differences::DifferenceRow;
pub use exceedance::{ExceedanceRow, Exceedances};
pub use exceedance_daily::ExceedanceDay;
pub use exposure::{ExposureRow, needs_days};
pub use first_exposure::FirstExposureRow;
pub use knowledge::{KnowledgeRow, Risk};
pub use over_replicates::{Replicates, over_replicates};
pub use replicates::ReplicateRow;
pub use row::{ALL, FigureRow, FigureValue, Spread, TableColumn, TableRow, Values, digest_line};
pub use tabulation::Tabulation;
