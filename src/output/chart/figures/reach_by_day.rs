//! How soon whom the parent reaches: the share of each population known by the end of each day.

use super::{ends, policy_name, with_ends};
use crate::exposure::{ALL, FirstExposureRow};
use crate::output::chart::data::{ChartData, column};
use crate::output::chart::figure::{Figure, Heading};
use crate::output::chart::form::{Line, LinePanel, Lines, Unit, XAxis, lines};
use crate::output::chart::row_index::{Facts, POPULATIONS};

fn rows<'a>(facts: &Facts<'a>, policy: &str, population: &str) -> Vec<&'a FirstExposureRow> {
    let all = facts.input.first_exposure.iter().filter(|row| {
        &*row.metric == "share_reached"
            && &*row.since == "start"
            && &*row.policy == policy
            && &*row.population == population
            && [&row.purpose, &row.jurisdiction, &row.category].iter().all(|of| &***of == ALL)
    });
    all.collect()
}

/// Whether the reach of some policy into a population grows over the days of the run, so that a line says something.
fn grows(facts: &Facts, population: &str) -> bool {
    facts.input.policies.iter().any(|policy| {
        let rows = rows(facts, &policy.id, population);
        match (rows.first(), rows.last()) {
            (Some(first), Some(last)) => last.value.as_f64() - first.value.as_f64() > 0.02,
            _ => false,
        }
    })
}

/// Whether reach grows over the days of the run.
pub fn is_drawn(facts: &Facts) -> bool {
    POPULATIONS.iter().any(|(id, ..)| grows(facts, id))
}

/// Draws the figure.
pub fn draw(facts: &Facts) -> Figure {
    let (input, lang) = (facts.input, facts.lang());
    let mut columns = vec![
        column("population", "text", "not_objecting, objecting or non_user"),
        column("policy", "text", "policy id"),
        column("day", "days", "days since the start of the run"),
        column(
            "share_reached",
            "share",
            "people about whom something reached the parent by the end of the day / people of the population",
        ),
    ];
    columns.extend(ends("share"));
    let heading = Heading {
        topic: lang.say("How soon the parent knows of whom", "En combien de temps la maison mère connaît qui").to_owned(),
        detail: lang.fill(
            "Share of each population about whom at least one value has reached the parent by the end of a day, for any purpose. {0}.",
            "Part de chaque population dont au moins une valeur est parvenue à la maison mère à la fin d’un jour, toutes finalités. {0}.",
            &[&facts.span()],
        ),
    };
    let mut figure = Figure::new(facts, "reach-by-day", heading, ChartData::new(columns));
    let mut panels = Vec::new();
    let mut last_day = 1.0f64;
    for (population, en, fr) in POPULATIONS {
        let mut drawn = Vec::new();
        let grows = grows(facts, population);
        for (place, policy) in input.policies.iter().enumerate() {
            let rows = rows(facts, &policy.id, population);
            for row in &rows {
                let [value, lo, hi] = with_ends(Some(row.value.as_f64()), row.spread.interval);
                figure.data.push(&[population, &policy.id], &[Some(f64::from(row.day)), value, lo, hi]);
                last_day = last_day.max(f64::from(row.day));
            }
            drawn.push(Line {
                name: policy_name(facts, place),
                hue: facts.hues[place],
                points: rows.iter().map(|row| (f64::from(row.day), row.value.as_f64())).collect(),
                band: rows.iter().filter_map(|row| Some((f64::from(row.day), row.spread.interval?))).collect(),
                dots: false,
            });
        }
        // Who is reached on the first day to the last is in the data.
        if grows {
            panels.push(LinePanel { head: lang.say(en, fr).to_owned(), lines: drawn, ..LinePanel::default() });
        }
    }
    if last_day < 2.0 || !is_drawn(facts) {
        return figure.nothing(lang.say(
            "Whoever is reached is reached on the first day: nothing to show.",
            "Qui est atteint l’est dès le premier jour : rien à montrer.",
        ));
    }
    let form = Lines {
        panels,
        x: XAxis::Values(1.0, last_day),
        x_name: lang.say("days since the start of the run", "jours depuis le début de la période").to_owned(),
        unit: Unit::Share,
        one_scale: true,
        most: Some(1.0),
    };
    lines::draw(&mut figure, lang, &form, &|x| lang.number(format!("{x}")));
    figure.alt = finding(facts);
    figure
}

fn finding(facts: &Facts) -> String {
    let lang = facts.lang();
    let ends = |place: usize| {
        let rows = rows(facts, &facts.input.policies[place].id, "non_user");
        Some((rows.first()?.value.as_f64(), rows.last()?.value.as_f64(), rows.last()?.day))
    };
    let most = (0..facts.input.policies.len())
        .filter_map(|place| Some((place, ends(place)?)))
        .max_by(|a, b| a.1.1.total_cmp(&b.1.1));
    let Some((place, (first, last, day))) = most else {
        return lang.say("Line chart: nobody is reached.", "Courbes : personne n’est atteint.").to_owned();
    };
    let share = |x| Unit::Share.written(x, lang);
    lang.fill(
        "Line chart: under “{0}” {1} of people who never joined are known after a day, and {2} after {3} days.",
        "Courbes : sous « {0} », {1} des personnes jamais inscrites sont connues après un jour, et {2} après {3} jours.",
        &[&policy_name(facts, place), &share(first), &share(last), &day.to_string()],
    )
}
