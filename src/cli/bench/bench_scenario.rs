//! Which scenario is measured: the one named, at a size whose figures are known, if there is one.

use std::path::Path;

use crate::cli::{Changes, Failure, impossible_groups, load_policies_of, read_text, rendered};
use crate::scenario::{Diagnostics, Expect, Scenario};

/// People and days where the scenario expects nothing, and with `--quick`.
const SIZE: (u64, u32) = (200_000, 2);
const QUICK: (u64, u32) = (50_000, 1);

/// A scenario to measure.
pub struct BenchScenario {
    /// The scenario at its size.
    pub scenario: Scenario,
    /// What it must count.
    pub expect: Option<Expect>,
    /// Why nothing is expected of it.
    pub why_not: Option<String>,
}

impl BenchScenario {
    /// The scenario at the size of the options, else of its first expectation (`quick`: of the smallest).
    pub fn load(path: &Path, changes: &Changes, quick: bool) -> Result<Self, Failure> {
        for key in ["people", "days"] {
            let whole = |s: &String| s.split_once('=').is_some_and(|(k, _)| k.trim() == format!("scenario.{key}"));
            if changes.set.iter().any(whole) {
                return Err(Failure::Input(format!(
                    "error: `bench` chooses the size of the world itself\n  help: write --{key} N instead of --set scenario.{key}=N"
                )));
            }
        }
        let text = read_text(path)?;
        let whole = load_policies_of(&text, changes)?;
        let sizes = || whole.expects.iter().map(|e| (e.people, e.days));
        let smallest = |&(people, days): &(u64, u32)| u128::from(people) * u128::from(days);
        let chosen = if quick { sizes().min_by_key(smallest) } else { sizes().next() };
        let (people, days) = chosen.unwrap_or_else(|| {
            let (people, days) = if quick { QUICK } else { SIZE };
            (people.min(whole.people), days.min(whole.days))
        });
        let size = (changes.people.unwrap_or(people), changes.days.unwrap_or(days));
        let sized = Changes { people: Some(size.0), days: Some(size.1), ..changes.clone() };
        let scenario = load_policies_of(&text, &sized)?;
        let impossible = impossible_groups(&scenario);
        if !impossible.is_empty() {
            return Err(Failure::Input(rendered(&Diagnostics(impossible))));
        }
        let changed = changes.seed.is_some() || !changes.set.is_empty() || !changes.policy.is_empty();
        let found = whole.expects.iter().find(|e| (e.people, e.days) == size).cloned();
        let why_not = match &found {
            Some(_) if changed => Some("no figures are known for a scenario that options change".to_owned()),
            None => Some("the scenario has no [[expect]] of this size".to_owned()),
            Some(_) => None,
        };
        Ok(BenchScenario { scenario, expect: found.filter(|_| !changed), why_not })
    }
}
