//! Communities over threads: each worker takes the next community, simulates all its days, and counts. Counters merge by
//! addition, so neither the number of threads nor the order of completion changes a digit.

mod checkpoint;
mod choices;
mod counters;
mod design;
mod knowledge;
mod memory;
mod probe;
mod replay;
mod run;
mod shard;
mod simulation;
mod threads;
mod worker;

pub use checkpoint::{Forgetful, Keeper, Progress, Unfit};
pub use choices::{Rates, is_by_person, rates, rows_by_choice, share};
pub use counters::Counters;
pub use design::{Coordinate, Design};
pub use knowledge::{knowledge, knowledge_memory};
pub use memory::{MOST_MEMORY, available, counters};
pub use probe::{FilterSpeed, time_filters};
pub use replay::Replay;
pub use run::{Effort, RunOutcome, StudyOutcome};
pub use shard::Shard;
pub use simulation::Simulation;
pub use threads::{Threads, on_threads};
pub use worker::Stages;
