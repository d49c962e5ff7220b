//! The page put together: its head, and its sections in the order in which a reader asks.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::Serialize;

use super::annex::{parameters, qualities, reproduce};
use super::background::{as_html, as_markdown};
use super::blocks::{Block, Section, Text};
use super::content::Report;
use super::explorer::explorer;
use super::exposure::Exposure;
use super::figures::{Figures, tones};
use super::findings::{assumptions, findings};
use super::jurisdictions::places;
use super::orders::orders;
use super::policies::policies;
use super::tables::{doing, leaving, needed, objection, summary};
use super::words::Words;
use crate::output::chart::row_index::Facts;
use crate::output::chart::{MOST_POLICIES, fonts};
use crate::output::lang::Lang;
use crate::output::number::grouped;

/// Most warnings that are listed.
const MOST_WARNINGS: usize = 20;
/// Most letters of the name of a window; the whole title is the heading.
const LONGEST_TITLE: usize = 56;

/// What the templates see.
#[derive(Debug, Serialize)]
pub struct Page {
    lang: &'static str,
    regular: String,
    semibold: String,
    light_tones: String,
    dark_tones: String,
    short_title: String,
    title: Text,
    over: String,
    version: String,
    question: Text,
    model: Text,
    leaving: String,
    warned: Text,
    warnings: Vec<Text>,
    sections: Vec<Section>,
    foot: String,
}

/// The report for a template.
pub fn page(report: &Report) -> Page {
    let input = report.input;
    let words = Words { lang: report.lang };
    let title = words.lang.title(input.title).into_owned();
    let untranslated = words.lang == Lang::Fr && title == input.title;
    let mut warnings: Vec<Text> =
        report.warnings.iter().take(MOST_WARNINGS).map(|w| Text::written(w, words.lang)).collect();
    if let Some(more) = report.warnings.len().checked_sub(MOST_WARNINGS).filter(|n| *n > 0) {
        warnings.push(Text::own(words.fill("head.more_warnings", &[&more.to_string()])));
    }
    Page {
        lang: words.lang.id(),
        regular: BASE64.encode(fonts::WEB[0]),
        semibold: BASE64.encode(fonts::WEB[1]),
        light_tones: tones(report.tones, false),
        dark_tones: tones(report.tones, true),
        short_title: shortened(&title),
        title: if untranslated { Text::written(&title, words.lang) } else { Text::plain(&title) },
        over: words.fill("head.over", &[input.version, input.scenario]),
        version: input.version.to_owned(),
        question: Text::plain(question(report, words)),
        model: Text::own(words.say("head.model")),
        leaving: report.leaving.clone(),
        warned: Text::own(words.say("head.warned")),
        warnings,
        sections: sections(report, words),
        foot: words.fill("head.foot", &[input.version, input.scenario, &input.seed.to_string()]),
    }
}

/// As much of a title as the name of a window holds.
fn shortened(title: &str) -> String {
    if title.chars().count() <= LONGEST_TITLE {
        return title.to_owned();
    }
    let head: String = title.chars().take(LONGEST_TITLE).collect();
    format!("{}…", head.rsplit_once(' ').map_or(head.as_str(), |(head, _)| head))
}

/// What is asked, of whom and when.
fn question(report: &Report, words: Words) -> String {
    let input = report.input;
    let titles: Vec<String> =
        input.policies.iter().take(4).map(|p| words.fill("orders.quoted", &[&words.lang.title(&p.title)])).collect();
    let name = match input.policies.len() {
        1 => "head.question_one",
        n if n <= 4 && n > 0 => "head.question_two",
        _ => "head.question_many",
    };
    let one = input.policies.first().map_or_else(String::new, |p| words.lang.title(&p.title).into_owned());
    let named = if input.policies.len() == 1 { one } else { words.list(&titles, "common.and") };
    let parts = [
        named,
        words.lang.number(grouped(input.people)),
        words.days(input.days.into()),
        words.lang.date(input.start),
        input.policies.len().to_string(),
    ];
    words.fill(name, &parts.each_ref().map(String::as_str))
}

