//! What is asked beside the tables that every run has.

use std::collections::{BTreeMap, HashSet};
use std::hash::Hash;

use super::{Checker, Names};
use crate::scenario::schema::{ANY_JURISDICTION, NETWORK_CODES, QuasiIdentifier, Shares, TIMES_OF_USE, USUAL_SYSTEMS};
use crate::scenario::source::Path;
use crate::scenario::{Knowledge, MetricFamily, NamedShares, schema};

/// Telephone numbers that a world may have, least and most.
pub const PHONE_NUMBERS: (f64, f64) = (1.0, 1e15);

/// Options that something may have at most, such as the versions of an operating system: a person's is a byte.
const MOST_OPTIONS: usize = 250;
/// What an operating system is called in messages.
const SYSTEM: &str = "operating system";

impl Checker<'_> {
    /// What is asked about the parent's knowledge; none if nothing is.
    pub(super) fn exposure(&mut self, file: &schema::File, names: &Names) -> Option<Knowledge> {
        let e = file.exposure.as_ref()?;
        let path = Path::root().key("exposure");
        self.each_once(&path.key("metrics"), &e.metrics, MetricFamily::id);
        self.each_once(&path.key("quasi_identifiers"), &e.quasi_identifiers, QuasiIdentifier::id);
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
        let times_of_use = self.named(&path.key("times_of_use"), &e.times_of_use, TIMES_OF_USE, names);
        let without = times_of_use & !names.times;
        if without != 0 {
            let category = names.categories[without.trailing_zeros() as usize];
            let help = format!("name categories that hold a time, or write `time = true` in `{category}`");
            self.error(&path.key("times_of_use"), format!("`{category}` holds no time"), "no time", help);
        }
        let network_codes = self.named(&path.key("network_codes"), &e.network_codes, NETWORK_CODES, names);
        let told_by = QuasiIdentifier::ALL.map(|attribute| match attribute {
            QuasiIdentifier::HoursOfUse => times_of_use,
            QuasiIdentifier::MobileNetwork => network_codes,
            _ => {
                let telling = file.categories.iter().take(32).enumerate();
                let telling = telling.filter(|(_, category)| attribute.told_by().contains(&category.dpv.as_str()));
                telling.fold(0, |mask, (i, _)| mask | 1 << i)
            }
        });
        let systems: BTreeMap<&str, ()> =
            file.jurisdictions.iter().flat_map(|j| j.os.keys().map(|name| (name.as_str(), ()))).collect();
        let systems: Vec<&str> = systems.into_keys().collect();
        self.owners(&path.key("os_versions"), SYSTEM, &e.os_versions, &systems);
        let places: Vec<&str> = names.jurisdictions.iter().copied().chain([ANY_JURISDICTION]).collect();
        self.owners(&path.key("mobile_networks"), "jurisdiction", &e.mobile_networks, &places);
        let of = |all: &BTreeMap<String, Shares>, name: &str| all.get(name).map(named_shares);
        let only = |name: &str| vec![(name.into(), 1.0)];
        let networks = |code: &&str| {
            of(&e.mobile_networks, code)
                .or_else(|| of(&e.mobile_networks, ANY_JURISDICTION))
                .unwrap_or_else(|| only(ANY_JURISDICTION))
        };
        let mut families = e.metrics.clone();
        families.sort_unstable();
        families.dedup();
        let mut quasi_identifiers = e.quasi_identifiers.clone();
        quasi_identifiers.sort_unstable();
        quasi_identifiers.dedup();
        let asked = Knowledge {
            families,
            communities: e.sample,
            quasi_identifiers,
            told_by,
            times_of_use,
            phone_numbers: numbers,
            os_versions: systems.iter().map(|os| of(&e.os_versions, os).unwrap_or_else(|| only(os))).collect(),
            mobile_networks: names.jurisdictions.iter().map(networks).collect(),
        };
        (!asked.families.is_empty()).then_some(asked)
    }

    /// Mask of the categories that a list names; of its usual one none is missed.
    fn named(&mut self, path: &Path, list: &[String], usual: &str, names: &Names) -> u32 {
        let missing = |name: &String| name == usual && !names.categories.contains(&name.as_str());
        let there: Vec<String> = list.iter().filter(|name| !missing(name)).cloned().collect();
        if there.is_empty() { 0 } else { self.mask(path, "category", &there, names.categories) as u32 }
    }

    /// Shares belong to what there is: others are slips, but for those of the systems that every scenario knows of.
    fn owners(&mut self, path: &Path, what: &'static str, all: &BTreeMap<String, Shares>, known: &[&str]) {
        for (name, shares) in all {
            if shares.shares.len() > MOST_OPTIONS {
                let help = format!("put those that few people have together: {MOST_OPTIONS} at most");
                let message = format!("`{name}` has {} options", shares.shares.len());
                self.error(&path.key(name), message, "too many", help);
            }
            let usual = what == SYSTEM && USUAL_SYSTEMS.contains(&name.as_str());
            if !usual && !known.contains(&name.as_str()) {
                self.unknown(&path.key(name), what, name, known);
            }
        }
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

fn named_shares(of: &Shares) -> NamedShares {
    of.shares.iter().map(|(name, &share)| (name.as_str().into(), share)).collect()
}
