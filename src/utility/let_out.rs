//! How a user's identifier reaches the parent under a policy.

use crate::policy::{Compiled, DecisionIndex};
use crate::scenario::{Kind, Resolution};

/// How a user's identifier reaches the parent, from what tells most to what tells least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LetOut {
    /// As it is, or so that it can be found out: as a hash without a key.
    Identified,
    /// As a hash under a key of the service, which hashes the parent's list for it: accounts are matched, numbers are not told.
    Pseudonymous,
    /// Only in what the service makes of many people: counts, sketches.
    Counted,
    /// Not at all.
    Kept,
}

/// By merged class: the most that a policy lets out for a purpose of any of these categories, about whoever does something of any kind in the run.
pub fn by_class(compiled: &Compiled, (policy, purpose): (usize, usize), identifiers: u32) -> Vec<LetOut> {
    let layers = compiled.layers();
    let of_class = |class: usize| {
        let mut most = LetOut::Kept;
        for period in 0..compiled.periods.len() {
            for kind in 0..Kind::COUNT {
                for (i, resolution) in compiled.resolutions.iter().enumerate() {
                    // With one resolution alone there is but the layer of all that is let out.
                    let layer = if layers == 1 { 0 } else { i + 1 };
                    let at = DecisionIndex { period, policy, purpose, kind };
                    if compiled.actor_mask(at, class, layer) & identifiers != 0 {
                        most = most.min(match resolution {
                            Resolution::Exact | Resolution::HashBits(_) => LetOut::Identified,
                            Resolution::KeyedHash | Resolution::Round(_) => LetOut::Pseudonymous,
                            Resolution::Aggregate(_) => LetOut::Counted,
                        });
                    }
                }
            }
        }
        most
    };
    (0..compiled.classes.len()).map(of_class).collect()
}
