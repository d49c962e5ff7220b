//! What happened about each person, added up over the run, and only then by class: people may be told apart as finely as one likes, at no cost to the counting.
//!
//! ```text
//! traffic ─► ActCounts ───────► ByPerson ───────────────► PersonFlows ─► at choices: Totals
//!            by kind and role,   a community's people,     by class, and     for each of many
//!            a number a person   folded when it ends       by (class, marks) sets of choices
//! ```
//!
//! A policy that asks for the subject's choice and nobody else's lets out about a person what the person's own class says. So it is enough to know how often each
//! person acted, and how often each was told of: choices come afterwards.

mod act_counts;
mod at_choices;
mod flows;
mod observer;

pub use at_choices::{ChosenClass, at_choices};
pub use flows::PersonFlows;
pub use observer::ByPerson;
