//! The tables of a run: written in chunks, digested on the way, and what charts draw of them kept.

use std::collections::BTreeMap;

use super::{ResultsError, about};
use crate::engine::Run;
use crate::exposure::{ALL, DailyRow, ExceedanceDay, ExceedanceRow, ExposureRow, Finish};
use crate::manifest::ResultsDigest;
use crate::output::Staging;
use crate::scenario::Scenario;
use crate::table::{TableFile, daily_columns, exceedance_columns, exceedance_day_columns, exposure_columns};

/// What charts draw, and how many rows were written.
pub struct Tables {
    /// All rows of `exposure`.
    pub exposure: Vec<ExposureRow>,
    /// Rows of `daily` that are not split by jurisdiction or population.
    pub daily: Vec<DailyRow>,
    /// All rows of `exceedance`.
    pub exceedance: Vec<ExceedanceRow>,
    /// Rows of `exceedance_daily` that are not split by purpose or population.
    pub exceedance_daily: Vec<ExceedanceDay>,
    /// Rows by table.
    pub rows: BTreeMap<&'static str, u64>,
}

/// Row groups of some so many rows; the size does not depend on anything but the scenario.
const CHUNK: usize = 100_000;

impl Tables {
    /// Writes all tables; those of exceedance only if there are orders.
    pub fn write(
        scenario: &Scenario,
        run: &Run,
        finish: &Finish,
        command: &str,
        digest: &mut ResultsDigest,
        staging: &Staging,
    ) -> Result<Self, ResultsError> {
        staging.make_folder("tables")?;
        let about = about(scenario, command);
        let folder = staging.folder().join("tables");
        let file = |name: &str| TableFile::new(&folder.join(name), true, &about);
        let mut rows = BTreeMap::new();

        let exposure = finish.exposure();
        digest.exposure(&exposure);
        let mut table = file("exposure");
        table.write(exposure_columns(&exposure, false), Some(exposure_columns(&exposure, true)))?;
        table.finish()?;
        rows.insert("exposure", exposure.len() as u64);

        let mut daily = Vec::new();
        let mut table = file("daily");
        let written = by_day(
            scenario,
            |day| finish.daily(day),
            |chunk: &[DailyRow]| {
                digest.daily(chunk);
                daily.extend(chunk.iter().filter(|r| &*r.jurisdiction == ALL && &*r.population == ALL).cloned());
                Ok(table.write(daily_columns(chunk, false), Some(daily_columns(chunk, true)))?)
            },
        )?;
        table.finish()?;
        rows.insert("daily", written);

        let (mut exceedance, mut exceedance_daily) = (Vec::new(), Vec::new());
        if !run.orders.is_empty() {
            let exceedances = finish.exceedances(&run.orders);
            exceedance = exceedances.rows();
            digest.exceedance(&exceedance);
            let mut table = file("exceedance");
            table.write(exceedance_columns(&exceedance, false), Some(exceedance_columns(&exceedance, true)))?;
            table.finish()?;
            rows.insert("exceedance", exceedance.len() as u64);
            let mut table = file("exceedance_daily");
            let written = by_day(
                scenario,
                |day| exceedances.day(day),
                |chunk: &[ExceedanceDay]| {
                    digest.exceedance_daily(chunk);
                    exceedance_daily
                        .extend(chunk.iter().filter(|r| &*r.purpose == ALL && &*r.population == ALL).cloned());
                    Ok(table.write(exceedance_day_columns(chunk, false), Some(exceedance_day_columns(chunk, true)))?)
                },
            )?;
            table.finish()?;
            rows.insert("exceedance_daily", written);
        }
        Ok(Tables { exposure, daily, exceedance, exceedance_daily, rows })
    }
}

/// Hands the rows of all days on in chunks: a run of years has more of them than fit in memory. Gives their number.
fn by_day<R>(
    scenario: &Scenario,
    rows: impl Fn(u32) -> Vec<R>,
    mut write: impl FnMut(&[R]) -> Result<(), ResultsError>,
) -> Result<u64, ResultsError> {
    let (mut written, mut chunk) = (0, Vec::new());
    for day in 0..scenario.days {
        chunk.extend(rows(day));
        if chunk.len() >= CHUNK || day + 1 == scenario.days {
            written += chunk.len() as u64;
            write(&chunk)?;
            chunk.clear();
        }
    }
    Ok(written)
}
