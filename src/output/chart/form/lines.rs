//! Lines with their bands: a panel for each question, along days or along a value that is varied.

use super::line::Line;
use super::names::{EndNames, LEADER, LEADING, Strand, list, strands};
use super::panel_grid::{DrawnPanel, GUTTER, place};
use super::{Unit, XAxis};
use crate::output::chart::canvas::{Anchor, Canvas, Face, label};
use crate::output::chart::figure::Figure;
use crate::output::chart::layout::{dashes, shorten, stairs, wrap};
use crate::output::chart::theme::{BODY, SMALL, SUBTITLE, Tone};
use crate::output::chart::ticks::{nice, nice_count};
use crate::output::lang::Lang;

/// Side of a square before a label that stands in a list.
const SWATCH: f64 = 11.0;
/// White space between such a list and the plot.
const LIFT: f64 = 7.0;
/// Least height of a plot.
const PLOT: f64 = 140.0;

/// A stretch behind the lines.
#[derive(Clone, Debug)]
pub struct Zone {
    /// From where.
    pub from: f64,
    /// What it looks like.
    pub tone: Tone,
    /// What stands over it; empty if nothing.
    pub label: String,
    /// Whether a dashed line stands at its beginning.
    pub begins: bool,
}

/// Lines under a heading.
#[derive(Clone, Debug, Default)]
pub struct LinePanel {
    /// What they are about; empty if the title says it.
    pub head: String,
    /// What a reader must know before; small, below the heading.
    pub about: String,
    /// The lines.
    pub lines: Vec<Line>,
    /// Stretches behind them, from the left.
    pub zones: Vec<Zone>,
    /// A dashed line across, and what it is called.
    pub level: Option<(f64, String)>,
}

/// What is drawn.
#[derive(Clone, Debug)]
pub struct Lines {
    /// Panels.
    pub panels: Vec<LinePanel>,
    /// What they run along.
    pub x: XAxis,
    /// What that is; empty if it is plain.
    pub x_name: String,
    /// What values are counted in.
    pub unit: Unit,
    /// Whether all panels have one scale.
    pub one_scale: bool,
    /// The top of the scale, if it is given.
    pub most: Option<f64>,
}

/// Where things stand in a panel.
struct Plot<'a> {
    x: XAxis,
    left: f64,
    width: f64,
    top: f64,
    height: f64,
    ticks: &'a [f64],
}

impl Plot<'_> {
    fn x(&self, x: f64) -> f64 {
        self.left + self.x.place(x) * self.width
    }

    fn y(&self, value: f64) -> f64 {
        let (least, most) = (self.ticks[0], self.ticks[self.ticks.len() - 1]);
        self.top + self.height * (1.0 - (value - least) / (most - least))
    }

    fn bottom(&self) -> f64 {
        self.top + self.height
    }

    /// The corners of a line through some points: a step for each day.
    fn corners(&self, points: &[(f64, f64)]) -> Vec<(f64, f64)> {
        let step = self.x.step();
        let of = |&(x, value): &(f64, f64)| {
            let at = (self.x(x), self.y(value));
            [at, (at.0 + step * self.width, at.1)].into_iter().take(if step > 0.0 { 2 } else { 1 })
        };
        points.iter().flat_map(of).collect()
    }
}

/// Draws them below what is there. `word` writes a value of the axis below.
pub fn draw(figure: &mut Figure, lang: Lang, lines: &Lines, word: &dyn Fn(f64) -> String) {
    let n = lines.panels.len();
    let columns = if figure.width >= 1250.0 { n.clamp(1, 2) } else { 1 };
    let width = (figure.content() - GUTTER * (columns as f64 - 1.0)) / columns as f64;
    let of_panel = |panel: &LinePanel| scale_of(lines, std::slice::from_ref(panel));
    let common = scale_of(lines, &lines.panels);
    let ticks: Vec<Vec<f64>> =
        lines.panels.iter().map(|panel| if lines.one_scale { common.clone() } else { of_panel(panel) }).collect();
    let face = Face::new(SMALL, Tone::Muted);
    let widest = ticks.iter().flatten().map(|t| face.width(&lines.unit.tick(*t, lang))).fold(0.0, f64::max);
    let bold = label(BODY).bold();
    let names = lines.panels.iter().flat_map(|p| &p.lines).map(|line| bold.width(&format!("= {}", line.name)));
    let gutter = (names.fold(0.0, f64::max) + 4.0).clamp(96.0, 220.0);
    // Names at the right where a plot of some width is left.
    let beside = width - widest - gutter - LEADER > 330.0;
    let room = if beside { gutter } else { 0.0 };
    let drawn: Vec<DrawnPanel> = lines
        .panels
        .iter()
        .zip(&ticks)
        .map(|(panel, ticks)| draw_panel(lines, panel, ticks, (width, widest, room), lang, word))
        .collect();
    place(figure, drawn, columns, (0.0, width));
}

