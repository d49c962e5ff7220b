//! The tables of a run: written in chunks, digested on the way, and what charts and page show of them kept.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::error::ResultsError;
use super::run_id::run_id;
use super::summary::{following_of, summary_of};
use crate::exposure::{
    ALL, DailyRow, DifferenceRow, ExceedanceDay, ExceedanceRow, ExposureRow, FirstExposureRow, KnowledgeRow,
    ReplicateRow, Replicates, TableRow,
};
use crate::output::chart::MOST_POLICIES;
use crate::output::following::FollowingRow;
use crate::output::manifest::ResultsDigest;
use crate::output::report::SummaryRow;
use crate::output::staging::Staging;
use crate::output::tables::{ColumnData, TableColumns, TableFile, columns};
use crate::scenario::Scenario;
use crate::simulate::Simulation;
use crate::utility::{BestEstimates, SecurityFound, UtilityRow, best_estimates, security_found};

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
    /// Rows of `knowledge` that are drawn: whom the parent links, whatever purpose and population.
    pub knowledge: Vec<KnowledgeRow>,
    /// What purposes achieve in short, if it is asked for.
    pub achieved: Vec<BestEstimates>,
    /// What was found about security, if it is asked for.
    pub security: Option<SecurityFound>,
    /// Rows of `utility`.
    pub utility: Vec<UtilityRow>,
    /// The summary of all policies.
    pub summary: Vec<SummaryRow>,
    /// Differences of all to the baseline that findings are read from.
    pub differences: Vec<DifferenceRow>,
    /// What follows from what each of them lets out.
    pub following: Vec<FollowingRow>,
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
        let shown: Vec<&str> = scenario.policies.iter().take(MOST_POLICIES).map(|p| &*p.id).collect();
        let shows = |id: &str| shown.contains(&id);

        let (mut summary, mut following) = (Vec::new(), Vec::new());
        let of_policies = scenario.policies.iter().enumerate().map(|(i, policy)| {
            let rows = finish.exposure_of(i);
            summary.extend(summary_of(scenario, policy, &rows));
            following.push(following_of(policy, &rows));
            rows
        });
        let exposure = writer.write(of_policies, |r: &ExposureRow| shows(&r.policy) && is_shown(r))?;

        let of_days = (0..scenario.days).flat_map(|day| (0..policies).map(move |policy| finish.daily_of(day, policy)));
        let daily = writer
            .write(of_days, |r: &DailyRow| &*r.jurisdiction == ALL && &*r.population == ALL && shows(&r.policy))?;

        let purposes = scenario.purposes.len();
        let of_cells = (0..policies)
            .flat_map(|policy| (0..=purposes).map(move |purpose| finish.first_exposure_of(policy, purpose)));
        writer.write(of_cells, |_: &FirstExposureRow| false)?;

        let (mut exceedance, mut exceedance_daily) = (Vec::new(), Vec::new());
        if !run.orders.is_empty() {
            let orders = run.orders.len();
            let of_orders =
                (0..orders).flat_map(|order| (0..policies).map(move |policy| finish.exceedance_of(order, policy)));
            exceedance = writer.write(of_orders, |r: &ExceedanceRow| {
                &*r.purpose == ALL && &*r.population == ALL && shows(&r.policy)
            })?;
            let of_days =
                (0..scenario.days).flat_map(|day| (0..orders).map(move |order| finish.exceedance_day_of(day, order)));
            exceedance_daily = writer
                .write(of_days, |r: &ExceedanceDay| &*r.purpose == ALL && &*r.population == ALL && shows(&r.policy))?;
        }
        let mut drawn = Vec::new();
        if let Some(rows) = knowledge {
            let of_chart =
                |r: &KnowledgeRow| r.metric.starts_with("linked_share") && &*r.purpose == ALL && &*r.population == ALL;
            drawn = writer.write(std::iter::once(rows), |r: &KnowledgeRow| of_chart(r) && shows(&r.policy))?;
        }
        let (mut achieved, models) = (Vec::new(), utility);
        let mut utility = Vec::new();
        if let Some(rows) = models {
            achieved = best_estimates(&rows);
            utility = writer.write(std::iter::once(rows), |_: &UtilityRow| true)?;
        }
        writer.write((0..policies).map(|policy| finish.each_of(policy)), |_: &ReplicateRow| false)?;
        let of_findings = |r: &DifferenceRow| {
            let all = [&r.of.purpose, &r.of.jurisdiction, &r.of.population, &r.of.category];
            all.iter().all(|of| &***of == ALL) && matches!(&*r.of.metric, "disclosed_values" | "people_exposed")
        };
        let differences = writer.write((0..policies).map(|policy| finish.differences_of(policy)), of_findings)?;
        Ok(WrittenTables {
            exposure,
            daily,
            exceedance,
            exceedance_daily,
            knowledge: drawn,
            achieved,
            security: security_of(scenario, &utility),
            utility,
            summary,
            differences,
            following,
            rows: writer.rows,
        })
    }
}

fn security_of(scenario: &Scenario, rows: &[UtilityRow]) -> Option<SecurityFound> {
    let asked = scenario.utility.as_ref()?.security.as_ref()?;
    security_found(rows, asked.false_bans)
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
