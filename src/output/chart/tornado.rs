//! What moves figures most: a panel for each figure, a row for each parameter, a bar with its interval for each policy.

use super::canvas::{Anchor, Face, label};
use super::data::{ChartData, column};
use super::figure::Figure;
use super::layout::wrap;
use super::number::{count, percent, three_digits, tick};
use super::row_index::Facts;
use super::theme::{self, AXIS, BODY, CONTENT, GRID, INK, MARGIN, MUTED, SMALL, SUBTITLE, text_width};
use super::ticks::nice;

/// Most policies that are drawn: as many bars as a row has room for.
pub const MOST_BARS: usize = 3;
/// Most rows of a panel.
pub const MOST_ROWS: usize = 15;
/// The same where a row has several bars.
pub const MOST_ROWS_OF_BARS: usize = 10;

/// A figure, and how far each parameter moves it.
#[derive(Clone, Debug)]
pub struct TornadoPanel {
    /// What the figure is.
    pub title: String,
    /// What bars are counted in.
    pub unit: TornadoUnit,
    /// Parameters, in any order.
    pub rows: Vec<TornadoRow>,
}

/// What the bars of a panel are counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TornadoUnit {
    /// The unit of the figure.
    Amount,
    /// Hundredths of a share that moves.
    Points,
    /// Shares of a variance.
    Share,
}

impl TornadoUnit {
    fn tick(self, x: f64) -> String {
        match self {
            TornadoUnit::Amount if x < 10.0 => plain(x),
            TornadoUnit::Amount => tick(x),
            TornadoUnit::Points => plain(x * 100.0),
            TornadoUnit::Share => percent(x),
        }
    }

    fn written(self, x: f64) -> String {
        match self {
            TornadoUnit::Amount if x < 100.0 => three_digits(x),
            TornadoUnit::Amount => count(x),
            TornadoUnit::Points => format!("{:.1} points", x * 100.0),
            TornadoUnit::Share => percent(x),
        }
    }
}

