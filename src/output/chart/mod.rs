//! The figures of a run: SVG, PNG, the data drawn, and what describes them.
//!
//! `draw_all` makes one [`Chart`] per figure from the tidy rows. Same rows, same bytes. What there is too much of to be seen is
//! left out, and the figure says so.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use chrono::NaiveDate;

use crate::exposure::{DailyRow, ExceedanceDay, ExceedanceRow, ExposureRow, KnowledgeRow};
use crate::population::Layout;
use crate::scenario::Scenario;
use crate::simulate::FilterSpeed;
use crate::utility::UtilityRow;

mod audit_power;
mod bench_throughput;
mod canvas;
mod categories;
mod coincident_lines;
mod compare;
mod daily_exposure;
mod data;
mod depth;
mod end_names;
mod exceedance;
mod exposure_by_purpose;
mod figure;
mod filter_throughput;
#[cfg(test)]
pub(crate) mod fixtures;
pub mod fonts;
pub mod glyphs;
mod layout;
mod linking;
mod look;
pub mod number;
mod people_reached;
mod raster;
mod resolution;
pub(crate) mod row_index;
mod rows;
mod sweep;
pub mod theme;
mod ticks;
mod timeline;
mod tornado;
mod utility;

pub use audit_power::{MOST_LEAKS, PowerLine};
pub use compare::Compared;
pub(crate) use exceedance::phases::stretches;
pub use look::{Look, Size, Theme};
use row_index::Facts;
pub use row_index::MOST_POLICIES;
pub use sweep::SweepLine;
pub use tornado::{MOST_BARS, TornadoPanel, TornadoRow, TornadoUnit};

/// Something with an id in the tables and a title for readers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Id in the tables.
    pub id: Arc<str>,
    /// What readers see.
    pub title: String,
}

/// A date to mark on charts over time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marker {
    /// The date.
    pub date: NaiveDate,
    /// What happened, with its date: "CNIL notice, 27 Nov 2017".
    pub label: String,
}

/// A regulator's order, as readers see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedOrder {
    /// Id in the tables.
    pub id: Arc<str>,
    /// What was ordered.
    pub title: String,
    /// Who decided.
    pub regulator: String,
    /// What the order prohibits, as the scenario reads it: purposes, whose data, which categories.
    pub scope: String,
    /// Day of the notice.
    pub notice: NaiveDate,
    /// Day from which it must be obeyed.
    pub deadline: NaiveDate,
    /// Law that it rests on.
    pub regime: String,
    /// What became of it.
    pub status: String,
    /// Where it is documented.
    pub source: String,
    /// `found`, `derived` or `assumed`.
    pub quality: String,
}

impl NamedOrder {
    /// Who and when: "CNIL (27 Nov 2017)".
    pub fn name(&self) -> String {
        format!("{} ({})", self.regulator, date(self.notice))
    }
}

/// A date as figures write it: "27 Nov 2017".
pub fn date(day: NaiveDate) -> String {
    day.format("%-d %b %Y").to_string()
}

/// How fast the filter of a policy ran on some number of threads, in a benchmark.
#[derive(Clone, Debug, PartialEq)]
pub struct Throughput {
    /// Policy id.
    pub policy: Arc<str>,
    /// Threads at once.
    pub threads: usize,
    /// Events a second, all threads together: median over rounds.
    pub events_per_s: f64,
    /// Median absolute deviation, events a second.
    pub mad: f64,
    /// Bytes of event columns read a second, as a share of what memory can be read at.
    pub of_memory: f64,
}

