//! How likely a sample finds a leak, by its size: a panel for each unit that is drawn, a line for each way to leak, and the confidence that is asked for across them.

use super::canvas::{Anchor, Face, label};
use super::data::{ChartData, column};
use super::end_names::{EndName, end_names};
use super::figure::Figure;
use super::layout::dashes;
use super::number::{count, percent};
use super::row_index::Facts;
use super::theme::{self, AXIS, CONTENT, GRID, MARGIN, MUTED, SMALL, SUBTITLE};

/// Most lines of a panel: as many as there are colours.
pub const MOST_LEAKS: usize = 12;

/// A way to leak, drawn by a unit.
#[derive(Clone, Debug)]
pub struct PowerLine {
    /// What is drawn: `people`, `days`, `records`.
    pub unit: &'static str,
    /// Id of the way to leak.
    pub leak: String,
    /// The same for readers.
    pub title: String,
    /// Sizes of the sample, which rise, and the probability that it finds the leak.
    pub points: Vec<(u64, f64)>,
    /// The least size that is enough; none if all there is is not.
    pub least: Option<u64>,
}

const HEIGHT: f64 = 150.0;
const LEFT: f64 = 52.0;
/// Room for the names at the end of the lines.
const NAMES: f64 = 236.0;

/// Draws the figure. `about` names the panels, by unit; lines of each unit come in the same order.
pub fn draw(
    facts: &Facts,
    (title, subtitle): (String, String),
    panels: &[(&'static str, String)],
    confidence: f64,
    lines: &[PowerLine],
) -> Figure {
    let data = ChartData::new(vec![
        column("unit", "text", "what is drawn at random"),
        column("leak", "text", "way to leak"),
        column("n", "see unit", "size of the sample"),
        column("probability", "share", "probability that the sample finds the leak"),
    ]);
    let mut figure = Figure::new(facts, "audit-power", title, subtitle, data);
    let (left, width) = (MARGIN + LEFT, CONTENT - LEFT - NAMES);
    for (k, (unit, name)) in panels.iter().enumerate() {
        let drawn: Vec<&PowerLine> = lines.iter().filter(|line| line.unit == *unit).collect();
        let most = drawn.iter().filter_map(|line| line.points.last()).map(|p| p.0).max().unwrap_or(1).max(10) as f64;
        figure.y += if k == 0 { 14.0 } else { 34.0 };
        figure.sheet.text(MARGIN, figure.y, name, label(SUBTITLE).bold());
        let (top, bottom) = (figure.y + 16.0, figure.y + 16.0 + HEIGHT);
        let x = |n: f64| left + libm::log10(n) / libm::log10(most) * width;
        let y = |share: f64| bottom - share * HEIGHT;
        let face = Face::new(SMALL, MUTED);
        for share in [0.0, 0.25, 0.5, 0.75, 1.0] {
            figure.sheet.line(
                &[(left, y(share)), (left + width, y(share))],
                1.0,
                if share == 0.0 { AXIS } else { GRID },
            );
            figure.sheet.text(left - 8.0, y(share) + SMALL * 0.36, &percent(share), face.anchored(Anchor::End));
        }
        for ten in (0..19).map(|k| libm::exp10(f64::from(k))).take_while(|ten| *ten <= most) {
            figure.sheet.line(&[(x(ten), bottom), (x(ten), bottom + 4.0)], 1.0, AXIS);
            figure.sheet.text(x(ten), bottom + 17.0, &count(ten), face.anchored(Anchor::Middle));
        }
        for dash in dashes(&[(left, y(confidence)), (left + width, y(confidence))], 5.0, 9.0, 0.0) {
            figure.sheet.line(&dash, 1.2, AXIS);
        }
        for (i, line) in drawn.iter().enumerate() {
            let points: Vec<_> = line.points.iter().map(|&(n, p)| (x(n as f64), y(p))).collect();
            // Of lines that lie on each other all are seen: the first are the widest.
            let wider = (drawn.len() - 1 - i).min(4) as f64;
            figure.sheet.line(&points, 1.8 + 0.9 * wider, theme::policy(i));
            if let Some(&(n, p)) = line.points.iter().find(|point| Some(point.0) == line.least) {
                figure.sheet.dot(x(n as f64), y(p), 3.6, theme::policy(i));
            }
            for &(n, p) in &line.points {
                figure.data.push(&[unit, &line.leak], &[Some(n as f64), Some(p)]);
            }
        }
        names(&mut figure, &drawn, left + width, (top, bottom), &y);
        figure.y = bottom + 24.0;
    }
    let what = "size of the sample, drawn at random without replacement; the dot is the least that is enough";
    figure.sheet.text(left + width / 2.0, figure.y + 12.0, what, Face::new(SMALL, MUTED).anchored(Anchor::Middle));
    figure.y += 14.0;
    figure.alt = finding(confidence, lines);
    figure
}

/// The names where the lines end, with the least size that is enough.
fn names(figure: &mut Figure, drawn: &[&PowerLine], right: f64, within: (f64, f64), y: &dyn Fn(f64) -> f64) {
    let said = |line: &PowerLine| match line.least {
        Some(n) => format!("{}: {}", line.title, count(n as f64)),
        None => format!("{}: never", line.title),
    };
    let name =
        |(colour, line): (usize, &&PowerLine)| Some(EndName { y: y(line.points.last()?.1), text: said(line), colour });
    let ended = drawn.iter().enumerate().filter_map(name).collect();
    end_names(&mut figure.sheet, ended, NAMES, right, within);
}

fn finding(confidence: f64, lines: &[PowerLine]) -> String {
    let said = |line: &PowerLine| match line.least {
        Some(n) => format!("{} {} if {} leaks", count(n as f64), line.unit, line.title),
        None => format!("no number of {} if {} leaks", line.unit, line.title),
    };
    let people: Vec<String> = lines.iter().filter(|line| line.unit == "people").map(said).collect();
    format!("Line chart: to find a breach with {} confidence takes {}.", percent(confidence), people.join(", "))
}
