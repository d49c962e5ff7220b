//! Samples that are read back and judged, and what a plan leaves.

mod judged;
mod plan_rows;
mod power_chart;
mod sample_folder;

pub use judged::{BreachCount, Example, Judged, judged};
pub use plan_rows::PlanRow;
pub use power_chart::{PastPlan, draw_plan};
pub use sample_folder::{SampleError, SampledPeople, SampledRows, read_people, read_rows, table_of};
