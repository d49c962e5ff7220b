//! Who is in the scope of an order, and whose doing it was that the parent knows them.

use super::policy_name;
use crate::exposure::{ALL, ExposureRow};
use crate::output::chart::data::{ChartData, column};
use crate::output::chart::figure::{Figure, Heading};
use crate::output::chart::form::{Bar, BarPanel, BarStyle, Bars, Unit, bars};
use crate::output::chart::hues;
use crate::output::chart::row_index::{Facts, POPULATIONS};
use crate::output::chart::theme::Tone;

/// What is held about a population, and through whom.
#[derive(Clone, Copy, Debug, Default)]
pub struct WhoseDoing {
    /// People known.
    pub people: f64,
    /// Facts held.
    pub facts: f64,
    /// Of these, through others: alone, and besides the person's own acts.
    pub through_others_alone: f64,
    /// See `through_others_alone`.
    pub through_both: f64,
}

/// Where: the jurisdiction of the first order if there is one and the rows are there, else anywhere.
fn place<'a>(facts: &Facts<'a>) -> &'a str {
    let order = facts.input.orders.first().and_then(|order| order.jurisdictions.first());
    let there = |code: &str| {
        facts.input.exposure.iter().any(|row| &*row.jurisdiction == code && &*row.metric == "distinct_facts")
    };
    order.map(|code| &**code).filter(|code| there(code)).unwrap_or(ALL)
}

fn doing(facts: &Facts, policy: &str, jurisdiction: &str, population: &str) -> WhoseDoing {
    let all = |row: &&ExposureRow| {
        &*row.policy == policy
            && &*row.jurisdiction == jurisdiction
            && &*row.population == population
            && &*row.purpose == ALL
            && &*row.category == ALL
    };
    let of = |metric: &str| {
        facts.input.exposure.iter().filter(all).find(|row| &*row.metric == metric).map_or(0.0, |row| row.value.as_f64())
    };
    let alone = of("facts_through_others_alone");
    WhoseDoing {
        people: of("people_exposed"),
        facts: of("distinct_facts"),
        through_others_alone: alone,
        through_both: (of("facts_through_others") - alone).max(0.0),
    }
}

/// Policies that let anything out, by place.
fn open(facts: &Facts) -> Vec<usize> {
    let jurisdiction = place(facts);
    let holds = |at: &usize| {
        POPULATIONS.iter().any(|(id, ..)| doing(facts, &facts.input.policies[*at].id, jurisdiction, id).facts > 0.0)
    };
    (0..facts.input.policies.len()).filter(holds).collect()
}

/// Whether anything is held about anybody.
pub fn is_drawn(facts: &Facts) -> bool {
    !open(facts).is_empty()
}

/// Draws the figure.
pub fn draw(facts: &Facts) -> Figure {
    let lang = facts.lang();
    let jurisdiction = place(facts);
    let scale = facts.people_per_model_person(jurisdiction);
    let data = ChartData::new(vec![
        column("policy", "text", "policy id"),
        column("population", "text", "not_objecting, objecting or non_user"),
        column("jurisdiction", "text", "code of the jurisdiction, or all"),
        column("people_exposed", "people", "people of the population about whom anything is held, in the model"),
        column(
            "people_of_the_place",
            "people",
            "the same scaled to the users of the place; empty if their number is not known",
        ),
        column("distinct_facts", "facts", "facts about them: a category about a person, or a link to one who told it"),
        column("by_own_acts_alone", "share", "of these, those that only their own acts told"),
        column("by_both", "share", "those that their own acts and others told"),
        column("by_others_alone", "share", "those that others alone told"),
    ]);
    let where_ = if jurisdiction == ALL {
        lang.say("anywhere", "partout").to_owned()
    } else {
        facts.called("jurisdiction", jurisdiction)
    };
    let scaled = scale.map_or_else(String::new, |factor| {
        lang.fill(
            " People are scaled from the model to the users that the scenario states: times {0}.",
            " Les personnes sont extrapolées du modèle au nombre d’utilisateurs du scénario : fois {0}.",
            &[&Unit::Number.written(factor, lang)],
        )
    });
    let heading = Heading {
        topic: lang.fill("Who is known, and whose doing it was ({0})", "Qui est connu, et du fait de qui ({0})", &[&where_]),
        detail: lang.fill(
            "Facts held about each population by whose acts told them: dark, and as a number, others alone; middle, both; pale, the person alone. {0}.{1}",
            "Faits détenus sur chaque population, selon les actes dont ils proviennent : foncé, et en chiffre, autrui seul ; moyen, les deux ; pâle, la personne seule. {0}.{1}",
            &[&facts.span(), &scaled],
        ),
    };
    let mut figure = Figure::new(facts, "scope", heading, data);
    let places = open(facts);
    if places.is_empty() {
        return figure.nothing(lang.say(
            "No policy lets anything out: nothing to show.",
            "Aucune politique ne laisse rien sortir : rien à montrer.",
        ));
    }
    let mut panels = Vec::new();
    for at in places {
        let policy = &facts.input.policies[at];
        let mut rows = Vec::new();
        for (population, en, fr) in POPULATIONS {
            let of = doing(facts, &policy.id, jurisdiction, population);
            let people = scale.map(|factor| of.people * factor);
            let shares = [of.through_others_alone, of.through_both]
                .map(|part| if of.facts > 0.0 { part / of.facts } else { 0.0 });
            let own = (1.0 - shares[0] - shares[1]).max(0.0);
            let hue = hues::of_population(population);
            let people_text = Unit::Count.written(people.unwrap_or(of.people), lang);
            let label = format!("{} · {people_text}", lang.say(en, fr));
            let text = if of.facts > 0.0 {
                Unit::Share.written(shares[0], lang)
            } else {
                lang.say("nothing", "rien").to_owned()
            };
            let value = (of.facts > 0.0).then_some(1.0);
            let mut bar = Bar::new(label, Tone::Fill(hue), (value, None), text);
            bar.parts = vec![(shares[0], Tone::Fill(hue)), (shares[1], Tone::Pale(hue)), (own, Tone::Faint(hue))];
            rows.push(bar);
            let known = of.facts > 0.0;
            figure.data.push(
                &[&policy.id, population, jurisdiction],
                &[
                    Some(of.people),
                    people,
                    Some(of.facts),
                    known.then_some(own),
                    known.then_some(shares[1]),
                    known.then_some(shares[0]),
                ],
            );
        }
        panels.push(BarPanel { head: policy_name(facts, at), rows });
    }
    bars::draw(&mut figure, lang, &Bars { panels, unit: Unit::Share, style: BarStyle::Bar, whole: Some(1.0) });
    let first = open(facts)[0];
    let of = |population| doing(facts, &facts.input.policies[first].id, jurisdiction, population);
    let count = |x: f64| Unit::Count.written(x * scale.unwrap_or(1.0), lang);
    let outsiders = of("non_user");
    let objecting = of("objecting");
    let share = Unit::Share
        .written(if objecting.facts > 0.0 { objecting.through_others_alone / objecting.facts } else { 0.0 }, lang);
    figure.alt = lang.fill(
        "Bar chart: under “{0}” {1} people who never joined are known, by others alone; of what is held about users who object, {2} was told by others alone.",
        "Barres : sous « {0} », {1} personnes jamais inscrites sont connues, par autrui seul ; de ce qui est détenu sur les utilisateurs qui s’opposent, {2} ne vient que d’autrui.",
        &[&policy_name(facts, first), &count(outsiders.people), &share],
    );
    figure
}
