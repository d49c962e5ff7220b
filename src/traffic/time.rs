//! Times of a day, in milliseconds since midnight UTC.

/// Milliseconds of a day.
pub const DAY_MS: u32 = 86_400_000;
/// Longest time from the first message of a conversation to its last, milliseconds: two hours. What would come later comes
/// then. So a conversation that begins earlier ends on its day, whatever its gaps.
pub const SPAN_MS: u32 = 7_200_000;
