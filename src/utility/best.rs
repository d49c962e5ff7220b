//! What a model found in short: the best that each policy leaves.

use serde::Serialize;

use super::business_intelligence;
use super::table::UtilityRow;

/// How well each indicator is known under a policy.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BestEstimates {
    /// Policy id.
    pub policy: String,
    /// Model.
    pub model: &'static str,
    /// Users who are identified for it, as a mean over worlds.
    pub users_identified: f64,
    /// Users who are told apart by a keyed hash.
    pub users_pseudonymous: f64,
    /// Indicator by indicator.
    pub indicators: Vec<BestEstimate>,
}

/// The way in which an indicator is known best.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BestEstimate {
    /// Indicator.
    pub indicator: String,
    /// The way with the least error, the first of equals.
    pub how: String,
    /// Its relative error, a mean over worlds.
    pub error: f64,
    /// Ends of the 95 % interval of the mean; none of a single world.
    pub interval: Option<(f64, f64)>,
}

/// The best of each policy, in their order.
pub fn best_estimates(rows: &[UtilityRow]) -> Vec<BestEstimates> {
    let mut all: Vec<BestEstimates> = Vec::new();
    for row in rows.iter().filter(|row| row.model == business_intelligence::MODEL) {
        if all.last().is_none_or(|of| of.policy != *row.policy) {
            all.push(BestEstimates {
                policy: row.policy.to_string(),
                model: row.model,
                users_identified: 0.0,
                users_pseudonymous: 0.0,
                indicators: Vec::new(),
            });
        }
        let Some(of) = all.last_mut() else { continue };
        let value = row.value.as_f64();
        match row.metric {
            "users_identified" => of.users_identified = value,
            "users_pseudonymous" => of.users_pseudonymous = value,
            "error" => {
                let estimate = BestEstimate {
                    indicator: row.indicator.to_string(),
                    how: row.parameter.to_string(),
                    error: value,
                    interval: row.spread.interval,
                };
                match of.indicators.iter_mut().find(|best| *best.indicator == *row.indicator) {
                    Some(best) if value < best.error => *best = estimate,
                    Some(_) => {}
                    None => of.indicators.push(estimate),
                }
            }
            _ => {}
        }
    }
    all
}
