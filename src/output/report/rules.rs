//! Rules and differences of policies in plain words, with the titles of what they name.

use chrono::NaiveDate;

use super::words::Words;
use crate::output::lang::Lang;
use crate::policy::analysis::{DayRuns, Line, Strictness, diff};
use crate::scenario::schema::{Choice, ChoiceOf, Effect, RoleWord, Round, RuleEntry, Transform, UserWord};
use crate::scenario::{Kind, Policy, Resolution, Scenario};

/// Most differences that are listed; the command has all.
const MOST_LINES: usize = 12;

/// A scenario in words.
pub struct RuleSentences<'a> {
    scenario: &'a Scenario,
    words: Words,
}

impl<'a> RuleSentences<'a> {
    /// The words of a scenario in a language.
    pub fn new(scenario: &'a Scenario, lang: Lang) -> Self {
        RuleSentences { scenario, words: Words { lang } }
    }

    /// A rule as a sentence.
    pub fn rule(&self, rule: &RuleEntry) -> String {
        let words = self.words;
        let mut what = rule.categories.as_ref().map_or_else(
            || words.say("rules.every_category"),
            |all| self.named(all, self.scenario.categories.iter().map(|c| (&*c.id, c.title.as_str()))),
        );
        if let Some(how) = rule.transform.as_ref().and_then(resolution) {
            what = words.fill("rules.how", &[&what, &self.resolution(Some(how))]);
        }
        let purposes = rule.purposes.as_ref().map_or_else(
            || words.say("rules.every_purpose"),
            |all| self.named(all, self.scenario.purposes.iter().map(|p| (&*p.id, p.title.as_str()))),
        );
        let effect = match rule.effect {
            Effect::Permit => "rules.permit",
            Effect::Forbid => "rules.forbid",
        };
        let mut parts = vec![words.fill(effect, &[&what, &purposes])];
        parts.extend(self.whom(rule));
        parts.extend(self.run((rule.from.map(|day| day.0), rule.until.map(|day| day.0))));
        parts.join(", ") + "."
    }

    fn whom(&self, rule: &RuleEntry) -> Vec<String> {
        let words = self.words;
        let mut parts = Vec::new();
        let places =
            |all: &[String]| self.named(all, self.scenario.jurisdictions.iter().map(|j| (&*j.code, j.title.as_str())));
        if let Some(kinds) = &rule.kinds {
            let kinds: Vec<String> = kinds.iter().map(|id| words.say(&format!("kinds.{id}"))).collect();
            parts.push(words.fill("rules.kinds", &[&words.list(&kinds, "common.or")]));
        }
        if let Some(subjects) = &rule.subjects {
            let name = |subject: &UserWord| match subject {
                UserWord::User => words.say("rules.users"),
                UserWord::NonUser => words.say("rules.without_account"),
            };
            parts.push(words.list(&subjects.iter().map(name).collect::<Vec<_>>(), "common.and"));
        }
        if let Some(roles) = &rule.roles {
            let name = |role: &RoleWord| match role {
                RoleWord::Actor => words.say("rules.actor"),
                RoleWord::Counterparty => words.say("rules.counterparty"),
            };
            parts.push(words.list(&roles.iter().map(name).collect::<Vec<_>>(), "common.or"));
        }
        parts.extend(rule.jurisdictions.as_ref().map(|all| words.fill("rules.people_in", &[&places(all)])));
        parts.extend(rule.actor_jurisdictions.as_ref().map(|all| words.fill("rules.actor_in", &[&places(all)])));
        let either = |yes: bool, [no, of]: [&str; 2]| words.say(if yes { of } else { no });
        parts.extend(rule.parent_account.map(|has| either(has, ["rules.no_parent_account", "rules.parent_account"])));
        parts.extend(rule.minor.map(|minor| either(minor, ["rules.adults", "rules.minors"])));
        parts.extend(rule.choice.map(|choice| {
            let who = match rule.choice_of.unwrap_or_default() {
                ChoiceOf::Actor => "actor",
                ChoiceOf::Subject => "subject",
                ChoiceOf::Either => "either",
                ChoiceOf::Both => "both",
            };
            let does = if choice == Choice::Objects { "objects" } else { "agrees" };
            words.say(&format!("rules.{who}_{does}"))
        }));
        parts
    }

