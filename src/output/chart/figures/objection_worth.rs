//! What an objection is worth: how much less is let out about a user who objects than about one who does not.

use super::{ends, policy_name, with_ends};
use crate::exposure::ALL;
use crate::output::chart::data::{ChartData, column};
use crate::output::chart::figure::{Figure, Heading};
use crate::output::chart::form::{Bar, BarPanel, BarStyle, Bars, Unit, bars};
use crate::output::chart::row_index::Facts;
use crate::output::chart::theme::Tone;
use crate::output::number::MISSING;

/// What an objection may take away: metric, and its name in English and French.
const METRICS: [(&str, &str, &str); 5] = [
    ("objection_efficacy", "Values about them", "Valeurs les concernant"),
    ("objection_efficacy_of_facts", "Facts about them", "Faits les concernant"),
    ("objection_efficacy_of_people", "Being known at all", "Être connu, tout court"),
    ("objection_efficacy_by_own_acts", "Values by their own acts", "Valeurs issues de leurs propres actes"),
    (
        "objection_efficacy_by_address_books",
        "Values by others’ address books",
        "Valeurs issues des carnets d’adresses d’autrui",
    ),
];

/// Under these the objection has an effect that is worth a row.
fn heeding(facts: &Facts) -> Vec<usize> {
    let worth = |place: &usize| {
        METRICS.iter().any(|(metric, ..)| {
            let id = &facts.input.policies[*place].id;
            let interval = facts.interval(metric, id, ALL, "objecting", ALL);
            let some = facts.get(metric, id, ALL, "objecting", ALL).is_some_and(|x| x.abs() > 0.005);
            // Who objects may be otherwise than others by chance: only what the interval bears out.
            some && interval.is_none_or(|(lo, hi)| lo > 0.0 || hi < 0.0)
        })
    };
    (0..facts.input.policies.len()).filter(worth).collect()
}

/// Whether any policy makes a difference between those who object and those who do not.
pub fn is_drawn(facts: &Facts) -> bool {
    let worth = |place: &usize| {
        facts
            .get("objection_efficacy_of_facts", &facts.input.policies[*place].id, ALL, "objecting", ALL)
            .is_some_and(|x| x > 0.005)
    };
    heeding(facts).iter().any(worth)
}

/// Draws the figure.
pub fn draw(facts: &Facts) -> Figure {
    let lang = facts.lang();
    let mut columns = vec![
        column("metric", "text", "what is taken away, as in tables/exposure"),
        column("policy", "text", "policy id"),
        column("share", "share", "1 - (per user who objects / per user who does not)"),
    ];
    columns.extend(ends("share"));
    let heading = Heading {
        topic: lang.say("What an objection takes away, and what it cannot", "Ce qu’une opposition retire, et ce qu’elle ne peut retirer").to_owned(),
        detail: lang.fill(
            "Change in what is let out about a user who objects to at least one purpose, beside one who objects to none. {0}.",
            "Variation de ce qui sort sur un utilisateur qui s’oppose à au moins une finalité, par rapport à un autre qui ne s’oppose à aucune. {0}.",
            &[&facts.span()],
        ),
    };
    let mut figure = Figure::new(facts, "objection-worth", heading, ChartData::new(columns));
    let places = heeding(facts);
    if places.is_empty() {
        return figure.nothing(lang.say(
            "No policy hears an objection: nothing to show.",
            "Aucune politique n’entend d’opposition : rien à montrer.",
        ));
    }
    let mut panels = Vec::new();
    for place in places {
        let policy = &facts.input.policies[place];
        let mut rows = Vec::new();
        for (metric, en, fr) in METRICS {
            let share = facts.get(metric, &policy.id, ALL, "objecting", ALL);
            let interval = facts.interval(metric, &policy.id, ALL, "objecting", ALL);
            let change = share.map(|x| -100.0 * x);
            let text = change.map_or(MISSING.to_owned(), |x| Unit::Change.written(x, lang));
            let drawn = (change, interval.map(|(lo, hi)| (-100.0 * hi, -100.0 * lo)));
            rows.push(Bar::new(lang.say(en, fr).to_owned(), Tone::Fill(facts.hues[place]), drawn, text));
            figure.data.push(&[metric, &policy.id], &with_ends(share, interval));
        }
        panels.push(BarPanel { head: policy_name(facts, place), rows });
    }
    bars::draw(&mut figure, lang, &Bars { panels, unit: Unit::Change, style: BarStyle::Bar, whole: None });
    let best = |place: &usize| {
        facts.get("objection_efficacy", &facts.input.policies[*place].id, ALL, "objecting", ALL).unwrap_or(0.0)
    };
    let most = heeding(facts).into_iter().reduce(|a, b| if best(&b) > best(&a) { b } else { a }).unwrap_or(0);
    let of = |metric: &str| facts.get(metric, &facts.input.policies[most].id, ALL, "objecting", ALL).unwrap_or(0.0);
    let change = |metric: &str| Unit::Change.written(-100.0 * of(metric), lang);
    figure.alt = lang.fill(
        "Bar chart: under “{0}” an objection changes the values let out about a user by {1}, and the facts by {2}.",
        "Barres : sous « {0} », une opposition modifie de {1} les valeurs divulguées sur un utilisateur, et de {2} les faits.",
        &[&policy_name(facts, most), &change("objection_efficacy"), &change("objection_efficacy_of_facts")],
    );
    figure
}
