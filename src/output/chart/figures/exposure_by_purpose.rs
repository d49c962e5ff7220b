//! How many values each policy lets out for each purpose, as a share of what the baseline lets out for all.

use super::{LOWER, UPPER, policy_name, with_ends};
use crate::exposure::ALL;
use crate::output::chart::data::{ChartData, column};
use crate::output::chart::figure::{Figure, Heading};
use crate::output::chart::form::{Bar, BarPanel, BarStyle, Bars, Unit, bars};
use crate::output::chart::row_index::Facts;
use crate::output::chart::theme::Tone;
use crate::output::number::{MISSING, grouped};

/// Draws the figure.
pub fn draw(facts: &Facts) -> Figure {
    let (input, lang) = (facts.input, facts.lang());
    let data = ChartData::new(vec![
        column("purpose", "text", "purpose id"),
        column("policy", "text", "policy id"),
        column("disclosed_values", "flows", "values that reach the parent, over the whole run"),
        column("lo", "flows", LOWER),
        column("hi", "flows", UPPER),
        column(
            "of_baseline",
            "share",
            "the same / all values that reach the parent under the baseline, whatever the purpose",
        ),
    ]);
    let value = |policy: &str, purpose: &str| facts.get("disclosed_values", policy, purpose, ALL, ALL);
    let baseline = input.policies.get(input.baseline);
    let whole = baseline.and_then(|policy| value(&policy.id, ALL)).filter(|all| *all > 0.0);
    let named = baseline.map_or_else(String::new, |_| policy_name(facts, input.baseline));
    let all = Unit::Count.written(whole.unwrap_or(0.0), lang);
    let heading = Heading {
        topic: lang.say("How many values reach the parent company, for which purpose", "Combien de valeurs parviennent à la maison mère, et pour quelle finalité").to_owned(),
        detail: lang.fill(
            "In per cent of all that “{0}” lets out: {1} values. A value is one category of data about one person in one event, for one purpose. {2}.",
            "En pour cent de tout ce que « {0} » laisse sortir : {1} valeurs. Une valeur est une catégorie de données sur une personne, dans un événement, pour une finalité. {2}.",
            &[&named, &all, &facts.span()],
        ),
    };
    let mut figure = Figure::new(facts, "exposure-by-purpose", heading, data);
    if input.policies.is_empty() || input.purposes.is_empty() {
        return figure.nothing(lang.say(
            "No policy or no purpose: nothing to show.",
            "Aucune politique ou aucune finalité : rien à montrer.",
        ));
    }
    if input.policies.iter().all(|p| input.purposes.iter().all(|q| value(&p.id, &q.id).is_none())) {
        return figure.nothing(lang.say(
            "The run has no figures by purpose: nothing to show.",
            "Aucun chiffre par finalité : rien à montrer.",
        ));
    }
    let scale = whole.unwrap_or(1.0);
    let mut panels = Vec::new();
    for purpose in input.purposes {
        let mut rows = Vec::new();
        for (place, policy) in input.policies.iter().enumerate() {
            let x = value(&policy.id, &purpose.id);
            let interval = facts.interval("disclosed_values", &policy.id, &purpose.id, ALL, ALL);
            let share = |x: f64| x / scale;
            let text = x.map_or(MISSING.to_owned(), |x| Unit::Share.written(share(x), lang));
            let drawn = (x.map(share), interval.map(|(lo, hi)| (share(lo), share(hi))));
            rows.push(Bar::new(policy_name(facts, place), Tone::Fill(facts.hues[place]), drawn, text));
            let [x, lo, hi] = with_ends(x, interval);
            figure.data.push(&[&purpose.id, &policy.id], &[x, lo, hi, x.map(share)]);
        }
        panels.push(BarPanel { head: facts.called("purpose", &purpose.id), rows });
    }
    let form = Bars { panels, unit: Unit::Share, style: BarStyle::Bar, whole: None };
    bars::draw(&mut figure, lang, &form);
    figure.alt = finding(facts, &value);
    figure
}

fn finding(facts: &Facts, value: &dyn Fn(&str, &str) -> Option<f64>) -> String {
    let (input, lang) = (facts.input, facts.lang());
    let totals: Vec<f64> = input.policies.iter().map(|p| value(&p.id, ALL).unwrap_or(0.0)).collect();
    let pick = |better: fn(f64, f64) -> bool| {
        (0..totals.len()).reduce(|best, i| if better(totals[i], totals[best]) { i } else { best }).unwrap_or(0)
    };
    let (most, least) = (pick(|a, b| a > b), pick(|a, b| a < b));
    if totals[most] <= 0.0 {
        return lang
            .say("Bar chart: no policy discloses any value.", "Barres : aucune politique ne divulgue de valeur.")
            .to_owned();
    }
    let count = |x: f64| Unit::Count.written(x, lang);
    let people = lang.number(grouped(input.people));
    let text = lang.fill(
        "Bar chart: over the whole run “{0}” discloses {1} values in a model of {2} people",
        "Barres : sur toute la période « {0} » divulgue {1} valeurs dans un modèle de {2} personnes",
        &[&policy_name(facts, most), &count(totals[most]), &people],
    );
    let rest = if totals[least] < totals[most] {
        lang.fill(
            "; the least, {0}, is disclosed under “{1}”.",
            " ; le moins, {0}, l’est sous « {1} ».",
            &[&count(totals[least]), &policy_name(facts, least)],
        )
    } else if totals.len() > 1 {
        lang.say("; all policies disclose the same number.", " ; toutes les politiques en divulguent autant.")
            .to_owned()
    } else {
        ".".to_owned()
    };
    text + &rest
}
