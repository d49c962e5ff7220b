//! Bars and dots that lie: a row for each thing, a panel for each question, one scale for all of them.

use super::Unit;
use super::panel_grid::{DrawnPanel, GUTTER, place};
use crate::output::chart::canvas::{Anchor, Canvas, Face, label};
use crate::output::chart::figure::Figure;
use crate::output::chart::layout::wrap;
use crate::output::chart::row_index::Interval;
use crate::output::chart::theme::{BODY, SMALL, SUBTITLE, Tone};
use crate::output::chart::ticks::nice;
use crate::output::lang::Lang;
use crate::output::number::MISSING;

const BAR: f64 = 15.0;
const DOT: f64 = 5.0;
/// Height of a line of a label.
const LEADING: f64 = 16.0;
/// Least room for the bars themselves.
const LEAST: f64 = 70.0;
/// From the end of a bar to what is written behind it.
const GAP: f64 = 7.0;
/// Most lines of a label.
const LABEL_LINES: usize = 3;
/// Most lines of what is written behind a bar.
const TEXT_LINES: usize = 4;

/// How values are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BarStyle {
    /// As bars from zero.
    Bar,
    /// As dots, where zero says nothing; with [`Bar::from`] as a line between two.
    Dot,
}

/// A row.
#[derive(Clone, Debug)]
pub struct Bar {
    /// What it is about.
    pub label: String,
    /// Colour.
    pub tone: Tone,
    /// How long it is; none if it is not known.
    pub value: Option<f64>,
    /// Where it comes from, if it is a change: drawn as a grey dot.
    pub from: Option<f64>,
    /// 95 % interval of the value.
    pub interval: Interval,
    /// Parts that it is made of, from the left, if it is.
    pub parts: Vec<(f64, Tone)>,
    /// What is written behind it.
    pub text: String,
}

impl Bar {
    /// A plain bar.
    pub fn new(label: String, tone: Tone, (value, interval): (Option<f64>, Interval), text: String) -> Self {
        Self { label, tone, value, from: None, interval, parts: Vec::new(), text }
    }

    fn ends(&self) -> impl Iterator<Item = f64> + '_ {
        let ends = self.interval.into_iter().flat_map(|(lo, hi)| [lo, hi]);
        self.value.into_iter().chain(self.from).chain(ends).filter(|x| x.is_finite())
    }
}

/// Rows under a heading.
#[derive(Clone, Debug)]
pub struct BarPanel {
    /// What they are about; empty if the title says it.
    pub head: String,
    /// Rows.
    pub rows: Vec<Bar>,
}

/// What is drawn.
#[derive(Clone, Debug)]
pub struct Bars {
    /// Panels.
    pub panels: Vec<BarPanel>,
    /// What values are counted in.
    pub unit: Unit,
    /// How they are drawn.
    pub style: BarStyle,
    /// The end of the scale, if it is given: a whole, of which bars are parts.
    pub whole: Option<f64>,
}

/// Where values stand across.
struct Scale {
    least: f64,
    most: f64,
    left: f64,
    width: f64,
    /// Room for what is written behind a bar.
    text: f64,
}

impl Scale {
    fn x(&self, value: f64) -> f64 {
        let share = (value.clamp(self.least, self.most) - self.least) / (self.most - self.least);
        self.left + share * self.width
    }
}

/// Draws them below what is there.
pub fn draw(figure: &mut Figure, lang: Lang, bars: &Bars) {
    let alike = bars.panels.windows(2).all(|pair| labels(&pair[0]).eq(labels(&pair[1])));
    let n = bars.panels.len().max(1);
    let content = figure.content();
    let number = label(BODY);
    let rows = bars.panels.iter().flat_map(|panel| &panel.rows);
    let texts = rows.map(|row| number.width(&row.text)).fold(0.0, f64::max) + GAP + 2.0;
    // Beside each other panels share their labels, which stand once; as many as leave each its bars and what is written behind them.
    let most = match (figure.is_narrow(), alike) {
        (true, _) => 1,
        (false, true) => columns(n),
        (false, false) => n.min(if figure.width >= 1250.0 { 2 } else { 1 }),
    };
    let share = if figure.is_narrow() { 0.42 } else { 0.30 };
    let part = |columns: usize, room: f64| (room - GUTTER * (columns as f64 - 1.0)) / columns as f64;
    let shared_labels = RowLabels::new(bars, content * share);
    let fits = |columns: &usize| {
        let shared = alike && *columns > 1;
        part(*columns, content - if shared { shared_labels.width } else { 0.0 }) - texts
            >= LEAST + if shared { 0.0 } else { 60.0 }
    };
    let columns = (2..=most).rev().find(fits).unwrap_or(1);
    let own = part(columns, content);
    let shared = alike && columns > 1;
    let column = if alike { shared_labels } else { RowLabels::new(bars, own * share) };
    let width = if shared { part(columns, content - column.width) } else { own };
    let left = if shared { 0.0 } else { column.width };
    let scale = scale(bars, left, width);
    let column = column.with_texts(bars, scale.text);
    let mut drawn = Vec::new();
    for (k, chunk) in bars.panels.chunks(columns).enumerate() {
        let heads: Vec<Vec<String>> = chunk.iter().map(|panel| wrap(&panel.head, width, SUBTITLE, true, 3)).collect();
        let lines = heads.iter().map(Vec::len).max().unwrap_or(0);
        let y = figure.y;
        for (i, (panel, head)) in chunk.iter().zip(&heads).enumerate() {
            let one = draw_panel(bars, panel, (head, lines), &column, (&scale, !shared), lang);
            if shared && i == 0 {
                // The labels of a row of panels stand at its left.
                let mut sheet = Canvas::default();
                let mut top = head_height(lines);
                for row in 0..panel.rows.len() {
                    let height = column.heights[row];
                    column.draw(&mut sheet, row, top + height / 2.0);
                    top += height;
                }
                let before: f64 = drawn[..k * columns].chunks(columns).map(tallest).sum();
                figure.sheet.place(sheet, (figure.margin, y + before));
            }
            drawn.push(one);
        }
    }
    place(figure, drawn, columns, (if shared { column.width } else { 0.0 }, width));
}

