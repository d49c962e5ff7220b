//! What purposes achieve by models, in the terminal.

use super::terminal;
use crate::output::chart::MOST_POLICIES;
use crate::simulate::Simulation;
use crate::utility::{BestEstimate, BestEstimates, Found, PolicyFound, SecurityFound, SubsetFound};

/// A share in percent, with its interval where it has one.
fn percent(of: Found) -> String {
    let written = |share: f64| format!("{:.1}", share * 100.0);
    let ends = of.interval.map(|(lo, hi)| (written(lo), written(hi))).filter(|(lo, hi)| lo != hi);
    let range = ends.map_or_else(String::new, |(lo, hi)| format!(" ({lo} to {hi})"));
    format!("{} %{range}", written(of.value))
}

fn title(run: &Simulation, id: &str) -> String {
    let of = run.scenario.policies.iter().find(|policy| &*policy.id == id);
    of.map_or_else(|| id.to_owned(), |policy| policy.title.clone())
}

/// What purposes achieve by models, if it is asked for.
pub fn business_intelligence(run: &Simulation, rows: &[BestEstimates]) -> String {
    let Some(first) = rows.first() else { return String::new() };
    let percent = |share: f64| format!("{:.2}", share * 100.0);
    let known = |of: &BestEstimate| {
        if of.error >= 1.0 {
            return "not known".to_owned();
        }
        let ends = of.interval.map(|(lo, hi)| (percent(lo), percent(hi))).filter(|(lo, hi)| lo != hi);
        let range = ends.map_or_else(String::new, |(lo, hi)| format!(" ({lo} to {hi})"));
        format!("{} %{range}: {}", percent(of.error), of.how)
    };
    let row = |of: &BestEstimates| {
        let people = [of.users_identified, of.users_pseudonymous].map(terminal::short);
        [title(run, &of.policy)]
            .into_iter()
            .chain(people)
            .chain(of.indicators.iter().map(known))
            .collect::<Vec<String>>()
    };
    let indicators = first.indicators.iter().map(|of| of.indicator.replace('_', " "));
    let head: Vec<String> =
        ["policy", "users identified", "under a key"].map(str::to_owned).into_iter().chain(indicators).collect();
    let head: Vec<&str> = head.iter().map(String::as_str).collect();
    let cells: Vec<Vec<String>> = rows.iter().take(MOST_POLICIES).map(row).collect();
    format!(
        "\nWhat {} learns: a model, no measurement. How far each indicator is off, in the way in which it is known best\n\n{}",
        first.model.replace('_', " "),
        terminal::table(&head, &cells, 1)
    )
}

/// How well abusive accounts are found, and what is needed for it, if it is asked for.
pub fn security(run: &Simulation, found: Option<&SecurityFound>) -> String {
    let Some(found) = found else { return String::new() };
    let row = |of: &PolicyFound| {
        let categories = format!("{:.1}", of.categories_per_user);
        let points = |gain| percent(gain).replacen(" %", "", 1);
        let front = format!("{:.0} %", of.on_front * 100.0);
        vec![
            title(run, &of.policy),
            categories,
            percent(of.recall),
            points(of.gain),
            points(of.gain_without_lift),
            front,
        ]
    };
    let head = [
        "policy",
        "categories a user",
        "found",
        "more than alone, points",
        "if the parent knows nothing",
        "not beaten",
    ];
    let cells: Vec<Vec<String>> = found.policies.iter().take(MOST_POLICIES).map(row).collect();
    format!(
        "\nHow many abusive accounts are found: a model, no measurement. Where {} % of ordinary accounts are banned by mistake. Not beaten: in what share of draws of the assumptions no other policy tells less and finds as many\n\n{}\n{}\n",
        found.false_bans * 100.0,
        terminal::table(&head, &cells, 1),
        sentence(found)
    )
}

/// What is needed, as a sentence.
pub fn sentence(found: &SecurityFound) -> String {
    let subset = |of: &SubsetFound| match &of.categories[..] {
        [] => "with none of the".to_owned(),
        ids => format!("with {} ({}) of the", ids.len(), ids.join(", ")),
    };
    let all = found.categories;
    let keeps = |of: &SubsetFound, what: &str| {
        format!("{} {all} categories told, security keeps {} of {what}", subset(of), percent(of.kept))
    };
    let alone = format!(
        "The service alone finds {}; with all {all} categories told about everybody it is {}",
        percent(found.alone),
        percent(found.full)
    );
    let needed = found.smallest.as_ref().map(|of| keeps(of, "that"));
    let of_gain = found.smallest_of_gain.as_ref().filter(|of| found.smallest.as_ref() != Some(of));
    let of_gain = of_gain.map(|of| keeps(of, "it, and 95 % of what telling adds"));
    let parts: Vec<String> = [Some(alone), needed, of_gain].into_iter().flatten().collect();
    parts.join(". ").replace(". with", ". With") + "."
}
