//! How well a hash hides a telephone number: whom the parent could link to an account that it has, by the bits of the hash.

use super::canvas::{Anchor, Face, label};
use super::data::{ChartData, column};
use super::end_names::{EndName, end_names};
use super::figure::Figure;
use super::number::percent;
use super::row_index::Facts;
use super::theme::{self, AXIS, CONTENT, GRID, MARGIN, MUTED, SMALL, SUBTITLE};
use crate::exposure::{ALL, KnowledgeRow};

const HEIGHT: f64 = 230.0;
const LEFT: f64 = 52.0;
/// Room for the names at the end of the lines.
const NAMES: f64 = 190.0;

/// What is drawn of a policy.
struct LinkedShares<'a> {
    id: &'a str,
    title: &'a str,
    /// Its place among policies, which is its colour.
    number: usize,
    /// Shares of all people, by bits: computed, and tried.
    by_bits: Vec<(u32, &'a KnowledgeRow)>,
    tried: Vec<(u32, &'a KnowledgeRow)>,
    /// With the number as it is.
    exact: f64,
}

/// Whether there is anything to draw.
pub fn is_drawn(rows: &[KnowledgeRow]) -> bool {
    rows.iter().any(|row| row.metric == "linked_share")
}

/// Draws the figure: of the first policy that lets numbers out, as others differ in whose numbers they let out, not in what a hash does to them.
pub fn draw(facts: &Facts) -> Figure {
    let data = ChartData::new(vec![
        column("policy", "text", "policy id"),
        column(
            "how",
            "text",
            "computed: expected if numbers are hashed; tried: people of the model hashed, at as many numbers to a value",
        ),
        column("bits", "bits", "length of the hash"),
        column(
            "share",
            "share",
            "people who are linked to the account that they have / all people of the sampled communities",
        ),
        column("lo", "share", "lower end of the 95 % interval over worlds; empty if there is one"),
        column("hi", "share", "upper end of it"),
    ]);
    let title = "What hashing a phone number hides: people still linked to their account".to_owned();
    let subtitle = format!(
        "Share of people in the sampled communities whom the parent links rightly to the account that they have with it, if it gets their number as a hash without a key of so many bits. {}.",
        facts.span()
    );
    let mut figure = Figure::new(facts, "linking", title, subtitle, data);
    let Some(of) = first(facts) else {
        return figure.nothing("No policy lets telephone numbers out: nothing to show.");
    };
    let (left, width) = (MARGIN + LEFT, CONTENT - LEFT - NAMES);
    figure.y += 12.0;
    figure.sheet.text(MARGIN, figure.y, of.title, label(SUBTITLE).bold());
    let (top, bottom) = (figure.y + 16.0, figure.y + 16.0 + HEIGHT);
    let [least, most] = [of.by_bits.first(), of.by_bits.last()].map(|point| point.map_or(0, |point| point.0));
    let x = |bits: u32| left + f64::from(bits - least) / f64::from((most - least).max(1)) * width;
    let highest = of.by_bits.iter().chain(&of.tried).filter_map(|(_, row)| row.spread.hi()).fold(of.exact, f64::max);
    let ticks = super::ticks::nice(highest.clamp(0.01, 1.0), 4);
    let ceiling = ticks.last().copied().unwrap_or(1.0);
    let y = |share: f64| bottom - share / ceiling * HEIGHT;
    let face = Face::new(SMALL, MUTED);
    for &share in &ticks {
        figure.sheet.line(&[(left, y(share)), (left + width, y(share))], 1.0, if share == 0.0 { AXIS } else { GRID });
        figure.sheet.text(left - 8.0, y(share) + SMALL * 0.36, &percent(share), face.anchored(Anchor::End));
    }
    for (bits, _) in of.by_bits.iter().filter(|(bits, _)| bits % 4 == 0) {
        figure.sheet.line(&[(x(*bits), bottom), (x(*bits), bottom + 4.0)], 1.0, AXIS);
        figure.sheet.text(x(*bits), bottom + 17.0, &bits.to_string(), face.anchored(Anchor::Middle));
    }
    for dash in super::layout::dashes(&[(left, y(of.exact)), (left + width, y(of.exact))], 5.0, 9.0, 0.0) {
        figure.sheet.line(&dash, 1.2, AXIS);
    }
    let share = |row: &KnowledgeRow| row.value.as_f64();
    let line: Vec<_> = of.by_bits.iter().map(|(bits, row)| (x(*bits), y(share(row)))).collect();
    figure.sheet.line(&line, 2.2, theme::policy(of.number));
    for (bits, row) in &of.tried {
        if let (Some(lo), Some(hi)) = (row.spread.lo(), row.spread.hi()) {
            figure.sheet.upright_whisker((y(lo), y(hi)), x(*bits));
        }
        figure.sheet.dot(x(*bits), y(share(row)), 3.6, theme::policy(of.number));
    }
    for (how, rows) in [("computed", &of.by_bits), ("tried", &of.tried)] {
        for (bits, row) in rows {
            let numbers = [Some(f64::from(*bits)), Some(share(row)), row.spread.lo(), row.spread.hi()];
            figure.data.push(&[of.id, how], &numbers);
        }
    }
    let end = of.by_bits.last().map_or(0.0, |(_, row)| share(row));
    let names = vec![EndName { y: y(end), text: format!("number as it is: {}", percent(of.exact)), colour: of.number }];
    end_names(&mut figure.sheet, names, NAMES, left + width, (top, bottom));
    figure.y = bottom + 24.0;
    let what = "bits of the hash; dots: people of the model hashed, where there are enough of them; dashes: the number as it is";
    figure.sheet.text(left + width / 2.0, figure.y + 12.0, what, face.anchored(Anchor::Middle));
    figure.y += 14.0;
    figure.alt = finding(&of);
    figure
}

/// The first policy that lets numbers out.
fn first<'a>(facts: &Facts<'a>) -> Option<LinkedShares<'a>> {
    let input = facts.input;
    let all = |row: &&KnowledgeRow| &*row.purpose == ALL && &*row.population == ALL;
    (0..).zip(input.policies).find_map(|(number, policy)| {
        let rows: Vec<&KnowledgeRow> =
            input.knowledge.iter().filter(all).filter(|row| row.policy == policy.id).collect();
        let by_bits = |metric: &str| -> Vec<(u32, &'a KnowledgeRow)> {
            let of_metric = rows.iter().filter(|row| row.metric == metric);
            of_metric.filter_map(|row| Some((row.parameter.strip_prefix("bits=")?.parse().ok()?, *row))).collect()
        };
        let exact = rows.iter().find(|row| row.metric == "linked_share" && &*row.parameter == "exact")?.value.as_f64();
        let of = LinkedShares {
            id: &policy.id,
            title: &policy.title,
            number,
            by_bits: by_bits("linked_share"),
            tried: by_bits("linked_share_tried"),
            exact,
        };
        (exact > 0.0 && !of.by_bits.is_empty()).then_some(of)
    })
}

fn finding(of: &LinkedShares) -> String {
    let share = |row: &KnowledgeRow| row.value.as_f64() / of.exact;
    let at = |bits: u32| of.by_bits.iter().find(|(b, _)| *b == bits).map(|(_, row)| share(row));
    // The longest hash that hides more than half of those whom the number itself links.
    let hides = of.by_bits.iter().rev().find(|(_, row)| share(row) < 0.5).map(|(bits, _)| *bits);
    let first = at(39).map_or_else(String::new, |share| {
        format!("a hash of 39 bits still links {} of those whom the number itself links", percent(share))
    });
    match hides {
        Some(bits) => format!("Line chart: {first}; to hide more than half of them it must have {bits} bits or fewer."),
        None => format!("Line chart: {first}; no length that was tried hides half of them."),
    }
}
