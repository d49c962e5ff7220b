//! The curve of a sweep: how figures follow the value of one key.

use super::super::past_folder::{PastError, PastFolder};
use crate::exposure::{ALL, ExposureRow};
use crate::output::chart::{self, Chart, ChartError, ChartInput, MOST_POLICIES, SweepLine};
use crate::output::presentation::stored;
use crate::output::tables::{column_names, read_rows_beside};
use crate::scenario::{Scenario, about_key};

/// Figures that are drawn: metric, population, whether it is a share, and what a reader calls it.
pub const DRAWN: [(&str, &str, bool, &str); 3] = [
    ("disclosed_values", ALL, false, "Values disclosed, for all purposes"),
    ("coverage_of_group", "objecting", true, "Users who object, reached for any purpose"),
    ("coverage_of_group", "non_user", true, "People who never joined, reached for any purpose"),
];

/// Name of the table, and of the chart.
const SWEEP: &str = "sweep";

/// Whether a row is not split by jurisdiction or category, nor one of a histogram.
pub fn is_whole(row: &ExposureRow) -> bool {
    &*row.jurisdiction == ALL && &*row.category == ALL && !row.metric.starts_with("people_at_depth_")
}

/// Lines over the values of a key.
#[derive(Clone, Debug)]
pub struct Curve {
    /// The key.
    pub key: String,
    /// Lines; those without points are not drawn.
    pub lines: Vec<SweepLine>,
}

impl Curve {
    /// Draws it. `texts` are title and subtitle.
    ///
    /// # Errors
    /// If it can't be drawn.
    pub fn draw(
        mut self,
        scenario: &Scenario,
        input: &ChartInput,
        texts: (String, String),
    ) -> Result<Chart, ChartError> {
        for line in &mut self.lines {
            line.points.sort_by(|a, b| a.0.total_cmp(&b.0));
        }
        self.lines.retain(|line| !line.points.is_empty());
        let (what, _) = about_key(&scenario.file, &self.key);
        chart::draw_sweep(input, &what, texts, &self.lines)
    }

    /// The lines of a sweep that is over, from its table.
    ///
    /// # Errors
    /// If the table can't be read, or no key takes several values in it.
    pub fn read(past: &PastFolder, scenario: &Scenario) -> Result<Self, PastError> {
        let path = past.table(SWEEP);
        let bad = |why: String| past.bad_table(SWEEP, &why);
        // Behind the number of the point stand the keys, before what rows are about.
        let names = column_names(&path).map_err(bad)?;
        let keys: Vec<&str> = names.iter().map(String::as_str).skip(1).take_while(|name| *name != "policy").collect();
        let policies: Vec<_> = scenario.policies.iter().take(MOST_POLICIES).enumerate().collect();
        let mut lines: Vec<(SweepLine, Vec<Vec<f64>>)> = Vec::new();
        for (_, _, share, panel) in DRAWN {
            for (policy, _) in &policies {
                let line = SweepLine { panel: panel.to_owned(), share, policy: *policy, points: Vec::new() };
                lines.push((line, Vec::new()));
            }
        }
        let mut first: Option<Vec<f64>> = None;
        let mut varies = vec![false; keys.len()];
        let take = |row: ExposureRow, values: &[f64]| {
            let before = first.get_or_insert_with(|| values.to_vec());
            varies.iter_mut().zip(before.iter().zip(values)).for_each(|(varies, (a, b))| *varies |= a != b);
            let figure = DRAWN.iter().position(|(metric, population, ..)| {
                (&*row.metric, &*row.population, &*row.purpose) == (*metric, *population, ALL) && is_whole(&row)
            });
            let policy = policies.iter().position(|(_, policy)| policy.id == row.policy);
            if let Some((line, at)) = figure.zip(policy).map(|(f, p)| &mut lines[f * policies.len() + p]) {
                line.points.push((f64::NAN, row.value.as_f64(), row.spread.interval));
                at.push(values.to_vec());
            }
        };
        read_rows_beside(&path, &keys, stored::exposure, take).map_err(bad)?;
        let key = varies.iter().position(|&varies| varies);
        let key = key.ok_or_else(|| past.unfit("no key takes several values in it: there is no curve to draw"))?;
        let placed = |(mut line, at): (SweepLine, Vec<Vec<f64>>)| {
            line.points.iter_mut().zip(at).for_each(|(point, values)| point.0 = values[key]);
            line
        };
        Ok(Curve { key: keys[key].to_owned(), lines: lines.into_iter().map(placed).collect() })
    }
}
