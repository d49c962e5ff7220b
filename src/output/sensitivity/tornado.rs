//! What moves figures most: the bars of each parameter, from rows of indices.

use std::sync::Arc;

use super::indices::IndexRow;
use crate::exposure::ALL;
use crate::output::chart::{
    self, Chart, ChartError, ChartInput, MOST_BARS, Named, TornadoPanel, TornadoRow, TornadoUnit,
};
use crate::output::past_folder::{PastError, PastFolder};
use crate::output::tables::{StoredRow, read_rows};
use crate::scenario::Scenario;
use crate::scenario::letters::neutral;

/// What bars are, for those who read the data.
const OF_MORRIS: &str = "mean size of the change of the figure, for a move across the range";
const OF_SOBOL: &str = "total order: share of the variance that stays if all other parameters are known";

/// Index that bars show, by the word of the method.
fn main_index(method: &str) -> &'static str {
    if method == "sobol" { "total_order" } else { "mu_star" }
}

/// Policies that are drawn, of all.
pub fn drawn(all: &[Named]) -> &[Named] {
    &all[..all.len().min(MOST_BARS)]
}

/// Draws the indices of a study. Policies of `input` are those that are [`drawn`]; `texts` are title and subtitle.
///
/// # Errors
/// If it can't be drawn.
pub fn tornado(
    rows: &[IndexRow],
    scenario: &Scenario,
    input: &ChartInput,
    texts: (String, String),
) -> Result<Chart, ChartError> {
    let method = rows.first().map_or("morris", |row| row.method);
    let index = if method == "sobol" { OF_SOBOL } else { OF_MORRIS };
    let mut figures: Vec<&[Arc<str>; 3]> = Vec::new();
    for row in rows {
        if !figures.contains(&&row.figure) {
            figures.push(&row.figure);
        }
    }
    let panels: Vec<TornadoPanel> =
        figures.iter().map(|figure| panel(figure, rows, main_index(method), scenario, input.policies)).collect();
    chart::draw_tornado(input, texts, index, &panels, scenario.policies.len())
}

fn panel(
    figure: &[Arc<str>; 3],
    rows: &[IndexRow],
    index: &str,
    scenario: &Scenario,
    policies: &[Named],
) -> TornadoPanel {
    let of_figure: Vec<&IndexRow> = rows.iter().filter(|row| row.index == index && row.figure == *figure).collect();
    let mut parameters: Vec<&[Arc<str>; 3]> = Vec::new();
    for row in &of_figure {
        if !parameters.contains(&&row.parameter) {
            parameters.push(&row.parameter);
        }
    }
    let bar = |key: &Arc<str>, policy: &Named| {
        let row = of_figure.iter().find(|row| row.policy == policy.id && row.parameter[0] == *key);
        row.map_or((0.0, None), |row| (row.value.unwrap_or(0.0), row.interval))
    };
    let row = |[key, title, _]: &[Arc<str>; 3]| TornadoRow {
        key: key.to_string(),
        title: neutral(title),
        bars: policies.iter().map(|policy| bar(key, policy)).collect(),
    };
    let unit = match of_figure.first().map(|row| (row.method, row.unit)) {
        Some(("sobol", _)) => TornadoUnit::Share,
        Some((_, "share")) => TornadoUnit::Points,
        _ => TornadoUnit::Amount,
    };
    let [metric, population, purpose] = figure;
    TornadoPanel {
        title: neutral(&in_words([metric, population, purpose], scenario)),
        unit,
        rows: parameters.into_iter().map(row).collect(),
    }
}

/// Rows of the table of a study that is over.
///
/// # Errors
/// If it can't be read.
pub fn past_indices(past: &PastFolder) -> Result<Vec<IndexRow>, PastError> {
    let mut rows = Vec::new();
    read_rows(&past.table("sensitivity"), restore, |row| rows.push(row))
        .map_err(|why| past.bad_table("sensitivity", &why))?;
    Ok(rows)
}

fn restore(row: &StoredRow) -> Result<IndexRow, String> {
    Ok(IndexRow {
        policy: row.name("policy")?,
        figure: [row.name("metric")?, row.name("population")?, row.name("purpose")?],
        parameter: [row.name("parameter")?, row.name("title")?, row.name("quality")?],
        range: (row.figure("range_lo")?, row.figure("range_hi")?),
        method: row.word("method")?,
        index: row.word("index")?,
        value: row.maybe("value")?,
        interval: row.maybe("lo")?.zip(row.maybe("hi")?),
        unit: row.word("unit")?,
    })
}

/// A figure as readers call it.
pub fn in_words([metric, population, purpose]: [&Arc<str>; 3], scenario: &Scenario) -> String {
    let metric = match &**metric {
        "disclosed_values" => "Values disclosed",
        "disclosed_events" => "Events of which something is disclosed",
        "disclosed_bytes" => "Bytes disclosed",
        "people_exposed" => "People reached",
        "people" => "People",
        "coverage" => "Share of all people who are reached",
        "coverage_of_group" => "Share reached",
        "depth_mean" => "Categories held about a person who is reached, mean",
        "distinct_facts" => "Distinct facts disclosed",
        "values_per_fact" => "Times that a fact is disclosed, mean",
        "values_per_person" => "Values disclosed about a person, mean",
        "facts_through_others_alone" => "Facts held only because of what others did",
        "share_of_facts_through_others_alone" => "Share of facts that are held only because of what others did",
        "people_exposed_through_others_alone" => "People reached only by what others did",
        "score_mean" => "Score of exposure, mean",
        "score_gini" => "Inequality of exposure (Gini)",
        "over_collection" => "Share of what is disclosed that its purpose does not need",
        "objection_efficacy" => "What an objection takes away",
        "half_time" => "Days until half of those reached were reached",
        other => other,
    };
    let population = match &**population {
        ALL => "everybody",
        "not_objecting" => "users who do not object",
        "objecting" => "users who object",
        "non_user" => "people who never joined",
        other => other,
    };
    let purpose = scenario.purposes.iter().find(|p| p.id == *purpose).map_or("any purpose", |p| p.title.as_str());
    format!("{metric}: {population}, {purpose}")
}