/// Ticks from the least to the greatest value of some panels.
fn scale_of(lines: &Lines, panels: &[LinePanel]) -> Vec<f64> {
    let all = || panels.iter().flat_map(|panel| &panel.lines);
    let values = all().flat_map(|line| {
        let band = line.band.iter().flat_map(|(_, (lo, hi))| [*lo, *hi]);
        line.points.iter().map(|p| p.1).chain(band).filter(|x| x.is_finite())
    });
    let levels = panels.iter().filter_map(|panel| panel.level.as_ref().map(|level| level.0));
    let (least, most) =
        values.chain(levels).fold((0.0f64, lines.most.unwrap_or(0.0)), |(a, b), x| (a.min(x), b.max(x)));
    let most = lines.most.unwrap_or(most);
    let up = if lines.unit == Unit::Count { nice_count(most, 3) } else { nice(most, 4) };
    if least >= 0.0 {
        return up;
    }
    let step = nice(most - least, 4)[1];
    let from = (least / step - 1e-9).floor() as i64;
    let to = (most / step + 1e-9).ceil().max(0.0) as i64;
    (from..=to).map(|k| k as f64 * step).collect()
}

fn draw_panel(
    lines: &Lines,
    panel: &LinePanel,
    ticks: &[f64],
    (width, left, names): (f64, f64, f64),
    lang: Lang,
    word: &dyn Fn(f64) -> String,
) -> DrawnPanel {
    let mut sheet = Canvas::default();
    let head = wrap(&panel.head, width, SUBTITLE, true, 3);
    let mut y = sheet.lines(0.0, SUBTITLE, &head, SUBTITLE * 1.3, label(SUBTITLE).bold()) - SUBTITLE * 0.3;
    if head.is_empty() {
        y = 4.0;
    }
    if !panel.about.is_empty() {
        let about = wrap(&panel.about, width, SMALL, false, 8);
        y = sheet.lines(0.0, y + SMALL, &about, SMALL * 1.4, Face::new(SMALL, Tone::Muted)) - SMALL * 0.4;
    }
    let left = left + 8.0;
    let room = if names > 0.0 { names + LEADER } else { 6.0 };
    let mut plot = Plot { x: lines.x, left, width: (width - left - room).max(60.0), top: 0.0, height: PLOT, ticks };
    let strands = strands(&panel.lines, &|value| plot.y(value));
    let ends = EndNames::new(&strands, &panel.lines, names);
    if names > 0.0 {
        plot.height = plot.height.max(ends.height);
    } else {
        y += list(&mut sheet, &strands, &panel.lines, y, width);
    }
    let marks = ZoneLabels::new(&panel.zones, &plot, width);
    plot.top = y + marks.height + 12.0;
    zones(&mut sheet, panel, &plot, &marks);
    axes(&mut sheet, lines, panel, &plot, lang, word);
    for strand in &strands {
        band(&mut sheet, &panel.lines[strand.members[0]], &plot);
    }
    level(&mut sheet, panel, &plot);
    for strand in &strands {
        stroke(&mut sheet, strand, &panel.lines, &plot);
    }
    if names > 0.0 {
        let end =
            |strand: &Strand| plot.corners(&panel.lines[strand.members[0]].points).last().copied().unwrap_or_default();
        let at: Vec<(f64, f64)> = strands.iter().map(end).collect();
        ends.draw(&mut sheet, &at, plot.left + plot.width + LEADER, (plot.top, plot.bottom()));
    }
    let mut height = plot.bottom() + 20.0;
    let under = wrap(&lines.x_name, plot.width + 40.0, SMALL, false, 3);
    if !under.is_empty() {
        let face = Face::new(SMALL, Tone::Muted).anchored(Anchor::Middle);
        height = sheet.lines(plot.left + plot.width / 2.0, height + SMALL, &under, SMALL * 1.35, face) - SMALL * 0.6;
    }
    DrawnPanel { marks: sheet, height }
}

