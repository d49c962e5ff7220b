//! How figures follow a value that is varied: a panel for each figure, a line with its band for each policy.

use super::canvas::{Anchor, Face, label};
use super::data::{ChartData, column};
use super::end_names::{EndName, end_names};
use super::figure::Figure;
use super::number::{count, percent, tick};
use super::row_index::Facts;
use super::theme::{self, AXIS, CONTENT, GRID, MARGIN, MUTED, SMALL, SUBTITLE};
use super::ticks::nice;

/// A value of what is varied, the mean, its 95 % interval.
pub type SweepPoint = (f64, f64, Option<(f64, f64)>);

/// A figure under a policy, at each value of what is varied.
#[derive(Clone, Debug)]
pub struct SweepLine {
    /// What the panel is about.
    pub panel: String,
    /// Whether it is a share of people.
    pub share: bool,
    /// Index of the policy.
    pub policy: usize,
    /// Points, whose values rise.
    pub points: Vec<SweepPoint>,
}

const HEIGHT: f64 = 170.0;
const LEFT: f64 = 78.0;
/// Room for the names at the end of the lines.
const NAMES: f64 = 190.0;
/// From this ratio of the largest to the least value on, values stand by their logarithms.
const LOG_FROM: f64 = 50.0;

/// Draws the figure. `key` is what is varied.
pub fn draw(facts: &Facts, key: &str, title: String, subtitle: String, drawn: &[SweepLine]) -> Figure {
    let data = ChartData::new(vec![
        column("figure", "text", "what is shown"),
        column("policy", "text", "policy id"),
        column("value", "see scenario", "value of what is varied"),
        column("mean", "see figure", "mean over worlds"),
        column("lo", "see figure", "lower end of the 95 % interval; empty if there is one world"),
        column("hi", "see figure", "upper end of it"),
    ]);
    let mut figure = Figure::new(facts, "sweep", title, subtitle, data);
    let values = || drawn.iter().flat_map(|line| line.points.iter().map(|p| p.0));
    let (least, most) = values().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), x| (a.min(x), b.max(x)));
    if least >= most {
        return figure.nothing("There are no two values to draw a line between.");
    }
    let log = least > 0.0 && most / least >= LOG_FROM;
    let place =
        |x: f64| if log { libm::log(x / least) / libm::log(most / least) } else { (x - least) / (most - least) };
    let (left, width) = (MARGIN + LEFT, CONTENT - LEFT - NAMES);
    let x = |value: f64| left + place(value) * width;
    let mut names: Vec<&str> = Vec::new();
    for line in drawn {
        if !names.contains(&line.panel.as_str()) {
            names.push(&line.panel);
        }
    }
    for (k, name) in names.iter().enumerate() {
        let lines: Vec<&SweepLine> = drawn.iter().filter(|line| line.panel == *name).collect();
        figure.y += if k == 0 { 14.0 } else { 30.0 };
        figure.sheet.text(MARGIN, figure.y, name, label(SUBTITLE).bold());
        let (top, bottom) = (figure.y + 16.0, figure.y + 16.0 + HEIGHT);
        let ends = lines.iter().flat_map(|l| l.points.iter().map(|p| p.2.map_or(p.1, |i| i.1.max(p.1))));
        let ticks = nice(ends.fold(0.0, f64::max), 3);
        let top_tick = ticks.last().copied().unwrap_or(1.0);
        let y = |value: f64| bottom - value / top_tick * HEIGHT;
        let face = Face::new(SMALL, MUTED);
        for t in &ticks {
            let color = if *t == 0.0 { AXIS } else { GRID };
            figure.sheet.line(&[(left, y(*t)), (left + width, y(*t))], 1.0, color);
            let text = if lines.iter().all(|l| l.share) { percent(*t) } else { tick(*t) };
            figure.sheet.text(left - 8.0, y(*t) + SMALL * 0.36, &text, face.anchored(Anchor::End));
        }
        for value in marks(least, most, log) {
            figure.sheet.line(&[(x(value), bottom), (x(value), bottom + 4.0)], 1.0, AXIS);
            figure.sheet.text(x(value), bottom + 17.0, &plain(value), face.anchored(Anchor::Middle));
        }
        for line in &lines {
            let of = |end: fn((f64, f64)) -> f64| {
                line.points.iter().filter_map(|p| p.2.map(|i| (x(p.0), y(end(i))))).collect::<Vec<_>>()
            };
            let corners: Vec<_> = of(|i| i.0).into_iter().chain(of(|i| i.1).into_iter().rev()).collect();
            figure.sheet.area(&corners, theme::faint(line.policy));
        }
        for line in &lines {
            let points: Vec<_> = line.points.iter().map(|p| (x(p.0), y(p.1))).collect();
            figure.sheet.line(&points, 2.0, theme::policy(line.policy));
            if points.len() <= 25 {
                points.iter().for_each(|&(x, y)| figure.sheet.dot(x, y, 2.8, theme::policy(line.policy)));
            }
            for &(value, mean, interval) in &line.points {
                let id = &facts.input.policies[line.policy].id;
                figure.data.push(&[name, id], &[Some(value), Some(mean), interval.map(|i| i.0), interval.map(|i| i.1)]);
            }
        }
        let name = |line: &&SweepLine| {
            let text = facts.input.policies[line.policy].title.clone();
            Some(EndName { y: y(line.points.last()?.1), text, colour: line.policy })
        };
        let ended = lines.iter().filter_map(name).collect();
        end_names(&mut figure.sheet, ended, NAMES, left + width, (top, bottom));
        figure.y = bottom + 24.0;
    }
    figure.sheet.text(left + width / 2.0, figure.y + 12.0, key, Face::new(SMALL, MUTED).anchored(Anchor::Middle));
    figure.y += 14.0;
    figure.alt = finding(facts, key, drawn);
    figure
}

