//! Results that a scenario must give: what a benchmark checks before it measures.

/// What a run of some size must have counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expect {
    /// What the size is for.
    pub title: Option<String>,
    /// People, users and non-users.
    pub people: u64,
    /// Days.
    pub days: u32,
    /// Events.
    pub events: u64,
    /// Digest of all figures, hexadecimal.
    pub results_digest: String,
}
