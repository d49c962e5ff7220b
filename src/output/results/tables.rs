//! The tables of a run: written in chunks, digested on the way, and what charts and page show of them kept.

use std::collections::BTreeMap;

use super::summary::summary_of;
use super::{ResultsError, about};
use crate::exposure::{ALL, DailyRow, ExceedanceDay, ExceedanceRow, ExposureRow, Tabulation};
use crate::output::chart::MOST_POLICIES;
use crate::output::manifest::ResultsDigest;
use crate::output::report::SummaryRow;
use crate::output::staging::Staging;
use crate::output::tables::{TableFile, daily_columns, exceedance_columns, exceedance_day_columns, exposure_columns};
use crate::simulate::Simulation;

/// What charts and page show, and how many rows were written. Only of the policies that they show: of hundreds of policies the
/// rows would not fit in memory.
pub struct WrittenTables {
    /// Rows of `exposure` that are not split by jurisdiction, and people by jurisdiction, whatever the purpose.
    pub exposure: Vec<ExposureRow>,
    /// Rows of `daily` that are not split by jurisdiction or population.
    pub daily: Vec<DailyRow>,
    /// Rows of `exceedance` that are not split by purpose or population.
    pub exceedance: Vec<ExceedanceRow>,
    /// Rows of `exceedance_daily` that are not split by purpose or population.
    pub exceedance_daily: Vec<ExceedanceDay>,
    /// The summary of all policies.
    pub summary: Vec<SummaryRow>,
    /// Rows by table.
    pub rows: BTreeMap<&'static str, u64>,
}

/// Row groups of some so many rows; the size does not depend on anything but the scenario.
const CHUNK: usize = 100_000;

impl WrittenTables {
    /// Writes all tables; those of exceedance only if there are orders.
    pub fn write(
        run: &Simulation,
        finish: &Tabulation,
        command: &str,
        digest: &mut ResultsDigest,
        staging: &Staging,
    ) -> Result<Self, ResultsError> {
        let scenario = &run.scenario;
        staging.make_folder("tables")?;
        let about = about(scenario, command);
        let folder = staging.folder().join("tables");
        let file = |name: &str| TableFile::new(&folder.join(name), true, &about);
        let policies = scenario.policies.len();
        let shown: Vec<&str> = scenario.policies.iter().take(MOST_POLICIES).map(|p| &*p.id).collect();
        let shows = |id: &str| shown.contains(&id);
        let mut rows = BTreeMap::new();

        let (mut exposure, mut summary) = (Vec::new(), Vec::new());
        let mut table = file("exposure");
        let of_policies = scenario.policies.iter().enumerate().map(|(i, policy)| {
            let rows = finish.exposure_of(i);
            summary.extend(summary_of(scenario, policy, &rows));
            rows
        });
        let written = in_chunks(of_policies, |chunk: &[ExposureRow]| {
            digest.exposure(chunk);
            exposure.extend(chunk.iter().filter(|r| shows(&r.policy) && is_shown(r)).cloned());
            Ok(table.write(exposure_columns(chunk, false), Some(exposure_columns(chunk, true)))?)
        })?;
        table.finish()?;
        rows.insert("exposure", written);

        let mut daily = Vec::new();
        let mut table = file("daily");
        let of_days = (0..scenario.days).flat_map(|day| (0..policies).map(move |policy| finish.daily_of(day, policy)));
        let written = in_chunks(of_days, |chunk: &[DailyRow]| {
            digest.daily(chunk);
            let whole = |r: &&DailyRow| &*r.jurisdiction == ALL && &*r.population == ALL && shows(&r.policy);
            daily.extend(chunk.iter().filter(whole).cloned());
            Ok(table.write(daily_columns(chunk, false), Some(daily_columns(chunk, true)))?)
        })?;
        table.finish()?;
        rows.insert("daily", written);

        let (mut exceedance, mut exceedance_daily) = (Vec::new(), Vec::new());
        if !run.orders.is_empty() {
            let (exceedances, orders) = (&finish.exceedances(&run.orders), run.orders.len());
            let mut table = file("exceedance");
            let of_orders =
                (0..orders).flat_map(|order| (0..policies).map(move |policy| exceedances.rows_of(order, policy)));
            let written = in_chunks(of_orders, |chunk: &[ExceedanceRow]| {
                digest.exceedance(chunk);
                let whole = |r: &&ExceedanceRow| &*r.purpose == ALL && &*r.population == ALL && shows(&r.policy);
                exceedance.extend(chunk.iter().filter(whole).cloned());
                Ok(table.write(exceedance_columns(chunk, false), Some(exceedance_columns(chunk, true)))?)
            })?;
            table.finish()?;
            rows.insert("exceedance", written);
            let mut table = file("exceedance_daily");
            let of_days =
                (0..scenario.days).flat_map(|day| (0..orders).map(move |order| exceedances.day_of(day, order)));
            let written = in_chunks(of_days, |chunk: &[ExceedanceDay]| {
                digest.exceedance_daily(chunk);
                let whole = |r: &&ExceedanceDay| &*r.purpose == ALL && &*r.population == ALL && shows(&r.policy);
                exceedance_daily.extend(chunk.iter().filter(whole).cloned());
                Ok(table.write(exceedance_day_columns(chunk, false), Some(exceedance_day_columns(chunk, true)))?)
            })?;
            table.finish()?;
            rows.insert("exceedance_daily", written);
        }
        Ok(WrittenTables { exposure, daily, exceedance, exceedance_daily, summary, rows })
    }
}

/// Whether charts or page show a row of `exposure`.
fn is_shown(row: &ExposureRow) -> bool {
    let of_people = || matches!(&*row.metric, "people" | "people_exposed");
    &*row.jurisdiction == ALL || (&*row.purpose == ALL && &*row.category == ALL && of_people())
}

/// Hands rows on in chunks: a run of years, or of many policies, has more of them than fit in memory. Gives their number.
fn in_chunks<R>(
    parts: impl Iterator<Item = Vec<R>>,
    mut write: impl FnMut(&[R]) -> Result<(), ResultsError>,
) -> Result<u64, ResultsError> {
    let (mut written, mut chunk) = (0, Vec::new());
    for part in parts {
        chunk.extend(part);
        if chunk.len() >= CHUNK {
            written += chunk.len() as u64;
            write(&chunk)?;
            chunk.clear();
        }
    }
    // A table without rows has columns all the same.
    if !chunk.is_empty() || written == 0 {
        write(&chunk)?;
    }
    Ok(written + chunk.len() as u64)
}
