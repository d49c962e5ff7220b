//! The weak ties that are looked at together.

use crate::traffic::conversation::DayState;

/// The weak ties of a run of a cell: what is drawn for each, and who does what.
#[derive(Clone, Debug, Default)]
pub struct WeakTieRun {
    /// Words of theirs: activity, the rest of their day, number of conversations; and of the number of ours.
    pub words: [Vec<u64>; 4],
    /// Their states of the day.
    pub day_states: Vec<DayState>,
    /// Words below which they are active; below which they start no conversation.
    pub active: Vec<u64>,
    pub none: Vec<u32>,
    /// Numbers in the run of the ties over which our users start conversations, theirs do, whose owners upload an address book.
    pub ours: Vec<u32>,
    pub theirs: Vec<u32>,
    pub uploads: Vec<u32>,
}
