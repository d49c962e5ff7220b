//! What policies disclose of what orders prohibit: a panel per order over the days of the run.
//!
//! Counts against a scope and two days, no judgement: regulator, regime and status of the order stand beside them.

use super::phases::{Stretch, stretches};
use super::{LOWER, UPPER, ends, policy_name, with_ends};
use crate::exposure::Phase;
use crate::output::chart::NamedOrder;
use crate::output::chart::data::{ChartData, column};
use crate::output::chart::figure::{Figure, Heading};
use crate::output::chart::form::{Line, LinePanel, Lines, Unit, XAxis, Zone, lines};
use crate::output::chart::row_index::Facts;
use crate::output::chart::theme::Tone;

/// Most orders that are drawn; the page has all of them.
const MOST: usize = 6;

/// Draws the figure.
pub fn draw(facts: &Facts) -> Figure {
    let (input, lang) = (facts.input, facts.lang());
    let shown = shown(facts);
    let mut columns = vec![
        column("order", "text", "order id"),
        column("policy", "text", "policy id"),
        column("phase", "text", "before_notice, grace or after_deadline"),
        column("day", "date", "UTC date of the events"),
        column("disclosed_values", "flows", "values that reach the parent and lie in the scope of the order"),
    ];
    columns.extend(ends("flows"));
    let of_phases = ChartData::new(vec![
        column("order", "text", "order id"),
        column("policy", "text", "policy id"),
        column("phase", "text", "before_notice, grace or after_deadline"),
        column("days", "days", "days of the run in the phase"),
        column("disclosed_values", "flows", "values that reach the parent and lie in the scope of the order"),
        column("disclosed_values_lo", "flows", LOWER),
        column("disclosed_values_hi", "flows", UPPER),
        column("people_exposed", "people", "people about whom they are"),
        column("people_exposed_lo", "people", LOWER),
        column("people_exposed_hi", "people", UPPER),
        column("person_days", "person-days", "people about whom they are on each day, added over days"),
        column("person_days_lo", "person-days", LOWER),
        column("person_days_hi", "person-days", UPPER),
    ]);
    let leaving = if input.leaving.is_empty() { String::new() } else { format!(" {}", input.leaving) };
    let heading = Heading {
        topic: lang.say("How much of what an order prohibits each policy discloses, and when", "Ce que chaque politique divulgue de ce qu’interdit une décision, et quand").to_owned(),
        detail: lang.fill(
            "Values a day whose purpose, category and person lie in the scope of the order. Counts of a model, no legal finding. {0}; each panel has a scale of its own.{1}",
            "Valeurs par jour dont la finalité, la catégorie et la personne relèvent de la décision. Décomptes d’un modèle, non une conclusion juridique. {0} ; chaque panneau a sa propre échelle.{1}",
            &[&facts.span(), &leaving],
        ),
    };
    let mut figure = Figure::new(facts, "exceedance", heading, ChartData::new(columns));
    figure.more_data = Some(("phases", of_phases));
    figure.leave_out("orders", shown.len(), input.orders.len());
    if input.policies.is_empty() || input.orders.is_empty() {
        return figure.nothing(
            lang.say(
                "No policy or no order: nothing to show.",
                "Aucune politique ou aucune décision : rien à montrer.",
            ),
        );
    }
    let nothing =
        input.orders.iter().all(|o| input.policies.iter().all(|p| facts.exceedance_days(&o.id, &p.id).is_empty()));
    if nothing {
        return figure.nothing(lang.say(
            "The run has no figures of exceedance: nothing to show.",
            "Aucun chiffre de dépassement : rien à montrer.",
        ));
    }
    let panels: Vec<LinePanel> = shown.iter().map(|&o| panel(facts, &mut figure, &input.orders[o])).collect();
    let (first, last) = facts.period();
    let form = Lines {
        panels,
        x: XAxis::Days(first, last),
        x_name: String::new(),
        unit: Unit::Count,
        one_scale: false,
        most: None,
    };
    lines::draw(&mut figure, lang, &form, &|_| String::new());
    let hidden = input.orders.iter().enumerate().filter(|(i, _)| !shown.contains(i)).count();
    if hidden > 0 {
        let hidden = hidden.to_string();
        figure.note(&lang.fill(
            "Not drawn, but in the tables: {0} more orders.",
            "Non représentées, mais dans les tables : {0} autres décisions.",
            &[&hidden],
        ));
    }
    figure.alt = finding(facts);
    figure
}

