//! What a reader looks up: the choices, the figures behind them, and a table that is there without any script.

use serde::Serialize;
use serde_json::{Value, json};

use super::blocks::{Block, Cell, Table, Text};
use super::cells::{Figure, amount, people_and_share};
use super::content::Report;
use super::exposure::Exposure;
use super::tables::title;
use super::words::Words;
use crate::exposure::ALL;
use crate::output::chart::{MOST_POLICIES, Named};

/// Most choices of policy, purpose, place and population together whose figures the page carries with it.
const MOST_CELLS: usize = 10_000;
const POPULATIONS: [&str; 4] = [ALL, "not_objecting", "objecting", "non_user"];
const METRICS: [&str; 4] = ["disclosed_values", "people_exposed", "coverage_of_group", "distinct_facts"];
/// Words that the script puts on the page.
const SAID: [&str; 7] = ["none", "is_baseline", "missing", "no_policy", "shown", "range", "table"];

/// Something to choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Choice {
    id: String,
    title: String,
}

/// The reader's choices.
#[derive(Clone, Debug, Serialize)]
pub struct ExplorerView {
    policies: Vec<Choice>,
    purposes: Vec<Choice>,
    populations: Vec<Choice>,
    places: Vec<Choice>,
    baseline: String,
    /// The figures, as JSON that nothing in a page ends.
    data: String,
}

/// The section: the choices, then figures of all policies and populations for any purpose.
pub fn explorer(report: &Report, exposure: &Exposure, words: Words) -> Vec<Block> {
    let input = report.input;
    let policies = &input.policies[..input.policies.len().min(MOST_POLICIES)];
    let columns =
        ["common.policy", "explorer.population", "common.values", "explorer.people_reached", "explorer.facts"]
            .map(|name| words.say(name));
    let mut table = Table::new(words.say("explorer.whole"), "figures", &columns, 2);
    for policy in policies {
        for (k, population) in POPULATIONS.into_iter().enumerate() {
            let get = |metric: &str| exposure.whole(metric, &policy.id, population);
            let Some(values) = get("disclosed_values") else { continue };
            let people = get("people_exposed").map_or(0.0, |(people, _)| people);
            let cells = vec![
                title(words, &policy.title),
                Cell::new(Text::plain(words.population(population))),
                amount(words.lang, Some(values)),
                people_and_share(words.lang, people, get("coverage_of_group")),
                amount(words.lang, get("distinct_facts")),
            ];
            table.push(k == 0, cells);
        }
    }
    if table.rows.is_empty() {
        return Vec::new();
    }
    let view = view(report, policies, exposure, words);
    vec![Block::para(words.say("explorer.about")), Block::Explorer(Box::new(view)), Block::Table(table)]
}

fn view(report: &Report, policies: &[Named], exposure: &Exposure, words: Words) -> ExplorerView {
    let choice =
        |named: &Named| Choice { id: named.id.to_string(), title: words.lang.title(&named.title).into_owned() };
    let or_all = |name: &str, all: &[Named]| {
        let every = Choice { id: ALL.to_owned(), title: words.say(name) };
        std::iter::once(every).chain(all.iter().map(choice)).collect::<Vec<_>>()
    };
    let purposes = or_all("common.any_purpose", report.input.purposes);
    // Only of places whose rows reach the page, and of no more than it carries.
    let known = |named: &&Named| policies.iter().any(|p| has(exposure, &p.id, &named.id));
    let known: Vec<Named> = report.input.jurisdictions.iter().filter(known).cloned().collect();
    let mut places = or_all("common.everywhere", &known);
    places.truncate((MOST_CELLS / (policies.len() * purposes.len() * POPULATIONS.len()).max(1)).max(1));
    let populations: Vec<Choice> =
        POPULATIONS.iter().map(|id| Choice { id: (*id).to_owned(), title: words.population(id) }).collect();
    let policies: Vec<Choice> = policies.iter().map(choice).collect();
    let baseline = policies.iter().find(|p| p.id == report.baseline).or(policies.first());
    let baseline = baseline.map_or_else(String::new, |p| p.id.clone());
    let figures = |metric: &&str| {
        let mut all = Vec::new();
        for policy in &policies {
            for purpose in &purposes {
                for place in &places {
                    for population in &populations {
                        all.push(numbers(exposure.get(metric, &policy.id, &purpose.id, &place.id, &population.id)));
                    }
                }
            }
        }
        ((*metric).to_owned(), Value::Array(all))
    };
    let said = SAID.map(|name| (name.to_owned(), Value::from(words.pattern(&format!("explorer.{name}")))));
    let columns =
        json!([words.say("common.values"), words.say("explorer.people_reached"), words.say("explorer.facts")]);
    let ids = |all: &[Choice]| all.iter().map(|of| of.id.clone()).collect::<Vec<_>>();
    let data = json!({
        "policies": ids(&policies),
        "purposes": ids(&purposes),
        "places": ids(&places),
        "populations": ids(&populations),
        "policy": words.say("common.policy"),
        "columns": columns,
        "words": said.into_iter().collect::<serde_json::Map<_, _>>(),
        "figures": METRICS.iter().map(figures).collect::<serde_json::Map<_, _>>(),
    });
    // Of a text in a script only `<` could end it.
    let data = data.to_string().replace('<', "\\u003c");
    ExplorerView { policies, purposes, populations, places, baseline, data }
}

fn has(exposure: &Exposure, policy: &str, place: &str) -> bool {
    METRICS.iter().any(|metric| exposure.get(metric, policy, ALL, place, ALL).is_some())
}

/// A figure as few digits: value, then the ends of its interval where it has one.
fn numbers(figure: Option<Figure>) -> Value {
    let Some((value, interval)) = figure else { return Value::Null };
    let short = |x: f64| {
        let short = format!("{x:.6e}").parse::<f64>().unwrap_or(x);
        if short.fract() == 0.0 && short.abs() < 1e15 { json!(short as i64) } else { json!(short) }
    };
    let ends = interval.into_iter().flat_map(|(lo, hi)| [lo, hi]);
    Value::Array(std::iter::once(value).chain(ends).map(short).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_short() {
        assert_eq!(numbers(Some((214_787_681.333, Some((0.1 + 0.2, 7.0))))).to_string(), "[214787700,0.3,7]");
        assert_eq!(numbers(Some((5.0, None))).to_string(), "[5]");
        assert_eq!(numbers(None), Value::Null);
    }
}
