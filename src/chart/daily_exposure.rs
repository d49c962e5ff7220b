//! People exposed per day: a panel per purpose, a line per policy, labelled where it ends.

use chrono::NaiveDate;

use super::data::{Data, column};
use super::facts::{Day, Facts};
use super::figure::Figure;
use super::layout::{Wish, dashes, shorten, spread, stairs};
use super::number::{count, tick};
use super::sheet::{Anchor, Face, Sheet, label};
use super::strands::{Strand, strands};
use super::theme::{self, AXIS, BODY, CONTENT, GRID, INK, MARGIN, MUTED, SMALL, SUBTITLE, WIDTH};
use super::ticks::{dates, nice_count};

const METRIC: &str = "people_exposed";
/// Least height of a plot.
const PLOT: f64 = 132.0;
/// Height of a line of an end label.
const LEADING: f64 = 16.5;
/// From the end of a line to its label.
const LEADER: f64 = 18.0;

/// Where a panel puts days and counts.
struct Frame {
    first: NaiveDate,
    days: f64,
    left: f64,
    width: f64,
    top: f64,
    height: f64,
    max: f64,
}

impl Frame {
    fn x(&self, day: NaiveDate) -> f64 {
        let d = (day - self.first).num_days() as f64;
        if self.days > 0.0 { self.left + self.width * d / self.days } else { self.left + self.width / 2.0 }
    }

    fn y(&self, v: f64) -> f64 {
        self.top + self.height * (1.0 - v / self.max)
    }
}

/// Draws the figure.
pub fn draw(facts: &Facts) -> Figure {
    let input = facts.input;
    let (first, last) = facts.period();
    let (inside, outside): (Vec<_>, Vec<_>) = input.markers.iter().partition(|m| m.date >= first && m.date <= last);
    let mut subtitle = format!(
        "People about whom at least one value reaches the parent on that day (UTC). {}; all panels on one scale.",
        facts.span()
    );
    if !outside.is_empty() {
        let names: Vec<&str> = outside.iter().map(|m| m.label.as_str()).collect();
        subtitle += &format!(" Outside these days: {}.", names.join("; "));
    }
    let data = Data::new(vec![
        column("purpose", "text", "purpose id"),
        column("policy", "text", "policy id"),
        column("day", "date", "UTC date of the events"),
        column("people_exposed", "people", "people about whom at least one value reaches the parent on that day"),
    ]);
    let title = "How many people are exposed each day, by purpose and policy".to_owned();
    let mut figure = Figure::new("daily-exposure", title, subtitle, data);
    if input.policies.is_empty() || input.purposes.is_empty() {
        return figure.nothing("No policy or no purpose: nothing to show.");
    }

    let series: Vec<Vec<&[Day]>> = input
        .purposes
        .iter()
        .map(|q| input.policies.iter().map(|p| facts.days(METRIC, &p.id, &q.id)).collect())
        .collect();
    if series.iter().flatten().all(|s| s.is_empty()) {
        return figure.nothing("The run has no figures by day: nothing to show.");
    }
    let max = series.iter().flatten().flat_map(|s| s.iter().map(|d| d.1)).fold(0.0, f64::max);
    let ticks = nice_count(max, 3);
    let top_tick = ticks.last().copied().unwrap_or(1.0);
    let tick_face = Face::new(SMALL, MUTED);
    let left = MARGIN + ticks.iter().map(|t| tick_face.width(&tick(*t))).fold(0.0, f64::max) + 8.0;
    let end = label(BODY).bold();
    let widest = input.policies.iter().map(|p| end.width(&format!("= {}", p.title))).fold(0.0, f64::max);
    let gutter = (widest + 4.0).clamp(120.0, 230.0);
    let width = WIDTH - MARGIN - gutter - LEADER - left;

    let mut markers = inside;
    markers.sort_by_key(|m| m.date);
    let mut frame = Frame {
        first,
        days: (last - first).num_days() as f64,
        left,
        width,
        top: 0.0,
        height: PLOT,
        max: top_tick.max(1.0),
    };

    for (n, purpose) in input.purposes.iter().enumerate() {
        let strands = strands(input.policies, &series[n], PLOT / frame.max, gutter - 2.0);
        let wanted: f64 = strands.iter().map(|s| s.label.len() as f64 * LEADING + 3.0).sum();
        frame.height = PLOT.max(wanted);
        figure.y += if n == 0 { 14.0 } else { 30.0 };
        let y = figure.y;
        figure.sheet.text(MARGIN, y, &shorten(&purpose.title, CONTENT, SUBTITLE, true), label(SUBTITLE).bold());
        let labels: Vec<(f64, &str)> = markers.iter().map(|m| (frame.x(m.date), m.label.as_str())).collect();
        let rows = if n == 0 { mark_labels(&mut figure.sheet, &labels, y + 8.0) } else { Vec::new() };
        let above = rows.iter().max().map_or(0.0, |r| (*r as f64 + 1.0) * LEADING);
        frame.top = y + if n == 0 { 14.0 } else { 18.0 } + above;

        axes(&mut figure.sheet, &frame, &ticks, last);
        for (k, (x, _)) in labels.iter().enumerate() {
            let up = rows.get(k).map_or(0.0, |r| (*r as f64 + 1.0) * LEADING - 3.0);
            for piece in dashes(&[(*x, frame.top - up), (*x, frame.top + frame.height)], 4.0, 7.0, 0.0) {
                figure.sheet.line(&piece, 1.2, INK);
            }
        }
        lines(&mut figure.sheet, &frame, &strands, &series[n]);
        end_labels(&mut figure.sheet, &frame, &strands, &series[n]);
        for (i, policy) in input.policies.iter().enumerate() {
            for (day, v) in series[n][i] {
                figure.data.push(&[&purpose.id, &policy.id, &day.to_string()], &[Some(*v)]);
            }
        }
        figure.y = frame.top + frame.height + 22.0;
    }
    figure.y -= 4.0;
    figure.alt = finding(facts, &series);
    figure
}

