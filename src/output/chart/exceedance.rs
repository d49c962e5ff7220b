//! What policies disclose of what orders prohibit: a panel per order over the days of the run, and a table under it.
//!
//! Counts against a scope and two days, no judgement: regulator, regime and status of the order stand beside them.

mod finding;
pub(super) mod phases;
mod table;

use super::canvas::{Face, label};
use super::coincident_lines::strands;
use super::data::{ChartData, column};
use super::figure::Figure;
use super::layout::wrap;
use super::number::{grouped, list};
use super::row_index::{DayBand, DayCount, Facts};
use super::theme::{AFTER, CONTENT, GRACE, GUIDE, MARGIN, MUTED, PAPER, SMALL, SUBTITLE};
use super::ticks::nice_count;
use super::timeline::{DayStyle, Frame, MarkLabels, axes, bands, end_labels, lines, mark};
use super::{Named, NamedOrder};
use crate::exposure::Phase;
use phases::{Stretch, stretches};

/// Most orders that are drawn; the page has all of them.
const MOST: usize = 6;

/// Draws the figure.
pub fn draw(facts: &Facts) -> Figure {
    let input = facts.input;
    let shown = shown(facts);
    let hidden = input.orders.iter().enumerate().filter(|(i, _)| !shown.contains(i));
    let left_out: Vec<String> = hidden.map(|(_, order)| order.name()).collect();
    let mut subtitle = format!(
        "Values disclosed a day whose purpose, category and person lie in the scope of the order: before its notice, in the grace \
         period that it gives, and after its deadline. Counts of a model, no legal finding. {}; each panel has a scale of its own.",
        facts.span()
    );
    for more in [input.leaving.to_owned(), without(&left_out)].iter().filter(|t| !t.is_empty()) {
        subtitle += &format!(" {more}");
    }
    let data = ChartData::new(vec![
        column("order", "text", "order id"),
        column("policy", "text", "policy id"),
        column("phase", "text", "before_notice, grace or after_deadline"),
        column("day", "date", "UTC date of the events"),
        column("disclosed_values", "flows", "values that reach the parent and lie in the scope of the order"),
        column("lo", "flows", "lower end of the 95 % interval over worlds; empty if there is one"),
        column("hi", "flows", "upper end of it"),
    ]);
    let of_phases = ChartData::new(vec![
        column("order", "text", "order id"),
        column("policy", "text", "policy id"),
        column("phase", "text", "before_notice, grace or after_deadline"),
        column("days", "days", "days of the run in the phase"),
        column("disclosed_values", "flows", "values that reach the parent and lie in the scope of the order"),
        column("disclosed_values_lo", "flows", "lower end of the 95 % interval over worlds; empty if there is one"),
        column("disclosed_values_hi", "flows", "upper end of it"),
        column("people_exposed", "people", "people about whom they are; where drawn"),
        column("people_exposed_lo", "people", "lower end of the 95 % interval over worlds; empty if there is one"),
        column("people_exposed_hi", "people", "upper end of it"),
        column("person_days", "person-days", "people about whom they are on each day, added over days; where drawn"),
        column("person_days_lo", "person-days", "lower end of the 95 % interval over worlds; empty if there is one"),
        column("person_days_hi", "person-days", "upper end of it"),
    ]);
    let title = "How much of what an order prohibits each policy discloses, and when".to_owned();
    let mut figure = Figure::new(facts, "exceedance", title, subtitle, data);
    figure.more_data = Some(("phases", of_phases));
    figure.leave_out("orders", shown.len(), input.orders.len());
    if input.policies.is_empty() || input.orders.is_empty() {
        return figure.nothing("No policy or no order: nothing to show.");
    }
    let series: Vec<Vec<&[DayCount]>> = input
        .orders
        .iter()
        .map(|o| input.policies.iter().map(|p| facts.exceedance_days(&o.id, &p.id)).collect())
        .collect();
    if series.iter().flatten().all(|s| s.is_empty()) {
        return figure.nothing("The run has no figures of exceedance: nothing to show.");
    }
    let intervals: Vec<Vec<&[DayBand]>> = input
        .orders
        .iter()
        .map(|o| input.policies.iter().map(|p| facts.exceedance_bands(&o.id, &p.id)).collect())
        .collect();
    let highest = |(days, bands): (&Vec<&[DayCount]>, &Vec<&[DayBand]>)| {
        let upper = bands.iter().flat_map(|days| days.iter().map(|d| d.1.1));
        days.iter().flat_map(|days| days.iter().map(|d| d.1)).chain(upper).fold(0.0, f64::max)
    };
    let ticks: Vec<Vec<f64>> = series.iter().zip(&intervals).map(|of| nice_count(highest(of), 3)).collect();
    let drawn: Vec<f64> = shown.iter().flat_map(|&o| ticks[o].iter().copied()).collect();
    let mut frame = Frame::new(facts.period(), DayStyle::Step, input.policies, &drawn);
    for (n, &o) in shown.iter().enumerate() {
        figure.y += if n == 0 { 14.0 } else { 44.0 };
        frame.scale(&ticks[o]);
        panel(facts, &mut figure, &mut frame, &input.orders[o], (&series[o], &intervals[o], &ticks[o]));
    }
    figure.alt = finding::finding(facts);
    figure
}

