//! From what a run counted to what it leaves: tables, charts, the page, the manifest.

mod again;
mod ahead;
mod error;
mod run_id;
mod tables;

use std::collections::BTreeMap;
use std::time::Instant;

use crate::exposure::Replicates;
use crate::output::chart::{self, Look, glyphs};
use crate::output::manifest::{Machine, Manifest, ResultsDigest, StageTimes, VERSION};
use crate::output::presentation::{self, Draw, Presentation, RunFacts};
use crate::output::report::{self, Report, ReportError};
use crate::output::staging::Staging;
use crate::scenario::{Kind, Scenario, Titled};
use crate::simulate::{self, Effort, Simulation, StudyOutcome};
use crate::utility;
pub use run_id::run_id;
use tables::WrittenTables;

pub use again::{AgainError, Difference, RecordedRun};
pub use ahead::{MOST_ROWS, rows_ahead};
pub use error::ResultsError;

/// What a run left, for the terminal.
#[derive(Debug)]
pub struct Results {
    /// The manifest, to commit the results with.
    pub manifest: Manifest,
    /// The run as charts and page show it.
    pub presentation: Presentation,
    /// Charts and page that could not be made, a sentence each; the manifest lists them among its warnings.
    pub missing: Vec<String>,
}

/// What draws the charts, and what makes the page.
pub type Presenters = (Draw, fn(&Report) -> Result<String, ReportError>);

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

    let facts = RunFacts {
        version: VERSION.to_owned(),
        command: command.to_owned(),
        events: outcome.events(),
        filter: outcome.filter.clone(),
    };
    let presentation = Presentation::new(scenario, &run.compiled, facts, tables.shown);
    let input = presentation.input(Look::default());
    let (charts, mut missing) = presentation::drawn(draw(&input));
    for c in &charts {
        match c.files() {
            Ok(files) => {
                for (name, content) in files {
                    staging.write(&format!("charts/{name}"), content)?;
                }
            }
            Err(e) => missing.push(format!("{e}; the tables have its figures")),
        }
    }
    staging.write("findings.json", serde_json::to_string_pretty(presentation.findings())? + "\n")?;
    let mut manifest = manifest(run, outcome, command, digest.finish());
    manifest.rows = tables.rows;
    manifest.wall_s = begun.elapsed().as_secs_f64();
    manifest.warnings = untold(scenario).into_iter().chain(missing.iter().cloned()).collect();
    let mut of_page = chart::page_charts(&input);
    of_page.0.retain(|of| charts.iter().any(|drawn| drawn.name == of.name));
    let page = render(&presentation.report(&input, &of_page, &manifest.warnings, serde_json::to_value(&manifest)?));
    match page {
        Ok(page) => staging.write("report.html", page)?,
        Err(e) => {
            missing.push(format!("{e}; tables and charts are there"));
            manifest.warnings.extend(missing.last().cloned());
        }
    }
    manifest.wall_s = begun.elapsed().as_secs_f64();
    Ok(Results { manifest, presentation, missing })
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
