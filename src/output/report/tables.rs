//! The tables of the page: who is reached by whose doing, what an objection takes away, what goes beyond need.

use super::blocks::{Block, Cell, Table, Text};
use super::cells::{amount, missing, people_and_share, share, signed_share};
use super::content::{PeopleReached, Report, SummaryRow};
use super::exposure::Exposure;
use super::words::Words;
use crate::exposure::ALL;
use crate::output::chart::MOST_POLICIES;
use crate::output::following::Measured;
use crate::output::number::{MISSING, percent};

fn columns(words: Words, names: &[&str]) -> Vec<String> {
    names.iter().map(|name| words.say(name)).collect()
}

/// The title of a policy, a purpose, ... in the language of the page.
pub fn title(words: Words, title: &str) -> Cell {
    Cell::new(Text::plain(words.lang.title(title)))
}

/// Values and people by policy and purpose.
pub fn summary(report: &Report, words: Words) -> Vec<Block> {
    let shown = report.summary.len().min(MOST_POLICIES * report.input.purposes.len());
    let rows = &report.summary[..shown];
    if rows.is_empty() {
        return Vec::new();
    }
    let coarsened = rows.iter().any(|row| row.as_they_are.is_some());
    let mut names = vec![
        "common.policy",
        "common.purpose",
        "common.values",
        "common.not_objecting",
        "common.objecting",
        "common.non_user",
    ];
    names.extend(coarsened.then_some("who.as_they_are"));
    let mut table = Table::new(words.say("who.table"), "figures", &columns(words, &names), 2);
    let reach = |r: &PeopleReached| people_and_share(words.lang, r.people, r.share.map(|share| (share, r.interval)));
    for (i, row) in rows.iter().enumerate() {
        let mut cells = vec![
            title(words, &row.policy),
            title(words, &row.purpose),
            amount(words.lang, Some((row.disclosed_values, row.values_interval))),
            reach(&row.not_objecting),
            reach(&row.objecting),
            reach(&row.non_user),
        ];
        cells.extend(coarsened.then(|| as_they_are(row, words)));
        table.push(i == 0 || rows[i - 1].policy != row.policy, cells);
    }
    let said = coarsened.then(|| Block::para(words.say("who.coarsened")));
    said.into_iter().chain([Block::Table(table)]).collect()
}

/// How many people a policy reaches with a value as it is: nobody, if it lets out coarsened values alone.
fn as_they_are(row: &SummaryRow, words: Words) -> Cell {
    match row.as_they_are {
        Some(0.0) if row.disclosed_values > 0.0 => Cell::new(Text::plain(words.say("who.nobody_exact"))),
        people => amount(words.lang, people.map(|people| (people, None))),
    }
}

/// What the parent comes to hold, and by whose doing.
pub fn doing(report: &Report, exposure: &Exposure, words: Words) -> Vec<Block> {
    let rows = &report.following[..report.following.len().min(MOST_POLICIES)];
    if rows.is_empty() {
        return Vec::new();
    }
    let figure = |of: Measured| Some((of.value, of.interval));
    let names = ["common.policy", "who.facts", "who.times", "who.others_alone", "who.half"];
    let mut held = Table::new(words.say("who.doing_table"), "plain", &columns(words, &names), 1);
    for row in rows {
        let days = match row.half_time.value {
            0.0 => missing(),
            value => amount(
                words.lang,
                Some((value.round(), row.half_time.interval.map(|(lo, hi)| (lo.round(), hi.round())))),
            ),
        };
        held.push(
            false,
            vec![
                title(words, &row.policy),
                amount(words.lang, figure(row.facts)),
                amount(words.lang, figure(row.values_per_fact)),
                share(words.lang, figure(row.by_others_alone)),
                days,
            ],
        );
    }
    let ways = ways(report, exposure, words).map(Block::Table);
    let about = [Block::heading(words.say("who.doing")), Block::para(words.say("who.doing_about"))];
    about.into_iter().chain([Block::Table(held)]).chain(ways).collect()
}

const WAYS: [&str; 5] = ["own_acts", "address_books", "messages", "groups", "calls"];