    /// How a policy compares with the baseline, and in what they differ.
    pub fn against(&self, policy: &Policy, baseline: &Policy) -> Vec<String> {
        let words = self.words;
        let said = |name: &str| words.fill(&format!("policies.{name}"), &[&words.lang.title(&baseline.title)]);
        let Ok(found) = diff(self.scenario, [policy, baseline]) else { return vec![said("too_much")] };
        let mut lines = vec![said(match found.order {
            Strictness::Equal => "equal",
            Strictness::FirstStricter => "stricter",
            Strictness::SecondStricter => "looser",
            Strictness::Neither => "neither",
        })];
        let line = |(line, days): &(Line<[Option<Resolution>; 2]>, DayRuns)| {
            let [ours, theirs] = line.label.map(|resolution| self.resolution(resolution));
            words.fill("policies.differs", &[&self.flows(line, days), &ours, &theirs])
        };
        lines.extend(found.flows.iter().take(MOST_LINES).map(line));
        if let Some(more) = found.flows.len().checked_sub(MOST_LINES).filter(|n| *n > 0) {
            lines.push(words.fill("policies.more_lines", &[&more.to_string()]));
        }
        lines
    }

    /// Which flows a line is about.
    fn flows(&self, line: &Line<[Option<Resolution>; 2]>, days: &DayRuns) -> String {
        let (words, s) = (self.words, self.scenario);
        let mut parts: Vec<String> = Vec::new();
        parts.extend(self.some(&line.purposes, s.purposes.iter().map(|p| p.title.as_str())));
        parts.extend(self.some(&line.categories, s.categories.iter().map(|c| c.title.as_str())));
        let kinds = Kind::ALL.map(|kind| words.say(&format!("kinds.{}", kind.id())));
        let kinds = self.some(&line.kinds, kinds.iter().map(String::as_str));
        parts.extend(kinds.map(|kinds| words.fill("rules.kinds", &[&kinds])));
        match line.roles[..] {
            [0] => parts.push(words.say("rules.counterparty")),
            [1] => parts.push(words.say("rules.actor")),
            _ => {}
        }
        parts.extend(self.statuses(&line.subjects.statuses, line.roles == [1]));
        let one = |values: &[usize], names: [&str; 2]| match values {
            [one] => names.get(*one).map(|name| words.say(name)),
            _ => None,
        };
        parts.extend(one(&line.subjects.parent_accounts, ["rules.no_parent_account", "rules.parent_account"]));
        parts.extend(one(&line.subjects.minors, ["rules.adults", "rules.minors"]));
        let places = |values: &[usize]| self.some(values, s.jurisdictions.iter().map(|j| j.title.as_str()));
        parts.extend(places(&line.subjects.jurisdictions).map(|all| words.fill("rules.people_in", &[&all])));
        parts.extend(places(&line.actors.jurisdictions).map(|all| words.fill("rules.actor_in", &[&all])));
        parts.extend(match line.actors.choices[..] {
            [0] => Some(words.say("rules.acts_none")),
            [1] => Some(words.say("rules.acts_objects")),
            [2] => Some(words.say("rules.acts_agrees")),
            [0, 1] => Some(words.say("rules.acts_not_agree")),
            [0, 2] => Some(words.say("rules.acts_not_object")),
            [1, 2] => Some(words.say("rules.acts_either")),
            _ => None,
        });
        let runs: Vec<String> = days.iter().filter_map(|&run| self.run(run)).collect();
        if !runs.is_empty() {
            parts.push(words.list(&runs, "common.and"));
        }
        if parts.is_empty() { words.say("policies.every_flow") } else { parts.join(words.lang.say("; ", "\u{a0}; ")) }
    }

