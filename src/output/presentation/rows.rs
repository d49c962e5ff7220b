//! The rows that charts and page show, and what is told of all policies.

use super::summary::{following_of, summary_of};
use crate::exposure::{
    DailyRow, DifferenceRow, ExceedanceDay, ExceedanceRow, ExposureRow, FirstExposureRow, KnowledgeRow,
};
use crate::output::following::FollowingRow;
use crate::output::report::SummaryRow;
use crate::scenario::{Policy, Scenario};
use crate::utility::{BestEstimates, SecurityFound, UtilityRow, best_estimates, security_found};

/// Rows of a run's tables as far as they are [`Shown`](super::Shown), and what is told of all policies in short.
#[derive(Debug, Default)]
pub struct ShownRows {
    /// Of `exposure`.
    pub exposure: Vec<ExposureRow>,
    /// Of `daily`.
    pub daily: Vec<DailyRow>,
    /// Of `first_exposure`.
    pub first_exposure: Vec<FirstExposureRow>,
    /// Of `exceedance`.
    pub exceedance: Vec<ExceedanceRow>,
    /// Of `exceedance_daily`.
    pub exceedance_daily: Vec<ExceedanceDay>,
    /// Of `knowledge`.
    pub knowledge: Vec<KnowledgeRow>,
    /// All of `utility`.
    pub utility: Vec<UtilityRow>,
    /// Of `differences`.
    pub differences: Vec<DifferenceRow>,
    /// The summary of all policies.
    pub summary: Vec<SummaryRow>,
    /// What follows from what each of them lets out.
    pub following: Vec<FollowingRow>,
}

impl ShownRows {
    /// Tells of a policy, from all its rows of `exposure`; policy after policy.
    pub fn tell_of(&mut self, scenario: &Scenario, policy: &Policy, exposure: &[ExposureRow]) {
        self.summary.extend(summary_of(scenario, policy, exposure));
        self.following.push(following_of(policy, exposure));
    }

    /// What purposes achieve in short, if it is asked for.
    pub fn achieved(&self) -> Vec<BestEstimates> {
        best_estimates(&self.utility)
    }

    /// What was found about security, if it is asked for.
    pub fn security(&self, scenario: &Scenario) -> Option<SecurityFound> {
        let asked = scenario.utility.as_ref()?.security.as_ref()?;
        security_found(&self.utility, asked.false_bans)
    }
}
