//! How many people can be singled out by what the parent holds about them, and how many stand in classes smaller than what regulators accept.

use super::{ends, policy_name, with_ends};
use crate::exposure::{ALL, KnowledgeRow};
use crate::output::chart::data::{ChartData, column};
use crate::output::chart::figure::{Figure, Heading};
use crate::output::chart::form::{Bar, BarPanel, BarStyle, Bars, Unit, bars};
use crate::output::chart::row_index::Facts;
use crate::output::chart::theme::Tone;
use crate::output::number::MISSING;

/// What is drawn: metric and parameter, and its name in English and French. 11 is the least class of the European Medicines Agency's policy 0070 (a risk of .09), 20 and 3
/// are in use for health data and for statistics.
const ROWS: [(&str, &str, &str, &str); 5] = [
    ("unique_share", "", "Alone with their attributes", "Seules avec leurs attributs"),
    ("share_in_classes_below", "k=3", "In a class of fewer than 3", "Dans une classe de moins de 3"),
    ("share_in_classes_below", "k=11", "In a class of fewer than 11", "Dans une classe de moins de 11"),
    ("share_in_classes_below", "k=20", "In a class of fewer than 20", "Dans une classe de moins de 20"),
    ("unique_neighbourhood_share", "", "Alone with the ties around them", "Seules avec les liens qui les entourent"),
];

fn find<'a>(facts: &Facts<'a>, policy: &str, (metric, parameter): (&str, &str)) -> Option<&'a KnowledgeRow> {
    facts.input.knowledge.iter().find(|row| {
        row.metric == metric
            && &*row.parameter == parameter
            && &*row.policy == policy
            && &*row.purpose == ALL
            && &*row.population == ALL
    })
}

fn shown(facts: &Facts) -> Vec<usize> {
    let any = |place: &usize| {
        let id = &facts.input.policies[*place].id;
        ROWS.iter().any(|(metric, parameter, ..)| {
            find(facts, id, (metric, parameter)).is_some_and(|row| row.value.as_f64() > 0.0)
        })
    };
    (0..facts.input.policies.len()).filter(any).collect()
}

/// Whether anybody can be singled out.
pub fn is_drawn(facts: &Facts) -> bool {
    !shown(facts).is_empty()
}

/// Draws the figure.
pub fn draw(facts: &Facts) -> Figure {
    let lang = facts.lang();
    let mut columns = vec![
        column("policy", "text", "policy id"),
        column("metric", "text", "as in tables/knowledge"),
        column("parameter", "text", "as in tables/knowledge"),
        column("share", "share", "people / all people of the sampled communities"),
    ];
    columns.extend(ends("share"));
    let heading = Heading {
        topic: lang.say("Whom the data single out, without name or number", "Qui les données individualisent, sans nom ni numéro").to_owned(),
        detail: lang.fill(
            "Share of people who share their attributes as let out with fewer others than some threshold, and of those whose neighbourhood of ties is like no other. Sampled communities. {0}.",
            "Part des personnes qui partagent leurs attributs divulgués avec moins d’autres qu’un seuil, et de celles dont le voisinage de liens ne ressemble à aucun autre. Communautés échantillonnées. {0}.",
            &[&facts.span()],
        ),
    };
    let mut figure = Figure::new(facts, "singling-out", heading, ChartData::new(columns));
    let places = shown(facts);
    if places.is_empty() {
        return figure.nothing(lang.say(
            "Nobody can be singled out: nothing to show.",
            "Personne ne peut être individualisé : rien à montrer.",
        ));
    }
    let mut panels = Vec::new();
    for place in &places {
        let id = &facts.input.policies[*place].id;
        let mut rows = Vec::new();
        for (metric, parameter, en, fr) in ROWS {
            let row = find(facts, id, (metric, parameter));
            let value = row.map(|row| row.value.as_f64());
            let interval = row.and_then(|row| row.spread.interval);
            let text = value.map_or(MISSING.to_owned(), |x| Unit::Share.written(x, lang));
            rows.push(Bar::new(lang.say(en, fr).to_owned(), Tone::Fill(facts.hues[*place]), (value, interval), text));
            figure.data.push(&[id, metric, parameter], &with_ends(value, interval));
        }
        panels.push(BarPanel { head: policy_name(facts, *place), rows });
    }
    bars::draw(&mut figure, lang, &Bars { panels, unit: Unit::Share, style: BarStyle::Bar, whole: None });
    let id = &facts.input.policies[places[0]].id;
    let of = |row| Unit::Share.written(find(facts, id, row).map_or(0.0, |row| row.value.as_f64()), lang);
    figure.alt = lang.fill(
        "Bar chart: under “{0}” {1} of people are alone with their attributes, and {2} stand in a class of fewer than 11.",
        "Barres : sous « {0} », {1} des personnes sont seules avec leurs attributs, et {2} sont dans une classe de moins de 11.",
        &[&policy_name(facts, places[0]), &of(("unique_share", "")), &of(("share_in_classes_below", "k=11"))],
    );
    figure
}
