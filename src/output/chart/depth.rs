//! How many categories the parent holds per person: a histogram per policy, on one scale.

use super::canvas::{Anchor, Canvas, Face, label};
use super::data::{ChartData, column};
use super::figure::Figure;
use super::layout::wrap;
use super::number::{percent, three_digits};
use super::row_index::{Facts, Interval};
use super::rows::{columns, panels};
use super::theme::{self, AXIS, GRID, MUTED, NOTHING, PAPER, SMALL, SUBTITLE};
use super::ticks::nice;
use crate::exposure::ALL;

const PLOT: f64 = 130.0;
/// Space for the labels of the share axis.
const AXIS_WIDTH: f64 = 42.0;

/// The distribution under one policy.
struct Histogram {
    /// Share of all people that hold 0, 1, 2, ... categories; empty if no row says.
    shares: Vec<f64>,
    people: Vec<f64>,
    /// Intervals of the people; none of a single world.
    intervals: Vec<Interval>,
    /// The same as shares.
    ranges: Vec<Interval>,
    mean: Option<f64>,
    exposed: Option<f64>,
}

impl Histogram {
    /// How far a bar reaches, with its whisker.
    fn top(&self, depth: usize) -> f64 {
        self.ranges[depth].map_or(0.0, |(_, hi)| hi).max(self.shares[depth])
    }
}

/// Draws the figure.
pub fn draw(facts: &Facts) -> Figure {
    let input = facts.input;
    let data = ChartData::new(vec![
        column("policy", "text", "policy id"),
        column("categories", "categories", "distinct categories held about a person, for any purpose"),
        column("people", "people", "people with exactly that many"),
        column("share", "share", "people / all people of the model"),
        column("lo", "people", "lower end of the 95 % interval of people over worlds; empty if there is one"),
        column("hi", "people", "upper end of it"),
    ]);
    let mut figure = Figure::new(
        facts,
        "depth",
        "How much is held per person: categories of personal data, by policy".to_owned(),
        format!(
            "Share of all people, by the number of distinct categories that reach the parent about them, for any purpose. \
             Grey: people about whom it gets nothing. {}.",
            facts.span()
        ),
        data,
    );
    if input.policies.is_empty() {
        return figure.nothing("No policy: nothing to show.");
    }
    let deepest = deepest(facts);
    let all: Vec<Histogram> = input.policies.iter().map(|p| histogram(facts, &p.id, deepest)).collect();
    if all.iter().all(|h| h.shares.is_empty()) {
        return figure.nothing("The run has no figures of depth: nothing to show.");
    }
    let max = all.iter().flat_map(|h| (0..h.shares.len()).map(|k| h.top(k))).fold(0.0, f64::max).min(1.0);
    let ticks = nice(max, 3);
    let across = columns(input.policies.len());
    let (lefts, width) = panels(across, 0.0);

    for (band, (policies, histograms)) in input.policies.chunks(across).zip(all.chunks(across)).enumerate() {
        let heads: Vec<_> = policies.iter().map(|p| wrap(&p.title, width, SUBTITLE, true, 2)).collect();
        let tallest = heads.iter().map(Vec::len).max().unwrap_or(1) as f64;
        let top = figure.y + SUBTITLE * 1.3 * tallest + 44.0;
        for (k, histogram) in histograms.iter().enumerate() {
            let i = band * across + k;
            let first = top - 44.0 - SUBTITLE * 1.3 * (heads[k].len() as f64 - 1.0);
            let face = Face::new(SUBTITLE, theme::policy_ink(i)).bold();
            figure.sheet.lines(lefts[k], first, &heads[k], SUBTITLE * 1.3, face);
            figure.sheet.text(lefts[k], top - 25.0, &summary(histogram), Face::new(SMALL, MUTED));
            panel(&mut figure.sheet, histogram, &ticks, (lefts[k], top, width), i);
            for (depth, (people, share)) in histogram.people.iter().zip(&histogram.shares).enumerate() {
                let interval = histogram.intervals[depth];
                let numbers =
                    [Some(depth as f64), Some(*people), Some(*share), interval.map(|i| i.0), interval.map(|i| i.1)];
                figure.data.push(&[&input.policies[i].id], &numbers);
            }
        }
        figure.y = top + PLOT + 34.0;
    }
    figure.y -= 8.0;
    figure.alt = finding(facts, &all);
    figure
}

