//! What a sweep leaves: one tidy table, written from what each point found.

mod curve;
mod parts;
mod table;

pub use curve::{Curve, DRAWN, is_whole};
pub use parts::{Found, Parts, PartsError};
pub use table::SweepTable;
