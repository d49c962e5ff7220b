//! What each category adds to security: Shapley values as bars.

use super::{figure_of, of};
use crate::output::chart::canvas::{Anchor, Face, label};
use crate::output::chart::data::{ChartData, column};
use crate::output::chart::figure::Figure;
use crate::output::chart::row_index::{Facts, Interval};
use crate::output::chart::rows::{RowLabels, panels};
use crate::output::chart::theme::{self, AXIS, BODY, GRID, MUTED, SMALL};
use crate::output::chart::ticks::nice;

/// Height of a bar.
const BAR: f64 = 14.0;

/// A share in percentage points.
fn points(share: f64) -> String {
    let text = format!("{:.1}", share.abs() * 100.0);
    let sign = if share < 0.0 && text != "0.0" { "−" } else { "" };
    format!("{sign}{text}")
}

/// Draws the figure.
pub fn draw(facts: &Facts) -> Figure {
    let data = ChartData::new(vec![
        column("category", "text", "category"),
        column(
            "shapley_value",
            "share",
            "what it adds to the share of abusive accounts that are found, over all orders in which categories might be told",
        ),
        column("lo", "share", "lower end of the 95 % interval over worlds; empty if there is one"),
        column("hi", "share", "upper end of it"),
    ]);
    let title = "What each category adds to the share of abusive accounts found".to_owned();
    let subtitle = format!(
        "Percentage points, as the Shapley value over all subsets of the categories: a category's mean gain over all orders in which they might be told. {}.",
        facts.span()
    );
    let mut figure = Figure::new(facts, "security-categories", title, subtitle, data);
    let mut bars: Vec<(&str, String, (f64, Interval))> = of(facts.input.utility, "necessity", "shapley_value")
        .map(|row| {
            let title = facts.input.categories.iter().find(|category| category.id == row.indicator);
            (&*row.indicator, title.map_or_else(|| row.indicator.to_string(), |of| of.title.clone()), figure_of(row))
        })
        .collect();
    if bars.is_empty() {
        return figure.nothing("Nothing is known of categories: nothing to show.");
    }
    bars.sort_by(|a, b| b.2.0.total_cmp(&a.2.0));
    let labels = RowLabels::of(bars.iter().map(|bar| bar.1.as_str()), 300.0);
    let (lefts, width) = panels(1, labels.width + 70.0);
    let (left, width) = (lefts[0] - 70.0 + 0.0, width);
    let most = bars.iter().map(|bar| bar.2.1.map_or(bar.2.0, |i| i.1)).fold(0.0, f64::max);
    let ticks = nice(most * 100.0, 5);
    let wide = ticks.last().copied().unwrap_or(1.0) / 100.0;
    let x = |share: f64| left + share.max(0.0) / wide * width;
    let (top, row) = (figure.y + 4.0, labels.row);
    let bottom = top + row * bars.len() as f64;
    for &tick in &ticks {
        let at = x(tick / 100.0);
        figure.sheet.line(&[(at, top), (at, bottom)], 1.0, if tick == 0.0 { AXIS } else { GRID });
        figure.sheet.text(at, bottom + 16.0, &format!("{tick}"), Face::new(SMALL, MUTED).anchored(Anchor::Middle));
    }
    for (i, (id, _, (value, interval))) in bars.iter().enumerate() {
        let y = top + row * (i as f64 + 0.5);
        labels.draw(&mut figure.sheet, i, y);
        figure.sheet.rect(left, y - BAR / 2.0, x(*value) - left, BAR, theme::policy(0));
        let mut end = x(*value);
        if let Some((lo, hi)) = interval {
            figure.sheet.whisker((x(*lo), x(*hi)), y);
            end = end.max(x(*hi));
        }
        figure.sheet.text(end + 8.0, y + BODY * 0.36, &points(*value), label(BODY));
        figure.data.push(&[id], &[Some(*value), interval.map(|i| i.0), interval.map(|i| i.1)]);
    }
    figure.y = bottom + 24.0;
    let none = bars.iter().filter(|bar| bar.2.0.abs() < 5e-4).count();
    figure.alt = format!(
        "Bar chart: {} adds most, {} points; {none} of {} categories add less than a tenth of a point.",
        bars[0].1,
        points(bars[0].2.0),
        bars.len()
    );
    figure
}
