//! The table under a plot of exceedance: values of each phase, people and person-days after the deadline.

use super::names;
use super::phases::Stretch;
use crate::exposure::Phase;
use crate::output::chart::canvas::{Anchor, Face, label};
use crate::output::chart::figure::Figure;
use crate::output::chart::number::{MISSING, count, count_range, plural};
use crate::output::chart::row_index::{Facts, Interval};
use crate::output::chart::rows::RowLabels;
use crate::output::chart::theme::{self, AXIS, BODY, CONTENT, GRID, MARGIN, MUTED, SMALL};
use crate::output::chart::{Named, NamedOrder};

/// What a column is headed by, in two lines; the days of its phase are a third.
const HEADS: [[&str; 2]; 5] = [
    ["Values", "before the notice"],
    ["Values", "in the grace period"],
    ["Values", "after the deadline"],
    ["People", "after the deadline"],
    ["Person-days", "after the deadline"],
];
const LEADING: f64 = 16.5;
/// Least height of a row with intervals under its figures.
const TWO_LINES: f64 = 40.0;

/// A figure with its 95 % interval over worlds.
type CellFigure = (f64, Interval);

/// Draws the table from `y` down, and adds its figures to the data; returns where it ends.
pub fn draw(facts: &Facts, figure: &mut Figure, order: &NamedOrder, stretches: &[Stretch; 3], y: f64) -> f64 {
    let policies = facts.input.policies;
    let labels = RowLabels::of(names(policies), 230.0);
    let left = MARGIN + labels.width + 12.0;
    let width = (MARGIN + CONTENT - left) / HEADS.len() as f64;
    let right = |column: usize| left + width * (column as f64 + 1.0);

    let base = y + LEADING * HEADS[0].len() as f64;
    let face = Face::new(SMALL, MUTED).anchored(Anchor::End);
    for (k, head) in HEADS.iter().enumerate() {
        figure.sheet.lines(right(k), y, &head.map(str::to_owned), LEADING, face);
        let days = stretches[k.min(2)].days;
        let days = if days == 0 { "no day".to_owned() } else { plural(days, "day", "days") };
        figure.sheet.text(right(k), base, &days, face);
    }
    let top = base + 8.0;
    let rule = |figure: &mut Figure, y: f64, color| {
        figure.sheet.line(&[(MARGIN, y), (MARGIN + CONTENT, y)], 1.0, color);
    };
    rule(figure, top, AXIS);
    let row = labels.row - 3.0;
    let row = if facts.has_intervals() { row.max(TWO_LINES) } else { row };
    for (i, policy) in policies.iter().enumerate() {
        let middle = top + row * (i as f64 + 0.5);
        labels.draw_in(&mut figure.sheet, i, middle, Face::new(BODY, theme::policy_ink(i)).bold());
        for (k, figures) in cells(facts, order, policy, stretches).iter().enumerate() {
            let text = figures.map_or(MISSING.to_owned(), |(mean, _)| count(mean));
            let range = figures.and_then(|(_, interval)| count_range(interval));
            let base = middle + BODY * 0.36 - if range.is_some() { LEADING / 2.0 } else { 0.0 };
            figure.sheet.text(right(k), base, &text, label(BODY).anchored(Anchor::End));
            figure.sheet.text(right(k), base + LEADING, &range.unwrap_or_default(), face);
        }
        rule(figure, top + row * (i as f64 + 1.0), GRID);
        data(facts, figure, order, policy, stretches);
    }
    top + row * policies.len() as f64
}

/// The figures of a row; none where no day of the run lies in the phase.
fn cells(facts: &Facts, order: &NamedOrder, policy: &Named, stretches: &[Stretch; 3]) -> [Option<CellFigure>; 5] {
    let get = |metric: &str, phase: Phase| {
        let there = stretches[phase as usize].days > 0;
        let mean = facts.exceedance(metric, &order.id, &policy.id, phase.word()).filter(|_| there)?;
        Some((mean, facts.exceedance_interval(metric, &order.id, &policy.id, phase.word())))
    };
    let [before, grace, after] = Phase::ALL.map(|phase| get("disclosed_values", phase));
    let last = Phase::AfterDeadline;
    [before, grace, after, get("people_exposed", last), get("person_days", last)]
}

fn data(facts: &Facts, figure: &mut Figure, order: &NamedOrder, policy: &Named, stretches: &[Stretch; 3]) {
    let [before, grace, after, people, person_days] = cells(facts, order, policy, stretches);
    for (stretch, values) in stretches.iter().zip([before, grace, after]) {
        let late = |x: Option<CellFigure>| x.filter(|_| stretch.phase == Phase::AfterDeadline);
        let with_ends = |x: Option<CellFigure>| {
            let interval = x.and_then(|(_, interval)| interval);
            [x.map(|(mean, _)| mean), interval.map(|i| i.0), interval.map(|i| i.1)]
        };
        let figures = [values, late(people), late(person_days)].map(with_ends);
        let numbers = [&[Some(stretch.days as f64)], figures.as_flattened()].concat();
        if let Some((_, data)) = &mut figure.more_data {
            data.push(&[&order.id, &policy.id, stretch.phase.word()], &numbers);
        }
    }
}
