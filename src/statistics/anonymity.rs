//! Among how many alike people stand: risks of re-identification by classes of people who are alike in what somebody knows.

/// What follows from the sizes of classes, in a sample and in the population that it is part of.
///
/// Of a class, `n` are the people of the sample in it and `f`, at least as many, those of the population. The three attackers are those of ARX (`RiskModelSampleSummary`):
/// the *prosecutor* knows that a certain person is in the sample, the *journalist* wants to show that anybody can be found, the *marketer* wants to find as many as possible.
/// With a uniform prior and a deterministic release, the prosecutor's average risk `J / n` is the posterior Bayes vulnerability, and `log2 J` the min-entropy leakage
/// (Smith 2009): k-anonymity and quantitative information flow read the same counter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Anonymity {
    /// Sizes of each class, in the sample and in the population; none is empty in the sample.
    classes: Vec<(u64, u64)>,
}

impl Anonymity {
    /// Of classes with `(n, f)` people. Those with nobody of the sample in them are left out.
    pub fn of(classes: impl IntoIterator<Item = (u64, u64)>) -> Self {
        let mut classes: Vec<(u64, u64)> = classes.into_iter().filter(|(n, _)| *n > 0).collect();
        // Sums of floats are the same whatever the order of the classes was.
        classes.sort_unstable();
        Anonymity { classes }
    }

    /// People of the sample.
    pub fn people(&self) -> u64 {
        self.classes.iter().map(|(n, _)| n).sum()
    }

    /// Classes.
    pub fn classes(&self) -> u64 {
        self.classes.len() as u64
    }

    /// Size of the smallest class: `k` of k-anonymity; 0 if there is none.
    pub fn smallest(&self) -> u64 {
        self.classes.first().map_or(0, |(n, _)| *n)
    }

    /// People in classes of fewer than `k`.
    pub fn people_below(&self, k: u64) -> u64 {
        self.classes.iter().filter(|(n, _)| *n < k).map(|(n, _)| n).sum()
    }

    /// Share of people who are found if one of each class is: `J / n`.
    pub fn prosecutor(&self) -> f64 {
        ratio(self.classes() as f64, self.people())
    }

    /// Share of people whose risk `1 / n` of their class is above a threshold.
    pub fn prosecutor_above(&self, threshold: f64) -> f64 {
        let above = self.classes.iter().filter(|(n, _)| 1.0 / *n as f64 > threshold).map(|(n, _)| n).sum::<u64>();
        ratio(above as f64, self.people())
    }

    /// The larger of `J / sum f`, over the classes of the sample, and the marketer's risk.
    pub fn journalist(&self) -> f64 {
        let population = self.classes.iter().map(|(_, f)| f).sum();
        ratio(self.classes() as f64, population).max(self.marketer())
    }

    /// Share of people of the sample whose risk `1 / f` is above a threshold.
    pub fn journalist_above(&self, threshold: f64) -> f64 {
        let above = self.classes.iter().filter(|(_, f)| 1.0 / *f as f64 > threshold).map(|(n, _)| n).sum::<u64>();
        ratio(above as f64, self.people())
    }

    /// Mean of `1 / f` over the people of the sample.
    pub fn marketer(&self) -> f64 {
        let found = self.classes.iter().map(|&(n, f)| n as f64 / f as f64).sum();
        ratio(found, self.people())
    }
}

/// A share of nobody is 0.
fn ratio(some: f64, all: u64) -> f64 {
    if all == 0 { 0.0 } else { some / all as f64 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn risks_by_hand() {
        // Ten people: one alone, four alike, five alike; in a population of 2, 4 and 10.
        let of = Anonymity::of([(5, 10), (0, 3), (1, 2), (4, 4)]);
        assert_eq!((of.people(), of.classes(), of.smallest()), (10, 3, 1));
        assert_eq!((of.people_below(2), of.people_below(5), of.people_below(6)), (1, 5, 10));
        assert!((of.prosecutor() - 0.3).abs() < 1e-15);
        assert!((of.marketer() - (0.5 + 1.0 + 0.5) / 10.0).abs() < 1e-15);
        assert!((of.journalist() - 0.2).abs() < 1e-15);
        assert_eq!((of.prosecutor_above(0.21), of.journalist_above(0.21)), (0.5, 0.5));
        let nobody = Anonymity::of([]);
        assert_eq!((nobody.smallest(), nobody.prosecutor(), nobody.journalist()), (0, 0.0, 0.0));
    }

    proptest! {
        /// `J / n` is the mean over people of `1 / n` of their class; and prosecutor >= journalist >= marketer.
        #[test]
        fn the_mean_risk_is_classes_by_people(sizes in proptest::collection::vec((1u64..40, 0u64..60), 1..60)) {
            let of = Anonymity::of(sizes.iter().map(|&(n, more)| (n, n + more)));
            let people: Vec<f64> = sizes.iter().flat_map(|&(n, _)| (0..n).map(move |_| 1.0 / n as f64)).collect();
            let mean = people.iter().sum::<f64>() / people.len() as f64;
            prop_assert!((of.prosecutor() - mean).abs() < 1e-12);
            prop_assert!(of.prosecutor() >= of.journalist() - 1e-12 && of.journalist() >= of.marketer());
            prop_assert_eq!(of.people_below(of.smallest()), 0);
        }
    }
}
