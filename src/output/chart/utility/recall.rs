//! How many abusive accounts are found, against how much the parent is told: policies, and the best that any subset of categories reaches.

use super::{figure_of, of};
use crate::exposure::ALL;
use crate::output::chart::canvas::{Anchor, Face};
use crate::output::chart::data::{ChartData, column};
use crate::output::chart::end_names::{EndName, end_names};
use crate::output::chart::figure::Figure;
use crate::output::chart::number::percent;
use crate::output::chart::row_index::{Facts, Interval};
use crate::output::chart::theme::{self, AXIS, CONTENT, GRID, INK, MARGIN, MUTED, SMALL};
use crate::output::chart::ticks::nice;

/// Least height, and what a name may take of it.
const HEIGHT: f64 = 300.0;
const NAME: f64 = 37.0;
const LEFT: f64 = 52.0;
/// Room for the names of policies.
const NAMES: f64 = 220.0;

/// A policy on the figure.
struct Point<'a> {
    number: usize,
    id: &'a str,
    title: &'a str,
    categories: f64,
    recall: (f64, Interval),
}

/// Draws the figure.
pub fn draw(facts: &Facts) -> Figure {
    let data = ChartData::new(vec![
        column(
            "what",
            "text",
            "policy; or the subset of so many categories, told about everybody, with the highest recall",
        ),
        column("policy", "text", "policy id; empty for subsets"),
        column("subset", "text", "categories of the subset; empty for policies"),
        column("categories", "categories", "mean number of categories that are told about a user for security"),
        column("recall", "share", "abusive accounts that are found / all abusive accounts"),
        column("lo", "share", "lower end of the 95 % interval over worlds; empty if there is one"),
        column("hi", "share", "upper end of it"),
    ]);
    let subtitle = format!(
        "Share of abusive accounts that are found where as many ordinary ones are banned by mistake under each policy, by the number of categories told about an average user. Line: the best subset of each size. {}.",
        facts.span()
    );
    let (points, front) = (points(facts), front(facts));
    let title = match (front.first(), front.last()) {
        (Some(first), Some(last)) => format!(
            "Security finds {} of abusive accounts by itself, and {} if the parent is told all {} categories",
            percent(first.2.0),
            percent(last.2.0),
            last.0
        ),
        _ => "How many abusive accounts are found".to_owned(),
    };
    let mut figure = Figure::new(facts, "security-recall", title, subtitle, data);
    let Some(last) = front.last() else { return figure.nothing("Nothing is known of subsets: nothing to show.") };
    let (left, width) = (MARGIN + LEFT, CONTENT - LEFT - NAMES);
    let height = HEIGHT.max(NAME * points.len() as f64);
    let (top, bottom) = (figure.y + 16.0, figure.y + 16.0 + height);
    let most = points.iter().map(|of| of.categories).fold(last.0, f64::max);
    let ticks = nice(most, 6);
    let wide = ticks.last().copied().unwrap_or(1.0);
    let x = |categories: f64| left + categories / wide * width;
    let y = |share: f64| bottom - share * height;
    let face = Face::new(SMALL, MUTED);
    for share in [0.0, 0.25, 0.5, 0.75, 1.0] {
        figure.sheet.line(&[(left, y(share)), (left + width, y(share))], 1.0, if share == 0.0 { AXIS } else { GRID });
        figure.sheet.text(left - 8.0, y(share) + SMALL * 0.36, &percent(share), face.anchored(Anchor::End));
    }
    for &at in &ticks {
        figure.sheet.line(&[(x(at), bottom), (x(at), bottom + 4.0)], 1.0, AXIS);
        figure.sheet.text(x(at), bottom + 17.0, &format!("{at}"), face.anchored(Anchor::Middle));
    }
    let line: Vec<(f64, f64)> = front.iter().map(|of| (x(of.0), y(of.2.0))).collect();
    figure.sheet.line(&line, 1.6, AXIS);
    for (categories, subset, (recall, interval)) in &front {
        figure.sheet.dot(x(*categories), y(*recall), 2.6, AXIS);
        let ends = [interval.map(|i| i.0), interval.map(|i| i.1)];
        figure.data.push(&["subset", "", subset], &[Some(*categories), Some(*recall), ends[0], ends[1]]);
    }
    let mut names = Vec::new();
    for of in &points {
        let (recall, interval) = of.recall;
        if let Some((lo, hi)) = interval {
            figure.sheet.upright_whisker((y(lo), y(hi)), x(of.categories));
        }
        figure.sheet.dot(x(of.categories), y(recall), 5.5, theme::policy(of.number));
        // A thin line leads from the point to the edge, where its name stands.
        figure.sheet.line(
            &[(x(of.categories) + 7.0, y(recall)), (left + width, y(recall))],
            0.5,
            theme::policy(of.number),
        );
        names.push(EndName { y: y(recall), text: format!("{}: {}", of.title, percent(recall)), colour: of.number });
        let ends = [interval.map(|i| i.0), interval.map(|i| i.1)];
        figure.data.push(&["policy", of.id, ""], &[Some(of.categories), Some(recall), ends[0], ends[1]]);
    }
    end_names(&mut figure.sheet, names, NAMES, left + width, (top, bottom));
    figure.y = bottom + 26.0;
    let what = "categories told about an average user, for security";
    figure.sheet.text(left + width / 2.0, figure.y + 10.0, what, Face::new(SMALL, INK).anchored(Anchor::Middle));
    figure.y += 12.0;
    let alone = percent(front[0].2.0);
    figure.alt = format!(
        "Scatter plot: the service alone finds {alone} of abusive accounts, and {} if all {} categories are told about everybody.",
        percent(last.2.0),
        last.0
    );
    figure
}

fn points<'a>(facts: &'a Facts) -> Vec<Point<'a>> {
    let rows = facts.input.utility;
    let of_policy = |(number, policy): (usize, &'a crate::output::chart::Named)| {
        let find = |metric| of(rows, "security", metric).find(|row| row.policy == policy.id && &*row.indicator == ALL);
        let recall = of(rows, "security", "recall")
            .find(|row| row.policy == policy.id && &*row.indicator == ALL && &*row.parameter == "form=exact")?;
        Some(Point {
            number,
            id: &policy.id,
            title: &policy.title,
            categories: find("categories_per_user")?.value.as_f64(),
            recall: figure_of(recall),
        })
    };
    facts.input.policies.iter().enumerate().filter_map(of_policy).collect()
}

/// The subset of each size with the highest recall: size, categories, recall.
fn front<'a>(facts: &'a Facts) -> Vec<(f64, &'a str, (f64, Interval))> {
    let mut best: Vec<(f64, &str, (f64, Interval))> = Vec::new();
    for row in of(facts.input.utility, "necessity", "recall") {
        let size = if &*row.indicator == "nothing" { 0 } else { row.indicator.split('+').count() };
        let here = (size as f64, &*row.indicator, figure_of(row));
        match best.iter_mut().find(|of| of.0 == here.0) {
            Some(of) if here.2.0 > of.2.0 => *of = here,
            Some(_) => {}
            None => best.push(here),
        }
    }
    best.sort_by(|a, b| a.0.total_cmp(&b.0));
    best
}
