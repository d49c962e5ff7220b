//! Questions about policies, answered exactly, before a single event is simulated.

mod alike;
mod check;
mod cover;
mod diff;
mod explain;
mod flat;
mod line;
mod people;
mod space;
mod test;

pub use check::{Breach, check};
pub use diff::{Diff, Order, diff};
pub use explain::{Explained, explain};
pub use line::Line;
pub use people::{Actors, Subjects};
pub use space::{Answer, Asked, Space};
pub use test::{Coverage, TestResult, coverage, test};
