//! How fast each policy filters: the cost of saying no. A timing of this run, not a figure of the model.

use super::data::{Data, column};
use super::facts::Facts;
use super::figure::Figure;
use super::number::{MISSING, count, three_digits};
use super::rows::RowLabels;
use super::sheet::label;
use super::theme::{self, AXIS, BODY, CONTENT, MARGIN};

const BAR: f64 = 16.0;

/// Draws the figure.
pub fn draw(facts: &Facts) -> Figure {
    let input = facts.input;
    let data = Data::new(vec![
        column("policy", "text", "policy id"),
        column("events_per_s", "events/s", "events that the filter of the policy decides in a second"),
        column("values_per_s", "values/s", "data values let out in a second"),
        column("gb_per_s", "GB/s", "bytes of event columns read in a second, 10^9"),
    ]);
    let mut figure = Figure::new(
        facts,
        "filter-throughput",
        "What filtering costs: events decided per second, by policy".to_owned(),
        "Events decided per second by the filter alone, events already made. The labels also give the values let out and the event \
         data read per second."
            .to_owned(),
        data,
    )
    .nature("timing of this run; depends on the machine");
    let speeds: Vec<_> = input
        .policies
        .iter()
        .enumerate()
        .filter_map(|(i, p)| Some((i, p, input.filter.iter().find(|f| f.policy == p.id)?)))
        .collect();
    if speeds.is_empty() {
        return figure.nothing("The filter was not timed in this run.");
    }
    let sound = |x: f64| (x.is_finite() && x >= 0.0).then_some(x);
    let labels = RowLabels::of(speeds.iter().map(|s| s.1.title.as_str()), 240.0);
    let number = label(BODY);
    let texts: Vec<String> = speeds
        .iter()
        .map(|(_, _, f)| match sound(f.events_per_s) {
            None => MISSING.to_owned(),
            Some(e) => {
                let mut text = format!("{} events", count(e));
                text += &sound(f.values_per_s).map(|v| format!(" · {} values", count(v))).unwrap_or_default();
                text + &sound(f.gb_per_s).map(|g| format!(" · {} GB", three_digits(g))).unwrap_or_default()
            }
        })
        .collect();
    let room = texts.iter().map(|t| number.width(t)).fold(0.0, f64::max) + 8.0;
    let max = speeds.iter().filter_map(|s| sound(s.2.events_per_s)).fold(0.0, f64::max);
    let scale = if max > 0.0 { (CONTENT - labels.width - room).max(10.0) / max } else { 0.0 };
    let (x, top) = (MARGIN + labels.width, figure.y);
    for (row, ((i, policy, speed), text)) in speeds.iter().zip(&texts).enumerate() {
        let y = top + labels.row * (row as f64 + 0.5);
        let events = sound(speed.events_per_s);
        let w = events.unwrap_or(0.0) * scale;
        labels.draw(&mut figure.sheet, row, y);
        figure.sheet.rect(x, y - BAR / 2.0, w, BAR, theme::policy(*i));
        figure.sheet.text(x + w + 6.0, y + BODY * 0.36, text, number);
        figure.data.push(&[&policy.id], &[events, sound(speed.values_per_s), sound(speed.gb_per_s)]);
    }
    let bottom = top + labels.row * speeds.len() as f64;
    figure.sheet.line(&[(x, top), (x, bottom)], 1.0, AXIS);
    figure.y = bottom + 6.0;
    let named: Vec<(f64, &str)> =
        speeds.iter().filter_map(|s| sound(s.2.events_per_s).map(|e| (e, s.1.title.as_str()))).collect();
    let fastest = named.iter().copied().reduce(|a, b| if b.0 > a.0 { b } else { a });
    let slowest = named.iter().copied().reduce(|a, b| if b.0 < a.0 { b } else { a });
    figure.alt = match (fastest, slowest) {
        (Some(f), Some(s)) if s.0 < f.0 => format!(
            "Bar chart: the filter decides between {} events a second (“{}”) and {} (“{}”) on the machine of this run.",
            count(s.0),
            s.1,
            count(f.0),
            f.1
        ),
        (Some(f), _) => {
            format!(
                "Bar chart: the filter decides {} events a second (“{}”) on the machine of this run.",
                count(f.0),
                f.1
            )
        }
        _ => "Bar chart: no valid timing of the filter.".to_owned(),
    };
    figure
}
