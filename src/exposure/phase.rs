//! Where days lie between the dates of an order.

/// Where a day lies between an order's dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Before the day of the notice.
    BeforeNotice,
    /// From the day of the notice, before the deadline.
    Grace,
    /// From the deadline.
    AfterDeadline,
}

impl Phase {
    /// All, in the order of time.
    pub const ALL: [Phase; 3] = [Phase::BeforeNotice, Phase::Grace, Phase::AfterDeadline];

    /// The word in tables.
    pub fn word(self) -> &'static str {
        match self {
            Phase::BeforeNotice => "before_notice",
            Phase::Grace => "grace",
            Phase::AfterDeadline => "after_deadline",
        }
    }
}
