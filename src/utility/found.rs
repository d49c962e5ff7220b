//! What the model of security found in short: what policies keep, and what is needed.

use serde::Serialize;

use super::security::{MODEL, NECESSITY};
use super::table::UtilityRow;
use crate::exposure::ALL;

/// A figure with its 95 % interval; none of a single world.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Found {
    /// Mean over worlds.
    pub value: f64,
    /// Ends.
    pub interval: Option<(f64, f64)>,
}

/// What was found about security.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SecurityFound {
    /// Share of ordinary accounts that are banned by mistake.
    pub false_bans: f64,
    /// Share of abusive accounts that are found if nothing is told.
    pub alone: Found,
    /// If all categories of the model are told about everybody.
    pub full: Found,
    /// The smallest subset that keeps 95 % of that.
    pub smallest: Option<SubsetFound>,
    /// The smallest subset that keeps 95 % of what telling adds.
    pub smallest_of_gain: Option<SubsetFound>,
    /// Categories that a subset is of.
    pub categories: usize,
    /// Policy by policy.
    pub policies: Vec<PolicyFound>,
}

/// A subset of categories, told about everybody.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SubsetFound {
    /// Its categories.
    pub categories: Vec<String>,
    /// Share of the recall of all of them that it keeps.
    pub kept: Found,
}

/// What a policy achieves.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PolicyFound {
    /// Policy id.
    pub policy: String,
    /// Categories told about an average user.
    pub categories_per_user: f64,
    /// Share of abusive accounts that are found.
    pub recall: Found,
    /// More than if nothing is told.
    pub gain: Found,
    /// The same, if what the parent knows has nothing to do with abuse.
    pub gain_without_lift: Found,
    /// In what share of draws of the assumptions no other policy is better in one respect and as good in the other.
    pub on_front: f64,
}

/// What rows of `tables/utility` say about security; `None` if they do not.
pub fn security_found(rows: &[UtilityRow], false_bans: f64) -> Option<SecurityFound> {
    let of_rate = format!("false_bans={false_bans}");
    let found = |row: &UtilityRow| Found { value: row.value.as_f64(), interval: row.spread.interval };
    let subsets: Vec<&UtilityRow> = rows
        .iter()
        .filter(|row| row.model == NECESSITY && row.metric == "kept" && &*row.parameter == "subset")
        .collect();
    let recall = |indicator: &str| {
        let of = |row: &&UtilityRow| row.model == NECESSITY && row.metric == "recall" && *row.indicator == *indicator;
        rows.iter().find(of).map(found)
    };
    let full = subsets.last()?;
    let categories = subsets.len().trailing_zeros() as usize;
    let alone = recall(&subsets.first()?.indicator)?;
    let part = alone.value / recall(&full.indicator)?.value.max(f64::MIN_POSITIVE);
    let smallest = |least: f64| {
        let enough = subsets.iter().enumerate().filter(|(_, row)| row.value.as_f64() >= least);
        let size = |subset: usize| (subset as u32).count_ones();
        let best =
            enough.min_by(|a, b| size(a.0).cmp(&size(b.0)).then(b.1.value.as_f64().total_cmp(&a.1.value.as_f64())));
        best.map(|(_, row)| SubsetFound { categories: words(&row.indicator), kept: found(row) })
    };
    let mut policies: Vec<PolicyFound> = Vec::new();
    for row in rows.iter().filter(|row| row.model == MODEL && &*row.indicator == ALL) {
        if policies.last().is_none_or(|of| of.policy != *row.policy) {
            policies.push(PolicyFound {
                policy: row.policy.to_string(),
                categories_per_user: 0.0,
                recall: Found::default(),
                gain: Found::default(),
                gain_without_lift: Found::default(),
                on_front: 0.0,
            });
        }
        let Some(of) = policies.last_mut() else { continue };
        match (row.metric, &*row.parameter) {
            ("categories_per_user", _) => of.categories_per_user = row.value.as_f64(),
            ("recall", rate) if rate == of_rate => of.recall = found(row),
            ("gain", "lift=as_assumed") => of.gain = found(row),
            ("gain", "lift=none") => of.gain_without_lift = found(row),
            ("on_front", "assumptions_drawn") => of.on_front = row.value.as_f64(),
            _ => {}
        }
    }
    Some(SecurityFound {
        false_bans,
        alone,
        full: recall(&full.indicator)?,
        smallest: smallest(0.95),
        smallest_of_gain: smallest(part + 0.95 * (1.0 - part)),
        categories,
        policies,
    })
}

fn words(subset: &str) -> Vec<String> {
    if subset == "nothing" { Vec::new() } else { subset.split('+').map(str::to_owned).collect() }
}
