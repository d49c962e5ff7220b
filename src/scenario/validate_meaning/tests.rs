//! Tests of policies: a flow each, and what must be decided about it.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Checker, Names};
use crate::scenario::diagnostic::{Severity, clip, nearest};
use crate::scenario::kind::Kind;
use crate::scenario::schema::{self, Chosen, RoleWord, UserWord};
use crate::scenario::source::Path;
use crate::scenario::{Policy, PolicyTest, Query, RuleText};

/// Rules of a policy by their titles.
type Titles<'a> = HashMap<&'a str, Vec<usize>>;

/// Rules that a message names.
const MOST_LINES: usize = 20;

impl Checker<'_> {
    pub(super) fn tests(&mut self, file: &schema::File, names: &Names, policies: &mut [Policy]) {
        for (i, (p, policy)) in file.policies.iter().zip(policies).enumerate() {
            let texts = policy.texts.clone();
            let mut titles = Titles::default();
            if p.tests.iter().any(|t| t.by.is_some()) {
                for (r, title) in texts.iter().enumerate().filter_map(|(r, text)| Some((r, text.title.as_deref()?))) {
                    titles.entry(title).or_default().push(r);
                }
            }
            for (t, test) in p.tests.iter().enumerate() {
                let path = Path::root().key("policy").index(i).key("test").index(t);
                if let Some(checked) = self.test(&path, test, names, policy, &titles) {
                    policy.tests.push(checked);
                }
            }
        }
    }

    fn test(
        &mut self,
        path: &Path,
        test: &schema::TestEntry,
        names: &Names,
        policy: &Policy,
        titles: &Titles,
    ) -> Option<PolicyTest> {
        let kinds: Vec<&str> = Kind::ALL.iter().map(|k| k.id()).collect();
        let purpose = self.one(path, "purpose", &test.purpose, names.purposes);
        let category = self.one(path, "category", &test.category, names.categories);
        let mut perhaps = |key: &str, what: &str, name: &Option<String>, known: &[&str]| {
            name.as_ref().map(|name| match known.iter().position(|k| k == name) {
                Some(i) => i,
                None => {
                    self.unknown(&path.key(key), what, name, known);
                    0
                }
            })
        };
        let kind = perhaps("kind", "kind of event", &test.kind, &kinds);
        let jurisdiction = perhaps("jurisdiction", "jurisdiction", &test.jurisdiction, names.jurisdictions);
        let actor_jurisdiction =
            perhaps("actor_jurisdiction", "jurisdiction", &test.actor_jurisdiction, names.jurisdictions);
        let user = test.subject.map(|s| s == UserWord::User);
        if user == Some(false) && matches!(test.choice, Some(Chosen::Objects | Chosen::Agrees)) {
            let help = "take `choice` out, or write subject = \"user\"".into();
            self.error(&path.key("choice"), "a non-user has no choice".into(), "of a non-user", help);
            self.hint("who never joined was never asked");
        }
        if user == Some(false) && test.role == Some(RoleWord::Actor) {
            let help = "take `role` out, or write role = \"counterparty\"".into();
            self.error(&path.key("role"), "a non-user never acts".into(), "of a non-user", help);
            self.hint("data about people who never joined come from the address books of others");
        }
        self.one_person(path, test);
        self.nobody_concerned(path, test);
        let by = test.by.as_ref().map(|by| self.deciding(&path.key("by"), by, test.expect, policy, titles));
        let place = self.root.locate_nearest(path).place.clone();
        Some(PolicyTest {
            title: test.title.clone(),
            query: Query {
                purpose: Some(purpose?),
                category: Some(category?),
                kind: kind.map(|k| Kind::ALL[k]),
                actor: test.role.map(|r| r == RoleWord::Actor),
                jurisdiction,
                actor_jurisdiction,
                user,
                parent_account: test.parent_account,
                minor: test.minor,
                choice: test.choice,
                actor_choice: test.actor_choice,
                date: test.date.map(|d| d.0),
            },
            expect: test.expect,
            by,
            place,
        })
    }

    /// The subject who acts is the actor: what a test says of the two has to agree.
    fn one_person(&mut self, path: &Path, test: &schema::TestEntry) {
        if test.role != Some(RoleWord::Actor) {
            return;
        }
        let places = test.jurisdiction.is_some() && test.jurisdiction != test.actor_jurisdiction;
        let choices = test.choice.is_some() && test.choice != test.actor_choice;
        for (key, of_subject, differ) in [
            ("actor_jurisdiction", "jurisdiction", places && test.actor_jurisdiction.is_some()),
            ("actor_choice", "choice", choices && test.actor_choice.is_some()),
        ] {
            if differ {
                let message = format!("no flow is like this: the subject acts, but `{key}` is not `{of_subject}`");
                let help = format!("take `{key}` out, or write role = \"counterparty\"");
                self.error(&path.key(key), message, "of the same person", help);
            }
        }
    }

    /// About nobody but the actor there is no flow in events of some kinds.
    fn nobody_concerned(&mut self, path: &Path, test: &schema::TestEntry) {
        let Some(kind) = test.kind.as_ref().and_then(|k| Kind::from_id(k)).filter(|k| !k.has_counterparty()) else {
            return;
        };
        let other = if test.subject == Some(UserWord::NonUser) {
            Some(("subject", "is about its actor alone, a user"))
        } else {
            (test.role == Some(RoleWord::Counterparty)).then_some(("role", "has no counterparty"))
        };
        if let Some((key, why)) = other.filter(|_| test.expect != schema::Expected::NoFlow) {
            let message = format!("no flow is like this: an event of kind `{}` {why}", kind.id());
            let help = format!("write expect = \"no_flow\", or take `{key}` out");
            self.error(&path.key(key), message, "nobody else is concerned", help);
        }
    }

    /// The rules that a test names as those that decide.
    fn deciding(
        &mut self,
        path: &Path,
        by: &[String],
        expect: schema::Expected,
        policy: &Policy,
        titles: &Titles,
    ) -> Vec<usize> {
        let effect = match expect {
            schema::Expected::Permitted => Some(schema::Effect::Permit),
            schema::Expected::Forbidden => Some(schema::Effect::Forbid),
            schema::Expected::NotPermitted | schema::Expected::NoFlow => None,
        };
        if effect.is_some() && by.is_empty() {
            let help = "name the rules, or take `by` out";
            self.error(path, "some rule has to decide this, but `by` names none".into(), "empty", help.into());
        } else if effect.is_none() && !by.is_empty() {
            let why = match expect {
                schema::Expected::NoFlow => "there is no flow to decide about",
                _ => "that no rule permits it is no rule's doing",
            };
            self.error(path, format!("`by` names rules, but {why}"), "nothing decides", "take `by` out".into());
            return Vec::new();
        }
        let mut rules = Vec::new();
        for (b, name) in by.iter().enumerate() {
            let path = path.index(b);
            let same = titles.get(name.as_str()).map(Vec::as_slice).unwrap_or_default();
            let Some(rule) = same.first().copied().or_else(|| policy.rule_numbered(name)) else {
                self.unknown_rule(&path, name, policy);
                continue;
            };
            if same.len() > 1 {
                let message = format!("{} rules of `{}` are called \"{name}\"", same.len(), policy.id);
                let help = format!("name it by its number, as in \"rule {}\", or change a title", rule + 1);
                self.error(&path, message, "which of them?", help);
                let line = |&r: &usize| policy.texts[r].place.line_column().0.to_string();
                let mut lines: Vec<String> = same.iter().take(MOST_LINES).map(line).collect();
                if same.len() > MOST_LINES {
                    lines.push("more".into());
                }
                self.hint(format!("they begin in lines {}", lines.join(" and ")));
            } else if effect.is_some_and(|e| e != policy.rules[rule].effect) {
                let (is, word) = match policy.rules[rule].effect {
                    schema::Effect::Permit => ("a permit", "forbids"),
                    schema::Effect::Forbid => ("a forbid", "permits"),
                };
                let help = format!("name the rule that {word} the flow, or change `expect`");
                self.error(&path, format!("{} is {is}: it never {word} anything", policy.texts[rule].name()), is, help);
            }
            rules.push(rule);
        }
        rules
    }

    fn unknown_rule(&mut self, path: &Path, name: &str, policy: &Policy) {
        if self.told.only_counts(Severity::Error) {
            return;
        }
        let titles: Vec<&str> = policy.texts.iter().filter_map(|t| t.title.as_deref()).collect();
        let number = name.trim().parse::<usize>().ok().filter(|n| (1..=policy.rules.len()).contains(n));
        let help = match nearest(name, titles.iter().copied()) {
            _ if number.is_some() => format!("did you mean \"rule {}\"?", name.trim()),
            Some(near) => format!("did you mean \"{near}\"?"),
            None => {
                let called = |(i, t): (usize, &Arc<RuleText>)| match &t.title {
                    Some(title) => format!("\"{}\"", clip(title, 60)),
                    None => format!("\"rule {}\"", i + 1),
                };
                let mut names: Vec<String> = policy.texts.iter().enumerate().take(MOST_LINES).map(called).collect();
                match policy.texts.len() {
                    0 => "it has no rules".into(),
                    n => {
                        names.extend((n > MOST_LINES).then(|| format!("and {} more", n - MOST_LINES)));
                        format!("it has {}", names.join(", "))
                    }
                }
            }
        };
        self.error(path, format!("policy `{}` has no rule \"{name}\"", policy.id), "not defined", help);
        self.hint("a rule goes by its title, or by its number in the policy: \"rule 1\"");
    }

    fn one(&mut self, path: &Path, key: &str, name: &str, known: &[&str]) -> Option<usize> {
        let found = known.iter().position(|k| *k == name);
        if found.is_none() {
            self.unknown(&path.key(key), key, name, known);
        }
        found
    }
}
