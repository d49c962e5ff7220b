//! The orders on the page: what each says, and what every policy discloses in its scope, phase by phase.

use serde::Serialize;

use crate::exposure::Phase;
use crate::output::chart::number::{MISSING, count, plural};
use crate::output::chart::row_index::Facts;
use crate::output::chart::{ChartInput, stretches};
use crate::output::lang::Lang;

/// An order, ready for the template.
#[derive(Clone, Debug, Serialize)]
pub struct OrderView<'a> {
    id: &'a str,
    head: String,
    /// Names and texts.
    facts: Vec<(&'static str, String)>,
    quality: &'a str,
    /// Where the run lies, if all of it lies in one phase.
    note: String,
    rows: Vec<PhaseView<'a>>,
}

/// A policy in a phase.
#[derive(Clone, Debug, Serialize)]
pub struct PhaseView<'a> {
    policy: &'a str,
    /// First row of its policy?
    first: bool,
    phase: &'static str,
    days: String,
    /// Values, people, person-days.
    figures: [String; 3],
}

/// Most orders on the page.
pub const MOST_ORDERS: usize = 24;

/// The first orders of a run.
pub fn orders<'a>(input: &'a ChartInput<'a>) -> Vec<OrderView<'a>> {
    let facts = Facts::new(input);
    let policies = facts.input.policies;
    input
        .orders
        .iter()
        .take(MOST_ORDERS)
        .map(|o| {
            let stretches = stretches(o, facts.period());
            let reached: Vec<_> = stretches.iter().filter(|s| s.days > 0).collect();
            let rows = policies.iter().flat_map(|p| {
                let get = |metric: &str, phase: Phase| facts.exceedance(metric, &o.id, &p.id, phase.word());
                let view = move |(k, s): (usize, &&crate::output::chart::Stretch)| PhaseView {
                    policy: &p.title,
                    first: k == 0,
                    phase: words(s.phase),
                    days: plural(s.days, "day", "days"),
                    figures: ["disclosed_values", "people_exposed", "person_days"]
                        .map(|metric| get(metric, s.phase).map_or(MISSING.to_owned(), count)),
                };
                reached.iter().enumerate().map(view).collect::<Vec<_>>()
            });
            OrderView {
                id: &o.id,
                head: format!("{}: {}", o.name(Lang::En), o.title),
                facts: vec![
                    ("In scope", o.scope.clone()),
                    ("Notice", Lang::En.date(o.notice)),
                    ("Deadline", Lang::En.date(o.deadline)),
                    ("Law", o.regime.clone()),
                    ("Status", o.status.clone()),
                    ("Source", o.source.clone()),
                ],
                quality: &o.quality,
                note: match reached.as_slice() {
                    [one] => one.label(o, Lang::En),
                    _ => String::new(),
                },
                rows: rows.collect(),
            }
        })
        .collect()
}

fn words(phase: Phase) -> &'static str {
    match phase {
        Phase::BeforeNotice => "Before the notice",
        Phase::Grace => "Grace period",
        Phase::AfterDeadline => "After the deadline",
    }
}