/// Values that are marked below a panel.
fn marks(least: f64, most: f64, log: bool) -> Vec<f64> {
    if log {
        let (from, to) = (least.log10().ceil() as i32, most.log10().floor() as i32);
        let powers: Vec<f64> = (from..=to).map(|k| 10f64.powi(k)).collect();
        return if powers.len() > 1 { powers } else { vec![least, most] };
    }
    let step = nice(most - least, 5).get(1).copied().unwrap_or(most - least);
    let first = (least / step).ceil() as i64;
    (first..).map(|k| k as f64 * step).take_while(|x| *x <= most + step * 1e-9).collect()
}

/// A value as one would type it.
fn plain(x: f64) -> String {
    let text = format!("{x:.6}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

fn finding(facts: &Facts, key: &str, drawn: &[SweepLine]) -> String {
    let change = |line: &&SweepLine| match (line.points.first(), line.points.last()) {
        (Some(a), Some(b)) if a.1.max(b.1) > 0.0 => (b.1 - a.1).abs() / a.1.max(b.1),
        _ => 0.0,
    };
    let Some(line) = drawn.iter().max_by(|a, b| change(a).total_cmp(&change(b))) else {
        return "Line chart: nothing is drawn.".to_owned();
    };
    let (Some(first), Some(last)) = (line.points.first(), line.points.last()) else {
        return "Line chart: nothing is drawn.".to_owned();
    };
    if change(&line) < 0.005 {
        return format!(
            "Line chart: from {} to {} of {key} no figure that is shown changes by half a percent.",
            plain(first.0),
            plain(last.0)
        );
    }
    let written = |x: f64| if line.share { percent(x) } else { count(x) };
    format!(
        "Line chart: what changes most is {} under “{}”: {} at {}, {} at {}",
        line.panel.to_lowercase(),
        facts.input.policies[line.policy].title,
        written(first.1),
        plain(first.0),
        written(last.1),
        plain(last.0)
    ) + "."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_marked_at_round_places() {
        assert_eq!(
            marks(0.0, 1.0, false).iter().map(|x| plain(*x)).collect::<Vec<_>>(),
            ["0", "0.2", "0.4", "0.6", "0.8", "1"]
        );
        assert_eq!(
            marks(0.001, 1.0, true).iter().map(|x| plain(*x)).collect::<Vec<_>>(),
            ["0.001", "0.01", "0.1", "1"]
        );
        assert_eq!(marks(-2.0, 2.0, false).len(), 5);
    }
}
