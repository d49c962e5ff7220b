//! What the tables of a run say of policies and people.

use super::numbers::{number, sentence, share};
use super::{Claim, Finding, FindingFigure, Rows};
use crate::exposure::{ALL, DifferenceRow};
use crate::output::following::{FollowingRow, Measured};
use crate::scenario::Policy;

/// All claims that the tables bear out.
pub fn claims(rows: &Rows) -> Vec<Finding> {
    let baseline = &rows.scenario.policies[rows.scenario.baseline];
    let following = rows.following.iter().find(|of| of.policy_id == *baseline.id);
    let of_others = rows.scenario.policies.iter().filter(|policy| policy.id != baseline.id);
    [never_joined(rows, baseline), following.and_then(repeated), following.and_then(half_time)]
        .into_iter()
        .flatten()
        .chain(following.and_then(told_by_others))
        .chain(of_others.filter_map(|policy| fewer(rows, policy, baseline)))
        .chain(rows.following.iter().filter_map(objection))
        .map(Claim::finding)
        .collect()
}

/// A figure of a claim: a metric of a table, measured under a policy.
pub fn figure(metric: &str, policy: &str, of: Measured, unit: &'static str) -> FindingFigure {
    let (metric, policy) = (metric.to_owned(), policy.to_owned());
    FindingFigure { metric, policy, value: of.value, interval: of.interval, unit }
}

/// The share of people who never joined whom a policy reaches.
fn reach_of_outsiders(rows: &Rows, policy: &Policy) -> Option<Measured> {
    let row = rows.exposure.iter().find(|row| {
        row.policy == policy.id
            && [&row.purpose, &row.jurisdiction, &row.category].iter().all(|of| &***of == ALL)
            && &*row.population == "non_user"
            && &*row.metric == "coverage_of_group"
    })?;
    Some(Measured { value: row.value.as_f64(), interval: row.spread.interval })
}

/// Whether a policy reaches just about all who stand in anybody's address book: how many those are is an assumption of the scenario.
pub fn reaches_all_listed(rows: &Rows, policy: &Policy) -> bool {
    let listed = 1.0 - rows.scenario.file.world.unlisted_non_users.value;
    reach_of_outsiders(rows, policy).is_some_and(|of| (of.value - listed).abs() < 0.03)
}

/// How many of those who never joined the parent learns of.
fn never_joined(rows: &Rows, policy: &Policy) -> Option<Claim> {
    let of = reach_of_outsiders(rows, policy)?;
    (of.value > 0.0 && of.interval.is_none_or(|(lo, _)| lo > 0.0)).then(|| Claim {
        id: format!("never-joined:{}", policy.id),
        sentence: sentence(
            "The parent learns something about {1} of the people who never joined the service, under “{0}”.",
            "Sous « {0} », la maison mère apprend quelque chose sur {1} des personnes qui n’ont jamais rejoint le service.",
            &[&policy.title],
            &[share(of.value, of.interval)],
        ),
        figures: vec![figure("exposure coverage_of_group", &policy.id, of, "share")],
        effect: of.value,
        rests_on: &["world.address_book_median", "world.unlisted_non_users", "jurisdiction.*.users"],
        returns_assumption: reaches_all_listed(rows, policy),
        told_by_policy: false,
        negative: false,
        chart: Some("people-reached"),
    })
}

/// The same facts again and again.
fn repeated(of: &FollowingRow) -> Option<Claim> {
    let least = of.values_per_fact.interval.map_or(of.values_per_fact.value, |(lo, _)| lo);
    (least >= 2.0).then(|| Claim {
        id: format!("repeated:{}", of.policy_id),
        sentence: sentence(
            "Most of what flows was let out before: under “{0}” each fact (a category about a person) goes out {1} times.",
            "L’essentiel de ce qui circule l’a déjà été : sous « {0} », chaque fait (une catégorie sur une personne) sort {1} fois.",
            &[&of.policy],
            &[number(of.values_per_fact.value, of.values_per_fact.interval)],
        ),
        figures: vec![figure("exposure values_per_fact", &of.policy_id, of.values_per_fact, "values")],
        effect: 1.0 - 1.0 / of.values_per_fact.value,
        rests_on: &["scenario.days", "traffic.messages_per_active_day", "kind.*"],
        returns_assumption: false,
        told_by_policy: false,
        negative: false,
        chart: None,
    })
}

/// How soon those who never joined are reached.
fn half_time(of: &FollowingRow) -> Option<Claim> {
    let days = of.half_time;
    (days.value >= 1.0).then(|| Claim {
        id: format!("soon:{}", of.policy_id),
        sentence: sentence(
            "Half of the people who never joined and whom “{0}” reaches in the end are reached within {1} of the first day of the run.",
            "La moitié des personnes jamais inscrites que « {0} » finit par atteindre le sont en {1} à compter du premier jour simulé.",
            &[&of.policy],
            &[match days.value {
                1.0 => "24\u{a0}h".to_owned(),
                days => format!("{days:.0}\u{a0}× 24\u{a0}h"),
            }],
        ),
        figures: vec![figure("exposure half_time", &of.policy_id, days, "days")],
        effect: 0.6 / days.value,
        rests_on: &["traffic.contact_syncs_per_active_day", "world.address_book_median"],
        returns_assumption: false,
        told_by_policy: false,
        negative: false,
        chart: Some("reach-by-day"),
    })
}

