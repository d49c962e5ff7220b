//! What a hash that is cut to a few bits still tells.

/// Probability that the right one of the numbers with the same hash is picked, if so many others as chance has it share it: `(1 - e^-lambda) / lambda`, where `lambda` is numbers by
/// values of the hash. It is the mean of `1 / (1 + K)` over a Poisson number `K` of others. 1 for no others at all.
///
/// The Irish DPC's draft said that sixteen numbers share a value of WhatsApp's lossy hash of 39 bits; the EDPB (Binding Decision 1/2021) that the person can be told all the same. Sixteen is
/// `2^43` conceivable numbers by `2^39`; of 8 billion that exist it is 0.0146, and the right one is picked in 99.3 % of all cases.
pub fn share_told_apart(lambda: f64) -> f64 {
    if lambda <= 0.0 { 1.0 } else { -libm::expm1(-lambda) / lambda }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_hash_of_39_bits() {
        let lambda = |bits: i32| 8.0e9 / 2f64.powi(bits);
        assert!((lambda(39) - 0.0146).abs() < 5e-5 && (share_told_apart(lambda(39)) - 0.993).abs() < 5e-4);
        assert!((share_told_apart(lambda(29)) - 0.067).abs() < 5e-4);
        assert_eq!((share_told_apart(0.0), share_told_apart(1e-300)), (1.0, 1.0));
    }

    proptest! {
        /// The sum over all numbers of others, term by term.
        #[test]
        fn it_is_the_mean_over_a_poisson_number(lambda in 1e-6..30.0f64) {
            let (mut term, mut sum) = ((-lambda).exp(), 0.0);
            for k in 0..300 {
                sum += term / f64::from(k + 1);
                term *= lambda / f64::from(k + 1);
            }
            prop_assert!((share_told_apart(lambda) - sum).abs() < 1e-12);
        }
    }
}