/// A round number as short as it can be.
fn plain(x: f64) -> String {
    format!("{x:.6}").trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A parameter in a panel.
#[derive(Clone, Debug)]
pub struct TornadoRow {
    /// Its key.
    pub key: String,
    /// What it is, in words.
    pub title: String,
    /// For each policy drawn, how far it moves the figure, with the 95 % interval.
    pub bars: Vec<(f64, Option<(f64, f64)>)>,
}

impl TornadoRow {
    fn most(&self) -> f64 {
        self.bars.iter().map(|bar| bar.0).fold(0.0, f64::max)
    }

    fn is_alike(&self) -> bool {
        self.bars.windows(2).all(|w| w[0] == w[1])
    }
}

/// Whiskers are not over worlds, as those of other figures.
const NATURE: &str = "model, not a measurement; the intervals are over the design, not over worlds";
const LABELS: f64 = 330.0;
const LEADING: f64 = 16.0;
const BAR: f64 = 7.0;
const LANE: f64 = 10.5;

/// Draws the figure. `index` is what bars show, in words; `of_policies` how many policies there are.
pub fn draw(
    facts: &Facts,
    (title, subtitle): (String, String),
    index: &'static str,
    panels: &[TornadoPanel],
    of_policies: usize,
) -> Figure {
    let data = ChartData::new(vec![
        column("figure", "text", "what is moved"),
        column("parameter", "text", "key of the parameter"),
        column("title", "text", "what the parameter is"),
        column("policy", "text", "policy id"),
        column("value", "see figure", index),
        column("lo", "see figure", "lower end of the 95 % interval; empty if there is none"),
        column("hi", "see figure", "upper end of it"),
    ]);
    let mut figure = Figure::new(facts, "tornado", title, subtitle, data).nature(NATURE);
    let policies = facts.input.policies.len();
    figure.leave_out("policies", policies, of_policies);
    legend(&mut figure, facts);
    let most_rows = if policies > 1 { MOST_ROWS_OF_BARS } else { MOST_ROWS };
    let (left, width) = (MARGIN + LABELS + 12.0, CONTENT - LABELS - 12.0 - 70.0);
    for (k, panel) in panels.iter().enumerate() {
        figure.y += if k == 0 { 12.0 } else { 34.0 };
        // Where no policy makes a difference one bar says all.
        let moved = panel.rows.iter().any(|row| row.most() > 0.0);
        let alike = moved && policies > 1 && panel.rows.iter().all(TornadoRow::is_alike);
        let lanes = if alike { 1 } else { policies.max(1) };
        let unit = if moved && panel.unit == TornadoUnit::Points { ", in percentage points" } else { "" };
        let same = if alike { " (the same under each policy)" } else { "" };
        let head = wrap(&format!("{}{unit}{same}", panel.title), CONTENT, SUBTITLE, true, 2);
        figure.y = figure.sheet.lines(MARGIN, figure.y, &head, SUBTITLE * 1.3, label(SUBTITLE).bold());
        let mut rows: Vec<&TornadoRow> = panel.rows.iter().filter(|row| row.most() > 0.0).collect();
        rows.sort_by(|a, b| b.most().total_cmp(&a.most()));
        let all = rows.len();
        rows.truncate(most_rows);
        figure.leave_out("parameters", rows.len(), all);
        if rows.is_empty() {
            figure.sheet.text(MARGIN, figure.y + 6.0, "No parameter that is varied moves it.", Face::new(BODY, MUTED));
            figure.y += 12.0;
            continue;
        }
        let ends = rows.iter().flat_map(|row| row.bars.iter().map(|bar| bar.1.map_or(bar.0, |i| i.1.max(bar.0))));
        let ticks = nice(ends.fold(0.0, f64::max), 4);
        let most = ticks.last().copied().unwrap_or(1.0);
        let x = |value: f64| left + value.clamp(0.0, most) / most * width;
        let labels: Vec<Vec<String>> = rows.iter().map(|row| wrap(&row.title, LABELS, BODY, false, 3)).collect();
        let height = |lines: &Vec<String>| (lanes as f64 * LANE + 9.0).max(lines.len() as f64 * LEADING + 8.0);
        let top = figure.y - 4.0;
        let bottom = top + labels.iter().map(height).sum::<f64>();
        for t in &ticks {
            let color = if *t == 0.0 { AXIS } else { GRID };
            figure.sheet.line(&[(x(*t), top), (x(*t), bottom)], 1.0, color);
            let text = panel.unit.tick(*t);
            let face = Face::new(SMALL, MUTED).anchored(Anchor::Middle);
            figure.sheet.text(x(*t), bottom + 16.0, &text, face);
        }
        let mut y = top;
        for (row, lines) in rows.iter().zip(&labels) {
            let middle = y + height(lines) / 2.0;
            let first = middle + BODY * 0.36 - LEADING * (lines.len() as f64 - 1.0) / 2.0;
            figure.sheet.lines(MARGIN + LABELS, first, lines, LEADING, label(BODY).anchored(Anchor::End));
            for (policy, &(value, interval)) in row.bars.iter().enumerate() {
                if policy < lanes {
                    let lane = middle + (policy as f64 - (lanes as f64 - 1.0) / 2.0) * LANE;
                    let color = if alike { AXIS } else { theme::policy(policy) };
                    figure.sheet.rect(left, lane - BAR / 2.0, x(value) - left, BAR, color);
                    if let Some((lo, hi)) = interval.filter(|(lo, hi)| lo < hi) {
                        // Thin, on bars that are thin themselves.
                        figure.sheet.line(&[(x(lo), lane), (x(hi), lane)], 1.0, INK);
                        for end in [x(lo), x(hi)] {
                            figure.sheet.line(&[(end, lane - 2.5), (end, lane + 2.5)], 1.0, INK);
                        }
                    }
                }
                let id = facts.input.policies.get(policy).map_or("", |p| &*p.id);
                figure.data.push(
                    &[&panel.title, &row.key, &row.title, id],
                    &[Some(value), interval.map(|i| i.0), interval.map(|i| i.1)],
                );
            }
            y += height(lines);
        }
        figure.y = bottom + 18.0;
    }
    figure.alt = finding(facts, index, panels);
    figure
}

/// Which colour is which policy.
fn legend(figure: &mut Figure, facts: &Facts) {
    let mut x = MARGIN;
    for (i, policy) in facts.input.policies.iter().enumerate() {
        let width = text_width(&policy.title, BODY, true).min(CONTENT - 20.0);
        if x > MARGIN && x + width + 18.0 > MARGIN + CONTENT {
            x = MARGIN;
            figure.y += 20.0;
        }
        let text = wrap(&policy.title, width + 2.0, BODY, true, 1);
        figure.sheet.rect(x, figure.y - 9.0, 11.0, 11.0, theme::policy(i));
        figure.sheet.lines(x + 17.0, figure.y, &text, 18.0, Face::new(BODY, theme::policy_ink(i)).bold());
        x += width + 42.0;
    }
    figure.y += 22.0;
}

fn finding(facts: &Facts, index: &str, panels: &[TornadoPanel]) -> String {
    let largest = panels.first().and_then(|panel| {
        let bars =
            |row: &TornadoRow| (0..row.bars.len()).map(|policy| row.bars[policy].0).enumerate().collect::<Vec<_>>();
        let all =
            panel.rows.iter().flat_map(|row| bars(row).into_iter().map(move |(policy, value)| (row, policy, value)));
        Some((panel, all.max_by(|a, b| a.2.total_cmp(&b.2)).filter(|(.., value)| *value > 0.0)?))
    });
    let Some((panel, (row, policy, value))) = largest else {
        return "Bar chart: no parameter that is varied moves the figures.".to_owned();
    };
    let written = |x: f64| panel.unit.written(x);
    let within =
        row.bars[policy].1.map_or_else(String::new, |(lo, hi)| format!(" ({} to {})", written(lo), written(hi)));
    format!(
        "Bar chart of {index}: the largest for “{}” is that of “{}” under “{}”: {}{within}",
        panel.title,
        row.title,
        facts.input.policies.get(policy).map_or("", |p| &p.title),
        written(value)
    ) + "."
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::chart::fixtures::Fixture;

    fn panel(title: &str, bars: &[&[f64]]) -> TornadoPanel {
        let row = |(i, bars): (usize, &&[f64])| TornadoRow {
            key: format!("a.b{i}"),
            title: format!("Parameter {i}"),
            bars: bars.iter().map(|&b| (b, Some((b * 0.5, b * 1.5)))).collect(),
        };
        TornadoPanel {
            title: title.into(),
            unit: TornadoUnit::Points,
            rows: bars.iter().enumerate().map(row).collect(),
        }
    }

    /// The largest come first, what moves nothing is not drawn, and where policies are alike a row has one bar.
    #[test]
    fn the_largest_come_first() {
        let run = Fixture::plausible();
        let input = run.input();
        let few = super::super::ChartInput { policies: &input.policies[..2], ..input };
        let facts = Facts::new(&few);
        let panels = [
            panel("Apart", &[&[0.1, 0.2], &[0.0, 0.0], &[0.3, 0.1]]),
            panel("Alike", &[&[0.2, 0.2], &[0.1, 0.1]]),
            panel("Nothing", &[&[0.0, 0.0]]),
        ];
        let figure = draw(&facts, ("Title".into(), "Subtitle".into()), "an index", &panels, 5);
        let csv = figure.data.csv();
        let keys: Vec<&str> = csv.lines().skip(1).filter_map(|l| l.split(',').nth(1)).collect();
        assert_eq!(keys, ["a.b2", "a.b2", "a.b0", "a.b0", "a.b0", "a.b0", "a.b1", "a.b1"], "{csv}");
        assert!(
            figure.alt.contains("“Parameter 2”") && figure.alt.contains("30.0 points (15.0 points to 45.0 points)"),
            "{}",
            figure.alt
        );
        let texts: Vec<String> = figure
            .sheet
            .marks()
            .iter()
            .filter_map(
                |m| if let super::super::canvas::Mark::Text(_, _, text, _) = m { Some(text.clone()) } else { None },
            )
            .collect();
        assert!(texts.iter().any(|t| t == "Alike, in percentage points (the same under each policy)"), "{texts:?}");
        assert!(texts.iter().any(|t| t.starts_with("No parameter")), "{texts:?}");
    }
}
