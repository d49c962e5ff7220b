//! A run's short name in its tables.

use crate::output::manifest::VERSION;
use crate::scenario::Scenario;

/// A short name of a run in its tables: equal for equal scenarios, seeds and versions.
pub fn run_id(scenario: &Scenario) -> String {
    let digest = blake3::hash(format!("{VERSION} {}", scenario.digest).as_bytes());
    digest.to_hex()[..12].to_owned()
}
