//! Titles, dates and sentences for charts and page: what the tables call by id.

use std::sync::Arc;

use crate::output::chart::number::{list, plural};
use crate::output::chart::{Marker, Named, NamedOrder};
use crate::output::lang::Lang;
use crate::policy::Compiled;
use crate::scenario::Scenario;
use crate::scenario::letters::neutral;

/// What charts and page need to name.
#[derive(Debug)]
pub struct ChartNames {
    /// Policies.
    pub policies: Vec<Named>,
    /// Purposes.
    pub purposes: Vec<Named>,
    /// Jurisdictions.
    pub jurisdictions: Vec<Named>,
    /// Users that each of them has in reality, in millions; 0 where the scenario does not say.
    pub users_millions: Vec<f64>,
    /// Categories.
    pub categories: Vec<Named>,
    /// Dates to mark.
    pub markers: Vec<Marker>,
    /// Orders.
    pub orders: Vec<NamedOrder>,
    /// How exactly values are disclosed; empty if all of them as they are.
    pub resolutions: Vec<Named>,
    /// Who leaves the service when; empty if nobody does.
    pub leaving: String,
}

impl ChartNames {
    /// The names of a scenario.
    pub fn new(scenario: &Scenario, compiled: &Compiled) -> Self {
        let named = |id: &Arc<str>, title: &str| Named { id: id.clone(), title: neutral(title) };
        let transformed = compiled.resolutions.len() > 1;
        ChartNames {
            policies: scenario.policies.iter().map(|p| named(&p.id, &p.title)).collect(),
            purposes: scenario.purposes.iter().map(|p| named(&p.id, &p.title)).collect(),
            jurisdictions: scenario.jurisdictions.iter().map(|j| named(&j.code, &j.title)).collect(),
            users_millions: scenario.file.jurisdictions.iter().map(|j| j.users_millions).collect(),
            categories: scenario.categories.iter().map(|c| named(&c.id, &c.title)).collect(),
            markers: markers(scenario),
            orders: orders(scenario),
            resolutions: compiled
                .resolutions
                .iter()
                .filter(|_| transformed)
                .map(|r| Named { id: r.id().into(), title: r.words() })
                .collect(),
            leaving: leaving(scenario),
        }
    }
}

/// The dates of orders and of leaving that lie in the run.
fn markers(scenario: &Scenario) -> Vec<Marker> {
    let mark = |day, what: String| Marker { date: day, label: neutral(&format!("{what}, {}", Lang::En.date(day))) };
    let mut markers = Vec::new();
    for o in &scenario.orders {
        if o.notice == o.deadline {
            markers.push(mark(o.notice, format!("{} notice and deadline", o.regulator)));
        } else {
            markers.push(mark(o.notice, format!("{} notice", o.regulator)));
            markers.push(mark(o.deadline, format!("{} deadline", o.regulator)));
        }
    }
    if let Some(u) = &scenario.uninstall {
        markers.push(mark(u.from, "first who object leave".into()));
    }
    markers.retain(|m| m.date >= scenario.start && m.date < scenario.date(scenario.days));
    markers
}

/// Titles, quoted, of the elements that a mask names.
fn titles<'a>(mask: u64, titles: impl Iterator<Item = &'a str>, quote: bool) -> String {
    let quoted = |t: &str| if quote { format!("“{t}”") } else { t.to_owned() };
    let named: Vec<String> = titles.enumerate().filter(|(i, _)| mask >> i & 1 == 1).map(|(_, t)| quoted(t)).collect();
    list(&named)
}

fn purposes(scenario: &Scenario, mask: u32) -> String {
    titles(mask.into(), scenario.purposes.iter().map(|p| p.title.as_str()), true)
}

fn orders(scenario: &Scenario) -> Vec<NamedOrder> {
    let order = |(o, wire): (&crate::scenario::Order, &crate::scenario::schema::OrderEntry)| NamedOrder {
        id: o.id.clone(),
        title: neutral(&o.title),
        regulator: neutral(&o.regulator),
        scope: {
            let data = match &wire.categories {
                None => "data of any category".to_owned(),
                Some(_) => titles(o.categories.into(), scenario.categories.iter().map(|c| c.title.as_str()), true),
            };
            let people = titles(o.jurisdictions, scenario.jurisdictions.iter().map(|j| j.title.as_str()), false);
            neutral(&format!("{data} about people in {people}, for {}", purposes(scenario, o.prohibits)))
        },
        jurisdictions: scenario
            .jurisdictions
            .iter()
            .enumerate()
            .filter(|(i, _)| o.jurisdictions >> i & 1 == 1)
            .map(|(_, j)| j.code.clone())
            .collect(),
        notice: o.notice,
        deadline: o.deadline,
        regime: neutral(&o.regime),
        status: neutral(&o.status),
        source: neutral(&o.source),
        quality: wire.quality.word().into(),
    };
    scenario.orders.iter().zip(&scenario.file.orders).map(order).collect()
}

fn leaving(scenario: &Scenario) -> String {
    let Some(u) = &scenario.uninstall else { return String::new() };
    neutral(&format!(
        "Users who object to {} leave the service, from {} within {}.",
        purposes(scenario, u.purposes),
        Lang::En.date(u.from),
        plural(u.within.into(), "day", "days")
    ))
}
