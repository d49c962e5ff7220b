//! Which kinds of abuse are found, alone and with what the parent returns: two dots for each.

use super::{figure_of, of, words};
use crate::exposure::ALL;
use crate::output::chart::canvas::{Anchor, Face, label};
use crate::output::chart::data::{ChartData, column};
use crate::output::chart::figure::Figure;
use crate::output::chart::number::percent;
use crate::output::chart::row_index::{Facts, Interval};
use crate::output::chart::rows::{RowLabels, panels};
use crate::output::chart::theme::{self, AXIS, BODY, GRID, MUTED, SMALL};
use crate::utility::UtilityRow;

/// A kind of abuse.
struct Kind {
    id: String,
    with: (f64, Interval),
    gain: (f64, Interval),
}

/// Draws the figure: of the policy that tells most.
pub fn draw(facts: &Facts) -> Figure {
    let data = ChartData::new(vec![
        column("abuse_class", "text", "kind of abuse, or all"),
        column("policy", "text", "policy id"),
        column("alone", "share", "accounts of this kind that are found if nothing is told / all of this kind"),
        column("with", "share", "the same under the policy"),
        column("gain", "share", "the difference"),
        column("gain_lo", "share", "lower end of its 95 % interval over worlds; empty if there is one"),
        column("gain_hi", "share", "upper end of it"),
    ]);
    let title = "Which abuse is found, without the parent and with it".to_owned();
    let subtitle = format!(
        "Share of the accounts of each kind of abuse that are found, at as many ordinary accounts banned by mistake: by the service alone (grey), and with what the parent returns under the policy that tells it most. {}.",
        facts.span()
    );
    let mut figure = Figure::new(facts, "security-detection", title, subtitle, data);
    let Some((number, kinds)) = kinds(facts) else {
        return figure.nothing("No policy tells anything for security: nothing to show.");
    };
    let names: Vec<String> = kinds.iter().map(|kind| words(&kind.id)).collect();
    let labels =
        RowLabels::of(names.iter().map(|name| if name == "all" { "all abusive accounts" } else { name }), 220.0);
    let (lefts, width) = panels(1, labels.width);
    let (left, width) = (lefts[0], width - 130.0);
    let x = |share: f64| left + share * width;
    let (top, row) = (figure.y + 4.0, labels.row + 4.0);
    let bottom = top + row * kinds.len() as f64;
    for share in [0.0, 0.25, 0.5, 0.75, 1.0] {
        figure.sheet.line(&[(x(share), top), (x(share), bottom)], 1.0, if share == 0.0 { AXIS } else { GRID });
        figure.sheet.text(x(share), bottom + 16.0, &percent(share), Face::new(SMALL, MUTED).anchored(Anchor::Middle));
    }
    let policy = &facts.input.policies[number];
    for (i, kind) in kinds.iter().enumerate() {
        let y = top + row * (i as f64 + 0.5);
        labels.draw(&mut figure.sheet, i, y);
        let (with, gain) = (kind.with.0, kind.gain);
        let alone = with - gain.0;
        figure.sheet.line(&[(x(alone), y), (x(with), y)], 2.0, AXIS);
        if let Some((lo, hi)) = kind.with.1 {
            figure.sheet.whisker((x(lo), x(hi)), y);
        }
        figure.sheet.dot(x(alone), y, 5.0, MUTED);
        figure.sheet.dot(x(with), y, 5.0, theme::policy(number));
        let text = format!("{} → {}", percent(alone.max(0.0)), percent(with));
        let end = kind.with.1.map_or(x(with), |i| x(i.1)).max(x(alone));
        figure.sheet.text(end + 12.0, y + BODY * 0.36, &text, label(BODY));
        let ends = [gain.1.map(|i| i.0), gain.1.map(|i| i.1)];
        figure.data.push(&[&kind.id, &policy.id], &[Some(alone), Some(with), Some(gain.0), ends[0], ends[1]]);
    }
    figure.y = bottom + 24.0;
    let all = kinds.iter().find(|kind| kind.id == ALL);
    figure.alt = all.map_or_else(String::new, |all| {
        format!(
            "Dot chart: the service alone finds {} of all abusive accounts, and {} under “{}”.",
            percent((all.with.0 - all.gain.0).max(0.0)),
            percent(all.with.0),
            policy.title
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
