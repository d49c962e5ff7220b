//! How many values each policy discloses for each purpose: bars, one panel per purpose, one scale.

use super::canvas::label;
use super::data::{ChartData, column};
use super::figure::Figure;
use super::layout::wrap;
use super::number::{MISSING, count, grouped};
use super::row_index::Facts;
use super::rows::{RowLabels, columns, panels};
use super::theme::{self, AXIS, BODY, SUBTITLE};
use crate::exposure::ALL;

const BAR: f64 = 16.0;

/// Draws the figure.
pub fn draw(facts: &Facts) -> Figure {
    let input = facts.input;
    let data = ChartData::new(vec![
        column("purpose", "text", "purpose id"),
        column("policy", "text", "policy id"),
        column("disclosed_values", "flows", "values that reach the parent, over the whole run"),
        column("lo", "flows", "lower end of the 95 % interval over worlds; empty if there is one"),
        column("hi", "flows", "upper end of it"),
    ]);
    let mut figure = Figure::new(
        facts,
        "exposure-by-purpose",
        "How many values reach the parent company, by purpose and policy".to_owned(),
        format!(
            "Disclosed values: one value of one category about one person in one event, for one purpose. {}, all panels on one scale.",
            facts.span()
        ),
        data,
    );
    if input.policies.is_empty() || input.purposes.is_empty() {
        return figure.nothing("No policy or no purpose: nothing to show.");
    }
    let value = |policy: &str, purpose: &str| facts.get("disclosed_values", policy, purpose, ALL, ALL);
    let across = columns(input.purposes.len());
    let labels = RowLabels::new(input.policies, if across == 3 { 170.0 } else { 240.0 });
    let (lefts, width) = panels(across, labels.width);

    let cells: Vec<f64> =
        input.purposes.iter().flat_map(|q| input.policies.iter().filter_map(|p| value(&p.id, &q.id))).collect();
    if cells.is_empty() {
        return figure.nothing("The run has no figures by purpose: nothing to show.");
    }
    let range = |policy: &str, purpose: &str| facts.interval("disclosed_values", policy, purpose, ALL, ALL);
    let upper =
        input.purposes.iter().flat_map(|q| input.policies.iter().filter_map(|p| range(&p.id, &q.id))).map(|i| i.1);
    let max = cells.iter().copied().chain(upper).fold(0.0, f64::max);
    let number = label(BODY);
    let room = cells.iter().map(|v| number.width(&count(*v))).fold(number.width("0"), f64::max) + 8.0;
    let scale = if max > 0.0 { (width - room).max(10.0) / max } else { 0.0 };

    for band in input.purposes.chunks(across) {
        let heads: Vec<_> = band.iter().map(|q| wrap(&q.title, width, SUBTITLE, true, 2)).collect();
        let head = heads.iter().map(Vec::len).max().unwrap_or(1) as f64 * SUBTITLE * 1.3;
        let top = figure.y + head + 6.0;
        for (k, purpose) in band.iter().enumerate() {
            let x = lefts[k];
            // Headings stand on the bars, whatever number of lines their neighbours have.
            let first = top - 8.0 - SUBTITLE * 1.3 * (heads[k].len() as f64 - 1.0);
            figure.sheet.lines(x, first, &heads[k], SUBTITLE * 1.3, label(SUBTITLE).bold());
            for (i, policy) in input.policies.iter().enumerate() {
                let y = top + labels.row * (i as f64 + 0.5);
                if k == 0 {
                    labels.draw(&mut figure.sheet, i, y);
                }
                let v = value(&policy.id, &purpose.id);
                let w = v.unwrap_or(0.0) * scale;
                figure.sheet.rect(x, y - BAR / 2.0, w, BAR, theme::policy(i));
                let text = v.map_or(MISSING.to_owned(), count);
                let interval = range(&policy.id, &purpose.id);
                if let Some((lo, hi)) = interval {
                    figure.sheet.whisker((x + lo * scale, x + hi * scale), y);
                }
                let w = w.max(interval.map_or(0.0, |i| i.1 * scale));
                figure.sheet.text(x + w + 6.0, y + BODY * 0.36, &text, number);
                figure.data.push(&[&purpose.id, &policy.id], &[v, interval.map(|i| i.0), interval.map(|i| i.1)]);
            }
            let bottom = top + labels.row * input.policies.len() as f64;
            figure.sheet.line(&[(x, top), (x, bottom)], 1.0, AXIS);
        }
        figure.y = top + labels.row * input.policies.len() as f64 + 20.0;
    }
    figure.y -= 14.0;
    figure.alt = finding(facts, &value);
    figure
}

fn finding(facts: &Facts, value: &dyn Fn(&str, &str) -> Option<f64>) -> String {
    let input = facts.input;
    let total = |policy: &str| {
        value(policy, ALL).unwrap_or_else(|| input.purposes.iter().filter_map(|q| value(policy, &q.id)).sum())
    };
    let totals: Vec<f64> = input.policies.iter().map(|p| total(&p.id)).collect();
    let pick = |better: fn(f64, f64) -> bool| {
        (0..totals.len()).reduce(|best, i| if better(totals[i], totals[best]) { i } else { best }).unwrap_or(0)
    };
    let (most, least) = (pick(|a, b| a > b), pick(|a, b| a < b));
    let title = |i: usize| input.policies[i].title.as_str();
    if totals[most] <= 0.0 {
        return "Bar chart: no policy discloses any value.".to_owned();
    }
    let mut text = format!(
        "Bar chart: over the whole run “{}” discloses {} values in a model of {} people",
        title(most),
        count(totals[most]),
        grouped(input.people)
    );
    let largest = input
        .purposes
        .iter()
        .filter_map(|q| value(&input.policies[most].id, &q.id).map(|v| (v, q)))
        .reduce(|a, b| if b.0 > a.0 { b } else { a });
    if let Some((v, purpose)) = largest
        && input.purposes.len() > 1
    {
        text += &format!(", {} of them for “{}”", count(v), purpose.title);
    }
    if totals[least] < totals[most] {
        text += &format!("; the least, {}, is disclosed under “{}”", count(totals[least]), title(least));
    } else if totals.len() > 1 {
        text += "; all policies disclose the same number";
    }
    text + "."
}
