//! The parameters of a scenario as a list for the report: what, how much, from where, how well known.

use crate::output::report::Parameter;
use crate::scenario::schema::Deadline;
use crate::scenario::{Quality, schema};

/// Every parameter of a scenario with its source and quality, for the report.
pub fn parameters(file: &schema::File) -> Vec<Parameter> {
    let mut rows = Vec::new();
    let mut row = |key: String, value: String, source: &str, quality: Quality| {
        rows.push(Parameter { key, value, source: source.into(), quality: quality.word().into() });
    };
    for (table, quantities, series) in [
        ("world", file.world.quantities(), file.world.series()),
        ("likeness", file.likeness.quantities(), file.likeness.series()),
        ("traffic", file.traffic.quantities(), file.traffic.series()),
    ] {
        for (name, q) in quantities {
            row(format!("{table}.{name}"), q.value.to_string(), &q.source, q.quality);
        }
        for (name, s) in series {
            let values: Vec<String> = s.values.iter().map(f64::to_string).collect();
            row(format!("{table}.{name}"), values.join(" "), &s.source, s.quality);
        }
    }
    for j in &file.jurisdictions {
        let key = |field: &str| format!("jurisdiction.{}.{field}", j.code);
        row(key("share"), j.share.to_string(), "Share of the simulated people: a sample by design", Quality::Assumed);
        row(key("users"), j.users.to_string(), &j.source, j.quality);
        row(key("users_millions"), j.users_millions.to_string(), &j.source, j.quality);
        row(key("parent_account"), j.parent_account.to_string(), &j.source, j.quality);
        row(key("parent_account_non_users"), j.parent_account_non_users.to_string(), &j.source, j.quality);
        for (field, rates) in [("objects", &j.objects), ("agrees", &j.agrees)] {
            let rates: Vec<String> = rates.iter().map(|(p, r)| format!("{p} {r}")).collect();
            row(key(field), rates.join(", "), &j.choice_source, j.choice_quality);
        }
    }
    for b in &file.age_bands {
        let rates = format!("share {}, activity {}", b.share, b.activity);
        let others = format!("unlisted {}, objection_shift {}", b.unlisted, b.objection_shift);
        row(format!("age_band.{}", b.id), format!("{rates}, {others}"), &b.source, b.quality);
    }
    for a in &file.abuse_classes {
        row(format!("abuse_class.{}", a.id), format!("share {}", a.share), &a.source, a.quality);
    }
    for c in &file.categories {
        row(format!("category.{}", c.id), format!("{} bytes, weight {}", c.bytes, c.weight), &c.source, c.quality);
    }
    for p in &file.purposes {
        row(format!("purpose.{}", p.id), format!("requests {}", p.requests.join(", ")), &p.source, p.quality);
    }
    if let Some(u) = &file.uninstall {
        let who = format!("{}, from {}", u.purposes.join(", "), u.from.0);
        row(
            "uninstall.purposes".into(),
            who,
            "Who leaves, and from when: the question of the scenario",
            Quality::Assumed,
        );
        let within = &u.within_days;
        row("uninstall.within_days".into(), within.value.to_string(), &within.source, within.quality);
    }
    if let Some(e) = &file.exposure {
        let numbers = &e.phone_numbers;
        row("exposure.phone_numbers".into(), numbers.value.to_string(), &numbers.source, numbers.quality);
    }
    for o in &file.orders {
        let categories = o.categories.as_ref().map_or("every category".to_owned(), |c| c.join(", "));
        let deadline = match &o.deadline {
            Deadline::Day(day) => day.0.to_string(),
            Deadline::Span(text) => text.clone(),
        };
        let value = format!(
            "{}: {categories} about {}; notice {}, deadline {deadline}",
            o.prohibits.join(", "),
            o.jurisdictions.join(", "),
            o.notice.0
        );
        row(format!("order.{}", o.id), value, &o.source, o.quality);
    }
    rows
}
