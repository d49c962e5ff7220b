//! How exactly policies disclose: values by resolution, and people reached as they are or only coarsened.

use plotters::style::RGBColor;

use super::Named;
use super::canvas::{Canvas, Face, label};
use super::data::{ChartData, column};
use super::figure::Figure;
use super::layout::shorten;
use super::number::{MISSING, count, list, percent};
use super::row_index::{Facts, Interval};
use super::rows::{RowLabels, panels};
use super::theme::{self, AXIS, BODY, CONTENT, MARGIN, MUTED, SMALL, SUBTITLE, TRACK};
use crate::exposure::ALL;

const BAR: f64 = 16.0;
/// From the middle of a bar to each of two whiskers on it.
const APART: f64 = 4.0;
const HEADS: [&str; 2] = ["Values, by resolution", "People: dark, a value as it is; light, only coarsened"];
/// People about whom nothing arrives as it is.
const ONLY_COARSENED: RGBColor = RGBColor(0xa4, 0xbc, 0xd6);
/// Side of a square of the legend.
const SQUARE: f64 = 11.0;
/// What two whiskers on a bar are.
const WHISKERS: &str = " Where a bar has two whiskers, the upper is of what arrives as it is, the lower of all.";
/// What columns of ends hold.
const LOWER: &str = "lower end of the 95 % interval over worlds; empty if there is one";
const UPPER: &str = "upper end of it";
/// Most rows; purposes beyond them are left out.
const MOST_ROWS: usize = 60;

/// A policy for a purpose.
struct ResolutionRow {
    /// Values by resolution, in the order of the input; none if no row says.
    values: Vec<Option<f64>>,
    people: Option<f64>,
    people_as: Vec<Option<f64>>,
    /// Intervals of the values at all resolutions together, and at each.
    values_interval: Interval,
    values_intervals: Vec<Interval>,
    /// Intervals of the people.
    people_interval: Interval,
    people_intervals: Vec<Interval>,
}

impl ResolutionRow {
    fn new(facts: &Facts, policy: &str, purpose: &str) -> Self {
        let get = |metric: &str| facts.get(metric, policy, purpose, ALL, ALL);
        let interval = |metric: &str| facts.interval(metric, policy, purpose, ALL, ALL);
        let names = |metric: &str| -> Vec<String> {
            facts.input.resolutions.iter().map(|r| format!("{metric}_as_{}", r.id)).collect()
        };
        let (values, people) = (names("disclosed_values"), names("people_exposed"));
        Self {
            values: values.iter().map(|metric| get(metric)).collect(),
            people: get("people_exposed"),
            people_as: people.iter().map(|metric| get(metric)).collect(),
            values_interval: interval("disclosed_values"),
            values_intervals: values.iter().map(|metric| interval(metric)).collect(),
            people_interval: interval("people_exposed"),
            people_intervals: people.iter().map(|metric| interval(metric)).collect(),
        }
    }

    fn disclosed(&self) -> f64 {
        self.values.iter().flatten().sum()
    }

    /// How far the bar of values reaches, with its whisker.
    fn furthest(&self) -> f64 {
        self.values_interval.map_or(0.0, |i| i.1).max(self.disclosed())
    }

    /// Values that are let out only under a transform: all but those of the first resolution.
    fn coarsened(&self) -> f64 {
        self.values.iter().skip(1).flatten().sum()
    }

    /// People about whom something is disclosed as it is.
    fn exact(&self) -> Option<f64> {
        self.people_as.first().copied().flatten()
    }

    fn values_text(&self) -> String {
        let all = self.disclosed();
        match self.values.first() {
            Some(Some(exact)) if all > 0.0 && *exact == 0.0 => format!("{}, none as it is", count(all)),
            Some(Some(exact)) if all > *exact => format!("{}, {} as it is", count(all), percent(exact / all)),
            Some(Some(_)) => count(all),
            _ => MISSING.to_owned(),
        }
    }

    fn people_text(&self) -> String {
        match (self.exact(), self.people) {
            (Some(exact), Some(people)) if exact < people => format!("{} of {}", count(exact), count(people)),
            (_, Some(people)) => count(people),
            _ => MISSING.to_owned(),
        }
    }
}

