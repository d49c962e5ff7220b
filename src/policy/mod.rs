//! What may flow: rules, their compilation to tables, and the filter that applies them to events.

pub mod analysis;
mod compile;
mod decide;
pub mod export;
mod filter;
mod groups;
mod idle;
mod kernel;
mod rule;
mod table;

pub use compile::{At, Compiled, MAX_TABLE};
pub use decide::{Decision, Outcome, decide, flows};
pub use filter::{Decisions, Filter};
pub use groups::{TooSmall, too_small};
pub use idle::{Idle, idle_rules, matters, why_idle};
pub use kernel::{Status, SubjectState, TooMuch, Work};
pub use rule::{Role, Setting, disclosed, matches};
pub use table::{Stats, Table};
