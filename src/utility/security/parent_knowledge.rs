//! What the parent returns about an account, and with what probability.

use crate::scenario::{Security, SharedCategory, Standing};

/// As what identifiers reach the parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As they are. As hashes without a key, which whoever has a list of numbers turns back, and under a key of the service that hashes the parent's list for it, accounts are found just as well.
    Exact,
    /// Under a key that changes by the week: what the parent has learnt within the week is found, nothing from before.
    Weekly,
    /// In counts over groups alone: no account is found.
    Counted,
}

impl Form {
    /// All, each with its words; several ways find just as well.
    pub const ALL: [(&str, Form); 5] = [
        ("exact", Form::Exact),
        ("hashed", Form::Exact),
        ("keyed", Form::Exact),
        ("rotated_weekly", Form::Weekly),
        ("counted", Form::Counted),
    ];
}

/// What the parent knows, and how it is found.
#[derive(Clone, Debug, PartialEq)]
pub struct ParentKnowledge {
    /// Categories that it may be told; bit `i` of a subset is number `i`.
    pub categories: Vec<SharedCategory>,
    /// What it knows of accounts.
    pub standing: Standing,
    /// Share of that which was learnt within a week.
    pub within_a_week: f64,
}

/// Points and their probabilities, which sum to 1.
pub type Added = Vec<(i32, f64)>;

impl ParentKnowledge {
    /// As a scenario has it.
    pub fn new(asked: &Security) -> Self {
        ParentKnowledge {
            categories: asked.categories.clone(),
            standing: asked.standing.clone(),
            within_a_week: asked.within_a_week,
        }
    }

    /// The same parent, whose knowledge has as much to do with abuse as this.
    pub fn with_lift(&self, lift: f64) -> Self {
        ParentKnowledge { standing: Standing { lift, ..self.standing.clone() }, ..self.clone() }
    }

    /// Subset of categories from a mask of all categories of the scenario.
    pub fn subset(&self, mask: u32) -> u32 {
        let bit = |(i, of): (usize, &SharedCategory)| (mask >> of.category & 1) << i;
        self.categories.iter().enumerate().map(bit).sum()
    }

    /// Fewest points that are added, 0 at most, and most points.
    pub fn range(&self) -> (i32, i32) {
        let points = self.standing.points;
        let marks: i32 = self.categories.iter().map(|of| i32::from(of.points)).sum();
        (points.iter().copied().min().unwrap_or(0).min(0), points.iter().copied().max().unwrap_or(0).max(0) + marks)
    }

    /// Chance that a subset of the categories finds the account that somebody has with the parent.
    pub fn found(&self, subset: u32) -> f64 {
        let shared = self.categories.iter().enumerate().filter(|(i, _)| subset >> i & 1 == 1);
        1.0 - shared.map(|(_, of)| 1.0 - of.finds).product::<f64>()
    }

    /// Points that a subset of the categories adds to an account, abusive or not, of somebody whom the parent knows or not.
    pub fn added(&self, subset: u32, form: Form, abusive: bool, known: bool) -> Added {
        let of_kind = |shares: [f64; 2]| {
            let lift = if abusive { self.standing.lift } else { 0.0 };
            shares[0] + lift * (shares[1] - shares[0])
        };
        let shared =
            || self.categories.iter().enumerate().filter(|(i, _)| subset >> i & 1 == 1 && form != Form::Counted);
        let found = if known && form != Form::Counted { self.found(subset) } else { 0.0 };
        let (flagged, young) = (of_kind(self.standing.flagged), of_kind(self.standing.young));
        let [of_flagged, of_young, of_good] = self.standing.points;
        let mut added = match form {
            Form::Weekly => vec![(of_flagged, found * flagged * self.within_a_week)],
            _ => vec![
                (of_flagged, found * flagged),
                (of_young, found * young),
                (of_good, found * (1.0 - flagged - young).max(0.0)),
            ],
        };
        let rest = 1.0 - added.iter().map(|(_, share)| share).sum::<f64>();
        added.push((0, rest));
        for (_, of) in shared() {
            let marked = of_kind(of.marks);
            if marked > 0.0 && of.points > 0 {
                let with = added.iter().map(|&(points, share)| (points + i32::from(of.points), share * marked));
                let without = added.iter().map(|&(points, share)| (points, share * (1.0 - marked)));
                added = with.chain(without).collect();
            }
        }
        gather(added)
    }
}

/// Sums the probabilities of equal points.
fn gather(mut added: Added) -> Added {
    added.sort_by_key(|of| of.0);
    added.retain(|of| of.1 != 0.0);
    added.dedup_by(|next, first| {
        let same = next.0 == first.0;
        if same {
            first.1 += next.1;
        }
        same
    });
    added
}

#[cfg(test)]
mod tests {
    use super::*;

    fn knowledge(lift: f64) -> ParentKnowledge {
        let category = |category, finds, marks, points| SharedCategory { category, finds, marks, points };
        ParentKnowledge {
            categories: vec![
                category(0, 0.5, [0.0; 2], 0),
                category(3, 0.5, [0.0; 2], 0),
                category(4, 0.0, [0.2, 0.6], 4),
            ],
            standing: Standing { flagged: [0.01, 0.4], young: [0.1, 0.3], points: [20, 5, -5], lift },
            within_a_week: 0.25,
        }
    }

    fn share(added: &Added, points: i32) -> f64 {
        added.iter().find(|of| of.0 == points).map_or(0.0, |of| of.1)
    }

    #[test]
    fn either_of_two_finds_an_account() {
        let of = knowledge(1.0);
        assert_eq!((of.subset(0b1_1001), of.subset(0b0_1000), of.subset(0b110)), (0b111, 0b010, 0));
        let both = of.added(0b011, Form::Exact, true, true);
        assert!((share(&both, 20) - 0.75 * 0.4).abs() < 1e-12 && (share(&both, -5) - 0.75 * 0.3).abs() < 1e-12);
        assert!((share(&of.added(0b001, Form::Exact, true, true), 20) - 0.2).abs() < 1e-12);
        // Who has no account is not found, but a mark needs none.
        assert_eq!(of.added(0b011, Form::Exact, true, false), [(0, 1.0)]);
        let marked = of.added(0b111, Form::Exact, true, false);
        assert!((share(&marked, 4) - 0.6).abs() < 1e-12 && (share(&marked, 0) - 0.4).abs() < 1e-12);
        assert_eq!(of.added(0b111, Form::Counted, true, true), [(0, 1.0)]);
        assert!((share(&of.added(0b011, Form::Weekly, true, true), 20) - 0.75 * 0.4 * 0.25).abs() < 1e-12);
        for subset in 0..8 {
            for (_, form) in Form::ALL {
                let all: f64 = of.added(subset, form, false, true).iter().map(|of| of.1).sum();
                assert!((all - 1.0).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn without_lift_the_abusive_are_like_everybody() {
        let of = knowledge(0.0);
        for subset in 0..8 {
            for (_, form) in Form::ALL {
                assert_eq!(of.added(subset, form, true, true), of.added(subset, form, false, true));
            }
        }
    }
}
