//! A person's score: how much of what the parent could hold about a person it does hold, a number a person.

use crate::scenario::Scenario;
use crate::simd::ones;

/// Steps that a unit of weight is told apart in.
const STEPS: f64 = 100.0;
/// Most scores that are told apart.
const MOST: u32 = 1 << 12;

/// Scores in whole steps, so that people can be counted by score: x_s = sum of the weights of the distinct categories that were disclosed about s, however often
/// (the weighted sum of FACTS with a cap of one occurrence).
///
/// Weights are taken to a hundredth, and to fewer digits where their sum would then have more than 4,096 steps; a step is the largest that divides them all.
#[derive(Clone, Debug, PartialEq)]
pub struct ScoreScale {
    /// Steps of each category.
    steps: Vec<u32>,
    /// Weight of a step.
    unit: f64,
}

impl ScoreScale {
    /// That of the weights of a scenario's categories.
    pub fn new(scenario: &Scenario) -> Self {
        Self::of(scenario.categories.iter().map(|category| category.weight))
    }

    fn of(weights: impl Iterator<Item = f64> + Clone) -> Self {
        let sum: f64 = weights.clone().sum();
        let per_unit = STEPS.min(f64::from(MOST) / sum.max(f64::MIN_POSITIVE));
        let steps: Vec<u32> = weights.map(|weight| (weight * per_unit).round() as u32).collect();
        let divisor = steps.iter().copied().fold(0, gcd).max(1);
        ScoreScale { steps: steps.iter().map(|n| n / divisor).collect(), unit: f64::from(divisor) / per_unit }
    }

    /// How many scores there are, 0 among them.
    pub fn scores(&self) -> usize {
        self.steps.iter().sum::<u32>() as usize + 1
    }

    /// Score of a person about whom these categories were disclosed, in steps.
    pub fn score(&self, categories: u32) -> usize {
        ones(categories.into()).map(|category| self.steps[category] as usize).sum()
    }

    /// Weight of a score.
    pub fn weight(&self, score: usize) -> f64 {
        score as f64 * self.unit
    }
}

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_are_sums_of_weights() {
        let scale = ScoreScale::of([1.0, 0.8, 0.25].into_iter());
        // Twentieths: 20, 16, 5.
        assert_eq!(scale.scores(), 42);
        assert_eq!(scale.score(0b101), 25);
        assert_eq!(scale.weight(25), 1.25);
        assert_eq!(scale.score(0), 0);
    }

    #[test]
    fn weights_of_any_size_have_few_scores() {
        for weights in [vec![0.0, 0.0], vec![1e9, 1.0], vec![1e-9], vec![1e300; 30]] {
            let scale = ScoreScale::of(weights.iter().copied());
            assert!(scale.scores() <= MOST as usize + weights.len(), "{weights:?}: {}", scale.scores());
            assert!(scale.weight(scale.scores()).is_finite());
        }
    }
}
