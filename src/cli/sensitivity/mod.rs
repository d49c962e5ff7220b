//! `outflow sensitivity`: which of the things that nobody knows matter for the figures.

mod method;
mod params;
mod results;
mod summary;

use std::path::PathBuf;
use std::time::Instant;

use clap::{Args, ValueEnum};

use super::points::{Kept, Points, StudyOptions, look_up, rows};
use super::{Failure, begin, default_output, rendered, terminal};
use crate::exposure::ExposureRow;
use crate::output::sensitivity::{FigureName, Studied};
use crate::output::staging::Contents;
use crate::output::sweep::Parts;
use crate::scenario::{Diagnostics, Numbers, RangedParameter, Scenario, Text, Vary, VaryOver, lines, shown};
use crate::simulate::Design;
use method::MethodOptions;

/// Figures that are looked at if nobody names others: those of a sweep's curve.
const FIGURES: [&str; 3] = ["disclosed_values", "coverage_of_group:objecting", "coverage_of_group:non_user"];

/// Options of `sensitivity`.
#[derive(Args, Debug)]
pub struct SensitivityArgs {
    /// Scenario file, or the name of one that ships
    #[arg(value_name = "SCENARIO")]
    scenario: PathBuf,
    /// What is varied: `assumed`, every number that the scenario assumes, over a default range; a FILE of ranges; or KEY=lo..hi (KEY=log:lo..hi, logit:lo..hi), which takes
    /// the place of the key's range in these; repeat it for more
    #[arg(long, value_name = "assumed|FILE|KEY=lo..hi", default_value = "assumed")]
    params: Vec<String>,
    /// Morris' elementary effects (many parameters, few runs), or Sobol' indices (shares of the variance, many runs)
    #[arg(long, value_enum, default_value_t = MethodWord::Morris)]
    method: MethodWord,
    #[command(flatten)]
    method_options: MethodOptions,
    /// Figures: METRIC[:POPULATION[:PURPOSE]] of the table `exposure`, such as coverage_of_group:non_user; several with commas between
    #[arg(long, value_name = "METRIC", value_delimiter = ',', default_values_t = FIGURES.map(str::to_owned))]
    output: Vec<String>,
    #[command(flatten)]
    study: StudyOptions,
    /// Folder for tables and chart (default: output/NAME-sensitivity)
    #[arg(long, short = 'o', value_name = "DIR")]
    to: Option<PathBuf>,
    /// No plan, no progress, no summary
    #[arg(long, short)]
    quiet: bool,
}

/// How sensitivity is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum MethodWord {
    /// Morris' elementary effects.
    Morris,
    /// Sobol' indices.
    Sobol,
}

/// A study, planned.
struct Study<'a> {
    points: Points<'a>,
    parameters: Vec<RangedParameter>,
    studied: Vec<Studied>,
    figures: Vec<FigureName>,
    method: crate::output::sensitivity::Method,
}

impl SensitivityArgs {
    /// Varies, simulates, and tells what matters.
    pub fn main(mut self) -> Result<(), Failure> {
        let begun = Instant::now();
        self.method_options.fit(self.method)?;
        let (scenario, text, threads) = self.study.load(&self.scenario, "a study of sensitivity")?;
        let study = self.planned(&text, scenario)?;
        let points = &study.points;
        study.check_ends()?;
        points.check()?;
        let name = format!("{}-sensitivity", points.scenario.name);
        let target = self.to.clone().unwrap_or_else(|| default_output(&points.scenario).with_file_name(name));
        let staging = begin(&target, Contents::Sensitivity)?;
        let how = self.method_options.words(self.method);
        let of = format!("{how}: {} parameters over their ranges", study.parameters.len());
        let parts = points.find(&staging, &of, self.study.resume, threads, self.quiet)?;
        let outputs = study.outputs(&parts)?;
        let command = self.command(&points.scenario);
        let found = study.write(&staging, &command, &how, &outputs)?;
        staging.commit(&found.origin)?;
        if !self.quiet {
            let seconds = begun.elapsed().as_secs_f64();
            let text = study.summary(&found, &outputs);
            let n = points.design.len();
            let told = format!(
                "{text}\n{}: {n} points in {seconds:.1} s: tables/sensitivity.csv, tables/draws.csv, charts/tornado.svg\n",
                target.display()
            );
            terminal::print(&told)?;
        }
        Ok(())
    }

