//! From what a run counted to what it leaves: tables, charts, the page, the manifest.

mod again;
mod ahead;
mod error;
mod names;
mod run_id;
mod summary;
mod tables;
mod texts;

use std::collections::BTreeMap;
use std::time::Instant;

use crate::exposure::Replicates;
use crate::output::chart::{self, Chart, ChartError, ChartInput, glyphs};
use crate::output::findings::{Finding, Rows, findings};
use crate::output::following::FollowingRow;
use crate::output::lang::Lang;
use crate::output::manifest::{Machine, Manifest, ResultsDigest, StageTimes, VERSION};
use crate::output::report::parameters::parameters;
use crate::output::report::{self, Report, ReportError, SummaryRow};
use crate::output::staging::Staging;
use crate::scenario::letters::neutral;
use crate::scenario::{Kind, Scenario, Titled};
use crate::simulate::{self, Effort, Simulation, StudyOutcome};
use crate::utility::{self, BestEstimates, SecurityFound};
use names::ChartNames;
pub use run_id::run_id;
use tables::WrittenTables;
use texts::{limits, method, users};

pub use again::{AgainError, Difference, RecordedRun};
pub use ahead::{MOST_ROWS, rows_ahead};
pub use error::ResultsError;

/// What a run left, for the terminal.
#[derive(Debug)]
pub struct Results {
    /// The manifest, to commit the results with.
    pub manifest: Manifest,
    /// Summary by policy and purpose.
    pub summary: Vec<SummaryRow>,
    /// What follows from what each policy lets out.
    pub following: Vec<FollowingRow>,
    /// What purposes achieve by models, if the scenario asks.
    pub achieved: Vec<BestEstimates>,
    /// What was found about security, if the scenario asks.
    pub security: Option<SecurityFound>,
    /// What the run says, the strongest first.
    pub findings: Vec<Finding>,
    /// Charts and page that could not be made, a sentence each; the manifest lists them among its warnings.
    pub missing: Vec<String>,
}

/// What draws the charts, and what makes the page.
pub type Presenters = (fn(&ChartInput) -> Vec<Result<Chart, ChartError>>, fn(&Report) -> Result<String, ReportError>);

/// All charts, and the page.
pub const PRESENTERS: Presenters = (chart::draw_all, report::render);

/// Writes all results of a run but the manifest into `staging`. `command` makes the same results again; `begun` is when the run began.
///
/// Figures come first: a chart or a page that can't be made is a warning, and takes nothing else with it.
///
/// # Errors
/// If something can't be written.
pub fn write(
    (draw, render): Presenters,
    run: &Simulation,
    outcome: &StudyOutcome,
    command: &str,
    begun: Instant,
    staging: &Staging,
) -> Result<Results, ResultsError> {
    let scenario = &run.scenario;
    if let Some(most) = outcome.totals.iter().find_map(|totals| totals.volume.overflow()) {
        return Err(ResultsError::Overflow(most));
    }
    staging.write("scenario.resolved.toml", &scenario.resolved)?;
    let finish = Replicates::new(scenario, (&run.compiled, &run.orders), &outcome.totals);
    let mut digest = ResultsDigest::new(scenario);
    // Runs, merged runs and runs that are verified come by here: all of them have it, and once.
    let knowledge = scenario
        .knowledge
        .is_some()
        .then(|| simulate::knowledge(run, outcome.totals.len() as u32, outcome.effort.threads()));
    let models = scenario
        .utility
        .is_some()
        .then(|| utility::utility(run, outcome.totals.len() as u32, outcome.effort.threads()));
    let about = about(scenario, command);
    let tables = WrittenTables::write(run, (&finish, knowledge, models), &about, &mut digest, staging)?;

    let names = ChartNames::new(scenario, &run.compiled);
    let title = neutral(&scenario.file.scenario.title);
    let input = ChartInput {
        scenario: &scenario.name,
        title: &title,
        seed: scenario.seed,
        version: VERSION,
        command,
        digest: &scenario.digest,
        people: scenario.people,
        users: run.population.layout.users(),
        days: scenario.days,
        start: scenario.start,
        replicates: scenario.replicates,
        events: outcome.events(),
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
        knowledge: &tables.knowledge,
        utility: &tables.utility,
        filter: &outcome.filter,
    };
    let (mut charts, mut missing) = (Vec::new(), Vec::new());
    for drawn in draw(&input) {
        match drawn {
            Ok(chart) => charts.push(chart),
            Err(e) => missing.push(format!("{e}; the tables have its figures")),
        }
    }
    for c in &charts {
        for (name, content) in c.files() {
            staging.write(&format!("charts/{name}"), content)?;
        }
    }
    let findings = findings(&Rows {
        scenario,
        exposure: &tables.exposure,
        differences: &tables.differences,
        following: &tables.following,
        security: tables.security.as_ref(),
    });
    staging.write("findings.json", serde_json::to_string_pretty(&findings)? + "\n")?;
    let (summary, following) = (tables.summary, tables.following);
    let (achieved, security) = (tables.achieved, tables.security);
    let mut manifest = manifest(run, outcome, command, digest.finish());
    manifest.rows = tables.rows;
    manifest.wall_s = begun.elapsed().as_secs_f64();
    manifest.warnings = untold(scenario).into_iter().chain(missing.iter().cloned()).collect();
    let (lang, page_charts) = (Lang::En, report::page_charts(&charts));
    let page = render(&Report {
        input: &input,
        lang,
        charts: &page_charts,
        tones: &[],
        analysis: &scenario.file.scenario.analysis,
        summary: &summary,
        following: &following,
        findings: &findings,
        policies: report::policy_texts(scenario, lang),
        baseline: &scenario.policies[scenario.baseline].id,
        users: users(scenario),
        scopes: report::scopes(scenario, lang),
        leaving: report::leaving(scenario, lang),
        parameters: parameters(&scenario.file),
        method: method(scenario, lang),
        limits: limits(scenario, lang),
        warnings: &manifest.warnings,
        manifest: serde_json::to_value(&manifest)?,
    });
    match page {
        Ok(page) => staging.write("report.html", page)?,
        Err(e) => {
            missing.push(format!("{e}; tables and charts are there"));
            manifest.warnings.extend(missing.last().cloned());
        }
    }
    manifest.wall_s = begun.elapsed().as_secs_f64();
    Ok(Results { manifest, summary, following, achieved, security, findings, missing })
}

