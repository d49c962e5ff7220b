//! Questions about policies, answered exactly, before a single event is simulated.

mod alike;
mod box_cover;
mod check;
mod decision_space;
mod diff;
mod enumerate;
mod explain;
mod line;
mod merge_lines;
mod people;
mod question;
mod small_space;
mod test;
mod words;

pub use check::{Breach, check};
pub use decision_space::Space;
pub use diff::{Diff, Strictness, diff};
pub use explain::{Explained, explain};
pub use line::{Actors, Line, Subjects};
pub use question::{Answer, Asked};
pub use test::{Coverage, TestResult, coverage, test};
pub use words::DayRuns;
