//! The figures: what each shows of the rows of a run, and in which form.

pub mod audit_power;
pub mod bench_throughput;
pub mod business_intelligence;
pub mod categories;
pub mod change;
pub mod compare;
pub mod dated_policies;
pub mod detection;
pub mod exceedance;
pub mod exposure_by_purpose;
pub mod inference;
pub mod informants;
pub mod linking;
mod models;
pub mod necessity;
pub mod objection_worth;
pub mod people_reached;
pub mod phases;
pub mod reach_by_day;
pub mod recall;
pub mod resolution;
pub mod scope;
pub mod singling_out;
pub mod sweep;
pub mod tornado;

use super::row_index::{Facts, Interval};
use crate::output::chart::data::{DataColumn, column};

/// Where a policy stands among those that are drawn.
pub(super) type PolicyPlace = usize;

/// What columns of the ends of intervals hold.
pub(super) const LOWER: &str = "lower end of the 95 % interval over worlds; empty if there is one world";
/// See [`LOWER`].
pub(super) const UPPER: &str = "upper end of it";

/// A mean and the ends of its interval, as columns of the data have them.
pub(super) fn with_ends(value: Option<f64>, interval: Interval) -> [Option<f64>; 3] {
    [value, interval.map(|i| i.0), interval.map(|i| i.1)]
}

/// Columns of the ends of an interval, in `unit`.
pub(super) fn ends(unit: &'static str) -> [DataColumn; 2] {
    [column("lo", unit, LOWER), column("hi", unit, UPPER)]
}

/// What a reader calls a policy that is drawn.
pub(super) fn policy_name(facts: &Facts, place: PolicyPlace) -> String {
    facts.lang().title(&facts.input.policies[place].title).into_owned()
}
