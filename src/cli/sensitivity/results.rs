//! The files of a study of sensitivity.

use std::sync::Arc;

use super::Study;
use crate::cli::Failure;
use crate::output::chart::{self, ChartInput};
use crate::output::manifest::{Origin, VERSION};
use crate::output::results::{about, run_id};
use crate::output::sensitivity::{
    DrawsTable, FigureName, IndexRow, Method, RankRow, Studied, drawn, indices, rank_stability, tornado, write_rows,
};
use crate::output::staging::Staging;
use crate::scenario::params_file;

/// What a study found.
pub struct Found {
    /// What the manifest says of it.
    pub origin: Origin,
    /// Indices of all parameters for all figures.
    pub indices: Vec<IndexRow>,
    /// Policies beside each other.
    pub ranks: Vec<RankRow>,
}

impl Study<'_> {
    /// Writes tables, chart and ranges. `outputs` has, for each figure, its value at each point.
    pub(super) fn write(
        &self,
        staging: &Staging,
        command: &str,
        method: &str,
        outputs: &[Vec<f64>],
    ) -> Result<Found, Failure> {
        let scenario = &self.points.scenario;
        let failed = |e: &dyn std::fmt::Display| Failure::Other(e.to_string());
        let points = self.points.design.sample();
        let of = |points| indices(self.method, points, &self.parameters, &self.studied, outputs, scenario.seed);
        let indices = points.map(of).unwrap_or_default();
        let ranks = rank_stability(&self.studied, outputs);
        staging.write("scenario.resolved.toml", &scenario.resolved)?;
        let what = format!(
            "Ranges that a study of sensitivity varied ({} parameters of {}). Edit them, and use them again:\noutflow sensitivity ... --params params.toml",
            self.parameters.len(),
            scenario.name
        );
        staging.write("params.toml", params_file(&what, &self.parameters))?;
        staging.make_folder("tables")?;
        let run: [Arc<str>; 2] = [scenario.name.as_str().into(), run_id(scenario).into()];
        let about = about(scenario, command);
        let stem = |name: &str| staging.folder().join("tables").join(name);
        let mut names: Vec<String> = self.parameters.iter().map(|p| p.key.clone()).collect();
        names.extend(self.studied.iter().map(Studied::column));
        let mut draws = DrawsTable::new(&stem("draws"), &about, names, run.clone());
        for point in 0..self.points.design.len() {
            let values = self.points.numbers(point).into_iter().chain(outputs.iter().map(|output| output[point]));
            draws.write(values).map_err(|e| failed(&e))?;
        }
        let rows = [
            ("sensitivity", write_rows(&stem("sensitivity"), &about, &indices, &run).map_err(|e| failed(&e))?),
            ("draws", draws.finish().map_err(|e| failed(&e))?),
            ("rank_stability", write_rows(&stem("rank_stability"), &about, &ranks, &run).map_err(|e| failed(&e))?),
        ];
        let chart = self.chart(command, method, &indices).map_err(|e| failed(&e))?;
        for (name, content) in chart.files().map_err(|e| Failure::Other(e.to_string()))? {
            staging.write(&format!("charts/{name}"), content)?;
        }
        Ok(Found { origin: Origin::new(scenario, command, rows), indices, ranks })
    }

    fn chart(&self, command: &str, method: &str, rows: &[IndexRow]) -> Result<chart::Chart, chart::ChartError> {
        let scenario = &self.points.scenario;
        let named = chart::named_policies(scenario);
        let drawn = drawn(&named);
        let input = ChartInput::about(scenario, drawn, command, VERSION);
        let (title, bars) = match self.method {
            Method::Morris { .. } => (
                "How far each parameter moves the figures",
                "the mean size of the change when the parameter moves across its range, wherever the others are in theirs",
            ),
            Method::Sobol => (
                "Which parameters the variance of the figures is due to",
                "the share of the variance that would stay if all other parameters were known (total order)",
            ),
        };
        let days = scenario.days;
        let policies = match named.len() - drawn.len() {
            0 => String::new(),
            _ => format!(" Drawn: the first {} of {} policies.", drawn.len(), named.len()),
        };
        let subtitle = format!(
            "Bars: {bars}. Whiskers: 95 % intervals. {method}; {} parameters, of which those that move a figure most are drawn.{policies} {days} {} from {}.",
            self.parameters.len(),
            if days == 1 { "day" } else { "days" },
            scenario.start.format("%-d %b %Y")
        );
        tornado(rows, scenario, &input, (title.to_owned(), subtitle))
    }

    /// Rows of an index for a figure.
    pub(super) fn of_index<'a>(
        &self,
        rows: &'a [IndexRow],
        figure: &FigureName,
        index: &'static str,
    ) -> impl Iterator<Item = &'a IndexRow> {
        let name = [figure.metric.clone(), figure.population.clone(), figure.purpose.clone()];
        rows.iter().filter(move |row| row.index == index && row.figure == name)
    }

    /// Whether a figure is a share of people.
    pub(super) fn is_share(&self, figure: &FigureName) -> bool {
        self.studied.iter().any(|s| figure.is(&s.row) && s.is_share())
    }
}
