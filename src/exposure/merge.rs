//! Counters of workers become one by addition.

/// Element by element; both counters are of the same run.
pub fn add(sum: &mut [u64], more: &[u64]) {
    debug_assert_eq!(sum.len(), more.len());
    for (s, m) in sum.iter_mut().zip(more) {
        *s += m;
    }
}
