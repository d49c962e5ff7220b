//! Leaving the service as the only way to object.

use super::{Checker, Names};
use crate::scenario::source::Path;
use crate::scenario::{Uninstall, schema};

impl Checker<'_> {
    pub(super) fn uninstall(&mut self, file: &schema::File, names: &Names) -> Option<Uninstall> {
        let u = file.uninstall.as_ref()?;
        let path = Path::root().key("uninstall");
        let purposes = self.mask(&path.key("purposes"), "purpose", &u.purposes, names.purposes) as u32;
        if u.purposes.is_empty() {
            let help = "name at least one, or take [uninstall] out".into();
            self.error(&path.key("purposes"), "nobody leaves: `purposes` is empty".into(), "empty", help);
            self.hint("who objects to any of these purposes leaves");
        }
        let within = u.within_days.value;
        if !(1.0..=3653.0).contains(&within) || within.fract() != 0.0 {
            let help = "write a whole number of days between 1 and 3653".into();
            let message = format!("`within_days` is out of range: {within}");
            self.error(&path.key("within_days").key("value"), message, "out of range", help);
            return None;
        }
        if super::last_day(&file.scenario).is_some_and(|last| u.from.0 > last) {
            let message = "nobody leaves in this run: it ends before the first day of leaving".into();
            let help = "write an earlier day, run longer (`days`), or take [uninstall] out".into();
            self.warning(&path.key("from"), message, "after the last day of the run", help);
        }
        Some(Uninstall { purposes, from: u.from.0, within: within as u32 })
    }
}
