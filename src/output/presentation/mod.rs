//! What charts, page and findings are made from: of a run just counted, or of the folder that it left.
//!
//! ```text
//! counters ─► tables ─┬─► rows that are shown ─► Presentation ─► findings, charts, page
//! folder ─────────────┘
//! ```
//!
//! Both ways keep the same rows: what is drawn again from a folder is, byte for byte, what the run drew.

mod names;
mod past;
mod rows;
mod shown;
pub mod stored;
mod summary;
mod texts;

use crate::output::chart::{Chart, ChartError, ChartInput, Look, PageChart, Tones};
use crate::output::findings::{self, Finding, Rows};
use crate::output::lang::Lang;
use crate::output::report::parameters::parameters;
use crate::output::report::{self, Report};
use crate::policy::Compiled;
use crate::population::Layout;
use crate::scenario::Scenario;
use crate::scenario::letters::neutral;
use crate::simulate::FilterSpeed;

use names::ChartNames;
pub use past::told;
pub use rows::ShownRows;
pub use shown::Shown;

/// What draws charts.
pub type Draw = fn(&ChartInput) -> Vec<Result<Chart, ChartError>>;

/// What a run was, besides its scenario and its figures.
#[derive(Clone, Debug)]
pub struct RunFacts {
    /// Version of outflow that made it.
    pub version: String,
    /// The command that makes it again.
    pub command: String,
    /// Events simulated, in all worlds.
    pub events: u64,
    /// Speed of each policy's filter; empty if it was not timed.
    pub filter: Vec<FilterSpeed>,
}

/// A run as charts and page show it.
#[derive(Debug)]
pub struct Presentation {
    scenario: Scenario,
    run: RunFacts,
    title: String,
    /// In each language.
    names: [ChartNames; 2],
    rows: ShownRows,
    findings: Vec<Finding>,
}

impl Presentation {
    /// Of a run, with the rows of its tables that are shown.
    pub fn new(scenario: &Scenario, compiled: &Compiled, run: RunFacts, rows: ShownRows) -> Self {
        let security = rows.security(scenario);
        let findings = findings::findings(&Rows {
            scenario,
            exposure: &rows.exposure,
            differences: &rows.differences,
            following: &rows.following,
            knowledge: &rows.knowledge,
            exceedance: &rows.exceedance,
            security: security.as_ref(),
        });
        Presentation {
            title: neutral(&scenario.file.scenario.title),
            names: [Lang::En, Lang::Fr].map(|lang| ChartNames::new(scenario, compiled, lang)),
            scenario: scenario.clone(),
            run,
            rows,
            findings,
        }
    }

    /// The scenario that was simulated.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// The rows that are shown.
    pub fn rows(&self) -> &ShownRows {
        &self.rows
    }

    /// What the run says, the strongest first.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// What charts are drawn from, in this look.
    pub fn input(&self, look: Look) -> ChartInput<'_> {
        let Presentation { scenario, run, title, names, rows, findings } = self;
        let names = &names[usize::from(look.lang == Lang::Fr)];
        ChartInput {
            scenario: &scenario.name,
            look,
            title,
            heading: None,
            seed: scenario.seed,
            version: &run.version,
            command: &run.command,
            digest: &scenario.digest,
            people: scenario.people,
            users: Layout::new(scenario).users(),
            days: scenario.days,
            start: scenario.start,
            replicates: scenario.replicates,
            events: run.events,
            policies: &names.policies,
            purposes: &names.purposes,
            baseline: scenario.baseline,
            jurisdictions: &names.jurisdictions,
            users_millions: &names.users_millions,
            categories: &names.categories,
            markers: &names.markers,
            orders: &names.orders,
            resolutions: &names.resolutions,
            leaving: &names.leaving,
            exposure: &rows.exposure,
            daily: &rows.daily,
            first_exposure: &rows.first_exposure,
            exceedance: &rows.exceedance,
            exceedance_daily: &rows.exceedance_daily,
            knowledge: &rows.knowledge,
            utility: &rows.utility,
            differences: &rows.differences,
            findings,
            filter: &run.filter,
        }
    }

    /// What the page is made from, in the language of `input`: the charts with their colours, what could not be shown, and what the manifest says.
    pub fn report<'a>(
        &'a self,
        input: &'a ChartInput<'a>,
        (charts, tones): &'a (Vec<PageChart>, Tones),
        warnings: &'a [String],
        manifest: serde_json::Value,
    ) -> Report<'a> {
        let (scenario, lang) = (&self.scenario, input.look.lang);
        Report {
            input,
            lang,
            charts,
            tones,
            analysis: &scenario.file.scenario.analysis,
            summary: &self.rows.summary,
            following: &self.rows.following,
            findings: &self.findings,
            policies: report::policy_texts(scenario, lang),
            baseline: &scenario.policies[scenario.baseline].id,
            users: texts::users(scenario),
            scopes: report::scopes(scenario, lang),
            leaving: report::leaving(scenario, lang),
            parameters: parameters(&scenario.file),
            method: texts::method(scenario, lang),
            limits: texts::limits(scenario, lang),
            warnings,
            manifest,
        }
    }
}

/// Charts that were drawn, and for each that could not be a sentence.
pub fn drawn(charts: Vec<Result<Chart, ChartError>>) -> (Vec<Chart>, Vec<String>) {
    let (mut done, mut missing) = (Vec::new(), Vec::new());
    for chart in charts {
        match chart {
            Ok(chart) => done.push(chart),
            Err(e) => missing.push(format!("{e}; the tables have its figures")),
        }
    }
    (done, missing)
}

#[cfg(test)]
mod tests;
