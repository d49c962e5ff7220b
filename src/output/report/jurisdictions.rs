//! People by jurisdiction on the page: how many there are, and how many each policy exposes.

use std::collections::HashMap;

use serde::Serialize;

use crate::exposure::ALL;
use crate::output::chart::number::{MISSING, count, grouped, percent};
use crate::output::chart::{ChartInput, MOST_POLICIES, Named};

/// Most jurisdictions in the table: of more, those with the most people.
const MOST: usize = 12;
/// All people of a jurisdiction, then its populations.
const POPULATIONS: [&str; 4] = [ALL, "not_objecting", "objecting", "non_user"];

/// The table, ready for the template.
#[derive(Clone, Debug, Serialize)]
pub struct Places<'a> {
    rows: Vec<PlaceView<'a>>,
    /// What the table leaves out; empty if nothing.
    note: String,
}

/// A jurisdiction under a policy.
#[derive(Clone, Debug, Serialize)]
pub struct PlaceView<'a> {
    policy: &'a str,
    /// First row of its policy?
    first: bool,
    place: &'a str,
    /// All people, then the populations.
    figures: [String; 4],
}

/// By metric, policy, jurisdiction, population: the sum over replicates, and how many there are.
type Figures<'a> = HashMap<[&'a str; 4], (f64, u32)>;

/// The table; none if there is one jurisdiction, or no row says anything.
pub fn places<'a>(input: &'a ChartInput<'a>) -> Option<Places<'a>> {
    let mut figures = Figures::new();
    for r in input.exposure.iter().filter(|r| &*r.jurisdiction != ALL && &*r.purpose == ALL && &*r.category == ALL) {
        if matches!(&*r.metric, "people" | "people_exposed") {
            let cell = figures.entry([&*r.metric, &*r.policy, &*r.jurisdiction, &*r.population]).or_default();
            *cell = (cell.0 + r.value.as_f64(), cell.1 + 1);
        }
    }
    let get = |metric: &str, policy: &Named, place: &Named, population: &str| {
        figures.get(&[metric, &*policy.id, &*place.id, population]).map(|(sum, n)| sum / f64::from(*n))
    };
    let shown = &input.policies[..input.policies.len().min(MOST_POLICIES)];
    let first = shown.first()?;
    if input.jurisdictions.len() < 2 || figures.is_empty() {
        return None;
    }
    let people = |place: &Named| get("people", first, place, ALL).unwrap_or(0.0);
    let mut places: Vec<usize> = (0..input.jurisdictions.len()).collect();
    places.sort_by(|&a, &b| people(&input.jurisdictions[b]).total_cmp(&people(&input.jurisdictions[a])));
    places.truncate(MOST);
    places.sort_unstable();
    let places: Vec<&Named> = places.into_iter().map(|i| &input.jurisdictions[i]).collect();

    let view = |policy: &'a str, k: usize, place: &'a Named, figures: [String; 4]| PlaceView {
        policy,
        first: k == 0,
        place: &place.title,
        figures,
    };
    let mut rows = Vec::new();
    for (k, place) in places.iter().enumerate() {
        let all = POPULATIONS.map(|p| get("people", first, place, p).map_or(MISSING.to_owned(), count));
        rows.push(view("Everybody in the model", k, place, all));
    }
    for policy in shown {
        for (k, place) in places.iter().enumerate() {
            let reached =
                POPULATIONS.map(|p| match (get("people_exposed", policy, place, p), get("people", policy, place, p)) {
                    (Some(n), Some(all)) if all > 0.0 => format!("{} ({})", count(n), percent(n / all)),
                    _ => MISSING.to_owned(),
                });
            rows.push(view(&policy.title, k, place, reached));
        }
    }
    let left_out = |what: &str, shown: usize, of: usize, which: &str| {
        (shown < of).then(|| format!("{shown} of {} {what} are shown, {which}.", grouped(of as u64)))
    };
    let note: Vec<String> = [
        left_out("jurisdictions", places.len(), input.jurisdictions.len(), "those with the most people"),
        left_out("policies", shown.len(), input.policies.len(), "the first of the scenario"),
    ]
    .into_iter()
    .flatten()
    .collect();
    Some(Places { rows, note: note.join(" ") })
}
