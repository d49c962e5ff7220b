//! Which categories reach the parent about how many people: a table of shares, shaded.

use super::canvas::{Anchor, Canvas, Face, label};
use super::data::{ChartData, column};
use super::figure::Figure;
use super::layout::{shorten, wrap};
use super::number::{MISSING, percent, share_range};
use super::row_index::{Facts, Interval};
use super::rows::RowLabels;
use super::theme::{self, AXIS, BODY, CONTENT, GRID, INK, MARGIN, PAPER, SMALL};
use crate::exposure::ALL;

/// Columns narrower than this get their headings on stairs.
const NARROW: f64 = 100.0;
const WIDEST: f64 = 190.0;
const LEADING: f64 = 17.0;
/// Least height of a cell with an interval under its share.
const TWO_LINES: f64 = 41.0;
/// From the share down to its interval.
const DOWN: f64 = 15.0;

/// How intervals are written under shares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RangeStyle {
    /// By both ends.
    Ends,
    /// By the distance from the mean to an end: where cells are narrow. Below 0 the interval is cut, so that it is the upper one.
    Half,
}

impl RangeStyle {
    /// An interval of a share, as text; nothing where it is too small to be seen.
    fn text(self, share: Option<f64>, interval: Interval) -> Option<String> {
        let (share, (lo, hi)) = (share?, interval?);
        match self {
            RangeStyle::Ends => share_range(Some((lo, hi.min(1.0)))),
            RangeStyle::Half => Some(hi - share)
                .filter(|half| *half >= 0.001)
                .map(|half| format!("±{}", percent(half).trim_end_matches('%'))),
        }
    }
}

/// Draws the figure.
pub fn draw(facts: &Facts) -> Figure {
    let input = facts.input;
    let data = ChartData::new(vec![
        column("category", "text", "category id, `all` for any"),
        column("policy", "text", "policy id"),
        column(
            "people_exposed",
            "people",
            "people about whom a value of this category reaches the parent, for any purpose",
        ),
        column("share", "share", "people_exposed / all people of the model"),
        column("lo", "people", "lower end of the 95 % interval of people_exposed over worlds; empty if there is one"),
        column("hi", "people", "upper end of it"),
    ]);
    let mut figure = Figure::new(
        facts,
        "categories",
        "What is held about whom: people exposed, by category of data and policy".to_owned(),
        format!(
            "Share of all people about whom at least one value of the category reaches the parent, for any purpose. Categories \
             that reach most come first. {}.",
            facts.span()
        ),
        data,
    );
    if input.policies.is_empty() || input.categories.is_empty() {
        return figure.nothing("No policy or no category: nothing to show.");
    }
    let exposed = |category: &str, policy: &str| facts.get("people_exposed", policy, ALL, ALL, category);
    if !input.categories.iter().any(|c| input.policies.iter().any(|p| exposed(&c.id, &p.id).is_some())) {
        return figure.nothing("The run has no figures by category: nothing to show.");
    }
    // By the furthest reach under any policy, then by all together; equal ones stay in the order of the scenario.
    let mut rows: Vec<(&str, &str, (f64, f64))> = input
        .categories
        .iter()
        .map(|c| {
            let counts = || input.policies.iter().filter_map(|p| exposed(&c.id, &p.id));
            (&*c.id, c.title.as_str(), (counts().fold(0.0, f64::max), counts().sum()))
        })
        .collect();
    rows.sort_by(|a, b| b.2.0.total_cmp(&a.2.0).then(b.2.1.total_cmp(&a.2.1)));
    rows.push((ALL, "Any category", (0.0, 0.0)));

    let labels = RowLabels::of(rows.iter().map(|r| r.1), 230.0);
    let height = (labels.row + 3.0).max(if facts.has_intervals() { TWO_LINES } else { 0.0 });
    let left = MARGIN + labels.width;
    let width = ((CONTENT - labels.width) / input.policies.len() as f64).min(WIDEST);
    let top = headings(&mut figure.sheet, input.policies, left, width, figure.y);
    let text_size = if width < 60.0 { SMALL } else { BODY };
    let people = facts.people();
    let ends = |category: &str, policy: &str| facts.interval("people_exposed", policy, ALL, ALL, category);
    // A share of people, and its interval.
    let cell = |category: &str, policy: &str| {
        let range = ends(category, policy).map(|(lo, hi)| (lo / people, hi / people));
        (exposed(category, policy).map(|n| n / people), range)
    };
    let fits = |style: RangeStyle| {
        let texts = rows.iter().flat_map(|row| input.policies.iter().map(move |p| cell(row.0, &p.id)));
        texts
            .filter_map(|(share, range)| style.text(share, range))
            .all(|text| label(SMALL).width(&text) + 10.0 <= width)
    };
    let style = if fits(RangeStyle::Ends) { RangeStyle::Ends } else { RangeStyle::Half };
    for (r, (category, _, _)) in rows.iter().enumerate() {
        let last = r + 1 == rows.len();
        // The last row is not a category: it stands apart.
        let y = top + height * r as f64 + if last { 8.0 } else { 0.0 };
        labels.draw(&mut figure.sheet, r, y + height / 2.0);
        for (i, policy) in input.policies.iter().enumerate() {
            let (share, range) = cell(category, &policy.id);
            let x = left + width * i as f64;
            let fill = theme::sequential(share.unwrap_or(0.0));
            figure.sheet.rect(x + 1.0, y + 1.0, width - 2.0, height - 2.0, GRID);
            figure.sheet.rect(x + 1.75, y + 1.75, width - 3.5, height - 3.5, fill);
            let ink = if theme::contrast(INK, fill) >= theme::contrast(PAPER, fill) { INK } else { PAPER };
            let face = Face::new(text_size, ink).anchored(Anchor::Middle);
            let text = share.map_or(MISSING.to_owned(), percent);
            let range = style.text(share, range);
            let base = y + height / 2.0 + text_size * 0.36 - if range.is_some() { DOWN / 2.0 } else { 0.0 };
            figure.sheet.text(x + width / 2.0, base, &text, face);
            let small = Face::new(SMALL, ink).anchored(Anchor::Middle);
            figure.sheet.text(x + width / 2.0, base + DOWN, &range.unwrap_or_default(), small);
            let (count, interval) = (exposed(category, &policy.id), ends(category, &policy.id));
            figure.data.push(&[category, &policy.id], &[count, share, interval.map(|i| i.0), interval.map(|i| i.1)]);
        }
    }
    figure.y = top + height * rows.len() as f64 + 8.0;
    figure.alt = finding(facts, &exposed);
    figure
}

