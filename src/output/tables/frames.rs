//! The tables of a run in memory, as data frames: for those who go on with them in Rust.

use polars_core::prelude::{DataFrame, PolarsResult};

use super::{columns, frame};
use crate::exposure::Tabulation;
use crate::simulate::{RunOutcome, Simulation};

/// What `outflow run` writes to `tables/`, with the same columns (docs/FORMAT.md).
#[derive(Clone, Debug)]
pub struct Tables {
    /// What each policy discloses in the whole run.
    pub exposure: DataFrame,
    /// The same by day.
    pub daily: DataFrame,
    /// What each policy lets out that an order prohibits; no rows without orders.
    pub exceedance: DataFrame,
    /// The same by day.
    pub exceedance_daily: DataFrame,
}

/// Tabulates what a run counted. Everything is in memory at once: some ten thousand rows for three policies and sixty days, and
/// [`rows_ahead`](crate::output::results::rows_ahead) says how many for others.
///
/// # Errors
/// If polars can't make the frames.
pub fn tables(simulation: &Simulation, outcome: &RunOutcome) -> PolarsResult<Tables> {
    let tabulation = Tabulation::new(&simulation.scenario, &simulation.compiled, &outcome.totals);
    let days = || 0..simulation.scenario.days;
    let exceedances = tabulation.exceedances(&simulation.orders);
    let daily: Vec<_> = days().flat_map(|day| tabulation.daily(day)).collect();
    let exceedance_daily: Vec<_> = days().flat_map(|day| exceedances.day(day)).collect();
    Ok(Tables {
        exposure: frame(columns(&tabulation.exposure(), false))?,
        daily: frame(columns(&daily, false))?,
        exceedance: frame(columns(&exceedances.rows(), false))?,
        exceedance_daily: frame(columns(&exceedance_daily, false))?,
    })
}