/// Draws the figure.
pub fn draw(facts: &Facts) -> Figure {
    let input = facts.input;
    let data = ChartData::new(vec![
        column("purpose", "text", "purpose id"),
        column("policy", "text", "policy id"),
        column("resolution", "text", "how exactly: exact, hash_bits_N, keyed_hash, round_UNIT, aggregate_k_N"),
        column("disclosed_values", "flows", "values that reach the parent at this resolution, over the whole run"),
        column("disclosed_values_lo", "flows", LOWER),
        column("disclosed_values_hi", "flows", UPPER),
        column("disclosed_values_at_all", "flows", "values that reach it, however exactly"),
        column("disclosed_values_at_all_lo", "flows", LOWER),
        column("disclosed_values_at_all_hi", "flows", UPPER),
        column("people_exposed", "people", "people about whom at least one value reaches it at this resolution"),
        column("people_exposed_lo", "people", LOWER),
        column("people_exposed_hi", "people", UPPER),
        column("people_exposed_at_all", "people", "people about whom at least one value reaches it, however exactly"),
        column("people_exposed_at_all_lo", "people", LOWER),
        column("people_exposed_at_all_hi", "people", UPPER),
    ]);
    let all: Vec<(&Named, Vec<ResolutionRow>)> = input
        .purposes
        .iter()
        .map(|q| (q, input.policies.iter().map(|p| ResolutionRow::new(facts, &p.id, &q.id)).collect()))
        .collect();
    // Only purposes for which some policy coarsens have something to show.
    let (mut blocks, mut plain): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|(_, rows)| rows.iter().any(|r| r.coarsened() > 0.0));
    plain.extend(blocks.drain(blocks.len().min((MOST_ROWS / input.policies.len().max(1)).max(1))..));
    let plain: Vec<String> = plain.iter().map(|(q, _)| format!("“{}”", q.title)).collect();
    let rest = if plain.is_empty() || blocks.is_empty() {
        String::new()
    } else {
        format!(" Not drawn, see the tables: {}.", list(&plain))
    };
    let mut figure = Figure::new(
        facts,
        "resolution",
        "How exactly values reach the parent company, by purpose and policy".to_owned(),
        format!(
            "Disclosed values by resolution, and people about whom at least one value arrives as it is, out of all people reached. \
             Of several permits for a value the finest counts.{} {}, all panels on one scale.{rest}",
            if facts.has_intervals() { WHISKERS } else { "" },
            facts.span()
        ),
        data,
    );
    figure.leave_out("purposes", blocks.len(), input.purposes.len());
    if blocks.is_empty() {
        return figure.nothing("No policy discloses anything under a transform: everything arrives as it is.");
    }
    figure.y = legend(&mut figure.sheet, input.resolutions, figure.y + 8.0);

    let labels = RowLabels::new(input.policies, 170.0);
    let (lefts, width) = panels(2, labels.width);
    let number = label(BODY);
    let rows = || blocks.iter().flat_map(|(_, rows)| rows);
    let room = |text: fn(&ResolutionRow) -> String| rows().map(|r| number.width(&text(r))).fold(0.0, f64::max) + 8.0;
    let full =
        [room(ResolutionRow::values_text), room(ResolutionRow::people_text)].map(|room| (width - room).max(10.0));
    let most = rows().map(ResolutionRow::furthest).fold(0.0, f64::max);
    let scale = if most > 0.0 { full[0] / most } else { 0.0 };

    for (n, (purpose, rows)) in blocks.iter().enumerate() {
        let y = figure.y + if n == 0 { 22.0 } else { 36.0 };
        figure.sheet.text(MARGIN, y, &shorten(&purpose.title, CONTENT, SUBTITLE, true), label(SUBTITLE).bold());
        let top = y + 30.0;
        for (k, head) in HEADS.iter().enumerate() {
            figure.sheet.text(lefts[k], y + 21.0, &shorten(head, width, SMALL, false), Face::new(SMALL, MUTED));
        }
        for (i, (row, policy)) in rows.iter().zip(input.policies).enumerate() {
            let y = top + labels.row * (i as f64 + 0.5);
            labels.draw(&mut figure.sheet, i, y);
            let parts: Vec<f64> = row.values.iter().map(|v| v.unwrap_or(0.0) * scale).collect();
            let colours: Vec<RGBColor> = (0..parts.len()).map(|k| shade(k, parts.len())).collect();
            stack(&mut figure.sheet, &parts, &colours, lefts[0], y);
            let exact_values = row.values.first().copied().flatten().unwrap_or(0.0);
            let ends = [row.values_intervals.first().copied().flatten(), row.values_interval];
            whiskers(&mut figure.sheet, (exact_values, row.disclosed()), ends, |v| lefts[0] + v * scale, y);
            let end = lefts[0] + row.furthest() * scale;
            figure.sheet.text(end + 6.0, y + BODY * 0.36, &row.values_text(), number);
            let people = facts.people();
            let exact = row.exact().unwrap_or(0.0);
            let only = (row.people.unwrap_or(0.0) - exact).max(0.0);
            figure.sheet.rect(lefts[1], y - BAR / 2.0, full[1], BAR, TRACK);
            let parts = [exact, only].map(|n| (n / people).min(1.0) * full[1]);
            stack(&mut figure.sheet, &parts, &[shade(0, 2), ONLY_COARSENED], lefts[1], y);
            let ends = [row.people_intervals.first().copied().flatten(), row.people_interval];
            let place = |n: f64| lefts[1] + (n / people).min(1.0) * full[1];
            whiskers(&mut figure.sheet, (exact, row.people.unwrap_or(0.0)), ends, place, y);
            figure.sheet.text(lefts[1] + full[1] + 6.0, y + BODY * 0.36, &row.people_text(), number);
            for (k, r) in input.resolutions.iter().enumerate() {
                let figures = [
                    (row.values[k], row.values_intervals[k]),
                    (row.values[k].map(|_| row.disclosed()), row.values_interval),
                    (row.people_as[k], row.people_intervals[k]),
                    (row.people, row.people_interval),
                ];
                let numbers = figures.map(|(mean, interval)| [mean, interval.map(|i| i.0), interval.map(|i| i.1)]);
                figure.data.push(&[&purpose.id, &policy.id, &r.id], numbers.as_flattened());
            }
        }
        let bottom = top + labels.row * input.policies.len() as f64;
        for left in &lefts {
            figure.sheet.line(&[(*left, top), (*left, bottom)], 1.0, AXIS);
        }
        figure.y = bottom;
    }
    figure.y += 6.0;
    let rows: Vec<_> = blocks.iter().map(|(q, rows)| (*q, rows.as_slice())).collect();
    figure.alt = finding(input.policies, &rows);
    figure
}

