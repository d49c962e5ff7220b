//! What of people who told nothing could be guessed from those who did, beside what anybody could guess.

use super::{ends, policy_name, with_ends};
use crate::exposure::{ALL, KnowledgeRow};
use crate::output::chart::data::{ChartData, column};
use crate::output::chart::figure::{Figure, Heading};
use crate::output::chart::form::{Bar, BarPanel, BarStyle, Bars, Unit, bars};
use crate::output::chart::row_index::Facts;
use crate::output::chart::theme::Tone;

fn rows<'a>(facts: &Facts<'a>, policy: &str, metric: &str) -> impl Iterator<Item = &'a KnowledgeRow> {
    let of = move |row: &&KnowledgeRow, policy: &str, metric: &str| {
        row.metric == metric && &*row.policy == policy && &*row.purpose == ALL && &*row.population == ALL
    };
    let (policy, metric) = (policy.to_owned(), metric.to_owned());
    facts.input.knowledge.iter().filter(move |row| of(row, &policy, &metric))
}

/// Policies under which something is guessed.
fn guessing(facts: &Facts) -> Vec<usize> {
    let guesses = |place: &usize| {
        rows(facts, &facts.input.policies[*place].id, "guessed_by_contacts").any(|row| row.value.as_f64() > 0.0)
    };
    (0..facts.input.policies.len()).filter(guesses).collect()
}

/// Whether anything is guessed.
pub fn is_drawn(facts: &Facts) -> bool {
    !guessing(facts).is_empty()
}

/// Draws the figure.
pub fn draw(facts: &Facts) -> Figure {
    let lang = facts.lang();
    let mut columns = vec![
        column("policy", "text", "policy id"),
        column("attribute", "text", "what is guessed"),
        column(
            "guessed_by_control",
            "share",
            "people whose attribute is guessed rightly from contacts of others, drawn alike",
        ),
        column("guessed_by_contacts", "share", "people whose attribute is guessed rightly from their contacts"),
    ];
    columns.extend(ends("share"));
    let heading = Heading {
        topic: lang.say("What could be guessed of people from their contacts", "Ce que l’on devinerait des personnes par leurs contacts").to_owned(),
        detail: lang.fill(
            "Share of people whose attribute is guessed rightly: grey, from the contacts of somebody else like them (control); coloured, from their own. Only the difference is due to what was let out. {0}.",
            "Part des personnes dont l’attribut est deviné juste : gris, d’après les contacts de quelqu’un d’autre, semblable (témoin) ; en couleur, d’après les leurs. Seule la différence tient à ce qui est sorti. {0}.",
            &[&facts.span()],
        ),
    };
    let mut figure = Figure::new(facts, "inference", heading, ChartData::new(columns));
    let places = guessing(facts);
    if places.is_empty() {
        return figure.nothing(lang.say("Nothing is guessed: nothing to show.", "Rien n’est deviné : rien à montrer."));
    }
    let mut panels = Vec::new();
    let mut largest = 0.0f64;
    for place in &places {
        let id = &facts.input.policies[*place].id;
        let mut drawn = Vec::new();
        for row in rows(facts, id, "guessed_by_contacts") {
            let control = rows(facts, id, "guessed_by_control")
                .find(|of| of.parameter == row.parameter)
                .map(|row| row.value.as_f64());
            let value = row.value.as_f64();
            largest = largest.max(value - control.unwrap_or(value));
            let name = attribute(&row.parameter);
            let shares = [control.unwrap_or(0.0), value].map(|x| Unit::Share.written(x, lang));
            let text = format!("{} → {}", shares[0], shares[1]);
            let mut bar = Bar::new(
                lang.say(name.0, name.1).to_owned(),
                Tone::Fill(facts.hues[*place]),
                (Some(value), row.spread.interval),
                text,
            );
            bar.from = control;
            drawn.push(bar);
            let [value, lo, hi] = with_ends(Some(value), row.spread.interval);
            figure.data.push(&[id, &row.parameter], &[control, value, lo, hi]);
        }
        panels.push(BarPanel { head: policy_name(facts, *place), rows: drawn });
    }
    bars::draw(&mut figure, lang, &Bars { panels, unit: Unit::Share, style: BarStyle::Dot, whole: Some(1.0) });
    figure.alt = lang.fill(
        "Dot chart: what contacts add to a guess is at most {0} percentage points.",
        "Points : ce que les contacts ajoutent à une conjecture est d’au plus {0} points de pourcentage.",
        &[&Unit::Points.written(largest.max(0.0), lang)],
    );
    figure
}

/// What is guessed, in English and French; others by their id.
fn attribute(id: &str) -> (&str, &str) {
    match id {
        "age_band" => ("Age band", "Tranche d’âge"),
        "os" => ("Operating system", "Système d’exploitation"),
        "parent_account" => ("Has an account with the parent", "A un compte chez la maison mère"),
        "choice" => ("Objects to sharing", "S’oppose au partage"),
        other => (other, other),
    }
}
