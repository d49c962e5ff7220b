//! Lists that are no tables of their own: operating systems and time zones, over all jurisdictions.

use std::collections::BTreeSet;

use super::Checker;
use crate::scenario::source::Path;
use crate::scenario::{MAX_SYSTEMS, MAX_ZONES, minutes_east, schema};

impl Checker<'_> {
    /// A person's operating system and a community's time zone are a byte each.
    pub(super) fn lists(&mut self, file: &schema::File) {
        let mut systems = BTreeSet::new();
        let mut zones = BTreeSet::new();
        let (mut odd_system, mut odd_zone) = (None, None);
        for (i, j) in file.jurisdictions.iter().enumerate() {
            let path = Path::root().key("jurisdiction").index(i);
            for name in j.os.keys() {
                if systems.insert(name) && systems.len() > MAX_SYSTEMS {
                    odd_system.get_or_insert((path.key("os").key(name), name));
                }
            }
            for (z, zone) in j.time_zones.iter().enumerate() {
                if zones.insert(minutes_east(zone.utc_offset)) && zones.len() > MAX_ZONES {
                    odd_zone.get_or_insert((path.key("time_zones").index(z).key("utc_offset"), zone.utc_offset));
                }
            }
        }
        if let Some((path, name)) = odd_system {
            let message = format!("too many operating systems: {}", systems.len());
            let help =
                format!("keep {MAX_SYSTEMS} of them: give `{name}` and others that are rare to one called `other`");
            self.error(&path, message, "one too many", help);
            self.hint("counted are different names, over all jurisdictions");
        }
        if let Some((path, offset)) = odd_zone {
            let message = format!("too many time zones: {}", zones.len());
            let help = format!("keep {MAX_ZONES} of them: round {offset} and others to quarters of an hour");
            self.error(&path, message, "one too many", help);
            self.hint("counted are different offsets, to the minute, over all jurisdictions; the world has 38");
        }
    }
}
