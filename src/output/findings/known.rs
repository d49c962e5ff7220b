//! What the parent comes to know, and what orders prohibit.

use super::claims::{figure, reaches_all_listed};
use super::numbers::{number, points, sentence, share};
use super::{Claim, Finding, Rows};
use crate::exposure::{ALL, ExceedanceRow, ExposureRow, KnowledgeRow, Phase};
use crate::output::following::Measured;
use crate::scenario::{Order, Policy};

/// All claims that the tables bear out.
pub fn claims(rows: &Rows) -> Vec<Finding> {
    let baseline = &rows.scenario.policies[rows.scenario.baseline];
    let of_orders = rows.scenario.orders.iter().filter_map(|order| after_deadline(rows, order, baseline));
    [
        of_outsiders(rows, baseline),
        told_of(rows, baseline),
        singled_out(rows, baseline),
        hidden(rows, baseline),
        guessed(rows, baseline),
    ]
    .into_iter()
    .flatten()
    .chain(of_orders)
    .map(Claim::finding)
    .collect()
}

fn known(rows: &Rows, policy: &Policy, population: &str, (metric, parameter): (&str, &str)) -> Option<Measured> {
    let is = |row: &&KnowledgeRow| {
        row.metric == metric
            && &*row.parameter == parameter
            && row.policy == policy.id
            && &*row.purpose == ALL
            && &*row.population == population
    };
    let row = rows.knowledge.iter().find(is)?;
    Some(Measured { value: row.value.as_f64(), interval: row.spread.interval })
}

/// How many of all whom the parent knows never joined.
fn of_outsiders(rows: &Rows, policy: &Policy) -> Option<Claim> {
    let people = |population: &str| {
        let is = |row: &&ExposureRow| {
            row.policy == policy.id
                && &*row.metric == "people_exposed"
                && &*row.population == population
                && [&row.purpose, &row.jurisdiction, &row.category].iter().all(|of| &***of == ALL)
        };
        let row = rows.exposure.iter().find(is)?;
        Some(Measured { value: row.value.as_f64(), interval: row.spread.interval })
    };
    let (outsiders, all) = (people("non_user")?, people(ALL)?);
    if outsiders.interval.map_or(outsiders.value, |(lo, _)| lo) <= 0.0 || all.value <= 0.0 {
        return None;
    }
    // Of two counts that rise and fall together: the ends of the one over the mean of the other are wider than those of their ratio.
    let of = Measured {
        value: outsiders.value / all.value,
        interval: outsiders.interval.map(|(lo, hi)| (lo / all.value, hi / all.value)),
    };
    Some(Claim {
        id: format!("outsiders:{}", policy.id),
        sentence: sentence(
            "Of all whom the parent knows something about, under “{0}”, {1} never joined the service.",
            "Sous « {0} », {1} de toutes les personnes sur qui la maison mère sait quelque chose n’ont jamais rejoint le service.",
            &[&policy.title],
            &[share(of.value, of.interval)],
        ),
        figures: vec![figure("exposure people_exposed", &policy.id, of, "share")],
        effect: of.value,
        rests_on: &["jurisdiction.*.users", "world.address_book_median", "world.unlisted_non_users"],
        returns_assumption: reaches_all_listed(rows, policy),
        told_by_policy: false,
        negative: false,
        chart: Some("scope"),
    })
}

/// How many others have told of one who never joined.
fn told_of(rows: &Rows, policy: &Policy) -> Option<Claim> {
    let of = known(rows, policy, "non_user", ("informants", "median"))?;
    (of.interval.map_or(of.value, |(lo, _)| lo) >= 2.0).then(|| Claim {
        id: format!("informants:{}", policy.id),
        sentence: sentence(
            "Under “{0}” {1} others have told of the median person who never joined: one who objects stops one of them.",
            "Sous « {0} », {1} autres ont parlé de la personne médiane jamais inscrite : qui s’oppose n’en arrête qu’un.",
            &[&policy.title],
            &[number(of.value, of.interval)],
        ),
        figures: vec![figure("knowledge informants median", &policy.id, of, "informants")],
        effect: 1.0 - 1.0 / of.value,
        rests_on: &["world.address_book_median", "world.address_book_sigma", "kind.*.counterparty"],
        returns_assumption: false,
        told_by_policy: false,
        negative: false,
        chart: Some("informants"),
    })
}

/// Who can be singled out without name or number.
fn singled_out(rows: &Rows, policy: &Policy) -> Option<Claim> {
    let of = known(rows, policy, ALL, ("share_in_classes_below", "k=11"))?;
    let ties = known(rows, policy, ALL, ("unique_neighbourhood_share", "")).unwrap_or_default();
    (of.value > 0.0 && of.interval.is_none_or(|(lo, _)| lo > 0.0)).then(|| Claim {
        id: format!("singled-out:{}", policy.id),
        sentence: sentence(
            "Without name or number, under “{0}” {1} of people share their attributes with fewer than ten others, and the ties around {2} are like nobody else’s.",
            "Sans nom ni numéro, sous « {0} », {1} des personnes partagent leurs attributs avec moins de dix autres, et les liens autour de {2} ne ressemblent à ceux de personne d’autre.",
            &[&policy.title],
            &[share(of.value, of.interval), share(ties.value, ties.interval)],
        ),
        figures: vec![
            figure("knowledge share_in_classes_below k=11", &policy.id, of, "share"),
            figure("knowledge unique_neighbourhood_share", &policy.id, ties, "share"),
        ],
        effect: of.value.max(ties.value) + 0.2,
        rests_on: &["jurisdiction.*.os", "world.address_book_median"],
        returns_assumption: false,
        told_by_policy: false,
        negative: false,
        chart: Some("singling-out"),
    })
}

