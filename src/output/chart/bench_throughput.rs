//! How many events a second each policy's filter decides, on one and on several threads: what `outflow bench` measured.

use super::canvas::label;
use super::data::{ChartData, column};
use super::figure::Figure;
use super::number::{MISSING, count, percent, plural};
use super::row_index::Facts;
use super::rows::RowLabels;
use super::theme::{self, AXIS, BODY, CONTENT, INK, MARGIN};
use super::{Named, Throughput};

const BAR: f64 = 15.0;
/// Between the bars of a policy.
const GAP: f64 = 5.0;
/// Between policies.
const BETWEEN: f64 = 14.0;

/// Draws the figure. Bars of a policy stand together, in the order in which they come.
pub fn draw(facts: &Facts, bars: &[Throughput]) -> Figure {
    let data = ChartData::new(vec![
        column("policy", "text", "policy id"),
        column("threads", "threads", "threads at once, each with its own events"),
        column(
            "events_per_s",
            "events/s",
            "events that the filter of the policy decides in a second, all threads together",
        ),
        column("mad", "events/s", "median absolute deviation over rounds"),
        column(
            "share_of_memory_read",
            "share",
            "bytes of event columns read in a second, of those that memory can be read at",
        ),
    ]);
    let mut figure = Figure::new(
        facts,
        "bench-throughput",
        "What filtering costs: events decided per second, by policy and threads".to_owned(),
        "Events decided per second by the filter alone, events already made; medians over rounds, with the median absolute \
         deviation as a line. Labels give the event data read as a share of all that as many threads can read from memory."
            .to_owned(),
        data,
    )
    .nature("timing of a benchmark; depends on the machine");
    let groups: Vec<(usize, &Named, Vec<&Throughput>)> = facts
        .input
        .policies
        .iter()
        .enumerate()
        .map(|(i, p)| (i, p, bars.iter().filter(|b| b.policy == p.id).collect::<Vec<_>>()))
        .filter(|(.., bars)| !bars.is_empty())
        .collect();
    if groups.is_empty() {
        return figure.nothing("The filter was not timed in this benchmark.");
    }
    let sound = |x: f64| (x.is_finite() && x >= 0.0).then_some(x);
    let labels = RowLabels::of(groups.iter().map(|g| g.1.title.as_str()), 240.0);
    let number = label(BODY);
    let words = |b: &Throughput| {
        let threads = plural(b.threads as u64, "thread", "threads");
        match sound(b.events_per_s) {
            Some(e) => format!("{} · {threads} · {} of memory read", count(e), percent(b.of_memory)),
            None => format!("{MISSING} · {threads}"),
        }
    };
    let shown = || groups.iter().flat_map(|g| &g.2);
    let room = shown().map(|b| number.width(&words(b))).fold(0.0, f64::max) + 14.0;
    let max = shown().filter_map(|b| sound(b.events_per_s + b.mad)).fold(0.0, f64::max);
    let scale = if max > 0.0 { (CONTENT - labels.width - room).max(10.0) / max } else { 0.0 };
    let (x, top) = (MARGIN + labels.width, figure.y);
    let mut y = top;
    for (row, (i, policy, bars)) in groups.iter().enumerate() {
        let height = (bars.len() as f64 * (BAR + GAP) - GAP).max(labels.row - BETWEEN);
        labels.draw(&mut figure.sheet, row, y + height / 2.0);
        let least = bars.iter().map(|b| b.threads).min();
        for (k, bar) in bars.iter().enumerate() {
            let (at, events) = (y + k as f64 * (BAR + GAP), sound(bar.events_per_s));
            let end = x + events.unwrap_or(0.0) * scale;
            // The fewest threads are pale: the same policy, less of the machine.
            let pale = bars.len() > 1 && Some(bar.threads) == least;
            let colour = if pale { theme::pale(*i) } else { theme::policy(*i) };
            figure.sheet.rect(x, at, end - x, BAR, colour);
            let deviation = sound(bar.mad).unwrap_or(0.0) * scale;
            figure.sheet.line(&[(end - deviation, at + BAR / 2.0), (end + deviation, at + BAR / 2.0)], 1.5, INK);
            figure.sheet.text(end + deviation + 7.0, at + BAR / 2.0 + BODY * 0.36, &words(bar), number);
            let numbers = [Some(bar.threads as f64), events, sound(bar.mad), sound(bar.of_memory)];
            figure.data.push(&[&policy.id], &numbers);
        }
        y += height + BETWEEN;
    }
    figure.sheet.line(&[(x, top - 4.0), (x, y - BETWEEN + 4.0)], 1.0, AXIS);
    figure.y = y - BETWEEN + 8.0;
    figure.alt = alt(&groups);
    figure
}

/// The slowest and the fastest on the most threads.
fn alt(groups: &[(usize, &Named, Vec<&Throughput>)]) -> String {
    let most = groups.iter().flat_map(|g| &g.2).map(|b| b.threads).max().unwrap_or(1);
    let named: Vec<(f64, &str, f64)> = groups
        .iter()
        .filter_map(|(_, p, bars)| {
            let bar = bars.iter().find(|b| b.threads == most)?;
            Some((bar.events_per_s, p.title.as_str(), if bar.mad.is_finite() { bar.mad } else { 0.0 }))
        })
        .filter(|(e, ..)| e.is_finite())
        .collect();
    let threads = plural(most as u64, "thread", "threads");
    let fastest = named.iter().copied().reduce(|a, b| if b.0 > a.0 { b } else { a });
    let slowest = named.iter().copied().reduce(|a, b| if b.0 < a.0 { b } else { a });
    match (fastest, slowest) {
        // Only what the rounds bear out.
        (Some(f), Some(s)) if s.0 + s.2 < f.0 - f.2 => format!(
            "Bar chart: on {threads} the filter decides between {} events a second (“{}”) and {} (“{}”) on this machine.",
            count(s.0),
            s.1,
            count(f.0),
            f.1
        ),
        (Some(f), Some(s)) if named.len() > 1 => format!(
            "Bar chart: on {threads} the filter decides {} to {} events a second on this machine; the policies differ by no more than \
             rounds of one.",
            count(s.0),
            count(f.0)
        ),
        (Some(f), _) => format!(
            "Bar chart: on {threads} the filter decides {} events a second (“{}”) on this machine.",
            count(f.0),
            f.1
        ),
        _ => "Bar chart: no valid timing of the filter.".to_owned(),
    }
}
