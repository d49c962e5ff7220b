//! How fast each policy filters: the cost of saying no. A timing of this run, not a figure of the model.

use super::canvas::label;
use super::data::{ChartData, column};
use super::figure::Figure;
use super::number::{MISSING, count, three_digits};
use super::row_index::Facts;
use super::rows::RowLabels;
use super::theme::{self, AXIS, BODY, CONTENT, INK, MARGIN};
use crate::simulate::FilterSpeed;

const BAR: f64 = 16.0;

/// Draws the figure.
pub fn draw(facts: &Facts) -> Figure {
    let input = facts.input;
    let data = ChartData::new(vec![
        column("policy", "text", "policy id"),
        column(
            "events_per_s",
            "events/s",
            "events that the filter of the policy decides in a second, median of the repetitions",
        ),
        column("events_per_s_lo", "events/s", "first decile of the repetitions"),
        column("events_per_s_hi", "events/s", "ninth decile of the repetitions"),
        column("repetitions", "repetitions", "how often the filter was timed"),
        column("values_per_s", "values/s", "data values let out in a second"),
        column("gb_per_s", "GB/s", "bytes of event columns read in a second, 10^9"),
    ]);
    let mut figure = Figure::new(
        facts,
        "filter-throughput",
        "What filtering costs: events decided per second, by policy".to_owned(),
        "Events decided per second by the filter alone, events already made: median of the repetitions, and as a line what four of \
         five lie within. The labels also give the values let out and the event data read per second."
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
    let most = |f: &FilterSpeed| [f.events_per_s, f.events_per_s_hi].into_iter().filter_map(sound).fold(0.0, f64::max);
    let max = speeds.iter().map(|s| most(s.2)).fold(0.0, f64::max);
    let scale = if max > 0.0 { (CONTENT - labels.width - room).max(10.0) / max } else { 0.0 };
    let (x, top) = (MARGIN + labels.width, figure.y);
    for (row, ((i, policy, speed), text)) in speeds.iter().zip(&texts).enumerate() {
        let y = top + labels.row * (row as f64 + 0.5);
        let events = sound(speed.events_per_s);
        let w = events.unwrap_or(0.0) * scale;
        labels.draw(&mut figure.sheet, row, y);
        figure.sheet.rect(x, y - BAR / 2.0, w, BAR, theme::policy(*i));
        let mut end = x + w;
        if let (Some(lo), Some(hi)) = (sound(speed.events_per_s_lo), sound(speed.events_per_s_hi)) {
            figure.sheet.line(&[(x + lo * scale, y), (x + hi * scale, y)], 1.5, INK);
            end = end.max(x + hi * scale);
        }
        figure.sheet.text(end + 6.0, y + BODY * 0.36, text, number);
        let rates = [speed.events_per_s, speed.events_per_s_lo, speed.events_per_s_hi].map(sound);
        let others = [Some(f64::from(speed.repetitions)), sound(speed.values_per_s), sound(speed.gb_per_s)];
        figure.data.push(&[&policy.id], &[rates, others].concat());
    }
    let bottom = top + labels.row * speeds.len() as f64;
    figure.sheet.line(&[(x, top), (x, bottom)], 1.0, AXIS);
    figure.y = bottom + 6.0;
    let named: Vec<(&FilterSpeed, &str)> =
        speeds.iter().filter(|s| sound(s.2.events_per_s).is_some()).map(|s| (s.2, s.1.title.as_str())).collect();
    figure.alt = alt(&named);
    figure
}

/// The slowest and the fastest are named only if they differ by more than their repetitions do.
fn alt(named: &[(&FilterSpeed, &str)]) -> String {
    let by_speed = |a: &&(&FilterSpeed, &str), b: &&(&FilterSpeed, &str)| a.0.events_per_s.total_cmp(&b.0.events_per_s);
    let (Some((slow, slowest)), Some((fast, fastest))) = (named.iter().min_by(by_speed), named.iter().max_by(by_speed))
    else {
        return "Bar chart: no valid timing of the filter.".to_owned();
    };
    let (s, f) = (count(slow.events_per_s), count(fast.events_per_s));
    match named {
        [_] => format!("Bar chart: the filter decides {f} events a second (“{fastest}”) on the machine of this run."),
        _ if slow.events_per_s_hi < fast.events_per_s_lo => format!(
            "Bar chart: the filter decides between {s} events a second (“{slowest}”) and {f} (“{fastest}”) on the machine of this run."
        ),
        _ => {
            let range = if s == f { s } else { format!("{s} to {f}") };
            format!(
                "Bar chart: the filter decides {range} events a second on the machine of this run; the policies differ by no more than \
                 repetitions of one."
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn speed(lo: f64, median: f64, hi: f64) -> FilterSpeed {
        FilterSpeed {
            policy: "p".into(),
            events_per_s: median,
            events_per_s_lo: lo,
            events_per_s_hi: hi,
            repetitions: 9,
            values_per_s: 1.0,
            gb_per_s: 1.0,
        }
    }

    #[test]
    fn words_say_no_more_than_the_spread_bears_out() {
        let (a, b, c) = (speed(70e6, 80e6, 95e6), speed(90e6, 100e6, 110e6), speed(200e6, 201e6, 202e6));
        let same = alt(&[(&a, "Full"), (&b, "Opt-out")]);
        assert!(same.contains("80.0\u{a0}mn to 100\u{a0}mn") && same.contains("no more than"), "{same}");
        assert!(!same.contains("Full"), "{same}");
        let other = alt(&[(&a, "Full"), (&c, "Opt-out"), (&b, "None")]);
        assert!(other.contains("80.0\u{a0}mn events a second (“Full”) and 201\u{a0}mn (“Opt-out”)"), "{other}");
        assert!(alt(&[(&a, "Full")]).contains("80.0\u{a0}mn events a second (“Full”)"));
        assert!(alt(&[]).contains("no valid timing"));
    }
}
