//! Which kinds of abuse are found, alone and with what the parent returns: two dots for each.

use super::models::{figure_of, of, words};
use super::policy_name;
use crate::exposure::ALL;
use crate::output::chart::data::{ChartData, column};
use crate::output::chart::figure::{Figure, Heading};
use crate::output::chart::form::{Bar, BarPanel, BarStyle, Bars, Unit, bars};
use crate::output::chart::row_index::{Facts, Interval};
use crate::output::chart::theme::Tone;
use crate::utility::UtilityRow;

/// A kind of abuse.
struct Kind {
    id: String,
    with: (f64, Interval),
    gain: (f64, Interval),
}

/// Draws the figure: of the policy that tells most.
pub fn draw(facts: &Facts) -> Figure {
    let lang = facts.lang();
    let data = ChartData::new(vec![
        column("abuse_class", "text", "kind of abuse, or all"),
        column("policy", "text", "policy id"),
        column("alone", "share", "accounts of this kind that are found if nothing is told / all of this kind"),
        column("with", "share", "the same under the policy"),
        column("gain", "share", "the difference"),
        column("gain_lo", "share", super::LOWER),
        column("gain_hi", "share", super::UPPER),
    ]);
    let heading = Heading {
        topic: lang.say("Which abuse is found, without the parent and with it", "Quels abus sont trouvés, sans la maison mère et avec elle").to_owned(),
        detail: lang.fill(
            "Share of the accounts of each kind of abuse that are found, at as many ordinary accounts banned by mistake: grey, by the service alone; coloured, with what the parent returns under the policy that tells it most. {0}.",
            "Part des comptes de chaque type d’abus trouvés, à nombre égal de comptes ordinaires bannis à tort : gris, par le service seul ; en couleur, avec ce que la maison mère renvoie sous la politique qui lui en dit le plus. {0}.",
            &[&facts.span()],
        ),
    };
    let mut figure = Figure::new(facts, "security-detection", heading, data);
    let Some((number, kinds)) = kinds(facts) else {
        return figure.nothing(lang.say(
            "No policy tells anything for security: nothing to show.",
            "Aucune politique ne dit rien pour la sécurité : rien à montrer.",
        ));
    };
    let policy = &facts.input.policies[number];
    let share = |x: f64| Unit::Share.written(x.max(0.0), lang);
    let mut rows = Vec::new();
    for kind in &kinds {
        let (with, gain) = (kind.with.0, kind.gain);
        let alone = with - gain.0;
        let text = format!("{} → {}", share(alone), share(with));
        let mut bar = Bar::new(words(&kind.id, lang), Tone::Fill(facts.hues[number]), (Some(with), kind.with.1), text);
        bar.from = Some(alone);
        rows.push(bar);
        let ends = [gain.1.map(|i| i.0), gain.1.map(|i| i.1)];
        figure.data.push(&[&kind.id, &policy.id], &[Some(alone), Some(with), Some(gain.0), ends[0], ends[1]]);
    }
    let panels = vec![BarPanel { head: policy_name(facts, number), rows }];
    bars::draw(&mut figure, lang, &Bars { panels, unit: Unit::Share, style: BarStyle::Dot, whole: Some(1.0) });
    let all = kinds.iter().find(|kind| kind.id == ALL);
    figure.alt = all.map_or_else(String::new, |all| {
        lang.fill(
            "Dot chart: the service alone finds {0} of all abusive accounts, and {1} under “{2}”.",
            "Points : le service seul trouve {0} de tous les comptes abusifs, et {1} sous « {2} ».",
            &[&share(all.with.0 - all.gain.0), &share(all.with.0), &policy_name(facts, number)],
        )
    });
    figure
}

/// Index of the policy that tells most, the first of equals, and what is found under it.
fn kinds(facts: &Facts) -> Option<(usize, Vec<Kind>)> {
    let rows = facts.input.utility;
    let told = |id: &str| {
        let row = of(rows, "security", "categories_per_user").find(|row| &*row.policy == id);
        row.map_or(0.0, |row| row.value.as_f64())
    };
    let policies = facts.input.policies.iter().enumerate();
    let (number, policy) = policies.max_by(|a, b| told(&a.1.id).total_cmp(&told(&b.1.id)).then(b.0.cmp(&a.0)))?;
    if told(&policy.id) == 0.0 {
        return None;
    }
    let of_policy = |row: &&UtilityRow| row.policy == policy.id;
    let rate = of(rows, "security", "recall").filter(of_policy).find(|row| &*row.indicator != ALL)?.parameter.clone();
    let kinds = of(rows, "security", "gain")
        .filter(of_policy)
        .filter(|row| &*row.parameter == "lift=as_assumed")
        .filter_map(|gain| {
            let recall = of(rows, "security", "recall")
                .filter(of_policy)
                .find(|row| row.indicator == gain.indicator && row.parameter == rate)?;
            Some(Kind { id: gain.indicator.to_string(), with: figure_of(recall), gain: figure_of(gain) })
        })
        .collect();
    Some((number, kinds))
}