/// The orders to draw, by index: those with days after the deadline first, then those with days of grace.
fn shown(facts: &Facts) -> Vec<usize> {
    let orders = facts.input.orders;
    let reached = |i: &usize| {
        let [_, grace, after] = stretches(&orders[*i], facts.period()).map(|s| s.days > 0);
        if after { 0 } else { 2 - u8::from(grace) }
    };
    let mut shown: Vec<usize> = (0..orders.len()).collect();
    shown.sort_by_key(reached);
    shown.truncate(MOST);
    shown.sort_unstable();
    shown
}

/// One order: what it is, its phases, a line for each policy.
fn panel(facts: &Facts, figure: &mut Figure, order: &NamedOrder) -> LinePanel {
    let (input, lang) = (facts.input, facts.lang());
    let stretches = stretches(order, facts.period());
    let first = facts.period().0;
    let at = |day: chrono::NaiveDate| (day - first).num_days() as f64;
    let zone = |stretch: &Stretch| Zone {
        from: at(stretch.from),
        tone: match stretch.phase {
            Phase::BeforeNotice => Tone::Paper,
            Phase::Grace => Tone::Grace,
            Phase::AfterDeadline => Tone::After,
        },
        label: stretch.label(order, lang),
        begins: stretch.begins,
    };
    let mut drawn = Vec::new();
    for (place, policy) in input.policies.iter().enumerate() {
        let (days, bands) =
            (facts.exceedance_days(&order.id, &policy.id), facts.exceedance_bands(&order.id, &policy.id));
        for (k, (day, v)) in days.iter().enumerate() {
            let interval = bands.get(k).filter(|band| band.0 == *day).map(|band| band.1);
            let phase = stretches.iter().rfind(|s| s.days > 0 && s.from <= *day).map_or("", |s| s.phase.word());
            let texts = [&*order.id, &policy.id, phase, &day.to_string()];
            figure.data.push(&texts, &with_ends(Some(*v), interval));
        }
        phase_data(facts, figure, (order, &policy.id), &stretches);
        drawn.push(Line {
            name: policy_name(facts, place),
            hue: facts.hues[place],
            points: days.iter().map(|(day, v)| (at(*day), *v)).collect(),
            band: bands.iter().map(|(day, band)| (at(*day), *band)).collect(),
            dots: false,
        });
    }
    LinePanel {
        head: format!("{}: {}", order.name(lang), lang.title(&order.title)),
        about: about(facts, order, &stretches),
        lines: drawn,
        zones: stretches.iter().filter(|s| s.days > 0).map(zone).collect(),
        level: None,
    }
}

fn phase_data(facts: &Facts, figure: &mut Figure, (order, policy): (&NamedOrder, &str), stretches: &[Stretch; 3]) {
    for stretch in stretches {
        let get = |metric: &str| {
            let word = stretch.phase.word();
            let mean = facts.exceedance(metric, &order.id, policy, word).filter(|_| stretch.days > 0);
            with_ends(mean, mean.and_then(|_| facts.exceedance_interval(metric, &order.id, policy, word)))
        };
        let figures = ["disclosed_values", "people_exposed", "person_days"].map(get);
        let numbers = [&[Some(stretch.days as f64)], figures.as_flattened()].concat();
        if let Some((_, data)) = &mut figure.more_data {
            data.push(&[&order.id, policy, stretch.phase.word()], &numbers);
        }
    }
}

