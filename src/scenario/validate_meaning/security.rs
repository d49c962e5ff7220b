//! How abusive accounts are found: what a scenario says of it.

use super::{Checker, Names};
use crate::scenario::source::Path;
use crate::scenario::{Link, Security, SharedCategory, Standing, schema};

/// Categories whose subsets are tried, at most: 4,096 subsets.
pub const MOST_SHARED: usize = 12;
/// Points of one signal, at most.
pub const MOST_POINTS: u32 = 100;
/// Steps of a signal, at most.
const MOST_STEPS: usize = 20;

impl Checker<'_> {
    /// How abusive accounts are found.
    pub(super) fn security(
        &mut self,
        e: &schema::SecurityEntry,
        file: &schema::File,
        names: &Names,
    ) -> Option<Security> {
        let path = Path::root().key("utility").key("security");
        let purpose = self.purpose(&path, &e.purpose, names);
        self.each_within(&path.key("curve"), &e.curve, 1e-9..=0.5);
        self.each_within(&path.key("false_bans").key("value"), &[e.false_bans.value], 1e-9..=0.5);
        let standing = &e.standing;
        for (path, quantity) in [
            (path.key("new_accounts"), &e.new_accounts),
            (path.key("caught_at_registration"), &e.caught_at_registration),
            (path.key("lift"), &e.lift),
            (path.key("within_a_week"), &e.within_a_week),
            (path.key("standing").key("flagged_ordinary"), &standing.flagged_ordinary),
            (path.key("standing").key("flagged_abusive"), &standing.flagged_abusive),
            (path.key("standing").key("young_ordinary"), &standing.young_ordinary),
            (path.key("standing").key("young_abusive"), &standing.young_abusive),
        ] {
            self.each_within(&path.key("value"), &[quantity.value], 0.0..=1.0);
        }
        self.each_within(&path.key("new_account_points"), &[e.new_account_points], 0..=MOST_POINTS);
        let most = MOST_POINTS as i32;
        for (i, points) in standing.points.iter().enumerate() {
            self.each_within(&path.key("standing").key("points").index(i), &[*points], -most..=most);
        }
        for (of, flagged, young) in [
            ("ordinary", &standing.flagged_ordinary, &standing.young_ordinary),
            ("abusive", &standing.flagged_abusive, &standing.young_abusive),
        ] {
            if flagged.value + young.value > 1.0 {
                let what = format!("flagged and young accounts of {of} users are more than all");
                let path = path.key("standing").key(&format!("young_{of}")).key("value");
                self.error(&path, what, "too high", "the rest is in good standing: lower one of the two".into());
            }
        }
        let mut curve = e.curve.clone();
        curve.push(e.false_bans.value);
        curve.sort_by(f64::total_cmp);
        curve.dedup();
        Some(Security {
            purpose: purpose?,
            false_bans: e.false_bans.value,
            curve,
            signals: e.signals.iter().map(|(&name, signal)| (name, self.steps(&path, name, signal))).collect(),
            new_accounts: (e.new_accounts.value, file.abuse_classes.iter().map(|class| class.new_accounts).collect()),
            new_account_points: e.new_account_points as u16,
            farms: file.abuse_classes.iter().map(|class| class.farm).collect(),
            caught_at_registration: e.caught_at_registration.value,
            links: e.links.iter().map(|(name, link)| self.link(&path, name, link)).collect(),
            categories: self.shared(&path, e, names),
            standing: Standing {
                flagged: [standing.flagged_ordinary.value, standing.flagged_abusive.value],
                young: [standing.young_ordinary.value, standing.young_abusive.value],
                points: standing.points,
                lift: e.lift.value,
            },
            within_a_week: e.within_a_week.value,
        })
    }

    fn steps(&mut self, path: &Path, name: schema::SignalName, signal: &schema::SignalEntry) -> Vec<(u32, u16)> {
        let path = path.key("signals").key(name.word());
        if signal.from.len() != signal.points.len() || signal.from.len() > MOST_STEPS {
            let what = format!("{} steps have {} numbers of points", signal.from.len(), signal.points.len());
            let help = format!("write one number of points for each step, {MOST_STEPS} steps at most");
            self.error(&path.key("points"), what, "not as many", help);
        }
        if !signal.from.is_sorted() || !signal.points.is_sorted() {
            let help = "write the steps from the lowest on".into();
            self.error(&path.key("from"), "steps and their points must rise".into(), "not in order", help);
        }
        self.each_within(&path.key("from"), &signal.from, 1..=1_000_000);
        self.each_within(&path.key("points"), &signal.points, 0..=MOST_POINTS);
        signal.from.iter().copied().zip(signal.points.iter().map(|&points| points as u16)).collect()
    }

    fn link(&mut self, path: &Path, name: &str, link: &schema::LinkEntry) -> Link {
        let path = path.key("links").key(name);
        self.each_within(&path.key("carries"), &[link.carries], 0.0..=1.0);
        self.each_within(&path.key("by_chance"), &[link.by_chance], 0.0..=1.0);
        self.each_within(&path.key("points"), &[link.points], 0..=MOST_POINTS);
        let name = name.to_owned();
        Link { name, carries: link.carries, by_chance: link.by_chance, points: link.points as u16 }
    }

    /// In the order of the scenario's categories.
    fn shared(&mut self, path: &Path, e: &schema::SecurityEntry, names: &Names) -> Vec<SharedCategory> {
        let path = path.key("categories");
        if e.categories.len() > MOST_SHARED {
            let help = format!("name {MOST_SHARED} at most: every subset of them is tried");
            self.error(&path, format!("{} categories are too many", e.categories.len()), "too many", help);
        }
        let mut shared = Vec::new();
        for (id, of) in &e.categories {
            let path = path.key(id);
            self.each_within(&path.key("finds"), &[of.finds], 0.0..=1.0);
            self.each_within(&path.key("marks_ordinary"), &[of.marks_ordinary], 0.0..=1.0);
            self.each_within(&path.key("marks_abusive"), &[of.marks_abusive], 0.0..=1.0);
            self.each_within(&path.key("points"), &[of.points], 0..=MOST_POINTS);
            let Some(category) = names.categories.iter().position(|known| *known == id.as_str()) else {
                self.unknown(&path, "category", id, names.categories);
                continue;
            };
            shared.push(SharedCategory {
                category,
                finds: of.finds,
                marks: [of.marks_ordinary, of.marks_abusive],
                points: of.points as u16,
            });
        }
        shared.sort_by_key(|of| of.category);
        shared
    }
}