/// The sections that have something to say. Figures are numbered as they come, so the order is that of the page.
fn sections(report: &Report, words: Words) -> Vec<Section> {
    let exposure = Exposure::new(report.input);
    let mut figures = Figures::new(report.charts, !report.tones.is_empty(), words);
    let mut all = Vec::new();
    let mut section = |id: &'static str, blocks: Vec<Block>| {
        if !blocks.is_empty() {
            let title = words.say(&format!("{}.title", id.replace('-', "_")));
            all.push(Section { id, title, blocks });
        }
    };
    section("findings", findings(report, words, &mut figures));
    section("who", who(report, &exposure, words, &mut figures));
    let mut objecting = objection(report, &exposure, words);
    objecting.extend(figures.of_section("objection"));
    objecting.extend(leaving(report, &exposure, words));
    section("objection", objecting);
    section(
        "worked-out",
        with_figures(&mut figures, "worked-out", || vec![Block::para(words.say("worked_out.about"))]),
    );
    let mut needs = needed(report, &exposure, words);
    needs.extend(figures.of_section("needed"));
    section("needed", needs);
    let mut ordered = orders(report, words);
    ordered.extend(figures.of_section("orders"));
    section("orders", ordered);
    section("policies", policies(report, words));
    section("explorer", explorer(report, &exposure, words));
    section("sure", sure(report, words, &mut figures));
    section("further", figures.others());
    section("method", report.method.iter().map(|text| Block::Para { text: Text::plain(text), class: "" }).collect());
    section(
        "limits",
        match report.limits.is_empty() {
            true => Vec::new(),
            false => vec![Block::List { items: report.limits.iter().map(Text::plain).collect() }],
        },
    );
    section("parameters", parameters(report, words));
    section("reproduce", reproduce(report, words));
    section("background", background(report, words));
    all
}

/// A section that is there for its figures alone.
fn with_figures(figures: &mut Figures, id: &str, about: impl Fn() -> Vec<Block>) -> Vec<Block> {
    let shown = figures.of_section(id);
    if shown.is_empty() { shown } else { about().into_iter().chain(shown).collect() }
}

fn who(report: &Report, exposure: &Exposure, words: Words, figures: &mut Figures) -> Vec<Block> {
    let table = summary(report, words);
    let shown = figures.of_section("who");
    if table.is_empty() && shown.is_empty() {
        return Vec::new();
    }
    let mut blocks = vec![Block::para(words.say("who.about"))];
    if Facts::new(report.input).left_out().is_some() {
        let parts = [MOST_POLICIES.to_string(), report.input.policies.len().to_string()];
        let note = words.fill("places.most_policies", &parts.each_ref().map(String::as_str));
        blocks.push(Block::Para { text: Text::own(note), class: "note" });
    }
    blocks.extend(table);
    blocks.extend(shown);
    blocks.extend(doing(report, exposure, words));
    blocks.extend(places(report, exposure, words));
    blocks
}

fn sure(report: &Report, words: Words, figures: &mut Figures) -> Vec<Block> {
    let mut blocks = vec![Block::para(match report.input.replicates {
        0 | 1 => words.say("sure.worlds_one"),
        n => words.fill("sure.worlds_many", &[&n.to_string()]),
    })];
    if !report.parameters.is_empty() {
        let all = [report.parameters.len().to_string(), qualities(report.parameters.iter(), words)];
        blocks.push(Block::para(words.fill("sure.qualities", &all.each_ref().map(String::as_str))));
    }
    if let Some(table) = assumptions(report, words) {
        blocks.push(Block::para(words.say("sure.parameters_about")));
        blocks.push(Block::Table(table));
    }
    blocks.extend(figures.of_section("sure"));
    blocks
}

fn background(report: &Report, words: Words) -> Vec<Block> {
    if report.analysis.trim().is_empty() {
        return Vec::new();
    }
    let analysis = Block::Background {
        html: as_html(report.analysis),
        markdown: as_markdown(report.analysis.trim()),
        lang: (words.lang == Lang::Fr).then_some("en"),
    };
    let note = (words.lang == Lang::Fr).then(|| Block::aside(words.say("background.written")));
    note.into_iter().chain([analysis]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_titles_are_shortened_at_a_word() {
        assert_eq!(shortened("Short"), "Short");
        let long = "What WhatsApp would share with Facebook around the CNIL's notice of 27 November 2017";
        assert_eq!(shortened(long), "What WhatsApp would share with Facebook around the…");
    }
}