/// What is held about those who object only because others told it.
fn told_by_others(of: &FollowingRow) -> Option<Claim> {
    let by_others = of.by_others_alone;
    let borne = by_others.interval.is_none_or(|(lo, _)| lo > 0.0);
    (by_others.value > 0.0 && borne).then(|| Claim {
        id: format!("others:{}", of.policy_id),
        sentence: sentence(
            "Of what the parent holds about users who object, {1} was told by others alone, under “{0}”.",
            "Sous « {0} », {1} de ce que la maison mère détient sur les utilisateurs qui s’opposent ne vient que d’autrui.",
            &[&of.policy],
            &[share(by_others.value, by_others.interval)],
        ),
        figures: vec![figure(
            "exposure share_of_facts_through_others_alone",
            &of.policy_id,
            by_others,
            "share",
        )],
        effect: 0.4 + by_others.value,
        rests_on: &["kind.*.counterparty", "world.address_book_median"],
        returns_assumption: false,
        told_by_policy: false,
        negative: false,
        chart: Some("scope"),
    })
}

/// How much less a policy lets out than the baseline, and about how many fewer people.
fn fewer(rows: &Rows, policy: &Policy, baseline: &Policy) -> Option<Claim> {
    let difference = |metric: &str| {
        let of = |row: &&DifferenceRow| row.is_found_from() && row.of.policy == policy.id && &*row.of.metric == metric;
        rows.differences.iter().find(of)
    };
    let (values, people) = (difference("disclosed_values")?, difference("people_exposed")?);
    let share_of = |row: &DifferenceRow| {
        let interval = row.percent_spread.interval.map(|(lo, hi)| (-hi / 100.0, -lo / 100.0));
        Some(Measured { value: -row.percent? / 100.0, interval })
    };
    let (values, people) = (share_of(values)?, share_of(people)?);
    let borne = |of: Measured| of.value > 0.0 && of.interval.is_none_or(|(lo, _)| lo > 0.0);
    let same = values.value.abs() < 1e-12 && people.value.abs() < 1e-12;
    if !borne(values) && !same {
        return None;
    }
    let written = [share(values.value, values.interval), share(people.value, people.interval)];
    let titles = [policy.title.as_str(), &baseline.title];
    // About as many: less than one in a hundred fewer.
    let as_many = people.interval.map_or(people.value, |(_, hi)| hi) < 0.01;
    let pattern = match (same, as_many) {
        (true, _) => {
            ("“{0}” lets out exactly what “{1}” does.", "« {0} » laisse sortir exactement autant que « {1} ».")
        }
        (_, true) => (
            "“{0}” lets out {2} fewer values than “{1}”, and about as many people: fewer than one in a hundred is spared.",
            "« {0} » laisse sortir {2} de valeurs de moins que « {1} », mais sur presque autant de personnes : moins d’une sur cent est épargnée.",
        ),
        _ => (
            "“{0}” lets out {2} fewer values than “{1}”, about {3} fewer people.",
            "« {0} » laisse sortir {2} de valeurs de moins que « {1} », sur {3} de personnes de moins.",
        ),
    };
    let none = values.value >= 1.0 && people.value >= 1.0;
    Some(Claim {
        id: format!("fewer:{}", policy.id),
        sentence: sentence(pattern.0, pattern.1, &titles, &written),
        figures: vec![
            figure("differences disclosed_values", &policy.id, values, "share"),
            figure("differences people_exposed", &policy.id, people, "share"),
        ],
        effect: if same { 0.7 } else { (values.value - people.value).abs().max(0.3 * values.value) + 0.2 },
        rests_on: &["kind.*", "purpose.*.requests", "jurisdiction.*.objects"],
        returns_assumption: false,
        told_by_policy: none || same,
        negative: same || as_many,
        chart: Some("change"),
    })
}

/// What an objection takes away.
fn objection(of: &FollowingRow) -> Option<Claim> {
    let (values, facts) = (of.objection_efficacy, of.objection_efficacy_of_facts);
    let borne = |of: Measured| of.interval.is_none_or(|(lo, _)| lo > 0.0) && of.value > 0.0;
    (borne(values) && borne(facts)).then(|| Claim {
        id: format!("objection:{}", of.policy_id),
        sentence: sentence(
            "Under “{0}” an objection takes away {1} of the values about a user, and {2} of the facts.",
            "Sous « {0} », une opposition retire {1} des valeurs sur un utilisateur, et {2} des faits.",
            &[&of.policy],
            &[share(values.value, values.interval), share(facts.value, facts.interval)],
        ),
        figures: vec![
            figure("exposure objection_efficacy", &of.policy_id, values, "share"),
            figure("exposure objection_efficacy_of_facts", &of.policy_id, facts, "share"),
        ],
        effect: 0.3 + (values.value - facts.value).abs(),
        rests_on: &["kind.*", "purpose.*.requests"],
        returns_assumption: false,
        told_by_policy: false,
        negative: false,
        chart: Some("objection-worth"),
    })
}
