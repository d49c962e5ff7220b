//! From planned conversations to counts: who said how much, and of which kinds.

pub mod kind_counters;
pub mod message_counts;
pub mod tail_rounds;
