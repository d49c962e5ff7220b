//! What figures are drawn from: finished results of some kind.

use std::path::Path;

use crate::bench::BenchResult;
use crate::cli::bench::charts;
use crate::cli::{Failure, tell_of};
use crate::output::audit::{PastPlan, draw_plan};
use crate::output::chart::{self, Chart, ChartError, ChartInput, Look, Named};
use crate::output::compare::{self, CompareRow};
use crate::output::past_chart::PastChart;
use crate::output::past_folder::PastFolder;
use crate::output::presentation::Presentation;
use crate::output::sensitivity::{self, IndexRow};
use crate::output::staging::Contents;
use crate::output::sweep::Curve;
use crate::scenario::letters::neutral;
use crate::scenario::{Overrides, Scenario, lines, load, usable_name};

/// What has figures.
const KINDS: [Contents; 5] =
    [Contents::Run, Contents::Sweep, Contents::Sensitivity, Contents::Compare, Contents::Audit];

/// Finished results, read.
pub enum Source {
    /// A run, with all its figures.
    Run(Box<Presentation>),
    /// A study, with one.
    Study(Box<Study>),
    /// The result of a benchmark, of this scenario.
    Bench(Box<(Scenario, BenchResult)>),
}

/// A study that is over.
pub struct Study {
    scenario: Scenario,
    command: String,
    words: PastChart,
    found: Found,
}

/// What a study found, as far as its figure shows it.
enum Found {
    Curve(Curve),
    Indices(Vec<IndexRow>),
    Differences(Vec<CompareRow>),
    Plan(PastPlan),
}

impl Source {
    /// Reads what lies there.
    pub fn read(path: &Path) -> Result<Self, Failure> {
        if path.is_file() {
            return bench(path);
        }
        let past = PastFolder::open(path)?;
        tell_of(&past);
        past.holds(&KINDS, "name the folder of one of these, or the result of `outflow bench --save`")?;
        past.of_this_version()?;
        if past.contents == Contents::Run.id() {
            return Ok(Source::Run(Box::new(Presentation::read(&past)?)));
        }
        let scenario = past.scenario()?;
        let of = |kind: Contents| past.contents == kind.id();
        let (name, found) = match () {
            () if of(Contents::Sweep) => {
                // One without a chart has no curve: that is said before a large table is read.
                PastChart::read(&past, "sweep")?;
                ("sweep", Found::Curve(Curve::read(&past, &scenario)?))
            }
            () if of(Contents::Sensitivity) => ("tornado", Found::Indices(sensitivity::past_indices(&past)?)),
            () if of(Contents::Compare) => ("compare", Found::Differences(compare::past_rows(&past)?)),
            () => ("audit-power", Found::Plan(PastPlan::read(&past)?)),
        };
        let words = PastChart::read(&past, name)?;
        let command = past.word("command")?.to_owned();
        Ok(Source::Study(Box::new(Study { scenario, command, words, found })))
    }

    /// Whether the words of its figure are those that the folder has, in the language in which they were written.
    pub fn keeps_words(&self) -> bool {
        matches!(self, Source::Study(_))
    }

    /// Draws its figures; `heading` stands in place of the title.
    pub fn draw(&self, look: Look, heading: Option<&str>) -> Vec<Result<Chart, ChartError>> {
        match self {
            Source::Run(run) => chart::draw_all(&ChartInput { heading, ..run.input(look) }),
            Source::Study(study) => vec![study.draw(look, heading)],
            Source::Bench(of) => vec![charts::draw(&of.0, &of.1, look, heading)],
        }
    }
}

impl Study {
    fn draw(&self, look: Look, heading: Option<&str>) -> Result<Chart, ChartError> {
        let Study { scenario, command, words, found } = self;
        let all = chart::named_policies(scenario);
        let input = |policies| ChartInput { look, ..words.input(scenario, policies, command, heading) };
        match found {
            Found::Curve(curve) => curve.clone().draw(scenario, &input(&all), words.texts()),
            Found::Indices(rows) => {
                sensitivity::tornado(rows, scenario, &input(sensitivity::drawn(&all)), words.texts())
            }
            Found::Differences(rows) => compare::draw(rows, scenario, &input(&all), words.texts()),
            Found::Plan(plan) => {
                let kept: Vec<Named> = all.into_iter().filter(|policy| *policy.id == *plan.policy).collect();
                draw_plan(&input(&kept), words.texts(), plan.confidence, &plan.lines)
            }
        }
    }
}

/// The result of a benchmark. It names its scenario and does not hold it: one that ships is at hand.
fn bench(path: &Path) -> Result<Source, Failure> {
    let shown = path.display();
    let refused = |why: &str, help: &str| Failure::Input(lines(&format!("error: {shown}: {why}\n  help: {help}")));
    if !BenchResult::is_one(path) {
        return Err(refused(
            "it is not the result of `outflow bench`, and no folder",
            "name the folder of a run, a sweep, a study of sensitivity, a comparison or a plan of an audit, or the result of `outflow bench --save`",
        ));
    }
    let result = BenchResult::read(path).map_err(|e| Failure::Input(lines(&format!("error: {e}"))))?;
    let size = Overrides {
        people: Some(result.people),
        days: Some(result.days),
        seed: Some(result.seed),
        ..Overrides::default()
    };
    // A name, not a way to a file: whoever wrote the result chose it.
    let name = Some(&result.scenario).filter(|name| usable_name(name));
    let loaded = name.and_then(|name| load(Path::new(name), &size).ok()).map(|(scenario, _)| scenario);
    match loaded.filter(|scenario| scenario.digest == result.scenario_digest) {
        Some(scenario) => Ok(Source::Bench(Box::new((scenario, result)))),
        None => Err(refused(
            &format!("the scenario `{}` that it was measured with is not at hand as it was", neutral(&result.scenario)),
            "have its chart drawn as it is measured: `outflow bench --charts DIR`",
        )),
    }
}
