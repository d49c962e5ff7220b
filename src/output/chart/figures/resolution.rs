//! How exactly policies disclose: whom they reach with a value as it is, and whom only with coarsened ones.

use super::{LOWER, UPPER, policy_name, with_ends};
use crate::exposure::ALL;
use crate::output::chart::data::{ChartData, column};
use crate::output::chart::figure::{Figure, Heading};
use crate::output::chart::form::{Bar, BarPanel, BarStyle, Bars, Unit, bars};
use crate::output::chart::row_index::Facts;
use crate::output::chart::theme::Tone;
use crate::output::number::MISSING;

/// Most panels; purposes beyond them are left out.
const MOST: usize = 4;

/// A policy for a purpose.
struct Coarsening {
    values: f64,
    exact_values: f64,
    people: Option<f64>,
    exact_people: f64,
}

impl Coarsening {
    fn of(facts: &Facts, policy: &str, purpose: &str) -> Self {
        let get = |metric: &str| facts.get(metric, policy, purpose, ALL, ALL);
        let first = facts.input.resolutions.first().map_or("exact", |r| &*r.id);
        let at = |metric: &str, id: &str| get(&format!("{metric}_as_{id}")).unwrap_or(0.0);
        Coarsening {
            values: facts.input.resolutions.iter().map(|r| at("disclosed_values", &r.id)).sum(),
            exact_values: at("disclosed_values", first),
            people: get("people_exposed"),
            exact_people: at("people_exposed", first),
        }
    }

    fn is_coarse(&self) -> bool {
        self.values > self.exact_values
    }
}

/// Draws the figure.
pub fn draw(facts: &Facts) -> Figure {
    let (input, lang) = (facts.input, facts.lang());
    let data = ChartData::new(vec![
        column("purpose", "text", "purpose id"),
        column("policy", "text", "policy id"),
        column("resolution", "text", "how exactly: exact, hash_bits_N, keyed_hash, round_UNIT, aggregate_k_N"),
        column("disclosed_values", "flows", "values that reach the parent at this resolution, over the whole run"),
        column("disclosed_values_lo", "flows", LOWER),
        column("disclosed_values_hi", "flows", UPPER),
        column("disclosed_values_at_all", "flows", "values that reach it, however exactly"),
        column("disclosed_values_at_all_lo", "flows", LOWER),
        column("disclosed_values_at_all_hi", "flows", UPPER),
        column("people_exposed", "people", "people about whom at least one value reaches it at this resolution"),
        column("people_exposed_lo", "people", LOWER),
        column("people_exposed_hi", "people", UPPER),
        column("people_exposed_at_all", "people", "people about whom at least one value reaches it, however exactly"),
        column("people_exposed_at_all_lo", "people", LOWER),
        column("people_exposed_at_all_hi", "people", UPPER),
    ]);
    // Only purposes for which some policy coarsens have something to show.
    let mut purposes: Vec<&str> = input
        .purposes
        .iter()
        .map(|q| &*q.id)
        .filter(|q| input.policies.iter().any(|p| Coarsening::of(facts, &p.id, q).is_coarse()))
        .collect();
    let all = purposes.len();
    purposes.truncate(MOST);
    let heading = Heading {
        topic: lang.say("About whom values arrive as they are, and about whom only coarsened", "Sur qui les valeurs arrivent en clair, et sur qui seulement dégradées").to_owned(),
        detail: lang.fill(
            "Share of all people: dark, at least one value arrives as it is; pale, only coarsened ones do. Of several permits for a value the finest counts. {0}.",
            "Part de toutes les personnes : foncé, au moins une valeur arrive en clair ; pâle, seulement des valeurs dégradées. De plusieurs autorisations, la plus fine compte. {0}.",
            &[&facts.span()],
        ),
    };
    let mut figure = Figure::new(facts, "resolution", heading, data);
    figure.leave_out("purposes", purposes.len(), all);
    if purposes.is_empty() {
        return figure.nothing(lang.say(
            "No policy discloses anything under a transform: everything arrives as it is.",
            "Aucune politique ne divulgue sous transformation : tout arrive en clair.",
        ));
    }
    let mut panels = Vec::new();
    for purpose in &purposes {
        let mut rows = Vec::new();
        for (place, policy) in input.policies.iter().enumerate() {
            let of = Coarsening::of(facts, &policy.id, purpose);
            let share = |n: f64| (n / facts.people()).min(1.0);
            let people = of.people;
            let text = match people {
                Some(people) if of.exact_people < people => lang.fill(
                    "{0} as they are",
                    "{0} en clair",
                    &[&lang.fill(
                        "{0} of {1}",
                        "{0} sur {1}",
                        &[
                            &Unit::Share.written(share(of.exact_people), lang),
                            &Unit::Share.written(share(people), lang),
                        ],
                    )],
                ),
                Some(people) => Unit::Share.written(share(people), lang),
                None => MISSING.to_owned(),
            };
            let interval =
                facts.interval("people_exposed", &policy.id, purpose, ALL, ALL).map(|(lo, hi)| (share(lo), share(hi)));
            let hue = facts.hues[place];
            let mut bar = Bar::new(policy_name(facts, place), Tone::Fill(hue), (people.map(share), interval), text);
            let exact = share(of.exact_people.min(people.unwrap_or(0.0)));
            bar.parts = vec![(exact, Tone::Fill(hue)), (share(people.unwrap_or(0.0)) - exact, Tone::Pale(hue))];
            rows.push(bar);
            push(facts, &mut figure, (purpose, &policy.id));
        }
        panels.push(BarPanel { head: facts.called("purpose", purpose), rows });
    }
    bars::draw(&mut figure, lang, &Bars { panels, unit: Unit::Share, style: BarStyle::Bar, whole: Some(1.0) });
    figure.alt = finding(facts, &purposes);
    figure
}

fn push(facts: &Facts, figure: &mut Figure, (purpose, policy): (&str, &str)) {
    let of = |metric: &str| {
        let value = facts.get(metric, policy, purpose, ALL, ALL);
        with_ends(value, facts.interval(metric, policy, purpose, ALL, ALL))
    };
    for r in facts.input.resolutions {
        let numbers = [
            of(&format!("disclosed_values_as_{}", r.id)),
            of("disclosed_values"),
            of(&format!("people_exposed_as_{}", r.id)),
            of("people_exposed"),
        ];
        figure.data.push(&[purpose, policy, &r.id], numbers.as_flattened());
    }
}

fn finding(facts: &Facts, purposes: &[&str]) -> String {
    let lang = facts.lang();
    let mut alone = Vec::new();
    for purpose in purposes {
        for (place, policy) in facts.input.policies.iter().enumerate() {
            let of = Coarsening::of(facts, &policy.id, purpose);
            if of.is_coarse() && of.exact_people == 0.0 {
                alone.push(format!("“{}” ({})", policy_name(facts, place), facts.called("purpose", purpose)));
            }
        }
    }
    if alone.is_empty() {
        return lang.say("Bar chart: some values arrive only coarsened, but no policy lets out coarsened ones alone.", "Barres : certaines valeurs n’arrivent que dégradées, mais aucune politique n’en laisse sortir que de telles.").to_owned();
    }
    alone.truncate(4);
    lang.fill(
        "Bar chart: nothing arrives as it is under {0}.",
        "Barres : rien n’arrive en clair sous {0}.",
        &[&alone.join(", ")],
    )
}
