//! Samples that are read back and judged, and what a plan leaves.

mod judged;
mod plan_rows;
mod sample_folder;

pub use judged::{BreachCount, Example, Judged, judged};
pub use plan_rows::PlanRow;
pub use sample_folder::{SampleError, SampledPeople, SampledRows, read_people, read_rows, table_of};
