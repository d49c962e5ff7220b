//! Titles, dates and sentences for charts and page: what the tables call by id.

use std::sync::Arc;

use crate::output::chart::{Marker, Named, NamedOrder};
use crate::output::lang::Lang;
use crate::output::report;
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
    /// The names of a scenario, with what is said of them in a language.
    pub fn new(scenario: &Scenario, compiled: &Compiled, lang: Lang) -> Self {
        let named = |id: &Arc<str>, title: &str| Named { id: id.clone(), title: neutral(title) };
        let transformed = compiled.resolutions.len() > 1;
        ChartNames {
            policies: scenario.policies.iter().map(|p| named(&p.id, &p.title)).collect(),
            purposes: scenario.purposes.iter().map(|p| named(&p.id, &p.title)).collect(),
            jurisdictions: scenario.jurisdictions.iter().map(|j| named(&j.code, &j.title)).collect(),
            users_millions: scenario.file.jurisdictions.iter().map(|j| j.users_millions).collect(),
            categories: scenario.categories.iter().map(|c| named(&c.id, &c.title)).collect(),
            markers: markers(scenario, lang),
            orders: orders(scenario, lang),
            resolutions: compiled
                .resolutions
                .iter()
                .filter(|_| transformed)
                .map(|r| Named { id: r.id().into(), title: r.words() })
                .collect(),
            leaving: neutral(&report::leaving(scenario, lang)),
        }
    }
}

/// The dates of orders and of leaving that lie in the run.
fn markers(scenario: &Scenario, lang: Lang) -> Vec<Marker> {
    let mark = |day, en: &str, fr: &str, who: &str| {
        let label = lang.fill(en, fr, &[who, &lang.date(day)]);
        Marker { date: day, label: neutral(&label) }
    };
    let mut markers = Vec::new();
    for o in &scenario.orders {
        if o.notice == o.deadline {
            let (en, fr) = ("{0} notice and deadline, {1}", "{0} : notification et échéance, {1}");
            markers.push(mark(o.notice, en, fr, &o.regulator));
        } else {
            markers.push(mark(o.notice, "{0} notice, {1}", "{0} : notification, {1}", &o.regulator));
            markers.push(mark(o.deadline, "{0} deadline, {1}", "{0} : échéance, {1}", &o.regulator));
        }
    }
    if let Some(u) = &scenario.uninstall {
        markers.push(mark(u.from, "first who object leave, {1}", "premiers départs de ceux qui s’opposent, {1}", ""));
    }
    markers.retain(|m| m.date >= scenario.start && m.date < scenario.date(scenario.days));
    markers
}

fn orders(scenario: &Scenario, lang: Lang) -> Vec<NamedOrder> {
    let scopes = report::scopes(scenario, lang);
    let order =
        |((o, wire), scope): ((&crate::scenario::Order, &crate::scenario::schema::OrderEntry), &String)| NamedOrder {
            id: o.id.clone(),
            title: neutral(&o.title),
            regulator: neutral(&o.regulator),
            scope: neutral(scope),
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
    scenario.orders.iter().zip(&scenario.file.orders).zip(&scopes).map(order).collect()
}
