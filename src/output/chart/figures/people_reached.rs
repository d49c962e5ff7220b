//! What share of each population the parent learns something about, under each policy.

use super::{LOWER, UPPER, policy_name, with_ends};
use crate::exposure::ALL;
use crate::output::chart::data::{ChartData, column};
use crate::output::chart::figure::{Figure, Heading};
use crate::output::chart::form::{Bar, BarPanel, BarStyle, Bars, Unit, bars};
use crate::output::chart::hues;
use crate::output::chart::row_index::{Facts, Interval, POPULATIONS};
use crate::output::chart::theme::Tone;
use crate::output::number::MISSING;

/// A population under a policy for a purpose.
#[derive(Clone, Copy, Default)]
struct GroupReached {
    exposed: Option<f64>,
    group: Option<f64>,
    /// Interval of the share.
    interval: Interval,
}

impl GroupReached {
    fn of(facts: &Facts, policy: &str, purpose: &str, population: &str) -> Self {
        GroupReached {
            exposed: facts.get("people_exposed", policy, purpose, population, ALL),
            group: facts.get("people", policy, purpose, population, ALL),
            interval: facts.interval("coverage_of_group", policy, purpose, population, ALL),
        }
    }

    /// Share of the group; none of an empty group.
    fn share(self) -> Option<f64> {
        match (self.exposed, self.group) {
            (Some(e), Some(g)) if g > 0.0 => Some(e / g),
            _ => None,
        }
    }
}

/// Whether it says something: shares that are neither all nor nothing.
pub fn is_drawn(facts: &Facts) -> bool {
    facts.input.policies.iter().any(|policy| {
        POPULATIONS.iter().any(|(id, ..)| {
            GroupReached::of(facts, &policy.id, ALL, id).share().is_some_and(|share| share > 0.0 && share < 0.999)
        })
    })
}

/// Draws the figure.
pub fn draw(facts: &Facts) -> Figure {
    let (input, lang) = (facts.input, facts.lang());
    let data = ChartData::new(vec![
        column("purpose", "text", "purpose id, `all` for any"),
        column("policy", "text", "policy id"),
        column("population", "text", "not_objecting, objecting or non_user"),
        column(
            "people_exposed",
            "people",
            "people of this population about whom at least one value reaches the parent",
        ),
        column("people", "people", "people of this population"),
        column("share", "share", "people_exposed / people; empty if the population is"),
        column("share_lo", "share", LOWER),
        column("share_hi", "share", UPPER),
    ]);
    let heading = Heading {
        topic: lang.say("About whom the parent learns anything at all", "Sur qui la maison mère apprend quoi que ce soit").to_owned(),
        detail: lang.fill(
            "Share of each population about whom at least one value reaches the parent, for any purpose. Users who object would do so if offered the choice, to at least one purpose. {0}.",
            "Part de chaque population dont au moins une valeur parvient à la maison mère, toutes finalités. Les utilisateurs qui s’opposent le feraient, si le choix leur était offert, à au moins une finalité. {0}.",
            &[&facts.span()],
        ),
    };
    let mut figure = Figure::new(facts, "people-reached", heading, data);
    for (purpose, _) in facts.purposes_and_all() {
        for policy in input.policies {
            for (population, ..) in POPULATIONS {
                let of = GroupReached::of(facts, &policy.id, purpose, population);
                let [share, lo, hi] = with_ends(of.share(), of.interval);
                figure.data.push(&[purpose, &policy.id, population], &[of.exposed, of.group, share, lo, hi]);
            }
        }
    }
    if !is_drawn(facts) {
        return figure.nothing(lang.say(
            "Of every population all are reached, or nobody is: nothing to show.",
            "De chaque population, toutes les personnes sont atteintes, ou aucune : rien à montrer.",
        ));
    }
    // Populations of which every policy reaches all, or nobody, are in the data.
    let says = |population: &str| {
        let shares =
            || input.policies.iter().filter_map(|policy| GroupReached::of(facts, &policy.id, ALL, population).share());
        shares().any(|share| share > 0.0) && shares().any(|share| share < 0.999)
    };
    let panels = POPULATIONS
        .iter()
        .filter(|(population, ..)| says(population))
        .map(|(population, en, fr)| {
            let people = input.policies.iter().find_map(|p| GroupReached::of(facts, &p.id, ALL, population).group);
            let people = people.map_or_else(String::new, |n| format!(" · {}", Unit::Count.written(n, lang)));
            let rows = input.policies.iter().enumerate().map(|(place, policy)| {
                let of = GroupReached::of(facts, &policy.id, ALL, population);
                let text = of.share().map_or(MISSING.to_owned(), |share| Unit::Share.written(share, lang));
                let tone = Tone::Fill(hues::of_population(population));
                Bar::new(policy_name(facts, place), tone, (of.share(), of.interval), text)
            });
            BarPanel { head: lang.say(en, fr).to_owned() + &people, rows: rows.collect() }
        })
        .collect();
    let form = Bars { panels, unit: Unit::Share, style: BarStyle::Bar, whole: Some(1.0) };
    bars::draw(&mut figure, lang, &form);
    figure.alt = finding(facts);
    figure
}

fn finding(facts: &Facts) -> String {
    let (input, lang) = (facts.input, facts.lang());
    let reached = |place: usize, population: &str| {
        GroupReached::of(facts, &input.policies[place].id, ALL, population).share().unwrap_or(0.0)
    };
    let Some(place) =
        (0..input.policies.len()).reduce(|a, b| if reached(b, "non_user") > reached(a, "non_user") { b } else { a })
    else {
        return lang.say("Bar chart: no policy.", "Barres : aucune politique.").to_owned();
    };
    let share = |population| Unit::Share.written(reached(place, population), lang);
    lang.fill(
        "Bar chart: under “{0}” the parent learns something about {1} of people who never joined, and {2} of users who object.",
        "Barres : sous « {0} », la maison mère apprend quelque chose sur {1} des personnes jamais inscrites et {2} des utilisateurs qui s’opposent.",
        &[&policy_name(facts, place), &share("non_user"), &share("objecting")],
    )
}
