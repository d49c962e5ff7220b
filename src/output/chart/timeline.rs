//! Plots over the days of a run: a line per policy, named where it ends. What figures over time share.

use chrono::NaiveDate;

use super::Named;
use super::canvas::{Anchor, Canvas, Face, label};
use super::coincident_lines::Strand;
use super::layout::{Wish, dashes, shorten, spread, stairs};
use super::number::tick;
use super::row_index::{DayBand, DayCount};
use super::theme::{self, AXIS, BODY, INK, MARGIN, MUTED, SMALL, WIDTH};
use super::ticks::dates;

/// Least height of a plot.
pub const PLOT: f64 = 132.0;
/// Height of a line of an end label, and of a row of labels above a plot.
pub const LEADING: f64 = 16.5;
/// From the end of a line to its label.
const LEADER: f64 = 18.0;

/// How the count of a day stands on the line of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayStyle {
    /// A point, joined to its neighbours.
    Line,
    /// A step as wide as the day, so that a change at midnight is seen at midnight.
    Step,
}

/// Where a panel puts days and counts.
pub struct Frame {
    first: NaiveDate,
    last: NaiveDate,
    shape: DayStyle,
    /// Left edge of the plot.
    pub left: f64,
    /// Width of the plot.
    pub width: f64,
    /// Upper edge of the plot.
    pub top: f64,
    /// Height of the plot.
    pub height: f64,
    max: f64,
}

impl Frame {
    /// A frame for panels under each other, with space for `ticks` at its left and for the names of policies at its right.
    pub fn new((first, last): (NaiveDate, NaiveDate), shape: DayStyle, policies: &[Named], ticks: &[f64]) -> Self {
        let face = Face::new(SMALL, MUTED);
        let left = MARGIN + ticks.iter().map(|t| face.width(&tick(*t))).fold(0.0, f64::max) + 8.0;
        let end = label(BODY).bold();
        let widest = policies.iter().map(|p| end.width(&format!("= {}", p.title))).fold(0.0, f64::max);
        let gutter = (widest + 4.0).clamp(120.0, 230.0);
        let width = WIDTH - MARGIN - gutter - LEADER - left;
        Self { first, last, shape, left, width, top: 0.0, height: PLOT, max: 1.0 }
    }

    /// Sets the scale so that the last tick is at the top.
    pub fn scale(&mut self, ticks: &[f64]) {
        self.max = ticks.last().copied().unwrap_or(1.0).max(1.0);
    }

    /// Pixels of a count of 1 in a plot of the least height.
    pub fn unit(&self) -> f64 {
        PLOT / self.max
    }

    /// Makes the plot tall enough for the labels at its right.
    pub fn fit(&mut self, strands: &[Strand]) {
        let wanted: f64 = strands.iter().map(|s| s.label.len() as f64 * LEADING + 3.0).sum();
        self.height = PLOT.max(wanted);
    }

    /// Width of the labels at the right.
    pub fn gutter(&self) -> f64 {
        WIDTH - MARGIN - LEADER - self.left - self.width - 2.0
    }

    /// Where a day begins (a step), or stands (a point of a line).
    pub fn x(&self, day: NaiveDate) -> f64 {
        let d = (day - self.first).num_days() as f64;
        let across = self.across();
        if across > 0.0 { self.left + self.width * d / across } else { self.left + self.width / 2.0 }
    }

    fn y(&self, v: f64) -> f64 {
        self.top + self.height * (1.0 - v / self.max)
    }

    /// Days from the left edge to the right edge.
    fn across(&self) -> f64 {
        let days = (self.last - self.first).num_days() as f64;
        if self.shape == DayStyle::Step { days + 1.0 } else { days }
    }

    /// Width of a day's step; a point has none.
    fn step(&self) -> f64 {
        if self.shape == DayStyle::Step { self.width / self.across() } else { 0.0 }
    }

    fn points(&self, days: &[DayCount]) -> Vec<(f64, f64)> {
        let (step, ends) = (self.step(), if self.shape == DayStyle::Step { 2 } else { 1 });
        let corners = |(d, v): &DayCount| {
            let (x, y) = (self.x(*d), self.y(*v));
            [(x, y), (x + step, y)].into_iter().take(ends)
        };
        days.iter().flat_map(corners).collect()
    }
}

