//! A policy and a purpose: for whom something is held.

/// A policy, and one purpose or all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    /// Index of the policy.
    pub policy: usize,
    /// Index of the purpose; none: all of them.
    pub purpose: Option<usize>,
    /// Number among all cells: policy by policy, in each the purposes and then all of them.
    pub number: usize,
}

impl Cell {
    /// How many there are.
    pub fn count(policies: usize, purposes: usize) -> usize {
        policies * (purposes + 1)
    }

    /// The one of a policy and a purpose, where the number of purposes stands for all of them.
    pub fn of(purposes: usize, policy: usize, purpose: usize) -> Self {
        Cell { policy, purpose: (purpose < purposes).then_some(purpose), number: policy * (purposes + 1) + purpose }
    }

    /// All of them, by number.
    pub fn all(policies: usize, purposes: usize) -> impl Iterator<Item = Self> {
        (0..policies).flat_map(move |policy| (0..=purposes).map(move |purpose| Cell::of(purposes, policy, purpose)))
    }
}
