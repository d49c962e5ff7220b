//! How far indicators of the use of services are off under each policy, beside how many people are identified for them.

use super::{figure_of, of, words};
use crate::output::chart::canvas::{Anchor, Face, label};
use crate::output::chart::data::{ChartData, column};
use crate::output::chart::figure::Figure;
use crate::output::chart::layout::wrap;
use crate::output::chart::number::percent;
use crate::output::chart::row_index::{Facts, Interval};
use crate::output::chart::rows::{RowLabels, panels};
use crate::output::chart::theme::{self, AXIS, BODY, GRID, MUTED, SMALL, SUBTITLE};
use crate::utility::UtilityRow;

/// Errors from here on are drawn at one edge, on a scale of powers of ten.
const LEAST: f64 = 1e-5;

/// Draws the figure.
pub fn draw(facts: &Facts) -> Figure {
    let data = ChartData::new(vec![
        column("indicator", "text", "what the parent wants to know"),
        column("policy", "text", "policy id"),
        column("how", "text", "the way in which it is known best under the policy"),
        column("error", "relative", "|estimate - truth| / truth, a mean over worlds; 1 if it is not known"),
        column("lo", "relative", "lower end of the 95 % interval over worlds; empty if there is one"),
        column("hi", "relative", "upper end of it"),
        column("identified", "people", "users who are identified, a mean over worlds"),
    ]);
    let title = "How well the use of both services is known, and who is identified for it".to_owned();
    let subtitle = format!(
        "Relative error of each indicator in the way in which it is known best under each policy, on a scale of powers of ten: further left is better known. {}.",
        facts.span()
    );
    let mut figure = Figure::new(facts, "business-intelligence", title, subtitle, data);
    let rows = facts.input.utility;
    let errors: Vec<&UtilityRow> = of(rows, "business_intelligence", "error").collect();
    let mut indicators: Vec<&str> = Vec::new();
    for row in &errors {
        if !indicators.contains(&&*row.indicator) {
            indicators.push(&row.indicator);
        }
    }
    if indicators.is_empty() {
        return figure.nothing("No indicator is estimated: nothing to show.");
    }
    let users = |id: &str, metric| {
        of(rows, "business_intelligence", metric).find(|row| &*row.policy == id).map_or(0.0, |row| row.value.as_f64())
    };
    let names: Vec<String> = facts
        .input
        .policies
        .iter()
        .map(|policy| {
            let all = ["users_identified", "users_pseudonymous", "users_counted", "users_kept"];
            let all: f64 = all.map(|metric| users(&policy.id, metric)).iter().sum();
            let share = if all > 0.0 { users(&policy.id, "users_identified") / all } else { 0.0 };
            format!("{} ({} identified)", policy.title, percent(share))
        })
        .collect();
    let labels = RowLabels::of(names.iter().map(String::as_str), 230.0);
    let (lefts, width) = panels(indicators.len(), labels.width);
    let powers = -LEAST.log10();
    let top = figure.y + SUBTITLE * 1.3 * 2.0 + 8.0;
    let bottom = top + labels.row * names.len() as f64;
    for (k, indicator) in indicators.iter().enumerate() {
        let left = lefts[k];
        let x = |error: f64| left + (error.clamp(LEAST, 1.0).log10() + powers) / powers * (width - 10.0);
        let head = wrap(&words(indicator), width, SUBTITLE, true, 2);
        let first = top - 10.0 - SUBTITLE * 1.3 * (head.len() as f64 - 1.0);
        figure.sheet.lines(left, first, &head, SUBTITLE * 1.3, label(SUBTITLE).bold());
        for (error, text) in [(LEAST, "0".to_owned()), (1e-3, percent(1e-3)), (0.1, percent(0.1)), (1.0, String::new())]
        {
            figure.sheet.line(&[(x(error), top), (x(error), bottom)], 1.0, if error <= LEAST { AXIS } else { GRID });
            figure.sheet.text(x(error), bottom + 16.0, &text, Face::new(SMALL, MUTED).anchored(Anchor::Middle));
        }
        for (i, policy) in facts.input.policies.iter().enumerate() {
            let y = top + labels.row * (i as f64 + 0.5);
            if k == 0 {
                labels.draw(&mut figure.sheet, i, y);
            }
            let of_policy = errors.iter().filter(|row| row.policy == policy.id && *row.indicator == **indicator);
            let Some(best) = of_policy.min_by(|a, b| a.value.as_f64().total_cmp(&b.value.as_f64())) else { continue };
            let (error, interval): (f64, Interval) = figure_of(best);
            if error >= 1.0 {
                let face = Face::new(BODY, MUTED).anchored(Anchor::End);
                figure.sheet.text(left + width - 2.0, y + BODY * 0.36, "not known", face);
            } else {
                if let Some((lo, hi)) = interval {
                    figure.sheet.whisker((x(lo), x(hi)), y);
                }
                figure.sheet.dot(x(error), y, 5.0, theme::policy(i));
            }
            let ends = [interval.map(|i| i.0), interval.map(|i| i.1)];
            let people = users(&policy.id, "users_identified");
            figure.data.push(&[indicator, &policy.id, &best.parameter], &[Some(error), ends[0], ends[1], Some(people)]);
        }
    }
    figure.y = bottom + 24.0;
    let known = |policy: &str| {
        indicators.iter().all(|indicator| {
            let mut of_both = errors.iter().filter(|row| &*row.policy == policy && *row.indicator == **indicator);
            of_both.any(|row| row.value.as_f64() < 0.05)
        })
    };
    let without =
        facts.input.policies.iter().filter(|p| users(&p.id, "users_identified") == 0.0 && known(&p.id)).count();
    figure.alt = format!(
        "Dot chart: {without} of {} policies identify nobody and leave every indicator known to within 5 %.",
        facts.input.policies.len()
    );
    figure
}
