//! The curve of a sweep, as its points are done.

use crate::cli::points::{Points, VariedKey};
use crate::exposure::{ALL, ExposureRow};
use crate::output::chart::{self, Chart, ChartError, ChartInput, MOST_POLICIES, SweepLine};
use crate::output::manifest::VERSION;
use crate::output::sweep::{self, DRAWN, is_whole};
use crate::scenario::about_key;

/// Most values of a key of which a curve is drawn.
const MOST_DRAWN: usize = 2000;

/// The curve of a sweep in which a single key takes several values, and policies besides.
pub(super) struct Curve {
    /// Which of the varied keys.
    key: usize,
    lines: Vec<SweepLine>,
    /// For each line its row.
    rows: Vec<usize>,
}

impl Curve {
    /// Lines that are still empty; none if there is more than one axis.
    pub(super) fn new(sweep: &Points) -> Option<Self> {
        let several = |key: &VariedKey| !key.is_policy() && key.values().is_none_or(|n| n > 1);
        let mut axes = (0..sweep.keys.len()).filter(|&i| several(&sweep.keys[i]));
        let key = axes.next().filter(|&key| sweep.keys[key].values().unwrap_or(sweep.design.len()) <= MOST_DRAWN)?;
        // Values that go together have a curve, by the first.
        if axes.next().is_some() && !sweep.design.goes_together() {
            return None;
        }
        let (mut lines, mut rows) = (Vec::new(), Vec::new());
        for (metric, population, share, panel) in DRAWN {
            for (policy, p) in sweep.scenario.policies.iter().enumerate().take(MOST_POLICIES) {
                let wanted = |row: &ExposureRow| {
                    (&*row.metric, &*row.population, &*row.purpose) == (metric, population, ALL)
                        && row.policy == p.id
                        && is_whole(row)
                };
                if let Some(row) = sweep.rows.iter().position(wanted) {
                    lines.push(SweepLine { panel: panel.to_owned(), share, policy, points: Vec::new() });
                    rows.push(row);
                }
            }
        }
        Some(Curve { key, lines, rows })
    }

    /// Adds a point.
    pub(super) fn add(&mut self, sweep: &Points, point: usize, numbers: &[[f64; 3]]) {
        let of_policy = sweep.policy(point);
        let Some(Ok(value)) = sweep.values(point).get(self.key).map(|value| value.parse::<f64>()) else { return };
        for (line, &row) in self.lines.iter_mut().zip(&self.rows) {
            if of_policy.as_deref().is_none_or(|id| id == &*sweep.scenario.policies[line.policy].id) {
                let [mean, lo, hi] = numbers[row];
                line.points.push((value, mean, (!lo.is_nan()).then_some((lo, hi))));
            }
        }
    }

    pub(super) fn draw(self, sweep: &Points, command: &str) -> Result<Chart, ChartError> {
        let key = &sweep.keys[self.key];
        let policies = chart::named_policies(&sweep.scenario);
        let input = ChartInput::about(&sweep.scenario, &policies, command, VERSION);
        let (what, _) = about_key(&sweep.scenario.file, &key.vary.key);
        let title = format!("How figures follow: {what}");
        let days = sweep.scenario.days;
        let subtitle = format!(
            "{} values, each simulated; bands are 95 % intervals over worlds, which all values share as far as they can. {days} {} from {}.",
            key.values().unwrap_or(sweep.design.len()),
            if days == 1 { "day" } else { "days" },
            sweep.scenario.start.format("%-d %b %Y")
        );
        let curve = sweep::Curve { key: key.vary.key.clone(), lines: self.lines };
        curve.draw(&sweep.scenario, &input, (title, subtitle))
    }
}