/// Names the columns; returns where the table starts.
fn headings(sheet: &mut Canvas, policies: &[super::Named], left: f64, width: f64, y: f64) -> f64 {
    let n = policies.len();
    let top = if width >= NARROW {
        let heads: Vec<_> = policies.iter().map(|p| wrap(&p.title, width - 10.0, BODY, true, 3)).collect();
        let bottom = y + heads.iter().map(Vec::len).max().unwrap_or(1) as f64 * LEADING;
        for (i, head) in heads.iter().enumerate() {
            let face = Face::new(BODY, theme::policy_ink(i)).bold().anchored(Anchor::Middle);
            let first = bottom - LEADING * (head.len() as f64 - 1.0);
            sheet.lines(left + width * (i as f64 + 0.5), first, head, LEADING, face);
        }
        bottom
    } else {
        // Too narrow to write in: stairs that rise to the right. Each name ends over its column, and the line under it
        // comes down to the right of the names below.
        for (i, policy) in policies.iter().enumerate() {
            let x = left + width * (i as f64 + 0.5);
            let base = y + LEADING * (n - i) as f64;
            let face = Face::new(BODY, theme::policy_ink(i)).bold().anchored(Anchor::End);
            let bottom = y + LEADING * n as f64 + 4.0;
            sheet.text(x - 5.0, base, &shorten(&policy.title, (x - 5.0 - MARGIN).min(420.0), BODY, true), face);
            sheet.line(&[(x - 3.0, base - 4.5), (x, base - 4.5), (x, bottom)], 1.0, AXIS);
        }
        y + LEADING * n as f64
    };
    for i in 0..n {
        sheet.rect(left + width * i as f64 + 1.0, top + 8.0, width - 2.0, 4.0, theme::policy(i));
    }
    top + 14.0
}

fn finding(facts: &Facts, exposed: &dyn Fn(&str, &str) -> Option<f64>) -> String {
    let input = facts.input;
    let furthest = |c: &super::Named| input.policies.iter().filter_map(|p| exposed(&c.id, &p.id)).fold(0.0, f64::max);
    let best = input.categories.iter().map(furthest).fold(0.0, f64::max);
    if best <= 0.0 {
        return "Table: no category reaches the parent about anyone.".to_owned();
    }
    // Several may reach equally far; to name one of them would be wrong.
    let names: Vec<String> =
        input.categories.iter().filter(|c| furthest(c) == best).map(|c| format!("“{}”", c.title)).collect();
    let named = match names.as_slice() {
        [one] => format!("{one} reaches furthest"),
        [one, two] => format!("{one} and {two} reach furthest"),
        more => format!("{} categories reach furthest", more.len()),
    };
    let counts: Vec<String> = input
        .policies
        .iter()
        .map(|p| {
            let some = input.categories.iter().filter(|c| exposed(&c.id, &p.id).is_some_and(|n| n > 0.0)).count();
            format!("{some} under “{}”", p.title)
        })
        .collect();
    let range = if counts.len() <= 4 {
        format!("; of {} categories, the parent gets {}", input.categories.len(), counts.join(", "))
    } else {
        String::new()
    };
    format!("Table: {named}, up to {} of all people{range}.", percent(best / facts.people()))
}
