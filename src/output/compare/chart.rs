//! The chart of two runs beside each other, from rows of the table `compare`.

use std::collections::HashMap;

use super::figures::CompareRow;
use crate::exposure::{ALL, TableRow};
use crate::output::chart::{self, Chart, ChartError, ChartInput, Compared};
use crate::output::past_folder::{PastError, PastFolder};
use crate::output::tables::{StoredRow, read_rows};
use crate::scenario::Scenario;

/// What is shown of a comparison: a figure by policy and purpose.
pub struct Shown {
    /// Metric.
    pub metric: &'static str,
    /// Population.
    pub population: &'static str,
    /// What readers call it.
    pub words: &'static str,
}

/// Figures that are shown, the more telling first.
pub const SHOWN: [Shown; 4] = [
    Shown { metric: "disclosed_values", population: ALL, words: "Values disclosed" },
    Shown { metric: "people_exposed", population: "objecting", words: "Users reached who object" },
    Shown { metric: "people_exposed", population: "non_user", words: "People reached who never joined" },
    Shown { metric: "people_exposed", population: "not_objecting", words: "Users reached who do not object" },
];

/// Rows of a figure that is shown, for each policy and purpose.
pub fn shown<'a>(rows: &'a [CompareRow], what: &Shown) -> impl Iterator<Item = &'a CompareRow> + use<'a> {
    let (metric, population) = (what.metric, what.population);
    rows.iter().filter(move |row| {
        let [_, purpose, jurisdiction, of, category, about] = row.about.each_ref().map(|name| &**name);
        (jurisdiction, of, category, about) == (ALL, population, ALL, metric) && purpose != ALL
    })
}

/// Draws how a run differs from the first one, whose scenario this is. `texts` are title and subtitle.
///
/// # Errors
/// If it can't be drawn.
pub fn draw(
    rows: &[CompareRow],
    scenario: &Scenario,
    input: &ChartInput,
    (title, subtitle): (String, String),
) -> Result<Chart, ChartError> {
    let place: HashMap<&str, usize> = scenario.policies.iter().enumerate().map(|(i, p)| (&*p.id, i)).collect();
    let compared: Vec<Compared> = SHOWN
        .iter()
        .take(3)
        .flat_map(|what| shown(rows, what).map(move |row| (what, row)))
        .filter_map(|(what, row)| {
            let purpose = scenario.purposes.iter().find(|p| *p.id == *row.about[1]);
            let policy = place.get(&*row.about[0]).copied().filter(|&i| i < chart::MOST_POLICIES)?;
            Some(Compared {
                panel: what.words.to_owned(),
                policy,
                purpose: purpose.map_or_else(|| row.about[1].to_string(), |p| p.title.clone()),
                values: row.values,
                percent: row.percent,
                interval: row.percent_interval,
            })
        })
        .collect();
    chart::draw_comparison(input, title, subtitle, &compared)
}

/// Rows of a comparison that is over, as far as they are drawn: those of the first run that is compared.
///
/// # Errors
/// If its table can't be read.
pub fn past_rows(past: &PastFolder) -> Result<Vec<CompareRow>, PastError> {
    let mut rows: Vec<CompareRow> = Vec::new();
    let mut first = None;
    let take = |row: CompareRow| {
        let of_first = *first.get_or_insert_with(|| row.run.clone()) == row.run;
        if of_first && SHOWN.iter().any(|what| shown(std::slice::from_ref(&row), what).next().is_some()) {
            rows.push(row);
        }
    };
    read_rows(&past.table(CompareRow::TABLE), restore, take).map_err(|why| past.bad_table(CompareRow::TABLE, &why))?;
    Ok(rows)
}

fn restore(row: &StoredRow) -> Result<CompareRow, String> {
    Ok(CompareRow {
        run: row.name("run")?,
        baseline: row.name("baseline")?,
        about: [
            row.name("policy")?,
            row.name("purpose")?,
            row.name("jurisdiction")?,
            row.name("population")?,
            row.name("category")?,
            row.name("metric")?,
        ],
        unit: row.name("unit")?,
        values: [row.figure("value_baseline")?, row.figure("value_run")?],
        absolute: row.figure("absolute")?,
        interval: row.maybe("lo")?.zip(row.maybe("hi")?),
        percent: row.maybe("percent")?,
        percent_interval: row.maybe("percent_lo")?.zip(row.maybe("percent_hi")?),
        paired: row.word("paired")? == "yes",
    })
}
