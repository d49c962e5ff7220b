//! What is asked about the parent's knowledge of some communities.

use super::schema::{MetricFamily, QuasiIdentifier};

/// What is asked about the parent's knowledge of the people of some communities.
#[derive(Clone, Debug, PartialEq)]
pub struct Knowledge {
    /// Families of metrics, each once, in the order of tables.
    pub families: Vec<MetricFamily>,
    /// Communities of each world that are looked at, or all of them if there are no more.
    pub communities: u32,
    /// What tells people apart, each once.
    pub quasi_identifiers: Vec<QuasiIdentifier>,
    /// Telephone numbers that there are.
    pub phone_numbers: f64,
}

impl Knowledge {
    /// Whether a family of metrics is asked for.
    pub fn asks(&self, family: MetricFamily) -> bool {
        self.families.contains(&family)
    }
}
