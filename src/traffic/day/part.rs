//! A day's users are worked out a part at a time.

/// Users of a part: their words stay in the L1 cache.
pub const PART: usize = 1024;
