//! Runs on many machines: what each counted as a part, and parts as one run.
//!
//! ```text
//! Simulation::run_shard ─► Part ─► bytes (an Arrow file) ─► Part ─► Merge ─► counters of the run
//! ```
//!
//! A part says what it is a part of. Whoever merges believes nothing before the part's digest is right, and then no more than fits the run.

mod framing;
mod head;
mod merge;
mod part;

pub use head::{CounterList, FORMAT, PartHead};
pub use merge::{Merge, Refusal};
pub use part::{CounterRow, Part, Unreadable, is_part};
