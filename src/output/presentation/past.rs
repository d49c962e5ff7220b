//! A run presented again from the folder that it left: nothing is simulated.

use serde_json::Value;

use super::{Presentation, RunFacts, Shown, ShownRows, stored};
use crate::exposure::{ExposureRow, TableRow};
use crate::output::past_folder::{PastError, PastFolder};
use crate::output::staging::Contents;
use crate::output::tables::{StoredRow, read_rows};
use crate::policy::Compiled;
use crate::population::Classes;
use crate::scenario::Scenario;
use crate::simulate::FilterSpeed;

/// What the manifest of a folder says besides what a run tells of itself: of no interest to a reader.
const OF_THE_FOLDER: [&str; 3] = ["contents", "files", "manifest_digest"];

impl Presentation {
    /// Of a run that is over, from its folder.
    ///
    /// # Errors
    /// If it holds no run, or one of another version; if what is needed of it can't be read.
    pub fn read(past: &PastFolder) -> Result<Self, PastError> {
        past.holds(&[Contents::Run], "name a folder that `outflow run` wrote")?;
        past.of_this_version()?;
        let scenario = past.scenario()?;
        let rows = shown_rows(past, &scenario)?;
        let run = RunFacts {
            version: past.word("version")?.to_owned(),
            command: past.word("command")?.to_owned(),
            events: past.number("events")?,
            filter: filter_speeds(&past.manifest, &scenario),
        };
        // As it was compiled once before: it is not too much.
        let compiled = Compiled::new(&scenario, &Classes::new(&scenario));
        Ok(Presentation::new(&scenario, &compiled, run, rows))
    }
}

/// What the manifest of a run said when its page was made, and what could not be shown.
pub fn told(past: &PastFolder) -> (Value, Vec<String>) {
    let mut manifest = past.manifest.clone();
    if let Some(entries) = manifest.as_object_mut() {
        entries.retain(|key, _| !OF_THE_FOLDER.contains(&key.as_str()));
    }
    let warnings = manifest["warnings"].as_array().into_iter().flatten();
    let warnings = warnings.filter_map(Value::as_str).map(str::to_owned).collect();
    (manifest, warnings)
}

fn shown_rows(past: &PastFolder, scenario: &Scenario) -> Result<ShownRows, PastError> {
    let shown = Shown::new(scenario);
    let mut rows = exposure(past, scenario, &shown)?;
    rows.daily = kept(past, stored::daily, |row| shown.daily(row))?;
    rows.first_exposure = kept(past, stored::first_exposure, |row| shown.first_exposure(row))?;
    rows.differences = kept(past, stored::differences, |row| shown.differences(row))?;
    if !scenario.orders.is_empty() {
        rows.exceedance = kept(past, stored::exceedance, |row| shown.exceedance(row))?;
        rows.exceedance_daily = kept(past, stored::exceedance_daily, |row| shown.exceedance_daily(row))?;
    }
    if scenario.knowledge.is_some() {
        rows.knowledge = kept(past, stored::knowledge, |row| shown.knowledge(row))?;
    }
    if scenario.utility.is_some() {
        rows.utility = kept(past, stored::utility, |_| true)?;
    }
    Ok(rows)
}

/// Rows of a table that are shown.
fn kept<R: TableRow>(
    past: &PastFolder,
    restore: fn(&StoredRow) -> Result<R, String>,
    shows: impl Fn(&R) -> bool,
) -> Result<Vec<R>, PastError> {
    let mut rows = Vec::new();
    let take = |row: R| {
        if shows(&row) {
            rows.push(row);
        }
    };
    read_rows(&past.table(R::TABLE), restore, take).map_err(|why| past.bad_table(R::TABLE, &why))?;
    Ok(rows)
}

/// The rows of `exposure` that are shown, and what is told of each policy: its rows stand together.
fn exposure(past: &PastFolder, scenario: &Scenario, shown: &Shown) -> Result<ShownRows, PastError> {
    let (mut rows, mut of_one) = (ShownRows::default(), Vec::<ExposureRow>::new());
    let mut policies = scenario.policies.iter();
    let mut wrong = None;
    let mut tell = |of_one: &mut Vec<ExposureRow>, rows: &mut ShownRows| {
        let Some(first) = of_one.first() else { return };
        match policies.next().filter(|policy| policy.id == first.policy) {
            Some(policy) => rows.tell_of(scenario, policy, of_one),
            None => {
                wrong = Some(format!(
                    "the rows of `{}` do not stand where those of a policy of the scenario do",
                    first.policy
                ))
            }
        }
        of_one.clear();
    };
    read_rows(&past.table(ExposureRow::TABLE), stored::exposure, |row: ExposureRow| {
        if of_one.first().is_some_and(|first| first.policy != row.policy) {
            tell(&mut of_one, &mut rows);
        }
        if shown.exposure(&row) {
            rows.exposure.push(row.clone());
        }
        of_one.push(row);
    })
    .map_err(|why| past.bad_table(ExposureRow::TABLE, &why))?;
    tell(&mut of_one, &mut rows);
    match wrong {
        Some(why) => Err(past.bad_table(ExposureRow::TABLE, &why)),
        None => Ok(rows),
    }
}

/// Speeds of filters, as the manifest has them; none if they were not timed.
fn filter_speeds(manifest: &Value, scenario: &Scenario) -> Vec<FilterSpeed> {
    let of = |policy: &crate::scenario::Policy| {
        let entry = &manifest["filter"][&*policy.id];
        let number = |key: &str| entry[key].as_f64();
        Some(FilterSpeed {
            policy: policy.id.clone(),
            events_per_s: number("events_per_s")?,
            events_per_s_lo: number("events_per_s_lo")?,
            events_per_s_hi: number("events_per_s_hi")?,
            repetitions: entry["repetitions"].as_u64()? as u32,
            values_per_s: number("values_per_s")?,
            gb_per_s: number("gb_per_s")?,
        })
    };
    scenario.policies.iter().filter_map(of).collect()
}