/// Scope, law and status, and how many people it is about: what a reader must know before a count against the order.
fn about(facts: &Facts, order: &NamedOrder, stretches: &[Stretch; 3]) -> String {
    let lang = facts.lang();
    // The page has it all; here the first sentence of the status says what kind of act it was.
    let first = |text: &str| text.split_once(". ").map_or(text, |(first, _)| first).trim_end_matches('.').to_owned();
    let reading = if order.quality == "found" { "" } else { lang.say(" (as read here)", " (lecture de l’auteur)") };
    let text = lang.fill(
        "In scope{0}: {1}. Law: {2}. Status: {3}.",
        "Portée{0} : {1}. Droit : {2}. Statut : {3}.",
        &[reading, &order.scope, order.regime.trim_end_matches('.'), &first(&order.status)],
    );
    text + &affected(facts, order, stretches)
}

/// How many people are affected in the last phase that the run reaches, under the policy that lets out most: the denominator of the lines.
fn affected(facts: &Facts, order: &NamedOrder, stretches: &[Stretch; 3]) -> String {
    let lang = facts.lang();
    let Some(stretch) = stretches.iter().rfind(|stretch| stretch.days > 0) else { return String::new() };
    let people = |place: usize| {
        facts
            .exceedance("people_exposed", &order.id, &facts.input.policies[place].id, stretch.phase.word())
            .unwrap_or(0.0)
    };
    let Some(most) = (0..facts.input.policies.len()).reduce(|a, b| if people(b) > people(a) { b } else { a }) else {
        return String::new();
    };
    let factor = match order.jurisdictions.as_slice() {
        [code] => facts.people_per_model_person(code),
        _ => None,
    };
    let count = |x: f64| Unit::Count.written(x, lang);
    let scaled = factor.map_or_else(String::new, |factor| {
        let place = facts.called("jurisdiction", &order.jurisdictions[0]);
        lang.fill(" ({0} people of {1})", " ({0} personnes : {1})", &[&count(people(most) * factor), &place])
    });
    lang.fill(
        " In the last phase drawn “{0}” lets out values in scope about {1} people of the model{2}.",
        " Dans la dernière phase représentée, « {0} » laisse sortir des valeurs visées sur {1} personnes du modèle{2}.",
        &[&policy_name(facts, most), &count(people(most)), &scaled],
    )
}

/// What policies disclose in the scope of the first order whose deadline the run reaches.
fn finding(facts: &Facts) -> String {
    let lang = facts.lang();
    let late = [Phase::AfterDeadline, Phase::Grace, Phase::BeforeNotice].into_iter().find_map(|phase| {
        let there = |o: &&NamedOrder| stretches(o, facts.period())[phase as usize].days > 0;
        Some((phase, facts.input.orders.iter().find(there)?))
    });
    let Some((phase, order)) = late else {
        return lang
            .say(
                "Line chart: no order to hold disclosures against.",
                "Courbes : aucune décision à laquelle confronter les divulgations.",
            )
            .to_owned();
    };
    let when = match phase {
        Phase::BeforeNotice => lang.say("before the notice", "avant la mise en demeure"),
        Phase::Grace => lang.say("in the grace period", "pendant le délai accordé"),
        Phase::AfterDeadline => lang.say("after the deadline", "après l’échéance"),
    };
    let values = |place: usize| {
        facts.exceedance("disclosed_values", &order.id, &facts.input.policies[place].id, phase.word()).unwrap_or(0.0)
    };
    let said: Vec<String> = (0..facts.input.policies.len())
        .take(6)
        .map(|place| format!("“{}” {}", policy_name(facts, place), Unit::Count.written(values(place), lang)))
        .collect();
    lang.fill(
        "Line chart: values in the scope of {0} {1}: {2}.",
        "Courbes : valeurs visées par {0} {1} : {2}.",
        &[&order.name(lang), when, &said.join(", ")],
    )
}