/// The largest number of categories that any row counts somebody at; at least 1.
fn deepest(facts: &Facts) -> usize {
    let input = facts.input;
    (1..=input.categories.len().max(1))
        .rev()
        .find(|k| {
            let metric = format!("people_at_depth_{k}");
            input.policies.iter().any(|p| facts.get(&metric, &p.id, ALL, ALL, ALL).is_some_and(|v| v > 0.0))
        })
        .unwrap_or(1)
}

fn histogram(facts: &Facts, policy: &str, deepest: usize) -> Histogram {
    let people: Vec<Option<f64>> =
        (1..=deepest).map(|k| facts.get(&format!("people_at_depth_{k}"), policy, ALL, ALL, ALL)).collect();
    let exposed = facts.get("people_exposed", policy, ALL, ALL, ALL);
    let mean = facts.get("depth_mean", policy, ALL, ALL, ALL);
    let none = people.iter().all(Option::is_none) && exposed != Some(0.0);
    if none {
        let (shares, people, intervals, ranges) = Default::default();
        return Histogram { shares, people, intervals, ranges, mean, exposed };
    }
    let held: Vec<f64> = people.into_iter().map(|p| p.unwrap_or(0.0)).collect();
    let all = facts.people();
    let nothing = (facts.input.people as f64 - held.iter().sum::<f64>()).max(0.0);
    let people: Vec<f64> = std::iter::once(nothing).chain(held).collect();
    let shares: Vec<f64> = people.iter().map(|p| p / all).collect();
    // The people about whom nothing is held are all others: their interval is as wide.
    let complement = |(lo, hi): (f64, f64)| [hi, lo].map(|n| (facts.input.people as f64 - n).max(0.0)).into();
    let of_nothing = facts.interval("people_exposed", policy, ALL, ALL, ALL).map(complement);
    let held = (1..=deepest).map(|k| facts.interval(&format!("people_at_depth_{k}"), policy, ALL, ALL, ALL));
    let intervals: Vec<Interval> = std::iter::once(of_nothing).chain(held).collect();
    let range = |interval: &Interval| interval.map(|(lo, hi)| ((lo / all).min(1.0), (hi / all).min(1.0)));
    let ranges = intervals.iter().map(range).collect();
    Histogram { shares, people, intervals, ranges, mean, exposed }
}

fn summary(h: &Histogram) -> String {
    let Some(nothing) = h.shares.first() else {
        return "no figures".to_owned();
    };
    let reached = format!("{} of people reached", percent((1.0 - nothing).max(0.0)));
    match h.mean.filter(|_| h.exposed != Some(0.0)) {
        Some(mean) if *nothing < 1.0 => format!("{reached}; mean {} categories", three_digits(mean)),
        _ => reached,
    }
}

