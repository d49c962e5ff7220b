//! The tables of a run: written in chunks, digested on the way, and what charts and page show of them kept.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::error::ResultsError;
use super::run_id::run_id;
use crate::exposure::{
    DailyRow, DifferenceRow, ExceedanceDay, ExceedanceRow, ExposureRow, FirstExposureRow, KnowledgeRow, ReplicateRow,
    Replicates, TableRow,
};
use crate::output::manifest::ResultsDigest;
use crate::output::presentation::{Shown, ShownRows};
use crate::output::staging::Staging;
use crate::output::tables::{ColumnData, TableColumns, TableFile, columns};
use crate::scenario::Scenario;
use crate::simulate::Simulation;
use crate::utility::UtilityRow;

/// What charts and page show, and how many rows were written. Only of the policies that they show: of hundreds of policies the
/// rows would not fit in memory.
pub struct WrittenTables {
    /// Rows that are shown.
    pub shown: ShownRows,
    /// Rows by table.
    pub rows: BTreeMap<&'static str, u64>,
}

/// Row groups of some so many rows; the size does not depend on anything but the scenario.
const CHUNK: usize = 100_000;

impl WrittenTables {
    /// Writes all tables; those of exceedance only if there are orders, those of the parent's knowledge and of what purposes achieve only if they are asked for. `about` lands in the metadata of the files.
    pub fn write(
        run: &Simulation,
        (finish, knowledge, utility): (&Replicates, Option<Vec<KnowledgeRow>>, Option<Vec<UtilityRow>>),
        about: &[(&'static str, String)],
        digest: &mut ResultsDigest,
        staging: &Staging,
    ) -> Result<Self, ResultsError> {
        let scenario = &run.scenario;
        staging.make_folder("tables")?;
        let mut writer = TableWriter {
            folder: staging.folder().join("tables"),
            about,
            run: run_of(scenario),
            digest,
            rows: BTreeMap::default(),
        };
        let policies = scenario.policies.len();
        let (shown, mut rows) = (Shown::new(scenario), ShownRows::default());

        let of_policies = scenario.policies.iter().enumerate().map(|(i, policy)| {
            let all = finish.exposure_of(i);
            rows.tell_of(scenario, policy, &all);
            all
        });
        let exposure = writer.write(of_policies, |row: &ExposureRow| shown.exposure(row))?;
        rows.exposure = exposure;

        let of_days = (0..scenario.days).flat_map(|day| (0..policies).map(move |policy| finish.daily_of(day, policy)));
        rows.daily = writer.write(of_days, |row: &DailyRow| shown.daily(row))?;

        let purposes = scenario.purposes.len();
        let of_cells = (0..policies)
            .flat_map(|policy| (0..=purposes).map(move |purpose| finish.first_exposure_of(policy, purpose)));
        rows.first_exposure = writer.write(of_cells, |row: &FirstExposureRow| shown.first_exposure(row))?;

        if !run.orders.is_empty() {
            let orders = run.orders.len();
            let of_orders =
                (0..orders).flat_map(|order| (0..policies).map(move |policy| finish.exceedance_of(order, policy)));
            rows.exceedance = writer.write(of_orders, |row: &ExceedanceRow| shown.exceedance(row))?;
            let of_days =
                (0..scenario.days).flat_map(|day| (0..orders).map(move |order| finish.exceedance_day_of(day, order)));
            rows.exceedance_daily = writer.write(of_days, |row: &ExceedanceDay| shown.exceedance_daily(row))?;
        }
        if let Some(all) = knowledge {
            rows.knowledge = writer.write(std::iter::once(all), |row: &KnowledgeRow| shown.knowledge(row))?;
        }
        if let Some(all) = utility {
            rows.utility = writer.write(std::iter::once(all), |_: &UtilityRow| true)?;
        }
        writer.write((0..policies).map(|policy| finish.each_of(policy)), |_: &ReplicateRow| false)?;
        let of_policies = (0..policies).map(|policy| finish.differences_of(policy));
        rows.differences = writer.write(of_policies, |row: &DifferenceRow| shown.differences(row))?;
        Ok(WrittenTables { shown: rows, rows: writer.rows })
    }
}

/// Writes tables one after the other.
struct TableWriter<'a> {
    folder: PathBuf,
    about: &'a [(&'static str, String)],
    /// Name of the scenario, and of the run.
    run: [Arc<str>; 2],
    digest: &'a mut ResultsDigest,
    /// Rows by table.
    rows: BTreeMap<&'static str, u64>,
}

impl TableWriter<'_> {
    /// Writes a table, digests it, and keeps the rows that are shown.
    fn write<R: TableRow + Clone>(
        &mut self,
        parts: impl Iterator<Item = Vec<R>>,
        shown: impl Fn(&R) -> bool,
    ) -> Result<Vec<R>, ResultsError> {
        let mut kept = Vec::new();
        let mut table = TableFile::new(&self.folder.join(R::TABLE), true, self.about);
        let written = in_chunks(parts, |chunk: &[R]| {
            if R::IN_DIGEST {
                self.digest.add(chunk);
            }
            kept.extend(chunk.iter().filter(|row| shown(row)).cloned());
            let [parquet, csv] = [false, true].map(|text| signed(columns(chunk, text), &self.run, chunk.len()));
            Ok(table.write(parquet, Some(csv))?)
        })?;
        table.finish()?;
        self.rows.insert(R::TABLE, written);
        Ok(kept)
    }
}

/// Name of a scenario and of its run.
fn run_of(scenario: &Scenario) -> [Arc<str>; 2] {
    [scenario.name.as_str().into(), run_id(scenario).into()]
}

/// Columns that tell rows of one run from those of another, when files are put together.
fn signed(mut columns: TableColumns, [scenario, run]: &[Arc<str>; 2], rows: usize) -> TableColumns {
    for (name, of) in [("scenario", scenario), ("run", run)] {
        columns.push((name, ColumnData::Str(vec![of.clone(); rows])));
    }
    columns
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
