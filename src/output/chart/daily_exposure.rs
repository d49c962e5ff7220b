//! People exposed per day: a panel per purpose, a line per policy, labelled where it ends.

use super::canvas::label;
use super::coincident_lines::strands;
use super::data::{ChartData, column};
use super::figure::Figure;
use super::layout::shorten;
use super::number::{count, grouped};
use super::row_index::{DayBand, DayCount, Facts};
use super::theme::{CONTENT, GRID, MARGIN, SUBTITLE};
use super::ticks::nice_count;
use super::timeline::{DayStyle, Frame, MarkLabels, axes, bands, end_labels, lines, mark};

const METRIC: &str = "people_exposed";
/// Most purposes that get a panel.
const MOST_PANELS: usize = 8;
/// Most dates that are marked, or named beside the figure.
const MOST_MARKS: usize = 12;

/// Draws the figure.
pub fn draw(facts: &Facts) -> Figure {
    let input = facts.input;
    let (first, last) = facts.period();
    let (mut inside, outside): (Vec<_>, Vec<_>) = input.markers.iter().partition(|m| m.date >= first && m.date <= last);
    inside.sort_by_key(|m| m.date);
    let (marked, dates) = (inside.len().min(MOST_MARKS), inside.len());
    inside.truncate(MOST_MARKS);
    let purposes = &input.purposes[..input.purposes.len().min(MOST_PANELS)];
    let mut subtitle = format!(
        "People about whom at least one value reaches the parent on that day (UTC). {}; all panels on one scale.",
        facts.span()
    );
    if !outside.is_empty() {
        let names: Vec<&str> = outside.iter().take(MOST_MARKS).map(|m| m.label.as_str()).collect();
        let more = outside.len() - names.len();
        let more = if more > 0 { format!("; and {more} more") } else { String::new() };
        subtitle += &format!(" Outside these days: {}{more}.", names.join("; "));
    }
    if marked < dates {
        subtitle += &format!(" Marked: the first {marked} of {} dates of orders.", grouped(dates as u64));
    }
    if purposes.len() < input.purposes.len() {
        subtitle +=
            &format!(" Drawn: the first {} of {} purposes; the tables have all.", purposes.len(), input.purposes.len());
    }
    let data = ChartData::new(vec![
        column("purpose", "text", "purpose id"),
        column("policy", "text", "policy id"),
        column("day", "date", "UTC date of the events"),
        column("people_exposed", "people", "people about whom at least one value reaches the parent on that day"),
        column("lo", "people", "lower end of the 95 % interval over worlds; empty if there is one"),
        column("hi", "people", "upper end of it"),
    ]);
    let title = "How many people are exposed each day, by purpose and policy".to_owned();
    let mut figure = Figure::new(facts, "daily-exposure", title, subtitle, data);
    figure.leave_out("purposes", purposes.len(), input.purposes.len());
    figure.leave_out("dates", marked, dates);
    if input.policies.is_empty() || input.purposes.is_empty() {
        return figure.nothing("No policy or no purpose: nothing to show.");
    }

    let series: Vec<Vec<&[DayCount]>> =
        purposes.iter().map(|q| input.policies.iter().map(|p| facts.days(METRIC, &p.id, &q.id)).collect()).collect();
    if series.iter().flatten().all(|s| s.is_empty()) {
        return figure.nothing("The run has no figures by day: nothing to show.");
    }
    let bands: Vec<Vec<&[DayBand]>> =
        purposes.iter().map(|q| input.policies.iter().map(|p| facts.bands(METRIC, &p.id, &q.id)).collect()).collect();
    let upper = bands.iter().flatten().flat_map(|s| s.iter().map(|d| d.1.1));
    let max = series.iter().flatten().flat_map(|s| s.iter().map(|d| d.1)).chain(upper).fold(0.0, f64::max);
    let ticks = nice_count(max, 3);
    let mut frame = Frame::new((first, last), DayStyle::Line, input.policies, &ticks);
    frame.scale(&ticks);
    let labels: Vec<(f64, &str)> = inside.iter().map(|m| (frame.x(m.date), m.label.as_str())).collect();
    let marks = MarkLabels::new(&labels);

    for (n, purpose) in purposes.iter().enumerate() {
        let strands = strands(input.policies, &series[n], frame.unit(), frame.gutter());
        frame.fit(&strands);
        figure.y += if n == 0 { 14.0 } else { 30.0 };
        let y = figure.y;
        figure.sheet.text(MARGIN, y, &shorten(&purpose.title, CONTENT, SUBTITLE, true), label(SUBTITLE).bold());
        // The markers are named once, above the first panel.
        frame.top = y + if n == 0 { 14.0 + marks.height } else { 18.0 };
        if n == 0 {
            marks.draw(&mut figure.sheet, y + 8.0);
        }
        axes(&mut figure.sheet, &frame, &ticks, GRID);
        for (k, (x, _)) in labels.iter().enumerate() {
            mark(&mut figure.sheet, &frame, *x, if n == 0 { marks.reach(k) } else { 0.0 });
        }
        self::bands(&mut figure.sheet, &frame, &strands, &bands[n]);
        lines(&mut figure.sheet, &frame, &strands, &series[n]);
        end_labels(&mut figure.sheet, &frame, &strands, &series[n]);
        for (i, policy) in input.policies.iter().enumerate() {
            for (k, (day, v)) in series[n][i].iter().enumerate() {
                let band = bands[n][i].get(k).filter(|band| band.0 == *day).map(|band| band.1);
                let numbers = [Some(*v), band.map(|b| b.0), band.map(|b| b.1)];
                figure.data.push(&[&purpose.id, &policy.id, &day.to_string()], &numbers);
            }
        }
        figure.y = frame.top + frame.height + 22.0;
    }
    figure.y -= 4.0;
    figure.alt = finding(facts, &series);
    figure
}

fn finding(facts: &Facts, series: &[Vec<&[DayCount]>]) -> String {
    let input = facts.input;
    let mut best: Option<(f64, usize, usize)> = None;
    for (q, policies) in series.iter().enumerate() {
        for (p, days) in policies.iter().enumerate().filter(|(_, d)| !d.is_empty()) {
            let mean = days.iter().map(|d| d.1).sum::<f64>() / days.len() as f64;
            if best.is_none_or(|b| mean > b.0) {
                best = Some((mean, q, p));
            }
        }
    }
    let Some((mean, q, p)) = best else {
        return "Line chart: no figures by day.".to_owned();
    };
    if mean <= 0.0 {
        return "Line chart: nobody is exposed on any day under any policy.".to_owned();
    }
    let mut text = format!(
        "Line chart: on a mean day “{}” exposes {} people for “{}”, and no line is higher",
        input.policies[p].title,
        count(mean),
        input.purposes[q].title
    );
    let same: Vec<String> = (0..input.policies.len())
        .filter(|&i| i != p && series[q][i] == series[q][p])
        .map(|i| format!("“{}”", input.policies[i].title))
        .collect();
    if !same.is_empty() {
        text += &format!("; exactly equal: {}", same.join(", "));
    }
    text + "."
}
