//! The figures of a run: SVG, PNG, the data drawn, and what describes them.
//!
//! `draw_all` makes one [`Chart`] per figure from the tidy rows. Same rows, same bytes. What there is too much of to be seen is
//! left out, and the figure says so.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use chrono::NaiveDate;

use crate::exposure::{
    DailyRow, DifferenceRow, ExceedanceDay, ExceedanceRow, ExposureRow, FirstExposureRow, KnowledgeRow,
};
use crate::output::findings::Finding;
use crate::output::lang::Lang;
use crate::population::Layout;
use crate::scenario::Scenario;
use crate::simulate::FilterSpeed;
use crate::utility::UtilityRow;

mod canvas;
mod data;
mod figure;
mod figures;
#[cfg(test)]
pub(crate) mod fixtures;
pub mod fonts;
mod form;
pub mod glyphs;
mod hues;
mod layout;
mod look;
mod page_chart;
pub(crate) mod raster;
pub(crate) mod row_index;
pub mod theme;
mod ticks;

pub use figures::audit_power::{MOST_LEAKS, PowerLine};
pub use figures::compare::Compared;
pub(crate) use figures::phases::stretches;
pub use figures::sweep::SweepLine;
pub use figures::tornado::{MOST_BARS, TornadoPanel, TornadoRow, TornadoUnit};
pub use look::{Look, Size, Theme};
pub use page_chart::{PageChart, Tones, page_charts};
use row_index::Facts;
pub use row_index::MOST_POLICIES;

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
    /// Codes of the jurisdictions whose people it protects.
    pub jurisdictions: Vec<Arc<str>>,
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
    pub fn name(&self, lang: Lang) -> String {
        format!("{} ({})", self.regulator, lang.date(self.notice))
    }
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
    /// How figures are dressed.
    pub look: Look,
    /// Scenario title.
    pub title: &'a str,
    /// What a figure is called in place of its own title; none if nobody asks for it.
    pub heading: Option<&'a str>,
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
    /// Policies, in the order of the scenario.
    pub policies: &'a [Named],
    /// Purposes.
    pub purposes: &'a [Named],
    /// The policy that others are compared with, by its place.
    pub baseline: usize,
    /// Jurisdictions.
    pub jurisdictions: &'a [Named],
    /// Users that each of them has in reality, in millions; 0 where the scenario does not say.
    pub users_millions: &'a [f64],
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
    /// Figures of the whole run, and some by jurisdiction: which, [`Shown`](crate::output::presentation::Shown) says; likewise of the other tables.
    pub exposure: &'a [ExposureRow],
    /// Figures by day, and some by jurisdiction.
    pub daily: &'a [DailyRow],
    /// How many people were reached by the end of each day, by population and purpose.
    pub first_exposure: &'a [FirstExposureRow],
    /// Figures against orders, for all prohibited purposes together, and by population.
    pub exceedance: &'a [ExceedanceRow],
    /// Figures against orders by day, for all prohibited purposes together, and by population.
    pub exceedance_daily: &'a [ExceedanceDay],
    /// What the parent comes to know about the people of some communities, to all purposes together; empty if it is not asked.
    pub knowledge: &'a [KnowledgeRow],
    /// What purposes achieve by models; empty if it is not asked.
    pub utility: &'a [UtilityRow],
    /// Policies beside the baseline.
    pub differences: &'a [DifferenceRow],
    /// What the run found, the strongest first: titles of the figures that show it.
    pub findings: &'a [Finding],
    /// Speed of the filter; empty if it was not timed.
    pub filter: &'a [FilterSpeed],
}