    /// The study as it is asked for: what varies, over which points, for which figures.
    fn planned<'a>(&self, text: &'a Text, scenario: Scenario) -> Result<Study<'a>, Failure> {
        let parameters = params::parameters(&self.params, &scenario, self.quiet)?;
        let vary: Vec<Vary> =
            parameters.iter().map(|p| Vary { key: p.key.clone(), over: VaryOver::Range(p.range) }).collect();
        let keys = look_up(&vary, &Numbers::of(&scenario.file), "--params ")?;
        let whole = rows(&scenario, &Kept::Whole, false);
        let figures = self.figures(&whole)?;
        let (studied, numbers) = studied(&scenario, &figures, &whole);
        let unit = self.method_options.points(self.method, keys.len(), scenario.seed)?;
        let points = Points {
            what: "study of sensitivity",
            text,
            overrides: self.study.changes.overrides(),
            keys,
            design: Design::Sample(unit),
            more: format!("{}\n", self.method_options.words(self.method)),
            rows: studied.iter().map(|s| s.row.clone()).collect(),
            kept: Kept::Some(numbers),
            shares: false,
            scenario,
        };
        let method = self.method_options.method(self.method);
        Ok(Study { points, parameters, studied, figures, method })
    }

    /// The figures that are asked for, each once.
    fn figures(&self, whole: &[ExposureRow]) -> Result<Vec<FigureName>, Failure> {
        let mut figures: Vec<FigureName> = Vec::new();
        for text in &self.output {
            let figure = FigureName::parse(text, whole).map_err(|wrong| {
                Failure::Input(format!("error: --output:\n{}", rendered(&Diagnostics(vec![wrong]))))
            })?;
            if !figures.contains(&figure) {
                figures.push(figure);
            }
        }
        Ok(figures)
    }

    /// What makes the same results.
    fn command(&self, scenario: &Scenario) -> String {
        let mut command = format!("outflow sensitivity {}", terminal::quoted(&shown(&self.scenario)));
        if shown(&self.scenario).contains(" (built in)") {
            command = format!("outflow sensitivity {}", terminal::quoted(&scenario.name));
        }
        for params in &self.params {
            command += &format!(" --params {}", terminal::quoted(params));
        }
        command += &self.method_options.as_typed(self.method);
        command + &format!(" --output {}", terminal::quoted(&self.output.join(","))) + &self.study.changes.as_typed()
    }
}

/// The figures under each policy, and which rows of a point they are.
fn studied(scenario: &Scenario, figures: &[FigureName], whole: &[ExposureRow]) -> (Vec<Studied>, Vec<usize>) {
    let (mut studied, mut numbers) = (Vec::new(), Vec::new());
    for (f, figure) in figures.iter().enumerate() {
        for (p, policy) in scenario.policies.iter().enumerate() {
            if let Some(i) = whole.iter().position(|row| figure.is(row) && row.policy == policy.id) {
                studied.push(Studied { row: whole[i].clone(), figure: f, policy: p });
                numbers.push(i);
            }
        }
    }
    (studied, numbers)
}

impl Study<'_> {
    /// Refuses a range of which an end is no value of the scenario, and names it.
    fn check_ends(&self) -> Result<(), Failure> {
        for (k, (key, parameter)) in self.points.keys.iter().zip(&self.parameters).enumerate() {
            for share in [0.0, 1.0] {
                let value = parameter.range.written(share, key.whole);
                self.points.with_one(k, &value).map_err(|why| {
                    Failure::Input(format!(
                        "error: --params {}: at {value}, an end of its range, there is no scenario:\n{why}",
                        lines(&parameter.key)
                    ))
                })?;
            }
        }
        Ok(())
    }

    /// For each figure its value at each point.
    fn outputs(&self, parts: &Parts) -> Result<Vec<Vec<f64>>, Failure> {
        let n = self.points.design.len();
        let mut outputs = vec![Vec::with_capacity(n); self.studied.len()];
        for point in 0..n {
            let found = self.points.found(point, parts)?;
            outputs.iter_mut().zip(found).for_each(|(output, [mean, ..])| output.push(mean));
        }
        Ok(outputs)
    }
}
