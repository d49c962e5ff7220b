//! The orders on the page: what each says, and what every policy lets out in its scope, phase by phase.

use super::blocks::{Block, Cell, Table, Text};
use super::cells::amount;
use super::content::Report;
use super::findings::quality_word;
use super::tables::title;
use super::words::Words;
use crate::exposure::Phase;
use crate::output::chart::row_index::Facts;
use crate::output::chart::{NamedOrder, stretches};
use crate::output::lang::Lang;
use crate::output::number::grouped;
use crate::scenario::{Scenario, schema};

/// Most orders on the page.
const MOST_ORDERS: usize = 24;
/// With more orders than this their tables are folded.
const FOLDED_ORDERS: usize = 6;

/// The first orders of a run.
pub fn orders(report: &Report, words: Words) -> Vec<Block> {
    let input = report.input;
    if input.orders.is_empty() {
        return Vec::new();
    }
    let facts = Facts::new(input);
    let mut blocks = vec![Block::para(words.say("orders.about"))];
    for (i, order) in input.orders.iter().take(MOST_ORDERS).enumerate() {
        let head = format!("{} ({})", order.regulator, words.lang.date(order.notice));
        let head = words.lang.say("{0}: {1}", "{0} : {1}").replace("{0}", &head);
        blocks.push(Block::Heading {
            id: format!("order-{}", i + 1),
            text: Text::plain(head.replace("{1}", &words.lang.title(&order.title))),
            code: String::new(),
        });
        let scope = report.scopes.get(i).unwrap_or(&order.scope);
        blocks.push(Block::Facts { pairs: said(order, scope, words), class: "order" });
        blocks.extend(counted(&facts, order, words, input.orders.len() > FOLDED_ORDERS));
    }
    if let Some(more) = input.orders.len().checked_sub(MOST_ORDERS).filter(|n| *n > 0) {
        blocks.push(Block::para(words.fill("orders.more", &[&words.lang.number(grouped(more as u64))])));
    }
    blocks
}

/// What an order says, and where it is documented.
fn said(order: &NamedOrder, scope: &str, words: Words) -> Vec<(String, Text)> {
    let written = |text: &str| Text::written(text, words.lang);
    let source = Text::written(format!("{} ({})", order.source, quality_word(words, &order.quality)), words.lang);
    let pairs = [
        ("scope", Text::plain(scope)),
        ("notice", Text::plain(words.lang.date(order.notice))),
        ("deadline", Text::plain(words.lang.date(order.deadline))),
        ("regime", written(&order.regime)),
        ("status", written(&order.status)),
        ("source", source),
    ];
    let pairs = pairs.into_iter().filter(|(_, text)| !text.text.is_empty());
    pairs.map(|(name, text)| (words.say(&format!("orders.{name}")), text)).collect()
}

/// What policies let out in the scope of an order.
fn counted(facts: &Facts, order: &NamedOrder, words: Words, fold: bool) -> Vec<Block> {
    let stretches = stretches(order, facts.period());
    let reached: Vec<_> = stretches.iter().filter(|s| s.days > 0).collect();
    let columns =
        ["common.policy", "orders.phase", "orders.run_days", "orders.values", "common.people", "orders.person_days"]
            .map(|name| words.say(name));
    let mut table = Table::new(words.say("orders.table"), "figures", &columns, 2);
    for policy in facts.input.policies {
        for (k, stretch) in reached.iter().enumerate() {
            let phase = stretch.phase.word();
            let get = |metric: &str| {
                let value = facts.exceedance(metric, &order.id, &policy.id, phase)?;
                Some((value, facts.exceedance_interval(metric, &order.id, &policy.id, phase)))
            };
            let mut cells = vec![
                title(words, &policy.title),
                Cell::new(Text::plain(words.say(match stretch.phase {
                    Phase::BeforeNotice => "orders.before",
                    Phase::Grace => "orders.grace",
                    Phase::AfterDeadline => "orders.after",
                }))),
                Cell::new(Text::plain(words.days(stretch.days))),
            ];
            cells.extend(["disclosed_values", "people_exposed", "person_days"].map(|m| amount(words.lang, get(m))));
            table.push(k == 0, cells);
        }
    }
    let mut blocks = Vec::new();
    if let [one] = reached.as_slice() {
        let [notice, deadline] = [order.notice, order.deadline].map(|day| words.lang.date(day));
        let name = match one.phase {
            Phase::BeforeNotice => "orders.all_before",
            Phase::Grace => "orders.all_grace",
            Phase::AfterDeadline => "orders.all_after",
        };
        blocks.push(Block::para(words.fill(name, &[&notice, &deadline])));
    }
    if table.rows.is_empty() {
        return blocks;
    }
    blocks.push(match fold {
        false => Block::Table(table),
        true => Block::Fold {
            id: String::new(),
            summary: Text::plain(words.say("orders.table")),
            note: String::new(),
            blocks: vec![Block::Table(table)],
        },
    });
    blocks
}

/// Titles, quoted or not, of the elements that a mask names.
fn titles<'a>(words: Words, mask: u64, titles: impl Iterator<Item = &'a str>, quote: bool) -> String {
    let named = |title: &str| match quote {
        true => words.fill("orders.quoted", &[&words.lang.title(title)]),
        false => words.lang.title(title).into_owned(),
    };
    let named: Vec<String> = titles.enumerate().filter(|(i, _)| mask >> i & 1 == 1).map(|(_, t)| named(t)).collect();
    words.list(&named, "common.and")
}

fn purposes(scenario: &Scenario, words: Words, mask: u32) -> String {
    titles(words, mask.into(), scenario.purposes.iter().map(|p| p.title.as_str()), true)
}

/// What each order of a scenario prohibits, as it is read there.
pub fn scopes(scenario: &Scenario, lang: Lang) -> Vec<String> {
    let words = Words { lang };
    let scope = |(order, wire): (&crate::scenario::Order, &schema::OrderEntry)| {
        let data = match &wire.categories {
            None => words.say("orders.data_any"),
            Some(_) => {
                titles(words, order.categories.into(), scenario.categories.iter().map(|c| c.title.as_str()), true)
            }
        };
        let places = scenario.jurisdictions.iter().map(|j| j.title.as_str());
        let people = titles(words, order.jurisdictions, places, false);
        words.fill("orders.scope_of", &[&data, &people, &purposes(scenario, words, order.prohibits)])
    };
    scenario.orders.iter().zip(&scenario.file.orders).map(scope).collect()
}

/// Who leaves the service when, as a sentence; empty if nobody does.
pub fn leaving(scenario: &Scenario, lang: Lang) -> String {
    let words = Words { lang };
    scenario.uninstall.as_ref().map_or_else(String::new, |leave| {
        let parts =
            [&purposes(scenario, words, leave.purposes), &lang.date(leave.from), &words.days(leave.within.into())];
        words.fill("rules.leaving", &parts.map(String::as_str))
    })
}
