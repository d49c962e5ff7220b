//! A result as a table to read.

use crate::bench::{BenchResult, Change, Part, Spread};
use crate::cli::terminal;
use crate::output::number::three_digits;

/// The result, and how it differs from a baseline if there is one.
pub fn table(r: &BenchResult, changes: &[Change]) -> String {
    let short = |digest: &str| digest.chars().take(12).collect::<String>();
    let mut text = format!(
        "{}: {} people, {} {}, {} events; scenario {}\nfigures {} {}\noutflow {} on {}\n\n",
        r.scenario,
        terminal::short(r.people as f64),
        r.days,
        if r.days == 1 { "day" } else { "days" },
        terminal::short(r.events as f64),
        short(&r.scenario_digest),
        short(&r.results_digest),
        if r.expected { "as expected" } else { "(none are expected; the same on one and on all threads)" },
        r.version,
        r.machine.line(),
    );
    let mut head = vec!["stage", "threads", "events/s", "±", "ns/event", "of memory", "random numbers", "±"];
    if !changes.is_empty() {
        head.extend(["baseline", "change", "noise", ""]);
    }
    let rows: Vec<Vec<String>> = r
        .stages
        .iter()
        .map(|s| {
            let mut row = vec![
                s.stage.clone(),
                s.threads.to_string(),
                terminal::short(s.events_per_s.median),
                deviation(s.events_per_s),
                three_digits(s.ns_per_event.median),
                format!("{:.1} %", 100.0 * s.of_memory.median),
                three_digits(s.in_random_numbers.median),
                deviation(s.in_random_numbers),
            ];
            if let Some(c) = changes.iter().find(|c| c.name == s.name()) {
                row.extend([
                    three_digits(c.before.median),
                    format!("{:+.1} %", c.percent),
                    format!("{:.1} %", c.noise_percent),
                    c.verdict.word().to_owned(),
                ]);
            }
            row
        })
        .collect();
    text += &terminal::table(&head, &rows, 1);
    text += "\nLimits, measured beside every stage\n\n";
    let limits: Vec<Vec<String>> = r
        .limits
        .iter()
        .map(|l| {
            vec![
                l.threads.to_string(),
                format!("{} GB/s", three_digits(l.memory_gb_per_s.median)),
                deviation(l.memory_gb_per_s),
                format!("{:.3} ns", l.random_ns.median),
                deviation(l.random_ns),
            ]
        })
        .collect();
    text += &terminal::table(&["threads", "memory read", "±", "random number", "±"], &limits, 0);
    text += &format!(
        "\nMedians of {} rounds, ± the median absolute deviation. ns/event is thread time; random numbers, how many\n\
         could be drawn in it; of memory, the bytes of event columns as a share of memory read: {} an event where\n\
         it is made, {} where it is filtered or measured.\n",
        r.rounds,
        Part::Generate.bytes_per_event(),
        Part::Measure.bytes_per_event()
    );
    text
}

fn deviation(s: Spread) -> String {
    format!("{:.1} %", 100.0 * s.relative())
}
