//! What is asked beside the tables that every run has.

use std::collections::HashSet;
use std::hash::Hash;

use super::Checker;
use crate::scenario::source::Path;
use crate::scenario::{Knowledge, MetricFamily, schema};

/// Telephone numbers that a world may have, least and most.
pub const PHONE_NUMBERS: (f64, f64) = (1.0, 1e15);

impl Checker<'_> {
    /// What is asked about the parent's knowledge; none if nothing is.
    pub(super) fn exposure(&mut self, file: &schema::File) -> Option<Knowledge> {
        let e = file.exposure.as_ref()?;
        let path = Path::root().key("exposure");
        self.each_once(&path.key("metrics"), &e.metrics, MetricFamily::id);
        self.each_once(&path.key("quasi_identifiers"), &e.quasi_identifiers, schema::QuasiIdentifier::id);
        if e.quasi_identifiers.is_empty() && e.metrics.contains(&MetricFamily::SinglingOut) {
            let help = "name at least one, or leave `quasi_identifiers` out: then all of them are".into();
            self.error(&path.key("quasi_identifiers"), "nobody can be told apart by nothing".into(), "empty", help);
        }
        let (numbers, (least, most)) = (e.phone_numbers.value, PHONE_NUMBERS);
        if !(least..=most).contains(&numbers) {
            let message = format!("`phone_numbers` is out of range: {numbers}");
            let help = format!("write a number of telephone numbers between {least} and {most:e}, such as 8.0e9");
            self.error(&path.key("phone_numbers").key("value"), message, "out of range", help);
        }
        let mut families = e.metrics.clone();
        families.sort_unstable();
        families.dedup();
        let mut quasi_identifiers = e.quasi_identifiers.clone();
        quasi_identifiers.sort_unstable();
        quasi_identifiers.dedup();
        let asked = Knowledge { families, communities: e.sample, quasi_identifiers, phone_numbers: numbers };
        (!asked.families.is_empty()).then_some(asked)
    }

    /// Warns of what a list names again.
    fn each_once<T: Copy + Eq + Hash>(&mut self, path: &Path, list: &[T], id: impl Fn(T) -> &'static str) {
        let mut seen = HashSet::new();
        for (i, &one) in list.iter().enumerate().filter(|(_, one)| !seen.insert(**one)) {
            let message = format!("`{}` stands twice in the list", id(one));
            let help = "remove one of the two; was another name meant?".into();
            self.warning(&path.index(i), message, "again here", help);
        }
    }
}
