//! What each of several things adds to a whole that they bring about together.

/// Shapley values (Shapley 1953) from the value of every subset: `values[s]` is that of the subset whose bits are set in `s`. What a thing adds to those before it, over all orders. They sum
/// to the value of all less that of none.
pub fn shapley_values(values: &[f64]) -> Vec<f64> {
    let n = values.len().trailing_zeros();
    assert_eq!(values.len(), 1 << n, "one value for each subset");
    let factorial = |k: u32| (1..=k).map(f64::from).product::<f64>();
    let weights: Vec<f64> = (0..n).map(|k| factorial(k) * factorial(n - 1 - k) / factorial(n)).collect();
    let value = |i: u32| {
        let without = (0..values.len()).filter(|s| s >> i & 1 == 0);
        without.map(|s| weights[s.count_ones() as usize] * (values[s | 1 << i] - values[s])).sum()
    };
    (0..n).map(value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gloves_are_shared_as_in_the_book() {
        // One left and two right gloves: a pair is worth 1.
        let value = |s: usize| f64::from(u8::from(s & 1 == 1 && s & 6 != 0));
        let values: Vec<f64> = (0..8).map(value).collect();
        let shares = shapley_values(&values);
        for (got, wanted) in shares.iter().zip([2.0 / 3.0, 1.0 / 6.0, 1.0 / 6.0]) {
            assert!((got - wanted).abs() < 1e-12, "{shares:?}");
        }
    }

    #[test]
    fn they_sum_to_all_and_who_adds_nothing_gets_nothing() {
        let values: Vec<f64> = (0..64usize).map(|s| ((s & 31).count_ones() as f64).sqrt() + 0.1).collect();
        let shares = shapley_values(&values);
        assert!((shares.iter().sum::<f64>() - 5f64.sqrt()).abs() < 1e-12);
        assert!(shares[5].abs() < 1e-15 && shares[..5].iter().all(|s| (s - shares[0]).abs() < 1e-12));
    }
}
