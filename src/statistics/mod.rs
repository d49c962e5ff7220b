//! From several worlds to what they say of the world in general: means and intervals.
//!
//! Everything goes through a software `libm`, in a fixed order: the same digits on every machine.

mod interval;
mod student_t;

pub use interval::{Estimate, Scale};
pub use student_t::student_t;
