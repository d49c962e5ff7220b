//! What the parent then holds: metrics that observe batches or counts, merge, and finish as rows of tables.
//!
//! An [`Exposure`] has a worker's counters. It turns to a [`CommunityExposure`], and that to a [`DayExposure`], which takes what happens: each borrows the
//! one before, so that nothing can come in another order.

mod address_book_counts;
mod by_person;
mod class_sets;
mod community;
mod contexts;
mod cube;
mod day;
mod day_accumulator;
mod event_counts;
mod exceedance;
mod first;
mod grouping;
mod jurisdiction_classes;
mod knowledge;
mod marks;
mod pairs;
mod phase;
mod reach;
mod runs;
mod score;
mod signature_counts;
mod tables;
mod totals;
mod volume;
mod way;
mod worker;

pub use by_person::{ByPerson, ChosenClass, PersonFlows, at_choices};
pub use community::CommunityExposure;
pub use contexts::{Contexts, KindPartition, Plane};
pub use cube::{Axis, AxisLengths, Cube};
pub use day::DayExposure;
pub use exceedance::{ByDay, ByPhase, ExceedanceTotals, Orders};
pub use first::{FirstTotals, rules_since};
pub use grouping::{GroupingSet, GroupingSets, PopulationGroup};
pub use knowledge::{KnowledgeObserver, KnowledgeSources, KnowledgeTotals, MOST_PLACES, knowledge_rows};
pub use phase::Phase;
pub use reach::ReachTotals;
pub use score::ScoreScale;
pub use tables::{
    ALL, DailyRow, DifferenceRow, ExceedanceDay, ExceedanceRow, Exceedances, ExposureRow, FigureRow, FigureValue,
    FirstExposureRow, KnowledgeRow, ReplicateRow, Replicates, Risk, Spread, TableColumn, TableRow, Tabulation, Values,
    digest_line, needs_days, over_replicates,
};
pub use totals::Totals;
pub use volume::VolumeTotals;
pub use way::{ThroughOthers, Way};
pub use worker::Exposure;