/// Labels over stretches, in as many rows as it takes that none stands on another or on another's line; a list above the plot where they have no room over it.
struct ZoneLabels {
    texts: Vec<(f64, String)>,
    rows: Vec<usize>,
    listed: bool,
    height: f64,
}

impl ZoneLabels {
    fn new(zones: &[Zone], plot: &Plot, width: f64) -> Self {
        let face = label(SMALL);
        let named = zones.iter().filter(|zone| !zone.label.is_empty());
        let listed = named.clone().any(|zone| plot.x(zone.from) + 8.0 + face.width(&zone.label) > width);
        let text = |zone: &Zone| {
            let room = if listed { width - SWATCH - 8.0 } else { width };
            (plot.x(zone.from), shorten(&zone.label, room, SMALL, false))
        };
        let texts: Vec<(f64, String)> = named.map(text).collect();
        let spans: Vec<(f64, f64)> = texts.iter().map(|(x, t)| (*x, x + 14.0 + face.width(t))).collect();
        let rows = if listed { (0..texts.len()).rev().collect() } else { stairs(&spans) };
        let height = rows.iter().max().map_or(0.0, |r| (*r as f64 + 1.0) * LEADING);
        // The number at the top of the scale reaches up beside the last of a list.
        let height = height + if listed { LIFT } else { 0.0 };
        Self { texts, rows, listed, height }
    }
}

fn zones(sheet: &mut Canvas, panel: &LinePanel, plot: &Plot, marks: &ZoneLabels) {
    let right = plot.left + plot.width;
    for (k, zone) in panel.zones.iter().enumerate() {
        let x = plot.x(zone.from);
        let next = panel.zones.get(k + 1).map_or(right, |next| plot.x(next.from));
        if zone.tone != Tone::Paper {
            sheet.rect(x, plot.top, next - x, plot.height, zone.tone);
        }
    }
    let mut label_of = marks.texts.iter().zip(&marks.rows);
    for zone in &panel.zones {
        let named = if zone.label.is_empty() { None } else { label_of.next() };
        let mut up = 0.0;
        if let Some(((x, text), row)) = named {
            let above = (*row as f64 + 1.0) * LEADING + if marks.listed { LIFT } else { 0.0 };
            let base = plot.top - above + SMALL - 2.0;
            if marks.listed {
                let tone = if zone.tone == Tone::Paper { Tone::Guide } else { zone.tone };
                sheet.rect(0.0, base - SWATCH + 1.0, SWATCH, SWATCH, tone);
                sheet.text(SWATCH + 7.0, base, text, label(SMALL));
            } else {
                up = above;
                sheet.text(x + 5.0, base, text, label(SMALL));
            }
        }
        // A stretch that began before the run has no line: nothing happens on the first day.
        if zone.begins {
            let x = plot.x(zone.from);
            for piece in dashes(&[(x, plot.top - (up - 3.0).max(0.0)), (x, plot.bottom())], 4.0, 7.0, 0.0) {
                sheet.line(&piece, 1.2, Tone::Ink);
            }
        }
    }
}

