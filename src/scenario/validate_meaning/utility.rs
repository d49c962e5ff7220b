//! Which models of what purposes achieve are asked for.

use std::ops::RangeInclusive;

use super::{Checker, Names};
use crate::scenario::source::Path;
use crate::scenario::{Advertising, BusinessIntelligence, INDICATORS, Utility, schema};

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
        let e = file.utility.as_ref()?;
        let utility = Utility {
            business_intelligence: e.business_intelligence.as_ref().and_then(|e| self.business_intelligence(e, names)),
            security: e.security.as_ref().and_then(|e| self.security(e, file, names)),
            advertising: e.advertising.as_ref().and_then(|e| self.advertising(e, names)),
        };
        (utility != Utility::default()).then_some(utility)
    }

    fn business_intelligence(
        &mut self,
        e: &schema::BusinessIntelligenceEntry,
        names: &Names,
    ) -> Option<BusinessIntelligence> {
        let path = Path::root().key("utility").key("business_intelligence");
        let purpose = self.purpose(&path, &e.purpose, names);
        let identifiers = self.identifiers(&path, &e.identifiers, names);
        self.each_within(&path.key("sketch_bits"), &e.sketch_bits, SKETCH_BITS);
        self.each_within(&path.key("epsilon"), &e.epsilon, EPSILON);
        self.each_within(&path.key("tolerance").key("value"), &[e.tolerance.value], TOLERANCE);
        for (indicator, tolerance) in &e.tolerances {
            let path = path.key("tolerances").key(indicator);
            if !INDICATORS.contains(&indicator.as_str()) {
                self.unknown(&path, "indicator", indicator, &INDICATORS);
            }
            self.each_within(&path.key("value"), &[tolerance.value], TOLERANCE);
        }
        Some(BusinessIntelligence {
            purpose: purpose?,
            identifiers,
            sketch_bits: e.sketch_bits.clone(),
            epsilon: e.epsilon.clone(),
            tolerances: INDICATORS.map(|indicator| e.tolerances.get(indicator).unwrap_or(&e.tolerance).value),
        })
    }

    fn advertising(&mut self, e: &schema::AdvertisingEntry, names: &Names) -> Option<Advertising> {
        let path = Path::root().key("utility").key("advertising");
        let purpose = self.purpose(&path, &e.purpose, names);
        let identifiers = self.identifiers(&path, &e.identifiers, names);
        self.each_within(&path.key("revenue").key("value"), &[e.revenue.value], 0.0..=1e6);
        for (key, lost) in [("lost_least", &e.lost_least), ("lost_most", &e.lost_most)] {
            self.each_within(&path.key(key).key("value"), &[lost.value], 0.0..=1.0);
        }
        if e.lost_least.value > e.lost_most.value {
            let help = "swap the two".into();
            self.error(&path.key("lost_most").key("value"), "the most is below the least".into(), "too low", help);
        }
        Some(Advertising {
            purpose: purpose?,
            identifiers,
            revenue: e.revenue.value,
            lost: [e.lost_least.value, e.lost_most.value],
        })
    }

    /// Index of a purpose.
    pub(super) fn purpose(&mut self, path: &Path, id: &str, names: &Names) -> Option<usize> {
        let purpose = names.purposes.iter().position(|known| *known == id);
        if purpose.is_none() {
            self.unknown(&path.key("purpose"), "purpose", id, names.purposes);
        }
        purpose
    }

    /// Mask of the categories that tell whose account it is.
    fn identifiers(&mut self, path: &Path, identifiers: &[String], names: &Names) -> u32 {
        if identifiers.is_empty() {
            let help = "name at least one category, such as \"phone_number\"".into();
            self.error(&path.key("identifiers"), "nobody can be told by nothing".into(), "empty", help);
        }
        self.mask(&path.key("identifiers"), "category", identifiers, names.categories) as u32
    }

    /// Numbers of a list lie in a range, and each stands once.
    pub(super) fn each_within<T: PartialOrd + std::fmt::Display + std::fmt::LowerExp>(
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
