//! From what a run counted to what it leaves: tables, charts, the page, the manifest.

mod names;
mod tables;
mod texts;

use std::collections::BTreeMap;
use std::time::Instant;

use crate::chart::{self, ChartInput};
use crate::engine::{Outcome, Run};
use crate::exposure::{ALL, ExposureRow, Finish, Value};
use crate::manifest::{Machine, Manifest, ResultsDigest, StageTimes, VERSION};
use crate::output::{OutputError, Staging};
use crate::parameters::parameters;
use crate::report::{self, Reach, Report, SummaryRow};
use crate::scenario::{Kind, Resolution, Scenario};
use crate::table::TableError;
use names::Names;
use tables::Tables;
use texts::{limits, method, policies};

/// Policies from which on charts are drawn on all threads. Those of fewer take some tenths of a second: less than a second picture in
/// memory is worth, which would be the most that a run needs.
const MANY: usize = 16;

/// Results could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ResultsError {
    /// A file.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// A table.
    #[error("can't write table {0}")]
    Table(#[from] TableError),
    /// A chart.
    #[error("can't draw: {0}")]
    Chart(#[from] chart::ChartError),
    /// The page.
    #[error("can't make the page: {0}")]
    Report(#[from] report::ReportError),
    /// The manifest.
    #[error("can't write the manifest: {0}")]
    Json(#[from] serde_json::Error),
}

/// What a run left, for the terminal.
#[derive(Debug)]
pub struct Results {
    /// The manifest, as written.
    pub manifest: Manifest,
    /// Summary by policy and purpose.
    pub summary: Vec<SummaryRow>,
}

/// Writes all results of a run into `staging`. `command` makes the same results again; `begun` is when the run began.
///
/// # Errors
/// If something can't be written or drawn.
pub fn write(
    scenario: &Scenario,
    run: &Run,
    outcome: &Outcome,
    command: &str,
    begun: Instant,
    staging: &Staging,
) -> Result<Results, ResultsError> {
    staging.write("scenario.resolved.toml", &scenario.resolved)?;
    let finish = Finish::new(scenario, &run.compiled, &outcome.totals);
    let mut digest = ResultsDigest::new(scenario);
    let tables = Tables::write(scenario, run, &finish, command, &mut digest, staging)?;

    let names = Names::new(scenario, &run.compiled);
    let speeds: Vec<chart::FilterSpeed> = outcome
        .filter
        .iter()
        .map(|s| chart::FilterSpeed {
            policy: s.policy.clone(),
            events_per_s: s.events_per_s,
            events_per_s_lo: s.events_per_s_lo,
            events_per_s_hi: s.events_per_s_hi,
            repetitions: s.repetitions,
            values_per_s: s.values_per_s,
            gb_per_s: s.gb_per_s,
        })
        .collect();
    let input = ChartInput {
        scenario: &scenario.name,
        title: &scenario.file.scenario.title,
        seed: scenario.seed,
        version: VERSION,
        command,
        digest: &scenario.digest,
        people: scenario.people,
        users: run.world.layout.users(),
        days: scenario.days,
        start: scenario.start,
        events: outcome.totals.events(),
        policies: &names.policies,
        purposes: &names.purposes,
        jurisdictions: &names.jurisdictions,
        categories: &names.categories,
        markers: &names.markers,
        orders: &names.orders,
        resolutions: &names.resolutions,
        leaving: &names.leaving,
        exposure: &tables.exposure,
        daily: &tables.daily,
        exceedance: &tables.exceedance,
        exceedance_daily: &tables.exceedance_daily,
        filter: &speeds,
    };
    let threads = if names.policies.len() < MANY { 1 } else { outcome.threads };
    let charts = chart::draw_all(&input, threads)?;
    for c in &charts {
        staging.write(&format!("charts/{}.svg", c.name), &c.svg)?;
        staging.write(&format!("charts/{}.png", c.name), &c.png)?;
        staging.write(&format!("charts/{}.csv", c.name), &c.csv)?;
        staging.write(&format!("charts/{}.json", c.name), &c.json)?;
    }
    let summary = summary(scenario, &tables.exposure);
    let mut manifest = manifest(scenario, run, outcome, command, digest.finish());
    manifest.rows = tables.rows;
    manifest.wall_s = begun.elapsed().as_secs_f64();
    let page = report::render(&Report {
        input: &input,
        charts: &charts,
        analysis: &scenario.file.scenario.analysis,
        summary: summary.clone(),
        policies: policies(scenario),
        parameters: parameters(&scenario.file),
        method: method(scenario),
        limits: limits(scenario),
        manifest: serde_json::to_value(&manifest)?,
    })?;
    staging.write("report.html", page)?;
    manifest.wall_s = begun.elapsed().as_secs_f64();
    staging.write("manifest.json", serde_json::to_string_pretty(&manifest)? + "\n")?;
    Ok(Results { manifest, summary })
}

/// What every artefact says about itself.
pub fn about(scenario: &Scenario, command: &str) -> Vec<(&'static str, String)> {
    vec![
        ("scenario", scenario.name.clone()),
        ("scenario_digest", scenario.digest.clone()),
        ("seed", scenario.seed.to_string()),
        ("version", VERSION.to_string()),
        ("command", command.to_string()),
    ]
}

fn manifest(scenario: &Scenario, run: &Run, outcome: &Outcome, command: &str, digest: String) -> Manifest {
    let simulate_s = outcome.wall.as_secs_f64();
    let events = outcome.totals.events();
    Manifest {
        scenario: scenario.name.clone(),
        scenario_digest: scenario.digest.clone(),
        seed: scenario.seed,
        replicates: 1,
        version: VERSION,
        command: command.to_string(),
        people: scenario.people,
        users: run.world.layout.users(),
        start: scenario.start.to_string(),
        days: scenario.days,
        events,
        events_by_kind: Kind::ALL.iter().map(|k| (k.id(), outcome.totals.volume.by_kind[*k as usize])).collect(),
        delivered: outcome.totals.volume.delivered,
        wall_s: 0.0,
        simulate_s,
        threads: outcome.threads,
        events_per_s: if simulate_s > 0.0 { events as f64 / simulate_s } else { 0.0 },
        ns_per_event: StageTimes::of(outcome),
        filter: outcome.filter.iter().map(Into::into).collect(),
        rows: BTreeMap::new(),
        results_digest: digest,
        machine: Machine::this(),
    }
}

fn summary(scenario: &Scenario, exposure: &[ExposureRow]) -> Vec<SummaryRow> {
    let index: std::collections::HashMap<_, Value> = exposure
        .iter()
        .filter(|r| &*r.jurisdiction == ALL && &*r.category == ALL)
        .map(|r| ((&*r.policy, &*r.purpose, &*r.population, &*r.metric), r.value))
        .collect();
    let get = |policy: &str, purpose: &str, population: &str, metric: &str| {
        index.get(&(policy, purpose, population, metric)).map_or(0.0, |v| v.as_f64())
    };
    // Only a run in which some policy transforms has these rows.
    let exact = format!("people_exposed_as_{}", Resolution::Exact.id());
    let transformed = exposure.iter().any(|r| *r.metric == *exact);
    let mut rows = Vec::new();
    for policy in &scenario.policies {
        for purpose in &scenario.purposes {
            let reached = |population: &str| Reach {
                people: get(&policy.id, &purpose.id, population, "people_exposed") as u64,
                share: (get(&policy.id, &purpose.id, population, "people") > 0.0)
                    .then(|| get(&policy.id, &purpose.id, population, "coverage_of_group")),
            };
            rows.push(SummaryRow {
                policy: policy.title.clone(),
                purpose: purpose.title.clone(),
                disclosed_values: get(&policy.id, &purpose.id, ALL, "disclosed_values") as u64,
                agreed: reached("agreed"),
                opted_out: reached("opted_out"),
                non_user: reached("non_user"),
                as_they_are: transformed.then(|| get(&policy.id, &purpose.id, ALL, &exact) as u64),
            });
        }
    }
    rows
}