/// The orders to draw, by index: those with days after the deadline first, then those with days of grace.
fn shown(facts: &Facts) -> Vec<usize> {
    let orders = facts.input.orders;
    let reached = |i: &usize| {
        let [_, grace, after] = stretches(&orders[*i], facts.period()).map(|s| s.days > 0);
        if after { 0 } else { 2 - u8::from(grace) }
    };
    let mut shown: Vec<usize> = (0..orders.len()).collect();
    shown.sort_by_key(reached);
    shown.truncate(MOST);
    shown.sort_unstable();
    shown
}

fn without(orders: &[String]) -> String {
    let more = orders.len().saturating_sub(MOST);
    match orders {
        [] => String::new(),
        few if more == 0 => format!("Not drawn, but in the tables: {}.", list(few)),
        many => format!("Not drawn, but in the tables: {} and {} more.", many[..MOST].join(", "), grouped(more as u64)),
    }
}

/// One order: what it is, the plot, the table.
fn panel(
    facts: &Facts,
    figure: &mut Figure,
    frame: &mut Frame,
    order: &NamedOrder,
    (series, intervals, ticks): (&[&[DayCount]], &[&[DayBand]], &[f64]),
) {
    let input = facts.input;
    let stretches = stretches(order, facts.period());
    let head = wrap(&format!("{}: {}", order.name(), order.title), CONTENT, SUBTITLE, true, 2);
    let y = figure.sheet.lines(MARGIN, figure.y, &head, SUBTITLE * 1.35, label(SUBTITLE).bold());
    let about = wrap(&about(order), CONTENT, SMALL, false, 5);
    let y = figure.sheet.lines(MARGIN, y + 1.0, &about, SMALL * 1.4, Face::new(SMALL, MUTED));

    let spans: Vec<(&Stretch, String)> = stretches.iter().filter(|s| s.days > 0).map(|s| (s, s.label(order))).collect();
    let labels: Vec<(f64, &str)> = spans.iter().map(|(s, text)| (frame.x(s.from), text.as_str())).collect();
    let marks = MarkLabels::new(&labels);
    let strands = strands(input.policies, series, frame.unit(), frame.gutter());
    frame.fit(&strands);
    frame.top = y + marks.height;
    marks.draw(&mut figure.sheet, y - 6.0);
    let right = frame.left + frame.width;
    for (k, (stretch, _)) in spans.iter().enumerate() {
        let x = frame.x(stretch.from);
        let next = spans.get(k + 1).map_or(right, |(s, _)| frame.x(s.from));
        figure.sheet.rect(x, frame.top, next - x, frame.height, shade(stretch.phase));
    }
    axes(&mut figure.sheet, frame, ticks, GUIDE);
    bands(&mut figure.sheet, frame, &strands, intervals);
    for (k, (stretch, _)) in spans.iter().enumerate() {
        // A stretch that began before the run has no line: nothing happens on the first day.
        if stretch.begins {
            mark(&mut figure.sheet, frame, frame.x(stretch.from), marks.reach(k));
        }
    }
    lines(&mut figure.sheet, frame, &strands, series);
    end_labels(&mut figure.sheet, frame, &strands, series);
    for ((policy, days), intervals) in input.policies.iter().zip(series).zip(intervals) {
        for (k, (day, v)) in days.iter().enumerate() {
            let interval = intervals.get(k).filter(|band| band.0 == *day).map(|band| band.1);
            let phase = stretches.iter().rfind(|s| s.days > 0 && s.from <= *day).map_or("", |s| s.phase.word());
            let texts = [&*order.id, &policy.id, phase, &day.to_string()];
            figure.data.push(&texts, &[Some(*v), interval.map(|i| i.0), interval.map(|i| i.1)]);
        }
    }
    figure.y = table::draw(facts, figure, order, &stretches, frame.top + frame.height + 46.0);
}

fn shade(phase: Phase) -> plotters::style::RGBColor {
    match phase {
        Phase::BeforeNotice => PAPER,
        Phase::Grace => GRACE,
        Phase::AfterDeadline => AFTER,
    }
}

/// Scope, law and status: what a reader must know before a count against the order.
fn about(order: &NamedOrder) -> String {
    // The page has it all; here the first sentence of the status says what kind of act it was.
    let first = |text: &str| text.split_once(". ").map_or(text, |(first, _)| first).trim_end_matches('.').to_owned();
    let reading = if order.quality == "found" { "" } else { " (as read here)" };
    format!(
        "In scope{reading}: {}. Law: {}. Status: {}. Source: {}.",
        order.scope,
        order.regime.trim_end_matches('.'),
        first(&order.status),
        first(&order.source)
    )
}

/// The row labels of the tables.
fn names(policies: &[Named]) -> impl Iterator<Item = &str> {
    policies.iter().map(|p| p.title.as_str())
}
