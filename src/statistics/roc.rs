//! How well scores tell a few from many, where it may be wrong about so many and no more.

/// How many ordinary and how many sought things have each score, as numbers or as masses of probability; scores from the lowest on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ScoreCounts {
    /// Ordinary ones.
    pub ordinary: Vec<f64>,
    /// Those that are sought.
    pub sought: Vec<f64>,
}

/// Where a detector draws the line: all above a score are taken, and of those who have it this share, drawn by lot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cut {
    /// The score.
    pub score: usize,
    /// Share of those who have it.
    pub share: f64,
}

impl Cut {
    /// The mass that is taken of one whose scores are these.
    pub fn taken(&self, scores: &[f64]) -> f64 {
        let above: f64 = scores.iter().skip(self.score + 1).sum();
        above + self.share * scores.get(self.score).copied().unwrap_or(0.0)
    }
}

impl ScoreCounts {
    /// The cut that takes exactly this share of the ordinary, and as many of the sought as it can. Scores that many have are cut by lot, as the straight lines of the curve of a receiver
    /// do (Fawcett 2006, section 5): without a signal as large a share of the sought is taken.
    pub fn cut(&self, rate: f64) -> Cut {
        let all: f64 = self.ordinary.iter().sum();
        let mut left = rate * all;
        let mut cut = Cut { score: self.ordinary.len(), share: 0.0 };
        for (score, &here) in self.ordinary.iter().enumerate().rev() {
            if here > left {
                return Cut { score, share: left / here };
            }
            left -= here;
            cut = Cut { score, share: 1.0 };
        }
        cut
    }

    /// Share of the sought that is taken where so large a share of the ordinary is; 0 of none.
    pub fn recall(&self, rate: f64) -> f64 {
        let all: f64 = self.sought.iter().sum();
        if all > 0.0 { (self.cut(rate).taken(&self.sought) / all).min(1.0) } else { 0.0 }
    }

    /// Average precision: the precision at each score, weighted by the recall that it adds (Zhu 2004). The area under the curve of precision and recall. 0 if nothing is sought.
    pub fn average_precision(&self) -> f64 {
        let all: f64 = self.sought.iter().sum();
        let (mut right, mut taken, mut sum) = (0.0, 0.0, 0.0);
        for (&ordinary, &sought) in self.ordinary.iter().zip(&self.sought).rev() {
            right += sought;
            taken += ordinary + sought;
            if sought > 0.0 {
                sum += sought * right / taken;
            }
        }
        if all > 0.0 { sum / all } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn without_a_signal_as_many_of_each_are_taken() {
        let none = ScoreCounts { ordinary: vec![1e6], sought: vec![3e3] };
        assert!((none.recall(1e-4) - 1e-4).abs() < 1e-12);
        assert!((none.average_precision() - 3e3 / 1.003e6).abs() < 1e-12);
        // Scores that say nothing.
        let noise = ScoreCounts { ordinary: vec![700.0, 200.0, 100.0], sought: vec![7.0, 2.0, 1.0] };
        for rate in [0.01, 0.1, 0.25, 0.3, 1.0] {
            assert!((noise.recall(rate) - rate).abs() < 1e-12, "{rate}");
        }
    }

    #[test]
    fn what_only_the_sought_have_is_taken_at_no_cost() {
        let scores = ScoreCounts { ordinary: vec![90.0, 10.0, 0.0], sought: vec![1.0, 1.0, 2.0] };
        assert_eq!(scores.recall(0.0), 0.5);
        assert_eq!(scores.recall(0.05), 0.625);
        assert_eq!(scores.recall(0.1), 0.75);
        assert_eq!(scores.recall(1.0), 1.0);
        // 1 of 1 twice, then 3 of 13, then 4 of 104.
        assert!((scores.average_precision() - (2.0 + 3.0 / 13.0 + 4.0 / 104.0) / 4.0).abs() < 1e-12);
        assert_eq!(ScoreCounts { ordinary: vec![1.0], sought: vec![0.0] }.recall(0.5), 0.0);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn recall_rises_with_the_rate(
            scores in prop::collection::vec((0u32..50, 0u32..50), 1..12), one in 0.0f64..1.0, other in 0.0f64..1.0,
        ) {
            let (ordinary, sought): (Vec<f64>, Vec<f64>) = scores.iter().map(|s| (f64::from(s.0), f64::from(s.1))).unzip();
            let counts = ScoreCounts { ordinary, sought };
            let (low, high) = (one.min(other), one.max(other));
            prop_assert!(counts.recall(low) <= counts.recall(high) + 1e-12);
            let all: f64 = counts.ordinary.iter().sum();
            prop_assert!((counts.cut(one).taken(&counts.ordinary) - one * all).abs() < 1e-9);
        }
    }
}