/// What of the scenario's titles charts and page do not show, a sentence each.
fn untold(scenario: &Scenario) -> Vec<String> {
    let said = |t: &Titled| {
        let why: Vec<String> = glyphs::missing(&t.text).into_iter().chain(glyphs::left_out(&t.text)).collect();
        (!why.is_empty()).then(|| format!("{} of {}: {}", t.key, t.whose(), why.join("; ")))
    };
    scenario.titles.iter().filter_map(said).collect()
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

fn manifest(run: &Simulation, outcome: &StudyOutcome, command: &str, digest: String) -> Manifest {
    let scenario = &run.scenario;
    let events = outcome.events();
    // What took place elsewhere has no time here.
    let (here, shards) = match outcome.effort {
        Effort::Here { wall, stages, threads } => (Some((wall.as_secs_f64(), stages, threads)), None),
        Effort::Shards(n) => (None, Some(n)),
    };
    let of_kind = |kind: Kind| outcome.totals.iter().map(|t| t.volume.by_kind[kind as usize]).sum();
    Manifest {
        scenario: scenario.name.clone(),
        scenario_digest: scenario.digest.clone(),
        seed: scenario.seed,
        seed_text: scenario.seed.to_string(),
        run: run_id(scenario),
        replicates: scenario.replicates,
        version: VERSION,
        command: command.to_string(),
        people: scenario.people,
        users: run.population.layout.users(),
        start: scenario.start.to_string(),
        days: scenario.days,
        events,
        events_by_kind: Kind::ALL.iter().map(|&k| (k.id(), of_kind(k))).collect(),
        delivered: outcome.totals.iter().map(|t| t.volume.delivered).sum(),
        wall_s: 0.0,
        simulate_s: here.map(|(seconds, _, _)| seconds),
        threads: here.map(|(_, _, threads)| threads),
        events_per_s: here.map(|(seconds, _, _)| if seconds > 0.0 { events as f64 / seconds } else { 0.0 }),
        ns_per_event: here.map(|(_, stages, _)| StageTimes::of(stages, events)),
        shards,
        filter: outcome.filter.iter().map(Into::into).collect(),
        rows: BTreeMap::new(),
        results_digest: digest,
        machine: Machine::this(),
        warnings: Vec::new(),
    }
}

#[cfg(test)]
mod tests;