/// How short a hash must be to hide anybody.
fn hidden(rows: &Rows, policy: &Policy) -> Option<Claim> {
    let exact = known(rows, policy, ALL, ("linked_share", "exact")).filter(|of| of.value > 0.0)?;
    let at = known(rows, policy, ALL, ("linked_share", "bits=39"))?;
    let kept = Measured {
        value: at.value / exact.value,
        interval: at.interval.map(|(lo, hi)| (lo / exact.value, hi / exact.value)),
    };
    (kept.interval.map_or(kept.value, |(lo, _)| lo) > 0.5).then(|| Claim {
        id: format!("hash:{}", policy.id),
        sentence: sentence(
            "A hash of 39 bits hides next to nobody: it still links {0} of those whom their number links.",
            "Un hachage sur 39 bits ne cache presque personne : il relie encore {0} de ceux que leur numéro relie.",
            &[],
            &[share(kept.value.min(1.0), kept.interval.map(|(lo, hi)| (lo.min(1.0), hi.min(1.0))))],
        ),
        figures: vec![figure("knowledge linked_share bits=39", &policy.id, kept, "share")],
        effect: kept.value,
        rests_on: &["jurisdiction.*.parent_account"],
        returns_assumption: false,
        told_by_policy: false,
        negative: true,
        chart: Some("linking"),
    })
}

/// What contacts add to a guess: most often nothing, and that is said too.
fn guessed(rows: &Rows, policy: &Policy) -> Option<Claim> {
    let residuals = rows.knowledge.iter().filter(|row| {
        row.metric == "residual" && row.policy == policy.id && &*row.purpose == ALL && &*row.population == ALL
    });
    let most = residuals.max_by(|a, b| a.value.as_f64().total_cmp(&b.value.as_f64()))?;
    let of = Measured { value: most.value.as_f64(), interval: most.spread.interval };
    let nothing = of.value < 0.01 || of.interval.is_some_and(|(lo, _)| lo <= 0.0);
    let (en, fr) = if nothing {
        (
            "From contacts hardly anything can be guessed of people who told nothing: {0} percentage points more than from somebody else’s contacts.",
            "Des contacts, on ne devine presque rien de qui n’a rien dit : {0} points de pourcentage de plus que par les contacts d’autrui.",
        )
    } else {
        (
            "Of people who told nothing, contacts give away {0} percentage points more than somebody else’s contacts would.",
            "Sur qui n’a rien dit, les contacts en révèlent {0} points de pourcentage de plus que les contacts d’autrui.",
        )
    };
    Some(Claim {
        id: format!("guessed:{}", policy.id),
        sentence: sentence(en, fr, &[], &[points(of.value.max(0.0), of.interval)]),
        figures: vec![figure("knowledge residual", &policy.id, of, "share")],
        effect: if nothing { 0.3 } else { 0.3 + of.value },
        rests_on: &["likeness.age_friends", "likeness.attitude_friends", "likeness.parent_account_friends"],
        returns_assumption: true,
        told_by_policy: false,
        negative: nothing,
        chart: Some("inference"),
    })
}

/// What still flows that an order prohibits, and about whom.
fn after_deadline(rows: &Rows, order: &Order, policy: &Policy) -> Option<Claim> {
    let of = |phase: Phase, population: &str, metric: &str| {
        let is = |row: &&ExceedanceRow| {
            row.order == order.id
                && row.policy == policy.id
                && &*row.purpose == ALL
                && &*row.phase == phase.word()
                && &*row.population == population
                && &*row.metric == metric
        };
        let row = rows.exceedance.iter().find(is)?;
        Some(Measured { value: row.value.as_f64(), interval: row.spread.interval })
    };
    let there = |phase: &Phase| of(*phase, ALL, "people_exposed").is_some_and(|of| of.value > 0.0);
    let phase = [Phase::AfterDeadline, Phase::Grace].into_iter().find(there)?;
    let (all, outsiders) = (of(phase, ALL, "people_exposed")?, of(phase, "non_user", "people_exposed")?);
    let part = Measured {
        value: outsiders.value / all.value,
        interval: outsiders.interval.map(|(lo, hi)| (lo / all.value, (hi / all.value).min(1.0))),
    };
    let (en, fr) = match phase {
        Phase::AfterDeadline => (
            "After the deadline ({1}) “{0}” would go on letting out what the order prohibits about {2} people of the model; {3} of them never joined.",
            "Après l’échéance ({1}), « {0} » laisserait encore sortir ce que la décision interdit sur {2} personnes du modèle ; {3} d’entre elles n’ont jamais été inscrites.",
        ),
        _ => (
            "In the grace period ({1}) “{0}” lets out what the order prohibits about {2} people of the model; {3} of them never joined.",
            "Pendant le délai accordé ({1}), « {0} » laisse sortir ce que la décision interdit sur {2} personnes du modèle ; {3} d’entre elles n’ont jamais été inscrites.",
        ),
    };
    Some(Claim {
        id: format!("order:{}", order.id),
        sentence: sentence(
            en,
            fr,
            &[&policy.title, &order.regulator],
            &[number(all.value, all.interval), share(part.value, part.interval)],
        ),
        figures: vec![
            figure("exceedance people_exposed", &policy.id, all, "people"),
            figure("exceedance people_exposed, of people who never joined", &policy.id, part, "share"),
        ],
        effect: 0.4 + 0.5 * part.value,
        rests_on: &["jurisdiction.*.users", "jurisdiction.*.share", "world.unlisted_non_users"],
        // Who is in scope is stated; whom address books reach there follows from who stands in any.
        returns_assumption: reaches_all_listed(rows, policy),
        told_by_policy: false,
        negative: false,
        chart: Some("exceedance"),
    })
}
