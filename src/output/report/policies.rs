//! The policies of a run in words, and exactly where each differs from the baseline.

use super::blocks::{Block, Text};
use super::content::{PolicyText, Report};
use super::rules::RuleSentences;
use super::words::Words;
use crate::output::chart::MOST_POLICIES;
use crate::output::lang::Lang;
use crate::scenario::Scenario;

/// Most policies that are put in words; the resolved scenario has all of them.
const MOST_TEXTS: usize = 60;

/// The policies of a scenario; the first of them with what tells them from the baseline.
pub fn policy_texts(scenario: &Scenario, lang: Lang) -> Vec<PolicyText> {
    let sentences = RuleSentences::new(scenario, lang);
    let words = Words { lang };
    let baseline = &scenario.policies[scenario.baseline];
    let title =
        |id: &str| scenario.file.policies.iter().find(|p| p.id == id).map_or(id.to_owned(), |p| p.title.clone());
    let text = |p: &crate::scenario::schema::PolicyEntry| PolicyText {
        id: p.id.clone(),
        title: p.title.clone(),
        source: p.source.clone(),
        rules: (p.extends.iter().map(|base| words.fill("policies.extends", &[&lang.title(&title(base))])))
            .chain(p.rules.iter().map(|rule| sentences.rule(rule)))
            .collect(),
        against: match scenario.policies.iter().position(|other| *other.id == *p.id) {
            Some(i) if i < MOST_POLICIES && i != scenario.baseline => {
                sentences.against(&scenario.policies[i], baseline)
            }
            _ => Vec::new(),
        },
    };
    scenario.file.policies.iter().take(MOST_TEXTS).map(text).collect()
}

/// The policies on the page.
pub fn policies(report: &Report, words: Words) -> Vec<Block> {
    if report.policies.is_empty() {
        return Vec::new();
    }
    let mut blocks = vec![Block::para(words.say("policies.about"))];
    let several = report.policies.len() > 1;
    for policy in &report.policies {
        let mut said = Vec::new();
        match policy.rules.is_empty() {
            true => said.push(Block::para(words.say("policies.no_rule"))),
            false => said.push(Block::List { items: policy.rules.iter().map(Text::own).collect() }),
        }
        match policy.against.split_first() {
            Some((verdict, lines)) => {
                said.push(Block::para(verdict.clone()));
                if !lines.is_empty() {
                    said.push(Block::List { items: lines.iter().map(Text::own).collect() });
                }
            }
            None if several && policy.id == report.baseline => said.push(Block::para(words.say("policies.baseline"))),
            None => {}
        }
        if !policy.source.is_empty() {
            let source = words.fill("common.source", &[&policy.source]);
            said.push(Block::Para { text: Text::written(source, words.lang), class: "aside" });
        }
        let title = Text::plain(words.lang.title(&policy.title));
        if report.policies.len() > MOST_POLICIES {
            blocks.push(Block::Fold { id: String::new(), summary: title, note: policy.id.clone(), blocks: said });
        } else {
            blocks.push(Block::Heading { id: String::new(), text: title, code: policy.id.clone() });
            blocks.extend(said);
        }
    }
    if let Some(more) = report.input.policies.len().checked_sub(report.policies.len()).filter(|n| *n > 0) {
        blocks.push(Block::para(words.fill("policies.more", &[&more.to_string()])));
    }
    blocks
}
