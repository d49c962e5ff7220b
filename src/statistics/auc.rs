//! How well scores tell pairs that belong together from pairs that do not.

/// The area under the curve of a receiver from comparisons of a pair that belongs together with one that does not, each drawn at random: `(n' + n'' / 2) / n`, where the first had the
/// higher score `n'` times of `n` and the same one `n''` times (Lu and Zhou 2011, section 2). 0.5 is guessing. 0 if nothing was compared.
pub fn area_under_curve(higher: u64, same: u64, compared: u64) -> f64 {
    if compared == 0 { 0.0 } else { (higher as f64 + 0.5 * same as f64) / compared as f64 }
}

/// How much speaks for a tie between two people of a graph: each of what they have in common counts.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LinkScores {
    /// Common neighbours: each counts 1.
    pub common: u32,
    /// Adamic and Adar 2003: each counts 1 by the logarithm of its degree.
    pub adamic_adar: f64,
    /// Resource allocation (Zhou, Lu and Zhang 2009): each counts 1 by its degree.
    pub allocation: f64,
}

impl LinkScores {
    /// Of two people with these neighbours, each in rising order; `degree` is that of a person.
    pub fn of(one: &[u32], other: &[u32], degree: impl Fn(u32) -> u32) -> Self {
        let mut scores = LinkScores::default();
        let (mut i, mut j) = (0, 0);
        while i < one.len() && j < other.len() {
            match one[i].cmp(&other[j]) {
                std::cmp::Ordering::Less => i += 1,
                std::cmp::Ordering::Greater => j += 1,
                std::cmp::Ordering::Equal => {
                    // Somebody whom two have in common has two neighbours at least.
                    let degree = f64::from(degree(one[i]));
                    scores.common += 1;
                    scores.adamic_adar += 1.0 / libm::log(degree);
                    scores.allocation += 1.0 / degree;
                    (i, j) = (i + 1, j + 1);
                }
            }
        }
        scores
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn scores_by_hand() {
        // 3 and 7 in common, with two and four neighbours.
        let of = LinkScores::of(&[1, 3, 7], &[3, 4, 7, 9], |person| if person == 3 { 2 } else { 4 });
        assert_eq!(of.common, 2);
        assert!((of.adamic_adar - (1.0 / 2f64.ln() + 1.0 / 4f64.ln())).abs() < 1e-15);
        assert!((of.allocation - 0.75).abs() < 1e-15);
        assert_eq!(area_under_curve(0, 0, 0), 0.0);
    }

    proptest! {
        /// Of all comparisons it is the statistic of Mann and Whitney: the sum of ranks, ties at their middle.
        #[test]
        fn it_is_that_of_ranks(own in proptest::collection::vec(0u32..9, 1..30), others in proptest::collection::vec(0u32..9, 1..30)) {
            let (mut higher, mut same) = (0, 0);
            for a in &own {
                for b in &others {
                    higher += u64::from(a > b);
                    same += u64::from(a == b);
                }
            }
            let mut all: Vec<u32> = own.iter().chain(&others).copied().collect();
            all.sort_unstable();
            let rank = |x: u32| {
                let (below, alike) = (all.iter().filter(|y| **y < x).count(), all.iter().filter(|y| **y == x).count());
                below as f64 + (alike as f64 + 1.0) / 2.0
            };
            let n = own.len() as f64;
            let u = own.iter().map(|&x| rank(x)).sum::<f64>() - n * (n + 1.0) / 2.0;
            let of = area_under_curve(higher, same, (own.len() * others.len()) as u64);
            prop_assert!((of - u / (n * others.len() as f64)).abs() < 1e-12);
        }
    }
}
