//! How far what is assumed of the parent's knowledge might be off.

use rand::RngExt;

use super::parent_knowledge::ParentKnowledge;
use crate::random::PhiloxRng;

/// A parameter, and within which factors of what the scenario says it might lie. `lift` lies between these numbers themselves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Assumption {
    /// Its name.
    pub name: &'static str,
    /// From, to.
    pub range: (f64, f64),
}

/// All that are varied.
pub const ASSUMPTIONS: [Assumption; 6] = [
    Assumption { name: "lift", range: (0.0, 1.0) },
    Assumption { name: "finds", range: (0.5, 1.3) },
    Assumption { name: "flagged_abusive", range: (0.5, 1.5) },
    Assumption { name: "flagged_ordinary", range: (0.2, 5.0) },
    Assumption { name: "young_abusive", range: (0.5, 1.5) },
    Assumption { name: "marks_abusive", range: (0.5, 1.4) },
];

impl Assumption {
    /// The parent's knowledge with this factor on the parameter. Shares stay shares.
    pub fn with(self, parent: &ParentKnowledge, factor: f64) -> ParentKnowledge {
        let mut varied = parent.clone();
        let standing = &mut varied.standing;
        match self.name {
            "lift" => standing.lift = factor,
            "finds" => varied.categories.iter_mut().for_each(|of| of.finds = (of.finds * factor).min(1.0)),
            "flagged_abusive" => standing.flagged[1] = (standing.flagged[1] * factor).min(1.0 - standing.young[1]),
            "flagged_ordinary" => standing.flagged[0] = (standing.flagged[0] * factor).min(1.0 - standing.young[0]),
            "young_abusive" => standing.young[1] = (standing.young[1] * factor).min(1.0 - standing.flagged[1]),
            _ => varied.categories.iter_mut().for_each(|of| of.marks[1] = (of.marks[1] * factor).min(1.0)),
        }
        varied
    }
}

/// The parent's knowledge with all assumptions drawn, each evenly within its range, independently.
pub fn drawn(parent: &ParentKnowledge, rng: &mut PhiloxRng) -> ParentKnowledge {
    ASSUMPTIONS.iter().fold(parent.clone(), |parent, assumption| {
        let (from, to) = assumption.range;
        assumption.with(&parent, from + (to - from) * rng.random::<f64>())
    })
}
