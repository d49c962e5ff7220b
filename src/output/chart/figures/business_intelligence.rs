//! How far indicators of the use of services are off under each policy, beside how many people are identified for them.

use super::models::{figure_of, of, words};
use super::{LOWER, UPPER, policy_name};
use crate::output::chart::data::{ChartData, column};
use crate::output::chart::figure::{Figure, Heading};
use crate::output::chart::form::{Bar, BarPanel, BarStyle, Bars, Unit, bars};
use crate::output::chart::row_index::Facts;
use crate::output::chart::theme::Tone;
use crate::utility::UtilityRow;

/// Draws the figure.
pub fn draw(facts: &Facts) -> Figure {
    let lang = facts.lang();
    let data = ChartData::new(vec![
        column("indicator", "text", "what the parent wants to know"),
        column("policy", "text", "policy id"),
        column("how", "text", "the way in which it is known best under the policy"),
        column("error", "relative", "|estimate - truth| / truth, a mean over worlds; 1 if it is not known"),
        column("lo", "relative", LOWER),
        column("hi", "relative", UPPER),
        column("identified", "people", "users who are identified, a mean over worlds"),
    ]);
    let heading = Heading {
        topic: lang.say("How well the use of both services is known, and who is identified for it", "À quel point l’usage des deux services est connu, et qui est identifié pour cela").to_owned(),
        detail: lang.fill(
            "Relative error of each indicator in the way in which it is known best under each policy; in brackets the share of users who are identified for it. {0}.",
            "Erreur relative de chaque indicateur, par la voie qui le fait le mieux connaître sous chaque politique ; entre parenthèses, la part des utilisateurs identifiés pour cela. {0}.",
            &[&facts.span()],
        ),
    };
    let mut figure = Figure::new(facts, "business-intelligence", heading, data);
    let rows = facts.input.utility;
    let errors: Vec<&UtilityRow> = of(rows, "business_intelligence", "error").collect();
    let mut indicators: Vec<&str> = Vec::new();
    for row in &errors {
        if !indicators.contains(&&*row.indicator) {
            indicators.push(&row.indicator);
        }
    }
    if indicators.is_empty() {
        return figure.nothing(
            lang.say("No indicator is estimated: nothing to show.", "Aucun indicateur n’est estimé : rien à montrer."),
        );
    }
    let users = |id: &str, metric| {
        of(rows, "business_intelligence", metric).find(|row| &*row.policy == id).map_or(0.0, |row| row.value.as_f64())
    };
    let identified = |id: &str| {
        let all = ["users_identified", "users_pseudonymous", "users_counted", "users_kept"];
        let all: f64 = all.map(|metric| users(id, metric)).iter().sum();
        if all > 0.0 { users(id, "users_identified") / all } else { 0.0 }
    };
    let mut panels = Vec::new();
    for indicator in &indicators {
        let mut drawn = Vec::new();
        for (place, policy) in facts.input.policies.iter().enumerate() {
            let of_policy = errors.iter().filter(|row| row.policy == policy.id && *row.indicator == **indicator);
            let Some(best) = of_policy.min_by(|a, b| a.value.as_f64().total_cmp(&b.value.as_f64())) else { continue };
            let (error, interval) = figure_of(best);
            let label =
                format!("{} ({})", policy_name(facts, place), Unit::Share.written(identified(&policy.id), lang));
            let known = error < 1.0;
            let text =
                if known { Unit::Share.written(error, lang) } else { lang.say("not known", "inconnu").to_owned() };
            let value = (Some(error.min(1.0)), interval.filter(|_| known));
            drawn.push(Bar::new(label, if known { Tone::Fill(facts.hues[place]) } else { Tone::Nothing }, value, text));
            let people = users(&policy.id, "users_identified");
            figure.data.push(
                &[indicator, &policy.id, &best.parameter],
                &[Some(error), interval.map(|i| i.0), interval.map(|i| i.1), Some(people)],
            );
        }
        panels.push(BarPanel { head: words(indicator, lang), rows: drawn });
    }
    bars::draw(&mut figure, lang, &Bars { panels, unit: Unit::Share, style: BarStyle::Bar, whole: Some(1.0) });
    let known = |policy: &str| {
        indicators.iter().all(|indicator| {
            let mut of_both = errors.iter().filter(|row| &*row.policy == policy && *row.indicator == **indicator);
            of_both.any(|row| row.value.as_f64() < 0.05)
        })
    };
    let policies = facts.input.policies;
    let without = policies.iter().filter(|p| users(&p.id, "users_identified") == 0.0 && known(&p.id)).count();
    figure.alt = lang.fill(
        "Bar chart: {0} of {1} policies identify nobody and leave every indicator known to within 5 %.",
        "Barres : {0} politiques sur {1} n’identifient personne et laissent chaque indicateur connu à 5 % près.",
        &[&without.to_string(), &policies.len().to_string()],
    );
    figure
}