/// Height of a row of panels, with the white space below it.
fn tallest(row: &[DrawnPanel]) -> f64 {
    row.iter().map(|panel| panel.height).fold(0.0, f64::max) + 22.0
}

/// How many of `n` panels stand beside each other.
fn columns(n: usize) -> usize {
    match n {
        0 | 1 => 1,
        2 | 4 => 2,
        _ => 3,
    }
}

fn labels(panel: &BarPanel) -> impl Iterator<Item = &str> {
    panel.rows.iter().map(|row| row.label.as_str())
}

fn head_height(lines: usize) -> f64 {
    if lines == 0 { 4.0 } else { lines as f64 * SUBTITLE * 1.3 + 8.0 }
}

fn scale(bars: &Bars, left: f64, width: f64) -> Scale {
    let rows = || bars.panels.iter().flat_map(|panel| &panel.rows);
    let ends = || rows().flat_map(Bar::ends);
    let zero = if bars.style == BarStyle::Bar || bars.whole.is_some() { 0.0 } else { f64::INFINITY };
    let (mut least, most) =
        ends().fold((zero, bars.whole.unwrap_or(f64::NEG_INFINITY)), |(a, b), x| (a.min(x), b.max(x)));
    if !least.is_finite() {
        least = 0.0;
    }
    let mut most = if most > least { most } else { least + 1.0 };
    if bars.style == BarStyle::Bar {
        most = most.max(0.0);
    }
    let number = label(BODY);
    // What is written behind bars has its room there, in more lines where it would leave the bars too little.
    let texts = rows().map(|row| number.width(&row.text)).fold(0.0, f64::max) + GAP + 2.0;
    let room = (width - left - texts).max(LEAST.min((width - left) * 0.5));
    Scale { least, most, left, width: room, text: width - left - room - GAP }
}

/// The labels of rows, at the left.
struct RowLabels {
    lines: Vec<Vec<String>>,
    /// Heights of the rows.
    heights: Vec<f64>,
    /// Width of the column with the gap at its right.
    width: f64,
}

impl RowLabels {
    /// Of the panel with the most rows; every panel's rows have these heights.
    fn new(bars: &Bars, most: f64) -> Self {
        let rows = bars.panels.iter().map(|panel| panel.rows.len()).max().unwrap_or(0);
        let wrapped = |panel: &BarPanel| -> Vec<Vec<String>> {
            panel.rows.iter().map(|row| wrap(&row.label, most, BODY, false, LABEL_LINES)).collect()
        };
        let all: Vec<Vec<Vec<String>>> = bars.panels.iter().map(wrapped).collect();
        let tallest = |i: usize| all.iter().filter_map(|panel| panel.get(i)).map(Vec::len).max().unwrap_or(1);
        let heights = (0..rows).map(|i| (tallest(i) as f64 * LEADING + 9.0).max(26.0)).collect();
        let face = label(BODY);
        let widest = all.iter().flatten().flatten().map(|line| face.width(line)).fold(0.0, f64::max);
        let lines = all.into_iter().max_by_key(Vec::len).unwrap_or_default();
        Self { lines, heights, width: if widest > 0.0 { widest + 12.0 } else { 0.0 } }
    }

    /// The same with rows as tall as what is written behind bars needs.
    fn with_texts(mut self, bars: &Bars, room: f64) -> Self {
        for panel in &bars.panels {
            for (height, row) in self.heights.iter_mut().zip(&panel.rows) {
                let lines = wrap(&row.text, room, BODY, false, TEXT_LINES).len().max(1);
                *height = height.max(lines as f64 * LEADING + 9.0);
            }
        }
        self
    }

    fn draw(&self, sheet: &mut Canvas, row: usize, y: f64) {
        self.draw_lines(sheet, self.lines.get(row).map_or(&[], Vec::as_slice), y);
    }

    fn draw_lines(&self, sheet: &mut Canvas, lines: &[String], y: f64) {
        let first = y + BODY * 0.36 - LEADING * (lines.len() as f64 - 1.0) / 2.0;
        sheet.lines(self.width - 10.0, first, lines, LEADING, label(BODY).anchored(Anchor::End));
    }
}

