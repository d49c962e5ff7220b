//! What may flow: rules, their compilation to tables, and the filter that applies them to events.

mod compile;
mod filter;
mod idle;
mod rule;

pub use compile::{Compiled, MAX_TABLE, Period, table_entries};
pub use filter::{Decisions, Filter};
pub use idle::idle_rules;
pub use rule::{Role, Setting, disclosed, matches};
