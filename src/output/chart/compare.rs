//! How figures of one run differ from those of another: in percent, a dot with its interval for each policy and purpose.

use super::canvas::{Anchor, Face, label};
use super::data::{ChartData, column};
use super::figure::Figure;
use super::layout::wrap;
use super::number::{MISSING, count};
use super::row_index::Facts;
use super::rows::{RowLabels, panels};
use super::theme::{self, AXIS, BODY, GRID, MUTED, SMALL, SUBTITLE};

/// What is drawn: a panel, and a row of it.
#[derive(Clone, Debug)]
pub struct Compared {
    /// What the panel is about.
    pub panel: String,
    /// Index of the policy.
    pub policy: usize,
    /// Title of the purpose.
    pub purpose: String,
    /// Means of the baseline and of the run.
    pub values: [f64; 2],
    /// Change in percent; none from nothing.
    pub percent: Option<f64>,
    /// Its 95 % interval.
    pub interval: Option<(f64, f64)>,
}

/// Most rows of a panel: of more policies and purposes the first.
const MOST_ROWS: usize = 24;

/// Draws the figure. Rows of all panels come in the same order.
pub fn draw(facts: &Facts, title: String, subtitle: String, compared: &[Compared]) -> Figure {
    let data = ChartData::new(vec![
        column("figure", "text", "what is compared"),
        column("policy", "text", "policy id"),
        column("purpose", "text", "purpose"),
        column("baseline", "see figure", "mean of the first run"),
        column("run", "see figure", "mean of the other run"),
        column("percent", "percent", "change; empty from nothing"),
        column("percent_lo", "percent", "lower end of its 95 % interval; empty if there is none"),
        column("percent_hi", "percent", "upper end of it"),
    ]);
    let mut figure = Figure::new(facts, "compare", title, subtitle, data);
    let mut names: Vec<&str> = Vec::new();
    for c in compared {
        if !names.contains(&c.panel.as_str()) {
            names.push(&c.panel);
        }
    }
    let of_panel = |name: &str| compared.iter().filter(|c| c.panel == name).take(MOST_ROWS).collect::<Vec<_>>();
    let Some(first) = names.first().map(|name| of_panel(name)) else {
        return figure.nothing("The runs have no figure in common.");
    };
    let rows = first.len();
    figure.leave_out("rows", rows, compared.iter().filter(|c| c.panel == names[0]).count());
    let words = |c: &Compared| format!("{}, {}", facts.input.policies[c.policy].title, c.purpose);
    let texts: Vec<String> = first.iter().map(|c| words(c)).collect();
    let labels = RowLabels::of(texts.iter().map(String::as_str), 250.0);
    let (lefts, width) = panels(names.len(), labels.width);
    let drawn: Vec<Vec<&Compared>> = names.iter().map(|name| of_panel(name)).collect();
    let ends = drawn.iter().flatten().flat_map(|c| {
        let (lo, hi) = c.interval.or(c.percent.map(|p| (p, p))).unwrap_or_default();
        [lo, hi]
    });
    let (least, most) = ends.fold((0.0f64, 0.0f64), |(a, b), x| (a.min(x), b.max(x)));
    let wide = (most - least).max(1e-9);
    let (least, most) = (least - 0.06 * wide, most + 0.06 * wide);
    let heads: Vec<Vec<String>> = names.iter().map(|name| wrap(name, width, SUBTITLE, true, 2)).collect();
    let lines = heads.iter().map(Vec::len).max().unwrap_or(1) as f64;
    let top = figure.y + lines * SUBTITLE * 1.3 + 8.0;
    let bottom = top + labels.row * rows as f64;
    for (k, panel) in drawn.iter().enumerate() {
        let left = lefts[k];
        let x = |percent: f64| left + (percent - least) / (most - least) * width;
        figure.sheet.lines(
            left,
            top - 10.0 - SUBTITLE * 1.3 * (heads[k].len() as f64 - 1.0),
            &heads[k],
            SUBTITLE * 1.3,
            label(SUBTITLE).bold(),
        );
        for row in 0..=rows {
            let y = top + labels.row * row as f64;
            figure.sheet.line(&[(left, y), (left + width, y)], 1.0, GRID);
        }
        figure.sheet.line(&[(x(0.0), top), (x(0.0), bottom)], 1.2, AXIS);
        figure.sheet.text(x(0.0), bottom + 16.0, "no change", Face::new(SMALL, MUTED).anchored(Anchor::Middle));
        for (i, c) in panel.iter().enumerate() {
            let y = top + labels.row * (i as f64 + 0.5);
            if k == 0 {
                labels.draw(&mut figure.sheet, i, y);
            }
            let text = match c.percent {
                None if c.values == [0.0; 2] => "nothing in both".to_owned(),
                None => format!("from nothing to {}", count(c.values[1])),
                Some(0.0) if c.interval.is_none_or(|(lo, hi)| lo == 0.0 && hi == 0.0) => "the same".to_owned(),
                Some(p) => signed(p),
            };
            let mut at = x(0.0);
            if let Some(percent) = c.percent {
                if let Some((lo, hi)) = c.interval {
                    figure.sheet.whisker((x(lo), x(hi)), y);
                    at = at.max(x(hi));
                }
                figure.sheet.dot(x(percent), y, 4.5, theme::policy(c.policy));
                at = at.max(x(percent));
            }
            let room = label(BODY).width(&text) + 10.0;
            // Left of the mark where there is no room to the right of it.
            let (at, anchor) = if at + room < left + width {
                (at + 10.0, Anchor::Start)
            } else {
                (at.min(c.percent.map_or(at, x)).min(c.interval.map_or(at, |i| x(i.0))) - 10.0, Anchor::End)
            };
            figure.sheet.text(at, y + BODY * 0.36, &text, label(BODY).anchored(anchor));
            figure.data.push(
                &[&c.panel, &facts.input.policies[c.policy].id, &c.purpose],
                &[Some(c.values[0]), Some(c.values[1]), c.percent, c.interval.map(|i| i.0), c.interval.map(|i| i.1)],
            );
        }
    }
    figure.y = bottom + 24.0;
    figure.alt = finding(facts, compared);
    figure
}

