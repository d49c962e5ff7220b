//! How figures of one run differ from those of another: in percent, with an interval, for each policy and purpose.

use super::{LOWER, UPPER, policy_name};
use crate::output::chart::data::{ChartData, column};
use crate::output::chart::figure::{Figure, Heading};
use crate::output::chart::form::{Bar, BarPanel, BarStyle, Bars, Unit, bars};
use crate::output::chart::row_index::Facts;
use crate::output::chart::theme::Tone;

/// What is drawn: a panel, and a row of it.
#[derive(Clone, Debug)]
pub struct Compared {
    /// What the panel is about.
    pub panel: String,
    /// Index of the policy.
    pub policy: usize,
    /// Title of the purpose.
    pub purpose: String,
    /// Means of the baseline and of the run.
    pub values: [f64; 2],
    /// Change in percent; none from nothing.
    pub percent: Option<f64>,
    /// Its 95 % interval.
    pub interval: Option<(f64, f64)>,
}

/// Most rows of a panel: of more policies and purposes the first.
const MOST_ROWS: usize = 24;

/// Draws the figure. Rows of all panels come in the same order.
pub fn draw(facts: &Facts, topic: String, detail: String, compared: &[Compared]) -> Figure {
    let lang = facts.lang();
    let data = ChartData::new(vec![
        column("figure", "text", "what is compared"),
        column("policy", "text", "policy id"),
        column("purpose", "text", "purpose"),
        column("baseline", "see figure", "mean of the first run"),
        column("run", "see figure", "mean of the other run"),
        column("percent", "percent", "change; empty from nothing"),
        column("percent_lo", "percent", LOWER),
        column("percent_hi", "percent", UPPER),
    ]);
    let mut figure = Figure::new(facts, "compare", Heading { topic, detail }, data);
    let mut names: Vec<&str> = Vec::new();
    for c in compared {
        if !names.contains(&c.panel.as_str()) {
            names.push(&c.panel);
        }
    }
    let of_panel = |name: &str| compared.iter().filter(|c| c.panel == name).take(MOST_ROWS).collect::<Vec<_>>();
    let Some(first) = names.first().map(|name| of_panel(name)) else {
        return figure
            .nothing(lang.say("The runs have no figure in common.", "Les exécutions n’ont aucun chiffre en commun."));
    };
    figure.leave_out("rows", first.len(), compared.iter().filter(|c| c.panel == names[0]).count());
    let mut panels = Vec::new();
    for name in &names {
        let mut rows = Vec::new();
        for c in of_panel(name) {
            let label = format!("{}, {}", policy_name(facts, c.policy), lang.title(&c.purpose));
            rows.push(Bar::new(label, Tone::Fill(facts.hues[c.policy]), (c.percent, c.interval), written(facts, c)));
            figure.data.push(
                &[&c.panel, &facts.input.policies[c.policy].id, &c.purpose],
                &[Some(c.values[0]), Some(c.values[1]), c.percent, c.interval.map(|i| i.0), c.interval.map(|i| i.1)],
            );
        }
        panels.push(BarPanel { head: (*name).to_owned(), rows });
    }
    bars::draw(&mut figure, lang, &Bars { panels, unit: Unit::Change, style: BarStyle::Dot, whole: None });
    figure.alt = finding(facts, compared);
    figure
}

fn written(facts: &Facts, c: &Compared) -> String {
    let lang = facts.lang();
    match c.percent {
        None if c.values == [0.0; 2] => lang.say("nothing in both", "rien dans les deux").to_owned(),
        None => lang.fill("from nothing to {0}", "de rien à {0}", &[&Unit::Count.written(c.values[1], lang)]),
        Some(0.0) if c.interval.is_none_or(|(lo, hi)| lo == 0.0 && hi == 0.0) => {
            lang.say("the same", "identique").to_owned()
        }
        Some(percent) => Unit::Change.written(percent, lang),
    }
}

fn finding(facts: &Facts, compared: &[Compared]) -> String {
    let lang = facts.lang();
    let borne = |c: &&Compared| c.percent.is_some() && c.interval.is_some_and(|(lo, hi)| lo > 0.0 || hi < 0.0);
    let size = |c: &Compared| c.percent.map_or(0.0, f64::abs);
    let Some(c) = compared.iter().filter(borne).max_by(|a, b| size(a).total_cmp(&size(b))) else {
        return lang
            .say(
                "Dot chart: no change that its interval bears out.",
                "Points : aucun changement que son intervalle établisse.",
            )
            .to_owned();
    };
    let change = Unit::Change.within(c.percent.unwrap_or(0.0), c.interval, lang);
    lang.fill(
        "Dot chart: the largest change is that of {0} under “{1}” for “{2}”: {3}.",
        "Points : le plus grand changement est celui de {0} sous « {1} » pour « {2} » : {3}.",
        &[&c.panel.to_lowercase(), &policy_name(facts, c.policy), &lang.title(&c.purpose), &change],
    )
}
