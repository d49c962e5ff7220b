//! What the model of security says.

use super::numbers::{points, share};
use super::{Claim, Finding, FindingFigure, Rows, Sentence};
use crate::output::lang::french;
use crate::utility::Found;

/// What these claims rest on, besides the world.
const RESTS_ON: &[&str] = &[
    "utility.security.lift",
    "utility.security.standing.flagged_abusive",
    "utility.security.standing.flagged_ordinary",
    "utility.security.categories.*.finds",
];

/// The claims; none if security is not asked.
pub fn claims(rows: &Rows) -> Vec<Finding> {
    let Some(found) = rows.security else { return Vec::new() };
    let figure = |metric: &str, of: Found| FindingFigure {
        metric: format!("utility {metric}"),
        policy: String::new(),
        value: of.value,
        interval: of.interval,
        unit: "share",
    };
    let mut all = Vec::new();
    if let Some(smallest) = &found.smallest_of_gain {
        let titles: Vec<String> = smallest
            .categories
            .iter()
            .map(|id| {
                let category = rows.scenario.categories.iter().position(|of| *of.id == **id);
                category.map_or_else(|| id.clone(), |at| rows.scenario.file.categories[at].title.to_lowercase())
            })
            .collect();
        let (n, of) = (smallest.categories.len(), found.categories);
        let (alone, full) =
            (share(found.alone.value, found.alone.interval), share(found.full.value, found.full.interval));
        let kept = share(smallest.kept.value, smallest.kept.interval);
        let names = titles.join(", ");
        all.push(
            Claim {
                id: "needed".into(),
                sentence: Sentence {
                    en: format!("Told {n} of {of} categories ({names}), security finds {kept} of what it finds told all of them; by itself it finds {alone} of abusive accounts, told all {full}."),
                    fr: format!("Avec {n} des {of} catégories ({names}), la sécurité trouve {} de ce qu’elle trouve avec toutes ; seule, elle trouve {} des comptes abusifs, avec toutes {}.", french(&kept), french(&alone), french(&full)),
                },
                figures: vec![figure("kept", smallest.kept), figure("recall", found.alone), figure("recall", found.full)],
                effect: 1.0 - n as f64 / of as f64,
                rests_on: RESTS_ON,
                returns_assumption: false,
                told_by_policy: false,
                negative: false,
                chart: Some("security-recall"),
            }
            .finding(),
        );
    }
    let most = found.policies.iter().max_by(|a, b| a.categories_per_user.total_cmp(&b.categories_per_user));
    // Either the interval bears a gain out, or it is said that it does not.
    if let Some(most) = most.filter(|most| most.categories_per_user > 0.0) {
        let nothing =
            most.gain_without_lift.interval.is_none_or(|(lo, _)| lo <= 0.0) && most.gain_without_lift.value <= 0.005;
        let gain = points(most.gain.value, most.gain.interval);
        let without = points(most.gain_without_lift.value, most.gain_without_lift.interval);
        if nothing && most.gain.interval.is_none_or(|(lo, _)| lo > 0.0) {
            all.push(
                Claim {
                    id: "lift".into(),
                    sentence: Sentence {
                        en: format!("What sharing adds to security is what the parent is assumed to know: {gain} points more abusive accounts found, and {without} if its knowledge has nothing to do with abuse."),
                        fr: format!("Ce que le partage apporte à la sécurité est ce que la maison mère est supposée savoir : {} points de comptes abusifs trouvés en plus, et {} si ce savoir n’a rien à voir avec l’abus.", french(&gain), french(&without)),
                    },
                    figures: vec![figure("gain", most.gain), figure("gain", most.gain_without_lift)],
                    effect: 0.5 + most.gain.value,
                    rests_on: RESTS_ON,
                    returns_assumption: true,
                    told_by_policy: false,
                    negative: false,
                    chart: Some("security-detection"),
                }
                .finding(),
            );
        }
    }
    all
}