/// Where labels above a plot stand that begin at a vertical line.
pub struct MarkLabels {
    texts: Vec<(f64, String)>,
    rows: Vec<usize>,
    /// Height of all rows.
    pub height: f64,
}

impl MarkLabels {
    /// Labels, from the left, each with the x of its line; none stands on another or on another's line.
    pub fn new(labels: &[(f64, &str)]) -> Self {
        let face = label(SMALL);
        let fit = |x: f64, text: &str| shorten(text, (WIDTH - MARGIN - x - 6.0).max(30.0), SMALL, false);
        let texts: Vec<(f64, String)> = labels.iter().map(|(x, text)| (*x, fit(*x, text))).collect();
        let spans: Vec<(f64, f64)> = texts.iter().map(|(x, t)| (*x, x + 14.0 + face.width(t))).collect();
        let rows = stairs(&spans);
        let height = rows.iter().max().map_or(0.0, |r| (*r as f64 + 1.0) * LEADING);
        Self { texts, rows, height }
    }

    /// Writes them; the upper edge of the first row is at `y`.
    pub fn draw(&self, sheet: &mut Canvas, y: f64) {
        for ((x, text), row) in self.texts.iter().zip(&self.rows) {
            sheet.text(x + 5.0, y + self.height - (*row as f64 + 1.0) * LEADING + SMALL, text, label(SMALL));
        }
    }

    /// How far the line of label `k` reaches above the plot.
    pub fn reach(&self, k: usize) -> f64 {
        (self.rows[k] as f64 + 1.0) * LEADING - 3.0
    }
}

/// A dashed vertical line at `x` through the plot, `up` pixels above it too.
pub fn mark(sheet: &mut Canvas, frame: &Frame, x: f64, up: f64) {
    for piece in dashes(&[(x, frame.top - up), (x, frame.top + frame.height)], 4.0, 7.0, 0.0) {
        sheet.line(&piece, 1.2, INK);
    }
}

/// Draws the axes: counts at the left, days below; `grid` is the colour of the lines that guide the eye.
pub fn axes(sheet: &mut Canvas, frame: &Frame, ticks: &[f64], grid: plotters::style::RGBColor) {
    let face = Face::new(SMALL, MUTED);
    for t in ticks {
        let y = frame.y(*t);
        let color = if *t == 0.0 { AXIS } else { grid };
        sheet.line(&[(frame.left, y), (frame.left + frame.width, y)], 1.0, color);
        sheet.text(frame.left - 8.0, y + SMALL * 0.36, &tick(*t), face.anchored(Anchor::End));
    }
    let bottom = frame.top + frame.height;
    let mut free = f64::NEG_INFINITY;
    for (day, text) in dates(frame.first, frame.last, (frame.width / 82.0) as usize) {
        let x = frame.x(day) + frame.step() / 2.0;
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

/// Draws the 95 % intervals of the days as bands, of each strand the first member's.
pub fn bands(sheet: &mut Canvas, frame: &Frame, strands: &[Strand], series: &[&[DayBand]]) {
    for strand in strands {
        let i = strand.members[0];
        for run in series[i].chunk_by(|a, b| (b.0 - a.0).num_days() == 1) {
            let edge = |of: fn((f64, f64)) -> f64| {
                frame.points(&run.iter().map(|&(day, band)| (day, of(band))).collect::<Vec<DayCount>>())
            };
            let upper = edge(|band| band.1);
            let corners: Vec<_> = edge(|band| band.0).into_iter().chain(upper.into_iter().rev()).collect();
            sheet.area(&corners, theme::faint(i));
        }
    }
}

/// Draws the lines; thinner when there are many days.
pub fn lines(sheet: &mut Canvas, frame: &Frame, strands: &[Strand], series: &[&[DayCount]]) {
    let stroke = if frame.across() > 150.0 { 1.5 } else { 2.2 };
    for strand in strands {
        let colours = strand.members.len() as f64;
        for (k, &i) in strand.members.iter().enumerate() {
            for run in series[i].chunk_by(|a, b| (b.0 - a.0).num_days() == 1) {
                let points = frame.points(run);
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
pub fn end_labels(sheet: &mut Canvas, frame: &Frame, strands: &[Strand], series: &[&[DayCount]]) {
    let end = |s: &Strand| frame.points(series[s.members[0]]).last().copied().unwrap_or_default();
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
