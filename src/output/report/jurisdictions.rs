//! People by jurisdiction on the page: which share of them each policy reaches, and how many that are in the place itself.

use super::blocks::{Block, Cell, Table, Text};
use super::cells::{amount, missing, people_and_share};
use super::content::Report;
use super::exposure::Exposure;
use super::findings::quality_word;
use super::tables::title;
use super::words::Words;
use crate::exposure::ALL;
use crate::output::chart::{MOST_POLICIES, Named};
use crate::output::number::{count, grouped};

/// Most jurisdictions in the table: of more, those with the most people.
const MOST: usize = 12;
/// All people of a jurisdiction, then its populations.
const POPULATIONS: [&str; 4] = [ALL, "not_objecting", "objecting", "non_user"];

/// The table with what is said of it; nothing if no row says anything of any jurisdiction.
pub fn places(report: &Report, exposure: &Exposure, words: Words) -> Vec<Block> {
    let input = report.input;
    let shown = &input.policies[..input.policies.len().min(MOST_POLICIES)];
    let Some(first) = shown.first() else { return Vec::new() };
    let people = |place: &Named, population: &str| exposure.get("people", &first.id, ALL, &place.id, population);
    let mut places: Vec<usize> = (0..input.jurisdictions.len()).collect();
    places.retain(|&i| people(&input.jurisdictions[i], ALL).is_some());
    let of = places.len();
    let size = |i: usize| people(&input.jurisdictions[i], ALL).map_or(0.0, |(people, _)| people);
    places.sort_by(|&a, &b| size(b).total_cmp(&size(a)));
    places.truncate(MOST);
    places.sort_unstable();
    let places: Vec<&Named> = places.into_iter().map(|i| &input.jurisdictions[i]).collect();
    // How many people of the place one of the model stands for.
    let factor = |place: &Named| {
        let users = report.users.iter().find(|of| of.code == *place.id).filter(|of| of.millions > 0.0)?;
        let model = people(place, ALL)?.0 - people(place, "non_user")?.0;
        (model > 0.0).then(|| (users.millions * 1e6 / model, users))
    };
    if places.is_empty() || (places.len() < 2 && places.iter().all(|place| factor(place).is_none())) {
        return Vec::new();
    }
    let columns = ["policy", "place", "everybody", "not_objecting", "objecting", "non_user"]
        .map(|name| words.say(&format!("common.{name}")));
    let mut table = Table::new(words.say("places.table"), "figures", &columns, 2);
    let scaled = |place: &Named, people: f64| {
        factor(place).map(|(of, _)| words.fill("places.about_number", &[&words.lang.number(count(people * of))]))
    };
    for (k, place) in places.iter().enumerate() {
        let all = POPULATIONS.map(|population| {
            let people = people(place, population);
            let scaled = people.and_then(|(people, _)| scaled(place, people)).unwrap_or_default();
            Cell { scaled, ..amount(words.lang, people) }
        });
        let head = [Cell::new(Text::plain(words.say("places.all"))), title(words, &place.title)];
        table.push(k == 0, head.into_iter().chain(all).collect());
    }
    for policy in shown {
        for (k, place) in places.iter().enumerate() {
            let reached = POPULATIONS.map(|population| {
                let get = |metric: &str| exposure.get(metric, &policy.id, ALL, &place.id, population);
                match (get("people_exposed"), get("people")) {
                    (Some((reached, _)), Some((all, _))) if all > 0.0 => {
                        // Who reaches and who is reached vary together: only the share itself has an interval.
                        let ends = get("coverage_of_group").and_then(|(_, ends)| ends);
                        let scaled = scaled(place, reached).unwrap_or_default();
                        Cell { scaled, ..people_and_share(words.lang, reached, Some((reached / all, ends))) }
                    }
                    _ => missing(),
                }
            });
            let head = [title(words, &policy.title), title(words, &place.title)];
            table.push(k == 0, head.into_iter().chain(reached).collect());
        }
    }
    let mut blocks = vec![
        Block::Heading {
            id: "jurisdictions".to_owned(),
            text: Text::own(words.say("places.title")),
            code: String::new(),
        },
        Block::para(words.say("places.about")),
    ];
    let stands = |place: &&Named| {
        let (factor, users) = factor(place)?;
        let millions = words.lang.number(format!("{}", users.millions));
        let name = words.lang.title(&place.title);
        let parts = [&name, &*words.lang.number(count(factor)), &millions, &quality_word(words, &users.quality)];
        Some(words.fill("places.factor", &parts))
    };
    let factors: Vec<String> = places.iter().filter_map(stands).collect();
    if !factors.is_empty() {
        blocks.push(Block::para(words.say("places.scaled")));
    }
    blocks.push(Block::Table(table));
    if !factors.is_empty() {
        blocks.push(Block::aside(factors.join(" ")));
    }
    let left_out = |name: &str, shown: usize, of: usize| {
        (shown < of).then(|| words.fill(name, &[&shown.to_string(), &words.lang.number(grouped(of as u64))]))
    };
    let notes = [
        left_out("places.most_places", places.len(), of),
        left_out("places.most_policies", shown.len(), input.policies.len()),
        Some(words.say("places.also")),
    ];
    blocks.push(Block::aside(notes.into_iter().flatten().collect::<Vec<_>>().join(" ")));
    blocks
}