/// What the figures are drawn from.
#[derive(Clone, Copy, Debug)]
pub struct ChartInput<'a> {
    /// Scenario name.
    pub scenario: &'a str,
    /// Scenario title.
    pub title: &'a str,
    /// Seed.
    pub seed: u64,
    /// Version of outflow.
    pub version: &'a str,
    /// The command that made the run.
    pub command: &'a str,
    /// Digest of the scenario.
    pub digest: &'a str,
    /// People in the model.
    pub people: u64,
    /// Of these, users of the service.
    pub users: u64,
    /// Days simulated.
    pub days: u32,
    /// First day.
    pub start: NaiveDate,
    /// Independent worlds that figures are means of.
    pub replicates: u32,
    /// Events simulated, in all worlds.
    pub events: u64,
    /// Policies, in the order of the scenario: their index is their colour.
    pub policies: &'a [Named],
    /// Purposes.
    pub purposes: &'a [Named],
    /// Jurisdictions.
    pub jurisdictions: &'a [Named],
    /// Categories of personal data.
    pub categories: &'a [Named],
    /// Dates to mark.
    pub markers: &'a [Marker],
    /// Orders of regulators.
    pub orders: &'a [NamedOrder],
    /// How exactly policies disclose, from fine to coarse; empty if all of them disclose everything as it is.
    pub resolutions: &'a [Named],
    /// Who leaves the service when, as a sentence; empty if nobody does.
    pub leaving: &'a str,
    /// Figures of the whole run.
    pub exposure: &'a [ExposureRow],
    /// Figures by day.
    pub daily: &'a [DailyRow],
    /// Figures against orders.
    pub exceedance: &'a [ExceedanceRow],
    /// Figures against orders, by day.
    pub exceedance_daily: &'a [ExceedanceDay],
    /// What the parent comes to know about the people of some communities; empty if it is not asked.
    pub knowledge: &'a [KnowledgeRow],
    /// What purposes achieve by models; empty if it is not asked.
    pub utility: &'a [UtilityRow],
    /// Speed of the filter; empty if it was not timed.
    pub filter: &'a [FilterSpeed],
}

impl<'a> ChartInput<'a> {
    /// What describes a scenario, for figures that bring their own data. `events` is 0: they are about several runs.
    pub fn about(scenario: &'a Scenario, policies: &'a [Named], command: &'a str, version: &'a str) -> Self {
        ChartInput {
            scenario: &scenario.name,
            title: &scenario.file.scenario.title,
            seed: scenario.seed,
            version,
            command,
            digest: &scenario.digest,
            people: scenario.people,
            users: Layout::new(scenario).users(),
            days: scenario.days,
            start: scenario.start,
            replicates: scenario.replicates,
            events: 0,
            policies,
            purposes: &[],
            jurisdictions: &[],
            categories: &[],
            markers: &[],
            orders: &[],
            resolutions: &[],
            leaving: "",
            exposure: &[],
            daily: &[],
            exceedance: &[],
            exceedance_daily: &[],
            knowledge: &[],
            utility: &[],
            filter: &[],
        }
    }
}

/// Ids and titles of a scenario's policies.
pub fn named_policies(scenario: &Scenario) -> Vec<Named> {
    scenario.policies.iter().map(|p| Named { id: p.id.clone(), title: p.title.clone() }).collect()
}

/// A finished figure.
#[derive(Clone, Debug)]
pub struct Chart {
    /// File stem.
    pub name: String,
    /// What is shown.
    pub title: String,
    /// Unit and definition.
    pub subtitle: String,
    /// A sentence with the main finding, for those who do not see the picture.
    pub alt: String,
    /// The line at the foot.
    pub source_line: String,
    /// People in the model.
    pub n: u64,
    /// Seed.
    pub seed: u64,
    /// The picture.
    pub svg: String,
    /// The picture at twice the size.
    pub png: Vec<u8>,
    /// Exactly the data drawn.
    pub csv: String,
    /// Data of another grain that are drawn too, and the name of their file.
    pub more_csv: Option<(String, String)>,
    /// What describes picture and data.
    pub json: String,
}

impl Chart {
    /// Its files: their names, and what is in them.
    pub fn files(&self) -> Vec<(String, &[u8])> {
        let own = [
            ("svg", self.svg.as_bytes()),
            ("png", &self.png),
            ("csv", self.csv.as_bytes()),
            ("json", self.json.as_bytes()),
        ];
        let own = own.into_iter().map(|(end, content)| (format!("{}.{end}", self.name), content));
        own.chain(self.more_csv.iter().map(|(name, csv)| (name.clone(), csv.as_bytes()))).collect()
    }
}

/// Why a figure could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ChartError {
    /// The drawing library failed.
    #[error("chart `{name}` cannot be drawn: {why}")]
    Draw {
        /// File stem of the figure.
        name: String,
        /// What the library said.
        why: String,
    },
    /// The SVG cannot be read back.
    #[error("chart `{name}` is not a valid SVG: {why}")]
    Svg {
        /// File stem of the figure.
        name: String,
        /// What the reader said.
        why: String,
    },
    /// The PNG could not be made.
    #[error("chart `{name}` has no PNG: {why}")]
    Png {
        /// File stem of the figure.
        name: String,
        /// What went wrong.
        why: String,
    },
    /// The description could not be written as JSON.
    #[error("chart `{name}` has no description: {why}")]
    Json {
        /// File stem of the figure.
        name: String,
        /// What went wrong.
        why: String,
    },
}

