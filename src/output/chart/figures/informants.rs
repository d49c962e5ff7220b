//! How many people have told the parent of one: informants per person, by population.

use super::{ends, policy_name, with_ends};
use crate::exposure::{ALL, KnowledgeRow};
use crate::output::chart::data::{ChartData, column};
use crate::output::chart::figure::{Figure, Heading};
use crate::output::chart::form::{Bar, BarPanel, BarStyle, Bars, Unit, bars};
use crate::output::chart::hues;
use crate::output::chart::row_index::{Facts, POPULATIONS};
use crate::output::chart::theme::Tone;

/// Figures of `knowledge` about all purposes.
fn find<'a>(
    facts: &Facts<'a>,
    policy: &str,
    population: &str,
    (metric, parameter): (&str, &str),
) -> Option<&'a KnowledgeRow> {
    facts.input.knowledge.iter().find(|row| {
        row.metric == metric
            && &*row.parameter == parameter
            && &*row.policy == policy
            && &*row.purpose == ALL
            && &*row.population == population
    })
}

/// Policies under which anybody tells of anybody, no two with the same figures.
fn telling(facts: &Facts) -> Vec<usize> {
    let of = |place: usize| {
        let id = &facts.input.policies[place].id;
        POPULATIONS.map(|(population, ..)| {
            find(facts, id, population, ("informants", "mean")).map_or(0.0, |row| row.value.as_f64())
        })
    };
    let mut found: Vec<usize> = Vec::new();
    for place in 0..facts.input.policies.len() {
        if of(place).iter().any(|mean| *mean > 0.0) && !found.iter().any(|other| of(*other) == of(place)) {
            found.push(place);
        }
    }
    found
}

/// Whether anybody tells of anybody.
pub fn is_drawn(facts: &Facts) -> bool {
    !telling(facts).is_empty()
}

/// Draws the figure.
pub fn draw(facts: &Facts) -> Figure {
    let lang = facts.lang();
    let mut columns = vec![
        column("policy", "text", "policy id"),
        column("population", "text", "not_objecting, objecting or non_user"),
        column("what", "text", "median, mean, p90, p99 or max over people of the sampled communities"),
        column("informants", "informants", "people through whose acts something about one was let out"),
    ];
    columns.extend(ends("informants"));
    let heading = Heading {
        topic: lang.say("How many others have told of one person", "Combien d’autres ont parlé d’une personne").to_owned(),
        detail: lang.fill(
            "Median number of people through whose acts something about one person was let out; a tenth of people have more than the number in brackets. {0}.",
            "Nombre médian de personnes dont les actes ont laissé sortir quelque chose sur une personne ; un dixième en a plus que le nombre entre parenthèses. {0}.",
            &[&facts.span()],
        ),
    };
    let mut figure = Figure::new(facts, "informants", heading, ChartData::new(columns));
    let places = telling(facts);
    if places.is_empty() {
        return figure.nothing(
            lang.say("Nobody tells of anybody: nothing to show.", "Personne ne parle de personne : rien à montrer."),
        );
    }
    let mut panels = Vec::new();
    for place in &places {
        let id = &facts.input.policies[*place].id;
        let mut rows = Vec::new();
        for (population, en, fr) in POPULATIONS {
            for what in ["median", "mean", "p90", "p99", "max"] {
                if let Some(row) = find(facts, id, population, ("informants", what)) {
                    figure
                        .data
                        .push(&[id, population, what], &with_ends(Some(row.value.as_f64()), row.spread.interval));
                }
            }
            let of = |what| find(facts, id, population, ("informants", what));
            let (median, tenth) = (of("median"), of("p90").map_or(0.0, |row| row.value.as_f64()));
            let value = median.map(|row| row.value.as_f64());
            let count = |x: f64| Unit::Count.written(x, lang);
            let text = value.map_or_else(String::new, |x| format!("{} ({})", count(x), count(tenth)));
            let interval = median.and_then(|row| row.spread.interval);
            rows.push(Bar::new(
                lang.say(en, fr).to_owned(),
                Tone::Fill(hues::of_population(population)),
                (value, interval),
                text,
            ));
        }
        panels.push(BarPanel { head: policy_name(facts, *place), rows });
    }
    bars::draw(&mut figure, lang, &Bars { panels, unit: Unit::Count, style: BarStyle::Bar, whole: None });
    let of = |population| {
        let id = &facts.input.policies[places[0]].id;
        Unit::Count
            .written(find(facts, id, population, ("informants", "median")).map_or(0.0, |row| row.value.as_f64()), lang)
    };
    figure.alt = lang.fill(
        "Bar chart: under “{0}” {1} others have told of the median person who never joined, and {2} of the median user who objects.",
        "Barres : sous « {0} », {1} autres ont parlé de la personne médiane jamais inscrite, et {2} de l’utilisateur médian qui s’oppose.",
        &[&policy_name(facts, places[0]), &of("non_user"), &of("objecting")],
    );
    figure
}
