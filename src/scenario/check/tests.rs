//! Tests of policies: a flow each, and what must be decided about it.

use super::{Checker, Names};
use crate::scenario::kind::Kind;
use crate::scenario::source::Path;
use crate::scenario::wire::{self, Chosen, Role, Subject};
use crate::scenario::{Policy, PolicyTest, Query};

impl Checker<'_> {
    pub(super) fn tests(&mut self, file: &wire::File, names: &Names, policies: &mut [Policy]) {
        for (i, (p, policy)) in file.policies.iter().zip(policies).enumerate() {
            for (t, test) in p.tests.iter().enumerate() {
                let path = Path::root().key("policy").index(i).key("test").index(t);
                if let Some(checked) = self.test(&path, test, names, policy) {
                    policy.tests.push(checked);
                }
            }
        }
    }

    fn test(&mut self, path: &Path, test: &wire::Test, names: &Names, policy: &Policy) -> Option<PolicyTest> {
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
        let user = test.subject.map(|s| s == Subject::User);
        if user == Some(false) && matches!(test.choice, Some(Chosen::Objects | Chosen::Agrees)) {
            let help = "take `choice` out, or write subject = \"user\"".into();
            self.error(&path.key("choice"), "a non-user has no choice".into(), "of a non-user", help);
        }
        if user == Some(false) && test.role == Some(Role::Actor) {
            let help = "take `role` out, or write role = \"counterparty\"".into();
            self.error(&path.key("role"), "a non-user never acts".into(), "of a non-user", help);
        }
        let by = test.by.as_ref().map(|by| {
            by.iter()
                .enumerate()
                .filter_map(|(b, name)| {
                    let found = policy.rule_named(name);
                    if found.is_none() {
                        let titles: Vec<&str> = policy.texts.iter().filter_map(|t| t.title.as_deref()).collect();
                        self.unknown(&path.key("by").index(b), &format!("rule of `{}`", policy.id), name, &titles);
                    }
                    found
                })
                .collect()
        });
        let place = self.root.locate_nearest(path).place.clone();
        Some(PolicyTest {
            title: test.title.clone(),
            query: Query {
                purpose: Some(purpose?),
                category: Some(category?),
                kind: kind.map(|k| Kind::ALL[k]),
                actor: test.role.map(|r| r == Role::Actor),
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

    fn one(&mut self, path: &Path, key: &str, name: &str, known: &[&str]) -> Option<usize> {
        let found = known.iter().position(|k| *k == name);
        if found.is_none() {
            self.unknown(&path.key(key), key, name, known);
        }
        found
    }
}
