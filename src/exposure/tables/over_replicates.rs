//! From the rows of each world to rows over all of them.

use super::daily::DailyRow;
use super::differences::DifferenceRow;
use super::exceedance::{ExceedanceRow, Exceedances};
use super::exceedance_daily::ExceedanceDay;
use super::exposure::ExposureRow;
use super::first_exposure::FirstExposureRow;
use super::replicates::ReplicateRow;
use super::row::{FigureRow, FigureValue, Spread};
use super::tabulation::Tabulation;
use crate::exposure::{Orders, Totals};
use crate::policy::Compiled;
use crate::random::replicate_seed;
use crate::scenario::Scenario;
use crate::statistics::Estimate;

/// Makes rows of what was counted in each replicate: the same rows in all, whose figures differ.
pub struct Replicates<'a> {
    scenario: &'a Scenario,
    worlds: Vec<Tabulation<'a>>,
    against_orders: Vec<Exceedances<'a>>,
}

impl<'a> Replicates<'a> {
    /// Rows of the totals of each replicate, in order; of at least one.
    pub fn new(
        scenario: &'a Scenario,
        (compiled, orders): (&'a Compiled, &'a Orders),
        totals: impl IntoIterator<Item = &'a Totals>,
    ) -> Self {
        let worlds: Vec<Tabulation> = totals.into_iter().map(|t| Tabulation::new(scenario, compiled, t)).collect();
        let against_orders = worlds.iter().map(|world| world.exceedances(orders)).collect();
        Replicates { scenario, worlds, against_orders }
    }

    /// Rows of `tables/exposure` of one policy.
    pub fn exposure_of(&self, policy: usize) -> Vec<ExposureRow> {
        over_replicates(self.worlds.iter().map(|world| world.exposure_of(policy)))
    }

    /// Rows of `tables/daily` of one day and policy.
    pub fn daily_of(&self, day: u32, policy: usize) -> Vec<DailyRow> {
        over_replicates(self.worlds.iter().map(|world| world.daily_of(day, policy)))
    }

    /// Rows of `tables/first_exposure` of one policy and purpose (the number of purposes: all of them).
    pub fn first_exposure_of(&self, policy: usize, purpose: usize) -> Vec<FirstExposureRow> {
        over_replicates(self.worlds.iter().map(|world| world.first_exposure_of(policy, purpose)))
    }

    /// Rows of `tables/exceedance` of one policy against one order.
    pub fn exceedance_of(&self, order: usize, policy: usize) -> Vec<ExceedanceRow> {
        over_replicates(self.against_orders.iter().map(|world| world.rows_of(order, policy)))
    }

    /// Rows of `tables/exceedance_daily` of one day and order.
    pub fn exceedance_day_of(&self, day: u32, order: usize) -> Vec<ExceedanceDay> {
        over_replicates(self.against_orders.iter().map(|world| world.day_of(day, order)))
    }

    /// Rows of `tables/replicates` of one policy.
    pub fn each_of(&self, policy: usize) -> Vec<ReplicateRow> {
        let of_world = |(replicate, world): (u32, &Tabulation)| {
            let seed = replicate_seed(self.scenario.seed, replicate);
            world
                .exposure_of(policy)
                .into_iter()
                .map(move |of| ReplicateRow { replicate, seed, of })
                .collect::<Vec<_>>()
        };
        (0..).zip(&self.worlds).flat_map(of_world).collect()
    }

    /// Rows of `tables/differences` of one policy; none of the baseline itself.
    pub fn differences_of(&self, policy: usize) -> Vec<DifferenceRow> {
        let baseline = self.scenario.baseline;
        if policy == baseline {
            return Vec::new();
        }
        let (rows, beside): (Vec<_>, Vec<_>) =
            self.worlds.iter().map(|world| (world.exposure_of(policy), world.exposure_of(baseline))).unzip();
        let n = rows.first().map_or(0, Vec::len);
        let name = &self.scenario.policies[baseline].id;
        let row = |i: usize| {
            let pairs: Vec<(f64, f64)> =
                rows.iter().zip(&beside).map(|(a, b)| (a[i].value.as_f64(), b[i].value.as_f64())).collect();
            DifferenceRow::new(rows[0][i].clone(), name.clone(), &pairs)
        };
        (0..n).map(row).collect()
    }
}

/// The rows of several worlds, alike but for their figures, as rows of all.
pub fn over_replicates<R: FigureRow>(worlds: impl Iterator<Item = Vec<R>>) -> Vec<R> {
    let worlds: Vec<Vec<R>> = worlds.collect();
    let replicates = worlds.len() as u32;
    let mut values = vec![0.0; worlds.len()];
    let mut worlds = worlds.into_iter();
    let Some(first) = worlds.next() else { return Vec::new() };
    let others: Vec<Vec<R>> = worlds.collect();
    if others.is_empty() {
        return first;
    }
    let estimated = |(i, row): (usize, R)| {
        values[0] = row.figure().as_f64();
        for (value, other) in values[1..].iter_mut().zip(&others) {
            *value = other[i].figure().as_f64();
        }
        let estimate = Estimate::of(&values, row.scale());
        let spread = Spread { interval: estimate.interval, replicates };
        // What is the same in all worlds stays an exact count.
        let value = if estimate.mean == values[0] { row.figure() } else { FigureValue::Ratio(estimate.mean) };
        row.over(value, spread)
    };
    first.into_iter().enumerate().map(estimated).collect()
}
