//! Which models of what purposes achieve are asked for.

use std::ops::RangeInclusive;

use super::{Checker, Names};
use crate::scenario::source::Path;
use crate::scenario::{BusinessIntelligence, Utility, schema};

/// Bits that number the registers of a sketch.
pub const SKETCH_BITS: RangeInclusive<u32> = 4..=20;
/// Privacy losses, least and most.
pub const EPSILON: RangeInclusive<f64> = 1e-6..=1e3;
/// Relative errors that are tolerated, least and most.
pub const TOLERANCE: RangeInclusive<f64> = 1e-6..=1.0;
/// Sketches, or privacy losses, that are tried at most.
const MOST_TRIED: usize = 20;

impl Checker<'_> {
    /// The models that are asked for; none if none is.
    pub(super) fn utility(&mut self, file: &schema::File, names: &Names) -> Option<Utility> {
        let e = file.utility.as_ref()?.business_intelligence.as_ref()?;
        let path = Path::root().key("utility").key("business_intelligence");
        let purpose = names.purposes.iter().position(|id| *id == e.purpose);
        if purpose.is_none() {
            self.unknown(&path.key("purpose"), "purpose", &e.purpose, names.purposes);
        }
        let identifiers = self.mask(&path.key("identifiers"), "category", &e.identifiers, names.categories) as u32;
        if e.identifiers.is_empty() {
            let help = "name at least one category, such as \"phone_number\"".into();
            self.error(&path.key("identifiers"), "nobody can be told by nothing".into(), "empty", help);
        }
        self.each_within(&path.key("sketch_bits"), &e.sketch_bits, SKETCH_BITS);
        self.each_within(&path.key("epsilon"), &e.epsilon, EPSILON);
        self.each_within(&path.key("tolerance").key("value"), &[e.tolerance.value], TOLERANCE);
        Some(Utility {
            business_intelligence: Some(BusinessIntelligence {
                purpose: purpose?,
                identifiers,
                sketch_bits: e.sketch_bits.clone(),
                epsilon: e.epsilon.clone(),
                tolerance: e.tolerance.value,
            }),
        })
    }

    /// Numbers of a list lie in a range, and each stands once.
    fn each_within<T: PartialOrd + std::fmt::Display + std::fmt::LowerExp>(
        &mut self,
        path: &Path,
        list: &[T],
        range: RangeInclusive<T>,
    ) {
        let at = |i: usize| if list.len() == 1 { path.clone() } else { path.index(i) };
        for (i, value) in list.iter().enumerate() {
            if !range.contains(value) {
                let help = format!("write a number between {:e} and {:e}", range.start(), range.end());
                self.error(&at(i), format!("{value} is out of range"), "out of range", help);
            }
            if list[..i].contains(value) {
                let help = "remove one of the two; was another number meant?".into();
                self.error(&at(i), format!("{value} stands twice in the list"), "again here", help);
            }
        }
        if list.len() > MOST_TRIED {
            let help = format!("name {MOST_TRIED} at most");
            self.error(path, format!("{} are too many to try", list.len()), "too many", help);
        }
    }
}
