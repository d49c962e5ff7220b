//! How unequally something is spread over people: Lorenz curve and Gini coefficient of whole numbers, exact until the last division.

/// Gini coefficient of people counted by score, the score being the place: G = 2 * sum(i * x_i) / (n * sum(x)) - (n + 1) / n, with x in rising order and i from 1.
/// 0: all have the same (or nobody has anything); towards 1: one has all.
pub fn gini(people_by_score: &[u64]) -> f64 {
    // Sum of the ranks of those who have the same score.
    let (mut before, mut ranked, mut sum) = (0u128, 0u128, 0u128);
    for (score, &n) in people_by_score.iter().enumerate() {
        let (score, n) = (score as u128, u128::from(n));
        ranked += score * (2 * before * n + n * (n + 1));
        sum += score * n;
        before += n;
    }
    if sum == 0 {
        return 0.0;
    }
    // 2 * sum(i * x_i) - (n + 1) * sum(x), over n * sum(x).
    (ranked - (before + 1) * sum) as f64 / (before * sum) as f64
}

/// Share of all scores that the highest `share` of people have: one point of the Lorenz curve, from above. People with the same score count alike, so that a part of
/// them may be taken.
pub fn top_share(people_by_score: &[u64], share: f64) -> f64 {
    let people: u64 = people_by_score.iter().sum();
    let all: f64 = people_by_score.iter().enumerate().map(|(score, &n)| score as f64 * n as f64).sum();
    if all == 0.0 {
        return 0.0;
    }
    let (mut left, mut sum) = (share * people as f64, 0.0);
    for (score, &n) in people_by_score.iter().enumerate().rev() {
        let taken = left.min(n as f64);
        sum += score as f64 * taken;
        left -= taken;
    }
    sum / all
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn by_score(scores: &[usize]) -> Vec<u64> {
        let mut counts = vec![0; scores.iter().max().map_or(0, |most| most + 1)];
        for &score in scores {
            counts[score] += 1;
        }
        counts
    }

    #[test]
    fn known_values() {
        assert_eq!(gini(&by_score(&[3, 3, 3])), 0.0);
        assert_eq!(gini(&by_score(&[0, 0, 0, 7])), 0.75);
        assert_eq!(gini(&by_score(&[1, 2, 3, 4])), 0.25);
        assert_eq!(gini(&[5]), 0.0);
        assert_eq!(gini(&[]), 0.0);
        assert_eq!(top_share(&by_score(&[0, 0, 0, 7]), 0.25), 1.0);
        assert_eq!(top_share(&by_score(&[1, 1, 1, 1]), 0.1), 0.1);
        assert_eq!(top_share(&by_score(&[1, 2, 3, 4]), 0.5), 0.7);
        assert_eq!(top_share(&[5], 0.1), 0.0);
    }

    /// G = 2 Phi(sigma / sqrt 2) - 1 = erf(sigma / 2) (Aitchison and Brown, 1957).
    #[test]
    fn of_a_lognormal() {
        for (sigma, erf_half) in [(0.5, 0.276_326_390_168_236_93), (1.0, 0.520_499_877_813_046_5)] {
            let n = 20_000;
            // Its quantiles, in steps of a thousandth.
            let normal = |p: f64| std::f64::consts::SQRT_2 * libm_erfinv(2.0 * p - 1.0);
            let scores: Vec<usize> = (0..n)
                .map(|i| (1000.0 * (sigma * normal((f64::from(i) + 0.5) / f64::from(n))).exp()).round() as usize)
                .collect();
            assert!((gini(&by_score(&scores)) - erf_half).abs() < 2e-3, "{sigma}: {}", gini(&by_score(&scores)));
        }
    }

    /// Inverse of the error function by bisection.
    fn libm_erfinv(y: f64) -> f64 {
        let (mut lo, mut hi) = (-6.0, 6.0);
        for _ in 0..80 {
            let middle = (lo + hi) / 2.0;
            if libm::erf(middle) < y { lo = middle } else { hi = middle }
        }
        lo
    }

    proptest! {
        /// The mean difference between two people, over twice the mean.
        #[test]
        fn is_the_mean_difference(scores in proptest::collection::vec(0usize..50, 1..40)) {
            let n = scores.len() as f64;
            let sum: usize = scores.iter().sum();
            let apart: usize = scores.iter().flat_map(|a| scores.iter().map(|b| a.abs_diff(*b))).sum();
            let expected = if sum == 0 { 0.0 } else { apart as f64 / (2.0 * n * sum as f64) };
            prop_assert!((gini(&by_score(&scores)) - expected).abs() < 1e-12);
            let whole = top_share(&by_score(&scores), 1.0);
            prop_assert!((whole - f64::from(u8::from(sum > 0))).abs() < 1e-12);
        }
    }
}