fn draw_panel(
    bars: &Bars,
    panel: &BarPanel,
    (head, lines): (&[String], usize),
    column: &RowLabels,
    (scale, labelled): (&Scale, bool),
    lang: Lang,
) -> DrawnPanel {
    let mut sheet = Canvas::default();
    let top = head_height(lines);
    // Headings stand on the bars, whatever number of lines their neighbours have.
    let first = SUBTITLE + SUBTITLE * 1.3 * (lines - head.len()) as f64;
    sheet.lines(if labelled { 0.0 } else { scale.left }, first, head, SUBTITLE * 1.3, label(SUBTITLE).bold());
    let height: f64 = column.heights.iter().take(panel.rows.len()).sum();
    let bottom = top + height;
    let mut below = 0.0;
    if bars.style == BarStyle::Dot {
        below = axis(&mut sheet, bars, scale, (top, bottom), lang);
    }
    let mut y = top;
    for (i, row) in panel.rows.iter().enumerate() {
        let middle = y + column.heights[i] / 2.0;
        if labelled {
            let lines = wrap(&row.label, (column.width - 12.0).max(1.0) + 1.0, BODY, false, LABEL_LINES);
            column.draw_lines(&mut sheet, &lines, middle);
        }
        draw_row(&mut sheet, bars, row, scale, middle);
        y += column.heights[i];
    }
    if bars.style == BarStyle::Bar {
        let x = scale.x(0.0);
        sheet.line(&[(x, top), (x, bottom)], 1.0, Tone::Axis);
    }
    DrawnPanel { marks: sheet, height: bottom + below }
}

fn draw_row(sheet: &mut Canvas, bars: &Bars, row: &Bar, scale: &Scale, y: f64) {
    let zero = scale.x(0.0);
    let mut end = if bars.style == BarStyle::Bar { zero } else { scale.left };
    if let Some(whole) = bars.whole.filter(|_| bars.style == BarStyle::Bar && row.value.is_some()) {
        sheet.rect(zero, y - BAR / 2.0, scale.x(whole) - zero, BAR, Tone::Track);
        end = end.max(scale.x(whole));
    }
    if let Some(value) = row.value {
        let x = scale.x(value);
        match bars.style {
            BarStyle::Bar if row.parts.is_empty() => {
                sheet.rect(zero.min(x), y - BAR / 2.0, (x - zero).abs(), BAR, row.tone)
            }
            BarStyle::Bar => {
                let mut from = 0.0;
                for (part, tone) in &row.parts {
                    sheet.rect(scale.x(from), y - BAR / 2.0, scale.x(from + part) - scale.x(from), BAR, *tone);
                    from += part;
                }
            }
            BarStyle::Dot => {
                if let Some(from) = row.from.map(|from| scale.x(from)) {
                    sheet.line(&[(from, y), (x, y)], 2.0, Tone::Axis);
                    sheet.dot(from, y, DOT, Tone::Muted);
                    end = end.max(from);
                }
            }
        }
        if let Some((lo, hi)) = row.interval.filter(|(lo, hi)| lo.is_finite() && hi.is_finite()) {
            sheet.whisker((scale.x(lo), scale.x(hi)), y);
            end = end.max(scale.x(hi));
        }
        if bars.style == BarStyle::Dot {
            sheet.dot(x, y, DOT, row.tone);
            end += DOT;
        }
        end = end.max(x + if bars.style == BarStyle::Dot { DOT } else { 0.0 });
    }
    let text = if row.text.is_empty() && row.value.is_none() { MISSING } else { row.text.as_str() };
    let lines = wrap(text, scale.text.max(1.0), BODY, false, TEXT_LINES);
    let first = y + BODY * 0.36 - LEADING * (lines.len() as f64 - 1.0) / 2.0;
    sheet.lines(end + GAP, first, &lines, LEADING, label(BODY));
}

/// Ticks below dots; returns the height that they take.
fn axis(sheet: &mut Canvas, bars: &Bars, scale: &Scale, (top, bottom): (f64, f64), lang: Lang) -> f64 {
    let face = Face::new(SMALL, Tone::Muted);
    let step = nice(scale.most - scale.least, ((scale.width / 80.0) as usize).clamp(1, 5));
    let step = step.get(1).copied().unwrap_or(1.0);
    let first = (scale.least / step).ceil() as i64;
    let mut free = f64::NEG_INFINITY;
    for value in (first..).map(|k| k as f64 * step).take_while(|v| *v <= scale.most + step * 1e-9).take(12) {
        let x = scale.x(value);
        sheet.line(&[(x, top), (x, bottom)], 1.0, if value == 0.0 { Tone::Axis } else { Tone::Grid });
        let text = bars.unit.tick(value, lang);
        let half = face.width(&text) / 2.0;
        if x - half > free {
            sheet.text(x, bottom + 16.0, &text, face.anchored(Anchor::Middle));
            free = x + half + 6.0;
        }
    }
    20.0
}
