//! Jurisdictions, and the rates of objection and agreement of their users.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Checker, Names};
use crate::scenario::diagnostic::{Diagnostic, nearest};
use crate::scenario::source::Path;
use crate::scenario::{Jurisdiction, minutes_east, schema};

/// With more operating systems than there are in the world, names that are nearly alike are no slip.
const MOST_SYSTEMS: usize = 100;

impl Checker<'_> {
    pub(super) fn jurisdictions(&mut self, file: &schema::File, names: &Names) -> Vec<Jurisdiction> {
        let mut os_names: Vec<&String> = file.jurisdictions.iter().flat_map(|j| j.os.keys()).collect();
        os_names.sort_unstable();
        os_names.dedup();
        let mut owners: BTreeMap<&str, usize> = BTreeMap::new();
        for name in file.jurisdictions.iter().flat_map(|j| j.os.keys()) {
            *owners.entry(name).or_default() += 1;
        }
        let mut all = Vec::new();
        for (i, j) in file.jurisdictions.iter().enumerate() {
            let path = Path::root().key("jurisdiction").index(i);
            let objects = self.rates(&path.key("objects"), &j.objects, names.purposes);
            let agrees = self.rates(&path.key("agrees"), &j.agrees, names.purposes);
            self.odd_systems(&path.key("os"), j, &owners);
            all.push(Jurisdiction {
                bands: Vec::new(),
                code: Arc::from(j.code.as_str()),
                title: j.title.clone(),
                share: j.share,
                users: j.users,
                parent_account: j.parent_account,
                parent_account_non_users: j.parent_account_non_users,
                objects,
                agrees,
                os: os_names.iter().map(|name| j.os.get(*name).copied().unwrap_or(0.0)).collect(),
                time_zones: j.time_zones.iter().map(|z| (minutes_east(z.utc_offset), z.share)).collect(),
            });
        }
        all
    }

    /// An operating system of this jurisdiction alone whose name is nearly that of another's: a new one by mistake. `owners`
    /// says how many jurisdictions have each.
    fn odd_systems(&mut self, path: &Path, jurisdiction: &schema::JurisdictionEntry, owners: &BTreeMap<&str, usize>) {
        if owners.len() > MOST_SYSTEMS {
            return;
        }
        let own = |name: &&String| owners.get(name.as_str()) == Some(&1);
        let theirs = |name: &str| owners.get(name).is_some_and(|&n| n > 1) || !jurisdiction.os.contains_key(name);
        let others: Vec<&str> = owners.keys().copied().filter(|name| theirs(name)).collect();
        for name in jurisdiction.os.keys().filter(own) {
            let near = nearest(name, others.iter().copied());
            let place = self.root.key_place(&path.key(name)).cloned();
            if let (Some(near), Some(place)) = (near, place) {
                self.report(
                    Diagnostic::warning(format!("no other jurisdiction has an operating system `{name}`"))
                        .at(&place, "only here")
                        .help(format!("did you mean `{near}`?"))
                        .hint("a new name is a new operating system"),
                );
            }
        }
    }

    /// Nobody objects and agrees at once. What is too much because both rates are rounded is taken off the second.
    pub(super) fn choices(&mut self, file: &mut schema::File) {
        for (i, j) in file.jurisdictions.iter_mut().enumerate() {
            let path = Path::root().key("jurisdiction").index(i);
            for (purpose, agrees) in &mut j.agrees {
                let objects = j.objects.get(purpose).copied().unwrap_or(0.0);
                let excess = objects + *agrees - 1.0;
                // What is out of range by itself is reported already.
                if objects > 1.0 || *agrees > 1.0 || excess <= 1e-9 {
                    continue;
                }
                if excess > 1e-6 {
                    self.too_many_choose(&path, &j.code, purpose, objects, *agrees);
                    continue;
                }
                *agrees = 1.0 - objects;
                let message = format!("rates of `{purpose}` in {} sum to {}: taken as rounded", j.code, 1.0 + excess);
                let help = "nothing has to be done; with rates that sum to 1 this is not said".into();
                self.warning(&path.key("agrees").key(purpose), message, "so many agree as do not object", help);
            }
        }
    }

    /// More object and agree than there are; of the two rates that of the file is pointed at, not that of a preset.
    fn too_many_choose(&mut self, path: &Path, code: &str, purpose: &str, objects: f64, agrees: f64) {
        let place = |key: &str| self.root.locate_nearest(&path.key(key).key(purpose)).place.clone();
        let (objecting, agreeing) = (place("objects"), place("agrees"));
        let own = self.root.locate_nearest(path).place.source.clone();
        let message = format!("in {code} more than everybody has a choice about `{purpose}`");
        let (first, second) = ((objecting, format!("{objects} object")), (agreeing, format!("{agrees} agree")));
        let (first, second) = if first.0.source == own { (first, second) } else { (second, first) };
        let excess = super::ranges::rounded(objects + agrees - 1.0);
        self.report(
            Diagnostic::error(message)
                .at(&first.0, first.1)
                .also(&second.0, second.1)
                .help(format!("take {excess} off one of the two rates"))
                .hint("nobody can object and agree at once"),
        );
    }

    /// A rate for each purpose.
    fn rates(&mut self, path: &Path, rates: &BTreeMap<String, f64>, purposes: &[&str]) -> Vec<f64> {
        for name in rates.keys() {
            if !purposes.contains(&name.as_str())
                && let Some(place) = self.root.key_place(&path.key(name)).cloned()
            {
                self.unknown_at(&place, "purpose", name, purposes);
            }
        }
        purposes.iter().map(|p| rates.get(*p).copied().unwrap_or(0.0)).collect()
    }

    /// Every purpose needs a rate of objection and one of agreement in every jurisdiction: one error a purpose.
    pub(super) fn missing_rates(&mut self, file: &schema::File) {
        for (p, purpose) in file.purposes.iter().enumerate() {
            let id = purpose.id.as_str();
            let lacks = |rates: &BTreeMap<String, f64>| !rates.contains_key(id);
            let without: Vec<(usize, &schema::JurisdictionEntry)> =
                file.jurisdictions.iter().enumerate().filter(|(_, j)| lacks(&j.objects) || lacks(&j.agrees)).collect();
            let Some((index, first)) = without.first() else { continue };
            let both = [("objects", "object", 0.2, &first.objects), ("agrees", "agree", 0.3, &first.agrees)];
            let missing: Vec<_> = both.iter().filter(|m| lacks(m.3)).collect();
            let verbs: Vec<&str> = missing.iter().map(|m| m.1).collect();
            let codes: Vec<&str> = without.iter().map(|(_, j)| j.code.as_str()).collect();
            let message = format!("nothing says how many {} to `{id}` in {}", verbs.join(" and "), codes.join(", "));
            let lines: Vec<String> = missing.iter().map(|m| format!("\n  {} = {{ {id} = {} }}", m.0, m.2)).collect();
            let help = format!("below [[jurisdiction]] with code = \"{}\" write{}", first.code, lines.concat());
            let at = match without.len() == file.jurisdictions.len() {
                true => Path::root().key("purpose").index(p).key("id"),
                false => Path::root().key("jurisdiction").index(*index),
            };
            self.error(&at, message, "no rate for this purpose", help);
            self.hint(
                "every purpose needs both rates in every jurisdiction; those of other purposes may stay in a preset",
            );
        }
    }
}