/// A figure by its name, and what draws it.
type FigureDrawer = (&'static str, fn(&Facts) -> figure::Figure);

/// All figures, in the order of the page. A figure that can't be drawn takes no other with it, and no results.
pub fn draw_all(input: &ChartInput) -> Vec<Result<Chart, ChartError>> {
    let facts = Facts::new(input);
    plans(&facts).into_iter().map(|plan| draw(plan, &facts)).collect()
}

/// One figure; a panic on the way is an error of this figure alone.
fn draw((name, plan): FigureDrawer, facts: &Facts) -> Result<Chart, ChartError> {
    let drawn = catch_unwind(AssertUnwindSafe(|| plan(facts).finish(facts)));
    drawn.unwrap_or_else(|_| Err(ChartError::Draw { name: name.to_owned(), why: "outflow failed inside".to_owned() }))
}

/// The figure of a benchmark; only policies and what describes the run are read from `input`.
pub fn draw_throughput(input: &ChartInput, bars: &[Throughput]) -> Result<Chart, ChartError> {
    let facts = Facts::new(input);
    bench_throughput::draw(&facts, bars).finish(&facts)
}

/// The figure of two runs beside each other; only policies and what describes the first run are read from `input`.
pub fn draw_comparison(
    input: &ChartInput,
    title: String,
    subtitle: String,
    compared: &[Compared],
) -> Result<Chart, ChartError> {
    let facts = Facts::new(input);
    compare::draw(&facts, title, subtitle, compared).finish(&facts)
}

/// The figure of a sweep over `key`; only policies and what describes the scenario are read from `input`.
pub fn draw_sweep(
    input: &ChartInput,
    key: &str,
    (title, subtitle): (String, String),
    lines: &[SweepLine],
) -> Result<Chart, ChartError> {
    let facts = Facts::new(input);
    sweep::draw(&facts, key, title, subtitle, lines).finish(&facts)
}

/// The figure of how much of a sample finds a leak: `panels` names each unit, `confidence` is asked for; only policies and what describes the scenario are read from `input`.
pub fn draw_audit_power(
    input: &ChartInput,
    texts: (String, String),
    panels: &[(&'static str, String)],
    confidence: f64,
    lines: &[PowerLine],
) -> Result<Chart, ChartError> {
    let facts = Facts::new(input);
    audit_power::draw(&facts, texts, panels, confidence, lines).finish(&facts)
}

/// The figure of what moves figures most; only policies, those that are drawn, and what describes the scenario are read from `input`. There are `of_policies` policies.
pub fn draw_tornado(
    input: &ChartInput,
    texts: (String, String),
    index: &'static str,
    panels: &[TornadoPanel],
    of_policies: usize,
) -> Result<Chart, ChartError> {
    let facts = Facts::new(input);
    tornado::draw(&facts, texts, index, panels, of_policies).finish(&facts)
}

fn plans(facts: &Facts) -> Vec<FigureDrawer> {
    let mut plans: Vec<FigureDrawer> = vec![
        ("exposure-by-purpose", exposure_by_purpose::draw),
        ("people-reached", people_reached::draw),
        ("daily-exposure", daily_exposure::draw),
    ];
    if !facts.input.orders.is_empty() {
        plans.push(("exceedance", exceedance::draw));
    }
    plans.extend([("depth", depth::draw as fn(&Facts) -> figure::Figure), ("categories", categories::draw)]);
    if !facts.input.resolutions.is_empty() {
        plans.push(("resolution", resolution::draw));
    }
    if linking::is_drawn(facts.input.knowledge) {
        plans.push(("linking", linking::draw));
    }
    if facts.input.utility.iter().any(|row| row.model == "necessity") {
        plans.push(("security-recall", utility::recall::draw));
        plans.push(("security-categories", utility::necessity::draw));
        plans.push(("security-detection", utility::detection::draw));
    }
    if facts.input.utility.iter().any(|row| row.model == "business_intelligence") {
        plans.push(("business-intelligence", utility::business_intelligence::draw));
    }
    plans.push(("filter-throughput", filter_throughput::draw));
    plans
}

#[cfg(test)]
mod tests;