    /// Whom flows are about, by the numbers of statuses: 0 neither, 1 objects, 2 agrees, 3 without an account.
    fn statuses(&self, values: &[usize], acting: bool) -> Option<String> {
        // Who acts is a user: that need not be said.
        let open: &[usize] = if acting { &[0, 1, 2] } else { &[0, 1, 2, 3] };
        if open.iter().all(|status| values.contains(status)) {
            return None;
        }
        let users: Vec<usize> = values.iter().filter(|&&status| status < 3).copied().collect();
        let users = match users[..] {
            [] => None,
            [0] => Some("rules.choice_none"),
            [1] => Some("rules.choice_objects"),
            [2] => Some("rules.choice_agrees"),
            [0, 1] => Some("rules.choice_not_agree"),
            [0, 2] => Some("rules.choice_not_object"),
            [1, 2] => Some("rules.choice_either"),
            _ => Some("rules.choice_users"),
        };
        let others = (values.contains(&3) && !acting).then_some("rules.choice_non_users");
        let names: Vec<String> = users.into_iter().chain(others).map(|name| self.words.say(name)).collect();
        Some(self.words.list(&names, "common.and"))
    }

    /// Days from one until before another; nothing for all days.
    fn run(&self, run: (Option<NaiveDate>, Option<NaiveDate>)) -> Option<String> {
        let date = |day: NaiveDate| self.words.lang.date(day);
        match run {
            (Some(from), Some(until)) => Some(self.words.fill("rules.between", &[&date(from), &date(until)])),
            (Some(from), None) => Some(self.words.fill("rules.from", &[&date(from)])),
            (None, Some(until)) => Some(self.words.fill("rules.until", &[&date(until)])),
            (None, None) => None,
        }
    }

    /// Titles of ids.
    fn named<'t>(&self, ids: &[String], titles: impl Iterator<Item = (&'t str, &'t str)>) -> String {
        let titles: Vec<(&str, &str)> = titles.collect();
        let title = |id: &String| {
            let title = titles.iter().find(|(known, _)| known == id).map_or(id.as_str(), |(_, title)| title);
            self.words.fill("orders.quoted", &[&self.words.lang.title(title)])
        };
        self.words.list(&ids.iter().map(title).collect::<Vec<_>>(), "common.and")
    }

    /// Titles of places in a list; more than half of many as all but the others; nothing if it is all of them.
    fn some<'t>(&self, values: &[usize], titles: impl Iterator<Item = &'t str>) -> Option<String> {
        let titles: Vec<String> = titles.map(|title| self.words.lang.title(title).into_owned()).collect();
        if values.len() >= titles.len() {
            return None;
        }
        let of = |places: &[usize]| {
            let named: Vec<String> = places.iter().filter_map(|&i| titles.get(i).cloned()).collect();
            self.words.list(&named, "common.and")
        };
        let others: Vec<usize> = (0..titles.len()).filter(|i| !values.contains(i)).collect();
        if titles.len() > 4 && others.len() < values.len() {
            return Some(self.words.fill("rules.all_but", &[&of(&others)]));
        }
        Some(of(values))
    }

    /// How a flow is let out, if it is.
    fn resolution(&self, resolution: Option<Resolution>) -> String {
        let words = self.words;
        match resolution {
            None => words.say("policies.nothing"),
            Some(Resolution::Exact) => words.say("policies.as_it_is"),
            Some(Resolution::HashBits(bits)) => words.fill("policies.hash", &[&bits.to_string()]),
            Some(Resolution::KeyedHash) => words.say("policies.keyed"),
            Some(Resolution::Round(Round::Hour)) => words.say("policies.hour"),
            Some(Resolution::Round(Round::Day)) => words.say("policies.round_day"),
            Some(Resolution::Round(Round::Week)) => words.say("policies.week"),
            Some(Resolution::Round(Round::Month)) => words.say("policies.month"),
            Some(Resolution::Aggregate(k)) => words.fill("policies.counts", &[&k.to_string()]),
        }
    }
}

/// How a permit coarsens; none if it does not.
fn resolution(transform: &Transform) -> Option<Resolution> {
    match *transform {
        Transform { hash_bits: Some(bits), .. } => Some(Resolution::HashBits(bits)),
        Transform { keyed_hash: Some(_), .. } => Some(Resolution::KeyedHash),
        Transform { round: Some(to), .. } => Some(Resolution::Round(to)),
        Transform { aggregate_k: Some(k), .. } => Some(Resolution::Aggregate(k)),
        _ => None,
    }
}