impl<'a> ChartInput<'a> {
    /// What describes a scenario, for figures that bring their own data. `events` is 0: they are about several runs.
    pub fn about(scenario: &'a Scenario, policies: &'a [Named], command: &'a str, version: &'a str) -> Self {
        ChartInput {
            scenario: &scenario.name,
            title: &scenario.file.scenario.title,
            heading: None,
            look: Look::default(),
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
            baseline: 0,
            jurisdictions: &[],
            users_millions: &[],
            categories: &[],
            markers: &[],
            orders: &[],
            resolutions: &[],
            leaving: "",
            exposure: &[],
            daily: &[],
            first_exposure: &[],
            exceedance: &[],
            exceedance_daily: &[],
            knowledge: &[],
            utility: &[],
            differences: &[],
            findings: &[],
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
    /// For which size it is drawn.
    pub size: Size,
    /// Width and height in the units that letters are measured in.
    pub units: (f64, f64),
    /// The picture.
    pub svg: String,
    /// Exactly the data drawn.
    pub csv: String,
    /// Data of another grain that are drawn too, and the name of their file.
    pub more_csv: Option<(String, String)>,
    /// What describes picture and data.
    pub json: String,
}

impl Chart {
    /// The picture in pixels, with its size in print.
    ///
    /// # Errors
    /// If the picture is too large.
    pub fn png(&self) -> Result<Vec<u8>, ChartError> {
        raster::png(&self.name, &self.svg, self.size)
    }

    /// Its files: their names, and what is in them.
    ///
    /// # Errors
    /// If the picture can't be made in pixels.
    pub fn files(&self) -> Result<Vec<(String, Vec<u8>)>, ChartError> {
        let named = |end: &str, content: &str| (format!("{}.{end}", self.name), content.as_bytes().to_vec());
        let png = (format!("{}.png", self.name), self.png()?);
        let own = [named("svg", &self.svg), png, named("csv", &self.csv), named("json", &self.json)];
        Ok(own
            .into_iter()
            .chain(self.more_csv.iter().map(|(name, csv)| (name.clone(), csv.as_bytes().to_vec())))
            .collect())
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
    /// There is more to show than the size holds.
    #[error("chart `{name}` has too much to show on a {size}: choose fewer policies, or another size")]
    TooMuch {
        /// File stem of the figure.
        name: String,
        /// The size.
        size: &'static str,
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
    /// The PDF could not be made.
    #[error("chart `{name}` has no PDF: {why}")]
    Pdf {
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

/// All figures that a run has something to show for, in the order of the page. A figure that can't be drawn takes no other with it, and no results.
pub fn draw_all(input: &ChartInput) -> Vec<Result<Chart, ChartError>> {
    plans(&Facts::new(input)).into_iter().map(|(name, plan)| fitted(input, name, plan)).collect()
}

/// A figure at the first of the widths of its size at which it fits; a panic on the way is an error of this figure alone.
fn fitted(
    input: &ChartInput,
    name: &'static str,
    plan: impl Fn(&Facts) -> figure::Figure,
) -> Result<Chart, ChartError> {
    let failed = || Err(ChartError::Draw { name: name.to_owned(), why: "outflow failed inside".to_owned() });
    let size = input.look.size;
    let mut facts = Facts::new(input);
    for &width in size.widths() {
        facts.width = width;
        let drawn = catch_unwind(AssertUnwindSafe(|| plan(&facts).finish(&facts))).unwrap_or_else(|_| failed())?;
        let (wide, tall) = drawn.units;
        if size.aspect().is_none_or(|aspect| tall <= wide * aspect + 0.5) {
            return Ok(drawn);
        }
    }
    Err(ChartError::TooMuch { name: name.to_owned(), size: size.id() })
}

/// The figure of a benchmark; only policies and what describes the run are read from `input`.
///
/// # Errors
/// If it can't be drawn.
pub fn draw_throughput(input: &ChartInput, bars: &[Throughput]) -> Result<Chart, ChartError> {
    fitted(input, "bench-throughput", |facts| figures::bench_throughput::draw(facts, bars))
}

/// The figure of two runs beside each other; only policies and what describes the first run are read from `input`.
///
/// # Errors
/// If it can't be drawn.
pub fn draw_comparison(
    input: &ChartInput,
    title: String,
    subtitle: String,
    compared: &[Compared],
) -> Result<Chart, ChartError> {
    fitted(input, "compare", |facts| figures::compare::draw(facts, title.clone(), subtitle.clone(), compared))
}

/// The figure of a sweep over `key`; only policies and what describes the scenario are read from `input`.
///
/// # Errors
/// If it can't be drawn.
pub fn draw_sweep(
    input: &ChartInput,
    key: &str,
    (title, subtitle): (String, String),
    lines: &[SweepLine],
) -> Result<Chart, ChartError> {
    fitted(input, "sweep", |facts| figures::sweep::draw(facts, key, title.clone(), subtitle.clone(), lines))
}

/// The figure of how much of a sample finds a leak: `panels` names each unit, `confidence` is asked for; only policies and what describes the scenario are read from `input`.
///
/// # Errors
/// If it can't be drawn.
pub fn draw_audit_power(
    input: &ChartInput,
    texts: (String, String),
    panels: &[(&'static str, String)],
    confidence: f64,
    lines: &[PowerLine],
) -> Result<Chart, ChartError> {
    fitted(input, "audit-power", |facts| figures::audit_power::draw(facts, texts.clone(), panels, confidence, lines))
}

/// The figure of what moves figures most; only policies, those that are drawn, and what describes the scenario are read from `input`. There are `of_policies` policies.
///
/// # Errors
/// If it can't be drawn.
pub fn draw_tornado(
    input: &ChartInput,
    texts: (String, String),
    index: &'static str,
    panels: &[TornadoPanel],
    of_policies: usize,
) -> Result<Chart, ChartError> {
    fitted(input, "tornado", |facts| figures::tornado::draw(facts, texts.clone(), index, panels, of_policies))
}

/// What is drawn of a run: only what it has rows for, and only what says something.
fn plans(facts: &Facts) -> Vec<FigureDrawer> {
    use figures::*;
    let has = |model: &str| facts.input.utility.iter().any(|row| row.model == model);
    let all: [(bool, FigureDrawer); 18] = [
        (scope::is_drawn(facts), ("scope", scope::draw)),
        (true, ("exposure-by-purpose", exposure_by_purpose::draw)),
        (change::is_drawn(facts), ("change", change::draw)),
        (people_reached::is_drawn(facts), ("people-reached", people_reached::draw)),
        (reach_by_day::is_drawn(facts), ("reach-by-day", reach_by_day::draw)),
        (objection_worth::is_drawn(facts), ("objection-worth", objection_worth::draw)),
        (informants::is_drawn(facts), ("informants", informants::draw)),
        (true, ("categories", categories::draw)),
        (!facts.input.resolutions.is_empty(), ("resolution", resolution::draw)),
        (linking::is_drawn(facts), ("linking", linking::draw)),
        (singling_out::is_drawn(facts), ("singling-out", singling_out::draw)),
        (inference::is_drawn(facts), ("inference", inference::draw)),
        (has("necessity"), ("security-recall", recall::draw)),
        (has("necessity"), ("security-categories", necessity::draw)),
        (has("necessity"), ("security-detection", detection::draw)),
        (has("business_intelligence"), ("business-intelligence", business_intelligence::draw)),
        (!facts.input.orders.is_empty(), ("exceedance", exceedance::draw)),
        (dated_policies::is_drawn(facts), ("dated-policies", dated_policies::draw)),
    ];
    all.into_iter().filter(|(drawn, _)| *drawn).map(|(_, plan)| plan).collect()
}

#[cfg(test)]
mod tests;
