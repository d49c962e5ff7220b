//! What may flow: rules, their compilation to tables, and the filter that applies them to events.

pub mod analysis;
mod compile;
mod day_classes;
mod decide;
pub mod export;
mod filter;
mod fixed_choice;
mod groups;
mod redundant;
mod rule;
mod rule_index;
mod table;

pub use compile::{Compiled, DecisionIndex, MAX_TABLE};
pub use day_classes::DayClasses;
pub use decide::{Decision, Outcome, decide, flows};
pub use filter::{Decisions, Filter};
pub use fixed_choice::{asks_subjects_only, fixed_choice};
pub use groups::{TooSmall, too_small};
pub use redundant::{Idle, idle_rules, matters, why_idle};
pub use rule::{Role, Setting, disclosed, matches};
pub use rule_index::{Status, SubjectState, TooMuch, Work};
pub use table::{PolicyTable, Stats};
