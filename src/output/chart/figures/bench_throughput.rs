//! How many events a second each policy's filter decides, on one and on several threads: what `outflow bench` measured.

use super::policy_name;
use crate::output::chart::Throughput;
use crate::output::chart::data::{ChartData, column};
use crate::output::chart::figure::{Figure, Heading};
use crate::output::chart::form::{Bar, BarPanel, BarStyle, Bars, Unit, bars};
use crate::output::chart::row_index::Facts;
use crate::output::chart::theme::Tone;
use crate::output::number::{MISSING, plural};

/// Draws the figure. Bars of a policy stand together, in the order in which they come.
pub fn draw(facts: &Facts, timed: &[Throughput]) -> Figure {
    let lang = facts.lang();
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
            "event data read / all that as many threads can read from memory in the same time",
        ),
    ]);
    let heading = Heading {
        topic: lang.say("What filtering costs: events decided per second, by policy and threads", "Ce que coûte le filtrage : événements décidés par seconde, par politique et fils d’exécution").to_owned(),
        detail: lang
            .say(
                "Events decided per second by the filter alone, events already made; medians over rounds, with the median absolute deviation as a line. Labels give the event data read as a share of all that as many threads can read from memory.",
                "Événements décidés par seconde par le filtre seul, événements déjà produits ; médianes des tours, écart absolu médian en trait. Les étiquettes donnent les données lues en part de ce que ces fils peuvent lire en mémoire.",
            )
            .to_owned(),
    };
    let mut figure = Figure::new(facts, "bench-throughput", heading, data)
        .nature("timing of a benchmark; depends on the machine", "chronométrage ; dépend de la machine");
    let sound = |x: f64| (x.is_finite() && x >= 0.0).then_some(x);
    let mut rows = Vec::new();
    for (place, policy) in facts.input.policies.iter().enumerate() {
        let of: Vec<&Throughput> = timed.iter().filter(|bar| bar.policy == policy.id).collect();
        let least = of.iter().map(|bar| bar.threads).min();
        for bar in &of {
            let threads = plural(bar.threads as u64, lang.say("thread", "fil"), lang.say("threads", "fils"));
            let (value, mad) = (sound(bar.events_per_s), sound(bar.mad).unwrap_or(0.0));
            let text = match value {
                Some(events) => lang.fill(
                    "{0} · {1} of memory read",
                    "{0} · {1} de la mémoire lue",
                    &[&Unit::Count.written(events, lang), &Unit::Share.written(bar.of_memory, lang)],
                ),
                None => MISSING.to_owned(),
            };
            // The fewest threads are pale: the same policy, less of the machine.
            let pale = of.len() > 1 && Some(bar.threads) == least;
            let tone = if pale { Tone::Pale(facts.hues[place]) } else { Tone::Fill(facts.hues[place]) };
            let interval = value.map(|events| ((events - mad).max(0.0), events + mad));
            rows.push(Bar::new(format!("{} · {threads}", policy_name(facts, place)), tone, (value, interval), text));
            figure.data.push(&[&policy.id], &[Some(bar.threads as f64), value, sound(bar.mad), sound(bar.of_memory)]);
        }
    }
    if rows.is_empty() {
        return figure
            .nothing(lang.say("The filter was not timed in this benchmark.", "Le filtre n’a pas été chronométré."));
    }
    let panels = vec![BarPanel { head: String::new(), rows }];
    bars::draw(&mut figure, lang, &Bars { panels, unit: Unit::Count, style: BarStyle::Bar, whole: None });
    figure.alt = alt(facts, timed);
    figure
}

/// The slowest and the fastest on the most threads: only what the rounds bear out.
fn alt(facts: &Facts, timed: &[Throughput]) -> String {
    let lang = facts.lang();
    let most = timed.iter().map(|bar| bar.threads).max().unwrap_or(1);
    let of = timed.iter().filter(|bar| bar.threads == most && bar.events_per_s.is_finite());
    let named: Vec<(usize, &Throughput)> =
        of.filter_map(|bar| Some((facts.input.policies.iter().position(|p| p.id == bar.policy)?, bar))).collect();
    let fastest = named.iter().copied().reduce(|a, b| if b.1.events_per_s > a.1.events_per_s { b } else { a });
    let slowest = named.iter().copied().reduce(|a, b| if b.1.events_per_s < a.1.events_per_s { b } else { a });
    let (Some(fast), Some(slow)) = (fastest, slowest) else {
        return lang
            .say("Bar chart: no valid timing of the filter.", "Barres : aucun chronométrage valable du filtre.")
            .to_owned();
    };
    let count = |bar: &Throughput| Unit::Count.written(bar.events_per_s, lang);
    let threads = most.to_string();
    let mad = |bar: &Throughput| if bar.mad.is_finite() { bar.mad } else { 0.0 };
    if slow.1.events_per_s + mad(slow.1) < fast.1.events_per_s - mad(fast.1) {
        lang.fill(
            "Bar chart: on {0} threads the filter decides between {1} events a second (“{2}”) and {3} (“{4}”) on this machine.",
            "Barres : sur {0} fils, le filtre décide entre {1} événements par seconde (« {2} ») et {3} (« {4} ») sur cette machine.",
            &[&threads, &count(slow.1), &policy_name(facts, slow.0), &count(fast.1), &policy_name(facts, fast.0)],
        )
    } else {
        lang.fill(
            "Bar chart: on {0} threads the filter decides {1} to {2} events a second on this machine; the policies differ by no more than rounds of one.",
            "Barres : sur {0} fils, le filtre décide {1} à {2} événements par seconde sur cette machine ; les politiques ne diffèrent pas plus que les tours d’une seule.",
            &[&threads, &count(slow.1), &count(fast.1)],
        )
    }
}
