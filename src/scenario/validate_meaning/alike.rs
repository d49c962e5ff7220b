//! What may be meant, but probably is not: elements that a reader of tables and charts can't tell apart, policies that say nothing.

use std::collections::HashMap;

use super::Checker;
use crate::scenario::diagnostic::{Diagnostic, Severity, clip};
use crate::scenario::letters::apparent;
use crate::scenario::schema;
use crate::scenario::source::Path;

impl Checker<'_> {
    /// Two elements of a list with one title.
    pub(super) fn titles(&mut self, file: &schema::File) {
        let lists: [(&str, Vec<[&str; 2]>); 5] = [
            ("category", file.categories.iter().map(|x| [&*x.id, &*x.title]).collect()),
            ("purpose", file.purposes.iter().map(|x| [&*x.id, &*x.title]).collect()),
            ("jurisdiction", file.jurisdictions.iter().map(|x| [&*x.code, &*x.title]).collect()),
            ("policy", file.policies.iter().map(|x| [&*x.id, &*x.title]).collect()),
            ("order", file.orders.iter().map(|x| [&*x.id, &*x.title]).collect()),
        ];
        for (table, elements) in lists {
            let mut seen: HashMap<String, usize> = HashMap::new();
            for (i, [id, title]) in elements.iter().enumerate() {
                let first = *seen.entry(apparent(title)).or_insert(i);
                // An id that stands twice is an error of its own.
                if first == i || elements[first][0] == *id || self.told.only_counts(Severity::Warning) {
                    continue;
                }
                let place = |i: usize| &self.root.locate_nearest(&Path::root().key(table).index(i).key("title")).place;
                let message = format!("{table} `{id}` has the title of `{}`", elements[first][0]);
                let problem = Diagnostic::warning(message)
                    .at(place(i), format!("\"{}\" again", clip(title, 60)))
                    .also(place(first), "first here")
                    .help("give one of them another title")
                    .hint("charts and the page show titles: nobody can tell the two apart");
                self.told.tell(problem);
            }
        }
    }

    /// Policies under which nothing flows, because nothing is said.
    pub(super) fn silent(&mut self, file: &schema::File) {
        // Of a policy that extends another, the other is told; one that is tested is meant to be so.
        let silent = |p: &schema::PolicyEntry| p.rules.is_empty() && p.extends.is_none() && p.tests.is_empty();
        for (i, policy) in file.policies.iter().enumerate().filter(|(_, p)| silent(p)) {
            let message = format!("policy `{}` has no rules: nothing flows under it", policy.id);
            let help =
                "add a [[policy.rule]] below it, or let it extend another; to share nothing, give it a [[policy.test]]"
                    .into();
            self.warning(&Path::root().key("policy").index(i), message, "no [[policy.rule]] follows", help);
            self.hint("nothing flows that no rule permits");
        }
    }
}