/// A change as a reader expects it: "+3.2 %", "−41 %".
fn signed(percent: f64) -> String {
    let digits = if percent.abs() < 10.0 { 1 } else { 0 };
    let text = format!("{:.digits$}", percent.abs());
    if text.trim_matches(['0', '.']).is_empty() {
        return if percent == 0.0 { "0\u{a0}%".into() } else { "less than 0.1\u{a0}%".into() };
    }
    format!("{}{text}\u{a0}%", if percent < 0.0 { '−' } else { '+' })
}

fn finding(facts: &Facts, compared: &[Compared]) -> String {
    let borne = |c: &&Compared| c.percent.is_some() && c.interval.is_some_and(|(lo, hi)| lo > 0.0 || hi < 0.0);
    let largest = compared.iter().filter(borne).max_by(|a, b| {
        a.percent.map(f64::abs).partial_cmp(&b.percent.map(f64::abs)).unwrap_or(std::cmp::Ordering::Equal)
    });
    let Some((c, percent)) = largest.and_then(|c| Some((c, c.percent?))) else {
        return "Dot chart: no change that its interval bears out.".to_owned();
    };
    let (lo, hi) = c.interval.unwrap_or((percent, percent));
    format!(
        "Dot chart: the largest change is that of {} under “{}” for “{}”: {} ({} to {})",
        c.panel.to_lowercase(),
        facts.input.policies.get(c.policy).map_or(MISSING, |p| p.title.as_str()),
        c.purpose,
        signed(percent),
        signed(lo),
        signed(hi)
    ) + "."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_written_with_their_sign() {
        let texts = [3.21, -41.4, 0.0, 0.01, -9.96, 123.4].map(signed);
        assert_eq!(
            texts,
            ["+3.2\u{a0}%", "−41\u{a0}%", "0\u{a0}%", "less than 0.1\u{a0}%", "−10.0\u{a0}%", "+123\u{a0}%"]
        );
    }
}
