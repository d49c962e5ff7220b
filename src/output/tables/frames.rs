//! The tables of a run in memory, as data frames: for those who go on with them in Rust.

use polars_core::prelude::{DataFrame, PolarsResult};

use super::{columns, frame};
use crate::exposure::Replicates;
use crate::simulate::{Simulation, StudyOutcome};

/// What `outflow run` writes to `tables/`, with the same columns (docs/FORMAT.md).
#[derive(Clone, Debug)]
pub struct Tables {
    /// What each policy discloses in the whole run.
    pub exposure: DataFrame,
    /// The same by day.
    pub daily: DataFrame,
    /// How many people were reached by the end of each day.
    pub first_exposure: DataFrame,
    /// What each policy lets out that an order prohibits; no rows without orders.
    pub exceedance: DataFrame,
    /// The same by day.
    pub exceedance_daily: DataFrame,
    /// `exposure` in each world.
    pub replicates: DataFrame,
    /// Every policy beside the baseline, paired by world.
    pub differences: DataFrame,
}

/// Tabulates what a run counted. Everything is in memory at once: some ten thousand rows for three policies and sixty days, and
/// [`rows_ahead`](crate::output::results::rows_ahead) says how many for others.
///
/// # Errors
/// If polars can't make the frames.
pub fn tables(simulation: &Simulation, outcome: &StudyOutcome) -> PolarsResult<Tables> {
    let tables = Replicates::new(&simulation.scenario, (&simulation.compiled, &simulation.orders), &outcome.totals);
    let (days, policies, orders) = (simulation.scenario.days, simulation.compiled.policies, simulation.orders.len());
    let by_policy = || 0..policies;
    let by_day = |n: usize| (0..days).flat_map(move |day| (0..n).map(move |i| (day, i)));
    let daily: Vec<_> = by_day(policies).flat_map(|(day, policy)| tables.daily_of(day, policy)).collect();
    let purposes = simulation.compiled.purposes;
    let first_exposure: Vec<_> = by_policy()
        .flat_map(|policy| (0..=purposes).map(move |purpose| (policy, purpose)))
        .flat_map(|(policy, purpose)| tables.first_exposure_of(policy, purpose))
        .collect();
    let against: Vec<_> = (0..orders)
        .flat_map(|order| by_policy().map(move |policy| (order, policy)))
        .flat_map(|(order, policy)| tables.exceedance_of(order, policy))
        .collect();
    let against_daily: Vec<_> = by_day(orders).flat_map(|(day, order)| tables.exceedance_day_of(day, order)).collect();
    let exposure: Vec<_> = by_policy().flat_map(|policy| tables.exposure_of(policy)).collect();
    let replicates: Vec<_> = by_policy().flat_map(|policy| tables.each_of(policy)).collect();
    let differences: Vec<_> = by_policy().flat_map(|policy| tables.differences_of(policy)).collect();
    Ok(Tables {
        exposure: frame(columns(&exposure, false))?,
        daily: frame(columns(&daily, false))?,
        first_exposure: frame(columns(&first_exposure, false))?,
        exceedance: frame(columns(&against, false))?,
        exceedance_daily: frame(columns(&against_daily, false))?,
        replicates: frame(columns(&replicates, false))?,
        differences: frame(columns(&differences, false))?,
    })
}
