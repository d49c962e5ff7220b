//! Questions about policies, answered exactly, before a single event is simulated.

mod alike;
mod box_cover;
mod check;
mod decision_space;
mod diff;
mod explain;
mod people;
mod region;
mod small_space;
mod test;

pub use check::{Breach, check};
pub use decision_space::{Answer, Asked, Space};
pub use diff::{Diff, Order, diff};
pub use explain::{Explained, explain};
pub use people::{Actors, Subjects};
pub use region::Line;
pub use test::{Coverage, TestResult, coverage, test};