/// The colour of resolution `k` of `n`: the finer, the darker.
fn shade(k: usize, n: usize) -> RGBColor {
    if k == 0 { theme::DEEP } else { theme::sequential(0.62 - 0.44 * (k as f64 - 1.0) / (n as f64 - 2.0).max(1.0)) }
}

/// The intervals of what arrives as it is and of all, which end where the dark part and the bar do: two whiskers would lie on each other, so that each has a half of the bar.
fn whiskers(
    sheet: &mut Canvas,
    (exact, all): (f64, f64),
    [of_exact, of_all]: [Interval; 2],
    x: impl Fn(f64) -> f64,
    y: f64,
) {
    let apart = if 0.0 < exact && exact < all { APART } else { 0.0 };
    let drawn = [(of_exact.filter(|_| apart > 0.0), -apart), (of_all, apart)];
    for ((lo, hi), off) in drawn.into_iter().filter_map(|(interval, off)| Some((interval?, off))) {
        sheet.whisker((x(lo), x(hi)), y + off);
    }
}

/// Bars end to end from `x`, with a hairline between them.
fn stack(sheet: &mut Canvas, widths: &[f64], colours: &[RGBColor], x: f64, y: f64) {
    let mut at = x;
    for (width, colour) in widths.iter().zip(colours) {
        let gap = if at > x && *width > 2.0 { 1.0 } else { 0.0 };
        sheet.rect(at + gap, y - BAR / 2.0, width - gap, BAR, *colour);
        at += width;
    }
}

/// Names the colours from `y` down; returns where the body goes on.
fn legend(sheet: &mut Canvas, resolutions: &[Named], y: f64) -> f64 {
    let face = label(SMALL);
    let (mut x, mut base) = (MARGIN, y + SMALL * 0.5);
    for (k, resolution) in resolutions.iter().enumerate() {
        let text = shorten(&resolution.title, CONTENT - 40.0, SMALL, false);
        let width = SQUARE + 6.0 + face.width(&text) + 20.0;
        if x > MARGIN && x + width > MARGIN + CONTENT + 20.0 {
            (x, base) = (MARGIN, base + 20.0);
        }
        sheet.rect(x, base - SQUARE + 1.0, SQUARE, SQUARE, shade(k, resolutions.len()));
        sheet.text(x + SQUARE + 6.0, base, &text, face);
        x += width;
    }
    base + 8.0
}

fn finding(policies: &[Named], blocks: &[(&Named, &[ResolutionRow])]) -> String {
    let mut alone: Vec<String> = Vec::new();
    let mut partly: Vec<String> = Vec::new();
    for (purpose, rows) in blocks {
        for (policy, row) in policies.iter().zip(*rows).filter(|(_, r)| r.coarsened() > 0.0) {
            let exact = row.exact().unwrap_or(0.0);
            let what = format!("“{}” for “{}”", policy.title, purpose.title);
            if exact == 0.0 {
                alone.push(format!("{what} ({} people)", count(row.people.unwrap_or(0.0))));
            } else {
                partly.push(format!(
                    "{what} ({} of {} people as they are)",
                    count(exact),
                    count(row.people.unwrap_or(0.0))
                ));
            }
        }
    }
    let mut said = Vec::new();
    for (what, list_of) in
        [("nothing arrives as it is under", alone), ("some values arrive only coarsened under", partly)]
    {
        if !list_of.is_empty() {
            let more = list_of.len().saturating_sub(4);
            let shown = list(&list_of[..list_of.len() - more]);
            said.push(format!("{what} {shown}{}", if more > 0 { format!(" and {more} more") } else { String::new() }));
        }
    }
    format!("Bar chart: {}.", said.join("; "))
}
