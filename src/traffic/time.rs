//! Times of a day, in milliseconds since midnight UTC.

/// Milliseconds of a day.
pub const DAY_MS: u32 = 86_400_000;
/// No conversation lasts longer from its first message to its last, milliseconds: two hours. So a conversation that begins earlier ends on its day,
/// whatever its gaps.
pub const SPAN_MS: u32 = 7_200_000;

const HALF_SPAN: f32 = SPAN_MS as f32 / 2.0;

/// When a message comes, milliseconds after the first of its conversation, from the sum of the gaps up to it: the sum itself within the first hour h,
/// `2h - h^2 / sum` beyond, which goes on as steeply as the sum, never falls and stays below two hours. Nothing piles up at an end.
///
/// Single floats round alike everywhere, and keep the order.
#[inline(always)]
pub fn since_first(sum: u32) -> u32 {
    let beyond = (2.0 * HALF_SPAN - HALF_SPAN * (HALF_SPAN / sum as f32)) as i32 as u32;
    if sum <= SPAN_MS / 2 { sum } else { beyond }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_keep_their_order_and_end_within_two_hours() {
        let sums = (0..9_000_000).step_by(7).chain((9_000_000..u32::MAX).step_by(99_991));
        let mut before = 0;
        for sum in sums {
            let since = since_first(sum);
            assert!(since >= before && since <= sum && since < SPAN_MS, "{sum}: {since} after {before}");
            before = since;
        }
        assert_eq!([3_600_000, 3_600_001, 7_200_000].map(since_first), [3_600_000, 3_600_001, 5_400_000]);
    }
}