/// Writes the names of the markers above the first panel; returns the row of each, 0 at the bottom.
fn mark_labels(sheet: &mut Sheet, labels: &[(f64, &str)], y: f64) -> Vec<usize> {
    let face = label(SMALL);
    let texts: Vec<String> =
        labels.iter().map(|(x, text)| shorten(text, (WIDTH - MARGIN - x - 6.0).max(30.0), SMALL, false)).collect();
    let spans: Vec<(f64, f64)> = labels.iter().zip(&texts).map(|((x, _), t)| (*x, x + 14.0 + face.width(t))).collect();
    let rows = stairs(&spans);
    let above = rows.iter().max().map_or(0.0, |r| *r as f64);
    for ((row, text), (x, _)) in rows.iter().zip(&texts).zip(labels) {
        sheet.text(x + 5.0, y + (above - *row as f64) * LEADING + SMALL, text, face);
    }
    rows
}

fn axes(sheet: &mut Sheet, frame: &Frame, ticks: &[f64], last: NaiveDate) {
    let face = Face::new(SMALL, MUTED);
    for t in ticks {
        let y = frame.y(*t);
        let color = if *t == 0.0 { AXIS } else { GRID };
        sheet.line(&[(frame.left, y), (frame.left + frame.width, y)], 1.0, color);
        sheet.text(frame.left - 8.0, y + SMALL * 0.36, &tick(*t), face.anchored(Anchor::End));
    }
    let bottom = frame.top + frame.height;
    let mut free = f64::NEG_INFINITY;
    for (day, text) in dates(frame.first, last, (frame.width / 82.0) as usize) {
        let x = frame.x(day);
        let half = face.width(&text) / 2.0;
        // Centred on the day, but kept over the plot; a label that would touch the one before is left out.
        let centre = x.max(frame.left + half - 6.0).min(frame.left + frame.width - half + 6.0);
        sheet.line(&[(x, bottom), (x, bottom + 4.0)], 1.0, AXIS);
        if centre - half > free {
            sheet.text(centre, bottom + 17.0, &text, face.anchored(Anchor::Middle));
            free = centre + half + 8.0;
        }
    }
}

/// Draws the lines; thinner when there are many days.
fn lines(sheet: &mut Sheet, frame: &Frame, strands: &[Strand], series: &[&[Day]]) {
    let stroke = if frame.days > 150.0 { 1.5 } else { 2.2 };
    for strand in strands {
        let colours = strand.members.len() as f64;
        for (k, &i) in strand.members.iter().enumerate() {
            for run in series[i].chunk_by(|a, b| (b.0 - a.0).num_days() == 1) {
                let points: Vec<(f64, f64)> = run.iter().map(|(d, v)| (frame.x(*d), frame.y(*v))).collect();
                match points.as_slice() {
                    [(x, y)] => sheet.dot(*x, *y, 4.5 - (k as f64).min(3.0), theme::policy(i)),
                    // The first colour runs through; the others lie on it in turns, so that every one can be seen.
                    _ if k == 0 => sheet.line(&points, stroke, theme::policy(i)),
                    _ => {
                        for piece in dashes(&points, 9.0, 9.0 * colours, 9.0 * k as f64) {
                            sheet.line(&piece, stroke, theme::policy(i));
                        }
                    }
                }
            }
        }
    }
}

/// Names the lines at their right end, in the order in which they end there.
fn end_labels(sheet: &mut Sheet, frame: &Frame, strands: &[Strand], series: &[&[Day]]) {
    let end = |s: &Strand| series[s.members[0]].last().map_or((0.0, 0.0), |(d, v)| (frame.x(*d), frame.y(*v)));
    let mut ends: Vec<((f64, f64), &Strand)> = strands.iter().map(|s| (end(s), s)).collect();
    ends.sort_by(|a, b| a.0.1.total_cmp(&b.0.1));
    // The first line of a label would like to stand where the line ends.
    let wish = |((_, y), s): &((f64, f64), &Strand)| Wish {
        at: y + LEADING * (s.label.len() as f64 - 1.0) / 2.0,
        height: s.label.len() as f64 * LEADING + 3.0,
    };
    let wishes: Vec<Wish> = ends.iter().map(wish).collect();
    let centres = spread(&wishes, frame.top - 2.0, frame.top + frame.height + 10.0);
    let x = frame.left + frame.width + LEADER;
    for (((end, y), strand), centre) in ends.into_iter().zip(centres) {
        let first = centre - LEADING * (strand.label.len() as f64 - 1.0) / 2.0;
        if (first - y).abs() > 3.0 || x - end > LEADER + 1.0 {
            let knee = x - LEADER + 5.0;
            sheet.line(&[(end + 2.0, y), (knee.max(end + 2.0), y), (x - 4.0, first)], 0.8, AXIS);
        }
        for (k, (text, i)) in strand.label.iter().enumerate() {
            let face = Face::new(BODY, theme::policy_ink(*i)).bold();
            sheet.text(x, first + k as f64 * LEADING + BODY * 0.36, text, face);
        }
    }
}

fn finding(facts: &Facts, series: &[Vec<&[Day]>]) -> String {
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
