//! The table `replicates`: the figures of the whole run in each world.

use super::exposure::ExposureRow;
use super::row::{TableColumn, TableRow, Values};

/// One figure of one world: a row of `tables/replicates`.
#[derive(Clone, Debug, PartialEq)]
pub struct ReplicateRow {
    /// Number of the replicate, from 0.
    pub replicate: u32,
    /// A run with this seed and one replicate makes the same world.
    pub seed: u64,
    /// The figure.
    pub of: ExposureRow,
}

impl TableRow for ReplicateRow {
    const TABLE: &'static str = "replicates";
    const IN_DIGEST: bool = false;
    const COLUMNS: &'static [TableColumn<Self>] = &[
        TableColumn::plain("replicate", Values::Number(|r| r.replicate)),
        TableColumn::plain("seed", Values::Count(|r| r.seed)),
        TableColumn::plain("policy", Values::Name(|r| &r.of.policy)),
        TableColumn::plain("purpose", Values::Name(|r| &r.of.purpose)),
        TableColumn::plain("jurisdiction", Values::Name(|r| &r.of.jurisdiction)),
        TableColumn::plain("population", Values::Name(|r| &r.of.population)),
        TableColumn::plain("category", Values::Name(|r| &r.of.category)),
        TableColumn::plain("metric", Values::Name(|r| &r.of.metric)),
        TableColumn::plain("split", Values::Split),
        TableColumn::plain("value", Values::Figure(|r| r.of.value)),
        TableColumn::plain("unit", Values::Word(|r| r.of.unit)),
    ];
}
