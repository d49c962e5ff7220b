//! Findings on the page: each a headline over the chart that shows it, and what it rests on.

use serde::Serialize;

use super::annex::parameter_id;
use super::blocks::{Block, Cell, Table, Text};
use super::content::{Parameter, Report};
use super::figures::{FigureView, Figures, Link};
use super::words::Words;
use crate::output::findings::MOST_SHOWN;
use crate::output::lang::Lang;

/// A finding as the page has it.
#[derive(Clone, Debug, Serialize)]
pub struct FindingView {
    id: String,
    number: usize,
    sentence: String,
    evidence: String,
    assumption: String,
    rests_label: String,
    rests_on: Vec<Rest>,
    /// The chart that shows it, unless another finding has it already.
    figure: Option<FigureView>,
    shown_label: String,
    shown_in: Option<Link>,
}

/// A parameter that a finding rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rest {
    key: String,
    /// Id of its row on the page; empty if it has none.
    to: String,
}

/// The findings that a reader is shown.
pub fn findings(report: &Report, words: Words, figures: &mut Figures) -> Vec<Block> {
    if report.findings.is_empty() {
        return Vec::new();
    }
    let mut blocks = Vec::new();
    for (i, of) in report.findings.iter().take(MOST_SHOWN).enumerate() {
        let figure = of.chart.and_then(|name| figures.take(name));
        let shown_in = of.chart.filter(|_| figure.is_none()).and_then(|name| figures.link(name));
        let rest = |key: &String| Rest { key: key.clone(), to: place(key, &report.parameters).unwrap_or_default() };
        blocks.push(Block::Finding(Box::new(FindingView {
            id: format!("finding-{}", i + 1),
            number: i + 1,
            sentence: said(&of.sentence, words.lang),
            evidence: words.fill("findings.evidence", &[&said(&of.evidence_in_words, words.lang)]),
            assumption: if of.returns_assumption { words.say("findings.assumption") } else { String::new() },
            rests_label: words.say("findings.rests_on"),
            rests_on: of.rests_on.iter().map(rest).collect(),
            figure,
            shown_label: words.say("findings.shown_in"),
            shown_in,
        })));
    }
    let about = if report.input.replicates > 1 { "findings.about" } else { "findings.about_one" };
    let more = match report.findings.len().saturating_sub(MOST_SHOWN) {
        0 => String::new(),
        1 => words.say("findings.one_more"),
        n => words.fill("findings.more", &[&n.to_string()]),
    };
    blocks.push(Block::aside(format!("{} {more}", words.say(about)).trim_end().to_owned()));
    blocks
}

fn said(of: &crate::output::findings::Sentence, lang: Lang) -> String {
    lang.say(&of.en, &of.fr).to_owned()
}

/// The parameters that a key of a finding stands for: `world.people`, `jurisdiction.*.users`.
fn meant<'a>(key: &'a str, parameters: &'a [Parameter]) -> impl Iterator<Item = (usize, &'a Parameter)> {
    let alike = |of: &Parameter| {
        // A purpose is one parameter, whatever of it is meant.
        let mut both = key.split('.').zip(of.key.split('.'));
        both.all(|(pattern, segment)| pattern == "*" || pattern == segment)
    };
    parameters.iter().enumerate().filter(move |(_, of)| alike(of))
}

fn place(key: &str, parameters: &[Parameter]) -> Option<String> {
    meant(key, parameters).next().map(|(i, _)| parameter_id(i))
}

/// Least sure first.
fn rank(quality: &str) -> usize {
    ["assumed", "derived", "found"].iter().position(|known| *known == quality).unwrap_or(3)
}

/// What the findings that are shown rest on, the least sure first.
pub fn assumptions(report: &Report, words: Words) -> Option<Table> {
    let mut keys: Vec<(&str, Vec<String>)> = Vec::new();
    for (i, of) in report.findings.iter().take(MOST_SHOWN).enumerate() {
        for key in &of.rests_on {
            match keys.iter_mut().find(|(known, _)| known == key) {
                Some((_, numbers)) => numbers.push((i + 1).to_string()),
                None => keys.push((key, vec![(i + 1).to_string()])),
            }
        }
    }
    let mut rows: Vec<(usize, Vec<Cell>)> = Vec::new();
    for (key, numbers) in keys {
        let found: Vec<(usize, &Parameter)> = meant(key, &report.parameters).collect();
        let worst = found.iter().map(|(_, of)| of.quality.as_str()).min_by_key(|quality| rank(quality));
        let value = match found.as_slice() {
            [] => Text::plain(String::new()),
            [(_, one)] => Text::written(&one.value, words.lang),
            many => Text::plain(words.fill("sure.values", &[&many.len().to_string()])),
        };
        let unsourced = if key.starts_with("scenario.") { "sure.of_the_run" } else { "sure.of_the_scenario" };
        let quality = worst.map_or_else(|| words.say(unsourced), |quality| quality_word(words, quality));
        let to = found.first().map(|(i, _)| parameter_id(*i)).unwrap_or_default();
        let cells = vec![
            Cell { to, ..Cell::code(key) },
            Cell { quality: worst.unwrap_or_default().to_owned(), ..Cell::new(Text::plain(quality)) },
            Cell::new(value),
            Cell::new(Text::plain(numbers.join(", "))),
        ];
        rows.push((worst.map_or(3, rank), cells));
    }
    rows.sort_by_key(|(rank, _)| *rank);
    let columns = ["sure.parameter", "common.quality", "common.value", "sure.for_findings"].map(|name| words.say(name));
    let mut table = Table::new(words.say("sure.table"), "rests", &columns, 4);
    rows.into_iter().for_each(|(_, cells)| table.push(false, cells));
    (!table.rows.is_empty()).then_some(table)
}

/// How well a parameter is known, in the language of the page.
pub fn quality_word(words: Words, quality: &str) -> String {
    match quality {
        "found" | "derived" | "assumed" => words.say(&format!("common.{quality}")),
        "" => words.say("common.no_quality"),
        other => other.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_findings_find_their_parameters() {
        let of = |key: &str| Parameter { key: key.to_owned(), ..Parameter::default() };
        let all =
            [of("world.people"), of("jurisdiction.FR.users"), of("jurisdiction.DE.users"), of("purpose.security")];
        let found = |key: &str| meant(key, &all).map(|(i, _)| i).collect::<Vec<_>>();
        assert_eq!(found("jurisdiction.*.users"), [1, 2]);
        assert_eq!((found("purpose.*.requests"), found("world.people")), (vec![3], vec![0]));
        assert!(found("kind.*").is_empty() && found("world.persons").is_empty());
    }
}
