//! Lines of an answer in words.

use chrono::NaiveDate;

use super::decision_space::Space;
use super::line::Line;
use crate::scenario::{Kind, Query};

/// Runs of days, each from its first day until before another; of an open end none.
pub type DayRuns = Vec<(Option<NaiveDate>, Option<NaiveDate>)>;

impl Space<'_> {
    /// What a line narrows down, in words: nothing that the query says already, nothing that is everything.
    pub fn words<L>(&self, line: &Line<L>, query: &Query) -> String {
        let s = self.scenario;
        let mut parts: Vec<String> = Vec::new();
        let mut named = |what: &str, values: &[usize], asked: Option<usize>, names: &[&str]| {
            if asked.is_none() && values.len() < names.len() {
                parts.push(format!("{what}{}", listed(values, names)));
            }
        };
        let purposes: Vec<&str> = s.purposes.iter().map(|p| &*p.id).collect();
        let categories: Vec<&str> = s.categories.iter().map(|c| &*c.id).collect();
        let kinds: Vec<&str> = Kind::ALL.iter().map(|k| k.id()).collect();
        let codes: Vec<&str> = s.jurisdictions.iter().map(|j| &*j.code).collect();
        named("", &line.purposes, query.purpose, &purposes);
        named("", &line.categories, query.category, &categories);
        named("from events of kind ", &line.kinds, query.kind.map(|k| k as usize), &kinds);
        if query.actor.is_none() && line.roles.len() == 1 {
            let words = ["about somebody else's contact", "about the one who acts"];
            parts.push(words[line.roles[0]].into());
        }
        if let Some(words) = statuses(&line.subjects.statuses, query, line.roles == [1]) {
            parts.push(words);
        }
        let yes_no = |values: &[usize], asked: Option<bool>, words: [&str; 2]| {
            (asked.is_none() && values.len() == 1).then(|| words[values[0]].to_string())
        };
        parts.extend(yes_no(
            &line.subjects.parent_accounts,
            query.parent_account,
            ["without a parent account", "with a parent account"],
        ));
        parts.extend(yes_no(&line.subjects.minors, query.minor, ["adults", "minors"]));
        let mut named = |what: &str, values: &[usize], asked: Option<usize>, names: &[&str]| {
            if asked.is_none() && values.len() < names.len() {
                parts.push(format!("{what}{}", listed(values, names)));
            }
        };
        named("of people in ", &line.subjects.jurisdictions, query.jurisdiction, &codes);
        let mut actor: Vec<String> = Vec::new();
        if query.actor_jurisdiction.is_none() && line.actors.jurisdictions.len() < codes.len() {
            actor.push(format!("is in {}", listed(&line.actors.jurisdictions, &codes)));
        }
        if query.actor_choice.is_none() && line.actors.choices.len() < 3 {
            actor.push(choices(&line.actors.choices).into());
        }
        if !actor.is_empty() {
            parts.push(format!("when the one who acts {}", actor.join(" and ")));
        }
        if query.date.is_none() {
            parts.extend(self.days(&line.spans));
        }
        if parts.is_empty() { "every flow asked about".into() } else { parts.join("; ") }
    }

    /// Spans of days in words; nothing for all days.
    fn days(&self, spans: &[usize]) -> Option<String> {
        let runs = self.day_runs(spans).into_iter().filter_map(|run| match run {
            (Some(from), Some(end)) => Some(format!("from {from} until before {end}")),
            (Some(from), None) => Some(format!("from {from}")),
            (None, Some(end)) => Some(format!("before {end}")),
            (None, None) => None,
        });
        let runs: Vec<_> = runs.collect();
        (!runs.is_empty()).then(|| runs.join(" and "))
    }

    /// Spans of days as runs of days; none for all days.
    pub fn day_runs(&self, spans: &[usize]) -> DayRuns {
        if spans.len() == self.kernel.spans() {
            return Vec::new();
        }
        let run = |run: &[usize]| {
            let (first, end) = (run[0], run[run.len() - 1] + 1);
            let from = (first > 0).then(|| self.kernel.first_day(first));
            (from, (end < self.kernel.spans()).then(|| self.kernel.first_day(end)))
        };
        spans.chunk_by(|a, b| a + 1 == *b).map(run).collect()
    }
}

/// `a, b and c`; more than half of many as `all but d`.
fn listed(values: &[usize], names: &[&str]) -> String {
    let others: Vec<usize> = (0..names.len()).filter(|i| !values.contains(i)).collect();
    if names.len() > 4 && others.len() < values.len() {
        return format!("all but {}", joined(others.iter().map(|&i| names[i])));
    }
    joined(values.iter().map(|&i| names[i]))
}

fn joined<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let words: Vec<&str> = words.collect();
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        Some((last, _)) => (*last).to_string(),
        None => "nobody".into(),
    }
}

/// What actors choose, of nothing (0), objecting (1), agreeing (2).
fn choices(values: &[usize]) -> &'static str {
    match values {
        [0] => "neither objects nor agrees",
        [1] => "objects",
        [2] => "agrees",
        [0, 1] => "does not agree",
        [0, 2] => "does not object",
        _ => "objects or agrees",
    }
}

fn statuses(values: &[usize], query: &Query, acting: bool) -> Option<String> {
    // Who acts is a user: that need not be said.
    let users_only = acting || query.user == Some(true);
    let open: &[usize] = match (query.user, query.choice) {
        (_, Some(_)) | (Some(false), _) => return None,
        _ if users_only => &[0, 1, 2],
        _ => &[0, 1, 2, 3],
    };
    if open.iter().all(|s| values.contains(s)) {
        return None;
    }
    let users = match values.iter().filter(|&&s| s < 3).copied().collect::<Vec<_>>()[..] {
        [] => None,
        [0] => Some("users who neither object nor agree"),
        [1] => Some("users who object"),
        [2] => Some("users who agree"),
        [0, 1] => Some("users who do not agree"),
        [0, 2] => Some("users who do not object"),
        [1, 2] => Some("users who object or agree"),
        _ => Some("users"),
    };
    let non_users = (values.contains(&3) && !users_only).then_some("people without an account");
    Some(joined(users.into_iter().chain(non_users)))
}
