//! From planned conversations to events, in all columns.

pub mod audience;
pub mod buffer;
pub mod checkins;
pub mod expander;
pub mod group_writer;
pub mod partitioner;
pub mod writer;
