//! What changes against the baseline: values, facts and people of each policy, in percent.

use super::{LOWER, UPPER, policy_name};
use crate::exposure::{ALL, DifferenceRow};
use crate::output::chart::data::{ChartData, column};
use crate::output::chart::figure::{Figure, Heading};
use crate::output::chart::form::{Bar, BarPanel, BarStyle, Bars, Unit, bars};
use crate::output::chart::row_index::Facts;
use crate::output::chart::theme::Tone;
use crate::output::number::MISSING;

/// What is compared: metric, and its name in English and French.
const METRICS: [(&str, &str, &str); 3] = [
    ("disclosed_values", "Values", "Valeurs"),
    (
        "distinct_facts",
        "Facts: a category about a person, however often",
        "Faits : une catégorie sur une personne, quel qu’en soit le nombre",
    ),
    ("people_exposed", "People about whom anything is known", "Personnes sur qui l’on sait quelque chose"),
];

fn row<'a>(facts: &Facts<'a>, metric: &str, policy: &str) -> Option<&'a DifferenceRow> {
    facts.input.differences.iter().find(|row| {
        &*row.of.metric == metric
            && &*row.of.policy == policy
            && [&row.of.purpose, &row.of.jurisdiction, &row.of.population, &row.of.category]
                .iter()
                .all(|of| &***of == ALL)
    })
}

/// Whether there is a difference to show.
pub fn is_drawn(facts: &Facts) -> bool {
    let policies = facts.input.policies.iter().filter(|policy| !is_baseline(facts, &policy.id));
    policies.into_iter().any(|policy| {
        METRICS.iter().any(|(metric, ..)| row(facts, metric, &policy.id).is_some_and(|row| row.percent.is_some()))
    })
}

fn is_baseline(facts: &Facts, id: &str) -> bool {
    facts.input.policies.get(facts.input.baseline).is_some_and(|policy| &*policy.id == id)
}

/// Draws the figure.
pub fn draw(facts: &Facts) -> Figure {
    let (input, lang) = (facts.input, facts.lang());
    let data = ChartData::new(vec![
        column("metric", "text", "what is compared, as in tables/differences"),
        column("policy", "text", "policy id"),
        column("absolute", "see metric", "policy minus baseline, a mean over worlds"),
        column("percent", "percent", "the same in percent of the baseline; empty if that is 0"),
        column("percent_lo", "percent", LOWER),
        column("percent_hi", "percent", UPPER),
    ]);
    let baseline = if input.policies.is_empty() {
        String::new()
    } else {
        policy_name(facts, input.baseline.min(input.policies.len() - 1))
    };
    let heading = Heading {
        topic: lang.fill("What changes against “{0}”", "Ce qui change par rapport à « {0} »", &[&baseline]),
        detail: lang.fill(
            "Change in percent; the same people and the same events under every policy. {0}.",
            "Variation en pour cent ; mêmes personnes et mêmes événements sous chaque politique. {0}.",
            &[&facts.span()],
        ),
    };
    let mut figure = Figure::new(facts, "change", heading, data);
    if !is_drawn(facts) {
        return figure.nothing(lang.say(
            "No policy beside the baseline: nothing to show.",
            "Aucune politique à côté de la référence : rien à montrer.",
        ));
    }
    let mut panels = Vec::new();
    for (metric, en, fr) in METRICS {
        let mut rows = Vec::new();
        for (place, policy) in input.policies.iter().enumerate().filter(|(_, policy)| !is_baseline(facts, &policy.id)) {
            let of = row(facts, metric, &policy.id);
            let percent = of.and_then(|of| of.percent);
            let interval = of.and_then(|of| of.percent_spread.interval);
            let text = percent.map_or(MISSING.to_owned(), |x| Unit::Change.written(x, lang));
            rows.push(Bar::new(policy_name(facts, place), Tone::Fill(facts.hues[place]), (percent, interval), text));
            let ends = [interval.map(|i| i.0), interval.map(|i| i.1)];
            figure.data.push(&[metric, &policy.id], &[of.map(|of| of.absolute), percent, ends[0], ends[1]]);
        }
        panels.push(BarPanel { head: lang.say(en, fr).to_owned(), rows });
    }
    bars::draw(&mut figure, lang, &Bars { panels, unit: Unit::Change, style: BarStyle::Bar, whole: None });
    let said: Vec<String> = input
        .policies
        .iter()
        .enumerate()
        .filter_map(|(place, policy)| {
            let of = |metric| row(facts, metric, &policy.id).and_then(|row| row.percent);
            let [values, people] =
                [of("disclosed_values")?, of("people_exposed")?].map(|x| Unit::Change.written(x, lang));
            Some(lang.fill(
                "“{0}”: {1} values, {2} people",
                "« {0} » : {1} de valeurs, {2} de personnes",
                &[&policy_name(facts, place), &values, &people],
            ))
        })
        .take(4)
        .collect();
    figure.alt = format!("{}{}.", lang.say("Bar chart: ", "Barres : "), said.join("; "));
    figure
}
