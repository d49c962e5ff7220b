//! Results that the scenario must give at some sizes.

use std::collections::HashMap;

use super::{Checker, MAX_DAYS, MAX_PEOPLE};
use crate::scenario::diagnostic::Diagnostic;
use crate::scenario::source::Path;
use crate::scenario::{Expect, schema};

impl Checker<'_> {
    pub(super) fn expects(&mut self, file: &schema::File) -> Vec<Expect> {
        let mut sizes = HashMap::new();
        for (i, e) in file.expects.iter().enumerate() {
            let path = Path::root().key("expect").index(i);
            if e.people > MAX_PEOPLE {
                let help = "write the number of people to simulate, such as 20_000".into();
                let message = format!("more people than ever lived: {}", e.people);
                self.error(&path.key("people"), message, "at most 100 billion", help);
            }
            if e.days > MAX_DAYS {
                let message = format!("the run is too long: {} days", e.days);
                self.error(&path.key("days"), message, "at most 3653 days", "write 3653 days or fewer".into());
            }
            let digit = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
            if e.results_digest.len() != 64 || !e.results_digest.chars().all(digit) {
                let message = "`results_digest` is no digest".into();
                let help = "write the 64 digits that `outflow bench` names, 0 to 9 and a to f".into();
                self.error(&path.key("results_digest"), message, "not 64 hexadecimal digits", help);
                self.hint("the manifest of a run has it too: `results_digest`");
            }
            let first = *sizes.entry((e.people, e.days)).or_insert(i);
            if first < i {
                let size = format!("{} people and {} day{}", e.people, e.days, if e.days == 1 { "" } else { "s" });
                let first = Path::root().key("expect").index(first).key("people");
                let d = Diagnostic::error(format!("two results are expected of {size}"))
                    .at(&self.root.locate_nearest(&path.key("people")).place, "again here")
                    .also(&self.root.locate_nearest(&first).place, "first here")
                    .help("keep one of the two");
                self.report(d);
            }
        }
        let checked = |e: &schema::ExpectEntry| Expect {
            title: e.title.clone(),
            people: e.people,
            days: e.days,
            events: e.events,
            results_digest: e.results_digest.clone(),
        };
        file.expects.iter().map(checked).collect()
    }
}
