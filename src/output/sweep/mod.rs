//! What a sweep leaves: one tidy table, written from what each point found.

mod parts;
mod table;

pub use parts::{Found, Parts, PartsError};
pub use table::SweepTable;