/// Through what values come, of all that are let out about a population.
fn ways(report: &Report, exposure: &Exposure, words: Words) -> Option<Table> {
    let names = WAYS.map(|way| format!("who.{way}"));
    let names: Vec<&str> =
        ["common.policy", "who.about_everybody"].into_iter().chain(names.iter().map(String::as_str)).collect();
    let mut table = Table::new(words.say("who.ways_table"), "figures", &columns(words, &names), 2);
    for policy in report.input.policies.iter().take(MOST_POLICIES) {
        for (k, population) in [ALL, "objecting", "non_user"].into_iter().enumerate() {
            let all = exposure.whole("disclosed_values", &policy.id, population).filter(|(all, _)| *all > 0.0);
            let of = |way: &str| {
                let way = exposure.whole(&format!("disclosed_values_by_{way}"), &policy.id, population)?;
                Some(words.lang.number(percent(way.0 / all?.0)))
            };
            let shares: Vec<Option<String>> = WAYS.iter().map(|way| of(way)).collect();
            if shares.iter().any(Option::is_some) {
                let shares = shares.into_iter().map(|of| Cell::figure(of.unwrap_or_else(|| MISSING.to_owned()), None));
                let head = [title(words, &policy.title), Cell::new(Text::plain(words.population(population)))];
                table.push(k == 0, head.into_iter().chain(shares).collect());
            }
        }
    }
    (!table.rows.is_empty()).then_some(table)
}

/// What an objection takes away.
pub fn objection(report: &Report, exposure: &Exposure, words: Words) -> Vec<Block> {
    let rows = &report.following[..report.following.len().min(MOST_POLICIES)];
    // Where nobody objects there is nothing to take away.
    let objecting = report.input.policies.first().and_then(|p| exposure.whole("people", &p.id, "objecting"));
    if rows.is_empty() || objecting.is_none_or(|(people, _)| people <= 0.0) {
        return Vec::new();
    }
    let names = ["common.policy", "objection.of_values", "objection.of_facts", "objection.of_people"];
    let mut table = Table::new(words.say("objection.table"), "plain", &columns(words, &names), 1);
    for row in rows {
        let figure = |of: Measured| Some((of.value, of.interval));
        let people = exposure.whole("objection_efficacy_of_people", &row.policy_id, "objecting");
        let cells = vec![
            title(words, &row.policy),
            signed_share(words.lang, figure(row.objection_efficacy)),
            signed_share(words.lang, figure(row.objection_efficacy_of_facts)),
            signed_share(words.lang, people),
        ];
        table.push(false, cells);
    }
    vec![Block::para(words.say("objection.about")), Block::Table(table)]
}

/// What leaving takes back; nothing if nobody leaves.
pub fn leaving(report: &Report, exposure: &Exposure, words: Words) -> Vec<Block> {
    if report.leaving.is_empty() {
        return Vec::new();
    }
    let names = ["common.policy", "objection.left", "objection.left_reached", "objection.left_values"];
    let mut table = Table::new(words.say("objection.left_table"), "plain", &columns(words, &names), 1);
    for policy in report.input.policies.iter().take(MOST_POLICIES) {
        let get = |metric: &str| exposure.whole(metric, &policy.id, ALL);
        if let Some(left) = get("people_left") {
            let cells = vec![
                title(words, &policy.title),
                amount(words.lang, Some(left)),
                amount(words.lang, get("people_exposed_after_leaving")),
                amount(words.lang, get("disclosed_values_after_leaving")),
            ];
            table.push(false, cells);
        }
    }
    let table = (!table.rows.is_empty()).then_some(Block::Table(table));
    let said = Block::Para { text: Text::plain(&report.leaving), class: "" };
    [said].into_iter().chain(table).collect()
}

/// What is let out beyond need, by policy and purpose.
pub fn needed(report: &Report, exposure: &Exposure, words: Words) -> Vec<Block> {
    let names = ["common.policy", "common.purpose", "needed.beyond", "needed.not_needed", "needed.met"];
    let mut table = Table::new(words.say("needed.table"), "figures", &columns(words, &names), 2);
    for policy in report.input.policies.iter().take(MOST_POLICIES) {
        let mut first = true;
        for purpose in report.input.purposes {
            let get = |metric: &str| exposure.get(metric, &policy.id, &purpose.id, ALL, ALL);
            let lets_out = get("disclosed_values").is_some_and(|(values, _)| values > 0.0);
            if let Some(met) = get("needs_met").filter(|_| lets_out) {
                let cells = vec![
                    title(words, &policy.title),
                    title(words, &purpose.title),
                    share(words.lang, get("over_collection")),
                    amount(words.lang, get("disclosed_values_not_needed")),
                    share(words.lang, Some(met)),
                ];
                table.push(first, cells);
                first = false;
            }
        }
    }
    if table.rows.is_empty() {
        return Vec::new();
    }
    vec![Block::para(words.say("needed.about")), Block::Table(table)]
}