/// One histogram in the box (left, top, width).
fn panel(sheet: &mut Canvas, h: &Histogram, ticks: &[f64], (left, top, width): (f64, f64, f64), policy: usize) {
    let ceiling = ticks.last().copied().unwrap_or(1.0);
    let y = |share: f64| top + PLOT * (1.0 - share / ceiling);
    let face = Face::new(SMALL, MUTED);
    let (x0, plot) = (left + AXIS_WIDTH, width - AXIS_WIDTH);
    for t in ticks {
        let color = if *t == 0.0 { AXIS } else { GRID };
        sheet.line(&[(x0, y(*t)), (x0 + plot, y(*t))], 1.0, color);
        sheet.text(x0 - 6.0, y(*t) + SMALL * 0.36, &axis_percent(*t, ticks), face.anchored(Anchor::End));
    }
    if h.shares.is_empty() {
        return;
    }
    let slot = plot / h.shares.len() as f64;
    let bar = (slot * 0.78).min(46.0);
    let number = label(SMALL);
    // Either every bar that has something to say is labelled or only the tallest.
    let texts: Vec<String> = h.shares.iter().map(|s| percent(*s)).collect();
    let roomy = h.shares.iter().zip(&texts).all(|(s, t)| *s == 0.0 || number.width(t) + 3.0 <= slot);
    let tallest = (0..texts.len()).reduce(|a, b| if h.shares[b] > h.shares[a] { b } else { a }).unwrap_or(0);
    let every = (face.width("00") + 4.0).max(1.0) / slot;
    let every = every.ceil().max(1.0) as usize;
    for (depth, share) in h.shares.iter().enumerate() {
        let centre = x0 + slot * (depth as f64 + 0.5);
        let color = if depth == 0 { NOTHING } else { theme::policy(policy) };
        sheet.rect(centre - bar / 2.0, y(*share), bar, y(0.0) - y(*share), color);
        if let Some((lo, hi)) = h.ranges[depth] {
            sheet.upright_whisker((y(lo), y(hi)), centre);
        }
        if (roomy && *share > 0.0) || (!roomy && depth == tallest) {
            let half = number.width(&texts[depth]) / 2.0;
            let centre = centre.max(x0 + half).min(x0 + plot - half);
            // Digits that are wider than their bar stand above its neighbours too, and their whiskers.
            let below = (0..h.shares.len()).filter(|k| {
                let middle = x0 + slot * (*k as f64 + 0.5);
                *k == depth || (!roomy && (middle - centre).abs() < half + bar / 2.0 + 2.0)
            });
            let base = y(below.map(|k| h.top(k)).fold(*share, f64::max)) - 5.0;
            // White behind the digits: a grid line may run there.
            sheet.rect(centre - half - 2.0, base - 1.0 - SMALL * 0.74, half * 2.0 + 4.0, SMALL * 0.74 + 3.0, PAPER);
            sheet.text(centre, base, &texts[depth], number.anchored(Anchor::Middle));
        }
        if depth % every == 0 {
            sheet.text(centre, y(0.0) + 16.0, &depth.to_string(), face.anchored(Anchor::Middle));
        }
    }
}

/// Ticks of a share axis: decimals only where the step has them.
fn axis_percent(t: f64, ticks: &[f64]) -> String {
    let step = ticks.get(1).copied().unwrap_or(1.0) * 100.0;
    let decimals = (0..4).find(|d| (step * 10f64.powi(*d)).fract().min(1.0 - (step * 10f64.powi(*d)).fract()) < 1e-6);
    format!("{:.*}%", decimals.unwrap_or(1) as usize, t * 100.0)
}

fn finding(facts: &Facts, all: &[Histogram]) -> String {
    let means: Vec<(f64, &str)> = facts
        .input
        .policies
        .iter()
        .zip(all)
        .filter(|(_, h)| h.exposed != Some(0.0) && h.shares.first().is_some_and(|s| *s < 1.0))
        .filter_map(|(p, h)| h.mean.map(|m| (m, p.title.as_str())))
        .collect();
    let most = means.iter().copied().reduce(|a, b| if b.0 > a.0 { b } else { a });
    let least = means.iter().copied().reduce(|a, b| if b.0 < a.0 { b } else { a });
    match (most, least) {
        (Some(m), Some(l)) if l.0 < m.0 => format!(
            "Histograms: the parent holds on average between {} categories of data (“{}”) and {} (“{}”) about each person exposed.",
            three_digits(l.0),
            l.1,
            three_digits(m.0),
            m.1
        ),
        (Some(m), _) => format!(
            "Histograms: an exposed person has on average {} categories of data with the parent under “{}”{}.",
            three_digits(m.0),
            m.1,
            if means.len() > 1 { " and under every other policy" } else { "" }
        ),
        _ => "Histograms: no policy discloses anything about anyone.".to_owned(),
    }
}
