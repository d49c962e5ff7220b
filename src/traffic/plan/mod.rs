//! Conversations of a day as they are planned: blocks of columns, over strong ties, over weak ties, in groups.

pub mod group_block;
pub mod lanes;
pub mod present;
pub mod strong_ties;
pub mod weak_ties;