fn axes(sheet: &mut Canvas, lines: &Lines, panel: &LinePanel, plot: &Plot, lang: Lang, word: &dyn Fn(f64) -> String) {
    let face = Face::new(SMALL, Tone::Muted);
    let grid = if panel.zones.iter().any(|zone| zone.tone != Tone::Paper) { Tone::Guide } else { Tone::Grid };
    for t in plot.ticks {
        let y = plot.y(*t);
        sheet.line(&[(plot.left, y), (plot.left + plot.width, y)], 1.0, if *t == 0.0 { Tone::Axis } else { grid });
        let text = lines.unit.tick(*t, lang);
        sheet.text(plot.left - 8.0, y + SMALL * 0.36, &text, face.anchored(Anchor::End));
    }
    let mut free = f64::NEG_INFINITY;
    for (value, text) in lines.x.ticks(plot.width, lang, word) {
        let x = plot.x(value);
        let half = face.width(&text) / 2.0;
        // Centred, but kept over the plot; a label that would touch the one before is left out.
        let centre = x.max(plot.left + half - 6.0).min(plot.left + plot.width - half + 6.0);
        sheet.line(&[(x, plot.bottom()), (x, plot.bottom() + 4.0)], 1.0, Tone::Axis);
        if centre - half > free {
            sheet.text(centre, plot.bottom() + 17.0, &text, face.anchored(Anchor::Middle));
            free = centre + half + 8.0;
        }
    }
}

/// The runs of a line: along days it is broken where one is missing.
fn runs<'a, T>(x: XAxis, points: &'a [T], at: impl Fn(&T) -> f64 + 'a) -> impl Iterator<Item = &'a [T]> {
    let days = matches!(x, XAxis::Days(..));
    points.chunk_by(move |a, b| !days || at(b) - at(a) < 1.5)
}

fn band(sheet: &mut Canvas, line: &Line, plot: &Plot) {
    if line.dots {
        for (x, (lo, hi)) in &line.band {
            sheet.upright_whisker((plot.y(*lo), plot.y(*hi)), plot.x(*x));
        }
        return;
    }
    for run in runs(plot.x, &line.band, |b| b.0) {
        let edge = |of: fn((f64, f64)) -> f64| plot.corners(&run.iter().map(|&(x, b)| (x, of(b))).collect::<Vec<_>>());
        let upper = edge(|b| b.1);
        let corners: Vec<_> = edge(|b| b.0).into_iter().chain(upper.into_iter().rev()).collect();
        sheet.area(&corners, Tone::Faint(line.hue));
    }
}

fn level(sheet: &mut Canvas, panel: &LinePanel, plot: &Plot) {
    let Some((value, name)) = &panel.level else { return };
    let y = plot.y(*value);
    for dash in dashes(&[(plot.left, y), (plot.left + plot.width, y)], 5.0, 9.0, 0.0) {
        sheet.line(&dash, 1.2, Tone::Muted);
    }
    let text = shorten(name, plot.width - 8.0, SMALL, false);
    sheet.text(plot.left + 4.0, y - 5.0, &text, Face::new(SMALL, Tone::Muted));
}

fn stroke(sheet: &mut Canvas, strand: &Strand, lines: &[Line], plot: &Plot) {
    let many = lines.iter().map(|line| line.points.len()).max().unwrap_or(0) > 150;
    let width = if many { 1.5 } else { 2.2 };
    let colours = strand.members.len() as f64;
    for (k, &i) in strand.members.iter().enumerate() {
        let line = &lines[i];
        if line.dots {
            line.points.iter().for_each(|&(x, v)| sheet.dot(plot.x(x), plot.y(v), 3.6, Tone::Fill(line.hue)));
            continue;
        }
        for run in runs(plot.x, &line.points, |p| p.0) {
            let points = plot.corners(run);
            match points.as_slice() {
                [(x, y)] => sheet.dot(*x, *y, 4.5 - (k as f64).min(3.0), Tone::Fill(line.hue)),
                // The first colour runs through; the others lie on it in turns, so that every one can be seen.
                _ if k == 0 => sheet.line(&points, width, Tone::Fill(line.hue)),
                _ => {
                    for piece in dashes(&points, 9.0, 9.0 * colours, 9.0 * k as f64) {
                        sheet.line(&piece, width, Tone::Fill(line.hue));
                    }
                }
            }
        }
        if matches!(plot.x, XAxis::Values(..) | XAxis::Powers(..)) && line.points.len() <= 25 && k == 0 {
            line.points.iter().for_each(|&(x, v)| sheet.dot(plot.x(x), plot.y(v), 2.8, Tone::Fill(line.hue)));
        }
    }
}
