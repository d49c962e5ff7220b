//! What is asked about the parent's knowledge of some communities.

use std::sync::Arc;

use super::schema::{MetricFamily, QuasiIdentifier};

/// Options, each with its share.
pub type NamedShares = Vec<(Arc<str>, f64)>;

/// What is asked about the parent's knowledge of the people of some communities.
#[derive(Clone, Debug, PartialEq)]
pub struct Knowledge {
    /// Families of metrics, each once, in the order of tables.
    pub families: Vec<MetricFamily>,
    /// Communities of each world that are looked at, or all of them if there are no more.
    pub communities: u32,
    /// What tells people apart, each once.
    pub quasi_identifiers: Vec<QuasiIdentifier>,
    /// Masks of the categories that tell each of [`QuasiIdentifier::ALL`].
    pub told_by: [u32; QuasiIdentifier::ALL.len()],
    /// Mask of the categories that hold a time of use.
    pub times_of_use: u32,
    /// Telephone numbers that there are.
    pub phone_numbers: f64,
    /// Versions of each operating system, in the order of [`Scenario::os_names`](super::Scenario::os_names).
    pub os_versions: Vec<NamedShares>,
    /// Mobile networks of each jurisdiction.
    pub mobile_networks: Vec<NamedShares>,
}

impl Knowledge {
    /// Whether a family of metrics is asked for.
    pub fn asks(&self, family: MetricFamily) -> bool {
        self.families.contains(&family)
    }

    /// Whether people are to be told apart by an attribute.
    pub fn singles_out_by(&self, attribute: QuasiIdentifier) -> bool {
        self.asks(MetricFamily::SinglingOut) && self.quasi_identifiers.contains(&attribute)
    }
}
