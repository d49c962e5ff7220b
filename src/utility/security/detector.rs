//! Scores of all accounts, under what the parent is told.

use super::account_counts::{AccountCounts, AccountKind};
use super::parent_knowledge::{Form, ParentKnowledge};
use crate::statistics::{Cut, ScoreCounts};

/// What is told about whom: a subset of categories for each merged class of people.
#[derive(Clone, Debug, PartialEq)]
pub enum Told {
    /// The same about everybody.
    Everybody(u32),
    /// By merged class.
    ByClass(Vec<u32>),
}

impl Told {
    fn about(&self, class: u16) -> u32 {
        match self {
            Told::Everybody(subset) => *subset,
            Told::ByClass(subsets) => subsets[usize::from(class)],
        }
    }
}

/// Scores by kind of account, as a mass of accounts: what the parent adds is not drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct KindScores {
    /// By kind: ordinary accounts, then each abuse class.
    by_kind: Vec<Vec<f64>>,
}

/// Adds up scores.
#[derive(Clone, Copy, Debug)]
pub struct Detector<'a> {
    /// Accounts.
    pub counts: &'a AccountCounts,
    /// What the parent knows.
    pub parent: &'a ParentKnowledge,
    /// As what it is told.
    pub form: Form,
}

impl Detector<'_> {
    /// Scores over the whole run.
    pub fn scores(&self, told: &Told) -> KindScores {
        self.sum(told, 0, |of| self.counts.of(of))
    }

    /// Scores of abusive accounts up to a day; none of ordinary ones.
    pub fn until(&self, told: &Told, day: usize) -> KindScores {
        self.sum(told, 1, |of| self.counts.until(of, day))
    }

    fn sum<'c>(&self, told: &Told, first: usize, counts: impl Fn(AccountKind) -> &'c [u64]) -> KindScores {
        let (least, most) = self.parent.range();
        let size = (self.counts.points as i32 + most - least) as usize;
        let mut by_kind = vec![vec![0.0; size]; self.counts.kinds];
        // Classes about whom the same is told are taken together, whole numbers before probabilities.
        let mut subsets: Vec<u32> = self.counts.classes().map(|class| told.about(class)).collect();
        subsets.sort_unstable();
        subsets.dedup();
        let mut sum = vec![0u64; self.counts.points];
        for subset in subsets {
            for (kind, scores) in by_kind.iter_mut().enumerate().skip(first) {
                for known in [false, true] {
                    sum.fill(0);
                    for class in self.counts.classes().filter(|&class| told.about(class) == subset) {
                        let of = counts(AccountKind { class, kind, known });
                        sum.iter_mut().zip(of).for_each(|(sum, n)| *sum += n);
                    }
                    for (added, share) in self.parent.added(subset, self.form, kind > 0, known) {
                        let from = (added - least) as usize;
                        for (score, &n) in scores[from..].iter_mut().zip(&sum) {
                            *score += n as f64 * share;
                        }
                    }
                }
            }
        }
        KindScores { by_kind }
    }
}

impl KindScores {
    /// Ordinary accounts against all abusive ones.
    pub fn all(&self) -> ScoreCounts {
        let mut sought = vec![0.0; self.by_kind[0].len()];
        for scores in &self.by_kind[1..] {
            sought.iter_mut().zip(scores).for_each(|(sum, n)| *sum += n);
        }
        ScoreCounts { ordinary: self.by_kind[0].clone(), sought }
    }

    /// Share of the accounts of a kind, or of all abusive ones, that a cut takes; 0 of none.
    pub fn recall(&self, cut: Cut, kind: Option<usize>) -> f64 {
        let kinds = kind.map_or(1..self.by_kind.len(), |kind| kind..kind + 1);
        let (mut taken, mut all) = (0.0, 0.0);
        for scores in &self.by_kind[kinds] {
            taken += cut.taken(scores);
            all += scores.iter().sum::<f64>();
        }
        if all > 0.0 { (taken / all).min(1.0) } else { 0.0 }
    }
}
